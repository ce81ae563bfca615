// SPDX-License-Identifier: EUPL-1.2
#include <zlib.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "app/commands.h"
#include "modules/matters/matters.h"

namespace huiyin::app {
namespace {

constexpr size_t kMostShown = 50;

// The whole file, unpacked when it ends in .gz (zlib reads plain files as they are).
std::string ReadFile(const std::string& path) {
  const gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) throw std::runtime_error("cannot open " + path);
  std::string text;
  std::array<char, 1 << 16> part;
  int count = 0;
  while ((count = gzread(file, part.data(), part.size())) > 0) text.append(part.data(), static_cast<size_t>(count));
  const bool is_whole = count == 0;
  gzclose(file);
  if (!is_whole) throw std::runtime_error("cannot read " + path);
  return text;
}

void Print(std::FILE* to, std::string_view what, const std::vector<matters::ImportError>& rows) {
  for (size_t i = 0; i < rows.size() && i < kMostShown; ++i) {
    const auto& row = rows[i];
    fmt::print(to, "{}: row {}, {}: {} ({})\n", what, row.row, row.column.empty() ? "the row" : row.column, row.code, row.detail);
  }
  if (rows.size() > kMostShown) fmt::print(to, "{}: {} more\n", what, rows.size() - kMostShown);
}

int Import(std::span<const std::string> args) {
  const Arguments arguments(args, {"data"});
  if (arguments.words().size() != 1) throw Usage("one file of requests is wanted");
  const std::string csv = ReadFile(arguments.words().front());
  OpenCounty county = OpenData(arguments.Need("data"));
  matters::ImportResult result;
  WithContext(county, [&](Context& ctx) { result = matters::ImportNyc311(ctx, csv); });
  Print(stderr, "wrong", result.errors);
  Print(stderr, "put right", result.notes);
  if (!result.errors.empty()) {
    fmt::print(stderr, "{} mistakes in {} rows; nothing was brought in\n", result.errors.size(), result.rows);
    return 1;
  }
  fmt::print("{} rows: {} brought in, {} there already\n", result.rows, result.added, result.same);
  return 0;
}

}  // namespace

extern const Command kMattersImport;
const Command kMattersImport = {
    "matters import", "bring in requests of New York's 311, with their dates",
    R"(huiyin matters import --data DIR FILE.csv[.gz]

Reads a file of NYC Open Data's 311 Service Requests. Agencies become units of the county,
complaint types categories, and every date stays the day it shows. The same file twice
changes nothing; a file with a mistake is told row by row and nothing of it is brought in.)",
    Import};

}  // namespace huiyin::app
