// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/open_counts.h"

#include "modules/matters/columns.h"
#include "modules/matters/held_counts.h"
#include "modules/matters/rules.h"
#include "modules/matters/stuck.h"

namespace huiyin::matters {
namespace {

constexpr size_t kTownship = 9;
constexpr size_t kVillage = 12;
// Stands for every instant before the fold: late whatever the hour.
constexpr int64_t kLongAgo = 1;

constexpr db::Sql kAdd{"matters.add_open_count", R"sql(
  INSERT INTO open_counts (county, wall_area, child_area, unit_id, due_at, value, reopened, bounced, bounced_twice, stuck,
    stuck_if_late)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
  ON CONFLICT (county, wall_area, child_area, unit_id, due_at) DO UPDATE SET
    value = open_counts.value + excluded.value, reopened = open_counts.reopened + excluded.reopened,
    bounced = open_counts.bounced + excluded.bounced,
    bounced_twice = open_counts.bounced_twice + excluded.bounced_twice,
    stuck = open_counts.stuck + excluded.stuck, stuck_if_late = open_counts.stuck_if_late + excluded.stuck_if_late
)sql"};
constexpr db::Sql kDropEmpty{"matters.drop_open_count", R"sql(
  DELETE FROM open_counts WHERE county = $1 AND wall_area = $2 AND child_area = $3 AND unit_id = $4 AND due_at = $5
    AND value = 0
)sql"};
constexpr db::Sql kCounted{"matters.open_counts", R"sql(
  SELECT wall_area, child_area, unit_id, due_at, value, reopened, bounced, bounced_twice, stuck, stuck_if_late
    FROM open_counts WHERE county = $1 AND due_at >= 0
)sql"};
constexpr db::Sql kClear{"matters.clear_open_counts", "DELETE FROM open_counts WHERE county = $1"};
constexpr db::Sql kIsCounted{"matters.is_counted", "SELECT 1 FROM open_counts WHERE county = $1 AND due_at >= 0 LIMIT 1"};
constexpr db::Sql kHasOpen{"matters.has_open", R"sql(
  SELECT 1 FROM matters WHERE county = $1 AND area_code >= '' AND is_open = 1 AND is_protected = 0 LIMIT 1
)sql"};
constexpr db::Sql kFold{"matters.open_fold", "SELECT before_at FROM open_folds WHERE county = $1"};
constexpr db::Sql kSetFold{"matters.set_open_fold", R"sql(
  INSERT INTO open_folds (county, before_at) VALUES ($1, $2)
  ON CONFLICT (county) DO UPDATE SET before_at = excluded.before_at
)sql"};
constexpr db::Sql kToFold{"matters.open_counts_to_fold", R"sql(
  SELECT wall_area, child_area, unit_id, SUM(value), SUM(reopened), SUM(bounced), SUM(bounced_twice), SUM(stuck),
         SUM(stuck_if_late)
    FROM open_counts WHERE county = $1 AND due_at > $2 AND due_at < $3 GROUP BY wall_area, child_area, unit_id
)sql"};
constexpr db::Sql kDropFolded{"matters.drop_folded_counts", R"sql(
  DELETE FROM open_counts WHERE county = $1 AND due_at > $2 AND due_at < $3
)sql"};

// One counter row a matter is in.
struct Cell {
  AreaCode wall;
  AreaCode child;  // or
  std::string unit;
  int64_t due_at = 0;

  auto operator<=>(const Cell&) const = default;
};

struct Figures {
  int64_t value = 0;
  int64_t reopened = 0;
  int64_t bounced = 0;
  int64_t bounced_twice = 0;
  int64_t stuck = 0;
  int64_t stuck_if_late = 0;

