// SPDX-License-Identifier: EUPL-1.2
#include "platform/counters.h"

#include <map>
#include <tuple>

#include "platform/actor.h"

namespace huiyin::counters {
namespace {

constexpr size_t kTownship = 9;

constexpr db::Sql kAdd{"platform.count", R"sql(
  INSERT INTO counters (county, name, month, area_code, unit_id, value) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (county, name, month, area_code, unit_id) DO UPDATE SET value = counters.value + excluded.value
)sql"};
constexpr db::Sql kAddSum{"platform.count_sum", R"sql(
  INSERT INTO counter_sums (county, name, month, area_code, value) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (county, name, month, area_code) DO UPDATE SET value = counter_sums.value + excluded.value
)sql"};
constexpr db::Sql kOfVillage{"platform.sum_counters", R"sql(
  SELECT COALESCE(SUM(value), 0) FROM counters
   WHERE county = $1 AND name = $2 AND month = $3 AND area_code >= $4 AND area_code < $5
)sql"};
constexpr db::Sql kOfTownships{"platform.sum_counter_sums", R"sql(
  SELECT COALESCE(SUM(value), 0) FROM counter_sums
   WHERE county = $1 AND name = $2 AND month = $3 AND area_code >= $4 AND area_code < $5
)sql"};
constexpr db::Sql kClear{"platform.clear_counter_sums", "DELETE FROM counter_sums WHERE county = $1"};
// In the order of the key, so that nothing is sorted: by townships the engine would first hold every
// village's and unit's row in memory, half a gigabyte for a million matters.
constexpr db::Sql kReal{"platform.real_counters", R"sql(
  SELECT name, month, area_code, SUM(value) FROM counters WHERE county = $1 GROUP BY name, month, area_code
   ORDER BY name, month, area_code
)sql"};
constexpr db::Sql kKept{"platform.counter_sums", "SELECT name, month, area_code, value FROM counter_sums WHERE county = $1"};

int64_t NumberOf(Date month) { return month.Year() * 100 + month.Month(); }

}  // namespace

void Add(db::Tx& tx, County county, std::string_view name, Date month, std::string_view area, const UnitId& unit, int64_t by) {
  tx.Run(kAdd, county, name, NumberOf(month), area, unit, by);
  tx.Run(kAddSum, county, name, NumberOf(month), area.substr(0, kTownship), by);
}

int64_t Sum(db::Tx& tx, County county, std::string_view name, Date month, std::string_view area) {
  return tx.Number(area.size() > kTownship ? kOfVillage : kOfTownships, county, name, NumberOf(month), area, AreaEnd(area));
}

namespace {

// Each of a name, a month and a township: what is kept, and what the counters add up to.
struct Sums {
  int64_t kept = 0;
  int64_t real = 0;
};
using SumsByKey = std::map<std::tuple<std::string, int64_t, std::string>, Sums>;

void AddReal(db::Tx& tx, County county, SumsByKey& sums) {
  tx.Rows(kReal, [&](const db::Row& row) {
    sums[{row.Text(0), row.Int(1), row.Text(2).substr(0, kTownship)}].real += row.Int(3);
  }, county);
}

}  // namespace

void RebuildSums(db::Tx& tx, County county) {
  SumsByKey sums;
  AddReal(tx, county, sums);
  tx.Run(kClear, county);
  for (const auto& [key, sum] : sums) {
    const auto& [name, month, area] = key;
    tx.Run(kAddSum, county, name, month, area, sum.real);
  }
}

std::vector<WrongSum> WrongSums(db::Tx& tx, County county) {
  SumsByKey sums;
  tx.Rows(kKept, [&](const db::Row& row) { sums[{row.Text(0), row.Int(1), row.Text(2)}].kept = row.Int(3); }, county);
  AddReal(tx, county, sums);
  std::vector<WrongSum> wrong;
  for (const auto& [key, sum] : sums) {
    const auto& [name, month, area] = key;
    if (sum.kept != sum.real) wrong.push_back({name, month, area, sum.kept, sum.real});
  }
  return wrong;
}

}  // namespace huiyin::counters
