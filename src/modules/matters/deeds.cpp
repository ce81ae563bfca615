// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/deeds.h"

#include "modules/matters/actions.h"
#include "modules/matters/alarms.h"
#include "modules/matters/clocks.h"
#include "modules/matters/hands.h"
#include "modules/matters/orders.h"
#include "modules/matters/patterns.h"
#include "modules/matters/story.h"
#include "modules/matters/word.h"

namespace huiyin::matters {
namespace {

json::object About(const Clock& clock, const UnitId& to) {
  return {{"clock_id", FormatUuid(clock.id)}, {"step", clock.step}, {"to_unit_id", FormatUuid(to)},
          {"due_at", FormatInstant(clock.due_at)}};
}

void Late(Context& ctx, Matter& matter, const Clock& clock) {
  matter.was_late = true;
  Tell(ctx, matter, "late", About(clock, matter.owner_unit));
  CountMatter(ctx, matter, "matters.missed");
  WordOfLateness(ctx, matter, clock);
}

void GiveOrder(Context& ctx, Matter& matter) {
  if (const auto above = UnitAbove(ctx, matter, matter.owner_unit)) OrderByMachine(ctx, matter, *above, 1);
}

void LateAcceptance(Context& ctx, Matter& matter, const Clock& clock) {
  if (!matter.pending_unit) return;
  Tell(ctx, matter, "acceptance_late", About(clock, *matter.pending_unit));
  if (!matter.is_protected) ctx.Count("matters.acceptance_missed", matter.area, *matter.pending_unit);
}

// Who does not object in the term has it (信访工作条例 art. 23: objections within 5 working days).
void TakeOver(Context& ctx, Matter& matter, const Clock& clock) {
  StopClocks(ctx, matter, "return");
  if (!matter.pending_unit) return;
  const UnitId from = matter.owner_unit;
  const UnitId to = *matter.pending_unit;
  HandOver(ctx, matter, to, {});
  NoteDestination(ctx, matter);
  json::object told = About(clock, to);
  told["from_unit_id"] = FormatUuid(from);
  told["by_term"] = true;
  Tell(ctx, matter, "accepted", told);
  CountMatter(ctx, matter, "matters.accepted");
  WordOfAcceptance(ctx, matter);
}

// Nobody decided: the superior of both does, and above that the next.
void PassUp(Context& ctx, Matter& matter, const Clock& clock) {
  StopClocks(ctx, matter, "decide_return");
  auto waiting = OpenRequest(ctx.tx, ctx.county, matter.id, "return");
  if (!waiting) return;
  const UnitId slow = waiting->decided_by_unit;
  const auto common = org::CommonSuperior(ctx.tx, ctx.county, waiting->asked_by_unit, matter.sender_unit.value_or(slow));
  const bool is_higher = common && !Same(*common, slow) && !Same(*common, waiting->asked_by_unit);
  const auto next = is_higher ? common : UnitAbove(ctx, matter, slow);
  json::object told = About(clock, next.value_or(slow));
  told["from_unit_id"] = FormatUuid(slow);
  Tell(ctx, matter, "passed_up", told);
  if (!matter.is_protected) ctx.Count("matters.decision_missed", matter.area, slow);
  if (next) waiting->decided_by_unit = *next;
  ++matter.decisions_missed;
  const auto again = StartClock(ctx, matter, "decide_return", ctx.now);
  waiting->due_at = again ? std::optional(again->due_at) : std::nullopt;
  MoveRequest(ctx.tx, ctx.county, matter.id, *waiting);
  WordOfReturn(ctx, matter, waiting->asked_by_unit, waiting->decided_by_unit, waiting->reason);
}

}  // namespace

void DoDeed(Context& ctx, Matter& matter, const Clock& clock, Deed deed) {
  switch (deed) {
    case Deed::kRemind:
      Tell(ctx, matter, "soon", About(clock, matter.owner_unit));
      WordOfSoon(ctx, matter, clock);
      break;
    case Deed::kLate: Late(ctx, matter, clock); break;
    case Deed::kOrder: GiveOrder(ctx, matter); break;
    case Deed::kLateAcceptance: LateAcceptance(ctx, matter, clock); break;
    case Deed::kTakeOver: TakeOver(ctx, matter, clock); break;
    case Deed::kPassUp: PassUp(ctx, matter, clock); break;
    case Deed::kAskJudgement:
      Tell(ctx, matter, "judgement_asked", {{"clock_id", FormatUuid(clock.id)}});
      WordOfJudging(ctx, matter, clock);
      break;
    case Deed::kSilence: PassSilence(ctx, matter); break;
    case Deed::kOrderLate:
    case Deed::kStepLate:
    case Deed::kLeadLate:
    case Deed::kCount: break;
  }
}

void DoOrderLate(Context& ctx, const OrderId& id) {
  auto order = FindOrder(ctx.tx, ctx.county, id);
  if (!order || order->ended_at || order->answered_at) return;
  order->was_late = true;
  auto matter = order->matter ? FindMatter(ctx.tx, ctx.county, *order->matter) : std::nullopt;
  const json::object told = {{"order_id", FormatUuid(order->id)}, {"level", order->level},
                             {"from_unit_id", FormatUuid(order->by_unit)}, {"to_unit_id", FormatUuid(order->to_unit)},
                             {"due_at", FormatInstant(order->due_at)}};
  if (!order->is_protected) ctx.Count("orders.missed", order->area, order->to_unit);
  std::optional<UnitId> above;
  if (matter) {
    Tell(ctx, *matter, "order_late", told);
    ++matter->orders_missed;
    above = UnitAbove(ctx, *matter, order->by_unit);
    for (const Order& other : OrdersOf(ctx.tx, ctx.county, matter->id)) {
      // In a circle of offices nobody is higher than who has ordered already.
      const bool is_below = other.level < order->level && Same(other.to_unit, order->to_unit);
      if (above && is_below && Same(other.by_unit, *above)) above.reset();
    }
  } else {
    ctx.Record("order.order_late", "order", order->id, told);
  }
  if (above) {
    order->ended_at = ctx.now;
    order->ending = "overtaken";
    SaveOrder(ctx.tx, ctx.county, *order);
    const Order next = OrderByMachine(ctx, *matter, *above, order->level + 1);
    WordOfLateOrder(ctx, &*matter, *order, &next);
  } else {
    // At the top it is called late again after each term: it is not let go.
    SaveOrder(ctx.tx, ctx.county, *order);
    WordOfLateOrder(ctx, matter ? &*matter : nullptr, *order, nullptr);
    const int64_t term = std::max<int64_t>(order->due_at.ms - order->made_at.ms, kDay);
    SetAlarm(ctx.tx, ctx.county, {.id = order->id, .is_order = true, .matter = order->matter,
                                  .deed = Deed::kOrderLate, .at = ctx.now + term});
  }
  if (matter) SaveMatter(ctx.tx, ctx.county, *matter);
}

}  // namespace huiyin::matters
