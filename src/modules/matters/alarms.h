// SPDX-License-Identifier: EUPL-1.2
// The scheduler of clocks. Every running clock and every open order has at most one alarm:
// the next thing the machine does about it. Doing it and setting the next are one
// transaction, so that each deed happens once, in order, and late rather than never.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "modules/matters/matter.h"
#include "modules/matters/stages.h"
#include "platform/context.h"

namespace huiyin::matters {

struct Alarm {
  Uuid id;  // the clock's, the order's, the step's or the lead's
  bool is_order = false;
  std::optional<MatterId> matter;  // absent: an order on a unit
  Deed deed = Deed::kLate;
  Instant at;
};

// Sets the alarm of a running clock, in place of the one it had.
void Arm(Context& ctx, const Matter& matter, const Clock& clock);
// The same from what follows `done`: a deed that is not to happen twice.
void ArmAfter(Context& ctx, const Matter& matter, const Clock& clock, Deed done);
void SetAlarm(db::Tx& tx, County county, const Alarm& alarm);
void Disarm(db::Tx& tx, County county, const Uuid& id);
std::optional<Alarm> FindAlarm(db::Tx& tx, County county, const Uuid& id);

// What is due, the earliest first; of one instant, in the turn in which the alarms were set,
// whatever their ids are: the matter that came first, and of one matter the clock that began first.
std::vector<Alarm> DueAlarms(db::Tx& tx, County county, Instant now, int limit);
// Does what is due now, the earliest first, at most about `limit`; returns how many were
// done. Deeds that come due by it are done in the same call.
int RunAlarms(Context& ctx, int limit);
// Puts off the first that is due by an hour: it cannot be done now.
void PostponeFirst(Context& ctx);
// How many clocks run under the rule.
int64_t RunningUnder(Context& ctx, std::string_view rule);
// Arms every running clock that has no alarm: matters brought in as rows. Returns how many.
int64_t ArmMissing(Context& ctx);

}  // namespace huiyin::matters
