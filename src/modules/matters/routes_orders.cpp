// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/neighbours.h"
#include "modules/matters/orders.h"
#include "modules/matters/store.h"
#include "modules/matters/story.h"
#include "modules/org/org.h"

namespace huiyin::matters {
namespace {

constexpr std::array<std::string_view, 4> kQueues = {"to_answer", "to_decide", "given", "open"};

bool MayKnowOrder(Context& ctx, const Order& order) {
  if (!order.is_protected) return true;
  const auto matter = order.matter ? FindMatter(ctx.tx, ctx.county, *order.matter) : std::nullopt;
  return matter && MayKnow(ctx.actor, *matter);
}

Resource ResourceOfOrder(const Order& order, bool is_own) { return {.area = order.area, .is_own = is_own}; }

// Who may answer: the unit it is to. Who may decide: the unit that gave it, or who
// supervises there, but never the unit it is to.
bool MayAnswer(Context& ctx, const Order& order) {
  return ctx.actor.BelongsTo(order.to_unit) &&
         May(ctx.actor, Action::kMattersHandle, ResourceOfOrder(order, true)) == Decision::kAllowed;
}
bool MayDecide(Context& ctx, const Order& order) {
  return !ctx.actor.BelongsTo(order.to_unit) &&
         May(ctx.actor, Action::kMattersSupervise, ResourceOfOrder(order, ctx.actor.BelongsTo(order.by_unit))) ==
             Decision::kAllowed;
}

// 404 for who could neither answer nor supervise nor see the matter.
Order GetOrder(Context& ctx) {
  auto order = FindOrder(ctx.tx, ctx.county, ctx.PathId<OrderId>());
  if (!order || !MayKnowOrder(ctx, *order)) NotFound();
  const bool is_own = ctx.actor.BelongsTo(order->to_unit) || ctx.actor.BelongsTo(order->by_unit);
  RequireMay(ctx.actor, Action::kMattersRead, ResourceOfOrder(*order, is_own));
  return std::move(*order);
}

void WriteOrder(Context& ctx, JsonWriter& w, Names& names, const Order& order) {
  w.BeginObject().Field("id", order.id).Field("state", order.State()).Field("level", order.level);
  if (order.matter) {
    w.Field("matter_id", *order.matter);
    if (const auto matter = FindMatter(ctx.tx, ctx.county, *order.matter)) w.Field("matter_title", matter->Title());
  }
  w.Field("to_unit_id", order.to_unit).Field("to_unit_name", names.Unit(order.to_unit));
  w.Field("by_unit_id", order.by_unit).Field("by_unit_name", names.Unit(order.by_unit));
  if (order.by_officer) w.Field("by_officer_name", names.Officer(*order.by_officer));
  w.Field("by_machine", !order.by_officer.has_value());
  if (!order.text.empty()) w.Field("text", order.text);
  w.Field("made_at", order.made_at).Field("due_at", order.due_at);
  w.Field("late", order.was_late || (!order.answered_at && !order.ended_at && order.due_at < ctx.now));
  if (!order.article.empty()) w.Field("article", order.article);
  if (order.working != "null") w.RawField("working", order.working);
  w.OptField("answered_at", order.answered_at);
  if (order.answered_by) w.Field("answered_by", names.Officer(*order.answered_by));
  if (!order.answer.empty()) w.Field("answer", order.answer);
  w.OptField("ended_at", order.ended_at);
  if (!order.note.empty()) w.Field("note", order.note);
  w.Key("may").BeginArray();
  if (!order.ended_at && !order.answered_at && MayAnswer(ctx, order)) w.Value("answer");
  if (!order.ended_at && order.answered_at && MayDecide(ctx, order)) w.Value("decision");
  w.EndArray().Field("revision", order.revision).EndObject();
}

http::Response ReplyOrder(Context& ctx, const Order& order, int status) {
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  WriteOrder(ctx, w, names, order);
  return JsonReply(status, w, order.revision);
}

OrderInput ReadOrderInput(Fields& in) {
  OrderInput input;
  input.id = in.Ref<OrderId>("id");
  input.text = in.NeedText("text", 4000);
  return input;
}

http::Response PostOnMatter(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kOrder);
  Fields in = ctx.Input();
  const OrderInput input = ReadOrderInput(in);
  in.Done();
  return ReplyOrder(ctx, OrderOnMatter(ctx, std::move(seen), input), 201);
}

http::Response PostOnUnit(Context& ctx) {
  Fields in = ctx.Input();
  const OrderInput input = ReadOrderInput(in);
  const auto unit = in.NeedRef<UnitId>("unit_id");
  in.Done();
  return ReplyOrder(ctx, OrderOnUnit(ctx, unit, input), 201);
}

// What an order says of a matter is read as the matter is.
http::Response Show(Context& ctx) {
  const Order order = GetOrder(ctx);
  if (const auto matter = order.matter ? FindMatter(ctx.tx, ctx.county, *order.matter) : std::nullopt) {
    NoteMatterRead(ctx, *matter);
  }
  return ReplyOrder(ctx, order, 200);
}

http::Response PostAnswer(Context& ctx) {
  Order order = GetOrder(ctx);
  if (!MayAnswer(ctx, order)) Forbidden();
  Fields in = ctx.Input();
  const auto text = in.NeedText("text", 8000);
  in.Done();
  AnswerOrder(ctx, order, text);
  return ReplyOrder(ctx, order, 201);
}

http::Response PostDecision(Context& ctx) {
  Order order = GetOrder(ctx);
  if (!MayDecide(ctx, order)) Forbidden();
  Fields in = ctx.Input();
  const auto accepted = in.Bool("accepted");
  if (!accepted && !in.Has("accepted")) in.Refuse("accepted", "required");
  const auto note = in.Text("note", 4000).value_or("");
  if (accepted == false && note.empty()) in.Refuse("note", "required", "what is still missing");
  in.Done();
  DecideOrder(ctx, order, accepted.value_or(false), note);
  return ReplyOrder(ctx, order, 201);
}

OrderPlace PlaceOf(Context& ctx) {
  OrderPlace place{{INT64_MIN}, {}};
  const auto cursor = ctx.Query("cursor", 500);
  if (!cursor) return place;
  const std::string plain = DecodeCursor(*cursor);
  const size_t space = plain.find(' ');
  const auto id = space == std::string::npos ? std::nullopt : ParseUuid(plain.substr(space + 1));
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), place.due_at.ms);
  if (error != std::errc() || !id) Invalid("cursor", "not_a_cursor");
  place.id = *id;
  return place;
}

