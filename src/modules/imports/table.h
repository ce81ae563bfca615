// SPDX-License-Identifier: EUPL-1.2
// A table, row by row, whether it came as CSV or as a sheet of XLSX. Rows are numbered as a
// spreadsheet numbers them: the heading is 1.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"

namespace huiyin::imports {

// Something wrong in a file, at an address a person can go to.
struct TableError {
  int64_t row = 1;
  std::string column;  // its heading; empty when the whole row is meant
  std::string code;
  std::string detail;  // what stands there, or what would have been right
};

struct TableRow {
  int64_t number = 0;
  std::vector<std::string> cells;  // as many as the row has
};

// What one file may hold; beyond it the file is refused, since a small archive can unpack to
// any size.
struct Limits {
  uint64_t max_bytes = 1ULL << 30;       // unpacked
  uint64_t max_ratio = 200;              // unpacked to packed, beyond the first MiB
  int64_t max_rows = 2'000'000;
  size_t max_columns = 200;
  size_t max_cell_bytes = 40'000;
};

class TableReader {
 public:
  virtual ~TableReader() = default;
  // False at the end and at an error. Rows without any text are passed over.
  virtual bool Next(TableRow& row) = 0;
  const std::optional<TableError>& error() const { return error_; }

 protected:
  bool Fail(int64_t row, std::string code, std::string detail = "") {
    error_ = TableError{row, "", std::move(code), std::move(detail)};
    return false;
  }
  std::optional<TableError> error_;
};

// By its first bytes: a ZIP archive is read as XLSX (the first sheet), anything else as text,
// separated by the one of comma, tab and semicolon that the heading has most of. A file that
// cannot be read gives a reader whose first row fails: unreadable, empty_file, too_large,
// not_utf8, old_excel (.xls or a password), not_xlsx, broken_archive, ...
std::unique_ptr<TableReader> OpenTable(const std::filesystem::path& file, const Limits& limits = {});

// Used by OpenTable, and by tests.
std::unique_ptr<TableReader> OpenXlsx(const std::filesystem::path& file, const Limits& limits);

}  // namespace huiyin::imports
