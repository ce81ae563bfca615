// SPDX-License-Identifier: EUPL-1.2
// Reads the comma separated tables that rules and calendars come in (RFC 4180, UTF-8).
// A mistake is told with its row and column, so that it can be found in a spreadsheet;
// a table with any mistake is not used at all.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace huiyin::terms {

struct RowError {
  int row = 0;         // as a spreadsheet numbers it: the heading is row 1
  std::string column;  // empty when the whole row is meant
  std::string code;    // missing_column, required, not_a_date, unknown_value, duplicate, ...
  std::string detail;  // what stands there, or what would have been right
};

struct TableRow {
  int row = 0;
  std::vector<std::string> cells;  // in the order of the columns asked for
};

struct Table {
  std::vector<TableRow> rows;  // only those with as many cells as the heading
  std::vector<RowError> errors;
};

// The heading must hold exactly `columns`, in any order. Empty lines are passed over.
[[nodiscard]] Table ReadTable(std::string_view text, std::span<const std::string_view> columns);

// The parts between `separator`, trimmed, without empty ones.
[[nodiscard]] std::vector<std::string> SplitList(std::string_view text, char separator);

// All of `text` as a number between `least` and `most`; -1 when it is not.
// REQUIRES: least >= 0.
[[nodiscard]] int ParseCount(std::string_view text, int least, int most);

}  // namespace huiyin::terms
