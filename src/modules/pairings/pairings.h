// SPDX-License-Identifier: EUPL-1.2
// The door of pairings: which officer a household has as its own, and since when.
#pragma once

#include <vector>

#include "platform/module.h"

namespace huiyin::pairings {

// Whether the officer has a pairing of any kind with the household now.
bool IsPaired(db::Tx& tx, County county, const OfficerId& officer, const HouseholdId& household);

struct Bond {
  HouseholdId household;
  std::string kind;
  Date from;
};
// What the officer is paired with now.
std::vector<Bond> BondsOf(db::Tx& tx, County county, const OfficerId& officer);

}  // namespace huiyin::pairings
