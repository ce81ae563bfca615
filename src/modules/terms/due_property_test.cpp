// SPDX-License-Identifier: EUPL-1.2
// What holds for every term, tried on many random ones from a fixed seed.
#include <algorithm>
#include <random>

#include "modules/terms/due.h"
#include "modules/terms/testing.h"

namespace huiyin::terms {
namespace {

constexpr int kTrials = 20'000;

class AnyTerm : public testing::Test {
 protected:
  int Between(int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random_);
  }

  Instant Start() {
    const Date first = D("2016-01-01");
    const Date day = first + Between(0, D("2027-06-30") - first);
    return StartOfDay(day, kChina) + Between(0, 24 * 60 - 1) * kMinute;
  }

  Unit DayUnit() { return Between(0, 1) == 0 ? Unit::kWorkingDay : Unit::kCalendarDay; }

  std::mt19937 random_{20200131};
};

// A calendar with one more holiday.
Calendar With(const Calendar& calendar, Date holiday) {
  Calendar changed = calendar;
  const CalendarYear* found = calendar.Find(holiday.Year());
  CalendarYear year = found == nullptr ? CalendarYear{.year = holiday.Year()} : *found;
  std::erase_if(year.days, [&](const Day& day) { return day.date == holiday; });
  year.days.push_back({.date = holiday, .kind = DayKind::kHoliday, .name_zh = "增加"});
  ++year.edition;
  changed.Put(std::move(year));
  return changed;
}

TEST_F(AnyTerm, InDaysIsNeverDueOnARestDay) {
  for (int trial = 0; trial < kTrials; ++trial) {
    const Rule rule = Days(Between(1, 70), DayUnit());
    const Instant from = Start();
    const Working working = DueAt(rule, from, Announced(), kChina);
    ASSERT_TRUE(Announced().IsWorkday(working.due_date)) << FormatInstant(from);
    ASSERT_EQ(working.due.ms, EndOfDay(working.due_date, kChina).ms);
    ASSERT_GT(working.due, from);
  }
}

TEST_F(AnyTerm, AccountsForEveryDayFromItsStartToItsEnd) {
  for (int trial = 0; trial < kTrials / 4; ++trial) {
    const Rule rule = Days(Between(1, 70), DayUnit(), {"hearing"});
    const Instant from = Start();
    const Instant stop = from + Between(-10, 60) * kDay;
    const Pause pause{"hearing", stop, stop + Between(1, 20) * kDay};
    const Working working = DueAt(rule, from, Announced(), kChina, {&pause, 1});
    std::vector<Date> days = working.counted;
    for (const NotedDay& noted : working.skipped)
      days.push_back(noted.day.date);
    if (working.moved_from) days.push_back(working.due_date);
    std::sort(days.begin(), days.end());
    Date expected = LocalDate(from, kChina);
    for (const Date day : days)
      ASSERT_EQ(day, expected = expected + 1) << FormatInstant(from);
    ASSERT_EQ(expected, working.due_date) << FormatInstant(from);
  }
}

TEST_F(AnyTerm, IsNeverShortenedByOneMoreHoliday) {
  for (int trial = 0; trial < kTrials / 10; ++trial) {
    const Rule rule = Days(Between(1, 40), DayUnit());
    const Instant from = Start();
    const Date holiday = LocalDate(from, kChina) + Between(-3, 70);
    const Working plain = DueAt(rule, from, Announced(), kChina);
    const Working later = DueAt(rule, from, With(Announced(), holiday), kChina);
    ASSERT_GE(later.due, plain.due) << FormatInstant(from) << " " << FormatDate(holiday);
  }
}

TEST_F(AnyTerm, StartedLaterIsNeverDueEarlier) {
  for (int trial = 0; trial < kTrials; ++trial) {
    const Rule rule = Days(Between(1, 40), DayUnit());
    const Instant from = Start();
    const Instant later = from + Between(0, 5 * 24 * 60) * kMinute;
    ASSERT_LE(DueAt(rule, from, Announced(), kChina).due,
              DueAt(rule, later, Announced(), kChina).due);
  }
}

TEST_F(AnyTerm, InCalendarDaysIsLengthenedByAPauseByExactlyItsDays) {
  for (int trial = 0; trial < kTrials; ++trial) {
    const Rule rule = Days(Between(2, 60), Unit::kCalendarDay, {"hearing"});
    const Instant from = Start();
    const int length = Between(0, 30);
    const Instant stop = from + Between(1, rule.amount) * kDay;
    const Pause pause{"hearing", stop, stop + length * kDay};
    const Working plain = DueAt(rule, from, Announced(), kChina);
    const Working paused = DueAt(rule, from, Announced(), kChina, {&pause, 1});
    ASSERT_EQ(paused.counted.back(), plain.counted.back() + length) << FormatInstant(from);
    ASSERT_GE(paused.due, plain.due);
  }
}

TEST_F(AnyTerm, InWorkingDaysIsLengthenedByAPauseByExactlyItsWorkingDays) {
  for (int trial = 0; trial < kTrials; ++trial) {
    const Rule rule = Days(Between(2, 30), Unit::kWorkingDay, {"hearing"});
    const Instant from = Start();
    const Working plain = DueAt(rule, from, Announced(), kChina);
    const size_t at = static_cast<size_t>(Between(0, rule.amount - 1));
    const Date first = plain.counted[at];
    const Date until = first + Between(1, 20);
    const Pause pause{"hearing", StartOfDay(first, kChina), StartOfDay(until, kChina)};
    int extra = 0;
    for (Date day = first; day < until; day = day + 1)
      extra += Announced().IsWorkday(day);
    const Rule longer = Days(rule.amount + extra, Unit::kWorkingDay);
    ASSERT_EQ(DueAt(rule, from, Announced(), kChina, {&pause, 1}).due,
              DueAt(longer, from, Announced(), kChina).due);
  }
}

TEST_F(AnyTerm, InHoursIsLengthenedByAPauseByExactlyItsLength) {
  for (int trial = 0; trial < kTrials; ++trial) {
    const Rule rule = Days(Between(1, 200), Unit::kHour, {"hearing"});
    const Instant from = Start();
    const Instant stop = from + Between(0, rule.amount * 60 - 1) * kMinute;
    const int64_t length = Between(0, 100'000'000);
    const Pause pause{"hearing", stop, stop + length};
    ASSERT_EQ(DueAt(rule, from, Announced(), kChina, {&pause, 1}).due.ms,
              from.ms + rule.amount * kHour + length);
  }
}

}  // namespace
}  // namespace huiyin::terms
