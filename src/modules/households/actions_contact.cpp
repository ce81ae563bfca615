// SPDX-License-Identifier: EUPL-1.2
#include "modules/households/actions.h"
#include "modules/households/households.h"

namespace huiyin::households {

void TakeContact(Context& ctx, const HouseholdId& id, const Contact& contact, const VisitId& visit) {
  auto household = FindHousehold(ctx.tx, ctx.county, id);
  if (!household) return;
  if (contact.resident) {
    const auto before = FindResident(ctx.tx, ctx.county, *contact.resident);
    if (!before || before->state != "living" || before->household_id != id) return;
    Resident resident = *before;
    if (!contact.phone.empty()) resident.phone = contact.phone;
    if (!contact.place.empty()) resident.away_place = contact.place;
    return KeepResident(ctx, *household, *before, resident, visit);
  }
  if (contact.phone.empty()) return;
  const SectionSpec* residence = FindSection("residence");
  const json::object before = SectionDoc(ctx.tx, ctx.county, *household, residence->name);
  json::object after = before;
  after["phone"] = contact.phone;
  KeepSection(ctx, *household, *residence, before, after, visit);
}

}  // namespace huiyin::households
