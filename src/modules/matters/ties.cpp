// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/ties.h"

#include "modules/matters/actions.h"
#include "modules/matters/clocks.h"
#include "modules/matters/drafts.h"
#include "modules/matters/hands.h"
#include "modules/matters/identities.h"
#include "modules/matters/judgements.h"
#include "modules/matters/leads.h"
#include "modules/matters/levels.h"
#include "modules/matters/neighbours.h"
#include "modules/matters/relay.h"
#include "modules/matters/store.h"

namespace huiyin::matters {
namespace {

struct Line {
  Verb verb;
  std::string_view name;
  Action action;
};

constexpr auto kVerbs = std::to_array<Line>({
    {Verb::kUpdate, "update", Action::kMattersRoute},
    {Verb::kAssignment, "assignment", Action::kMattersRoute},
    {Verb::kAcceptance, "acceptance", Action::kMattersHandle},
    {Verb::kReturn, "return", Action::kMattersHandle},
    {Verb::kReturnDecision, "return_decision", Action::kMattersDecide},
    {Verb::kPassingUp, "passing_up", Action::kMattersHandle},
    {Verb::kCoHandlers, "co_handlers", Action::kMattersRoute},
    {Verb::kAnswer, "answer", Action::kMattersHandle},
    {Verb::kExtension, "extension", Action::kMattersHandle},
    {Verb::kExtensionDecision, "extension_decision", Action::kMattersDecide},
    {Verb::kJudgement, "judgement", Action::kMattersJudge},
    {Verb::kAppeal, "appeal", Action::kMattersTake},
    {Verb::kWithdrawal, "withdrawal", Action::kMattersJudge},
    {Verb::kReminder, "reminder", Action::kMattersSupervise},
    {Verb::kOrder, "order", Action::kMattersSupervise},
    {Verb::kPause, "pause", Action::kMattersHandle},
    {Verb::kNote, "note", Action::kMattersRead},
    {Verb::kMerge, "merge", Action::kMattersRoute},
    {Verb::kAttachment, "attachment", Action::kMattersRead},
    {Verb::kUnmerge, "unmerge", Action::kMattersRoute},
    {Verb::kMembers, "members", Action::kMattersTake},
    {Verb::kRepresentatives, "representatives", Action::kMattersRoute},
    {Verb::kAnswerDecision, "answer_decision", Action::kMattersDecide},
    {Verb::kCorrection, "judgement_correction", Action::kMattersJudge},
    {Verb::kConfidentiality, "confidentiality", Action::kMattersTake},
    {Verb::kRelay, "relay", Action::kMattersHandle},
    {Verb::kRelayAnswer, "relay_answer", Action::kMattersTake},
    {Verb::kUnmasking, "unmasking", Action::kIdentitiesAsk},
    {Verb::kHarmReport, "harm_report", Action::kReportsMake},
    {Verb::kLead, "lead", Action::kMattersSupervise},
    {Verb::kMeeting, "meeting", Action::kMattersMeet},
    {Verb::kStep, "step", Action::kMattersMeet},
});

// What makes it the actor's own for the act.
bool IsOwn(const Ties& ties, Verb verb) {
  switch (verb) {
    case Verb::kUpdate: return ties.owner || ties.first;
    case Verb::kAssignment:
    case Verb::kCoHandlers:
    case Verb::kMerge:
    case Verb::kPause:
    case Verb::kAnswerDecision:
    case Verb::kExtension: return ties.owner;
    case Verb::kAcceptance:
    case Verb::kPassingUp:
    case Verb::kReturn: return ties.owner || ties.pending;
    case Verb::kAnswer: return ties.owner || ties.co_handler;
    case Verb::kReturnDecision: return ties.decides;
    case Verb::kExtensionDecision: return false;  // never the unit that asks
    case Verb::kJudgement:
    case Verb::kCorrection:
    case Verb::kWithdrawal:
    case Verb::kReminder:
    case Verb::kLead:
    case Verb::kOrder: return false;
    case Verb::kUnmerge: return ties.leads;
    case Verb::kRepresentatives: return ties.owner;
    case Verb::kRelay: return ties.owner || ties.co_handler;
    case Verb::kUnmasking: return ties.Handles();
    case Verb::kConfidentiality:
    case Verb::kRelayAnswer:
    case Verb::kHarmReport: return ties.Any();
    case Verb::kMeeting:
    case Verb::kStep: return ties.owner || ties.co_handler || ties.official || ties.charged;
    case Verb::kAppeal:
    case Verb::kNote:
    case Verb::kMembers:
    case Verb::kAttachment: return ties.Any();
  }
  return false;
}

Ruling StateAllows(const Matter& matter, const Ties& ties, Verb verb) {
  switch (verb) {
    case Verb::kUpdate: return CanHappen(matter.state, Act::kUpdate);
    case Verb::kAssignment: return CanHappen(matter.state, Act::kAssign);
    case Verb::kAcceptance: return CanAccept(matter, ties.owner, ties.pending);
    case Verb::kReturn:
      if (!ties.pending && !matter.sender_unit) return Ruling::No("matters.not_sent");
      return CanHappen(matter.state, Act::kReturn);
    case Verb::kReturnDecision: return CanHappen(matter.state, Act::kAgreeReturn);
    case Verb::kPassingUp: return CanHappen(matter.state, Act::kPassUp);
    case Verb::kCoHandlers: return CanHappen(matter.state, Act::kAddCoHandler);
    case Verb::kAnswer:
      if (matter.state == State::kReview && matter.judge_due_at) return Ruling::No("matters.already_answered");
      return CanHappen(matter.state, Act::kAnswer);
    case Verb::kExtension: return CanHappen(matter.state, Act::kAskExtension);
    case Verb::kExtensionDecision: return CanHappen(matter.state, Act::kDecideExtension);
    case Verb::kJudgement: return CanJudge(matter);
    case Verb::kCorrection: return CanHappen(matter.state, Act::kCorrectSolved);
    case Verb::kAppeal: return CanAppeal(matter);
    case Verb::kWithdrawal: return CanHappen(matter.state, Act::kWithdraw);
    case Verb::kReminder: return CanHappen(matter.state, Act::kRemind);
    case Verb::kPause: return CanHappen(matter.state, Act::kPause);
    case Verb::kOrder:
      if (!AwaitsAnswer(matter)) return Ruling::No("matters.already_answered");
      return CanHappen(matter.state, Act::kOrder);
    case Verb::kMerge: return CanHappen(matter.state, Act::kMerge);
    case Verb::kUnmerge: return CanHappen(matter.state, Act::kUnmergeToReceived);
    case Verb::kMembers: return CanHappen(matter.state, Act::kJoin);
    case Verb::kRepresentatives: return CanHappen(matter.state, Act::kRepresent);
    case Verb::kAnswerDecision: return CanHappen(matter.state, Act::kDecideDraft);
    case Verb::kConfidentiality:
      return matter.is_anonymous || matter.is_confidential ? Ruling::No("identities.already") : Ruling::Yes();
    case Verb::kRelay:
    case Verb::kRelayAnswer: return CanHappen(matter.state, Act::kRelay);
    case Verb::kUnmasking: return matter.is_confidential ? Ruling::Yes() : Ruling::No("identities.not_confidential");
    case Verb::kLead: return CanHappen(matter.state, Act::kLead);
    case Verb::kMeeting: return CanHappen(matter.state, Act::kMeet);
    case Verb::kStep: return CanHappen(matter.state, Act::kStep);
    case Verb::kHarmReport:
    case Verb::kNote:
    case Verb::kAttachment: return Ruling::Yes();
  }
  return Ruling::Yes();
}

bool IsWordOfResident(Verb verb) {
  return verb == Verb::kJudgement || verb == Verb::kCorrection || verb == Verb::kWithdrawal;
}

bool KnowsPauses(Context& ctx, const Matter& matter) {
  const auto clock = RunningClock(ClocksOf(ctx.tx, ctx.county, matter.id));
  return clock && clock->due_at >= ctx.now && !PausesKnown(ctx, *clock).empty();
}

// What the matter itself says, without a look at anything else.
Ties TiesAtHand(const Actor& actor, const Matter& matter) {
  Ties ties;
  if (!actor.IsOfficer()) return ties;
  ties.owner = actor.BelongsTo(matter.owner_unit);
  ties.pending = matter.pending_unit && actor.BelongsTo(*matter.pending_unit);
  ties.first = actor.BelongsTo(matter.first_unit) ||
               (matter.first_officer && Uuid(*matter.first_officer) == Uuid(actor.officer));
  return ties;
}

}  // namespace

std::vector<UnitId> UnitsOf(const Actor& actor) {
  std::vector<UnitId> units = {actor.unit};
  for (const HeldRole& held : actor.roles) {
    const bool is_known = std::any_of(units.begin(), units.end(), [&](const UnitId& u) { return Uuid(u) == Uuid(held.unit); });
    if (!is_known) units.push_back(held.unit);
  }
  return units;
}

Ties TiesOf(Context& ctx, const Matter& matter) {
  const Actor& actor = ctx.actor;
  Ties ties = TiesAtHand(actor, matter);
  if (!actor.IsOfficer()) return ties;
  ties.paired = matter.household && IsPairedWith(ctx, *matter.household);
  for (const CoHandler& co : CoHandlersOf(ctx.tx, ctx.county, matter.id)) {
    if (actor.BelongsTo(co.unit)) ties.co_handler = true;
  }
  if (const auto request = OpenRequest(ctx.tx, ctx.county, matter.id, "return")) {
    ties.decides = actor.BelongsTo(request->decided_by_unit);
  }
  const auto lead = FindLead(ctx.tx, ctx.county, matter.id);
  ties.official = lead && Uuid(lead->leader) == Uuid(actor.officer);
  ties.charged = HasOpenStep(ctx.tx, ctx.county, matter.id, actor.officer);
  if (matter.merged_into) {
    const auto into = FindMatter(ctx.tx, ctx.county, *matter.merged_into);
    ties.leads = into && actor.BelongsTo(into->owner_unit);
  }
  return ties;
}

Resource ResourceOf(const Matter& matter, bool is_own) {
  return {.area = matter.area,
          .is_own = is_own,
          .is_protected = matter.is_protected,
          .about_officer = matter.about_officer ? &*matter.about_officer : nullptr,
          .about_unit = matter.about_unit ? &*matter.about_unit : nullptr};
}

bool MayKnow(const Actor& actor, const Matter& matter) {
  return !matter.is_protected ||
         MayKnowOfProtected(actor, matter.about_officer ? &*matter.about_officer : nullptr,
                            matter.about_unit ? &*matter.about_unit : nullptr);
}

bool MayRead(Context& ctx, const Matter& matter) {
  const bool is_tied = TiesAtHand(ctx.actor, matter).Any() || TiesOf(ctx, matter).Any();
  return May(ctx.actor, Action::kMattersRead, ResourceOf(matter, is_tied)) == Decision::kAllowed;
}

bool MayList(Context& ctx, const Matter& matter) {
  return !matter.is_protected || (MayKnow(ctx.actor, matter) && MayRead(ctx, matter));
}

Seen GetReadable(Context& ctx, const MatterId& id) {
  auto matter = FindMatter(ctx.tx, ctx.county, id);
  if (!matter) NotFound();
  // Before the ties are looked up, so that one it is about cannot tell it from no matter.
  if (!MayKnow(ctx.actor, *matter)) NotFound();
  const Ties ties = TiesOf(ctx, *matter);
  RequireMay(ctx.actor, Action::kMattersRead, ResourceOf(*matter, ties.Any()));
  return {std::move(*matter), ties};
}

Decision MayDo(const Context& ctx, const Matter& matter, const Ties& ties, Verb verb) {
  // How it went is asked by somebody else than those whose work it was.
  const bool is_word_of_resident = IsWordOfResident(verb);
  if (is_word_of_resident && ties.Handles()) return Decision::kForbidden;
  // A resident's appeal is written down by whoever hears it.
  return May(ctx.actor, kVerbs[static_cast<size_t>(verb)].action, ResourceOf(matter, IsOwn(ties, verb)));
}

Seen GetFor(Context& ctx, Verb verb) {
  Seen seen = GetReadable(ctx, ctx.PathId<MatterId>());
  switch (MayDo(ctx, seen.matter, seen.ties, verb)) {
    case Decision::kAllowed: return seen;
    case Decision::kHidden: NotFound();
    default: break;
  }
  const bool is_word_of_resident = IsWordOfResident(verb);
  Forbidden(is_word_of_resident && seen.ties.Handles() ? "matters.own_work" : "access.forbidden");
}

std::vector<std::string_view> OpenVerbs(Context& ctx, const Matter& matter, const Ties& ties) {
  const auto requests = RequestsOf(ctx.tx, ctx.county, matter.id);
  const auto is_waiting = [&](std::string_view kind) {
    return std::any_of(requests.begin(), requests.end(),
                       [&](const Request& request) { return request.kind == kind && !request.decided_at; });
  };
  const bool return_waits = is_waiting("return");
  const bool extension_waits = is_waiting("extension");
  const auto draft = LiveDraft(ctx.tx, ctx.county, matter);
  const bool is_second = draft && draft->state == "waiting" && MaySecond(ctx, ctx.actor, matter, draft->drafted_by);
  const bool is_known = matter.is_confidential && MayName(ctx, ctx.actor, matter);
  std::vector<std::string_view> verbs;
  if (is_known) verbs.push_back("identity_look");
  for (const Line& line : kVerbs) {
    if (MayDo(ctx, matter, ties, line.verb) != Decision::kAllowed) continue;
    if (!StateAllows(matter, ties, line.verb).allowed()) continue;
    if (line.verb == Verb::kReturnDecision && !return_waits) continue;
    const UnitId& here = ties.pending && matter.pending_unit ? *matter.pending_unit : matter.owner_unit;
    if (line.verb == Verb::kReturn && (return_waits || !MayStillReturn(ctx, matter))) continue;
    if (line.verb == Verb::kReturn && KeptByList(ctx, matter, here)) continue;
    if (line.verb == Verb::kAcceptance && WhoCanInstead(ctx, matter, here)) continue;
    if (line.verb == Verb::kPassingUp && (return_waits || !WhoCanSettle(ctx, matter, here))) continue;
    if (line.verb == Verb::kOrder && ties.owner) continue;
    if (line.verb == Verb::kUnmerge && !MayUnmerge(ctx, matter)) continue;
    if (line.verb == Verb::kAnswerDecision && !is_second) continue;
    if (line.verb == Verb::kCorrection && !CanCorrect(ctx, matter, StoryOf(ctx, matter.id)).allowed()) continue;
    if (line.verb == Verb::kPause && !KnowsPauses(ctx, matter)) continue;
    if (line.verb == Verb::kExtensionDecision && !extension_waits) continue;
    if (line.verb == Verb::kUnmasking && is_known) continue;
    if (line.verb == Verb::kRelayAnswer && ((matter.is_confidential && !is_known) || !AnyRelayWaits(ctx.tx, ctx.county, matter.id))) continue;
    if (line.verb == Verb::kExtension && extension_waits) continue;
    verbs.push_back(line.name);
  }
  return verbs;
}

}  // namespace huiyin::matters
