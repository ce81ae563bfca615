// SPDX-License-Identifier: EUPL-1.2
// Import files as they come: CSV in any encoding, .gz, .xz, and whole XLSX archives.
#include "modules/imports/table.h"

#include <unistd.h>

#include <fstream>

#include "core/text.h"
#include "tests/fuzz/fuzz.h"

namespace huiyin::fuzz {

void Try(std::string_view input) {
  if (input.empty()) return;
  static constexpr std::array<const char*, 4> kEndings = {"csv", "csv.gz", "csv.xz", "xlsx"};
  const char* ending = kEndings[static_cast<uint8_t>(input.front()) % kEndings.size()];
  input.remove_prefix(1);
  const auto file = std::filesystem::temp_directory_path() / fmt::format("huiyin-fuzz-{}.{}", ::getpid(), ending);
  std::ofstream(file, std::ios::binary) << input;
  const imports::Limits limits{.max_bytes = 1 << 22, .max_ratio = 50, .max_rows = 2000, .max_columns = 50, .max_cell_bytes = 4000};
  const auto reader = imports::OpenTable(file, limits);
  imports::TableRow row;
  int64_t last = 0;
  while (reader->Next(row)) {
    Expect(row.number > last && row.number <= limits.max_rows, "rows are counted upwards, up to the limit");
    last = row.number;
    Expect(row.cells.size() <= limits.max_columns, "a row keeps to its columns");
    for (const std::string& cell : row.cells) {
      Expect(cell.size() <= 4 * limits.max_cell_bytes && IsValidUtf8(cell), "a cell is text of a bounded length");
    }
  }
  Expect(!reader->Next(row), "what has ended stays ended");
  std::filesystem::remove(file);
}

}  // namespace huiyin::fuzz
