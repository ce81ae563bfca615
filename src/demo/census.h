// SPDX-License-Identifier: EUPL-1.2
// How the county's households lie in its villages, and who is paired with which.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "demo/families.h"

namespace huiyin::demo {

// A household as visits and matters see it.
struct Home {
  Door door;
  HouseholdId id;
  AreaCode area;
  std::string head_name;
  ResidentId head;
  bool head_is_away = false;
  Instant created_at;
  std::optional<size_t> helper;  // index of the paired officer
  Date helped_from;
  std::optional<size_t> earlier_helper;
  Date helped_earlier_from;

  // Who was paired with it that day.
  std::optional<size_t> HelperOn(Date day) const;
};

// Doors in the order of the register, with the officer of each.
std::vector<Home> Settle(const Ground& ground, uint64_t seed, int households, Date today);

// Households of every area, the ancestors included.
std::map<AreaCode, int64_t> CountByArea(const Ground& ground, const std::vector<Home>& homes);

void AddPairings(const Home& home, const Family& family, const Ground& ground, const Words& words,
                 Dice& dice, Batch& batch);

}  // namespace huiyin::demo
