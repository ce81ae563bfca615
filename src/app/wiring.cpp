// SPDX-License-Identifier: EUPL-1.2
#include "app/wiring.h"

#include "modules/audit/audit_log.h"
#include "modules/households/households.h"
#include "modules/identity/identity.h"
#include "modules/org/org.h"
#include "modules/terms/terms.h"
#include "modules/visits/visits.h"

namespace huiyin {

std::vector<Module> AllModules() {
  return {
      org::Describe(),
      terms::Describe(),
      identity::Describe(),
      audit_log::Describe([](Context&, const Uuid&) { return true; }),
      households::Describe(),
      visits::Describe(),
  };
}

}  // namespace huiyin
