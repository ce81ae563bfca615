// SPDX-License-Identifier: EUPL-1.2
// Proves or counts anew the figures that walls and indicators read.
#include <cstdio>

#include "app/commands.h"
#include "modules/matters/matters.h"

namespace huiyin::app {
namespace {

int Verify(std::span<const std::string> args) {
  const Arguments arguments(args, {"data"});
  const OpenCounty county = OpenData(arguments.Need("data"));
  std::vector<matters::Difference> found;
  county.database->Read([&](db::Tx& tx) {
    found = matters::VerifyCounters(tx, county.services->default_county, county.services->zone);
  });
  for (const matters::Difference& each : found) {
    fmt::print("DIFFERS {}: {} counted, {} there\n", each.what, each.counted, each.real);
  }
  if (found.empty()) fmt::print("every counter agrees with what it counts\n");
  return found.empty() ? 0 : 1;
}

int Rebuild(std::span<const std::string> args) {
  const Arguments arguments(args, {"data"});
  const OpenCounty county = OpenData(arguments.Need("data"));
  WithContext(county, [](Context& ctx) { matters::RebuildCounters(ctx.tx, ctx.county); });
  fmt::print("the walls are counted anew\n");
  return 0;
}

}  // namespace

extern const Command kCountersVerify;
const Command kCountersVerify = {
    "counters verify", "prove that the counters agree with the records",
    R"(huiyin counters verify --data DIR

Counts every open matter and every act of two kinds of figures: what the walls show (by
area, unit and due date) and the months' indicators; and tells every open matter again from
its events alone, to compare it with its row. Prints what differs and ends with 1.
The server does the same every night and shows what it found under upkeep.)",
    Verify};

extern const Command kCountersRebuild;
const Command kCountersRebuild = {
    "counters rebuild", "count anew what the walls show",
    R"(huiyin counters rebuild --data DIR

For the walls' counters only: an indicator's month is what was counted when it happened.
Stop the server first.)",
    Rebuild};

}  // namespace huiyin::app
