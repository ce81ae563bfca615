// SPDX-License-Identifier: EUPL-1.2
// Which modules exist.
#pragma once

#include <vector>

#include "platform/module.h"

namespace huiyin {

std::vector<Module> AllModules();
// What every module keeps for a time only.
std::vector<Retained> RetainedOf(const std::vector<Module>& modules);

}  // namespace huiyin
