// SPDX-License-Identifier: EUPL-1.2
#include "modules/terms/due.h"

#include <algorithm>

namespace huiyin::terms {
namespace {

// A pause longer than this is a mistake; cutting it keeps the counting finite.
constexpr int kLongestPauseDays = 36525;

bool Stops(const Rule& rule, const Pause& pause) {
  return pause.until > pause.from &&
         std::find(rule.pauses.begin(), rule.pauses.end(), pause.kind) != rule.pauses.end();
}

// Those that stop the rule, cut to where they can matter, in order.
std::vector<Pause> Effective(const Rule& rule, Instant from, std::span<const Pause> pauses) {
  const Instant horizon = from + kLongestPauseDays * kDay;
  std::vector<Pause> effective;
  for (const Pause& pause : pauses) {
    if (!Stops(rule, pause) || pause.until <= from || pause.from >= horizon) continue;
    effective.push_back(
        {pause.kind, std::max(pause.from, from - kDay), std::min(pause.until, horizon)});
  }
  std::sort(effective.begin(), effective.end(), [](const Pause& a, const Pause& b) {
    return a.from < b.from;
  });
  return effective;
}

// Counts days one by one and notes each it passes over.
class DayCount {
 public:
  DayCount(Working& working, const Calendar& calendar, std::span<const Pause> pauses)
      : working_(working), calendar_(calendar), pauses_(pauses) {}

  void Run() {
    Date date = LocalDate(working_.from, working_.zone);
    while (static_cast<int>(working_.counted.size()) < working_.amount)
      Count(date = date + 1);
    working_.first_day = working_.counted.front();
    working_.due_date = working_.unit == Unit::kCalendarDay ? MovedOffRest(date) : date;
    working_.due = EndOfDay(working_.due_date, working_.zone);
  }

 private:
  void Count(Date date) {
    const std::string_view pause = PauseOn(date);
    if (working_.unit == Unit::kCalendarDay) {
      if (pause.empty()) {
        working_.counted.push_back(date);
      } else {
        working_.skipped.push_back({Day{.date = date}, std::string(pause)});
      }
      return;
    }
    const Day day = Look(date);
    if (day.is_rest()) {
      working_.skipped.push_back({day, ""});
    } else if (!pause.empty()) {
      working_.skipped.push_back({day, std::string(pause)});
    } else {
      working_.counted.push_back(date);
      if (day.kind == DayKind::kMakeUpWorkday) working_.made_up.push_back({day, ""});
    }
  }

  // A day inside a pause cannot be the last one either: the term has not run out yet.
  Date MovedOffRest(Date last) {
    const Day end = Look(last);
    if (!end.is_rest()) return last;
    working_.moved_from = NotedDay{end, ""};
    for (Date date = last + 1;; date = date + 1) {
      const Day day = Look(date);
      const std::string_view pause = PauseOn(date);
      if (!day.is_rest() && pause.empty()) return date;
      working_.skipped.push_back({day, day.is_rest() ? "" : std::string(pause)});
    }
  }

  Day Look(Date date) {
    const int year = date.Year();
    if (working_.years.empty() || working_.years.back().year != year) {
      working_.years.push_back({year, calendar_.Edition(year)});
    }
    return calendar_.On(date);
  }

  std::string_view PauseOn(Date date) const {
    for (const Pause& pause : pauses_) {
      if (LocalDate(pause.from, working_.zone) <= date &&
          date < LocalDate(pause.until, working_.zone)) {
        return pause.kind;
      }
    }
    return {};
  }

  Working& working_;
  const Calendar& calendar_;
  std::span<const Pause> pauses_;
};

void RunHours(Working& working, std::span<const Pause> pauses) {
  working.first_day = LocalDate(working.from, working.zone);
  working.due = working.from + working.amount * kHour;
  Instant running_from = working.from;
  for (const Pause& pause : pauses) {
    const Instant stop = std::max(pause.from, running_from);
    if (stop >= working.due) break;
    if (pause.until <= stop) continue;  // lies within an earlier one
    working.due = working.due + (pause.until.ms - stop.ms);
    running_from = pause.until;
    working.paused.push_back({pause.kind, stop, pause.until});
  }
  working.due_date = LocalDate(working.due, working.zone);
}

}  // namespace

std::vector<int> Working::AssumedYears() const {
  std::vector<int> assumed;
  for (const YearUsed& used : years) {
    if (used.edition == 0) assumed.push_back(used.year);
  }
  return assumed;
}

std::optional<int> Working::AssumedFrom() const {
  const std::vector<int> assumed = AssumedYears();
  return assumed.empty() ? std::nullopt : std::optional(assumed.front());
}

Working DueAt(const Rule& rule,
              Instant from,
              const Calendar& calendar,
              Zone zone,
              std::span<const Pause> pauses) {
  Working working{.rule_key = rule.key,
                  .article = rule.article,
                  .unit = rule.unit,
                  .amount = rule.amount,
                  .zone = zone,
                  .from = from};
  const std::vector<Pause> effective = Effective(rule, from, pauses);
  if (rule.unit == Unit::kHour || rule.amount <= 0) {
    RunHours(working, effective);
  } else {
    DayCount(working, calendar, effective).Run();
  }
  return working;
}

Working Extend(const Working& first,
               const Rule& extension,
               int amount,
               const Calendar& calendar,
               std::span<const Pause> pauses) {
  Rule granted = extension;
  granted.amount = std::clamp(amount, 1, extension.amount);
  Working working = DueAt(granted, first.due, calendar, first.zone, pauses);
  working.extends_from = first.due_date;
  return working;
}

bool IsOutdated(const Working& working, const Calendar& calendar) {
  return std::any_of(working.years.begin(), working.years.end(), [&](const YearUsed& used) {
    return calendar.Edition(used.year) != used.edition;
  });
}

Date DayBefore(const Rule& rule, Date day, const Calendar& calendar) {
  Date date = day;
  if (rule.unit == Unit::kWorkingDay) {
    for (int left = rule.amount; left > 0;) {
      date = date - 1;
      if (calendar.IsWorkday(date)) --left;
    }
    return date;
  }
  date = day - rule.amount;
  while (calendar.IsRestDay(date))
    date = date - 1;
  return date;
}

std::optional<Instant> ParseLocal(std::string_view text, Zone zone) {
  constexpr size_t kDateLength = 10;
  const std::optional<Date> date = ParseDate(text.substr(0, kDateLength));
  if (!date) return std::nullopt;
  const Instant midnight = StartOfDay(*date, zone);
  if (text.size() == kDateLength) return midnight;
  if (text.size() != kDateLength + 6 || text[10] != 'T' || text[13] != ':') return std::nullopt;
  const int hour = ParseCount(text.substr(11, 2), 0, 23);
  const int minute = ParseCount(text.substr(14, 2), 0, 59);
  if (hour < 0 || minute < 0) return std::nullopt;
  return midnight + hour * kHour + minute * kMinute;
}

}  // namespace huiyin::terms
