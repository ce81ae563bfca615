// SPDX-License-Identifier: EUPL-1.2
// What a running clock makes the machine do, and when: one table. Pure: no database, no
// clock, no exceptions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace huiyin::matters {

enum class Deed {
  kRemind,          // whoever holds the matter: it is due soon
  kLate,            // the term is over: a fact on the unit, and its supervisor is told
  kOrder,           // the unit above orders
  kLateAcceptance,  // the unit it was offered to has said nothing
  kTakeOver,        // the term to object is over: it is theirs
  kPassUp,          // nobody decided a return: the common superior does
  kAskJudgement,    // the resident is asked, once
  kSilence,         // the term to judge is over
  kOrderLate,       // nobody answered an order: the next level orders
  kStepLate,        // a step of a hard matter was not done by its day
  kLeadLate,        // the day of its lead official has passed
  kCount
};
inline constexpr int kDeedCount = static_cast<int>(Deed::kCount);
std::string_view DeedName(Deed deed);
std::optional<Deed> ParseDeed(std::string_view name);

// The moments of one clock, worked out by its rules.
struct Moments {
  Instant started;
  Instant due;
  std::optional<Instant> remind;  // absent: the term is too short for it
  std::optional<Instant> order;   // after `due`; absent: no rule has an order follow
  std::optional<Instant> ask;     // when the resident is asked; absent: no rule has them asked
};

struct Stage {
  Deed deed;
  Instant at;
  friend bool operator==(const Stage&, const Stage&) = default;
};
// What a clock of this step does first; absent when it does nothing by itself.
std::optional<Stage> FirstStage(std::string_view step, const Moments& moments);
// What it does after that deed; absent at the end.
std::optional<Stage> NextStage(std::string_view step, Deed done, const Moments& moments);

// The table as Markdown, for the documentation and its test.
std::string StageTable();

}  // namespace huiyin::matters
