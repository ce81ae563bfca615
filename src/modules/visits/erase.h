// SPDX-License-Identifier: EUPL-1.2
// What visits keep for a time only: what was said; that somebody came, and when, stays.
#pragma once

#include "platform/module.h"

namespace huiyin::visits {

Retained DiariesKeptForATime();

}  // namespace huiyin::visits
