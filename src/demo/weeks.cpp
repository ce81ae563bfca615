// SPDX-License-Identifier: EUPL-1.2
#include "demo/weeks.h"

#include "modules/matters/matters.h"

namespace huiyin::demo {
namespace {

constexpr int kDays = 90;
constexpr int kBatch = 2000;

class Weeks {
 public:
  Weeks(db::Database& database, County county, uint64_t seed)
      : database_(database), county_(county), random_(seed),
        services_{.database = database, .clock = SystemClock(), .random = random_, .files = {},
                  .default_county = county, .zone = Zone{}} {}

  template <class Job>
  void At(Instant now, Job&& job) {
    const http::Request none;
    database_.Write([&](db::Tx& tx) {
      Actor system;
      system.kind = Actor::Kind::kSystem;
      Context ctx{.tx = tx, .services = services_, .request = none, .county = county_, .zone = Zone{}, .now = now,
                  .actor = system};
      job(ctx);
    }, db::Durability::kLog);
  }

 private:
  db::Database& database_;
  County county_;
  SeededRandom random_;
  Services services_;
};

}  // namespace

int64_t LiveThroughWeeks(db::Database& database, County county, uint64_t seed, Instant now) {
  Weeks weeks(database, county, seed);
  const Date today = LocalDate(now, Zone{});
  int64_t deeds = 0;
  weeks.At(StartOfDay(today - kDays, Zone{}), [](Context& ctx) { matters::ArmClocks(ctx); });
  for (Date day = today - kDays; day <= today; day = day + 1) {
    const Instant morning = std::min(StartOfDay(day, Zone{}) + 9 * kHour, now);
    for (int done = kBatch; done == kBatch;) {
      weeks.At(morning, [&](Context& ctx) { done = matters::ActOnClocks(ctx, kBatch); });
      deeds += done;
    }
  }
  return deeds;
}

}  // namespace huiyin::demo
