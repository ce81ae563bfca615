// SPDX-License-Identifier: EUPL-1.2
// What dispatch does when time passes: ticks, due work, the sealing of the audit chain, nights.
#include "core/log.h"
#include "platform/audit.h"
#include "platform/dispatch.h"
#include "platform/nights.h"
#include "platform/sessions.h"

namespace huiyin {
namespace {

constexpr db::Sql kCounties{"platform.counties", "SELECT county, zone_minutes FROM counties"};
constexpr db::Sql kDropKeys{"platform.drop_idempotency_keys", R"sql(
  DELETE FROM idempotency_keys WHERE county = $1 AND at < $2
)sql"};
constexpr int64_t kKeyLifetimeMs = 14 * kDay;

// Small enough that a request never waits long behind the sealer.
constexpr int kSealBatch = 500;
// Clocks acted on in one transaction: short enough that nobody waits for it.
constexpr int kDueBatch = 200;
// Catching up on a downtime goes on with the next tick, so that the chain is sealed meanwhile.
constexpr int64_t kDueBudgetMs = 500;
constexpr int64_t kHousekeepingMs = 10 * kMinute;

}  // namespace

void Dispatch::WriteAsSystem(County county, Zone zone, Instant now, const std::function<void(Context&)>& act) {
  static const http::Request none;
  services_.database.Write([&](db::Tx& tx) {
    Actor system;
    system.kind = Actor::Kind::kSystem;
    Context ctx{.tx = tx, .services = services_, .request = none, .county = county, .zone = zone,
                .now = now, .actor = system};
    act(ctx);
  });
}

void Dispatch::RunDue(const Due& due, std::string_view module, County county, Zone zone, Instant now) {
  // After a batch that failed they go one by one, until the one that cannot be done is found.
  int limit = kDueBatch;
  int singles_left = 0;
  int done = limit;
  while (done == limit && !IsStopping() && services_.clock.Now().ms - now.ms < kDueBudgetMs) {
    try {
      WriteAsSystem(county, zone, now, [&](Context& ctx) { done = due.act(ctx, limit); });
      if (limit == 1 && done == 1 && --singles_left == 0) limit = done = kDueBatch;
    } catch (const std::exception& error) {
      log::Error("due_failed", {{"module", std::string(module)}, {"what", error.what()}});
      if (limit == 1) WriteAsSystem(county, zone, now, due.postpone);
      limit = done = 1;
      singles_left = kDueBatch;
    }
  }
}

bool Dispatch::IsStopping() {
  std::lock_guard lock(tick_mutex_);
  return stopping_;
}

std::vector<std::pair<County, Zone>> Dispatch::Counties() const {
  std::vector<std::pair<County, Zone>> counties;
  services_.database.Read([&](db::Tx& tx) {
    tx.Rows(kCounties, [&](const db::Row& row) {
      counties.emplace_back(County{static_cast<int32_t>(row.Int(0))},
                            Zone{static_cast<int32_t>(row.Int(1))});
    });
  });
  return counties;
}

void Dispatch::Seal(County county, Zone zone) {
  read_log_.Seal(county, zone, kSealBatch);
  for (int sealed = kSealBatch; sealed == kSealBatch;) {
    services_.database.Write([&](db::Tx& tx) { sealed = audit::Seal(tx, county, zone, kSealBatch); });
  }
}

void Dispatch::SealOf(County wanted) {
  for (const auto& [county, zone] : Counties()) {
    if (county == wanted) Seal(county, zone);
  }
}

void Dispatch::SealNow() {
  for (const auto& [county, zone] : Counties()) Seal(county, zone);
}

void Dispatch::TickNow() {
  const Instant now = services_.clock.Now();
  const bool is_housekeeping = now.ms - last_housekeeping_.ms >= kHousekeepingMs;
  if (is_housekeeping) last_housekeeping_ = now;
  for (const auto& [county, zone] : Counties()) {
    WriteAsSystem(county, zone, now, [&](Context& ctx) {
      session_uses_.Write(ctx.tx, ctx.county);
      for (const Module& module : modules_) {
        for (const Tick& tick : module.ticks) tick(ctx);
      }
      if (is_housekeeping) {
        ctx.tx.Run(kDropKeys, ctx.county, now - kKeyLifetimeMs);
        DropExpiredSessions(ctx.tx, ctx.county, now);
      }
    });
    for (const Module& module : modules_) {
      for (const Due& due : module.due) RunDue(due, module.name, county, zone, now);
    }
    Seal(county, zone);
  }
}

void Dispatch::StopTicking() {
  {
    const std::lock_guard lock(tick_mutex_);
    stopping_ = true;
  }
  tick_wake_.notify_all();
  if (ticker_.joinable()) ticker_.join();
  if (night_watch_.joinable()) night_watch_.join();
}

void Dispatch::NightNow(bool even_if_not_due) {
  std::vector<Night> nights;
  for (const Module& module : modules_) nights.insert(nights.end(), module.nights.begin(), module.nights.end());
  RunNights(services_, nights, even_if_not_due, [this] {
    const std::lock_guard lock(tick_mutex_);
    return stopping_;
  });
}

void Dispatch::StartTicking(int64_t period_ms) {
  night_watch_ = std::thread([this] {
    for (;;) {
      {
        std::unique_lock lock(tick_mutex_);
        if (tick_wake_.wait_for(lock, std::chrono::seconds(30), [this] { return stopping_; })) return;
      }
      try {
        NightNow(false);
      } catch (const std::exception& error) {
        log::Error("night_failed", {{"what", error.what()}});
      }
    }
  });
  ticker_ = std::thread([this, period_ms] {
    for (;;) {
      {
        std::unique_lock lock(tick_mutex_);
        if (tick_wake_.wait_for(lock, std::chrono::milliseconds(period_ms), [this] { return stopping_; })) return;
      }
      try {
        TickNow();
      } catch (const std::exception& error) {
        log::Error("tick_failed", {{"what", error.what()}});
      }
    }
  });
}

}  // namespace huiyin
