// SPDX-License-Identifier: EUPL-1.2
// The county's own numbers for what is stuck.
#pragma once

#include "modules/matters/stuck.h"
#include "modules/org/org.h"

namespace huiyin::matters {

inline StuckRule RuleOfStuck(db::Tx& tx, County county) {
  const org::CountySettings& settings = org::KnownSettings(tx, county);
  return {.bounces = settings.stuck_bounces, .reopenings = settings.stuck_reopenings};
}

}  // namespace huiyin::matters
