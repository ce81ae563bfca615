// SPDX-License-Identifier: EUPL-1.2
// Clocks that act, by the thousand: what a deed costs the program, beside the raw engine doing
// the same statements; and what clocks cost while none is due.
#pragma once

#include <filesystem>
#include <optional>

#include "bench/raw.h"

namespace huiyin::bench {

struct DueCost {
  int64_t deeds = 0;
  double seconds = 0;   // of all of them, each batch on disk
  double p50_ms = 0;    // of a batch: how long a request may wait for the writer behind one
  double p99_ms = 0;
  double idle_us = 0;   // of looking whether any clock is due when none is
  int64_t armed = 0;    // clocks that had an alarm
  RawWrites raw;        // batches of the same statements
  int64_t raw_deeds = 0;

  double PerSecond() const { return seconds > 0 ? static_cast<double>(deeds) / seconds : 0; }
  double RawPerSecond() const { return raw.seconds > 0 ? static_cast<double>(raw_deeds) / raw.seconds : 0; }
};

// Lets a month pass at once in the county in `data` and acts on up to `most` deeds; the raw
// engine does the same in a copy, `raw`, which is removed. Absent when nothing comes due. What
// was done stays. REQUIRES: no server has the folder open.
std::optional<DueCost> MeasureDue(const std::filesystem::path& data, const std::filesystem::path& raw, int64_t most);

}  // namespace huiyin::bench
