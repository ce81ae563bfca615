// SPDX-License-Identifier: EUPL-1.2
// Chance that can be repeated. Each topic of the county (its names, its visits, its
// matters) throws dice of its own, so that a change to one leaves the others as they were.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/id.h"
#include "core/random.h"

namespace huiyin::demo {

class Dice {
 public:
  explicit Dice(uint64_t seed) : random_(seed) {}
  // Dice of a topic, and of the n-th thing in it.
  static Dice For(uint64_t seed, std::string_view topic, uint64_t n = 0);

  int64_t Between(int64_t from, int64_t to);  // both included
  double Real();                              // in [0, 1)
  bool Chance(double percent) { return Real() * 100 < percent; }
  Uuid NewId(Instant at) { return NewUuid(at, random_); }
  template <class T>
  const T& Pick(const std::vector<T>& from) {
    return from[static_cast<size_t>(random_.Next() % from.size())];
  }
  Random& random() { return random_; }

 private:
  SeededRandom random_;
};

// A choice between values that are not equally likely.
template <class T>
class Weighted {
 public:
  void Add(T value, double weight) {
    total_ += weight;
    values_.push_back(std::move(value));
    reached_.push_back(total_);
  }
  const T& Draw(Dice& dice) const {
    const auto at = std::upper_bound(reached_.begin(), reached_.end(), dice.Real() * total_);
    return values_[std::min<size_t>(static_cast<size_t>(at - reached_.begin()), values_.size() - 1)];
  }
  bool empty() const { return values_.empty(); }
  const std::vector<T>& values() const { return values_; }

 private:
  std::vector<T> values_;
  std::vector<double> reached_;
  double total_ = 0;
};

}  // namespace huiyin::demo
