// SPDX-License-Identifier: EUPL-1.2
// From whom an act that waits in quarantine is kept: whoever must not learn of the matter it is about.
#pragma once

#include "modules/matters/matters.h"
#include "modules/sync/operations.h"

namespace huiyin::sync {

struct ActSecrecy : matters::Secrecy {
  std::optional<MatterId> matter;  // that it would open
};
// What names a matter that nobody knows, here or in quarantine, is kept for the county's own auditors.
ActSecrecy SecrecyOf(Context& ctx, const Operation& operation);

}  // namespace huiyin::sync
