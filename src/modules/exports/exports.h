// SPDX-License-Identifier: EUPL-1.2
// The door of exports: personal data leaves as a table only when one officer asks for it
// with a reason and a second one approves. Both are written down; each household reads that
// it was in it. Protected matters are never in one.
#pragma once

#include "platform/module.h"

namespace huiyin::exports {

Module Describe();

}  // namespace huiyin::exports
