// SPDX-License-Identifier: EUPL-1.2
// Office hours and terms: when a desk gets to something, which rule runs, and until when.
// What a term's working says depends on the day it starts, so each is worked out once.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "demo/dice.h"
#include "modules/terms/terms.h"

namespace huiyin::demo {

class Desk {
 public:
  explicit Desk(std::shared_ptr<const terms::Terms> held) : held_(std::move(held)) {}

  struct Term {
    const terms::Rule* rule = nullptr;  // null: no rule sets a term
    Instant due;
    std::string_view working;  // as JSON; lasts as long as the desk
  };
  // The term of a step started at `from`.
  Term Start(const terms::Case& wanted, Instant from);
  Term Lengthened(const Term& term, Instant from, const terms::Rule& extension, int amount);
  const terms::Rule* RuleBy(std::string_view key, Instant on) const;

  // The first moment from `at` on in which somebody is at work.
  Instant AtWork(Instant at, Dice& dice) const;
  bool IsWorkday(Date day) const { return held_->calendar.IsWorkday(day); }

 private:
  struct Worked {
    Instant due;
    std::string working;
  };
  const Worked& Work(const terms::Rule& rule, Instant from);

  std::shared_ptr<const terms::Terms> held_;
  std::map<std::pair<const terms::Rule*, Date>, Worked> worked_;
  std::map<std::tuple<const terms::Rule*, const terms::Rule*, Date, int>, Worked> lengthened_;
};

}  // namespace huiyin::demo
