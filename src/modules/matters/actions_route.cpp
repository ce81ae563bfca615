// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/actions.h"
#include "modules/matters/clocks.h"
#include "modules/matters/hands.h"
#include "modules/matters/levels.h"
#include "modules/matters/patterns.h"
#include "modules/matters/story.h"
#include "modules/matters/word.h"
#include "modules/org/org.h"

namespace huiyin::matters {
namespace {

void SetState(Matter& matter, Act act) {
  Require(CanHappen(matter.state, act));
  matter.state = *Next(matter.state, act);
}

// Whom a protected matter may be given to: units with an auditor, never that of the one it
// is about.
void RequireMayHold(Context& ctx, const Matter& matter, const org::Unit& unit, std::string_view field) {
  if (!MayHold(ctx, matter, unit)) Invalid(std::string(field), "not_an_auditors_unit");
}

void Close(Context& ctx, Matter& matter, Request request, bool is_granted, std::string_view note) {
  request.decided_at = ctx.now;
  request.is_granted = is_granted;
  request.note = note;
  DecideRequest(ctx.tx, ctx.county, matter.id, request);
  StopClocks(ctx, matter, "decide_return");
  matter.decisions_missed = 0;
}

// Who decides a return: the sender at first; from the second time on the superior of both,
// who ends the circle.
UnitId Decider(Context& ctx, const Matter& matter, const UnitId& returning, const UnitId& sender) {
  if (matter.bounces > 0) {
    if (const auto above = org::CommonSuperior(ctx.tx, ctx.county, returning, sender)) {
      if (!Same(*above, returning)) return *above;
    }
  }
  return sender;
}

}  // namespace

Done Assign(Context& ctx, Seen seen, const UnitId& unit_id, std::string_view note) {
  Matter& matter = seen.matter;
  Require(CanHappen(matter.state, Act::kAssign));
  const org::Unit unit = org::RequireUnit(ctx.tx, ctx.county, unit_id, "unit_id");
  RequireMayHold(ctx, matter, unit, "unit_id");
  if (!Same(unit.id, matter.owner_unit)) RequireMayBeGiven(ctx, matter, unit, "unit_id");
  if (auto waiting = OpenRequest(ctx.tx, ctx.county, matter.id, "return")) {
    // Who supervises may cut a quarrel short; the owner waits for its end.
    const bool supervises = May(ctx.actor, Action::kMattersSupervise, ResourceOf(matter, false)) == Decision::kAllowed;
    if (!supervises) Conflict("matters.return_waits");
    Close(ctx, matter, *waiting, true, note);
  }
  const UnitId sender = seen.ties.owner ? matter.owner_unit : ctx.actor.unit;
  SetState(matter, Act::kAssign);
  const UnitId from = matter.owner_unit;
  if (Same(unit.id, matter.owner_unit)) HandOver(ctx, matter, unit.id, {});
  else Offer(ctx, matter, unit.id, sender);
  const EventId event = Tell(ctx, matter, "assigned", {{"from_unit_id", FormatUuid(from)},
                                                       {"to_unit_id", FormatUuid(unit.id)},
                                                       {"text", note}});
  SaveMatter(ctx.tx, ctx.county, matter);
  WordOfAssignment(ctx, matter, unit.id, note);
  return {std::move(matter), event};
}

Done Accept(Context& ctx, Seen seen, const std::optional<OfficerId>& officer, std::string_view note) {
  Matter& matter = seen.matter;
  Require(CanAccept(matter, seen.ties.owner, seen.ties.pending));
  const UnitId from = matter.owner_unit;
  const UnitId to = seen.ties.pending && matter.pending_unit ? *matter.pending_unit : matter.owner_unit;
  RequireMaySettleHere(ctx, matter, to);
  if (officer) {
    const auto person = org::RequireOfficer(ctx.tx, ctx.county, *officer, "officer_id");
    if (!Same(person.unit_id, to)) Invalid("officer_id", "not_of_the_unit");
  }
  if (auto waiting = OpenRequest(ctx.tx, ctx.county, matter.id, "return")) {
    Close(ctx, matter, *waiting, false, "");  // it took back its own words
  }
  SetState(matter, Act::kAccept);
  HandOver(ctx, matter, to, officer);
  NoteDestination(ctx, matter);
  const EventId event = Tell(ctx, matter, "accepted", {{"from_unit_id", FormatUuid(from)},
                                                       {"to_unit_id", FormatUuid(to)},
                                                       {"text", note}});
  CountMatter(ctx, matter, "matters.accepted");
  SaveMatter(ctx.tx, ctx.county, matter);
  WordOfAcceptance(ctx, matter);
  return {std::move(matter), event};
}

Done Return(Context& ctx, Seen seen, std::string_view reason) {
  Matter& matter = seen.matter;
  Require(CanHappen(matter.state, Act::kReturn));
  if (OpenRequest(ctx.tx, ctx.county, matter.id, "return")) Conflict("matters.return_waits");
  const bool offered = seen.ties.pending && matter.pending_unit;
  if (!offered && !matter.sender_unit) Conflict("matters.not_sent");
  const UnitId returning = offered ? *matter.pending_unit : matter.owner_unit;
  const UnitId sender = matter.sender_unit.value_or(matter.owner_unit);
  if (Same(sender, returning)) Conflict("matters.not_sent");
  if (!MayStillReturn(ctx, matter)) Conflict("matters.return_term_over");
  RequireNotKeptByList(ctx, matter, returning);

  Request request;
  request.id = ctx.NewId<EventId>();
  request.kind = "return";
  request.asked_by_unit = returning;
  request.asked_by_officer = ctx.actor.officer;
  request.decided_by_unit = Decider(ctx, matter, returning, sender);
  request.reason = reason;
  request.data = json::serialize(json::object{{"sender", FormatUuid(sender)}});
  request.asked_at = ctx.now;
  StopClocks(ctx, matter, "return");
  if (const auto clock = StartClock(ctx, matter, "decide_return", ctx.now)) request.due_at = clock->due_at;
  InsertRequest(ctx.tx, ctx.county, matter.id, request);
  ++matter.bounces;
  SetState(matter, Act::kReturn);
  const EventId event = Tell(ctx, matter, "returned", {{"from_unit_id", FormatUuid(returning)},
                                                       {"to_unit_id", FormatUuid(request.decided_by_unit)},
                                                       {"text", reason}});
  CountMatter(ctx, matter, "matters.returned");
  SaveMatter(ctx.tx, ctx.county, matter);
  WordOfReturn(ctx, matter, returning, request.decided_by_unit, reason);
  return {std::move(matter), event};
}

Done DecideReturn(Context& ctx, Seen seen, bool agreed, const std::optional<UnitId>& next, std::string_view note) {
  Matter& matter = seen.matter;
  const auto waiting = OpenRequest(ctx.tx, ctx.county, matter.id, "return");
  if (!waiting) Conflict("matters.no_return_waits");
  // Neither the one who gave it back nor a colleague of theirs.
  if (ctx.actor.BelongsTo(waiting->asked_by_unit)) Forbidden("matters.own_request");
  const UnitId returning = waiting->asked_by_unit;
  const json::value data = json::parse(waiting->data);
  const UnitId sender(ParseUuid(data.at("sender").as_string()).value_or(Uuid{}));
  Close(ctx, matter, *waiting, agreed, note);

  std::optional<UnitId> to;
  if (!agreed) {
    SetState(matter, Act::kRefuseReturn);
    HandOver(ctx, matter, returning, {});
    // Who sent it was not impartial: there is one more way, to the superior, whose word ends it.
    if (Same(waiting->decided_by_unit, sender)) StartClock(ctx, matter, "return", ctx.now);
    to = returning;
  } else {
    SetState(matter, Act::kAgreeReturn);
    NoteReturn(ctx, matter, "return", returning);
    matter.pending_unit.reset();
    StopClocks(ctx, matter, "accept");
    // Whoever sent it has it again until the next accepts.
    if (Same(matter.owner_unit, returning)) {
      HandOver(ctx, matter, sender, {});
      matter.sender_unit.reset();
    }
    to = matter.owner_unit;
    if (next) {
      const org::Unit unit = org::RequireUnit(ctx.tx, ctx.county, *next, "unit_id");
      RequireMayHold(ctx, matter, unit, "unit_id");
      if (Same(unit.id, returning)) Invalid("unit_id", "gave_it_back");
      if (!Same(unit.id, matter.owner_unit)) {
        RequireMayBeGiven(ctx, matter, unit, "unit_id");
        Offer(ctx, matter, unit.id, matter.owner_unit);
      }
      to = unit.id;
    }
  }
  json::object told = {{"agreed", agreed}, {"from_unit_id", FormatUuid(returning)}, {"to_unit_id", FormatUuid(*to)},
                       {"text", note}, {"owner_unit_id", FormatUuid(matter.owner_unit)}};
  if (matter.pending_unit) told["pending_unit_id"] = FormatUuid(*matter.pending_unit);
  const EventId event = Tell(ctx, matter, "return_decided", std::move(told));
  SaveMatter(ctx.tx, ctx.county, matter);
  return {std::move(matter), event};
}

Done AddCoHandlers(Context& ctx, Seen seen, const UnitId& unit_id, const std::vector<Uuid>& ids, std::string_view note) {
  Matter& matter = seen.matter;
  Require(CanHappen(matter.state, Act::kAddCoHandler));
  const org::Unit unit = org::RequireUnit(ctx.tx, ctx.county, unit_id, "unit_id");
  RequireMayHold(ctx, matter, unit, "unit_id");
  if (Same(unit.id, matter.owner_unit)) Invalid("unit_id", "owns_it");
  RequireNotPushedDown(ctx, matter, unit, "unit_id");
  auto asks = AsksOf(ctx.tx, ctx.county, matter.id);
  for (size_t i = 0; i < ids.size(); ++i) {
    const bool is_known = std::any_of(asks.begin(), asks.end(), [&](const Ask& ask) { return Uuid(ask.id) == ids[i]; });
    if (!is_known) Invalid(fmt::format("ask_ids[{}]", i), "unknown_reference");
  }
  for (size_t i = 0; i < asks.size(); ++i) {
    const bool is_given = std::any_of(ids.begin(), ids.end(), [&](const Uuid& id) { return Uuid(asks[i].id) == id; });
    if (!is_given || !asks[i].outcome.empty()) continue;
    asks[i].unit = unit.id;
    SaveAsk(ctx.tx, ctx.county, matter.id, asks[i], static_cast<int64_t>(i) + 1);
  }
  AddCoHandler(ctx.tx, ctx.county, matter.id, unit.id, ctx.now);
  const EventId event = Tell(ctx, matter, "co_handlers_added", {{"from_unit_id", FormatUuid(matter.owner_unit)},
                                                                {"to_unit_id", FormatUuid(unit.id)},
                                                                {"text", note}});
  SaveMatter(ctx.tx, ctx.county, matter);
  return {std::move(matter), event};
}

}  // namespace huiyin::matters
