// SPDX-License-Identifier: EUPL-1.2
// Whether a record opens, and how far: the need to know (boundaries.md) on top of the
// table of access. Pure; actions ask who is related first.
#pragma once

#include "modules/households/households.h"

namespace huiyin::households {

struct ReadRequest {
  std::string_view purpose;  // one of kPurposes
  bool has_reason = false;
  bool is_related = false;   // paired, or handling an open matter
};
struct ReadRuling {
  Decision decision = Decision::kHidden;
  Opening opening = Opening::kFull;
};
ReadRuling DecideRead(const Actor& actor, std::string_view area, const ReadRequest& request);

}  // namespace huiyin::households
