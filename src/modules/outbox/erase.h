// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "platform/module.h"

namespace huiyin::outbox {

// Messages that were told or could not be, erased whole when their time is over. That a cause
// was told (message_claims) stays, so that nothing is told again.
Retained MessagesKeptForATime();

}  // namespace huiyin::outbox
