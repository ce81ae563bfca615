// SPDX-License-Identifier: EUPL-1.2
// The routes of identity, in three parts.
#pragma once

#include <vector>

#include "platform/module.h"

namespace huiyin::identity {

// One's own open sessions, and an officer's for the administrator.
void AddSessionRoutes(std::vector<Route>& routes);
// The second step of an officer's own signing in, and taking it off for one who lost the telephone.
void AddSecondStepRoutes(std::vector<Route>& routes);

}  // namespace huiyin::identity
