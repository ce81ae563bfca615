// SPDX-License-Identifier: EUPL-1.2
// A phone that keeps a caseload: its first load, and what a day changes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "bench/client.h"

namespace huiyin::bench {

inline constexpr int kCaseload = 500;
inline constexpr int kChangedInADay = 20;
inline constexpr double kBitsPerSecond = 1'000'000;  // of the network the goal is set for

struct Liaison {
  std::string login, password;
};
// Gives so many of the county's households to its first liaison. Absent when there is no liaison, or there
// are fewer households. REQUIRES: no server has the folder open.
std::optional<Liaison> GiveCaseload(const std::filesystem::path& data, int households);

struct SyncCost {
  int64_t households = 0;
  double usable_bytes = 0;    // packed, until every household is there as it is needed at the door
  double usable_seconds = 0;  // at kBitsPerSecond, with what the server needed
  double first_bytes = 0;     // packed, of all pages
  double first_seconds = 0;
  double first_cpu_us = 0;
  double daily_bytes = 0;  // of a round with what a day changed
  Call daily;              // that round, to be asked again
};
// Loads everything, changes a day's worth, and asks for that. Throws std::runtime_error when an answer is wrong.
SyncCost MeasureSync(uint16_t port, const Liaison& liaison, const std::function<int64_t()>& cpu_us);

}  // namespace huiyin::bench
