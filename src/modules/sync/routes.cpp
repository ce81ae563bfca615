// SPDX-License-Identifier: EUPL-1.2
#include "core/problem.h"
#include "modules/sync/changes.h"
#include "modules/sync/devices.h"
#include "modules/sync/erase.h"
#include "modules/sync/operations.h"
#include "modules/sync/quarantine.h"
#include "modules/sync/store.h"
#include "modules/sync/store_quarantine.h"
#include "modules/sync/sync.h"
#include "platform/keys.h"

namespace huiyin::sync {
namespace {

std::string_view StateOf(const Done& done) {
  if (!done.is_tried || done.response.status == 401 || done.response.status == 429 || done.response.status >= 500) return "later";
  return done.response.status < 300 ? "done" : "refused";
}

// Nothing is lost because it could not be taken: who sent it, and whoever stands in for them, find
// it here even when the phone is gone.
void KeepAside(Context& ctx, const Operation& operation, const http::Response& refused) {
  const json::value problem = json::parse(refused.body);
  const json::object content{{"operation", OperationJson(operation)}, {"problem", problem}};
  const std::string code(problem.at("code").as_string());
  Put(ctx.tx, ctx.county,
      {.id = operation.id, .officer = ctx.actor.officer, .record = operation.record, .received_at = ctx.now,
       .claimed_at = operation.claimed_at, .code = code, .content = Seal(json::serialize(content), ctx.services.field_key, ctx.random()),
       .closed_at = {}, .closed_by = {}, .closing = ""});
  ctx.Record("operation.set_aside", "operation", operation.id, {{"code", code}});
}

http::Response PostOperations(Context& ctx) {
  const auto operations = ReadOperations(ctx.Input().object(), ctx.county);
  const auto& done = std::any_cast<const std::vector<Done>&>(ctx.prepared);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("results").BeginArray();
  for (size_t i = 0; i < operations.size(); ++i) {
    const Operation& operation = operations[i];
    const http::Response& response = done[i].response;
    const std::string_view state = StateOf(done[i]);
    // What a supervisor decides, or has decided, is not set aside as well.
    if (state == "refused" && !FindQuarantined(ctx.tx, ctx.county, operation.id)) KeepAside(ctx, operation, response);
    if (state == "done") Close(ctx.tx, ctx.county, operation.id, ctx.now, ctx.actor.officer, "done");
    w.BeginObject().Field("id", operation.id).Field("state", state);
    if (done[i].is_tried) w.Field("status", response.status);
    if (state == "refused") w.RawField("problem", response.body);
    if (response.status == 201) w.RawField("reply", response.body);
    w.EndObject();
  }
  w.EndArray().Field("set_aside", CountOpenOf(ctx.tx, ctx.county, ctx.actor.officer)).Field("at", ctx.now).EndObject();
  return JsonReply(200, w);
}

std::vector<Part> Split(Context& ctx) {
  std::vector<Part> parts;
  for (const Operation& operation : ReadOperations(ctx.Input().object(), ctx.county)) parts.push_back(PartOf(operation));
  return parts;
}

void WriteAside(Context& ctx, const SetAside& aside, JsonWriter& w) {
  w.BeginObject()
      .Field("id", aside.id)
      .Field("record", aside.record)
      .Field("received_at", aside.received_at)
      .OptField("claimed_at", aside.claimed_at)
      .Field("code", aside.code);
  const auto content = Unseal(aside.content, ctx.services.field_key);
  if (!content) throw std::runtime_error("set_aside: does not open with the key of the encrypted fields");
  const json::value parsed = json::parse(*content);
  w.Field("operation", parsed.at("operation")).Field("problem", parsed.at("problem")).EndObject();
}

http::Response ListAside(Context& ctx) {
  const int limit = ctx.QueryLimit();
  Uuid after;
  if (const auto cursor = ctx.Query("cursor")) {
    const auto id = ParseUuid(DecodeCursor(*cursor));
    if (!id) Invalid("cursor", "not_a_cursor");
    after = *id;
  }
  auto open = OpenOf(ctx.tx, ctx.county, ctx.actor.officer, after, limit + 1);
  const bool has_more = open.size() > static_cast<size_t>(limit);
  if (has_more) open.pop_back();
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const SetAside& aside : open) WriteAside(ctx, aside, w);
  w.EndArray().Key("next_cursor");
  if (has_more) w.Value(EncodeCursor(FormatUuid(open.back().id)));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

// Its officer gives it up, after looking at it.
http::Response DropAside(Context& ctx) {
  const Uuid id = ctx.PathId<EventId>();
  const auto aside = Find(ctx.tx, ctx.county, id);
  if (!aside || aside->officer != ctx.actor.officer) NotFound();
  if (aside->closed_at) Conflict("sync.closed_already");
  Fields in = ctx.Input();
  const std::string reason = in.NeedText("reason", 500);
  in.Done();
  Close(ctx.tx, ctx.county, id, ctx.now, ctx.actor.officer, "dropped");
  // The network may deliver it once more: it stays given up.
  UseUpKey(ctx, FormatUuid(id));
  ctx.Record("operation.dropped", "operation", id, {{"reason", reason}});
  return NoContent();
}

}  // namespace

Module Describe() {
  // Lives as long as the routes.
  const auto seen = std::make_shared<DevicesSeen>();
  const auto require_device = [seen](Context& ctx) { RequireDevice(ctx, *seen); };
  std::vector<Route> routes = {
      {.method = "GET", .pattern = "/api/v1/sync/changes", .action = Action::kHouseholdsRead,
       .handle = [require_device](Context& ctx) {
         require_device(ctx);
         return GetChanges(ctx);
       },
       .stranger = TellStranger, .is_packed = true},
      {.method = "POST", .pattern = "/api/v1/sync/operations", .action = Action::kVisitsWrite, .handle = PostOperations,
       .admit = require_device, .stranger = TellStranger, .split = Split},
      {.method = "GET", .pattern = "/api/v1/sync/set_aside", .action = Action::kVisitsWrite, .handle = ListAside},
      {.method = "POST", .pattern = "/api/v1/sync/set_aside/{id}/drop", .action = Action::kVisitsWrite, .handle = DropAside},
  };
  AddDeviceRoutes(routes);
  AddQuarantineRoutes(routes);
  return {.name = "sync", .routes = std::move(routes),
          .ticks = {[seen](Context& ctx) { seen->Write(ctx); }, QuarantineOfDisabled},
          .retained = {OperationsKeptForATime()}};
}

}  // namespace huiyin::sync
