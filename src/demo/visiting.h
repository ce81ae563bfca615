// SPDX-License-Identifier: EUPL-1.2
// Two years at the doors: visits with their diary entries, what was promised and kept, plans
// for the next, and what the record learnt from them.
#pragma once

#include "demo/census.h"
#include "demo/scale.h"
#include "demo/tally.h"

namespace huiyin::demo {

struct PastVisit {
  VisitId id;
  Instant at;
  size_t officer = 0;
  bool met_somebody = true;
};

class Visiting {
 public:
  Visiting(const Words& words, const Ground& ground, const Scale& scale, uint64_t seed, Instant now)
      : words_(words), ground_(ground), scale_(scale), seed_(seed), now_(now), today_(LocalDate(now, Zone{})) {}

  // Writes what happened at the family's door into the batch, and into its record. Returns
  // the visits in the order of time.
  std::vector<PastVisit> Add(const Home& home, Family& family, Batch& batch, Tally& tally) const;

 private:
  struct Door;
  std::vector<Instant> DrawTimes(const Home& home, Dice& dice) const;
  void Call(Door& door, Instant at, size_t officer) const;
  std::string Diary(Door& door, const VisitRow& visit) const;
  void Promise(Door& door, const VisitRow& visit) const;
  VisitPlanId PlanAhead(Door& door, const VisitRow& visit) const;
  void PlanNext(Door& door) const;
  void Learn(Door& door, const VisitRow& visit) const;
  void Births(Door& door) const;

  const Words& words_;
  const Ground& ground_;
  const Scale& scale_;
  uint64_t seed_;
  Instant now_;
  Date today_;
};

}  // namespace huiyin::demo
