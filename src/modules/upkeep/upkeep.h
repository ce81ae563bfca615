// SPDX-License-Identifier: EUPL-1.2
// The door of upkeep: what the night's work found, and erasing what is kept for a time only.
#pragma once

#include "platform/module.h"

namespace huiyin::upkeep {

// `retained`: of every module.
Module Describe(std::vector<Retained> retained);

struct Erased {
  std::string kind;
  int64_t days = 0;   // it is kept
  int64_t count = 0;  // found, or erased
};
// What would be erased now; counts stop at `most`.
std::vector<Erased> Preview(db::Tx& tx, County county, Instant now, const std::vector<Retained>& retained, int most);
// Erases it, in pieces that let other writers go on.
std::vector<Erased> Erase(const NightWork& work, const std::vector<Retained>& retained);

}  // namespace huiyin::upkeep
