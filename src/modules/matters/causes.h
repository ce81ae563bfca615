// SPDX-License-Identifier: EUPL-1.2
// Repeated causes: how many matters of one category came from one place in a month, and what
// became of them. Counted with every act, so that no request counts matters. By place and
// cause, never by who asked; protected matters are in none of them.
#pragma once

#include "modules/matters/matters.h"
#include "modules/matters/store.h"

namespace huiyin::matters {

// Moves the counts from what the row was to what it is. `is_new`: there was no row.
void CountCause(db::Tx& tx, County county, const Matter& matter, bool is_new);
// Where the counts and the matters differ; reads every matter.
std::vector<Difference> VerifyCauses(db::Tx& tx, County county);
void RebuildCauses(db::Tx& tx, County county);
// Makes them for a county that has matters and none of them counted yet.
void CountCausesFirstTime(db::Tx& tx, County county);

std::vector<Route> CauseRoutes();

}  // namespace huiyin::matters
