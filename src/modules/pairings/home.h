// SPDX-License-Identifier: EUPL-1.2
// The little that pairings and visits need to know of a household: where it is, what it
// is called, and whether people still live there.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "modules/households/households.h"
#include "modules/org/org.h"
#include "platform/context.h"

namespace huiyin::pairings {

struct Home {
  HouseholdId id;
  std::string register_number;
  AreaCode area_code;
  std::string address;
  std::string head_name;
  bool is_living = true;
  std::optional<Instant> last_visit_at;
};
std::optional<Home> FindHome(db::Tx& tx, County county, const HouseholdId& id);
// The household a living resident belongs to.
std::optional<HouseholdId> HomeOf(db::Tx& tx, County county, const ResidentId& resident);

// Names that records refer to, each looked up once a reply.
class Names {
 public:
  explicit Names(const Context& ctx) : ctx_(ctx) {}
  const std::string& Officer(const OfficerId& id);
  const org::Officer* OfficerOf(const OfficerId& id);
  const std::string& Unit(const UnitId& id);
  const org::Unit* UnitOf(const UnitId& id);
  const std::string& Area(const AreaCode& code);
  const Home* Household(const HouseholdId& id);
  // Saves the look-up of a household that was loaded already.
  void Know(const households::Household& household);

 private:
  const Context& ctx_;
  std::map<Uuid, std::optional<org::Officer>> officers_;
  std::map<Uuid, std::optional<org::Unit>> units_;
  std::map<AreaCode, std::string> areas_;
  std::map<Uuid, std::optional<Home>> homes_;
};

// The place in a list ordered by a number and an id, as its cursor carries it.
struct Place {
  int64_t number = 0;
  Uuid id;
};
Place FirstPlace();  // before everything
Place LastPlace();   // after everything
std::string CursorAt(const Place& place);
// The request's cursor, `otherwise` without one; 422 on a cursor we did not make.
Place PlaceAsked(const Context& ctx, const Place& otherwise);

}  // namespace huiyin::pairings
