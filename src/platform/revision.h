// SPDX-License-Identifier: EUPL-1.2
// Updates that state which revision they saw, refused with what changed since.
#pragma once

#include "platform/context.h"

namespace huiyin {

// Compares If-Match with the record's revision. When it is stale throws Problem 412
// "stale_revision" with `revision` and `changes`: what the events of `id` say was changed since. Such
// an event's data is made by ChangeData.
void RequireRevision(const Context& ctx, const Uuid& id, int64_t current);

// {"revision": n, "changes": {field: value}} for Context::Record.
json::object ChangeData(int64_t revision, json::object changes);

}  // namespace huiyin
