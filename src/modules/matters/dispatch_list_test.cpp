// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/dispatch_list.h"

#include <gtest/gtest.h>

#include "modules/matters/levels.h"

namespace huiyin::matters {
namespace {

const Date kDay = Date::Of(2026, 3, 11);

Uuid Numbered(uint8_t number) {
  Uuid id;
  id.bytes.back() = number;
  return id;
}

Entry Made(uint8_t number, std::string category, AreaCode area, Date from = Date::Of(2026, 1, 1),
           std::optional<Date> until = {}, int64_t at = 0) {
  Entry entry;
  entry.id = EntryId(Numbered(number));
  entry.category = std::move(category);
  entry.area = std::move(area);
  entry.from = from;
  entry.until = until;
  entry.made_at = Instant{at};
  return entry;
}

int Chosen(const std::vector<Entry>& entries, std::string_view category, std::string_view area, Date on = kDay) {
  const Entry* entry = Choose(entries, category, area, on);
  return entry == nullptr ? 0 : Uuid(entry->id).bytes.back();
}

TEST(DispatchList, TheMostParticularCategoryWinsThenTheMostParticularArea) {
  const std::vector<Entry> list = {
      Made(1, "", ""),          Made(2, "", "990101101"),       Made(3, "water", ""),
      Made(4, "water", "990101101"), Made(5, "water.supply", ""), Made(6, "water.supply", "990101101001"),
  };
  struct Case {
    std::string_view category, area;
    int chosen;
  };
  constexpr Case kCases[] = {
      {"road.repair", "990101102001", 1}, {"road.repair", "990101101001", 2}, {"", "990101", 1},
      {"", "990101101", 2},
      {"water", "990101102", 3},          {"water.quality", "990101102", 3},  {"water.quality", "990101101002", 4},
      // A category of its own for the county stands before the parent's for the township.
      {"water.supply", "990101101002", 5}, {"water.supply", "990101101001002", 6}, {"water.supply", "990101", 5},
      // Nothing of the name alone: another word, another place.
      {"waterway", "990101102", 1},       {"water.supplying", "990101102", 3},
  };
  for (const Case& one : kCases) EXPECT_EQ(Chosen(list, one.category, one.area), one.chosen) << one.category << " " << one.area;
  EXPECT_EQ(Chosen({Made(3, "water", "")}, "road", "990101101"), 0);
  EXPECT_EQ(Chosen({Made(3, "water", "990101101")}, "water", "990101"), 0);
  EXPECT_EQ(Chosen({}, "water", "990101"), 0);
}

TEST(DispatchList, AnEntryHoldsFromItsFirstDayUpToTheDayItEnds) {
  const Date from = Date::Of(2026, 3, 10);
  const Date until = Date::Of(2026, 3, 12);
  const std::vector<Entry> list = {Made(1, "water", "", from, until), Made(2, "water", "", until)};
  EXPECT_EQ(Chosen(list, "water", "", from - 1), 0);
  EXPECT_EQ(Chosen(list, "water", "", from), 1);
  EXPECT_EQ(Chosen(list, "water", "", until - 1), 1);
  EXPECT_EQ(Chosen(list, "water", "", until), 2);
  // Ended on the day it was made: it never held.
  EXPECT_EQ(Chosen({Made(1, "water", "", from, from)}, "water", "", from), 0);
}

TEST(DispatchList, OfTwoForTheSameTheNewestWins) {
  const std::vector<Entry> list = {Made(1, "water", "", kDay, {}, 5), Made(2, "water", "", kDay, {}, 9), Made(3, "water", "", kDay, {}, 7)};
  EXPECT_EQ(Chosen(list, "water", "990101"), 2);
}

TEST(Levels, WhatIsSettledFromALevelIsSettledByItAndAbove) {
  const std::vector<std::string_view> levels = {"group", "village", "township", "county", "prefecture", "province"};
  for (size_t at = 0; at < levels.size(); ++at) {
    EXPECT_TRUE(MaySettle(levels[at], ""));
    for (size_t from = 0; from + 1 < levels.size(); ++from) {
      EXPECT_EQ(MaySettle(levels[at], levels[from]), at >= from) << levels[at] << " " << levels[from];
    }
  }
}

}  // namespace
}  // namespace huiyin::matters
