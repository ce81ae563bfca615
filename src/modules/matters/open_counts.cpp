// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/open_counts.h"

#include "modules/matters/columns.h"
#include "modules/matters/rules.h"

namespace huiyin::matters {
namespace {

constexpr size_t kTownship = 9;
constexpr size_t kVillage = 12;

constexpr db::Sql kAdd{"matters.add_open_count", R"sql(
  INSERT INTO open_counts (county, wall_area, child_area, unit_id, due_at, is_reopened, value)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (county, wall_area, child_area, unit_id, due_at, is_reopened)
  DO UPDATE SET value = open_counts.value + excluded.value
)sql"};
constexpr db::Sql kDropEmpty{"matters.drop_open_count", R"sql(
  DELETE FROM open_counts WHERE county = $1 AND wall_area = $2 AND child_area = $3 AND unit_id = $4 AND due_at = $5
    AND is_reopened = $6 AND value = 0
)sql"};
constexpr db::Sql kWall{"matters.wall", R"sql(
  SELECT child_area, unit_id,
         SUM(CASE WHEN due_at > 0 THEN value ELSE 0 END),
         SUM(CASE WHEN due_at > 0 AND due_at < $3 THEN value ELSE 0 END),
         SUM(CASE WHEN due_at >= $3 AND due_at <= $4 THEN value ELSE 0 END),
         SUM(CASE WHEN due_at = 0 THEN value ELSE 0 END),
         SUM(CASE WHEN due_at > 0 AND is_reopened = 1 THEN value ELSE 0 END)
    FROM open_counts WHERE county = $1 AND wall_area = $2 GROUP BY child_area, unit_id
)sql"};
constexpr db::Sql kCounted{"matters.open_counts", R"sql(
  SELECT wall_area, child_area, unit_id, due_at, is_reopened, value FROM open_counts WHERE county = $1
)sql"};
constexpr db::Sql kClear{"matters.clear_open_counts", "DELETE FROM open_counts WHERE county = $1"};
constexpr db::Sql kIsCounted{"matters.is_counted", "SELECT 1 FROM open_counts WHERE county = $1 LIMIT 1"};
constexpr db::Sql kHasOpen{"matters.has_open", R"sql(
  SELECT 1 FROM matters WHERE county = $1 AND area_code >= '' AND is_open = 1 AND is_protected = 0 LIMIT 1
)sql"};

// One counter a matter is in.
struct Cell {
  AreaCode wall;
  AreaCode child;  // or
  std::string unit;
  int64_t due_at = 0;
  bool is_reopened = false;

