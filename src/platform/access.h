// SPDX-License-Identifier: EUPL-1.2
// Who may do what: one table, one function. Routes name an action, actions describe the
// resource, and May decides; nothing else in the program does. docs/access.md is the table
// printed, and a test compares the two.
#pragma once

#include <string>
#include <string_view>

#include "platform/actor.h"

namespace huiyin {

enum class Action {
  kAreasEdit,
  kUnitsEdit,
  kOfficersRead,
  kOfficersEdit,
  kSettingsRead,
  kSettingsEdit,      // rules, calendars, categories, quotas, fields of the county's own
  kImportsRun,
  kHouseholdsList,    // number, head's name, address: enough to find a door
  kHouseholdsIdentify,  // at intake: who lives there and how to reach them
  kHouseholdsRead,    // the whole record
  kHouseholdsEdit,    // sections, people, life events
  kHouseholdsCreate,
  kHouseholdsExport,  // ask for a table of them
  kExportsApprove,    // what somebody else asked for
  kCardsIssue,
  kPairingsRead,
  kPairingsManage,
  kVisitsRead,
  kVisitsWrite,
  kMattersTake,       // at intake, for anybody
  kMattersRead,
  kMattersRoute,      // assign, add a co-handler
  kMattersHandle,     // accept, return, answer, ask for time
  kMattersDecide,     // a return or an extension somebody asked for
  kMattersSupervise,  // step in, remind
  kMattersMeet,       // record a meeting, set steps and end them
  kMattersJudge,      // write down what the resident says of the answer
  kIdentitiesRead,    // who asked, where they wanted their name kept apart
  kIdentitiesAsk,     // to be shown it
  kIdentitiesDecide,  // what another asked
  kReportsMake,       // pass on harm to a child or violence at home, as the law wants it
  kReportsRead,       // what was passed on
  kWallRead,
  kAuditRead,
  kInboxRead,         // messages to oneself
  kLettersPrint,      // what waits at the unit's window to be printed or told
  kUpkeepRead,        // what the night's work found
  kQuarantineDecide,  // what came from the phones of officers who are gone
  kCount
};
std::string_view ActionName(Action action);

// How far a role reaches for an action.
enum class Grant : char {
  kNo = '-',
  kArea = 'A',    // whatever lies under the role's area
  kOwn = 'O',     // what is the officer's own: paired, held by the role's unit, written by them
  kReason = 'R',  // own without more; the rest of the area with a written reason
};
Grant GrantOf(Role role, Action action);

struct Resource {
  std::string_view area;       // where it lies; empty for what belongs to the county as such
  bool is_own = false;         // see Grant::kOwn
  bool has_reason = false;     // the actor wrote one, which the household can read
  bool is_protected = false;   // a complaint about an officer or a unit
  const OfficerId* about_officer = nullptr;
  const UnitId* about_unit = nullptr;
};

enum class Decision {
  kAllowed,
  kNeedsReason,  // would be allowed with a written reason (403 access.reason_needed)
  kForbidden,    // visible, not allowed (403)
  kHidden,       // as if it did not exist (404)
};
Decision May(const Actor& actor, Action action, const Resource& resource);

// Throws the Problem that answers a refusal.
void RequireMay(const Actor& actor, Action action, const Resource& resource);
// Whether any role of the actor could ever do this: what dispatch asks before reading input.
bool CouldEver(const Actor& actor, Action action);
// The areas in which the action is granted throughout (kArea, and kReason for lists of
// what a reason would open). Empty when there is none.
std::vector<AreaCode> AreasOf(const Actor& actor, Action action);
// `wanted` when it lies in such an area; the first such area when `wanted` is empty; throws
// 404 otherwise.
AreaCode AreaFor(const Actor& actor, Action action, std::string_view wanted);
// A complaint about an officer or a unit exists for auditors only, and never for those it
// is about or who work with them. Somebody known by words alone may work anywhere below the
// county: then it exists for the county's own auditors only.
bool MayKnowOfProtected(const Actor& actor, const OfficerId* about_officer, const UnitId* about_unit);

// The table as Markdown, for the documentation and its test.
std::string AccessTable();

}  // namespace huiyin
