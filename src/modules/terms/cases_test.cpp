// SPDX-License-Identifier: EUPL-1.2
// Every version of every shipped rule, in each year it held from 2016 to 2026, around Spring
// Festival, National Day, days made up, leap days and year ends: data/terms/cases.csv, which
// tools/check_terms.py counts a second time from the announcements alone.
#include <sstream>

#include "modules/terms/testing.h"

namespace huiyin::terms {
namespace {

struct CaseRow {
  std::string rule;
  std::string version_from;
  std::string occasion;
  std::string start;
  std::string due;
};

std::vector<CaseRow> Cases() {
  std::ifstream file(DataDir() / "terms" / "cases.csv");
  std::vector<CaseRow> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    CaseRow row;
    for (std::string* cell : {&row.rule, &row.version_from, &row.occasion, &row.start, &row.due}) std::getline(cells, *cell, ',');
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string Counted(const Rule& rule, const CaseRow& row) {
  if (rule.step == "remind") return FormatDate(DayBefore(rule, D(row.start), Announced()));
  const bool is_hours = rule.unit == Unit::kHour;
  const Instant from = At(is_hours ? row.start : row.start + "T10:00");
  const Working working = DueAt(rule, from, Announced(), kChina);
  EXPECT_TRUE(working.AssumedYears().empty()) << row.start;
  if (!is_hours) return FormatDate(working.due_date);
  std::string local = FormatLocal(working.due, kChina).substr(0, 16);
  local.replace(10, 1, "T");
  return local;
}

TEST(Cases, OfEveryShippedRuleAreCountedAlike) {
  const auto rows = Cases();
  ASSERT_GT(rows.size(), 900u);
  for (const CaseRow& row : rows) {
    SCOPED_TRACE(row.rule + " from " + row.start + ", " + row.occasion);
    const Rule* rule = FindRule(ShippedData().rules, row.rule, D(row.start.substr(0, 10)));
    ASSERT_NE(rule, nullptr);
    EXPECT_EQ(FormatDate(rule->version_from), row.version_from);
    EXPECT_EQ(Counted(*rule, row), row.due);
  }
}

TEST(Cases, AreThereForEveryVersionInEachYearItHeld) {
  const auto rows = Cases();
  for (const Rule& rule : ShippedData().rules) {
    for (int year = 2016; year <= 2026; ++year) {
      const Date last = Date::Of(year, 12, 31);
      const Rule* then = FindRule(ShippedData().rules, rule.key, last);
      if (then == nullptr || then->version_from != rule.version_from) continue;
      const bool is_there = std::any_of(rows.begin(), rows.end(), [&](const CaseRow& row) {
        return row.rule == rule.key && (row.start.starts_with(std::to_string(year)) || row.due.starts_with(std::to_string(year)));
      });
      EXPECT_TRUE(is_there) << rule.key << " of " << FormatDate(rule.version_from) << " in " << year;
    }
  }
}

}  // namespace
}  // namespace huiyin::terms
