// SPDX-License-Identifier: EUPL-1.2
// Proof that the counters say what the records say: the walls' against the open matters,
// the months' against the events.
#pragma once

#include "modules/matters/open_counts.h"
#include "platform/module.h"

namespace huiyin::matters {

// The months' counters of the county, name by name, against the events of matters that are
// not protected.
std::vector<Difference> VerifyMonths(db::Tx& tx, County county, Zone zone);
// Proves both every night; what the walls show is put right, since it can be counted anew.
Night Recount();

}  // namespace huiyin::matters
