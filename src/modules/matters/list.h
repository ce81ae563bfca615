// SPDX-License-Identifier: EUPL-1.2
// Lists of matters: queues by due date, everything by the day it was received, and what is
// like a text being typed.
#pragma once

#include "platform/module.h"

namespace huiyin::matters {

http::Response ListMatters(Context& ctx);
http::Response ListSimilar(Context& ctx);

}  // namespace huiyin::matters
