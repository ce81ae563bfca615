// SPDX-License-Identifier: EUPL-1.2
// The door of the audit log's pages: the auditor's list, the walk of the chain, and the
// notice board that publishes each day's last hash.
#pragma once

#include <functional>
#include <string_view>

#include "platform/module.h"

namespace huiyin::audit_log {

// `may_know` tells whether the actor may know of a record: entries on one that they may not
// know of are left out.
Module Describe(std::function<bool(Context&, std::string_view resource, const Uuid&)> may_know);

}  // namespace huiyin::audit_log
