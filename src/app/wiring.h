// SPDX-License-Identifier: EUPL-1.2
// Which modules exist.
#pragma once

#include <vector>

#include "platform/module.h"

namespace huiyin {

std::vector<Module> AllModules();

}  // namespace huiyin
