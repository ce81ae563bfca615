// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <vector>

#include "platform/module.h"

namespace huiyin::matters {

// Receipts without an account, and the household's own matters.
std::vector<Route> ResidentRoutes();

}  // namespace huiyin::matters
