// SPDX-License-Identifier: EUPL-1.2
#include "modules/terms/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

namespace huiyin::terms {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> ReadWhole(const fs::path& path) {
  std::error_code failure;
  if (!fs::is_regular_file(path, failure)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void AddErrors(Shipped& shipped, const std::string& file, std::vector<RowError> errors) {
  for (RowError& error : errors)
    shipped.errors.push_back({file, std::move(error)});
}

void LoadRules(const fs::path& dir, Shipped& shipped) {
  const std::string file = "terms/rules.csv";
  const auto csv = ReadWhole(dir / file);
  if (!csv) {
    shipped.errors.push_back({file, {0, "", "missing_file", ""}});
    return;
  }
  RulesReading reading = ReadRules(*csv);
  if (reading.errors.empty()) shipped.rules = std::move(reading.rules);
  AddErrors(shipped, file, std::move(reading.errors));
}

void LoadYear(const fs::path& path, Shipped& shipped) {
  const std::string file = "calendar/" + path.filename().string();
  const int year = ParseCount(path.stem().string(), 1900, 2199);
  const auto csv = ReadWhole(path);
  if (year < 0 || !csv) {
    shipped.errors.push_back({file, {0, "", year < 0 ? "not_a_year" : "missing_file", ""}});
    return;
  }
  CalendarYearReading reading = ReadCalendarYear(year, *csv);
  if (reading.errors.empty()) shipped.calendar.Put(std::move(reading.year));
  AddErrors(shipped, file, std::move(reading.errors));
}

}  // namespace

Shipped LoadShipped(const fs::path& dir) {
  Shipped shipped;
  LoadRules(dir, shipped);
  std::vector<fs::path> paths;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(dir / "calendar", failure)) {
    if (entry.path().extension() == ".csv") paths.push_back(entry.path());
  }
  if (paths.empty()) shipped.errors.push_back({"calendar", {0, "", "missing_file", ""}});
  std::sort(paths.begin(), paths.end());
  for (const fs::path& path : paths)
    LoadYear(path, shipped);
  return shipped;
}

std::string ErrorLine(const FileError& error) {
  std::string line = error.file;
  if (error.error.row > 0) line += fmt::format(":{}", error.error.row);
  if (!error.error.column.empty()) line += ": " + error.error.column;
  line += ": " + error.error.code;
  if (!error.error.detail.empty()) line += fmt::format(" ({})", error.error.detail);
  return line;
}

}  // namespace huiyin::terms
