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

  // What somebody said of an answer, or that they said nothing.
  void AddJudgement(Instant at, const UnitId& unit, std::string_view category, std::optional<bool> solved, std::optional<int> rating) {
    const Date day = LocalDate(at, Zone{});
    // By the first part of the category, as the program counts it.
    const std::string top(category.substr(0, category.find('.')));
    JudgementRow& row = judgements_[{unit, day.Year() * 100 + day.Month(), top}];
    row.judged += solved ? 1 : 0;
    row.solved += solved == true ? 1 : 0;
    row.rated += rating ? 1 : 0;
    row.rated_sum += rating.value_or(0);
    row.silent += solved ? 0 : 1;
  }

  void MoveTo(Batch& batch) {
    for (auto& [key, row] : judgements_) {
      std::tie(row.unit, row.month, row.category) = key;
      batch.judgements.push_back(std::move(row));
    }
    judgements_.clear();
    for (const auto& [key, value] : counts_) {
      const auto& [name, month, area, unit] = key;
      batch.counters.push_back({name, month, area, unit, value});
    }
    counts_.clear();
  }

 private:
  using Key = std::tuple<std::string, int, AreaCode, UnitId>;
  std::map<Key, int64_t> counts_;
  std::map<std::tuple<UnitId, int, std::string>, JudgementRow> judgements_;
};

}  // namespace huiyin::demo
