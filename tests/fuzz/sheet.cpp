// SPDX-License-Identifier: EUPL-1.2
// What stands inside an XLSX archive. The archive is made here from the input, so that its
// sums are right and the bytes reach the readers of the parts: four parts apart by \xFF.
#include <unistd.h>
#include <zip.h>

#include "core/text.h"
#include "modules/imports/table.h"
#include "tests/fuzz/fuzz.h"

namespace huiyin::fuzz {

void Try(std::string_view input) {
  static constexpr std::string_view kBook =
      R"(<workbook xmlns:r="x"><sheets><sheet name="a" sheetId="1" r:id="rId7"/></sheets></workbook>)";
  static constexpr std::string_view kRelations =
      R"(<Relationships><Relationship Id="rId7" Target="worksheets/sheet1.xml"/></Relationships>)";
  const auto or_else = [](std::string_view text, std::string_view usual) { return text.empty() ? usual : text; };
  const std::pair<const char*, std::string_view> parts[] = {
      {"xl/worksheets/sheet1.xml", TakeUntil(input, '\xFF')}, {"xl/sharedStrings.xml", TakeUntil(input, '\xFF')},
      {"xl/styles.xml", TakeUntil(input, '\xFF')},            {"xl/workbook.xml", or_else(TakeUntil(input, '\xFF'), kBook)},
      {"xl/_rels/workbook.xml.rels", or_else(input, kRelations)}};
  const auto file = std::filesystem::temp_directory_path() / fmt::format("huiyin-fuzz-{}.xlsx", ::getpid());
  zip_t* archive = zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  for (const auto& [name, bytes] : parts) {
    if (bytes.empty()) continue;
    const auto at = zip_file_add(archive, name, zip_source_buffer(archive, bytes.data(), bytes.size(), 0), ZIP_FL_OVERWRITE);
    zip_set_file_compression(archive, static_cast<zip_uint64_t>(at), ZIP_CM_STORE, 0);
  }
  zip_close(archive);
  const imports::Limits limits{.max_bytes = 1 << 20, .max_ratio = 20, .max_rows = 2000, .max_columns = 50, .max_cell_bytes = 1000};
  const auto reader = imports::OpenTable(file, limits);
  imports::TableRow row;
  int64_t last = 0;
  while (reader->Next(row)) {
    Expect(row.number > last && row.number <= limits.max_rows, "rows are counted upwards, up to the limit");
    last = row.number;
    Expect(row.cells.size() <= limits.max_columns, "a row keeps to its columns");
    for (const std::string& cell : row.cells) Expect(IsValidUtf8(cell), "a cell is text");
  }
  std::filesystem::remove(file);
}

}  // namespace huiyin::fuzz
