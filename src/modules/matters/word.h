// SPDX-License-Identifier: EUPL-1.2
// Getting word of a matter out: what outbox is told of its happenings, and what was sent.
#pragma once

#include "modules/matters/matter.h"
#include "platform/module.h"

namespace huiyin::matters {

std::vector<Route> WordRoutes();

}  // namespace huiyin::matters
