// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/orders.h"

#include "modules/matters/alarms.h"
#include "modules/matters/clocks.h"
#include "modules/matters/hands.h"
#include "modules/matters/story.h"
#include "modules/matters/word.h"
#include "modules/terms/due_json.h"

namespace huiyin::matters {
namespace {

// How long an order may take where no rule of the county's says so.
constexpr int kFallbackDays = 3;

void SetTerm(Context& ctx, Order& order, const Matter* matter) {
  const auto held = terms::Of(ctx.tx, ctx.county);
  const terms::Rule* rule = terms::Choose(held->rules, {.step = "order", .kind = matter ? matter->kind : "",
                                                        .category = matter ? matter->category : "",
                                                        .channel = matter ? matter->channel : "",
                                                        .region = order.area, .on = ctx.Today()});
  if (rule == nullptr) {
    order.rule.clear();
    order.working = "null";
    order.due_at = EndOfDay(ctx.Today() + kFallbackDays, ctx.zone);
    return;
  }
  const terms::Working working = terms::DueAt(*rule, ctx.now, held->calendar, ctx.zone);
  order.rule = rule->key;
  order.article = rule->article;
  order.working = terms::WorkingJson(working);
  order.due_at = working.due;
}

void Watch(Context& ctx, const Order& order) {
  SetAlarm(ctx.tx, ctx.county, {.id = order.id, .is_order = true, .matter = order.matter, .deed = Deed::kOrderLate,
                                .at = order.due_at + 1});
}

json::object Told(const Order& order, std::string_view text) {
  return {{"order_id", FormatUuid(order.id)}, {"level", order.level}, {"text", text},
          {"from_unit_id", FormatUuid(order.by_unit)}, {"to_unit_id", FormatUuid(order.to_unit)},
          {"due_at", FormatInstant(order.due_at)}};
}

// On the matter's own story, or on the order's when it is on a unit.
void TellOfOrder(Context& ctx, const Order& order, Matter* matter, std::string_view kind, std::string_view text) {
  if (matter != nullptr) Tell(ctx, *matter, kind, Told(order, text));
  else ctx.Record("order." + std::string(kind), "order", order.id, Told(order, text));
}

void Make(Context& ctx, Order& order, Matter* matter) {
  order.made_at = ctx.now;
  SetTerm(ctx, order, matter);
  InsertOrder(ctx.tx, ctx.county, order);
  Watch(ctx, order);
  TellOfOrder(ctx, order, matter, "ordered", order.text);
  WordOfOrder(ctx, matter, order);
  if (!order.is_protected) ctx.Count("orders.made", order.area, order.to_unit);
}

void End(Context& ctx, Order& order, std::string_view ending) {
  order.ended_at = ctx.now;
  order.ending = ending;
  Disarm(ctx.tx, ctx.county, order.id);
  SaveOrder(ctx.tx, ctx.county, order);
}

// The matter an order is on, to be told and saved.
class OnMatter {
 public:
  OnMatter(Context& ctx, const Order& order) : ctx_(ctx) {
    if (order.matter) matter_ = FindMatter(ctx.tx, ctx.county, *order.matter);
  }
  Matter* get() { return matter_ ? &*matter_ : nullptr; }
  void Save() {
    if (matter_) SaveMatter(ctx_.tx, ctx_.county, *matter_);
  }

