// SPDX-License-Identifier: EUPL-1.2
// What of an officer's households has changed since its phone last asked: whole records, since a
// record is small, packs well, and can then never be half of one version and half of another.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/context.h"

namespace huiyin::sync {

// Where a phone stands. A round goes through the households by id and ends at what was the newest
// change when it began, so that what changes meanwhile comes with the next round.
struct Cursor {
  int64_t since = -1;  // -1: the phone has nothing yet
  int64_t until = -1;  // -1: between rounds
  Uuid after = {};     // within a round: everything up to here was sent
};
std::string WriteCursor(const Cursor& cursor);
// Throws 422 on one we did not make.
Cursor ReadCursor(std::string_view text);

http::Response GetChanges(Context& ctx);

}  // namespace huiyin::sync
