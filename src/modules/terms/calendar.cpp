// SPDX-License-Identifier: EUPL-1.2
#include "modules/terms/calendar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"

namespace huiyin::terms {
namespace {

constexpr size_t kLongestName = 100;
constexpr std::array<std::string_view, 4> kColumns = {"date", "kind", "name_zh", "in_lieu"};

bool IsWeekend(Date date) {
  return date.Weekday() >= 6;
}

bool IsEarlier(const Day& a, const Day& b) {
  return a.date < b.date;
}

// Reads one row, telling every mistake in it.
std::optional<Day> ReadDay(int year, const TableRow& row, std::vector<RowError>& errors) {
  const size_t errors_before = errors.size();
  const auto wrong = [&](size_t column, std::string_view code, std::string detail) {
    errors.push_back(
        {row.row, std::string(kColumns[column]), std::string(code), std::move(detail)});
  };
  const std::string& kind = row.cells[1];
  const std::string& name = row.cells[2];
  const std::string& in_lieu = row.cells[3];

  const std::optional<Date> date = ParseDate(row.cells[0]);
  if (!date) {
    wrong(0, "not_a_date", row.cells[0]);
  } else if (date->Year() != year) {
    wrong(0, "wrong_year", fmt::format("{} is not of {}", row.cells[0], year));
  } else if (kind == "workday" && !IsWeekend(*date)) {
    wrong(0, "not_a_weekend", fmt::format("{} is worked anyway", row.cells[0]));
  }
  if (kind != "holiday" && kind != "workday") wrong(1, "unknown_value", "holiday or workday");
  if (name.empty()) wrong(2, "required", "");
  if (CountCharacters(name) > kLongestName) wrong(2, "too_long", "");
  if (in_lieu != "0" && in_lieu != "1") wrong(3, "unknown_value", "0 or 1");
  if (in_lieu == "1" && kind == "workday") wrong(3, "unknown_value", "0 for a workday");
  if (errors.size() != errors_before) return std::nullopt;
  return Day{.date = *date,
             .kind = kind == "holiday" ? DayKind::kHoliday : DayKind::kMakeUpWorkday,
             .name_zh = name,
             .is_in_lieu = in_lieu == "1"};
}

}  // namespace

std::string Why(const Day& day) {
  switch (day.kind) {
    case DayKind::kWeekend:
      return "weekend";
    case DayKind::kHoliday:
      return "holiday " + day.name_zh;
    case DayKind::kMakeUpWorkday:
      return "make-up workday " + day.name_zh;
    case DayKind::kWorkday:
      break;
  }
  return "workday";
}

CalendarYearReading ReadCalendarYear(int year, std::string_view csv) {
  CalendarYearReading reading{.year = {.year = year}};
  Table table = ReadTable(csv, kColumns);
  reading.errors = std::move(table.errors);
  std::map<Date, int> row_of;
  for (const TableRow& row : table.rows) {
    std::optional<Day> day = ReadDay(year, row, reading.errors);
    if (!day) continue;
    const auto [first, is_new] = row_of.emplace(day->date, row.row);
    if (!is_new) {
      const auto detail = fmt::format("as in row {}", first->second);
      reading.errors.push_back({row.row, "date", "duplicate", detail});
      continue;
    }
    reading.year.days.push_back(std::move(*day));
  }
  // An empty year would silently turn every holiday into a workday.
  if (table.rows.empty() && reading.errors.empty()) {
    reading.errors.push_back({0, "", "empty", "a calendar names at least one day"});
  }
  std::sort(reading.year.days.begin(), reading.year.days.end(), IsEarlier);
  return reading;
}

void Calendar::Put(CalendarYear year) {
  std::sort(year.days.begin(), year.days.end(), IsEarlier);
  const int key = year.year;
  years_.insert_or_assign(key, std::move(year));
}

Day Calendar::On(Date date) const {
  Day day{.date = date, .kind = IsWeekend(date) ? DayKind::kWeekend : DayKind::kWorkday};
  const auto year = years_.find(date.Year());
  if (year == years_.end()) {
    day.is_assumed = true;
    return day;
  }
  const std::vector<Day>& days = year->second.days;
  const auto found = std::lower_bound(days.begin(), days.end(), day, IsEarlier);
  return found != days.end() && found->date == date ? *found : day;
}

int64_t Calendar::Edition(int year) const {
  const CalendarYear* found = Find(year);
  return found == nullptr ? 0 : found->edition;
}

std::vector<int> Calendar::KnownYears() const {
  std::vector<int> known;
  for (const auto& [year, days] : years_)
    known.push_back(year);
  return known;
}

std::optional<Date> Calendar::KnownUntil(Date today) const {
  int year = today.Year();
  if (!Knows(year)) return std::nullopt;
  while (Knows(year + 1))
    ++year;
  return Date::Of(year, 12, 31);
}

const CalendarYear* Calendar::Find(int year) const {
  const auto found = years_.find(year);
  return found == years_.end() ? nullptr : &found->second;
}

}  // namespace huiyin::terms
