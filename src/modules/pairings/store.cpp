// SPDX-License-Identifier: EUPL-1.2
#include "modules/pairings/pairings.h"

namespace huiyin::pairings {
namespace {

constexpr db::Sql kIsPaired{"pairings.is_paired", R"sql(
  SELECT 1 FROM pairings WHERE county = $1 AND officer_id = $2 AND until_on IS NULL AND household_id = $3
)sql"};
constexpr db::Sql kBondsOf{"pairings.bonds_of", R"sql(
  SELECT household_id, kind, from_on FROM pairings
   WHERE county = $1 AND officer_id = $2 AND until_on IS NULL ORDER BY household_id
)sql"};

}  // namespace

bool IsPaired(db::Tx& tx, County county, const OfficerId& officer, const HouseholdId& household) {
  return tx.Any(kIsPaired, county, officer, household);
}

std::vector<Bond> BondsOf(db::Tx& tx, County county, const OfficerId& officer) {
  return tx.All(kBondsOf, [](const db::Row& row) {
    return Bond{row.Ref<HouseholdId>(0), row.Text(1), row.Day(2)};
  }, county, officer);
}

}  // namespace huiyin::pairings
