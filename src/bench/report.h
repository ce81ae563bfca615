// SPDX-License-Identifier: EUPL-1.2
// Figures as a table for people and as results.json for programs.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "bench/raw.h"

namespace huiyin::bench {

// One measured figure. Its goal holds on `ratio` = value / limit.
struct Figure {
  std::string county;  // which data: "demo", "scale"
  std::string name;
  double value = 0;
  std::string unit;
  double limit = 0;
  std::string limit_is;  // what the limit is made of, for a reader
  bool is_floor = true;  // the ratio may be at most `bound`; otherwise at least
  double bound = 0;      // 0: no goal, only told
  uint64_t errors = 0;   // a figure with errors has failed, however good
  std::string first_error;

  std::optional<int> connections;
  std::optional<double> per_second, p50_ms, p99_ms, p999_ms, cpu_us;
  std::optional<double> engine_us, nginx_us, body_bytes;
  std::vector<StatementCost> statements;  // where the engine's time goes

  double Ratio() const { return limit > 0 ? value / limit : 0; }
  bool IsMet() const;
  std::string Goal() const;  // "<= 2.00", ">= 0.50"
};

// Something measured in one go, and how long that took: a county, the registers.
struct Part {
  std::string name;
  double seconds = 0;
};

struct Results {
  std::vector<Part> parts;
  std::vector<Figure> figures;
};

void PrintTable(const Results& results);
// Whole or not at all, with the machine they were taken on.
void WriteResults(const std::filesystem::path& file, const Results& results);
// What WriteResults wrote. Throws std::runtime_error when the file is not that.
Results ReadResults(const std::filesystem::path& file);

}  // namespace huiyin::bench
