// SPDX-License-Identifier: EUPL-1.2
#include "db/plans.h"

namespace huiyin::db {
namespace {

// Any large number does: only that it is the same for a table and for its county matters.
constexpr int kRows = 1'000'000;
// How many rows share the first, second, ... column after the county.
constexpr int kSharing[] = {32, 8, 3, 2};

constexpr Sql kIndexes{"plans.indexes", R"sql(
  SELECT t.name,
         CASE WHEN i.origin = 'pk' AND t.sql LIKE '%WITHOUT ROWID%' THEN t.name ELSE i.name END,
         i."unique", COUNT(*),
         MAX(CASE c.seqno WHEN 0 THEN c.name END)
    FROM sqlite_schema t JOIN pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c
   WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
   GROUP BY t.name, i.name
   ORDER BY t.name, i.name
)sql"};
constexpr Sql kHasFigures{"plans.has_figures", "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'"};
constexpr Sql kFigures{"plans.figures", "SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx"};
constexpr Sql kSet{"plans.set", "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ($1, $2, $3)"};

using Figure = std::tuple<std::string, std::string, std::string>;  // as sqlite_stat1 has them

// Rows in the table, then how many of them share the first column, the first two, ...
std::string FigureOf(bool is_unique, int64_t columns, std::string_view first) {
  std::string figure = std::to_string(kRows);
  const int64_t skipped = first == "county" ? 1 : 0;
  for (int64_t column = 0; column < columns; ++column) {
    int sharing = kRows;
    if (column >= skipped) {
      const auto place = std::min<size_t>(static_cast<size_t>(column - skipped), std::size(kSharing) - 1);
      sharing = is_unique && column == columns - 1 ? 1 : kSharing[place];
    } else if (columns == 1) {
      sharing = is_unique ? 1 : kRows;
    }
    figure += " " + std::to_string(sharing);
  }
  return figure;
}

}  // namespace

void SetPlans(Tx& tx) {
  auto wanted = tx.All(kIndexes, [](const Row& row) {
    return Figure{row.Text(0), row.Text(1), FigureOf(row.Flag(2), row.Int(3), row.View(4))};
  });
  std::sort(wanted.begin(), wanted.end());
  if (tx.Number(kHasFigures) > 0) {
    const auto there = tx.All(kFigures, [](const Row& row) { return Figure{row.Text(0), row.Text(1), row.Text(2)}; });
    if (there == wanted) return;
    // Made anew rather than changed, so that every connection sees that the schema moved.
    tx.Script("DROP TABLE sqlite_stat1");
  }
  tx.Script("ANALYZE sqlite_schema");  // makes the table, empty
  for (const auto& [table, index, figure] : wanted) tx.Run(kSet, table, index, figure);
  tx.Script("ANALYZE sqlite_schema");  // and reads it
}

}  // namespace huiyin::db
