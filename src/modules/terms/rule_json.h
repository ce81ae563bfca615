// SPDX-License-Identifier: EUPL-1.2
// A rule and a calendar as an administrator's form sends them. Pure: what depends on the
// rules that are there already is asked by the route.
#pragma once

#include <optional>

#include "core/json.h"
#include "modules/terms/calendar.h"
#include "modules/terms/rule.h"

namespace huiyin::terms {

struct RuleInput {
  Rule rule;  // priority not set
  std::optional<int> priority;
};

// Refuses in `in` what is wrong; the caller ends with Done().
[[nodiscard]] RuleInput ReadRuleInput(Fields& in);

// "holidays" and "makeup_workdays" of the year.
[[nodiscard]] CalendarYear ReadCalendarInput(Fields& in, int year);

}  // namespace huiyin::terms
