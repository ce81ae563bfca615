// SPDX-License-Identifier: EUPL-1.2
// Proof that the counters say what the records say: the walls' against the open matters,
// the months' against the events; and that rows of matters are what their events tell.
#pragma once

#include "modules/matters/open_counts.h"
#include "platform/module.h"

namespace huiyin::matters {

// The months' counters of the county, name by name, against the events of matters that are
// not protected.
std::vector<Difference> VerifyMonths(db::Tx& tx, County county, Zone zone);
// The rows of open matters against what their events alone tell (projection.h).
std::vector<Difference> VerifyStories(db::Tx& tx, County county);
// The townships' sums of those counters against the counters.
std::vector<Difference> VerifySums(db::Tx& tx, County county);
// Proves them every night; what the walls show is put right, since it can be counted anew.
Night Recount();

}  // namespace huiyin::matters
