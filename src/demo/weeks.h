// SPDX-License-Identifier: EUPL-1.2
// The weeks before today, lived through by the clocks: reminders, late matters, orders.
#pragma once

#include <cstdint>

#include "db/database.h"

namespace huiyin::demo {

// Acts morning by morning up to `now` on what the county's open matters brought with them.
// Returns how many deeds were done.
int64_t LiveThroughWeeks(db::Database& database, County county, uint64_t seed, Instant now);

}  // namespace huiyin::demo
