// SPDX-License-Identifier: EUPL-1.2
#include <stdexcept>

#include "core/text.h"
#include "modules/imports/imports.h"
#include "modules/org/org.h"

namespace huiyin::imports {
namespace {

namespace fs = std::filesystem;

const std::vector<Column>& DivisionColumns() {
  static const std::vector<Column> columns = {
      {"code", true, {"代码", "区域代码", "区划代码"}}, {"name", true, {"名称", "区域名称", "区划名称"}}};
  return columns;
}

// Which codes are wanted: what lies within the prefix, and what it lies within.
bool IsWanted(std::string_view code, std::string_view prefix) {
  return IsWithin(code, prefix) || IsWithin(prefix, code);
}

void Throw(const fs::path& file, const TableError& error) {
  throw std::runtime_error(fmt::format("{}: row {}: {} {}", file.string(), error.row, error.code, error.detail));
}

// The shipped tables name the codes of the areas above in columns of their own; only code
// and name are read, since the code says the rest.
void ReadInto(const fs::path& file, std::string_view prefix, std::map<AreaCode, std::string>& divisions) {
  const auto reader = OpenTable(file);
  TableRow row;
  if (!reader->Next(row)) Throw(file, reader->error().value_or(TableError{1, "", "empty_file", ""}));
  Errors ignored;
  const Heading heading(row, DivisionColumns(), ignored, true);
  const int code_at = heading.PlaceOf("code");
  const int name_at = heading.PlaceOf("name");
  if (code_at < 0 || name_at < 0) Throw(file, {1, "", "missing_column", "code, name"});
  const auto width = static_cast<size_t>(std::max(code_at, name_at)) + 1;
  while (reader->Next(row)) {
    if (row.cells.size() < width) Throw(file, {row.number, "", "too_few_cells", ""});
    const std::string_view code = Trim(row.cells[static_cast<size_t>(code_at)]);
    const std::string_view name = Trim(row.cells[static_cast<size_t>(name_at)]);
    if (org::LevelOf(code).empty()) Throw(file, {row.number, "code", "not_an_area_code", std::string(code)});
    if (!IsWanted(code, prefix)) continue;
    if (name.empty() || CountCharacters(name) > 100) Throw(file, {row.number, "name", "required", ""});
    divisions.emplace(code, name);
  }
  if (reader->error()) Throw(file, *reader->error());
}

}  // namespace

std::vector<Division> ReadDivisions(const fs::path& from, std::string_view prefix) {
  std::map<AreaCode, std::string> found;
  if (fs::is_directory(from)) {
    for (const char* name : {"provinces.csv", "cities.csv", "areas.csv", "streets.csv", "villages.csv"}) {
      fs::path file = from / name;
      for (const char* packed : {".gz", ".xz"}) {
        if (!fs::exists(file) && fs::exists(from / (std::string(name) + packed))) file += packed;
      }
      ReadInto(file, prefix, found);
    }
  } else {
    ReadInto(from, prefix, found);
  }
  std::vector<Division> divisions;
  for (auto& [code, name] : found) divisions.push_back({code, std::move(name)});
  std::stable_sort(divisions.begin(), divisions.end(),
                   [](const Division& a, const Division& b) { return a.code.size() < b.code.size(); });
  return divisions;
}

}  // namespace huiyin::imports
