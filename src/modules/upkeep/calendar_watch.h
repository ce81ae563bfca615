// SPDX-License-Identifier: EUPL-1.2
// Whether the next year's holidays are known before terms reach into it.
#pragma once

#include "platform/module.h"

namespace huiyin::upkeep {

// From October on, or at once when the running year is missing, each night says so among the
// night's work; the county's administrators get a message once a month until it is loaded.
Night CalendarWatch();

}  // namespace huiyin::upkeep