  friend bool operator==(const Figures&, const Figures&) = default;
  void Add(const Figures& other, int64_t times) {
    value += other.value * times;
    reopened += other.reopened * times;
    bounced += other.bounced * times;
    bounced_twice += other.bounced_twice * times;
    stuck += other.stuck * times;
    stuck_if_late += other.stuck_if_late * times;
  }
};
using Cells = std::map<Cell, Figures>;

AreaCode Cut(const AreaCode& area, size_t length) { return area.substr(0, std::min(length, area.size())); }

Figures FiguresOf(const OpenOne& one) {
  // What waits for the resident is in none of the others.
  if (!one.due_at) return {.value = 1};
  return {.value = 1, .reopened = one.reopened > 0, .bounced = one.bounces >= 1, .bounced_twice = one.bounces >= 2,
          .stuck = one.stuck == StuckMark::kYes, .stuck_if_late = one.stuck == StuckMark::kOnceLate};
}

// Adds the matter `times` to the counters it is in.
void AddTo(Cells& cells, County county, const OpenOne& one, int64_t fold, int64_t times) {
  const int64_t due = !one.due_at ? 0 : one.due_at->ms < fold ? kLongAgo : std::max<int64_t>(one.due_at->ms, kLongAgo);
  const AreaCode whole = FormatCounty(county);
  const std::string unit(one.unit.View());
  const Figures figures = FiguresOf(one);
  cells[{whole, Cut(one.area, kTownship), "", due}].Add(figures, times);
  cells[{whole, "", unit, due}].Add(figures, times);
  if (one.area.size() < kTownship) return;
  const AreaCode township = Cut(one.area, kTownship);
  cells[{township, Cut(one.area, kVillage), "", due}].Add(figures, times);
  cells[{township, "", unit, due}].Add(figures, times);
}

void Write(db::Tx& tx, County county, const Cells& cells) {
  for (const auto& [cell, f] : cells) {
    if (f == Figures{}) continue;
    const db::Blob unit{cell.unit};
    tx.Run(kAdd, county, cell.wall, cell.child, unit, cell.due_at, f.value, f.reopened, f.bounced, f.bounced_twice, f.stuck,
           f.stuck_if_late);
    if (f.value < 0) tx.Run(kDropEmpty, county, cell.wall, cell.child, unit, cell.due_at);
  }
}

// The cells of each wall as bytes; equal bytes are equal cells.
std::map<AreaCode, std::string> TextOf(const Cells& cells) {
  std::map<AreaCode, std::string> text;
  for (const auto& [cell, f] : cells) {
    text[cell.wall] += fmt::format("{} {} {} {} {} {} {} {} {}\n", cell.child, Hex(cell.unit), cell.due_at, f.value, f.reopened,
                                   f.bounced, f.bounced_twice, f.stuck, f.stuck_if_late);
  }
  return text;
}

// Writes what has changed and says so in the editions of the walls it is on.
void Change(db::Tx& tx, County county, const Cells& cells) {
  // First, since a wall without an edition takes its first from the rows as they were.
  for (const auto& [wall, text] : TextOf(cells)) ChangeEdition(tx, county, wall, text);
  Write(tx, county, cells);
}

int64_t FoldOf(db::Tx& tx, County county) { return tx.Number(kFold, county); }

OpenOne OneOf(const WallRow& row) { return {row.area, row.unit, row.due_at, row.reopened, row.bounces, row.stuck}; }

Cells RealOf(db::Tx& tx, County county) {
  Cells real;
  const int64_t fold = FoldOf(tx, county);
  EachOpen(tx, county, FormatCounty(county), [&](const WallRow& row) { AddTo(real, county, OneOf(row), fold, 1); });
  return real;
}

Cells CountedOf(db::Tx& tx, County county) {
  Cells counted;
  tx.Rows(kCounted, [&](const db::Row& row) {
    counted[{row.Text(0), row.Text(1), row.Text(2), row.Int(3)}] = {row.Int(4), row.Int(5), row.Int(6),
                                                                    row.Int(7), row.Int(8), row.Int(9)};
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
    one.Add(OneOf(row), now, soon_until);
    wall.total.Add(one);
    wall.by_area[ChildOf(row.area, area)].Add(one);
    wall.by_unit[row.unit].Add(one);
  });
  return wall;
}

void Compare(const Cell& cell, const Figures& counted, const Figures& there, std::vector<Difference>& found) {
  const std::string part = cell.unit.empty() ? cell.child : Hex(cell.unit);
  const std::string due = cell.due_at == 0 ? "answered" : cell.due_at == kLongAgo ? "long ago" : FormatInstant({cell.due_at});
  const auto tell = [&](std::string_view what, int64_t a, int64_t b) {
    if (a != b) found.push_back({fmt::format("open matters of {}: {}, {}{}", cell.wall, part, due, what), a, b});
  };
  tell("", counted.value, there.value);
  tell(", reopened", counted.reopened, there.reopened);
  tell(", bounced", counted.bounced, there.bounced);
  tell(", bounced twice", counted.bounced_twice, there.bounced_twice);
  tell(", stuck", counted.stuck, there.stuck);
  tell(", stuck once late", counted.stuck_if_late, there.stuck_if_late);
}

}  // namespace

void OpenCounts::Add(const OpenCounts& other) {
  open += other.open;
  late += other.late;
  soon += other.soon;
  answered += other.answered;
  reopened += other.reopened;
  bounced += other.bounced;
  bounced_twice += other.bounced_twice;
  stuck += other.stuck;
}

void OpenCounts::Add(const OpenOne& one, Instant now, Instant soon_until) {
  if (!one.due_at) {
    ++answered;
    return;
  }
  ++open;
  if (*one.due_at < now) ++late;
  else if (*one.due_at <= soon_until) ++soon;
  reopened += one.reopened > 0;
  bounced += one.bounces >= 1;
  bounced_twice += one.bounces >= 2;
  stuck += IsStuck(one.stuck, one.due_at, now);
}

Wall WallOf(db::Tx& tx, County county, const AreaCode& area, Instant now, Instant soon_until) {
  const AreaCode whole = FormatCounty(county);
  const bool is_wide = area.size() <= whole.size();
  if (!is_wide && area.size() != kTownship) return FewOf(tx, county, area, now, soon_until);
  Wall wall;
  const auto held = CountsOf(tx, county, is_wide ? whole : area);
  for (const CountedPart& part : held->parts) {
    const OpenCounts counts = part.At(now, soon_until);
    if (part.child.empty()) {
      wall.by_unit.emplace_hint(wall.by_unit.end(), part.unit, counts);  // the parts are in that order
    } else {
      wall.total.Add(counts);
      wall.by_area[area.size() < whole.size() ? ChildOf(part.child, area) : part.child].Add(counts);
    }
  }
  return wall;
}

void CountOpen(db::Tx& tx, County county, const Matter& m, bool is_new) {
  if (m.is_protected) return;
  const Matter::Kept& was = m.kept;
  const bool was_open = !is_new && was.is_open;
  const bool is_open = IsOpen(m.state);
  const OpenOne before{was.area, was.owner_unit, was.due_at, was.reopened, was.bounces, was.stuck};
  const OpenOne after{m.area, m.owner_unit, m.due_at, m.reopened, m.bounces, m.stuck};
  if ((!was_open && !is_open) || (was_open == is_open && before == after)) return;
  Cells moved;
  const int64_t fold = FoldOf(tx, county);
  if (was_open) AddTo(moved, county, before, fold, -1);
  if (is_open) AddTo(moved, county, after, fold, 1);
  Change(tx, county, moved);
}

void FoldOpenCounts(db::Tx& tx, County county, Instant before) {
  if (FoldOf(tx, county) >= before.ms) return;
  Cells folded;
  tx.Rows(kToFold, [&](const db::Row& row) {
    folded[{row.Text(0), row.Text(1), row.Text(2), kLongAgo}] = {row.Int(3), row.Int(4), row.Int(5),
                                                                 row.Int(6), row.Int(7), row.Int(8)};
  }, county, kLongAgo, before);
  for (const auto& [wall, text] : TextOf(folded)) ChangeEdition(tx, county, wall, fmt::format("before {}\n{}", before.ms, text));
  tx.Run(kDropFolded, county, kLongAgo, before);
  Write(tx, county, folded);
  tx.Run(kSetFold, county, before);
}

std::vector<Difference> VerifyOpenCounts(db::Tx& tx, County county) {
  Cells real = RealOf(tx, county);
  std::vector<Difference> found;
  for (const auto& [cell, counted] : CountedOf(tx, county)) {
    const auto match = real.find(cell);
    Compare(cell, counted, match == real.end() ? Figures{} : match->second, found);
    if (match != real.end()) real.erase(match);
  }
  for (const auto& [cell, there] : real) Compare(cell, {}, there, found);
  return found;
}

void RebuildOpenCounts(db::Tx& tx, County county) {
  tx.Run(kClear, county);
  Change(tx, county, RealOf(tx, county));
}

void CountFirstTime(db::Tx& tx, County county) {
  if (!tx.Any(kIsCounted, county) && tx.Any(kHasOpen, county)) RebuildOpenCounts(tx, county);
}

}  // namespace huiyin::matters
