// SPDX-License-Identifier: EUPL-1.2
// The raw engine: recorded statements run on its C interface with nothing around them, on a
// connection set up as the server's. What this takes, no program on this engine can take less
// of. REQUIRES throughout: no server has the data folder open.
#pragma once

#include <filesystem>
#include <vector>

#include "bench/record.h"

namespace huiyin::bench {

struct StatementCost {
  std::string name;
  double times = 0;  // run by one request, on the average
  double us = 0;     // all of them together: processor time, or waited for where the engine is elsewhere
  std::string plan;  // how the engine goes about it, in its own words
};
struct RawReads {
  double cpu_us = 0;  // processor time of one request
  std::vector<StatementCost> statements;  // the dearest first
};
// Runs the reads of each recording as one snapshot, all of them again and again for about
// `seconds`, and reads every column of every row.
RawReads ReplayReads(const std::filesystem::path& data, const std::vector<Recording>& recordings,
                     double seconds);

struct RawWrites {
  uint64_t writes = 0;
  double seconds = 0;
  double cpu_us = 0;  // of the writing thread and the engine, for one
  std::vector<StatementCost> statements;  // of some of them, the dearest first

  double PerSecond() const { return seconds > 0 ? static_cast<double>(writes) / seconds : 0; }
};
// Runs the writes of each recording once, for `producers` threads that each wait until
// theirs is on disk before they hand in the next: group commit, flushed (synchronous=FULL).
// Ends after `seconds` or when there are no more. What was written stays.
RawWrites ReplayWrites(const std::filesystem::path& data, const std::vector<Recording>& recordings,
                       int producers, double seconds);

}  // namespace huiyin::bench