  auto operator<=>(const Cell&) const = default;
};

AreaCode Cut(const AreaCode& area, size_t length) { return area.substr(0, std::min(length, area.size())); }

std::vector<Cell> CellsOf(County county, const AreaCode& area, const UnitId& unit, std::optional<Instant> due_at, bool is_reopened) {
  const int64_t due = due_at ? std::max<int64_t>(due_at->ms, 1) : 0;
  const AreaCode whole = FormatCounty(county);
  const std::string unit_key(unit.View());
  std::vector<Cell> cells = {{whole, Cut(area, kTownship), "", due, is_reopened}, {whole, "", unit_key, due, is_reopened}};
  if (area.size() >= kTownship) {
    const AreaCode township = Cut(area, kTownship);
    cells.push_back({township, Cut(area, kVillage), "", due, is_reopened});
    cells.push_back({township, "", unit_key, due, is_reopened});
  }
  return cells;
}

void AddTo(db::Tx& tx, County county, const Cell& cell, int64_t by) {
  const db::Blob unit{cell.unit};
  tx.Run(kAdd, county, cell.wall, cell.child, unit, cell.due_at, cell.is_reopened, by);
  if (by < 0) tx.Run(kDropEmpty, county, cell.wall, cell.child, unit, cell.due_at, cell.is_reopened);
}

using Cells = std::map<Cell, int64_t>;

Cells RealOf(db::Tx& tx, County county) {
  Cells real;
  EachOpen(tx, county, FormatCounty(county), [&](const WallRow& row) {
    for (Cell& cell : CellsOf(county, row.area, row.unit, row.due_at, row.reopened > 0)) ++real[std::move(cell)];
  });
  return real;
}

Cells CountedOf(db::Tx& tx, County county) {
  Cells counted;
  tx.Rows(kCounted, [&](const db::Row& row) {
    counted[{row.Text(0), row.Text(1), row.Text(2), row.Int(3), row.Flag(4)}] = row.Int(5);
  }, county);
  return counted;
}

// The code of the area right below `area` that holds `code`; `area` itself when it lies
// right there.
AreaCode ChildOf(const AreaCode& code, const AreaCode& area) {
  constexpr std::array<size_t, 6> kLengths = {2, 4, 6, 9, 12, 15};
  for (const size_t length : kLengths) {
    if (length > area.size()) return code.size() >= length ? code.substr(0, length) : area;
  }
  return area;
}

Wall FewOf(db::Tx& tx, County county, const AreaCode& area, Instant now, Instant soon_until) {
  Wall wall;
  EachOpen(tx, county, area, [&](const WallRow& row) {
    OpenCounts one;
    one.Add(row.due_at, row.reopened > 0, 1, now, soon_until);
    wall.total.Add(one);
    wall.by_area[ChildOf(row.area, area)].Add(one);
    wall.by_unit[row.unit].Add(one);
  });
  return wall;
}

}  // namespace

void OpenCounts::Add(const OpenCounts& other) {
  open += other.open;
  late += other.late;
  soon += other.soon;
  answered += other.answered;
  reopened += other.reopened;
}

void OpenCounts::Add(std::optional<Instant> due_at, bool is_reopened, int64_t value, Instant now, Instant soon_until) {
  if (!due_at) {
    answered += value;
    return;
  }
  open += value;
  if (*due_at < now) late += value;
  else if (*due_at <= soon_until) soon += value;
  if (is_reopened) reopened += value;
}

Wall WallOf(db::Tx& tx, County county, const AreaCode& area, Instant now, Instant soon_until) {
  const AreaCode whole = FormatCounty(county);
  const bool is_wide = area.size() <= whole.size();
  if (!is_wide && area.size() != kTownship) return FewOf(tx, county, area, now, soon_until);
  Wall wall;
  tx.Rows(kWall, [&](const db::Row& row) {
    const OpenCounts counts{row.Int(2), row.Int(3), row.Int(4), row.Int(5), row.Int(6)};
    const AreaCode child = row.Text(0);
    if (child.empty()) {
      wall.by_unit[row.Key(1)] = counts;
    } else {
      wall.total.Add(counts);
      wall.by_area[area.size() < whole.size() ? ChildOf(child, area) : child].Add(counts);
    }
  }, county, is_wide ? whole : area, now, soon_until);
  return wall;
}

void CountOpen(db::Tx& tx, County county, const Matter& m, bool is_new) {
  if (m.is_protected) return;
  const Matter::Kept& was = m.kept;
  const bool was_open = !is_new && was.is_open;
  const bool is_open = IsOpen(m.state);
  const bool is_same = was_open == is_open && was.area == m.area && Uuid(was.owner_unit) == Uuid(m.owner_unit) &&
                       was.due_at == m.due_at && was.is_reopened == (m.reopened > 0);
  if (is_same || (!was_open && !is_open)) return;
  if (was_open) {
    for (const Cell& cell : CellsOf(county, was.area, was.owner_unit, was.due_at, was.is_reopened)) AddTo(tx, county, cell, -1);
  }
  if (is_open) {
    for (const Cell& cell : CellsOf(county, m.area, m.owner_unit, m.due_at, m.reopened > 0)) AddTo(tx, county, cell, 1);
  }
}

std::vector<Difference> VerifyOpenCounts(db::Tx& tx, County county) {
  Cells real = RealOf(tx, county);
  std::vector<Difference> found;
  const auto name = [](const Cell& cell) {
    const std::string part = cell.unit.empty() ? cell.child : Hex(cell.unit);
    const std::string due = cell.due_at == 0 ? "answered" : FormatInstant({cell.due_at});
    return fmt::format("open matters of {}: {}, {}{}", cell.wall, part, due, cell.is_reopened ? ", reopened" : "");
  };
  for (const auto& [cell, counted] : CountedOf(tx, county)) {
    const auto match = real.find(cell);
    const int64_t there = match == real.end() ? 0 : match->second;
    if (there != counted) found.push_back({name(cell), counted, there});
    if (match != real.end()) real.erase(match);
  }
  for (const auto& [cell, there] : real) found.push_back({name(cell), 0, there});
  return found;
}

void RebuildOpenCounts(db::Tx& tx, County county) {
  tx.Run(kClear, county);
  for (const auto& [cell, value] : RealOf(tx, county)) AddTo(tx, county, cell, value);
}

void CountFirstTime(db::Tx& tx, County county) {
  if (!tx.Any(kIsCounted, county) && tx.Any(kHasOpen, county)) RebuildOpenCounts(tx, county);
}

}  // namespace huiyin::matters
