// SPDX-License-Identifier: EUPL-1.2
// The door of terms: the rules and the calendar a county counts by. What is shipped holds
// from the start; a county adds versions of rules and editions of calendar years, and what
// it adds stands before what is shipped.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "modules/terms/due.h"
#include "platform/module.h"

namespace huiyin::terms {

Module Describe();

struct Terms {
  std::vector<Rule> rules;
  Calendar calendar;
};

// What holds in the county now. Read again only after a change; safe from any thread.
std::shared_ptr<const Terms> Of(db::Tx& tx, County county);

// Adds a version of a rule; 409 when that version is there already.
void AddRule(Context& ctx, const Rule& rule);
// Adds an edition of a year and tells those who listen.
void PutYear(Context& ctx, CalendarYear year, std::string_view source);
// Whoever keeps due dates counts them again when a calendar changes: in the same
// transaction, after the new edition holds. Set at start, before anything is served.
void OnCalendarChange(std::function<void(Context&)> listener);

// How many clocks run under a rule's key: told by the module that keeps them, set at start.
void OnRunningAsked(std::function<int64_t(Context&, std::string_view key)> counter);

// The last day whose calendar is known, for the warning that the next year is missing.
std::optional<Date> CalendarKnownUntil(db::Tx& tx, County county, Date today);

}  // namespace huiyin::terms
