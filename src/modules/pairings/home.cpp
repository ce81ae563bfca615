// SPDX-License-Identifier: EUPL-1.2
#include "modules/pairings/home.h"

#include <charconv>
#include <limits>

namespace huiyin::pairings {
namespace {

constexpr db::Sql kHomeOf{"pairings.home_of", R"sql(
  SELECT household_id FROM residents WHERE county = $1 AND id = $2 AND state = 'living'
)sql"};

Home HomeFrom(const households::Household& household) {
  return {household.id, household.register_number, household.area_code, household.address, household.head_name,
          household.state == "living", household.last_visit_at};
}

}  // namespace

std::optional<Home> FindHome(db::Tx& tx, County county, const HouseholdId& id) {
  const auto found = households::FindHousehold(tx, county, id);
  return found ? std::optional(HomeFrom(*found)) : std::nullopt;
}

std::optional<HouseholdId> HomeOf(db::Tx& tx, County county, const ResidentId& resident) {
  return tx.One(kHomeOf, [](const db::Row& row) { return row.Ref<HouseholdId>(0); }, county, resident);
}

const org::Officer* Names::OfficerOf(const OfficerId& id) {
  const auto [at, is_new] = officers_.try_emplace(id);
  if (is_new) at->second = org::FindOfficer(ctx_.tx, ctx_.county, id);
  return at->second ? &*at->second : nullptr;
}

const std::string& Names::Officer(const OfficerId& id) {
  static const std::string kUnknown;
  const org::Officer* officer = OfficerOf(id);
  return officer != nullptr ? officer->name : kUnknown;
}

const org::Unit* Names::UnitOf(const UnitId& id) {
  const auto [at, is_new] = units_.try_emplace(id);
  if (is_new) at->second = org::FindUnit(ctx_.tx, ctx_.county, id);
  return at->second ? &*at->second : nullptr;
}

const std::string& Names::Unit(const UnitId& id) {
  static const std::string kUnknown;
  const org::Unit* unit = UnitOf(id);
  return unit != nullptr ? unit->name : kUnknown;
}

const std::string& Names::Area(const AreaCode& code) {
  const auto [at, is_new] = areas_.try_emplace(code);
  if (is_new) at->second = org::AreaName(ctx_.tx, ctx_.county, code);
  return at->second;
}

const Home* Names::Household(const HouseholdId& id) {
  const auto [at, is_new] = homes_.try_emplace(id);
  if (is_new) at->second = FindHome(ctx_.tx, ctx_.county, id);
  return at->second ? &*at->second : nullptr;
}

void Names::Know(const households::Household& household) { homes_.emplace(household.id, HomeFrom(household)); }

Place FirstPlace() { return {std::numeric_limits<int64_t>::min(), Uuid{}}; }

Place LastPlace() {
  Place last{std::numeric_limits<int64_t>::max(), {}};
  last.id.bytes.fill(0xff);
  return last;
}

std::string CursorAt(const Place& place) {
  return EncodeCursor(fmt::format("{} {}", place.number, FormatUuid(place.id)));
}

Place PlaceAsked(const Context& ctx, const Place& otherwise) {
  const auto cursor = ctx.Query("cursor", 500);
  if (!cursor) return otherwise;
  const std::string plain = DecodeCursor(*cursor);
  Place place;
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), place.number);
  const std::string_view rest(end, static_cast<size_t>(plain.data() + plain.size() - end));
  const auto id = rest.starts_with(' ') ? ParseUuid(rest.substr(1)) : std::nullopt;
  if (error != std::errc() || !id) Invalid("cursor", "not_a_cursor");
  place.id = *id;
  return place;
}

}  // namespace huiyin::pairings
