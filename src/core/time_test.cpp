// SPDX-License-Identifier: EUPL-1.2
#include "core/time.h"

#include <gtest/gtest.h>

namespace huiyin {
namespace {

TEST(Time, KnowsTheLocalDayAcrossMidnightOfTheCounty) {
  const Zone zone{480};
  EXPECT_EQ(FormatDate(LocalDate(*ParseInstant("2020-01-31T15:59:59.999Z"), zone)), "2020-01-31");
  EXPECT_EQ(FormatDate(LocalDate(*ParseInstant("2020-01-31T16:00:00.000Z"), zone)), "2020-02-01");
  EXPECT_EQ(FormatInstant(StartOfDay(Date::Of(2020, 2, 1), zone)), "2020-01-31T16:00:00.000Z");
  EXPECT_EQ(FormatInstant(EndOfDay(Date::Of(2020, 2, 1), zone)), "2020-02-01T15:59:59.999Z");
  EXPECT_EQ(FormatLocal(*ParseInstant("2020-01-31T16:05:00Z"), zone), "2020-02-01 00:05");
}

TEST(Time, KnowsWeekdaysBeforeAndAfterTheEpoch) {
  EXPECT_EQ(Date::Of(1970, 1, 1).Weekday(), 4);
  EXPECT_EQ(Date::Of(1969, 12, 28).Weekday(), 7);
  EXPECT_EQ(Date::Of(2026, 11, 21).Weekday(), 6);
  EXPECT_EQ(Date::Of(2024, 2, 29) + 1, Date::Of(2024, 3, 1));
}

TEST(Time, ReadsMomentsWithOffsets) {
  EXPECT_EQ(ParseInstant("2026-11-21T16:00:00+08:00"), ParseInstant("2026-11-21T08:00:00Z"));
  EXPECT_EQ(ParseInstant("2026-11-21T08:00:00.5Z")->ms % 1000, 500);
  EXPECT_EQ(ParseInstant("2026-11-21T08:00:00.123456Z")->ms % 1000, 123);
  EXPECT_EQ(FormatInstant(*ParseInstant("1969-12-31T23:59:59.999Z")), "1969-12-31T23:59:59.999Z");
}

TEST(Time, RefusesWhatIsNoMomentOrNoDay) {
  for (const char* text :
       {"", "2026-11-21", "2026-11-21T08:00:00", "2026-02-30T08:00:00Z", "2026-11-21T24:00:00Z",
        "2026-11-21T08:00Z", "2026-11-21T08:00:00.Z", "2026-11-21T08:00:00+99:00",
        "2026-11-21T08:00:00Zx", "1600-01-01T00:00:00Z", "+026-01-01T00:00:00Z",
        "2199-12-31T23:59:59-12:30", "2199-12-31T23:59:60Z", "1900-01-01T00:00:00+08:00"}) {
    EXPECT_FALSE(ParseInstant(text)) << text;
  }
  for (const char* text : {"", "2026-2-3", "2023-02-29", "2026-13-01", "2026-00-10", "20261121",
                           "2026-11-21 ", "9999-01-01"}) {
    EXPECT_FALSE(ParseDate(text)) << text;
  }
  EXPECT_TRUE(ParseDate("2024-02-29"));
}

}  // namespace
}  // namespace huiyin
