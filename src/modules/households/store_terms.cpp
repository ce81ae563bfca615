// SPDX-License-Identifier: EUPL-1.2
// Pieces of names and addresses: what people and households are found by.
#include "core/text.h"
#include "modules/households/store.h"

namespace huiyin::households {
namespace {

constexpr std::string_view kResident = "resident";
constexpr std::string_view kHousehold = "household";

constexpr db::Sql kAddTerm{"residents.add_term", R"sql(
  INSERT INTO search_terms (county, term, area_code, kind, id) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (county, term, area_code, kind, id) DO NOTHING
)sql"};
constexpr db::Sql kDropTerm{"residents.drop_term", R"sql(
  DELETE FROM search_terms WHERE county = $1 AND term = $2 AND area_code = $3 AND kind = $4 AND id = $5
)sql"};

constexpr db::Sql kChanged{"households.changed_since_added", R"sql(
  SELECT id FROM households WHERE county = $1 AND id >= $2 AND id <= $3 AND revision > 1
)sql"};

}  // namespace

void AddNameTerms(db::Tx& tx, County county, const ResidentId& id, std::string_view area, std::string_view name) {
  for (const std::string& term : SearchTerms(name)) tx.Run(kAddTerm, county, term, area, kResident, id);
}

void DropNameTerms(db::Tx& tx, County county, const ResidentId& id, std::string_view area, std::string_view name) {
  for (const std::string& term : SearchTerms(name)) tx.Run(kDropTerm, county, term, area, kResident, id);
}

void AddAddressTerms(db::Tx& tx, County county, const HouseholdId& id, std::string_view area,
                     std::string_view address) {
  for (const std::string& term : Bigrams(address)) tx.Run(kAddTerm, county, term, area, kHousehold, id);
}

void DropAddressTerms(db::Tx& tx, County county, const HouseholdId& id, std::string_view area,
                      std::string_view address) {
  for (const std::string& term : Bigrams(address)) tx.Run(kDropTerm, county, term, area, kHousehold, id);
}

// One by one: in a file, a statement of many rows keeps what it would undo, in a list that is walked to its end each time.
void AddTerms(db::Tx& tx, County county, std::span<const Term> terms) {
  for (const Term& each : terms) tx.Run(kAddTerm, county, each.term, each.area, each.is_address ? kHousehold : kResident, each.id);
}

std::vector<HouseholdId> ChangedSinceAdded(db::Tx& tx, County county, const HouseholdId& first, const HouseholdId& last) {
  return tx.All(kChanged, [](const db::Row& row) { return row.Ref<HouseholdId>(0); }, county, first, last);
}

}  // namespace huiyin::households
