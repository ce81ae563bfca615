// SPDX-License-Identifier: EUPL-1.2
// When a term ends, and how that was worked out. The working is complete: with the
// announced calendar beside it a person can count it again by hand. Pure: no clock, no
// database.
//
// How it counts (README.md says why):
// - The local day a term starts on is never counted, whatever the hour and whether or not
//   it is worked. A day begins at 00:00, which belongs to it.
// - Working days: day 1 is the next working day.
// - Calendar days: day 1 is the next day; an end on a rest day moves to the next working
//   day.
// - Both end with the last millisecond of the last local day.
// - Hours run from the very moment, day and night, and end where they end.
// - Only pauses the rule names stop it. A pause takes out the days from the one it begins
//   on until the one it ends on, that last one counting again; hours stop to the
//   millisecond.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "modules/terms/calendar.h"
#include "modules/terms/rule.h"

namespace huiyin::terms {

// A time in which a term stands still. One still open is given with "now" as its end.
struct Pause {
  std::string kind;  // as in Rule::pauses
  Instant from;
  Instant until;  // REQUIRES: not before `from`
};

// A day that was passed over, or a make-up day that was not.
struct NotedDay {
  Day day;
  std::string pause;  // the kind of the pause it fell into; empty for a rest day

  [[nodiscard]] std::string WhyEn() const;  // "weekend", "holiday 春节", "pause hearing"
  [[nodiscard]] std::string WhyZh() const;  // "周末", "春节放假", "听证期间不计"
};

// What was known of a year when the working was made.
struct YearUsed {
  int year = 0;
  int64_t edition = 0;  // 0: the year had no calendar
};

struct Working {
  std::string rule_key;
  std::string article;
  Unit unit = Unit::kCalendarDay;
  int amount = 0;
  Zone zone;
  Instant from;
  std::optional<Date> extends_from;    // for an extension: the due day it goes on from
  Date first_day;                      // the first day counted; of hours, the day they start
  std::vector<Date> counted;           // `amount` of them in order; none for hours
  std::vector<NotedDay> skipped;       // in order; days after the last counted one moved it
  std::vector<NotedDay> made_up;       // those counted although it was a weekend
  std::vector<Pause> paused;           // what stopped hours, merged and in order
  std::optional<NotedDay> moved_from;  // the rest day it would have ended on
  std::vector<YearUsed> years;         // those whose calendar had a say
  Date due_date;
  Instant due;

  // The years it took as the week has them, for want of a calendar.
  [[nodiscard]] std::vector<int> AssumedYears() const;
  // The first of those.
  [[nodiscard]] std::optional<int> AssumedFrom() const;
};

// Works out the term of `rule` started at `from`.
[[nodiscard]] Working DueAt(const Rule& rule,
                            Instant from,
                            const Calendar& calendar,
                            Zone zone,
                            std::span<const Pause> pauses = {});

// Works out an extension of `amount` units under the rule `extension`, going on from the
// day the first term is due: the day after it is the first that can be counted.
// REQUIRES: 1 <= amount <= extension.amount.
[[nodiscard]] Working Extend(const Working& first,
                             const Rule& extension,
                             int amount,
                             const Calendar& calendar,
                             std::span<const Pause> pauses = {});

// Whether a calendar it was made with has changed or come in since, so that it has to be
// worked out again.
[[nodiscard]] bool IsOutdated(const Working& working, const Calendar& calendar);

// For rules that count back (a reminder, a notice before a meeting): the day that lies
// `rule.amount` days before `day`. In calendar days, one that falls on a rest day moves to
// the working day before it.
// REQUIRES: the rule is in days.
[[nodiscard]] Date DayBefore(const Rule& rule, Date day, const Calendar& calendar);

// The working in one sentence.
[[nodiscard]] std::string SentenceZh(const Working& working);
[[nodiscard]] std::string SentenceEn(const Working& working);

// "2020-01-20" (from 00:00) or "2020-01-20T16:30" on the county's clock.
[[nodiscard]] std::optional<Instant> ParseLocal(std::string_view text, Zone zone);

}  // namespace huiyin::terms
