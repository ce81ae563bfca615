// SPDX-License-Identifier: EUPL-1.2
// Merging, and taking apart again what was merged by mistake. What merging stops is kept in
// its event, so that nothing is lost by it: the state, the offer, what each clock was about
// to do, the orders that were open.
#include "modules/matters/actions.h"
#include "modules/matters/clocks.h"
#include "modules/matters/duplicates.h"
#include "modules/matters/hands.h"
#include "modules/matters/leads.h"
#include "modules/matters/members.h"
#include "modules/matters/orders.h"
#include "modules/matters/story.h"
#include "modules/matters/word.h"

namespace huiyin::matters {
namespace {

json::object Kept(const Alarm& alarm) {
  return {{"deed", DeedName(alarm.deed)}, {"at", FormatInstant(alarm.at)}};
}

std::optional<Alarm> AlarmOf(const json::object& kept, const Uuid& id, const MatterId& matter, bool is_order) {
  const json::value* deed = kept.if_contains("deed");
  const auto known = deed == nullptr ? std::nullopt : ParseDeed(deed->as_string());
  if (!known) return std::nullopt;
  const auto at = ParseInstant(kept.at("at").as_string());
  return Alarm{.id = id, .is_order = is_order, .matter = matter, .deed = *known, .at = at.value_or(Instant{})};
}

json::object WhatIsLost(Context& ctx, const Matter& matter) {
  json::array clocks;
  for (const Clock& clock : ClocksOf(ctx.tx, ctx.county, matter.id)) {
    if (clock.ended_at) continue;
    json::object kept = {{"id", FormatUuid(clock.id)}};
    if (const auto alarm = FindAlarm(ctx.tx, ctx.county, clock.id)) kept["next"] = Kept(*alarm);
    clocks.push_back(std::move(kept));
  }
  json::array orders;
  for (const Order& order : OrdersOf(ctx.tx, ctx.county, matter.id)) {
    if (order.ended_at) continue;
    json::object kept = {{"id", FormatUuid(order.id)}};
    if (const auto alarm = FindAlarm(ctx.tx, ctx.county, order.id)) kept["next"] = Kept(*alarm);
    orders.push_back(std::move(kept));
  }
  json::object was = {{"state", StateName(matter.state)}, {"clocks", std::move(clocks)}, {"orders", std::move(orders)}};
  if (matter.pending_unit) was["pending_unit_id"] = FormatUuid(*matter.pending_unit);
  return was;
}

struct Merged {
  Instant at;
  json::object was;
};
// The latest merging, as its event tells it. Absent when what it said was erased since, or
// when it was brought in as merged.
std::optional<Merged> LastMerge(Context& ctx, const MatterId& matter) {
  std::optional<Merged> last;
  for (const Event& event : EventsOf(ctx.tx, ctx.county, matter)) {
    if (event.act != "matter.merged") continue;
    json::object data = json::parse(event.data).as_object();
    json::value* was = data.if_contains("was");
    last = was == nullptr ? std::nullopt : std::optional(Merged{event.at, std::move(was->as_object())});
  }
  return last;
}

bool IsActive(Context& ctx, const UnitId& id) {
  const auto unit = org::FindUnit(ctx.tx, ctx.county, id);
  return unit && unit->is_active;
}

const json::object* NextOf(const json::object& kept) {
  const json::value* next = kept.if_contains("next");
  return next == nullptr ? nullptr : &next->as_object();
}

// The resident's clock runs on as if it had never stopped; what an office was asked to do in
// a term begins anew, since meanwhile it could not.
void ResumeClocks(Context& ctx, Matter& matter, const json::object& was) {
  const auto clocks = ClocksOf(ctx.tx, ctx.county, matter.id);
  for (const json::value& item : was.at("clocks").as_array()) {
    const json::object& kept = item.as_object();
    const auto id = ParseUuid(kept.at("id").as_string());
    const auto clock = std::find_if(clocks.begin(), clocks.end(), [&](const Clock& one) { return id && Uuid(one.id) == *id; });
    if (clock == clocks.end()) continue;
    if (IsResidents(*clock)) {
      const json::object* next = NextOf(kept);
      ResumeClock(ctx, matter, *clock, next == nullptr ? std::nullopt : AlarmOf(*next, clock->id, matter.id, false));
      continue;
    }
    const bool is_offered = clock->step == "accept" || clock->step == "return";
    if (is_offered && !matter.pending_unit) continue;  // the unit it was offered to is no more
    const auto again = StartClock(ctx, matter, clock->step, ctx.now);
    if (clock->step != "decide_return") continue;
    if (auto waiting = OpenRequest(ctx.tx, ctx.county, matter.id, "return")) {
      waiting->due_at = again ? std::optional(again->due_at) : std::nullopt;
      MoveRequest(ctx.tx, ctx.county, matter.id, *waiting);
    }
  }
}

void ResumeOrders(Context& ctx, const Matter& matter, const json::object& was) {
  for (const json::value& item : was.at("orders").as_array()) {
    const json::object& kept = item.as_object();
    const auto id = ParseUuid(kept.at("id").as_string());
    auto order = id ? FindOrder(ctx.tx, ctx.county, OrderId(*id)) : std::nullopt;
    if (!order || order->ending != "overtaken") continue;
    order->ended_at.reset();
    order->ending.clear();
    SaveOrder(ctx.tx, ctx.county, *order);
    const json::object* next = NextOf(kept);
    const auto alarm = next == nullptr ? std::nullopt : AlarmOf(*next, order->id, matter.id, true);
    if (alarm) SetAlarm(ctx.tx, ctx.county, *alarm);
  }
}

}  // namespace

Done Merge(Context& ctx, Seen seen, const MatterId& into_id) {
  Matter& matter = seen.matter;
  Require(CanHappen(matter.state, Act::kMerge));
  if (matter.is_protected) Conflict("matters.protected");
  auto into = FindMatter(ctx.tx, ctx.county, into_id);
  if (!into || !MayRead(ctx, *into) || Uuid(into_id) == Uuid(matter.id)) Invalid("into_id", "unknown_reference");
  if (into->is_protected) Invalid("into_id", "unknown_reference");
  if (!AwaitsAnswer(*into)) Conflict("matters.other_not_open");
  RequireRoomForRepresentatives(ctx, *into, matter);
  json::object was = WhatIsLost(ctx, matter);
  matter.state = *Next(matter.state, Act::kMerge);
  matter.merged_into = into->id;
  matter.closed_at = ctx.now;
  matter.due_at.reset();
  matter.pending_unit.reset();
  StopClocks(ctx, matter);
  // An order on what nobody is to answer any more would only be late.
  OvertakeOrders(ctx, matter);
  RestLead(ctx, matter);
  ChangeHold(ctx, matter.id, {});
  const EventId event = Tell(ctx, matter, "merged", {{"into_id", FormatUuid(into->id)}, {"was", std::move(was)}});
  Tell(ctx, *into, "joined", {{"from_id", FormatUuid(matter.id)}});
  SaveMatter(ctx.tx, ctx.county, *into);
  CountMatter(ctx, matter, "matters.merged");
  SaveMatter(ctx.tx, ctx.county, matter);
  WordOfMerge(ctx, matter, *into);
  return {std::move(matter), event};
}

bool MayUnmerge(Context& ctx, const Matter& matter) {
  if (!matter.merged_into || !LastMerge(ctx, matter.id)) return false;
  const auto into = FindMatter(ctx.tx, ctx.county, *matter.merged_into);
  return into && MayKnow(ctx.actor, *into) && MayDo(ctx, *into, TiesOf(ctx, *into), Verb::kMerge) == Decision::kAllowed;
}

Done Unmerge(Context& ctx, Seen seen, std::string_view reason) {
  Matter& matter = seen.matter;
  Require(CanHappen(matter.state, Act::kUnmergeToReceived));
  const auto merged = LastMerge(ctx, matter.id);
  if (!merged) Conflict("matters.merge_not_kept");
  if (!MayUnmerge(ctx, matter)) Forbidden("access.forbidden");
  const Matter root = RootOf(ctx, matter);
  RequireWanted(ctx, matter, root);
  auto into = FindMatter(ctx.tx, ctx.county, *matter.merged_into);
  const auto answers = AnswersOf(ctx.tx, ctx.county, root.id);
  const bool was_answered = !answers.empty() && answers.back().at >= merged->at;

  const bool was_received = merged->was.at("state").as_string() == StateName(State::kReceived);
  matter.state = *Next(matter.state, was_received ? Act::kUnmergeToReceived : Act::kUnmergeToAssigned);
  matter.merged_into.reset();
  matter.closed_at.reset();
  // An office that is no more cannot have it back: whoever has the other one has both.
  if (!IsActive(ctx, matter.owner_unit)) {
    matter.owner_unit = root.owner_unit;
    matter.owner_officer.reset();
  }
  if (const json::value* pending = merged->was.if_contains("pending_unit_id")) {
    const auto id = ParseUuid(pending->as_string());
    if (id && IsActive(ctx, UnitId(*id))) matter.pending_unit = UnitId(*id);
  }
  ResumeClocks(ctx, matter, merged->was);
  if (!matter.due_at) StartClock(ctx, matter, "answer", matter.received_at);
  ResumeOrders(ctx, matter, merged->was);
  ResumeLead(ctx, matter);
  ChangeHold(ctx, matter.id, matter.owner_unit);
  json::object told = {{"from_id", FormatUuid(into->id)}, {"to_unit_id", FormatUuid(matter.owner_unit)}, {"text", reason}};
  if (matter.pending_unit) told["pending_unit_id"] = FormatUuid(*matter.pending_unit);
  if (was_answered) {
    told["answered_by"] = FormatUuid(root.id);
    told["answer_number"] = answers.size();
  }
  const EventId event = Tell(ctx, matter, "unmerged", std::move(told));
  CountMatter(ctx, matter, "matters.unmerged");
  SaveMatter(ctx.tx, ctx.county, matter);
  Tell(ctx, *into, "parted", {{"from_id", FormatUuid(matter.id)}, {"text", reason}});
  SaveMatter(ctx.tx, ctx.county, *into);
  CompareLater(ctx.tx, ctx.county, matter);
  WordOfUnmerge(ctx, matter, was_answered ? std::string_view(answers.back().text) : std::string_view());
  // It may have been the last whose word was waited for.
  SettleWhenAllSaidSo(ctx, root.id);
  return {std::move(matter), event};
}

}  // namespace huiyin::matters
