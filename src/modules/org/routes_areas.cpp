// SPDX-License-Identifier: EUPL-1.2
#include "core/text.h"
#include "modules/org/routes.h"
#include "platform/revision.h"

namespace huiyin::org {

Uuid AreaEventId(std::string_view code) {
  // Two digits a byte, the length in front of the variant, shaped like any other id.
  const auto digit = [&](size_t i) { return i < code.size() ? code[i] - '0' : 0; };
  const auto pair = [&](size_t i) { return static_cast<uint8_t>(digit(i) << 4 | digit(i + 1)); };
  Uuid id;
  for (size_t i = 0; i < 6; ++i) id.bytes[i] = pair(2 * i);
  id.bytes[6] = 0x70;
  id.bytes[7] = static_cast<uint8_t>(code.size());
  id.bytes[8] = 0x80;
  id.bytes[9] = pair(12);
  id.bytes[10] = pair(14);
  return id;
}

namespace {

void WriteArea(JsonWriter& w, const Area& area) {
  w.BeginObject().Field("code", area.code).Field("name", area.name).Field("level", area.level);
  if (!area.parent_code.empty()) w.Field("parent", area.parent_code);
  w.Field("revision", area.revision).EndObject();
}

http::Response AreaReply(Context& ctx, int status, const Area& area) {
  JsonWriter w = ctx.Writer();
  WriteArea(w, area);
  return JsonReply(status, w, area.revision);
}

Area NeedArea(Context& ctx) {
  auto area = FindArea(ctx.tx, ctx.county, ctx.Param("code"));
  if (!area) NotFound();
  return *area;
}

http::Response GetAreas(Context& ctx) {
  static constexpr std::string_view kLevels[] = {"province", "prefecture", "county", "township", "village", "group"};
  AreaFilter filter{.parent = QueryArea(ctx, "parent"), .level = ctx.Query("level").value_or(""),
                    .q = ctx.Query("q", 100).value_or("")};
  if (!filter.level.empty() && std::find(std::begin(kLevels), std::end(kLevels), filter.level) == std::end(kLevels)) {
    Invalid("level", "unknown_value");
  }
  if (const auto cursor = ctx.Query("cursor", 500)) filter.after = DecodeCursor(*cursor);
  const int limit = ctx.QueryLimit();
  auto areas = ListAreas(ctx.tx, ctx.county, filter, limit + 1);
  const bool more = areas.size() > static_cast<size_t>(limit);
  if (more) areas.pop_back();
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const Area& area : areas) WriteArea(w, area);
  w.EndArray().Key("next_cursor");
  if (more) w.Value(EncodeCursor(areas.back().code));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

http::Response GetArea(Context& ctx) { return AreaReply(ctx, 200, NeedArea(ctx)); }

http::Response PostArea(Context& ctx) {
  Fields fields = ctx.Input();
  Area area{.code = NeedAreaCode(fields, "code"), .name = fields.NeedText("name", 100)};
  fields.Done();
  area.level = LevelOf(area.code);
  area.parent_code = ParentOf(area.code);
  if (area.code.size() <= 6 || !IsWithin(area.code, FormatCounty(ctx.county))) {
    Invalid("code", "outside_county", FormatCounty(ctx.county));
  }
  RequireMay(ctx.actor, Action::kAreasEdit, {.area = area.code});
  if (!FindArea(ctx.tx, ctx.county, area.parent_code)) Invalid("code", "unknown_parent", area.parent_code);
  if (const auto known = FindArea(ctx.tx, ctx.county, area.code)) {
    if (known->name != area.name) Conflict("areas.exists");
    return AreaReply(ctx, 201, *known);
  }
  SaveArea(ctx.tx, ctx.county, area);
  ctx.Record("area.created", "area", AreaEventId(area.code),
             ChangeData(1, {{"code", area.code}, {"name", area.name}}));
  return AreaReply(ctx, 201, area);
}

http::Response PatchArea(Context& ctx) {
  Area area = NeedArea(ctx);
  RequireMay(ctx.actor, Action::kAreasEdit, {.area = area.code});
  RequireRevision(ctx, AreaEventId(area.code), area.revision);
  Fields fields = ctx.Input();
  const auto name = fields.Text("name", 100);
  if (fields.object().contains("name") && !name) fields.Refuse("name", "required");
  fields.Done();
  if (!name || *name == area.name) return AreaReply(ctx, 200, area);
  area.name = *name;
  ++area.revision;
  RenameArea(ctx.tx, ctx.county, area.code, area.name, area.revision);
  ctx.Record("area.changed", "area", AreaEventId(area.code),
             ChangeData(area.revision, {{"name", area.name}}));
  return AreaReply(ctx, 200, area);
}

}  // namespace

void AddAreaRoutes(std::vector<Route>& routes) {
  routes.insert(routes.end(), {
      {.method = "GET", .pattern = "/api/v1/areas", .session = Session::kNone, .handle = GetAreas, .is_reference = true},
      {.method = "GET", .pattern = "/api/v1/areas/{code}", .session = Session::kNone, .handle = GetArea},
      {.method = "POST", .pattern = "/api/v1/areas", .action = Action::kAreasEdit, .handle = PostArea},
      {.method = "PATCH", .pattern = "/api/v1/areas/{code}", .action = Action::kAreasEdit, .handle = PatchArea},
  });
}

}  // namespace huiyin::org
