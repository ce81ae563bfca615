// SPDX-License-Identifier: EUPL-1.2
// What matters keep for a time only.
#pragma once

#include "platform/module.h"

namespace huiyin::matters {

std::vector<Retained> KeptForATime();

}  // namespace huiyin::matters
