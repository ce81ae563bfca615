// SPDX-License-Identifier: EUPL-1.2
// Rules and calendars as they are shipped: DIR/terms/rules.csv and DIR/calendar/YYYY.csv.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "modules/terms/calendar.h"
#include "modules/terms/rule.h"

namespace huiyin::terms {

struct FileError {
  std::string file;  // relative to the folder
  RowError error;
};

struct Shipped {
  std::vector<Rule> rules;
  Calendar calendar;              // without the years that have errors
  std::vector<FileError> errors;  // rules are empty when their table has one
};

[[nodiscard]] Shipped LoadShipped(const std::filesystem::path& dir);

// "terms/rules.csv:12: amount: out_of_range (1 to 3660)".
[[nodiscard]] std::string ErrorLine(const FileError& error);

}  // namespace huiyin::terms
