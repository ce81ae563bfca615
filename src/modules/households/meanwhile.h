// SPDX-License-Identifier: EUPL-1.2
// An edit made on a version that somebody has changed meanwhile. Who sends beside the new values
// those it was made on (`base`) says which fields were looked at: edits of different fields both
// hold, and of the same field a person decides (docs/decisions/0016).
#pragma once

#include <vector>

#include "core/json.h"
#include "core/problem.h"

namespace huiyin::households {

// The edit's `base`; nullptr when it has none and must therefore be of the newest version.
const json::object* BaseOf(const json::object& body);

struct Clash {
  std::string field;  // "custom.x" for fields of the county's own
  json::value seen;   // null where it was empty
  json::value now;
  json::value asked;
};
// Fields that `body` sets and that are now neither what was seen nor what is asked for.
std::vector<Clash> Clashes(const json::object& body, const json::object& base, const json::object& now, const json::object& asked);
// Adds them to a stale edit's problem.
void TellClashes(Problem& stale, const std::vector<Clash>& clashes);

}  // namespace huiyin::households
