// SPDX-License-Identifier: EUPL-1.2
#include "platform/changes.h"

#include "db/many.h"

namespace huiyin {
namespace {

constexpr db::Sql kLast{"platform.last_change", R"sql(
  SELECT number FROM household_changes WHERE county = $1 ORDER BY number DESC LIMIT 1
)sql"};
constexpr db::Sql kPut{"platform.put_change", R"sql(
  INSERT INTO household_changes (county, household_id, number) VALUES ($1, $2, $3)
  ON CONFLICT (county, household_id) DO UPDATE SET number = excluded.number
)sql"};
constexpr db::Sql kSince{"platform.changed_since",
  "SELECT household_id FROM household_changes WHERE county = $1 AND household_id IN (" HUIYIN_MANY ") AND number > $34"};

}  // namespace

int64_t LastChange(db::Tx& tx, County county) { return tx.Number(kLast, county); }

void NoteChanged(db::Tx& tx, County county, const HouseholdId& household) {
  tx.Run(kPut, county, household, LastChange(tx, county) + 1);
}

void ChangedSince(db::Tx& tx, County county, std::span<const HouseholdId> households, int64_t number,
                  const std::function<void(const HouseholdId&)>& each) {
  // The last piece of a list repeats its last key, and IN answers once.
  db::RowsOfMany(tx, kSince, county, households, [&](const db::Row& row) { each(row.Ref<HouseholdId>(0)); }, number);
}

}  // namespace huiyin
