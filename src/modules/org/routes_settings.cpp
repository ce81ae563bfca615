// SPDX-License-Identifier: EUPL-1.2
#include "modules/org/routes.h"
#include "modules/org/settings.h"
#include "platform/boundaries.h"
#include "platform/revision.h"

namespace huiyin::org {
namespace {

http::Response SettingsReply(Context& ctx, const CountySettings& settings) {
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("county").BeginObject().Field("code", FormatCounty(ctx.county))
      .Field("name", settings.county_name).EndObject().Field("zone", ZoneName(settings.zone));
  WriteSettings(w, settings);
  w.Field("revision", settings.revision).EndObject();
  return JsonReply(200, w, settings.revision);
}

http::Response GetSettings(Context& ctx) { return SettingsReply(ctx, Settings(ctx.tx, ctx.county)); }

// Residents are asked for their language too, before anybody knows who they are.
http::Response ListCounties(Context& ctx) {
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const CountyName& county : Counties(ctx.tx)) {
    w.BeginObject().Field("county", FormatCounty(county.county)).Field("name", county.name).Field("name_en", county.name_en);
    w.Field("is_available", true).EndObject();
  }
  w.EndArray().Key("next_cursor").Null().EndObject();
  return JsonReply(200, w);
}

http::Response ListLanguages(Context& ctx) {
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items");
  WriteLanguages(w, Settings(ctx.tx, ctx.county));
  w.Key("next_cursor").Null().EndObject();
  return JsonReply(200, w);
}

// A duty or a rank is a label people are sorted by; neither may name a protected category.
void RefuseProtectedLabels(const Context& ctx, const CountySettings& settings) {
  for (const Quota& quota : settings.quotas) {
    RequireUnprotected(ctx, "quotas", {quota.rank, quota.label_zh, quota.label_en});
  }
  for (const VisitDuty& duty : settings.visit_duties) {
    RequireUnprotected(ctx, "visit_duties", {duty.key, duty.label_zh, duty.label_en});
  }
  for (const SectionPurpose& purpose : settings.purposes) {
    RequireUnprotected(ctx, "purposes", {purpose.purpose_zh, purpose.purpose_en});
  }
}

json::object Told(const CountySettings& settings) {
  JsonWriter w;
  w.BeginObject().Field("county_name", settings.county_name);
  WriteSettings(w, settings);
  w.EndObject();
  return ParseJsonObject(w.Take());
}

http::Response PatchSettings(Context& ctx) {
  const std::string code = FormatCounty(ctx.county);
  // Everybody may see the settings, so an administrator of a township is told, not misled.
  if (May(ctx.actor, Action::kSettingsEdit, {.area = code}) != Decision::kAllowed) Forbidden();
  CountySettings settings = Settings(ctx.tx, ctx.county);
  RequireRevision(ctx, AreaEventId(code), settings.revision);
  const json::object old = Told(settings);
  Fields fields = ctx.Input();
  ReadSettings(fields, settings);
  fields.Done();
  RefuseProtectedLabels(ctx, settings);

  json::object changes;
  for (const auto& field : Told(settings)) {
    if (old.at(field.key()) != field.value()) changes.emplace(field.key(), field.value());
  }
  if (changes.empty()) return SettingsReply(ctx, settings);
  ++settings.revision;
  SaveSettings(ctx.tx, ctx.county, settings);
  if (changes.contains("county_name")) {
    if (auto area = FindArea(ctx.tx, ctx.county, code)) {
      area->name = settings.county_name;
      SaveArea(ctx.tx, ctx.county, *area);
    }
  }
  ctx.Record("settings.changed", "settings", AreaEventId(code), ChangeData(settings.revision, std::move(changes)));
  return SettingsReply(ctx, settings);
}

}  // namespace

void AddSettingsRoutes(std::vector<Route>& routes) {
  routes.insert(routes.end(), {
      {.method = "GET", .pattern = "/api/v1/settings", .action = Action::kSettingsRead, .handle = GetSettings},
      {.method = "GET", .pattern = "/api/v1/counties", .session = Session::kNone, .handle = ListCounties},
      {.method = "GET", .pattern = "/api/v1/languages", .session = Session::kNone, .handle = ListLanguages, .is_reference = true},
      {.method = "PATCH", .pattern = "/api/v1/settings", .action = Action::kSettingsEdit, .handle = PatchSettings},
  });
}

}  // namespace huiyin::org
