// SPDX-License-Identifier: EUPL-1.2
// The figures of one county: first the real server over HTTP, then, with the server gone,
// the limits of the same requests. Works on a copy of the folder, so the county stays as it
// was, unless its records are on PostgreSQL: there they are what is worked on.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "bench/report.h"

namespace huiyin::bench {

struct Settings {
  std::filesystem::path program;  // huiyin
  std::filesystem::path scratch;  // emptied before and removed after
  double seconds = 3;             // of each measured span
  std::string only;               // figures whose name has this word; all when empty
};

std::vector<Figure> MeasureCounty(const Settings& settings, const std::string& name, const std::filesystem::path& data);

}  // namespace huiyin::bench
