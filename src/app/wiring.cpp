// SPDX-License-Identifier: EUPL-1.2
#include "app/wiring.h"

#include "modules/identity/identity.h"
#include "modules/org/org.h"

namespace huiyin {

std::vector<Module> AllModules() {
  return {
      org::Describe(),
      identity::Describe(),
  };
}

}  // namespace huiyin
