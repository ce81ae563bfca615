// SPDX-License-Identifier: EUPL-1.2
// What a new version of a rule would change, before anybody makes it: the version it follows,
// the due dates of some days by both, and which other rules fit the same matters. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "modules/terms/due.h"

namespace huiyin::terms {

struct Sample {
  Date start;
  std::optional<Date> due_before;  // absent: the key is new
  Date due_after;
  bool is_estimated = false;  // a year it counts over has no calendar yet
};

struct Preview {
  const Rule* replaces = nullptr;      // in force on the day the new one begins; into `rules`
  std::vector<Sample> samples;         // in hours: `due` by the day it falls on
  std::vector<std::string> outranked;  // keys of the same step that fit the same matters and lose
  std::vector<std::string> outranks;   // those that fit and win
};

// Samples: the first day, the days around it, and those around the next Spring Festival and
// National Day of the calendar, each once.
[[nodiscard]] Preview PreviewRule(std::span<const Rule> rules, const Rule& rule, const Calendar& calendar, Zone zone);

}  // namespace huiyin::terms
