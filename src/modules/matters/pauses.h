// SPDX-License-Identifier: EUPL-1.2
// Pauses of a matter's clock: days the law does not count, such as those of a hearing (信访工作
// 条例 art. 36). From and until are set together, so that a clock never stands still without
// an end; a pause that is over earlier is ended earlier.
#pragma once

#include <string>
#include <vector>

#include "modules/matters/actions.h"
#include "modules/matters/store.h"
#include "modules/terms/due.h"

namespace huiyin::matters {

struct Pause {
  Uuid id;
  ClockId clock;
  std::string kind;  // as in the rule's pauses
  Instant from;
  Instant until;  // the day it ends on counts again
  std::string reason;
  OfficerId set_by;
  Instant set_at;
  std::optional<Instant> ended_at;  // by hand, before its day
};
std::vector<Pause> PausesOf(db::Tx& tx, County county, const MatterId& matter);
// Those of one clock, as terms counts them.
std::vector<terms::Pause> CountedPauses(db::Tx& tx, County county, const MatterId& matter, const ClockId& clock);

struct PauseInput {
  std::string kind;
  Date from;
  Date until;
  std::string reason;
};
// 422 on `kind` when the clock's rule knows no such pause, on `from` or `until` when the days
// do not fit; 409 when the term is over.
Done SetPause(Context& ctx, Seen seen, const PauseInput& input);
Done EndPause(Context& ctx, Seen seen, const Uuid& pause);

std::vector<Route> PauseRoutes();
void WritePauses(Context& ctx, JsonWriter& w, const MatterId& matter);

}  // namespace huiyin::matters