http::Response List(Context& ctx) {
  const std::string queue = ctx.Query("queue", 20).value_or("to_answer");
  if (std::find(kQueues.begin(), kQueues.end(), queue) == kQueues.end()) Invalid("queue", "unknown_value");
  OrderSource source = queue == "to_decide" || queue == "given" ? OrderSource::kBy : OrderSource::kTo;
  AreaCode area;
  if (queue == "open") {
    source = OrderSource::kArea;
    area = AreaFor(ctx.actor, Action::kMattersSupervise, ctx.Query("area", 15).value_or(""));
  }
  const auto limit = static_cast<size_t>(ctx.QueryLimit());
  OrderPlace place = PlaceOf(ctx);
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  size_t count = 0;
  bool is_more = true;
  std::optional<OrderPlace> last;
  while (is_more && count < limit) {
    const int wanted = static_cast<int>(limit - count) + 1;
    const auto orders = ListOrders(ctx.tx, ctx.county, source, UnitsOf(ctx.actor), area, place, wanted);
    is_more = orders.size() == static_cast<size_t>(wanted);
    for (const Order& order : orders) {
      if (count == limit) break;
      place = {order.due_at, order.id};
      if (!MayKnowOrder(ctx, order)) continue;
      if (queue == "to_answer" && order.answered_at) continue;
      if (queue == "to_decide" && !order.answered_at) continue;
      if (queue == "given" && !(order.by_officer && Uuid(*order.by_officer) == Uuid(ctx.actor.officer))) continue;
      WriteOrder(ctx, w, names, order);
      last = place;
      ++count;
    }
    if (orders.empty()) break;
  }
  w.EndArray().Key("next_cursor");
  if (is_more && last) w.Value(EncodeCursor(std::to_string(place.due_at.ms) + " " + FormatUuid(place.id)));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

}  // namespace

void WriteOrders(Context& ctx, JsonWriter& w, const MatterId& matter) {
  Names names(ctx);
  w.Key("orders").BeginArray();
  for (const Order& order : OrdersOf(ctx.tx, ctx.county, matter)) WriteOrder(ctx, w, names, order);
  w.EndArray();
}

std::vector<Route> OrderRoutes() {
  return {
      {.method = "POST", .pattern = "/api/v1/matters/{id}/orders", .action = Action::kMattersSupervise, .handle = PostOnMatter},
      {.method = "GET", .pattern = "/api/v1/orders", .action = Action::kMattersRead, .handle = List},
      {.method = "POST", .pattern = "/api/v1/orders", .action = Action::kMattersSupervise, .handle = PostOnUnit},
      {.method = "GET", .pattern = "/api/v1/orders/{id}", .action = Action::kMattersRead, .handle = Show},
      {.method = "POST", .pattern = "/api/v1/orders/{id}/answer", .action = Action::kMattersHandle, .handle = PostAnswer},
      {.method = "POST", .pattern = "/api/v1/orders/{id}/decision", .action = Action::kMattersSupervise, .handle = PostDecision},
  };
}

}  // namespace huiyin::matters
