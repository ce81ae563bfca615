// SPDX-License-Identifier: EUPL-1.2
// What a migration does that the SQL of both engines cannot say. A step belongs to its number
// and, like the file, is never changed once counties have it.
#include "core/crypto.h"
#include "db/migrate.h"

namespace huiyin::db {
namespace {

constexpr size_t kHexMark = 64;

constexpr Sql kOldMarks{"db.old_marks", R"sql(
  SELECT county, matter_id, household_mark FROM identities WHERE household_mark IS NOT NULL AND length(household_mark) <> 64
)sql"};
constexpr Sql kNewMark{"db.new_mark", "UPDATE identities SET household_mark = $3 WHERE county = $1 AND matter_id = $2"};

struct OldMark {
  int64_t county;
  Uuid matter;
  std::string mark;
};

bool HasColumn(Tx& tx, std::string_view table, std::string_view column) {
  for (const Table& each : tx.Tables()) {
    if (each.name != table) continue;
    return std::any_of(each.columns.begin(), each.columns.end(), [&](const Table::Column& c) { return c.name == column; });
  }
  return false;
}

// 0021: the same hash, written the way it is written today; and one column less.
void AsTheyAreNow(Tx& tx) {
  const auto old = tx.All(kOldMarks, [](const Row& row) { return OldMark{row.Int(0), row.Key(1), row.Text(2)}; });
  for (const OldMark& each : old) {
    if (each.mark.size() != kHexMark) tx.Run(kNewMark, each.county, each.matter, Hex(each.mark));
  }
  if (HasColumn(tx, "alarms", "level")) tx.Script("ALTER TABLE alarms DROP COLUMN level");
}

}  // namespace

MigrationStep StepOf(int number) { return number == 21 ? &AsTheyAreNow : nullptr; }

}  // namespace huiyin::db
