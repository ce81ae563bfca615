// SPDX-License-Identifier: EUPL-1.2
#include "modules/terms/calendar.h"

#include "modules/terms/testing.h"

namespace huiyin::terms {
namespace {

constexpr std::string_view kHead = "date,kind,name_zh,in_lieu\n";

std::vector<RowError> ErrorsOf(std::string_view rows) {
  return ReadCalendarYear(2020, std::string(kHead) + std::string(rows)).errors;
}

TEST(Calendar, SaysWhyADayIsWorkedOrNot) {
  struct Row {
    std::string_view date;
    std::string_view why;
    bool is_rest;
  };
  const std::vector<Row> rows = {
      {"2020-01-19", "make-up workday 春节", false},
      {"2020-01-20", "workday", false},
      {"2020-01-23", "workday", false},
      {"2020-01-24", "holiday 春节", true},
      {"2020-01-31", "holiday 春节", true},
      {"2020-02-02", "holiday 春节", true},
      {"2020-02-03", "workday", false},
      {"2020-02-08", "weekend", true},
      {"2020-02-29", "weekend", true},
      {"2018-12-29", "make-up workday 元旦", false},
      {"2018-12-31", "holiday 元旦", true},
      {"2022-12-31", "holiday 元旦", true},
      {"2024-02-09", "workday", false},
      {"2026-10-10", "make-up workday 国庆节", false},
  };
  for (const Row& row : rows) {
    const Day day = Announced().On(D(row.date));
    EXPECT_EQ(Why(day), row.why) << row.date;
    EXPECT_EQ(Announced().IsRestDay(D(row.date)), row.is_rest) << row.date;
    EXPECT_EQ(Announced().IsWorkday(D(row.date)), !row.is_rest) << row.date;
    EXPECT_FALSE(day.is_assumed) << row.date;
  }
}

TEST(Calendar, AYearWithoutACalendarHasOnlyWeekendsAndSaysSo) {
  const Day new_year = Announced().On(D("2031-01-01"));
  EXPECT_TRUE(new_year.is_assumed);
  EXPECT_EQ(new_year.kind, DayKind::kWorkday);
  EXPECT_EQ(Announced().On(D("2031-01-04")).kind, DayKind::kWeekend);
  EXPECT_EQ(Announced().Edition(2031), 0);
}

TEST(Calendar, KnowsHowFarItCanBeReliedOn) {
  Calendar calendar;
  EXPECT_FALSE(calendar.KnownUntil(D("2020-06-01")).has_value());
  for (const int year : {2019, 2020, 2022})
    calendar.Put({.year = year});
  EXPECT_EQ(calendar.KnownUntil(D("2019-06-01")), D("2020-12-31"));
  EXPECT_EQ(calendar.KnownUntil(D("2022-06-01")), D("2022-12-31"));
  EXPECT_FALSE(calendar.KnownUntil(D("2021-06-01")).has_value());
  EXPECT_EQ(calendar.KnownYears(), (std::vector<int>{2019, 2020, 2022}));
}

TEST(Calendar, EveryShippedYearReads) {
  EXPECT_EQ(ShippedData().errors.size(), 0U);
  for (int year = 2016; year <= 2026; ++year)
    EXPECT_TRUE(Announced().Knows(year)) << year;
}

TEST(Calendar, AChangedYearTakesThePlaceOfTheOld) {
  Calendar calendar = AnnouncedBeforeTheLateChange();
  EXPECT_TRUE(calendar.IsWorkday(D("2020-01-31")));
  CalendarYear changed = *Announced().Find(2020);
  changed.edition = 2;
  calendar.Put(changed);
  EXPECT_TRUE(calendar.IsRestDay(D("2020-01-31")));
  EXPECT_EQ(calendar.Edition(2020), 2);
}

TEST(CalendarTable, TellsEveryMistakeWithItsRowAndColumn) {
  struct Mistake {
    std::string_view rows;
    std::string_view column;
    std::string_view code;
  };
  const std::vector<Mistake> mistakes = {
      {"2020-13-01,holiday,春节,0\n", "date", "not_a_date"},
      {"2020-02-30,holiday,春节,0\n", "date", "not_a_date"},
      {"20200101,holiday,元旦,0\n", "date", "not_a_date"},
      {"2021-01-01,holiday,元旦,0\n", "date", "wrong_year"},
      {"2020-01-20,workday,春节,0\n", "date", "not_a_weekend"},
      {"2020-01-01,festival,元旦,0\n", "kind", "unknown_value"},
      {"2020-01-01,,元旦,0\n", "kind", "unknown_value"},
      {"2020-01-01,holiday,,0\n", "name_zh", "required"},
      {"2020-01-01,holiday,元旦,2\n", "in_lieu", "unknown_value"},
      {"2020-01-19,workday,春节,1\n", "in_lieu", "unknown_value"},
      {"2020-01-01,holiday,元旦\n", "", "wrong_cell_count"},
      {"2020-01-01,holiday,\"元旦,0\n", "", "broken_quotes"},
      {"2020-01-01,holiday,\"元\"旦,0\n", "", "broken_quotes"},
  };
  for (const Mistake& mistake : mistakes) {
    const auto errors = ErrorsOf(mistake.rows);
    ASSERT_EQ(errors.size(), 1U) << mistake.rows;
    EXPECT_EQ(errors[0].row, 2) << mistake.rows;
    EXPECT_EQ(errors[0].column, mistake.column) << mistake.rows;
    EXPECT_EQ(errors[0].code, mistake.code) << mistake.rows;
  }
}

TEST(CalendarTable, TellsAllMistakesOfAllRows) {
  const auto errors = ErrorsOf("2020-01-01,holiday,元旦,0\n\nx,y,,3\n2020-01-01,holiday,元旦,0\n");
  ASSERT_EQ(errors.size(), 5U);
  EXPECT_EQ(errors[0].row, 4);
  EXPECT_EQ(errors[4].row, 5);
  EXPECT_EQ(errors[4].code, "duplicate");
}

TEST(CalendarTable, RefusesWhatIsNoTable) {
  EXPECT_EQ(ReadCalendarYear(2020, "").errors.front().code, "missing_column");
  EXPECT_EQ(ReadCalendarYear(2020, kHead).errors.front().code, "empty");
  EXPECT_EQ(ErrorsOf("2020-01-01,holiday,\xB4\xBA\xBD\xDA,0\n").front().code, "not_text");
  EXPECT_EQ(ErrorsOf(std::string_view("\0", 1)).front().code, "not_text");
  EXPECT_EQ(ReadCalendarYear(2020, "date,kind,name_zh,in_lieu,x\n").errors[0].code,
            "unknown_column");
  EXPECT_EQ(ReadCalendarYear(2020, std::string(5 << 20, 'a')).errors[0].code, "too_large");
}

TEST(CalendarTable, TakesWhatSpreadsheetsWrite) {
  const auto reading = ReadCalendarYear(2020,
                                        "\xEF\xBB\xBFkind,date,in_lieu,name_zh\r\n"
                                        "holiday, 2020-01-01 ,0,\"元旦\"\r\n"
                                        "workday,2020-01-19,0,\"春\"\"节\"");
  ASSERT_EQ(reading.errors.size(), 0U);
  ASSERT_EQ(reading.year.days.size(), 2U);
  EXPECT_EQ(reading.year.days[0].name_zh, "元旦");
  EXPECT_EQ(reading.year.days[1].name_zh, "春\"节");
}

}  // namespace
}  // namespace huiyin::terms
