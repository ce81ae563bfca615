// SPDX-License-Identifier: EUPL-1.2
#include "modules/org/officer_access.h"

#include "modules/org/routes.h"

namespace huiyin::org {
namespace {

Officer InReach(Context& ctx, Action action) {
  auto officer = FindOfficer(ctx.tx, ctx.county, ctx.PathId<OfficerId>());
  if (!officer) NotFound();
  const auto unit = FindUnit(ctx.tx, ctx.county, officer->unit_id);
  RequireMay(ctx.actor, action, {.area = unit ? unit->area_code : FormatCounty(ctx.county)});
  return *officer;
}

}  // namespace

Officer NeedOfficer(Context& ctx) { return InReach(ctx, Action::kOfficersRead); }

Officer NeedOfficerToEdit(Context& ctx) {
  Officer officer = InReach(ctx, Action::kOfficersEdit);
  for (const RoleRow& row : RolesOf(ctx.tx, ctx.county, officer.id)) {
    if (May(ctx.actor, Action::kOfficersEdit, {.area = row.held.area}) != Decision::kAllowed) {
      Forbidden("officers.holds_wider_role");
    }
  }
  return officer;
}

void RequireGrantable(Context& ctx, const Unit& unit, std::string_view area, std::string_view field) {
  RequireArea(ctx.tx, ctx.county, area, field);
  if (!IsWithin(area, unit.area_code)) Invalid(std::string(field), "outside_unit_area", unit.area_code);
  if (May(ctx.actor, Action::kOfficersEdit, {.area = area}) != Decision::kAllowed) {
    Forbidden("officers.area_too_wide");
  }
}

void WriteOfficer(Context& ctx, JsonWriter& w, const Officer& officer) {
  const auto unit = FindUnit(ctx.tx, ctx.county, officer.unit_id);
  const std::string area = unit ? unit->area_code : FormatCounty(ctx.county);
  w.Field("id", officer.id).Field("name", officer.name);
  if (May(ctx.actor, Action::kOfficersEdit, {.area = area}) == Decision::kAllowed) w.Field("login", officer.login);
  w.Key("unit").BeginObject().Field("id", officer.unit_id).Field("name", unit ? unit->name : "")
      .Field("area_code", area).EndObject();
  if (!officer.post.empty()) w.Field("post", officer.post);
  if (!officer.phone.empty()) w.Field("phone", officer.phone);
  if (!officer.post_rank.empty()) w.Field("rank", officer.post_rank);
  w.Key("languages").BeginArray();
  for (const std::string& language : officer.languages) w.Value(language);
  w.EndArray().Key("roles").BeginArray();
  for (const RoleRow& row : RolesOf(ctx.tx, ctx.county, officer.id)) {
    w.BeginObject().Field("id", row.id).Field("role", RoleName(row.held.role)).Field("unit_id", row.held.unit)
        .Field("area_code", row.held.area).EndObject();
  }
  w.EndArray().Field("active", officer.is_active)
      .Field("households", PairedHouseholds(ctx.tx, ctx.county, officer.id)).Field("revision", officer.revision);
}

http::Response OfficerReply(Context& ctx, int status, const Officer& officer) {
  JsonWriter w = ctx.Writer();
  w.BeginObject();
  WriteOfficer(ctx, w, officer);
  w.EndObject();
  return JsonReply(status, w, officer.revision);
}

}  // namespace huiyin::org
