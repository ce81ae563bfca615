// SPDX-License-Identifier: EUPL-1.2
#include "modules/households/actions.h"

namespace huiyin::households {
namespace {

http::Response PostHousehold(Context& ctx) {
  const Household household = CreateHousehold(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject()
      .Field("id", static_cast<const Uuid&>(household.id))
      .Field("register_number", household.register_number)
      .Field("head_id", static_cast<const Uuid&>(household.head_id.value_or(ResidentId())))
      .Field("revision", household.revision)
      .EndObject();
  return JsonReply(201, w, household.revision);
}

http::Response ResidentReply(Context& ctx, int status, const ResidentChanged& changed) {
  JsonWriter w = ctx.Writer();
  WriteResident(w, changed.resident, ctx.services.field_key, Opening::kFull, changed.household_revision);
  return JsonReply(status, w, changed.resident.revision);
}

http::Response PostResident(Context& ctx) {
  return ResidentReply(ctx, 201, CreateResident(ctx, ctx.PathId<HouseholdId>()));
}

http::Response PatchResident(Context& ctx) {
  return ResidentReply(ctx, 200, UpdateResident(ctx, ctx.PathId<ResidentId>()));
}

http::Response PostLifeEvent(Context& ctx) {
  const LifeEvent event = RecordLifeEvent(ctx, ctx.PathId<HouseholdId>());
  JsonWriter w = ctx.Writer();
  w.BeginObject();
  WriteLifeEventFields(w, event);
  w.EndObject();
  return JsonReply(201, w, event.revision);
}

}  // namespace

void AddPeopleRoutes(std::vector<Route>& routes) {
  routes.insert(routes.end(), {
      {.method = "POST", .pattern = "/api/v1/households", .action = Action::kHouseholdsCreate,
       .handle = PostHousehold},
      {.method = "POST", .pattern = "/api/v1/households/{id}/residents", .action = Action::kHouseholdsEdit,
       .handle = PostResident, .may_wait = true},
      {.method = "POST", .pattern = "/api/v1/households/{id}/life_events", .action = Action::kHouseholdsEdit,
       .handle = PostLifeEvent, .may_wait = true},
      {.method = "GET", .pattern = "/api/v1/residents/duplicates", .action = Action::kHouseholdsList,
       .handle = ListDuplicates},
      {.method = "PATCH", .pattern = "/api/v1/residents/{id}", .action = Action::kHouseholdsEdit,
       .handle = PatchResident, .may_wait = true},
  });
}

}  // namespace huiyin::households
