// SPDX-License-Identifier: EUPL-1.2
// The tables of terms and calendars, as they are shipped and as a county edits them.
#include "modules/terms/rule.h"

#include "modules/terms/calendar.h"
#include "tests/fuzz/fuzz.h"

namespace huiyin::fuzz {

void Try(std::string_view input) {
  const auto reading = terms::ReadRules(input);
  if (reading.errors.empty()) {
    for (const auto& rule : reading.rules) Expect(rule.amount > 0, "a rule has a length");
    const auto* rule = terms::Choose(reading.rules, {.step = "answer", .kind = "help", .on = Date::Of(2026, 11, 21)});
    if (rule != nullptr) Expect(rule->step == "answer", "the chosen rule is of the step");
  }
  const auto year = terms::ReadCalendarYear(2026, input);
  if (year.errors.empty()) {
    terms::Calendar calendar;
    calendar.Put(year.year);
    Expect(calendar.Knows(2026), "a year that was read is known");
    (void)calendar.On(Date::Of(2026, 10, 1));
  }
  (void)terms::ParseCount(input, 0, 3660);
}

}  // namespace huiyin::fuzz
