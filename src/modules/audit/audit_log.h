// SPDX-License-Identifier: EUPL-1.2
// The door of the audit log's pages: the auditor's list, the walk of the chain, and the
// notice board that publishes each day's last hash.
#pragma once

#include <functional>

#include "platform/module.h"

namespace huiyin::audit_log {

// `may_know_matter` tells whether the actor may know that a matter exists: entries on one
// that they may not know of are left out.
Module Describe(std::function<bool(Context&, const Uuid&)> may_know_matter);

}  // namespace huiyin::audit_log
