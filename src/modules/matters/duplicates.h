// SPDX-License-Identifier: EUPL-1.2
// Pairs of open matters that are likely the same, to be looked through. Each matter is held
// once against the open ones of its village when it has come, a few a second and never
// against all; what somebody said is not the same is never asked again.
#pragma once

#include "modules/matters/matters.h"
#include "modules/matters/store.h"

namespace huiyin::matters {

// The matter is new, lies elsewhere or is open again: it is to be held against its neighbours.
void CompareLater(db::Tx& tx, County county, const Matter& matter);
// The open ones of a county that had matters before any were compared; to be called before its
// causes are counted for the first time, which is the sign that it was.
void CompareFirstTime(db::Tx& tx, County county);
// Holds at most `limit` of those against their neighbours.
void CompareSome(Context& ctx, int limit);
// Undecided pairs of which one is closed are no longer anybody's to decide.
Night ForgetClosedPairs();

std::vector<Route> DuplicateRoutes();

}  // namespace huiyin::matters
