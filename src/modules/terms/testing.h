// SPDX-License-Identifier: EUPL-1.2
// Short ways for the tests of this module to say days, rules and shipped calendars.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "modules/terms/due.h"
#include "modules/terms/load.h"

namespace huiyin::terms {

inline constexpr Zone kChina{480};

inline Date D(std::string_view text) {
  return ParseDate(text).value_or(Date{-1'000'000});
}
inline Instant At(std::string_view text) {
  return ParseLocal(text, kChina).value_or(Instant{-1});
}

inline std::filesystem::path DataDir() {
  return std::filesystem::path(HUIYIN_SOURCE_DIR) / "data";
}

inline const Shipped& ShippedData() {
  static const Shipped shipped = LoadShipped(DataDir());
  return shipped;
}

inline const Calendar& Announced() {
  return ShippedData().calendar;
}

inline Rule Days(int amount, Unit unit, std::vector<std::string> pauses = {}) {
  return {
      .key = "test.rule", .amount = amount, .unit = unit, .pauses = pauses, .article = "第一条"};
}

// 2020 as it was announced in 2019: 31 January worked, 1 February made up.
inline Calendar AnnouncedBeforeTheLateChange() {
  Calendar calendar = Announced();
  CalendarYear year = *calendar.Find(2020);
  std::erase_if(year.days, [](const Day& day) {
    return day.date >= D("2020-01-31") && day.date <= D("2020-02-03");
  });
  year.days.push_back(
      {.date = D("2020-02-01"), .kind = DayKind::kMakeUpWorkday, .name_zh = "春节"});
  calendar.Put(std::move(year));
  return calendar;
}

inline std::vector<std::string> Texts(const std::vector<Date>& dates) {
  std::vector<std::string> texts;
  for (const Date date : dates)
    texts.push_back(FormatDate(date));
  return texts;
}

}  // namespace huiyin::terms
