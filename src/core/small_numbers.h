// SPDX-License-Identifier: EUPL-1.2
// Figures of people that are shown to others: a cell of fewer than five says too much of the
// few in it (boundaries.md, rights, 9). This is the one place that says what is too few.
#pragma once

#include <cstdint>
#include <optional>

namespace huiyin {

inline constexpr int64_t kFewestShown = 5;

constexpr bool IsTooFew(int64_t people) { return people < kFewestShown; }

// How many people, or nothing when they are too few.
constexpr std::optional<int64_t> ShownCount(int64_t people) {
  return IsTooFew(people) ? std::nullopt : std::optional(people);
}

// The share of a group, or nothing when the group is too small.
constexpr std::optional<double> ShownShare(int64_t part, int64_t group) {
  if (IsTooFew(group)) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(group);
}

}  // namespace huiyin
