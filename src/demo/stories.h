// SPDX-License-Identifier: EUPL-1.2
// Two years of matters: who asked for what, through which door, who handled it, how long it
// took, and what the resident said of it in the end.
#pragma once

#include <set>

#include "demo/tale.h"
#include "demo/visiting.h"

namespace huiyin::demo {

class Stories {
 public:
  Stories(const Words& words, const Ground& ground, const std::vector<Home>& homes,
          const std::vector<std::vector<PastVisit>>& visits, const Scale& scale, std::shared_ptr<const terms::Terms> held,
          uint64_t seed, Instant now);

  // When each of `count` matters was first spoken of, in order.
  std::vector<Instant> DrawTimes(int count) const;
  // The n-th of `count`.
  void Tell(size_t n, size_t count, Instant at, Batch& batch, Tally& tally);

  // These households ask more often, and lately, so that whoever looks at one finds some.
  void Favour(std::vector<size_t> homes) { favoured_ = std::move(homes); }

 private:
  struct Cast;
  void ChooseCast(Cast& cast, Instant at, Dice& dice);
  bool IsFavoured(size_t n, size_t count) const;
  void ChooseDoor(Cast& cast, Dice& dice) const;
  void ChooseTarget(Cast& cast, Dice& dice) const;
  MatterRow Opening(const Cast& cast, const Request& request, Dice& dice);
  bool Route(Cast& cast, Tale& tale, Instant& at, Request& request, Dice& dice);
  bool Handle(Cast& cast, Tale& tale, Instant& at, Request& request, Dice& dice);
  void Conclude(Cast& cast, Tale& tale, Instant at, Request& request, Dice& dice);
  void AskForTime(Tale& tale, Instant accepted, const Person& by, Dice& dice) const;
  Instant AnswerTime(const Cast& cast, const Tale& tale, Instant from, Dice& dice) const;
  double DrawDays(Dice& dice, double most_percent = 100) const;
  Doer Resident(const Cast& cast) const;
  const Person& Someone(size_t office, Dice& dice) const;
  size_t IndexOf(const Office& office) const { return static_cast<size_t>(&office - ground_.offices.data()); }

  const Words& words_;
  const Ground& ground_;
  const std::vector<Home>& homes_;
  const std::vector<std::vector<PastVisit>>& visits_;
  const Scale& scale_;
  mutable Desk desk_;
  uint64_t seed_;
  Instant now_;
  struct VisitAt {
    Instant at;
    size_t home = 0;
    size_t visit = 0;
  };
  std::vector<VisitAt> by_time_;  // visits at which somebody was met
  std::set<std::string> receipts_;
  std::vector<size_t> favoured_;  // homes
  size_t next_favoured_ = 0;
};

}  // namespace huiyin::demo
