// SPDX-License-Identifier: EUPL-1.2
#include "core/problem.h"
#include "modules/households/actions.h"
#include "modules/org/org.h"

namespace huiyin::households {
namespace {

void WriteMay(Context& ctx, const Household& household, bool is_related, JsonWriter& w) {
  const auto may = [&](Action action) {
    return May(ctx.actor, action, {.area = household.area_code, .is_own = is_related}) == Decision::kAllowed;
  };
  w.Key("may").BeginArray();
  if (household.state == "living") {
    if (may(Action::kHouseholdsEdit)) {
      w.Value("section.update").Value("resident.update").Value("life_event.create").Value("consent.update");
    }
    if (may(Action::kVisitsWrite)) w.Value("visit.create");
    if (may(Action::kMattersTake)) w.Value("matter.create");
    if (may(Action::kCardsIssue)) w.Value("card.issue");
  }
  w.EndArray();
}

void WriteRead(Context& ctx, const OpenedRecord& record, JsonWriter& w, Along* along = nullptr) {
  const auto& [household, opening, is_related] = record;
  w.BeginObject()
      .Field("id", static_cast<const Uuid&>(household.id))
      .Field("register_number", household.register_number)
      .Field("area_code", household.area_code)
      .Field("area_name", org::PlaceName(ctx.tx, ctx.county, household.area_code));
  if (household.head_id) w.Field("head_id", static_cast<const Uuid&>(*household.head_id));
  w.Field("head_name", household.head_name)
      .Field("state", household.state == "living" ? "open" : "closed")
      .Field("opened", opening == Opening::kFull ? "full" : "identity");
  if (opening == Opening::kFull) {
    WriteMay(ctx, household, is_related, w);
    WriteWhole(ctx, household, w);
    const Card card = FindCard(ctx.tx, ctx.county, household.id);
    w.Key("card").BeginObject().OptField("issued_at", card.issued_at).Field("activated", card.is_activated).EndObject();
    if (AnybodyWritesRecords()) WriteRecordParts(ctx, {household, is_related, along}, w);
    else w.Key("pairing").Null();
  } else {
    WriteIdentity(ctx, household, w);
    w.Key("pairing").Null();
  }
  w.Field("revision", household.revision).EndObject();
}

http::Response GetHousehold(Context& ctx) {
  const OpenedRecord record = OpenRecord(ctx, ctx.PathId<HouseholdId>());
  JsonWriter w = ctx.Writer();
  WriteRead(ctx, record, w);
  return JsonReply(200, w, record.household.revision);
}

http::Response PatchSection(Context& ctx) {
  const SectionChanged changed = UpdateSection(ctx, ctx.PathId<HouseholdId>(), ctx.Param("name"));
  JsonWriter w = ctx.Writer();
  w.BeginObject()
      .Field("name", changed.name)
      .Field("fields", json::value(changed.fields))
      .Field("revision", changed.revision)
      .EndObject();
  return JsonReply(200, w, changed.revision);
}

http::Response GetReads(Context& ctx) {
  const auto household = FindHousehold(ctx.tx, ctx.county, ctx.PathId<HouseholdId>());
  if (!household) NotFound();
  RequireMay(ctx.actor, Action::kHouseholdsRead,
             {.area = household->area_code, .is_own = IsRelated(ctx, household->id)});
  return ListReads(ctx, household->id);
}

http::Response PutConsent(Context& ctx) {
  const ConsentRow consent = GiveConsent(ctx, RequireEdit(ctx, ctx.PathId<HouseholdId>()), ctx.Param("section"));
  JsonWriter w = ctx.Writer();
  WriteConsent(w, consent);
  return JsonReply(200, w);
}

http::Response DeleteConsent(Context& ctx) {
  WithdrawConsent(ctx, RequireEdit(ctx, ctx.PathId<HouseholdId>()), ctx.Param("section"));
  return NoContent();
}

}  // namespace

void WriteRecord(Context& ctx, const HouseholdId& id, Along& along, JsonWriter& w) {
  auto household = FindHousehold(ctx.tx, ctx.county, id);
  if (!household) NotFound();
  const Opening opening = RequireRead(ctx, *household, "visit", "", "sync.read");
  WriteRead(ctx, {std::move(*household), opening, true}, w, &along);
}

Module Describe() {
  std::vector<Route> routes = {
      {.method = "GET", .pattern = "/api/v1/households", .action = Action::kHouseholdsList, .handle = ListHouseholds},
      {.method = "GET", .pattern = "/api/v1/households/{id}", .action = Action::kHouseholdsRead,
       .handle = GetHousehold},
      {.method = "PATCH", .pattern = "/api/v1/households/{id}/sections/{name}", .action = Action::kHouseholdsEdit,
       .handle = PatchSection, .may_wait = true},
      {.method = "GET", .pattern = "/api/v1/households/{id}/history", .action = Action::kHouseholdsRead,
       .handle = ListHistory},
      {.method = "GET", .pattern = "/api/v1/households/{id}/sections/{name}/history",
       .action = Action::kHouseholdsRead, .handle = ListSectionHistory},
      {.method = "GET", .pattern = "/api/v1/households/{id}/reads", .action = Action::kHouseholdsRead,
       .handle = GetReads, .shows_reads = true},
      {.method = "PUT", .pattern = "/api/v1/households/{id}/consents/{section}", .action = Action::kHouseholdsEdit,
       .handle = PutConsent, .may_wait = true},
      {.method = "DELETE", .pattern = "/api/v1/households/{id}/consents/{section}",
       .action = Action::kHouseholdsEdit, .handle = DeleteConsent, .may_wait = true},
      {.method = "GET", .pattern = "/api/v1/residents", .action = Action::kHouseholdsList, .handle = SearchResidents},
  };
  AddPeopleRoutes(routes);
  AddFieldRoutes(routes);
  AddCardRoutes(routes);
  AddOwnRoutes(routes);
  return {.name = "households",
          .routes = std::move(routes),
          .ticks = {[](Context& ctx) { EraseRemovedFields(ctx.tx, ctx.county); }}};
}

}  // namespace huiyin::households
