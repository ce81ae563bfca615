// SPDX-License-Identifier: EUPL-1.2
#include <cstdio>

#include "app/commands.h"
#include "modules/imports/imports.h"
#include "modules/org/org.h"

namespace huiyin::app {
namespace {

struct Counts {
  int64_t added = 0;
  int64_t changed = 0;
  int64_t same = 0;
};

// One county's areas and those above it, in one transaction.
Counts Save(OpenCounty& data, County county, const std::vector<imports::Division>& divisions) {
  const std::string code = FormatCounty(county);
  data.services->default_county = county;
  Counts counts;
  WithContext(data, [&](Context& ctx) {
    const auto own = std::find_if(divisions.begin(), divisions.end(), [&](const auto& each) { return each.code == code; });
    if (!HasCounty(ctx.tx, county)) BeginCounty(ctx, own->name, "");
    for (const imports::Division& division : divisions) {
      if (!IsWithin(division.code, code) && !IsWithin(code, division.code)) continue;
      const auto known = org::FindArea(ctx.tx, county, division.code);
      if (known && known->name == division.name) {
        ++counts.same;
        continue;
      }
      org::SaveArea(ctx.tx, county, {division.code, division.name, std::string(org::LevelOf(division.code)),
                                     org::ParentOf(division.code)});
      ++(known ? counts.changed : counts.added);
    }
    if (counts.added + counts.changed > 0) {
      ctx.Record("import.applied", "import", ctx.NewId<ImportId>(),
                 {{"kind", "areas"}, {"new", counts.added}, {"changed", counts.changed}, {"same", counts.same}});
    }
  });
  return counts;
}

int ImportAreas(std::span<const std::string> args) {
  const Arguments arguments(args, {"data", "county", "province", "from"});
  const auto county = arguments.Get("county");
  const auto province = arguments.Get("province");
  if (county.has_value() == province.has_value()) throw Usage("one of --county and --province is needed");
  const std::string prefix = county ? *county : *province;
  const std::string_view level = org::LevelOf(prefix);
  if (county && level != "county") throw Usage("--county wants six digits, such as 510104");
  if (province && level != "province") throw Usage("--province wants two digits, such as 51");

  const std::filesystem::path from = arguments.Get("from").value_or((ShippedData() / "divisions").string());
  const auto divisions = imports::ReadDivisions(from, prefix);
  OpenCounty data = OpenData(arguments.Need("data"), true);
  const County before = data.services->default_county;
  Counts all;
  int64_t counties = 0;
  for (const imports::Division& division : divisions) {
    const auto code = division.code.size() == 6 ? ParseCounty(division.code) : std::nullopt;
    if (!code) continue;
    const Counts counts = Save(data, *code, divisions);
    ++counties;
    all.added += counts.added;
    all.changed += counts.changed;
    all.same += counts.same;
    fmt::print("{} {}: {} new, {} changed, {} the same\n", division.code, division.name, counts.added, counts.changed, counts.same);
  }
  data.services->default_county = before;
  if (counties == 0) throw std::runtime_error(from.string() + ": there is no county within " + prefix);
  if (counties > 1) fmt::print("{} counties: {} new, {} changed, {} the same\n", counties, all.added, all.changed, all.same);
  return 0;
}

}  // namespace

extern const Command kAreasImport;
const Command kAreasImport = {
    "areas import", "import the real areas of a county or a province",
    R"(huiyin areas import --data DIR (--county 510104 | --province 51) [--from PATH]

Takes provinces, prefectures, counties, townships and villages from the shipped tables, or
from PATH: a folder with provinces.csv, cities.csv, areas.csv, streets.csv and villages.csv
(.gz and .xz are read), or one table (CSV, XLSX) with the columns code and name.
A county that is not in the folder yet is begun. A province begins all of its counties, each
for itself. What is there already stays; new names replace old ones. Doing it twice changes
nothing.)",
    ImportAreas};

}  // namespace huiyin::app
