// SPDX-License-Identifier: EUPL-1.2
// When a matter is stuck: offices pass it around, leave it undecided, let an order go by, or
// keep answering what does not solve it. The numbers are the county's (settings). Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "modules/matters/matter.h"

namespace huiyin::matters {

struct StuckRule {
  int64_t bounces = 2;     // as many units said it was not theirs
  int64_t reopenings = 2;  // as often the resident said unsolved
};

// What the rule says of it whatever the hour.
StuckMark MarkOf(const Matter& matter, const StuckRule& rule);
// Whether it is stuck now, by the mark.
bool IsStuck(StuckMark mark, std::optional<Instant> due_at, Instant now);

// Why, as the agenda of a joint meeting says: bounced, reopened, decision_missed,
// order_missed. Empty: it is not stuck.
std::vector<std::string_view> WhyStuck(const Matter& matter, const StuckRule& rule, Instant now);

}  // namespace huiyin::matters
