// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/actions.h"
#include "modules/matters/callbacks.h"
#include "modules/matters/clocks.h"
#include "modules/matters/judgements.h"
#include "modules/matters/leads.h"
#include "modules/matters/orders.h"
#include "modules/matters/story.h"
#include "modules/matters/word.h"
#include "modules/org/org.h"

namespace huiyin::matters {
void Settle(Context& ctx, Matter& matter, Act act) {
  matter.state = *Next(matter.state, act);
  matter.closed_at = ctx.now;
  matter.judge_due_at.reset();
  matter.due_at.reset();
  matter.pending_unit.reset();
  StopClocks(ctx, matter);
  OvertakeOrders(ctx, matter);
  EndLead(ctx, matter);
  ChangeHold(ctx, matter.id, {});
}

void Reopen(Context& ctx, Matter& matter, Act act) {
  matter.state = *Next(matter.state, act);
  if (matter.closed_at) {
    matter.closed_at.reset();
    ChangeHold(ctx, matter.id, matter.owner_unit);
  }
  matter.judge_due_at.reset();
  ++matter.reopened;
  matter.orders_missed = 0;
  matter.decisions_missed = 0;
  StopClocks(ctx, matter);
  StartClockAnew(ctx, matter);
  auto asks = AsksOf(ctx.tx, ctx.county, matter.id);
  for (size_t i = 0; i < asks.size(); ++i) {
    // What was said before stays in the answers.
    const Ask open{asks[i].id, asks[i].text, asks[i].unit, "", "", "", "", "", {}};
    SaveAsk(ctx.tx, ctx.county, matter.id, open, static_cast<int64_t>(i) + 1);
  }
}

namespace {

// Who reviews: the unit above the one that answered; where there is none, an auditor's of
// the level. A protected matter goes to another auditor's unit, if there is one.
UnitId ReviewUnit(Context& ctx, const Matter& matter) {
  if (!matter.is_protected) {
    const auto unit = org::FindUnit(ctx.tx, ctx.county, matter.owner_unit);
    if (unit && unit->parent_id) return *unit->parent_id;
  }
  for (const OfficerId& id : org::OfficersWith(ctx.tx, ctx.county, Role::kAuditor, FormatCounty(ctx.county))) {
    const auto officer = org::FindOfficer(ctx.tx, ctx.county, id);
    if (!officer || Uuid(officer->unit_id) == Uuid(matter.owner_unit)) continue;
    if (matter.about_unit && Uuid(officer->unit_id) == Uuid(*matter.about_unit)) continue;
    return officer->unit_id;
  }
  return matter.owner_unit;
}

}  // namespace

Done Judge(Context& ctx, Matter matter, const Verdict& verdict) {
  Require(CanJudge(matter));
  const Act act = verdict.solved ? Act::kJudgeSolved : Act::kJudgeUnsolved;
  if (!verdict.solved && matter.state == State::kReview) Conflict("matters.appeal_instead");
  Require(CanHappen(matter.state, act));
  matter.solved = verdict.solved;
  matter.rating = verdict.rating;
  matter.judgement_text = verdict.text;
  if (!verdict.was_counted) CountJudgement(ctx, matter, verdict);
  EndCalls(ctx, matter.id, "judged");
  CountMatter(ctx, matter, "matters.judged");
  CountMatter(ctx, matter, verdict.solved ? "matters.solved" : "matters.unsolved");
  if (verdict.rating) CountMatter(ctx, matter, fmt::format("matters.rated_{}", *verdict.rating));
  json::object told = {{"solved", verdict.solved}, {"text", verdict.text}, {"channel", verdict.channel}};
  if (verdict.rating) told["rating"] = *verdict.rating;
  if (verdict.treated) told["treated"] = *verdict.treated;
  if (ctx.actor.IsOfficer()) told["asked_by"] = ctx.actor.name;
  const EventId event = Tell(ctx, matter, "judged", told);
  if (verdict.solved) {
    Settle(ctx, matter, act);
    Tell(ctx, matter, "settled");
    CountMatter(ctx, matter, "matters.settled");
  } else {
    Reopen(ctx, matter, act);
    Tell(ctx, matter, "reopened", {{"to_unit_id", FormatUuid(matter.owner_unit)}});
    CountMatter(ctx, matter, "matters.reopened");
  }
  SaveMatter(ctx.tx, ctx.county, matter);
  if (!verdict.solved) WordOfReopening(ctx, matter);
  return {std::move(matter), event};
}

Done Appeal(Context& ctx, Matter matter, std::string_view reason) {
  Require(CanAppeal(matter));
  const bool is_second = matter.state == State::kReview;
  if (matter.answered_at) {
    const auto until = TermOf(ctx, matter, is_second ? "ask_final_review" : "ask_review", *matter.answered_at);
    if (until && *until < ctx.now) Conflict("matters.appeal_term_over");
  }
  const UnitId from = matter.owner_unit;
  matter.state = *Next(matter.state, Act::kAppeal);
  matter.closed_at.reset();
  matter.judge_due_at.reset();
  matter.owner_officer.reset();
  matter.pending_unit.reset();
  matter.sender_unit.reset();
  matter.orders_missed = 0;
  matter.decisions_missed = 0;
  const UnitId to = ReviewUnit(ctx, matter);
  EndCalls(ctx, matter.id, "over");
  StopClocks(ctx, matter);
  OvertakeOrders(ctx, matter);
  StartClock(ctx, matter, is_second ? "final_review" : "review", ctx.now);
  if (Uuid(to) != Uuid(from)) ++matter.moves;
  matter.owner_unit = to;
  ChangeHold(ctx, matter.id, to);
  auto asks = AsksOf(ctx.tx, ctx.county, matter.id);
  for (size_t i = 0; i < asks.size(); ++i) {
    const Ask open{asks[i].id, asks[i].text, {}, "", "", "", "", "", {}};
    SaveAsk(ctx.tx, ctx.county, matter.id, open, static_cast<int64_t>(i) + 1);
  }
  const EventId event = Tell(ctx, matter, "appealed", {{"from_unit_id", FormatUuid(from)},
                                                       {"to_unit_id", FormatUuid(to)},
                                                       {"text", reason}});
  // It counts against the office that did not answer, never against the resident.
  if (!matter.is_protected) ctx.Count("matters.appealed", matter.area, from);
  SaveMatter(ctx.tx, ctx.county, matter);
  WordOfAppeal(ctx, matter);
  return {std::move(matter), event};
}

Done Withdraw(Context& ctx, Matter matter, std::string_view reason) {
  Require(CanHappen(matter.state, Act::kWithdraw));
  Settle(ctx, matter, Act::kWithdraw);
  EndCoHandlers(ctx.tx, ctx.county, matter.id, ctx.now);
  EndCalls(ctx, matter.id, "over");
  const EventId event = Tell(ctx, matter, "withdrawn", {{"text", reason}});
  CountMatter(ctx, matter, "matters.withdrawn");
  SaveMatter(ctx.tx, ctx.county, matter);
  return {std::move(matter), event};
}

void PassSilence(Context& ctx, Matter& matter) {
  if (!Next(matter.state, Act::kPassSilence)) return;
  const bool was_review = matter.state == State::kReview;
  CountSilence(ctx, matter);
  EndCalls(ctx, matter.id, "over");
  Settle(ctx, matter, Act::kPassSilence);
  Tell(ctx, matter, "silence_passed");
  Tell(ctx, matter, was_review ? "concluded" : "settled");
  CountMatter(ctx, matter, "matters.silent");
  if (was_review) WordOfConclusion(ctx, matter);
}

}  // namespace huiyin::matters
