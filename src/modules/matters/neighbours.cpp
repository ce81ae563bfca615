// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/neighbours.h"

#include "modules/org/org.h"
#include "modules/pairings/pairings.h"

namespace huiyin::matters {
namespace {

HouseholdBrief BriefOf(const households::Household& household) {
  return {household.register_number, household.head_name, household.area_code};
}

}  // namespace

std::optional<HouseholdBrief> FindHousehold(Context& ctx, const HouseholdId& id) {
  const auto household = households::FindHousehold(ctx.tx, ctx.county, id);
  if (!household) return std::nullopt;
  return BriefOf(*household);
}

HouseholdBrief RequireHousehold(Context& ctx, const HouseholdId& id, std::string_view field) {
  auto household = FindHousehold(ctx, id);
  if (!household) Invalid(std::string(field), "unknown_reference");
  if (ctx.actor.IsOfficer()) households::RequireVisible(ctx, id);
  return *household;
}

bool HasResident(Context& ctx, const HouseholdId& household, const ResidentId& resident) {
  return households::HasResident(ctx.tx, ctx.county, household, resident);
}

std::string ResidentName(Context& ctx, const ResidentId& id) {
  return households::ResidentName(ctx.tx, ctx.county, id);
}

bool IsPairedWith(Context& ctx, const HouseholdId& household) {
  return ctx.actor.IsOfficer() && pairings::IsPaired(ctx.tx, ctx.county, ctx.actor.officer, household);
}

const std::pair<std::string, AreaCode>& Names::NameAndArea(const UnitId& id) {
  const auto [at, is_new] = units_.try_emplace(id);
  if (is_new) {
    if (auto unit = org::FindUnit(ctx_.tx, ctx_.county, id)) at->second = {unit->name, unit->area_code};
  }
  return at->second;
}

const std::string& Names::Unit(const UnitId& id) { return NameAndArea(id).first; }
const AreaCode& Names::UnitArea(const UnitId& id) { return NameAndArea(id).second; }

const std::string& Names::Officer(const OfficerId& id) {
  const auto [at, is_new] = officers_.try_emplace(id);
  if (is_new) at->second = org::OfficerName(ctx_.tx, ctx_.county, id);
  return at->second;
}

const std::string& Names::Area(const AreaCode& code) {
  const auto [at, is_new] = areas_.try_emplace(code);
  if (is_new) at->second = org::AreaPath(ctx_.tx, ctx_.county, code);
  return at->second;
}

const std::optional<HouseholdBrief>& Names::Household(const HouseholdId& id) {
  const auto [at, is_new] = households_.try_emplace(id);
  if (is_new) at->second = FindHousehold(ctx_, id);
  return at->second;
}

void Names::Know(const households::Household& household) { households_.emplace(household.id, BriefOf(household)); }

}  // namespace huiyin::matters
