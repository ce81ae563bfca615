// SPDX-License-Identifier: EUPL-1.2
#include "platform/access.h"

#include "core/problem.h"

namespace huiyin {
namespace {

struct Line {
  Action action;
  std::string_view name;
  // One letter a role: liaison clerk handler supervisor leader auditor administrator.
  std::string_view grants;
};

constexpr std::array<Line, static_cast<size_t>(Action::kCount)> kTable = {{
    //                                                  LCHSEAD
    {Action::kAreasEdit,        "areas.edit",          "------A"},
    {Action::kUnitsEdit,        "units.edit",          "------A"},
    {Action::kOfficersRead,     "officers.read",       "AAAAAAA"},
    {Action::kOfficersEdit,     "officers.edit",       "------A"},
    {Action::kSettingsRead,     "settings.read",       "AAAAAAA"},
    {Action::kSettingsEdit,     "settings.edit",       "------A"},
    {Action::kImportsRun,       "imports.run",         "------A"},
    {Action::kHouseholdsList,   "households.list",     "AAAAAAA"},
    {Action::kHouseholdsIdentify, "households.identify", "OAO----"},
    {Action::kHouseholdsRead,   "households.read",     "RRRRRAR"},
    {Action::kHouseholdsEdit,   "households.edit",     "OR-----"},
    {Action::kHouseholdsCreate, "households.create",   "AA----A"},
    {Action::kHouseholdsExport, "households.export",   "------A"},
    {Action::kExportsApprove,   "exports.approve",     "----AAA"},
    {Action::kCardsIssue,       "cards.issue",         "-A----A"},
    {Action::kPairingsRead,     "pairings.read",       "AAAAAAA"},
    {Action::kPairingsManage,   "pairings.manage",     "---A--A"},
    {Action::kVisitsRead,       "visits.read",         "OOOAAA-"},
    {Action::kVisitsWrite,      "visits.write",        "RRRRR--"},
    {Action::kMattersTake,      "matters.take",        "AAAAAA-"},
    {Action::kMattersRead,      "matters.read",        "OAOAAA-"},
    {Action::kMattersRoute,     "matters.route",       "OOOAAA-"},
    {Action::kMattersHandle,    "matters.handle",      "OOOOOO-"},
    {Action::kMattersDecide,    "matters.decide",      "OOOAAA-"},
    {Action::kMattersSupervise, "matters.supervise",   "---AAA-"},
    {Action::kMattersMeet,      "matters.meet",        "OOOAAA-"},
    {Action::kMattersJudge,     "matters.judge",       "AA-A-A-"},
    {Action::kIdentitiesRead,   "identities.read",     "OOOOOA-"},
    {Action::kIdentitiesAsk,    "identities.ask",      "OOOOO--"},
    {Action::kIdentitiesDecide, "identities.decide",   "-----A-"},
    {Action::kReportsMake,      "reports.make",        "OAOAAA-"},
    {Action::kReportsRead,      "reports.read",        "OOOOOA-"},
    {Action::kWallRead,         "wall.read",           "---AAA-"},
    {Action::kAuditRead,        "audit.read",          "-----A-"},
    {Action::kInboxRead,        "inbox.read",          "OOOOOOO"},
    {Action::kLettersPrint,     "letters.print",       "-O---O-"},
    {Action::kUpkeepRead,       "upkeep.read",         "-----AA"},
    {Action::kQuarantineDecide, "quarantine.decide",   "---AAA-"},
}};

constexpr bool IsOrdered() {
  for (size_t i = 0; i < kTable.size(); ++i) {
    if (kTable[i].action != static_cast<Action>(i) || kTable[i].grants.size() != kRoleCount) return false;
  }
  return true;
}
static_assert(IsOrdered(), "one line an action, in the order of the enum");

constexpr size_t kCountyCodeLength = 6;

Decision Better(Decision a, Decision b) { return static_cast<int>(a) < static_cast<int>(b) ? a : b; }

}  // namespace

std::string_view ActionName(Action action) { return kTable[static_cast<size_t>(action)].name; }

Grant GrantOf(Role role, Action action) {
  return static_cast<Grant>(kTable[static_cast<size_t>(action)].grants[static_cast<size_t>(role)]);
}

bool MayKnowOfProtected(const Actor& actor, const OfficerId* about_officer, const UnitId* about_unit) {
  if (!actor.Has(Role::kAuditor)) return false;
  if (about_officer == nullptr && about_unit == nullptr) {
    return std::any_of(actor.roles.begin(), actor.roles.end(), [](const HeldRole& held) {
      return held.role == Role::kAuditor && held.area.size() <= kCountyCodeLength;
    });
  }
  if (about_officer != nullptr && *about_officer == actor.officer) return false;
  return about_unit == nullptr || !actor.BelongsTo(*about_unit);
}

Decision May(const Actor& actor, Action action, const Resource& resource) {
  if (actor.kind == Actor::Kind::kSystem) return Decision::kAllowed;
  if (resource.is_protected &&
      !MayKnowOfProtected(actor, resource.about_officer, resource.about_unit)) {
    return Decision::kHidden;
  }
  Decision best = Decision::kHidden;
  for (const HeldRole& held : actor.roles) {
    const bool in_scope = resource.area.empty() || IsWithin(resource.area, held.area);
    // A protected matter is the auditor's alone, whatever other roles the officer holds.
    if (resource.is_protected && held.role != Role::kAuditor) continue;
    if (!in_scope && !resource.is_own) continue;
    switch (GrantOf(held.role, action)) {
      case Grant::kNo:
        best = Better(best, Decision::kForbidden);
        break;
      case Grant::kArea:
        // What is one's own counts wherever it lies: a unit is given matters of elsewhere.
        best = Better(best, in_scope || resource.is_own ? Decision::kAllowed : Decision::kForbidden);
        break;
      case Grant::kOwn:
        best = Better(best, resource.is_own ? Decision::kAllowed : Decision::kForbidden);
        break;
      case Grant::kReason:
        best = Better(best, resource.is_own || resource.has_reason ? Decision::kAllowed
                                                                  : Decision::kNeedsReason);
        break;
    }
  }
  return best;
}

void RequireMay(const Actor& actor, Action action, const Resource& resource) {
  switch (May(actor, action, resource)) {
    case Decision::kAllowed: return;
    case Decision::kNeedsReason: Forbidden("access.reason_needed");
    case Decision::kForbidden: Forbidden();
    case Decision::kHidden: NotFound();
  }
}

bool CouldEver(const Actor& actor, Action action) {
  for (const HeldRole& held : actor.roles) {
    if (GrantOf(held.role, action) != Grant::kNo) return true;
  }
  return false;
}

std::vector<AreaCode> AreasOf(const Actor& actor, Action action) {
  std::vector<AreaCode> areas;
  for (const HeldRole& held : actor.roles) {
    const Grant grant = GrantOf(held.role, action);
    if (grant == Grant::kArea || grant == Grant::kReason) areas.push_back(held.area);
  }
  // The widest first; what lies inside another adds nothing.
  std::sort(areas.begin(), areas.end(), [](const AreaCode& a, const AreaCode& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  std::vector<AreaCode> widest;
  for (const AreaCode& area : areas) {
    const bool inside = std::any_of(widest.begin(), widest.end(),
                                    [&](const AreaCode& wide) { return IsWithin(area, wide); });
    if (!inside) widest.push_back(area);
  }
  return widest;
}

AreaCode AreaFor(const Actor& actor, Action action, std::string_view wanted) {
  const auto areas = AreasOf(actor, action);
  for (const AreaCode& area : areas) {
    if (wanted.empty()) return area;
    if (IsWithin(wanted, area)) return AreaCode(wanted);
  }
  NotFound();
}

std::string AccessTable() {
  std::string text = "| action |";
  for (int role = 0; role < kRoleCount; ++role) {
    text.append(" ").append(RoleName(static_cast<Role>(role))).append(" |");
  }
  text += "\n| --- |";
  for (int role = 0; role < kRoleCount; ++role) text += " --- |";
  text += '\n';
  for (const Line& line : kTable) {
    text.append("| ").append(line.name).append(" |");
    for (char grant : line.grants) {
      switch (static_cast<Grant>(grant)) {
        case Grant::kNo: text += " - |"; break;
        case Grant::kArea: text += " area |"; break;
        case Grant::kOwn: text += " own |"; break;
        case Grant::kReason: text += " own, else with a reason |"; break;
      }
    }
    text += '\n';
  }
  return text;
}

}  // namespace huiyin
