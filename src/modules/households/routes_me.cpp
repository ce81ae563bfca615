// SPDX-License-Identifier: EUPL-1.2
// The household's own view: all of its record, who read it, what is done for it, and its
// word on all three.
#include "core/problem.h"
#include "modules/households/actions.h"
#include "modules/org/org.h"

namespace huiyin::households {
namespace {

Household Own(Context& ctx) {
  auto household = FindHousehold(ctx.tx, ctx.county, ctx.actor.household);
  if (!household) NotFound();
  return std::move(*household);
}

http::Response GetMyHousehold(Context& ctx) {
  const Household household = Own(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject()
      .Field("id", static_cast<const Uuid&>(household.id))
      .Field("register_number", household.register_number)
      .Field("area_code", household.area_code)
      .Field("area_name", org::PlaceName(ctx.tx, ctx.county, household.area_code));
  if (household.head_id) w.Field("head_id", static_cast<const Uuid&>(*household.head_id));
  w.Field("head_name", household.head_name);
  WriteWhole(ctx, household, w);
  w.Key("purposes").BeginArray();
  for (const org::SectionPurpose& purpose : org::Settings(ctx.tx, ctx.county).purposes) {
    const SectionSpec* section = FindSection(purpose.section);
    if (section == nullptr) continue;
    w.BeginObject()
        .Field("section", purpose.section)
        .Field("consent", NeedsConsent(org::KnownSettings(ctx.tx, ctx.county), *section))
        .Field("purpose_zh", purpose.purpose_zh)
        .Field("purpose_en", purpose.purpose_en)
        .EndObject();
  }
  w.EndArray();
  if (AnybodyWritesOwn()) WriteOwnParts(ctx, household, w);
  else w.Key("pairing").Null();
  w.Field("revision", household.revision).EndObject();
  return JsonReply(200, w, household.revision);
}

http::Response ListMyReads(Context& ctx) { return ListReads(ctx, ctx.actor.household); }

http::Response ListMyMeasures(Context& ctx) {
  const Household household = Own(ctx);
  const json::object doc = SectionDoc(ctx.tx, ctx.county, household, "measures");
  const json::value* items = doc.if_contains("items");
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items");
  if (items != nullptr && items->is_array()) w.Value(*items);
  else w.BeginArray().EndArray();
  w.Key("next_cursor").Null().EndObject();
  return JsonReply(200, w);
}

http::Response PutMyConsent(Context& ctx) {
  const ConsentRow consent = GiveConsent(ctx, Own(ctx), ctx.Param("section"));
  JsonWriter w = ctx.Writer();
  WriteConsent(w, consent);
  return JsonReply(200, w);
}

http::Response DeleteMyConsent(Context& ctx) {
  WithdrawConsent(ctx, Own(ctx), ctx.Param("section"));
  return NoContent();
}

// Any field of the section, its people where it is the population, or one of the county's own.
bool IsField(Context& ctx, const SectionSpec& section, std::string_view name) {
  const std::string_view top = name.substr(0, std::min(name.find_first_of(".["), name.size()));
  if (std::any_of(section.fields.begin(), section.fields.end(), [&](const FieldSpec& f) { return f.name == top; })) {
    return true;
  }
  if (section.name == "population") {
    constexpr std::string_view kOfPeople[] = {"name", "sex", "birth_date", "relation", "phone", "languages", "id_number",
                                              "care", "away_place", "residents", "head_name"};
    if (std::find(std::begin(kOfPeople), std::end(kOfPeople), top) != std::end(kOfPeople)) return true;
  }
  if (!name.starts_with("custom.")) return false;
  const auto fields = CustomFields(ctx.tx, ctx.county, section.name);
  return std::any_of(fields.begin(), fields.end(), [&](const CustomField& f) { return f.name == name.substr(7); });
}

http::Response PostCorrection(Context& ctx) {
  const Household household = Own(ctx);
  Fields input = ctx.Input();
  Correction correction;
  correction.household = household.id;
  correction.area_code = household.area_code;
  correction.id = input.Reference("id");
  correction.section = input.NeedText("section", 40);
  correction.field = input.Text("field", 100).value_or("");
  correction.text = input.NeedText("text", 8000);
  const SectionSpec* section = FindSection(correction.section);
  if (!correction.section.empty() && section == nullptr) input.Refuse("section", "unknown_section");
  if (section != nullptr && !correction.field.empty() && !IsField(ctx, *section, correction.field)) {
    input.Refuse("field", "unknown_field");
  }
  input.Done();
  return OpenCorrection(ctx, correction);
}

}  // namespace

void AddOwnRoutes(std::vector<Route>& routes) {
  routes.insert(routes.end(), {
      {.method = "GET", .pattern = "/api/v1/me/household", .session = Session::kResident, .handle = GetMyHousehold},
      {.method = "GET", .pattern = "/api/v1/me/reads", .session = Session::kResident, .handle = ListMyReads,
       .shows_reads = true},
      {.method = "GET", .pattern = "/api/v1/me/measures", .session = Session::kResident, .handle = ListMyMeasures},
      {.method = "POST", .pattern = "/api/v1/me/corrections", .session = Session::kResident,
       .handle = PostCorrection},
      {.method = "PUT", .pattern = "/api/v1/me/consents/{section}", .session = Session::kResident,
       .handle = PutMyConsent},
      {.method = "DELETE", .pattern = "/api/v1/me/consents/{section}", .session = Session::kResident,
       .handle = DeleteMyConsent},
  });
}

}  // namespace huiyin::households
