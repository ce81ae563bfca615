// SPDX-License-Identifier: EUPL-1.2
// Which days are worked. The State Council announces holidays and make-up workdays a year
// at a time; a year is a table of those days, and every other day is as the week has it.
// A year may be changed after the fact (31 January 2020 became a holiday four days
// before), so each has an edition, and a working remembers the editions it was made with.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "modules/terms/csv.h"

namespace huiyin::terms {

enum class DayKind { kWorkday, kMakeUpWorkday, kWeekend, kHoliday };

// One day as the calendar sees it.
struct Day {
  Date date;
  DayKind kind = DayKind::kWorkday;
  std::string name_zh;      // of the holiday, or of the one a make-up workday pays for
  bool is_in_lieu = false;  // a day off that a make-up workday pays for
  bool is_assumed = false;  // its year has no calendar: taken as the week has it

  bool is_rest() const { return kind == DayKind::kWeekend || kind == DayKind::kHoliday; }
};

// "weekend", "holiday 春节", "make-up workday 春节"; "workday" for a plain one.
[[nodiscard]] std::string Why(const Day& day);

// The announced days of one year, in order.
struct CalendarYear {
  int year = 0;
  int64_t edition = 1;  // rises by one with each change of the year
  std::vector<Day> days;
};

struct CalendarYearReading {
  CalendarYear year;
  std::vector<RowError> errors;  // the year is only to be used when there are none
};

// Reads "date,kind,name_zh,in_lieu" with the kinds `holiday` and `workday`.
[[nodiscard]] CalendarYearReading ReadCalendarYear(int year, std::string_view csv);

class Calendar {
 public:
  // Takes the year in, in place of the one it had.
  void Put(CalendarYear year);

  [[nodiscard]] Day On(Date date) const;
  [[nodiscard]] bool IsRestDay(Date date) const { return On(date).is_rest(); }
  [[nodiscard]] bool IsWorkday(Date date) const { return !IsRestDay(date); }

  [[nodiscard]] bool Knows(int year) const { return years_.contains(year); }
  [[nodiscard]] int64_t Edition(int year) const;  // 0 for a year without a calendar
  [[nodiscard]] std::vector<int> KnownYears() const;
  // The last day that can be relied on, seen from `today`; absent when not even this year
  // has a calendar. A warning is owed when it lies near.
  [[nodiscard]] std::optional<Date> KnownUntil(Date today) const;
  // Null when the year has no calendar.
  [[nodiscard]] const CalendarYear* Find(int year) const;

 private:
  std::map<int, CalendarYear> years_;
};

}  // namespace huiyin::terms
