// SPDX-License-Identifier: EUPL-1.2
#include "modules/upkeep/calendar_watch.h"
#include "modules/upkeep/upkeep.h"
#include "platform/nights.h"

namespace huiyin::upkeep {
namespace {

http::Response ListRuns(Context& ctx) {
  RequireMay(ctx.actor, Action::kUpkeepRead, {});
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const NightRun& run : NightRunsOf(ctx.tx, ctx.county)) {
    w.BeginObject().Field("name", run.name).Field("started_at", run.started_at).Field("ended_at", run.ended_at);
    w.Field("odd", run.is_odd).Key("found").Raw(run.data).EndObject();
  }
  w.EndArray().Key("next_cursor").Null().EndObject();
  return JsonReply(200, w);
}

// Counting stops here: the page says "or more".
constexpr int kMostCounted = 1000;

http::Response ShowRetention(Context& ctx, const std::vector<Retained>& retained) {
  RequireMay(ctx.actor, Action::kUpkeepRead, {});
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const Erased& each : Preview(ctx.tx, ctx.county, ctx.now, retained, kMostCounted)) {
    w.BeginObject().Field("kind", each.kind).Field("days", each.days).Field("due", each.count).EndObject();
  }
  w.EndArray().Key("next_cursor").Null().EndObject();
  return JsonReply(200, w);
}

Night Retention(std::vector<Retained> retained) {
  return {"retention", [retained = std::move(retained)](const NightWork& work) {
            json::object data;
            for (const Erased& each : Erase(work, retained)) data[each.kind] = each.count;
            return NightResult{.data = std::move(data)};
          }};
}

}  // namespace

Module Describe(std::vector<Retained> retained) {
  return {.name = "upkeep",
          .routes = {{.method = "GET", .pattern = "/api/v1/upkeep", .action = Action::kUpkeepRead, .handle = ListRuns},
                     {.method = "GET", .pattern = "/api/v1/retention", .action = Action::kUpkeepRead,
                      .handle = [retained](Context& ctx) { return ShowRetention(ctx, retained); }}},
          .nights = {Retention(retained), CalendarWatch()}};
}

}  // namespace huiyin::upkeep
