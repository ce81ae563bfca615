// SPDX-License-Identifier: EUPL-1.2
// Lists of matters: queues by due date, and everything by the day it was received.
#pragma once

#include "platform/module.h"

namespace huiyin::matters {

http::Response ListMatters(Context& ctx);

}  // namespace huiyin::matters
