// SPDX-License-Identifier: EUPL-1.2
// When a household last changed, in the order in which changes became visible: what a phone asks
// by, since clocks of servers and phones differ. Kept by Context::Record; whoever writes without an
// event says so here.
#pragma once

#include <span>

#include "core/id.h"
#include "db/tx.h"

namespace huiyin {

void NoteChanged(db::Tx& tx, County county, const HouseholdId& household);

// The highest number given; 0 before the first change.
int64_t LastChange(db::Tx& tx, County county);
// Calls `each` for those of these households that have changed after `number`, in no order.
void ChangedSince(db::Tx& tx, County county, std::span<const HouseholdId> households, int64_t number,
                  const std::function<void(const HouseholdId&)>& each);

}  // namespace huiyin
