// SPDX-License-Identifier: EUPL-1.2
// Dates counted by hand on the announced calendars.
#include "modules/terms/due.h"

#include "modules/terms/testing.h"

namespace huiyin::terms {
namespace {

constexpr Unit kWorking = Unit::kWorkingDay;
constexpr Unit kCalendar = Unit::kCalendarDay;

std::string Due(const Working& working) {
  return FormatLocal(working.due, kChina);
}

struct Counted {
  std::string_view from;
  int amount;
  std::string_view due;
};

void ExpectDue(const std::vector<Counted>& rows, Unit unit, const Calendar& calendar) {
  for (const Counted& row : rows) {
    const Working working = DueAt(Days(row.amount, unit), At(row.from), calendar, kChina);
    EXPECT_EQ(FormatDate(working.due_date), row.due) << row.amount << " from " << row.from;
    EXPECT_EQ(working.due.ms, EndOfDay(D(row.due), kChina).ms) << row.from;
    EXPECT_EQ(working.counted.size(), static_cast<size_t>(row.amount));
  }
}

TEST(WorkingDays, FiveAroundEverySpringFestival) {
  ExpectDue({{"2016-02-05", 5, "2016-02-17"},
             {"2017-01-25", 5, "2017-02-07"},
             {"2018-02-14", 5, "2018-02-27"},
             {"2019-02-01", 5, "2019-02-13"},
             {"2020-01-20", 5, "2020-02-04"},
             {"2021-02-10", 5, "2021-02-23"},
             {"2022-01-28", 5, "2022-02-09"},
             {"2023-01-20", 5, "2023-02-01"},
             {"2024-02-09", 5, "2024-02-22"},
             {"2025-01-27", 5, "2025-02-10"},
             {"2026-02-13", 5, "2026-02-27"}},
            kWorking,
            Announced());
}

TEST(WorkingDays, FiveAroundEveryNationalDay) {
  ExpectDue({{"2016-09-30", 5, "2016-10-12"},
             {"2017-09-29", 5, "2017-10-12"},
             {"2018-09-28", 5, "2018-10-10"},
             {"2019-09-30", 5, "2019-10-12"},
             {"2020-09-25", 5, "2020-10-09"},
             {"2020-09-30", 5, "2020-10-14"},
             {"2021-09-30", 5, "2021-10-13"},
             {"2022-09-30", 5, "2022-10-12"},
             {"2023-09-28", 5, "2023-10-11"},
             {"2024-09-30", 5, "2024-10-12"},
             {"2025-09-30", 5, "2025-10-14"},
             {"2026-09-30", 5, "2026-10-13"}},
            kWorking,
            Announced());
}

TEST(WorkingDays, OverYearEnds) {
  ExpectDue({{"2018-12-28", 5, "2019-01-07"},
             {"2022-12-30", 5, "2023-01-09"},
             {"2025-12-31", 2, "2026-01-05"},  // 4 January 2026 is a Sunday made up
             {"2025-12-31", 1, "2026-01-04"}},
            kWorking,
            Announced());
}

TEST(WorkingDays, TheLateChangeOf2020MovesWhatItShould) {
  const std::vector<Counted> before = {{"2020-01-20", 5, "2020-02-01"},
                                       {"2020-01-19", 10, "2020-02-06"},
                                       {"2020-01-20", 3, "2020-01-23"}};
  const std::vector<Counted> after = {{"2020-01-20", 5, "2020-02-04"},
                                      {"2020-01-19", 10, "2020-02-10"},
                                      {"2020-01-20", 3, "2020-01-23"}};
  ExpectDue(before, kWorking, AnnouncedBeforeTheLateChange());
  ExpectDue(after, kWorking, Announced());
}

TEST(CalendarDays, AnEndOnARestDayMovesToTheNextWorkingDay) {
  ExpectDue({{"2020-01-16", 15, "2020-02-03"},   // 31 January
             {"2020-01-08", 15, "2020-01-23"},   // a plain Thursday
             {"2020-01-04", 15, "2020-01-19"},   // a Sunday that is made up
             {"2020-09-10", 30, "2020-10-10"},   // a Saturday that is made up
             {"2020-09-01", 30, "2020-10-09"},   // 1 October
             {"2023-08-30", 30, "2023-10-07"},   // 29 September, Mid-Autumn
             {"2021-05-01", 60, "2021-06-30"},   // counted from a holiday
             {"2024-12-02", 30, "2025-01-02"}},  // 1 January
            kCalendar,
            Announced());
}

TEST(CalendarDays, LeapDays) {
  ExpectDue({{"2016-02-14", 15, "2016-02-29"},
             {"2020-02-14", 15, "2020-03-02"},  // 29 February 2020 is a Saturday
             {"2024-02-14", 15, "2024-02-29"},
             {"2023-02-14", 15, "2023-03-01"},
             {"2024-02-29", 1, "2024-03-01"},
             {"2024-02-28", 366, "2025-02-28"}},
            kCalendar,
            Announced());
}

TEST(CalendarDays, TheLateChangeMovesOnlyEndsThatFallIntoIt) {
  const Calendar before = AnnouncedBeforeTheLateChange();
  ExpectDue({{"2020-01-16", 15, "2020-01-31"},
             {"2020-01-15", 15, "2020-01-31"},
             {"2020-01-17", 15, "2020-02-01"},
             {"2020-01-20", 15, "2020-02-04"}},
            kCalendar,
            before);
  ExpectDue({{"2020-01-15", 15, "2020-02-03"},
             {"2020-01-17", 15, "2020-02-03"},
             {"2020-01-20", 15, "2020-02-04"}},
            kCalendar,
            Announced());
}

TEST(StartOfATerm, TheDayItStartsIsNotCountedAtWhateverHour) {
  for (const std::string_view from :
       {"2024-03-04", "2024-03-04T00:00", "2024-03-04T17:01", "2024-03-04T23:59"}) {
    EXPECT_EQ(Due(DueAt(Days(1, kWorking), At(from), Announced(), kChina)), "2024-03-05 23:59");
    EXPECT_EQ(Due(DueAt(Days(1, kCalendar), At(from), Announced(), kChina)), "2024-03-05 23:59");
  }
  const Instant last = EndOfDay(D("2024-03-04"), kChina);
  EXPECT_EQ(Due(DueAt(Days(1, kWorking), last, Announced(), kChina)), "2024-03-05 23:59");
  EXPECT_EQ(Due(DueAt(Days(1, kWorking), last + 1, Announced(), kChina)), "2024-03-06 23:59");
}

TEST(StartOfATerm, OnARestDayTheNextWorkingDayIsTheFirst) {
  for (const std::string_view from : {"2024-03-01", "2024-03-02", "2024-03-03T23:59"}) {
    const Working working = DueAt(Days(5, kWorking), At(from), Announced(), kChina);
    EXPECT_EQ(FormatDate(working.first_day), "2024-03-04") << from;
    EXPECT_EQ(Due(working), "2024-03-08 23:59") << from;
  }
  const Working in_festival = DueAt(Days(1, kWorking), At("2020-01-25"), Announced(), kChina);
  EXPECT_EQ(Due(in_festival), "2020-02-03 23:59");
}

TEST(StartOfATerm, TheLocalDayIsWhatCounts) {
  const Instant at = ParseInstant("2024-03-04T16:30:00Z").value();  // 5 March in China
  EXPECT_EQ(Due(DueAt(Days(1, kWorking), at, Announced(), kChina)), "2024-03-06 23:59");
  const Working in_utc = DueAt(Days(1, kWorking), at, Announced(), Zone{0});
  EXPECT_EQ(FormatDate(in_utc.due_date), "2024-03-05");
}

TEST(Hours, RunDayAndNight) {
  const Rule hour = Days(1, Unit::kHour);
  EXPECT_EQ(Due(DueAt(hour, At("2020-01-24T23:30"), Announced(), kChina)), "2020-01-25 00:30");
  EXPECT_EQ(Due(DueAt(hour, At("2024-02-28T23:59"), Announced(), kChina)), "2024-02-29 00:59");
  const Working working = DueAt(hour, At("2027-01-01T08:00"), Announced(), kChina);
  EXPECT_TRUE(working.counted.empty());
  EXPECT_TRUE(working.AssumedYears().empty()) << "hours ask no calendar";
}

TEST(UnknownYear, IsCountedWithWeekendsOnlyAndSaysSo) {
  Calendar calendar;
  calendar.Put(*Announced().Find(2026));
  const Working working = DueAt(Days(5, kWorking), At("2026-12-30"), calendar, kChina);
  EXPECT_EQ(FormatDate(working.due_date), "2027-01-06");
  EXPECT_EQ(working.AssumedYears(), std::vector<int>{2027});
  EXPECT_EQ(working.AssumedFrom(), 2027);
  EXPECT_NE(SentenceZh(working).find("2027 年放假安排尚未公布"), std::string::npos);
  EXPECT_NE(SentenceEn(working).find("2027"), std::string::npos);
  const Working before = DueAt(Days(1, kWorking), At("2026-12-30"), calendar, kChina);
  EXPECT_FALSE(before.AssumedFrom().has_value());
}

TEST(UnknownYear, AWorkingIsOutdatedWhenTheCalendarComesIn) {
  Calendar calendar;
  const Working working = DueAt(Days(5, kWorking), At("2020-01-20"), calendar, kChina);
  EXPECT_FALSE(IsOutdated(working, calendar));
  calendar.Put(*Announced().Find(2020));
  EXPECT_TRUE(IsOutdated(working, calendar));
  const Working again = DueAt(Days(5, kWorking), At("2020-01-20"), calendar, kChina);
  EXPECT_FALSE(IsOutdated(again, calendar));
  CalendarYear changed = *Announced().Find(2020);
  changed.edition = 2;
  calendar.Put(changed);
  EXPECT_TRUE(IsOutdated(again, calendar));
  calendar.Put(*Announced().Find(2021));
  EXPECT_TRUE(IsOutdated(again, calendar));
}

TEST(Pauses, TakeOutTheirDaysOnly) {
  const Rule rule = Days(30, kCalendar, {"hearing"});
  const Pause hearing{"hearing", At("2024-03-11T09:00"), At("2024-03-18T17:00")};
  const Working plain = DueAt(rule, At("2024-03-05"), Announced(), kChina);
  const Working paused = DueAt(rule, At("2024-03-05"), Announced(), kChina, {&hearing, 1});
  EXPECT_EQ(FormatDate(plain.counted.back()), "2024-04-04");  // Qingming, moved
  EXPECT_EQ(FormatDate(plain.due_date), "2024-04-07");        // a Sunday made up
  EXPECT_EQ(FormatDate(paused.due_date), "2024-04-11");
  EXPECT_EQ(paused.skipped.size(), 7U);
  EXPECT_EQ(FormatDate(paused.skipped.front().day.date), "2024-03-11");
  EXPECT_EQ(FormatDate(paused.skipped.back().day.date), "2024-03-17");
  EXPECT_EQ(paused.skipped.front().WhyEn(), "pause hearing");
}

TEST(Pauses, OfAKindTheRuleDoesNotNameStopNothing) {
  const Pause hearing{"hearing", At("2024-03-11"), At("2024-03-18")};
  const Rule rule = Days(30, kCalendar);
  EXPECT_EQ(Due(DueAt(rule, At("2024-03-05"), Announced(), kChina, {&hearing, 1})),
            Due(DueAt(rule, At("2024-03-05"), Announced(), kChina)));
}

TEST(Pauses, BeforeTheStartAfterTheEndAndOverlapping) {
  const Rule rule = Days(5, kWorking, {"hearing"});
  const std::vector<Pause> pauses = {
      {"hearing", At("2024-02-01"), At("2024-03-04")},        // over before day 1
      {"hearing", At("2024-03-06"), At("2024-03-08")},        // two working days
      {"hearing", At("2024-03-07"), At("2024-03-08")},        // within the one above
      {"hearing", At("2024-03-11"), At("2024-03-11T18:00")},  // not as long as a day
      {"hearing", At("2024-06-01"), At("2024-06-09")}};
  EXPECT_EQ(Due(DueAt(rule, At("2024-03-03"), Announced(), kChina, pauses)), "2024-03-12 23:59");
}

TEST(Pauses, ATermDoesNotEndInsideOne) {
  const Rule rule = Days(15, kCalendar, {"hearing"});
  const Pause hearing{"hearing", At("2020-03-02"), At("2020-03-04")};
  const Working working = DueAt(rule, At("2020-02-14"), Announced(), kChina, {&hearing, 1});
  EXPECT_EQ(Due(working), "2020-03-04 23:59");
}

TEST(Pauses, AnEndlessOneStillGivesADate) {
  const Pause hearing{"hearing", At("2024-03-11"), Instant{INT64_MAX}};
  const Rule rule = Days(5, kWorking, {"hearing"});
  const Working working = DueAt(rule, At("2024-03-08"), Announced(), kChina, {&hearing, 1});
  EXPECT_GT(working.due_date, D("2100-01-01"));
}

TEST(Pauses, StopHoursToTheMillisecond) {
  const Rule rule = Days(10, Unit::kHour, {"hearing"});
  const std::vector<Pause> pauses = {
      {"hearing", At("2024-03-04T09:00"), At("2024-03-04T10:30")},
      {"hearing", At("2024-03-04T10:00"), At("2024-03-04T11:00")},
      {"hearing", At("2024-03-04T20:00"), At("2024-03-04T21:00")}};  // begins as it ends
  const Working working = DueAt(rule, At("2024-03-04T08:00"), Announced(), kChina, pauses);
  EXPECT_EQ(Due(working), "2024-03-04 20:00");
}

TEST(Extension, GoesOnFromTheDayTheTermEnded) {
  const Working first = DueAt(Days(60, kCalendar), At("2024-03-04"), Announced(), kChina);
  EXPECT_EQ(FormatDate(first.counted.back()), "2024-05-03");  // Labour Day
  EXPECT_EQ(FormatDate(first.due_date), "2024-05-06");
  const Working extended = Extend(first, Days(30, kCalendar), 30, Announced());
  EXPECT_EQ(FormatDate(extended.first_day), "2024-05-07");
  EXPECT_EQ(FormatDate(extended.due_date), "2024-06-05");
  EXPECT_EQ(extended.extends_from, first.due_date);
  EXPECT_NE(SentenceZh(extended).find("原期限 2024-05-06"), std::string::npos);
}

TEST(Extension, CanBeGrantedShorterAndNeverLonger) {
  const Working first = DueAt(Days(20, kWorking), At("2024-03-04"), Announced(), kChina);
  EXPECT_EQ(FormatDate(first.due_date), "2024-04-01");
  EXPECT_EQ(Extend(first, Days(20, kWorking), 3, Announced()).due_date, D("2024-04-07"));
  EXPECT_EQ(Extend(first, Days(20, kWorking), 99, Announced()).counted.size(), 20U);
}

TEST(CountingBack, RemindsOnAWorkingDay) {
  EXPECT_EQ(DayBefore(Days(1, kWorking), D("2020-02-03"), Announced()), D("2020-01-23"));
  EXPECT_EQ(DayBefore(Days(2, kWorking), D("2024-03-06"), Announced()), D("2024-03-04"));
  EXPECT_EQ(DayBefore(Days(10, kCalendar), D("2024-03-20"), Announced()), D("2024-03-08"));
}

TEST(WorkingOfATerm, CanBeCountedAgainByHand) {
  const Working working = DueAt(Days(5, kWorking), At("2020-09-25T16:30"), Announced(), kChina);
  EXPECT_EQ(Texts(working.counted),
            (std::vector<std::string>{
                "2020-09-27", "2020-09-28", "2020-09-29", "2020-09-30", "2020-10-09"}));
  ASSERT_EQ(working.skipped.size(), 9U);
  EXPECT_EQ(working.skipped[0].WhyEn(), "weekend");
  EXPECT_EQ(working.skipped[1].WhyEn(), "holiday 国庆节");
  EXPECT_EQ(working.skipped[8].WhyZh(), "国庆节放假（调休）");
  ASSERT_EQ(working.made_up.size(), 1U);
  EXPECT_EQ(
      SentenceZh(working),
      "依据第一条，自 2020-09-25 起，当日不计，从 2020-09-27 数起 5 个工作日，跳过 9 天（周末 1 "
      "天、国庆节 8 天），2020-09-27 为调休上班日照常计算，2020-10-09 23:59 到期。");
  EXPECT_EQ(SentenceEn(working),
            "Under 第一条: 5 working days from 2020-09-27 on, the day it started, 2020-09-25, not "
            "being counted, passing over 9 days (weekend 1, National Day 8), counting the make-up "
            "workday 2020-09-27; due 2020-10-09 23:59.");
}

TEST(WorkingOfATerm, SaysWhyItsEndMoved) {
  const Working working = DueAt(Days(15, kCalendar), At("2020-01-16"), Announced(), kChina);
  ASSERT_TRUE(working.moved_from.has_value());
  EXPECT_EQ(FormatDate(working.moved_from->day.date), "2020-01-31");
  EXPECT_EQ(working.skipped.size(), 2U);
  EXPECT_EQ(
      SentenceZh(working),
      "依据第一条，自 2020-01-16 起，当日不计，从 2020-01-17 数起 15 个自然日，末日 2020-01-31 "
      "遇春节，顺延至下一个工作日，跳过 2 天（春节 2 天），2020-02-03 23:59 到期。");
}

TEST(LocalTime, IsReadExactly) {
  EXPECT_EQ(ParseLocal("2020-01-20", kChina), StartOfDay(D("2020-01-20"), kChina));
  EXPECT_EQ(ParseLocal("2020-01-20T23:59", kChina),
            StartOfDay(D("2020-01-20"), kChina) + 1439 * kMinute);
  for (const std::string_view wrong : {"",
                                       "2020-1-20",
                                       "2020-02-30",
                                       "2020-01-20T24:00",
                                       "2020-01-20T9:00",
                                       "2020-01-20 09:00",
                                       "2020-01-20T09:60",
                                       "2020-01-20T09:00:00",
                                       "2020-01-20T-1:00",
                                       "2020-01-20T",
                                       "today"}) {
    EXPECT_FALSE(ParseLocal(wrong, kChina).has_value()) << wrong;
  }
}

}  // namespace
}  // namespace huiyin::terms
