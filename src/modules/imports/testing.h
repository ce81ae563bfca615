// SPDX-License-Identifier: EUPL-1.2
// Files for tests: a folder that goes away, and XLSX written part by part.
#pragma once

#include <unistd.h>
#include <zip.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "modules/imports/table.h"

namespace huiyin::imports::testing {

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / fmt::format("huiyin-imports-{}-{}", ::getpid(), Next())) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;

  std::filesystem::path Write(std::string_view name, std::string_view bytes) const {
    const auto file = path_ / name;
    std::ofstream(file, std::ios::binary) << bytes;
    return file;
  }
  // Parts by name, deflated.
  std::filesystem::path Zip(std::string_view name, const std::vector<std::pair<std::string, std::string>>& parts) const {
    const auto file = path_ / name;
    zip_t* archive = zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    for (const auto& [part, text] : parts) {
      zip_file_add(archive, part.c_str(), zip_source_buffer(archive, text.data(), text.size(), 0), ZIP_FL_OVERWRITE);
    }
    zip_close(archive);
    return file;
  }
  // A workbook of one sheet; `sheet` is what stands inside <sheetData>.
  std::filesystem::path Xlsx(std::string_view name, const std::string& sheet, const std::string& strings = "",
                             const std::string& styles = "") const {
    std::vector<std::pair<std::string, std::string>> parts = {
        {"xl/workbook.xml", R"(<workbook xmlns:r="x"><sheets><sheet name="一" sheetId="1" r:id="rId7"/></sheets></workbook>)"},
        {"xl/_rels/workbook.xml.rels", R"(<Relationships><Relationship Id="rId7" Target="worksheets/sheet1.xml"/></Relationships>)"},
        {"xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + sheet + "</sheetData></worksheet>"}};
    if (!strings.empty()) parts.emplace_back("xl/sharedStrings.xml", "<sst>" + strings + "</sst>");
    if (!styles.empty()) parts.emplace_back("xl/styles.xml", "<styleSheet>" + styles + "</styleSheet>");
    return Zip(name, parts);
  }

 private:
  static int Next() {
    static int next = 0;
    return next++;
  }
  std::filesystem::path path_;
};

inline std::string ReadAll(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// "1:a|b 3:c|d" or "1:a|b !2:code".
inline std::string Rows(TableReader& reader) {
  std::string text;
  TableRow row;
  while (reader.Next(row)) {
    if (!text.empty()) text += ' ';
    text += std::to_string(row.number) + ":";
    for (size_t i = 0; i < row.cells.size(); ++i) text += (i > 0 ? "|" : "") + row.cells[i];
  }
  if (reader.error()) text += fmt::format("{}!{}:{}", text.empty() ? "" : " ", reader.error()->row, reader.error()->code);
  return text;
}

}  // namespace huiyin::imports::testing
