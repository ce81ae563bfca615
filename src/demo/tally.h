// SPDX-License-Identifier: EUPL-1.2
// The counters of the county, added up in memory and written once.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "core/time.h"
#include "demo/rows.h"

namespace huiyin::demo {

class Tally {
 public:
  void Add(std::string_view name, Instant at, const AreaCode& area, const UnitId& unit, int64_t by = 1) {
    const Date day = LocalDate(at, Zone{});
    counts_[Key{std::string(name), day.Year() * 100 + day.Month(), area, unit}] += by;
  }

  void MoveTo(Batch& batch) {
    for (const auto& [key, value] : counts_) {
      const auto& [name, month, area, unit] = key;
      batch.counters.push_back({name, month, area, unit, value});
    }
    counts_.clear();
  }

 private:
  using Key = std::tuple<std::string, int, AreaCode, UnitId>;
  std::map<Key, int64_t> counts_;
};

}  // namespace huiyin::demo
