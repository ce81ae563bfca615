// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "platform/module.h"

namespace huiyin::sync {

// What was set aside or quarantined is kept for a time after somebody decided; that it was there, and what
// was decided, stays in the audit log.
Retained OperationsKeptForATime();

}  // namespace huiyin::sync
