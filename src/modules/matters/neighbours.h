// SPDX-License-Identifier: EUPL-1.2
// What matters asks of the modules below it about households and officers, in one place.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "modules/households/households.h"
#include "platform/context.h"

namespace huiyin::matters {

struct HouseholdBrief {
  std::string register_number;
  std::string head_name;
  AreaCode area;
};
std::optional<HouseholdBrief> FindHousehold(Context& ctx, const HouseholdId& id);
// Also whether the officer asking may see it in lists: 404 otherwise.
HouseholdBrief RequireHousehold(Context& ctx, const HouseholdId& id, std::string_view field);
bool HasResident(Context& ctx, const HouseholdId& household, const ResidentId& resident);
std::string ResidentName(Context& ctx, const ResidentId& id);
bool IsPairedWith(Context& ctx, const HouseholdId& household);

// Names of units, officers and areas, each looked up once for a whole reply.
class Names {
 public:
  explicit Names(Context& ctx) : ctx_(ctx) {}
  const std::string& Unit(const UnitId& id);
  const AreaCode& UnitArea(const UnitId& id);
  const std::string& Officer(const OfficerId& id);
  const std::string& Area(const AreaCode& code);
  const std::optional<HouseholdBrief>& Household(const HouseholdId& id);
  // Saves the look-up of a household that was loaded already.
  void Know(const households::Household& household);

 private:
  const std::pair<std::string, AreaCode>& NameAndArea(const UnitId& id);

  std::map<Uuid, std::pair<std::string, AreaCode>> units_;
  std::map<Uuid, std::string> officers_;
  std::map<AreaCode, std::string> areas_;
  std::map<Uuid, std::optional<HouseholdBrief>> households_;
  Context& ctx_;
};

}  // namespace huiyin::matters