 private:
  Context& ctx_;
  std::optional<Matter> matter_;
};

// An order made before with that id, which a retry is answered with.
std::optional<Order> MadeBefore(Context& ctx, const OrderInput& input, const Sha256Hash& hash) {
  if (!input.id) return std::nullopt;
  auto known = FindOrder(ctx.tx, ctx.county, *input.id);
  if (known && known->content_hash != hash) Conflict("duplicate_id");
  return known;
}

}  // namespace

Order OrderByMachine(Context& ctx, Matter& matter, const UnitId& by, int64_t level) {
  Order order;
  order.id = ctx.NewId<OrderId>();
  order.matter = matter.id;
  order.is_protected = matter.is_protected;
  order.area = matter.area;
  order.to_unit = matter.owner_unit;
  order.by_unit = by;
  order.level = level;
  Make(ctx, order, &matter);
  return order;
}

Order OrderOnMatter(Context& ctx, Seen seen, const OrderInput& input) {
  Matter& matter = seen.matter;
  Require(CanHappen(matter.state, Act::kOrder));
  if (!AwaitsAnswer(matter)) Conflict("matters.already_answered");
  const Sha256Hash hash = Sha256("order\n" + FormatUuid(matter.id) + "\n" + input.text);
  if (auto known = MadeBefore(ctx, input, hash)) return *known;
  if (ctx.actor.BelongsTo(matter.owner_unit)) Forbidden("matters.own_work");
  Order order;
  order.id = input.id.value_or(ctx.NewId<OrderId>());
  order.matter = matter.id;
  order.is_protected = matter.is_protected;
  order.area = matter.area;
  order.to_unit = matter.owner_unit;
  order.by_unit = ctx.actor.unit;
  order.by_officer = ctx.actor.officer;
  order.text = input.text;
  order.content_hash = hash;
  Make(ctx, order, &matter);
  SaveMatter(ctx.tx, ctx.county, matter);
  return order;
}

Order OrderOnUnit(Context& ctx, const UnitId& to, const OrderInput& input) {
  const org::Unit unit = org::RequireUnit(ctx.tx, ctx.county, to, "unit_id");
  const Sha256Hash hash = Sha256("order\n" + FormatUuid(unit.id) + "\n" + input.text);
  if (auto known = MadeBefore(ctx, input, hash)) return *known;
  RequireMay(ctx.actor, Action::kMattersSupervise, {.area = unit.area_code});
  if (ctx.actor.BelongsTo(unit.id)) Forbidden("matters.own_work");
  Order order;
  order.id = input.id.value_or(ctx.NewId<OrderId>());
  order.area = unit.area_code;
  order.to_unit = unit.id;
  order.by_unit = ctx.actor.unit;
  order.by_officer = ctx.actor.officer;
  order.text = input.text;
  order.content_hash = hash;
  Make(ctx, order, nullptr);
  return order;
}

void AnswerOrder(Context& ctx, Order& order, std::string_view text) {
  if (order.ended_at) Conflict("orders.already_ended");
  if (order.answered_at) Conflict("orders.already_answered");
  order.answered_at = ctx.now;
  order.answered_by = ctx.actor.officer;
  order.answer = text;
  Disarm(ctx.tx, ctx.county, order.id);
  SaveOrder(ctx.tx, ctx.county, order);
  OnMatter on(ctx, order);
  TellOfOrder(ctx, order, on.get(), "order_answered", text);
  WordOfOrderAnswer(ctx, on.get(), order);
  on.Save();
}

void DecideOrder(Context& ctx, Order& order, bool accepted, std::string_view note) {
  if (order.ended_at) Conflict("orders.already_ended");
  if (!order.answered_at) Conflict("orders.not_answered");
  order.decided_by = ctx.actor.officer;
  order.note = note;
  OnMatter on(ctx, order);
  if (accepted) {
    End(ctx, order, "accepted");
  } else {
    order.answered_at.reset();
    order.answered_by.reset();
    SetTerm(ctx, order, on.get());
    SaveOrder(ctx.tx, ctx.county, order);
    Watch(ctx, order);
  }
  TellOfOrder(ctx, order, on.get(), accepted ? "order_accepted" : "order_refused", note);
  on.Save();
}

void OvertakeOrders(Context& ctx, Matter& matter) {
  for (Order& order : OrdersOf(ctx.tx, ctx.county, matter.id)) {
    if (!order.ended_at) End(ctx, order, "overtaken");
  }
}

void AnswerOrdersByAnswer(Context& ctx, Matter& matter) {
  for (Order& order : OrdersOf(ctx.tx, ctx.county, matter.id)) {
    if (order.ended_at) continue;
    if (!order.by_officer) {
      if (!order.answered_at) order.answered_at = ctx.now;
      End(ctx, order, "accepted");
    } else if (!order.answered_at) {
      order.answered_at = ctx.now;
      Disarm(ctx.tx, ctx.county, order.id);
      SaveOrder(ctx.tx, ctx.county, order);
    }
  }
}

}  // namespace huiyin::matters
