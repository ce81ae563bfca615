// SPDX-License-Identifier: EUPL-1.2
// What leaders look at: open matters by unit and area now, and counted figures by month.
#pragma once

#include "platform/module.h"

namespace huiyin::matters {

http::Response ShowWall(Context& ctx);
http::Response ListIndicators(Context& ctx);

}  // namespace huiyin::matters
