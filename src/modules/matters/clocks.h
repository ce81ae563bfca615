// SPDX-License-Identifier: EUPL-1.2
// Clocks of matters: which rule runs, until when, and why then. The resident's clock is the
// one of the step answer, review or final_review; the others run beside it.
#pragma once

#include "modules/matters/alarms.h"
#include "modules/matters/store.h"
#include "modules/terms/terms.h"

namespace huiyin::matters {

bool IsResidents(const Clock& clock);
// The resident's clock that runs, if one does.
std::optional<Clock> RunningClock(const std::vector<Clock>& clocks);

// Starts the clock of a step at `from`, under the rule that fits the matter; the
// resident's sets `due_at`. Absent when no rule sets a term for that step.
std::optional<Clock> StartClock(Context& ctx, Matter& matter, std::string_view step, Instant from);
// The same for a matter opened again: a shorter term, where a rule sets one.
std::optional<Clock> StartClockAnew(Context& ctx, Matter& matter);
// Counts the clock again, with its extension and its pauses; the matter's due date follows.
// Returns whether it moved.
bool CountAgain(Context& ctx, Matter& matter, Clock& clock);
// The kinds of pauses the clock's rule knows; empty for most.
std::vector<std::string> PausesKnown(Context& ctx, const Clock& clock);
// A clock whose due date or state was changed by the caller.
void KeepClock(Context& ctx, const Matter& matter, const Clock& clock);
// Stops all that run, or those of one step.
void StopClocks(Context& ctx, const Matter& matter, std::string_view step = {});
// A clock that was stopped by mistake runs on as if it never had: by the calendar of now,
// with what it was about to do; absent `next`: it had done everything.
void ResumeClock(Context& ctx, Matter& matter, Clock clock, const std::optional<Alarm>& next);
// When a step of this matter would end, without starting anything.
std::optional<Instant> TermOf(Context& ctx, const Matter& matter, std::string_view step, Instant from);

struct Longer {
  Instant due_at;
  std::string working;
  std::string article;
  bool needs_approval = false;
  terms::Unit unit = terms::Unit::kWorkingDay;
  int64_t most = 0;
};
// What `days` more under the rule would make of the clock; throws 422 on `rule` or `days`,
// 409 matters.already_extended.
Longer LengthenBy(Context& ctx, const MatterId& matter, const Clock& clock, std::string_view rule, int64_t days);

// Counts every running clock again after a calendar changed; what moved is an event.
void RecountAll(Context& ctx);

// The last instant that counts as soon due.
Instant SoonUntil(Context& ctx);

}  // namespace huiyin::matters
