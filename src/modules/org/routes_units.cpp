// SPDX-License-Identifier: EUPL-1.2
#include "core/text.h"
#include "modules/org/routes.h"
#include "platform/revision.h"

namespace huiyin::org {
namespace {

constexpr std::string_view kKinds[] = {"leadership", "department",  "township", "village",
                                       "window",     "supervision", "audit",    "other"};
constexpr int kDeepest = 12;

void WriteUnit(Context& ctx, JsonWriter& w, const Unit& unit) {
  w.BeginObject().Field("id", unit.id).Field("name", unit.name).Field("area_code", unit.area_code);
  if (ctx.actor.IsOfficer()) {
    w.Field("area_name", AreaName(ctx.tx, ctx.county, unit.area_code)).OptField("parent_id", unit.parent_id);
    if (unit.parent_id) w.Field("parent_name", UnitName(ctx.tx, ctx.county, *unit.parent_id));
    w.Field("kind", unit.kind);
    if (!unit.phone.empty()) w.Field("phone", unit.phone);
    if (!unit.address.empty()) w.Field("address", unit.address);
    w.Field("active", unit.is_active).Field("revision", unit.revision);
  }
  w.EndObject();
}

http::Response UnitReply(Context& ctx, int status, const Unit& unit) {
  JsonWriter w = ctx.Writer();
  WriteUnit(ctx, w, unit);
  return JsonReply(status, w, unit.revision);
}

http::Response GetUnits(Context& ctx) {
  UnitFilter filter{.area = QueryArea(ctx, "area"), .q = ctx.Query("q", 100).value_or(""),
                    .with_closed = ctx.actor.IsOfficer()};
  if (const auto cursor = ctx.Query("cursor", 500)) {
    const std::string plain = DecodeCursor(*cursor);
    const size_t bar = std::min(plain.find('|'), plain.size());
    filter.after_area = plain.substr(0, bar);
    filter.after_name = plain.substr(std::min(bar + 1, plain.size()));
    if (!IsValidUtf8(plain)) Invalid("cursor", "not_a_cursor");
  }
  const int limit = ctx.QueryLimit();
  auto units = ListUnits(ctx.tx, ctx.county, filter, limit + 1);
  const bool more = units.size() > static_cast<size_t>(limit);
  if (more) units.pop_back();
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const Unit& unit : units) WriteUnit(ctx, w, unit);
  w.EndArray().Key("next_cursor");
  if (more) w.Value(EncodeCursor(units.back().area_code + "|" + units.back().name));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

std::string PhoneOf(Fields& fields) {
  auto phone = fields.Text("phone", 40);
  if (phone && !IsPhone(*phone)) fields.Refuse("phone", "not_a_phone");
  return phone.value_or("");
}

// The parent is open, and is neither the unit nor below it.
void RequireParent(Context& ctx, const Unit& unit) {
  if (!unit.parent_id) return;
  RequireUnit(ctx.tx, ctx.county, *unit.parent_id, "parent_id");
  std::optional<UnitId> at = unit.parent_id;
  for (int i = 0; at && i < kDeepest; ++i) {
    if (*at == unit.id) Invalid("parent_id", "below_itself");
    const auto above = FindUnit(ctx.tx, ctx.county, *at);
    at = above ? above->parent_id : std::nullopt;
  }
  if (at) Invalid("parent_id", "too_deep", std::to_string(kDeepest));
}

void RequireFreeName(Context& ctx, const Unit& unit) {
  const auto other = FindUnitByName(ctx.tx, ctx.county, unit.area_code, unit.name);
  if (other && other->id != unit.id) Conflict("units.name_taken");
}

json::object Told(const Unit& unit, County county) {
  return {{"name", unit.name}, {"area_code", unit.area_code}, {"kind", unit.kind}, {"phone", unit.phone},
          {"address", unit.address}, {"active", unit.is_active},
          {"parent_id", unit.parent_id ? json::value(FormatId(county, *unit.parent_id)) : json::value(nullptr)}};
}

http::Response PostUnit(Context& ctx) {
  Fields fields = ctx.Input();
  Unit unit;
  unit.id = fields.Ref<UnitId>("id").value_or(ctx.NewId<UnitId>());
  unit.name = fields.NeedText("name", 100);
  unit.area_code = NeedAreaCode(fields, "area_code");
  unit.parent_id = fields.Ref<UnitId>("parent_id");
  unit.kind = fields.NeedOneOf("kind", kKinds);
  unit.phone = PhoneOf(fields);
  unit.address = fields.Text("address", 200).value_or("");
  fields.Done();
  RequireMay(ctx.actor, Action::kUnitsEdit, {.area = unit.area_code});
  RequireArea(ctx.tx, ctx.county, unit.area_code, "area_code");
  RequireParent(ctx, unit);
  if (const auto known = FindUnit(ctx.tx, ctx.county, unit.id)) {
    if (Told(*known, ctx.county) != Told(unit, ctx.county)) Conflict("duplicate_id");
    return UnitReply(ctx, 201, *known);
  }
  RequireFreeName(ctx, unit);
  SaveUnit(ctx.tx, ctx.county, unit);
  ctx.Record("unit.created", "unit", unit.id, ChangeData(1, Told(unit, ctx.county)));
  return UnitReply(ctx, 201, unit);
}

void ReadUnitChanges(Fields& fields, Unit& unit) {
  if (fields.object().contains("name")) unit.name = fields.NeedText("name", 100);
  if (fields.object().contains("area_code")) unit.area_code = NeedAreaCode(fields, "area_code");
  if (fields.object().contains("parent_id")) unit.parent_id = fields.Ref<UnitId>("parent_id");
  if (fields.object().contains("kind")) unit.kind = fields.NeedOneOf("kind", kKinds);
  if (fields.object().contains("phone")) unit.phone = PhoneOf(fields);
  if (fields.object().contains("address")) unit.address = fields.Text("address", 200).value_or("");
  if (const auto active = fields.Bool("active")) unit.is_active = *active;
}

http::Response PatchUnit(Context& ctx) {
  const auto before = FindUnit(ctx.tx, ctx.county, ctx.PathId<UnitId>());
  if (!before) NotFound();
  RequireMay(ctx.actor, Action::kUnitsEdit, {.area = before->area_code});
  RequireRevision(ctx, before->id, before->revision);
  Unit unit = *before;
  Fields fields = ctx.Input();
  ReadUnitChanges(fields, unit);
  fields.Done();

  const json::object old = Told(*before, ctx.county);
  json::object changes;
  for (const auto& field : Told(unit, ctx.county)) {
    if (old.at(field.key()) != field.value()) changes.emplace(field.key(), field.value());
  }
  if (changes.empty()) return UnitReply(ctx, 200, unit);
  RequireMay(ctx.actor, Action::kUnitsEdit, {.area = unit.area_code});
  if (changes.contains("area_code")) RequireArea(ctx.tx, ctx.county, unit.area_code, "area_code");
  if (changes.contains("parent_id")) RequireParent(ctx, unit);
  RequireFreeName(ctx, unit);
  if (before->is_active && !unit.is_active && OwnsOpenMatters(ctx.tx, ctx.county, unit.id)) {
    Conflict("units.owns_open_matters");
  }
  ++unit.revision;
  SaveUnit(ctx.tx, ctx.county, unit);
  ctx.Record("unit.changed", "unit", unit.id, ChangeData(unit.revision, std::move(changes)));
  return UnitReply(ctx, 200, unit);
}

}  // namespace

void AddUnitRoutes(std::vector<Route>& routes) {
  routes.insert(routes.end(), {
      {.method = "GET", .pattern = "/api/v1/units", .session = Session::kOptional, .handle = GetUnits, .is_reference = true},
      {.method = "POST", .pattern = "/api/v1/units", .action = Action::kUnitsEdit, .handle = PostUnit},
      {.method = "PATCH", .pattern = "/api/v1/units/{id}", .action = Action::kUnitsEdit, .handle = PatchUnit},
  });
}

}  // namespace huiyin::org
