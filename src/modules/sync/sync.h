// SPDX-License-Identifier: EUPL-1.2
// The door of sync: what an officer's phone takes along of its own households, and what it
// brings back of what was done without a network (docs/decisions/0016).
#pragma once

#include "platform/module.h"

namespace huiyin::sync {

Module Describe();

}  // namespace huiyin::sync
