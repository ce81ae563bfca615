// SPDX-License-Identifier: EUPL-1.2
#include "platform/nights.h"

#include "core/log.h"

namespace huiyin {
namespace {

constexpr int kFrom = 2 * 60;  // minutes of the local day
constexpr int kUntil = 5 * 60;
constexpr int64_t kMissedMs = 36LL * 60 * 60 * 1000;

constexpr db::Sql kCounties{"nights.counties", "SELECT county, zone_minutes FROM counties ORDER BY county"};
constexpr db::Sql kLast{"nights.last", "SELECT started_at FROM night_runs WHERE county = $1 AND name = $2"};
constexpr db::Sql kSave{"nights.save", R"sql(
  INSERT INTO night_runs (county, name, started_at, ended_at, is_odd, data) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (county, name) DO UPDATE SET started_at = excluded.started_at, ended_at = excluded.ended_at,
    is_odd = excluded.is_odd, data = excluded.data
)sql"};
constexpr db::Sql kRuns{"nights.runs", R"sql(
  SELECT name, started_at, ended_at, is_odd, data FROM night_runs WHERE county = $1 ORDER BY name
)sql"};

bool IsDue(Instant now, Zone zone, std::optional<Instant> last) {
  const int minute = LocalMinuteOfDay(now, zone);
  const bool is_night = minute >= kFrom && minute < kUntil;
  if (!last) return is_night;
  if (now.ms - last->ms >= kMissedMs) return true;
  return is_night && LocalDate(*last, zone) < LocalDate(now, zone);
}

NightResult RunOne(const Night& night, const NightWork& work) {
  try {
    NightResult result = night.run(work);
    if (result.is_odd) {
      log::Warn("night_found", {{"county", FormatCounty(work.county)}, {"work", std::string(night.name)},
                                {"found", json::serialize(result.data)}});
    }
    return result;
  } catch (const std::exception& error) {
    log::Error("night_failed", {{"county", FormatCounty(work.county)}, {"work", std::string(night.name)}, {"what", error.what()}});
    return {.is_odd = true, .data = {{"failed", error.what()}}};
  }
}

}  // namespace

void RunNights(const Services& services, const std::vector<Night>& nights, bool even_if_not_due,
               const std::function<bool()>& is_stopping) {
  std::vector<std::pair<County, Zone>> counties;
  services.database.Read([&](db::Tx& tx) {
    tx.Rows(kCounties, [&](const db::Row& row) {
      counties.emplace_back(County{static_cast<int32_t>(row.Int(0))}, Zone{static_cast<int32_t>(row.Int(1))});
    });
  });
  const http::Request none;
  for (const auto& [county, zone] : counties) {
    for (const Night& night : nights) {
      if (is_stopping()) return;
      const Instant started = services.clock.Now();
      std::optional<Instant> last;
      services.database.Read([&](db::Tx& tx) {
        last = tx.One(kLast, [](const db::Row& row) { return row.At(0); }, county, night.name);
      });
      if (!even_if_not_due && !IsDue(started, zone, last)) continue;
      const auto write = [&](const std::function<void(Context&)>& job) {
        services.database.Write([&](db::Tx& tx) {
          Actor system;
          system.kind = Actor::Kind::kSystem;
          Context ctx{.tx = tx, .services = services, .request = none, .county = county, .zone = zone,
                      .now = services.clock.Now(), .actor = system};
          job(ctx);
        });
      };
      const NightResult result = RunOne(night, {services, county, zone, started, write});
      services.database.Write([&](db::Tx& tx) {
        tx.Run(kSave, county, night.name, started, services.clock.Now(), result.is_odd, json::serialize(result.data));
      });
    }
  }
}

std::vector<NightRun> NightRunsOf(db::Tx& tx, County county) {
  return tx.All(kRuns, [](const db::Row& row) {
    return NightRun{row.Text(0), row.At(1), row.At(2), row.Flag(3), row.Text(4)};
  }, county);
}

}  // namespace huiyin
