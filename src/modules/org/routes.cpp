// SPDX-License-Identifier: EUPL-1.2
#include "modules/org/org.h"

namespace huiyin::org {

Module Describe() { return {.name = "org"}; }

}  // namespace huiyin::org
