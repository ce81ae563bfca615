// SPDX-License-Identifier: EUPL-1.2
// How the actor stands to a matter, and what follows: who may see it, who may do what. The
// table of access decides; this tells it what is the actor's own.
#pragma once

#include <vector>

#include "modules/matters/rules.h"
#include "platform/context.h"

namespace huiyin::matters {

struct Ties {
  bool owner = false;       // of the unit that owns it
  bool pending = false;     // of the unit it is offered to
  bool co_handler = false;  // of a unit that works along
  bool first = false;       // of the unit that received it, or wrote it down
  bool paired = false;      // the household's own officer
  bool decides = false;     // of the unit that decides a waiting return
  bool leads = false;       // of the unit that owns what it was merged into
  bool official = false;    // its named lead official
  bool charged = false;     // has a step of it to do
  bool Any() const {
    return owner || pending || co_handler || first || paired || decides || leads || official || charged;
  }
  // Of a unit whose work it is: such a one does not ask the resident how it went.
  bool Handles() const { return owner || pending || co_handler; }
};
// Where the officer works and holds roles, each once.
std::vector<UnitId> UnitsOf(const Actor& actor);
Ties TiesOf(Context& ctx, const Matter& matter);

Resource ResourceOf(const Matter& matter, bool is_own);
bool MayRead(Context& ctx, const Matter& matter);
// Whether a list that reaches the matter shows it: a complaint only to who may read it.
bool MayList(Context& ctx, const Matter& matter);
// A complaint about an officer or unit is left out for those it is about.
bool MayKnow(const Actor& actor, const Matter& matter);

struct Seen {
  Matter matter;
  Ties ties;
};
// The matter of the path for somebody who may read it; 404 or 403 otherwise.
Seen GetReadable(Context& ctx, const MatterId& id);

// The acts of the API, as `may` names them.
enum class Verb {
  kUpdate, kAssignment, kAcceptance, kReturn, kReturnDecision, kPassingUp, kCoHandlers, kAnswer, kExtension,
  kExtensionDecision, kJudgement, kAppeal, kWithdrawal, kReminder, kOrder, kPause, kNote, kMerge, kAttachment,
  kUnmerge, kMembers, kRepresentatives,
  kAnswerDecision, kCorrection,
  kConfidentiality, kRelay, kRelayAnswer, kUnmasking, kHarmReport, kLead, kMeeting, kStep
};
// Whether the actor may, whatever the state: kAllowed, kForbidden, kHidden.
Decision MayDo(const Context& ctx, const Matter& matter, const Ties& ties, Verb verb);
// Reads the matter of the path and throws unless the actor may; the state is the caller's.
Seen GetFor(Context& ctx, Verb verb);
// The names of what is open to the actor now, by access and by state.
std::vector<std::string_view> OpenVerbs(Context& ctx, const Matter& matter, const Ties& ties);

}  // namespace huiyin::matters
