// SPDX-License-Identifier: EUPL-1.2
// Days and moments.
#include "core/time.h"

#include "tests/fuzz/fuzz.h"

namespace huiyin::fuzz {

void Try(std::string_view input) {
  if (const auto date = ParseDate(input)) {
    Expect(FormatDate(*date) == input, "a day is written one way");
    Expect(Date::Of(date->Year(), date->Month(), date->Day()) == *date, "a day is its year, month and day");
    Expect(LocalDate(StartOfDay(*date, {}), {}) == *date && LocalDate(EndOfDay(*date, {}), {}) == *date,
           "a day holds its first and its last moment");
  }
  if (const auto at = ParseInstant(input)) {
    Expect(ParseInstant(FormatInstant(*at)) == at, "a moment reads back");
    (void)FormatLocal(*at, {});
  }
}

}  // namespace huiyin::fuzz
