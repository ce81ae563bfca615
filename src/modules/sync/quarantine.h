// SPDX-License-Identifier: EUPL-1.2
// What a phone sends when its officer cannot any more: kept for a supervisor over the officer's unit,
// who enters it or drops it; what is about a protected matter for whichever auditor may know of that. Nothing of it is done before, and nothing of it is lost.
#pragma once

#include "modules/sync/secrecy.h"
#include "platform/module.h"

namespace huiyin::sync {

// An act of an officer who is gone.
struct Quarantined {
  Uuid id;  // the operation's
  OfficerId officer;
  std::optional<Uuid> device;  // the row in `devices`
  Instant received_at;
  std::optional<Instant> claimed_at;
  bool is_readable = false;  // it opened, and was an operation
  std::string content;  // sealed: {operation, problem?}, or {raw} when it is not readable
  std::optional<Instant> closed_at;
  std::optional<OfficerId> closed_by;
  std::string closing;  // entered dropped; empty while open
  ActSecrecy secrecy;
  AreaCode area;  // of the officer's unit; read only
};

// What had been set aside for officers who were disabled since is theirs to decide no more.
void QuarantineOfDisabled(Context& ctx);

void AddQuarantineRoutes(std::vector<Route>& routes);

}  // namespace huiyin::sync
