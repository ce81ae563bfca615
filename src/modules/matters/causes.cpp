// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/causes.h"

#include "core/small_numbers.h"
#include "modules/matters/categories.h"
#include "modules/matters/neighbours.h"
#include "modules/matters/rules.h"
#include "modules/org/org.h"

namespace huiyin::matters {
namespace {

constexpr size_t kVillage = 12;
constexpr size_t kGroup = 15;
constexpr int64_t kMostMonths = 24;
constexpr int64_t kUsualMonths = 3;
constexpr size_t kMostRows = 300;
constexpr int64_t kRepeated = 2;  // what happened once is no repeated cause

constexpr db::Sql kAdd{"causes.add", R"sql(
  INSERT INTO causes (county, month, area_code, category, received, open, late, reopened)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (county, month, area_code, category) DO UPDATE SET received = causes.received + excluded.received,
    open = causes.open + excluded.open, late = causes.late + excluded.late,
    reopened = causes.reopened + excluded.reopened
)sql"};
constexpr db::Sql kDropEmpty{"causes.drop_empty", R"sql(
  DELETE FROM causes WHERE county = $1 AND month = $2 AND area_code = $3 AND category = $4 AND received = 0
)sql"};
constexpr db::Sql kZone{"causes.zone", "SELECT zone_minutes FROM counties WHERE county = $1"};
constexpr db::Sql kCounted{"causes.counted", R"sql(
  SELECT month, area_code, category, received, open, late, reopened FROM causes WHERE county = $1
)sql"};
constexpr db::Sql kOfArea{"causes.of_area", R"sql(
  SELECT area_code, category, SUM(received), SUM(open), SUM(late), SUM(reopened) FROM causes
   WHERE county = $1 AND month >= $2 AND month <= $3 AND area_code >= $4 AND area_code < $5
   GROUP BY area_code, category
)sql"};
constexpr db::Sql kMatters{"causes.of_matters", R"sql(
  SELECT received_at, area_code, category, is_open, was_late, reopened FROM matters
   WHERE county = $1 AND is_protected = 0
)sql"};
constexpr db::Sql kClear{"causes.clear", "DELETE FROM causes WHERE county = $1"};
constexpr db::Sql kIsCounted{"causes.is_counted", "SELECT 1 FROM causes WHERE county = $1 LIMIT 1"};
constexpr db::Sql kHasMatters{"causes.has_matters", R"sql(
  SELECT 1 FROM matters WHERE county = $1 AND received_at >= 0 AND is_protected = 0 LIMIT 1
)sql"};

struct Cell {
  int64_t month = 0;  // 202603
  AreaCode area;
  std::string category;
  auto operator<=>(const Cell&) const = default;
};
struct Counts {
  int64_t received = 0;
  int64_t open = 0;
  int64_t late = 0;
  int64_t reopened = 0;
  bool operator==(const Counts&) const = default;
  Counts& operator+=(const Counts& other) {
    received += other.received;
    open += other.open;
    late += other.late;
    reopened += other.reopened;
    return *this;
  }
};

int64_t MonthOf(Date day) { return day.Year() * 100 + day.Month(); }

Zone ZoneOf(db::Tx& tx, County county) {
  return tx.One(kZone, [](const db::Row& row) { return Zone{static_cast<int32_t>(row.Int(0))}; }, county).value_or(Zone{});
}

void AddTo(db::Tx& tx, County county, const Cell& cell, const Counts& by) {
  tx.Run(kAdd, county, cell.month, cell.area, cell.category, by.received, by.open, by.late, by.reopened);
  if (by.received < 0) tx.Run(kDropEmpty, county, cell.month, cell.area, cell.category);
}

std::map<Cell, Counts> RealOf(db::Tx& tx, County county) {
  const Zone zone = ZoneOf(tx, county);
  std::map<Cell, Counts> real;
  tx.Rows(kMatters, [&](const db::Row& row) {
    const Cell cell{MonthOf(LocalDate(row.At(0), zone)), row.Text(1), row.Text(2)};
    real[cell] += {1, row.Flag(3), row.Flag(4), row.Int(5) > 0};
  }, county);
  return real;
}

// --- The figures

struct Period {
  Date from;
  Date until;  // its last day
};

Date MonthStart(Date day) { return Date::Of(day.Year(), day.Month(), 1); }
Date NextMonth(Date day) {
  return day.Month() == 12 ? Date::Of(day.Year() + 1, 1, 1) : Date::Of(day.Year(), day.Month() + 1, 1);
}

// Whole months: those in which `from` and `until` lie.
Period ReadPeriod(Context& ctx) {
  const Date until = ctx.QueryDay("until").value_or(ctx.Today());
  Date from = MonthStart(until);
  for (int64_t i = 1; i < kUsualMonths; ++i) from = MonthStart(from - 1);
  if (const auto wanted = ctx.QueryDay("from")) from = MonthStart(*wanted);
  if (from > until) Invalid("from", "out_of_range", "until");
  const int64_t months = (until.Year() - from.Year()) * 12 + until.Month() - from.Month() + 1;
  if (months > kMostMonths) Invalid("from", "out_of_range", fmt::format("at most {} months", kMostMonths));
  return {from, NextMonth(until) - 1};
}

// Those who may see every matter of the area see every figure; others none of fewer than five.
bool MaySeeAll(const Actor& actor, const AreaCode& area) {
  const auto areas = AreasOf(actor, Action::kMattersRead);
  return std::any_of(areas.begin(), areas.end(), [&](const AreaCode& own) { return IsWithin(area, own); });
}

http::Response List(Context& ctx) {
  const auto wanted = ctx.Query("area", 15);
  if (wanted && org::LevelOf(*wanted).empty()) Invalid("area", "not_an_area_code");
  const AreaCode area = AreaFor(ctx.actor, Action::kMattersTake, wanted.value_or(""));
  const Period period = ReadPeriod(ctx);
  const bool sees_all = MaySeeAll(ctx.actor, area);
  const size_t length = area.size() >= kVillage ? kGroup : kVillage;
  std::map<std::pair<std::string, AreaCode>, Counts> rows;
  std::map<std::string, int64_t> of_cause;
  ctx.tx.Rows(kOfArea, [&](const db::Row& row) {
    const std::string category = row.Text(1);
    rows[{category, row.Text(0).substr(0, length)}] += {row.Int(2), row.Int(3), row.Int(4), row.Int(5)};
    of_cause[category] += row.Int(2);
  }, ctx.county, MonthOf(period.from), MonthOf(period.until), area, AreaEnd(area));

  const int64_t fewest = sees_all ? kRepeated : kFewestShown;
  std::vector<std::pair<std::pair<std::string, AreaCode>, Counts>> shown;
  for (auto& row : rows) {
    if (row.second.received >= fewest) shown.push_back(row);
  }
  // What happens most first; the places of one cause in their own order, which is no rank.
  std::stable_sort(shown.begin(), shown.end(), [&](const auto& a, const auto& b) {
    const std::string& x = a.first.first;
    const std::string& y = b.first.first;
    return std::tuple(-of_cause[x], x, a.first.second) < std::tuple(-of_cause[y], y, b.first.second);
  });
  const bool is_cut = shown.size() > kMostRows;
  if (is_cut) shown.resize(kMostRows);

  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Field("area_code", area).Field("area_name", names.Area(area));
  w.Field("from", period.from).Field("until", period.until).Field("small_hidden", !sees_all);
  w.Key("items").BeginArray();
  for (const auto& [key, counts] : shown) {
    w.BeginObject();
    if (!key.first.empty()) w.Field("category", key.first);
    w.Field("area_code", key.second).Field("area_name", names.Area(key.second)).Field("received", counts.received);
    const auto field = [&](std::string_view name, int64_t count) {
      if (sees_all || !IsTooFew(count)) w.Field(name, count);
    };
    field("open", counts.open);
    field("late", counts.late);
    field("reopened", counts.reopened);
    w.EndObject();
  }
  w.EndArray().Field("cut", is_cut).Key("next_cursor").Null().EndObject();
  return JsonReply(200, w);
}

}  // namespace

void CountCause(db::Tx& tx, County county, const Matter& m, bool is_new) {
  if (m.is_protected) return;
  const Matter::Kept& was = m.kept;
  const Counts before = is_new ? Counts{} : Counts{1, was.is_open, was.was_late, was.reopened > 0};
  const Counts after = {1, IsOpen(m.state), m.was_late, m.reopened > 0};
  const bool is_same_cell = was.area == m.area && was.category == m.category;
  if (!is_new && is_same_cell && before == after) return;
  const int64_t month = MonthOf(LocalDate(m.received_at, ZoneOf(tx, county)));
  const auto less = [](const Counts& c) { return Counts{-c.received, -c.open, -c.late, -c.reopened}; };
  if (is_new || !is_same_cell) {
    if (!is_new) AddTo(tx, county, {month, was.area, was.category}, less(before));
    AddTo(tx, county, {month, m.area, m.category}, after);
    return;
  }
  Counts by = after;
  by += less(before);
  AddTo(tx, county, {month, m.area, m.category}, by);
}

std::vector<Difference> VerifyCauses(db::Tx& tx, County county) {
  auto real = RealOf(tx, county);
  std::vector<Difference> found;
  const auto compare = [&](const Cell& cell, const Counts& counted, const Counts& there) {
    if (counted == there) return;
    const std::string what = fmt::format("causes of {} in {}: {}", cell.area, cell.month, cell.category);
    const bool is_total = counted.received != there.received;
    found.push_back({what, is_total ? counted.received : counted.open + counted.late + counted.reopened,
                     is_total ? there.received : there.open + there.late + there.reopened});
  };
  tx.Rows(kCounted, [&](const db::Row& row) {
    const Cell cell{row.Int(0), row.Text(1), row.Text(2)};
    const auto match = real.find(cell);
    compare(cell, {row.Int(3), row.Int(4), row.Int(5), row.Int(6)}, match == real.end() ? Counts{} : match->second);
    if (match != real.end()) real.erase(match);
  }, county);
  for (const auto& [cell, there] : real) compare(cell, {}, there);
  return found;
}

void RebuildCauses(db::Tx& tx, County county) {
  tx.Run(kClear, county);
  for (const auto& [cell, counts] : RealOf(tx, county)) AddTo(tx, county, cell, counts);
}

void CountCausesFirstTime(db::Tx& tx, County county) {
  if (!tx.Any(kIsCounted, county) && tx.Any(kHasMatters, county)) RebuildCauses(tx, county);
}

std::vector<Route> CauseRoutes() {
  return {{.method = "GET", .pattern = "/api/v1/causes", .action = Action::kMattersTake, .handle = List, .reads = Reads::kMayLag}};
}

}  // namespace huiyin::matters
