// SPDX-License-Identifier: EUPL-1.2
// Rules of terms as data: how long a step may take, for which matters, where, from which
// day, under which article, and in words a resident can read. Where authorities differ
// they differ by rows, never by code. A rule is never edited: it gets a new version from a
// day on, and a matter keeps the version it started under.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "modules/terms/csv.h"

namespace huiyin::terms {

enum class Unit { kCalendarDay, kWorkingDay, kHour };

[[nodiscard]] std::string_view UnitText(Unit unit);  // "working_day", as in the table

struct Rule {
  std::string key;                    // "petition.answer"
  Date version_from;                  // the first day this version holds
  std::vector<std::string> kinds;     // of matters; empty means all
  bool is_by_key_only = false;        // kind `none`: belongs to no matter, is asked for by key
  std::string category;               // "aid" holds for "aid" and "aid.medical"; empty means all
  std::vector<std::string> channels;  // empty means all
  std::string region;                 // prefix of an area code; empty means everywhere
  std::string step;                   // accept, answer, review, ...
  int amount = 0;
  Unit unit = Unit::kCalendarDay;
  std::string extends_by;           // key of the rule that can lengthen this one; or empty
  bool needs_approval = false;      // somebody else has to agree before it is used; of a step an
                                    // office answers: before the answer goes out
  std::vector<std::string> pauses;  // what stops it, such as `hearing`; nothing else does
  std::string article;
  std::string text_zh;
  std::string text_en;
  int priority = 0;
  bool is_repealed = false;  // from this version on the key sets no term any more
};

struct RulesReading {
  std::vector<Rule> rules;       // by key, then version
  std::vector<RowError> errors;  // the rules are only to be used when there are none
};

// Reads the table with the columns key, version_from, kind (`all`, `none`, or a list with
// ';'), category, channel (a list), region, step, amount, unit, extends_by, approval,
// pauses (a list), article, text_zh, text_en, priority.
[[nodiscard]] RulesReading ReadRules(std::string_view csv);

// What a rule is looked for: a step of a matter, on a day.
struct Case {
  std::string_view step;
  std::string_view kind;
  std::string_view category;
  std::string_view channel;
  std::string_view region;  // the area code of the matter
  Date on;
};

// The rule to apply; null when none holds. Of each key only the newest version in force
// counts. Among several keys: the highest priority, then the longest category, then a
// named kind before all, a named channel before all, the longest region, the newest
// version, and last the key in order of the alphabet, so that there is always one answer.
[[nodiscard]] const Rule* Choose(std::span<const Rule> rules, const Case& wanted);

// The version of `key` in force on that day; null when there is none or it was repealed.
[[nodiscard]] const Rule* FindRule(std::span<const Rule> rules, std::string_view key, Date on);

}  // namespace huiyin::terms
