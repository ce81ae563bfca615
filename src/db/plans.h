// SPDX-License-Identifier: EUPL-1.2
// What SQLite's planner is told of the data. Every key begins with the county, and a file
// mostly holds one: left alone, the planner takes the county for as telling as any other
// column, and would rather walk all of it than use the index of a household. So it is given
// figures made from the shape of the schema instead of from the data: the plans are good on
// the first day, and the same on every day after.
#pragma once

#include "db/tx.h"

namespace huiyin::db {

// Writes the figures for every index there is, unless they are there already.
void SetPlans(Tx& tx);

}  // namespace huiyin::db
