// SPDX-License-Identifier: EUPL-1.2
// What of an officer's households has changed since its phone last asked: whole records, since a
// record is small, packs well, and can then never be half of one version and half of another.
// A phone that has nothing goes through them twice: first what is needed at the door, without older
// visits and matters that are over, so that its officer can begin; then, where that left something
// out, everything.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/context.h"

namespace huiyin::sync {

// Where a phone stands. A round goes through the households by id and ends at what was the newest
// change when it began, so that what changes meanwhile comes with the next round.
constexpr int64_t kFirst = -1;      // the phone has nothing yet
constexpr int64_t kFirstPart = -2;  // the same, and something was left out of what it was sent
constexpr int64_t kRest = -3;       // everything is sent once more, whole
struct Cursor {
  int64_t since = kFirst;  // a change, or where the phone is in its first load
  int64_t until = -1;  // -1: between rounds
  Uuid after = {};     // within a round: everything up to here was sent
};
std::string WriteCursor(const Cursor& cursor);
// Throws 422 on one we did not make.
Cursor ReadCursor(std::string_view text);

http::Response GetChanges(Context& ctx);

}  // namespace huiyin::sync
