// SPDX-License-Identifier: EUPL-1.2
// Shows or erases what has been kept for as long as the county keeps it.
#include <cstdio>

#include "app/commands.h"
#include "app/wiring.h"
#include "modules/upkeep/upkeep.h"

namespace huiyin::app {
namespace {

constexpr int kMostCounted = 1'000'000;

void Print(const std::vector<upkeep::Erased>& all) {
  for (const upkeep::Erased& each : all) fmt::print("{:<18} kept {:>6} days   {}\n", each.kind, each.days, each.count);
}

int Preview(std::span<const std::string> args) {
  const Arguments arguments(args, {"data"});
  const OpenCounty county = OpenData(arguments.Need("data"));
  const auto retained = RetainedOf(AllModules());
  county.database->Read([&](db::Tx& tx) {
    Print(upkeep::Preview(tx, county.services->default_county, county.services->clock.Now(), retained, kMostCounted));
  });
  return 0;
}

int Run(std::span<const std::string> args) {
  const Arguments arguments(args, {"data"});
  const OpenCounty county = OpenData(arguments.Need("data"));
  const Services& services = *county.services;
  const auto write = [&](const std::function<void(Context&)>& job) { WithContext(county, job); };
  Print(upkeep::Erase({services, services.default_county, services.zone, services.clock.Now(), write}, RetainedOf(AllModules())));
  return 0;
}

}  // namespace

extern const Command kRetentionPreview;
const Command kRetentionPreview = {
    "retention preview", "count what has been kept long enough",
    R"(huiyin retention preview --data DIR

One line a kind of record: how long the county keeps it (settings, retention) and how many
records are past that. Changes nothing.)",
    Preview};

extern const Command kRetentionRun;
const Command kRetentionRun = {
    "retention run", "erase what has been kept long enough",
    R"(huiyin retention run --data DIR

What the server does every night, at once. Content is erased; that it was there, and when it
was erased, stays in the audit log. Stop the server first.)",
    Run};

}  // namespace huiyin::app
