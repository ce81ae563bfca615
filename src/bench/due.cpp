// SPDX-License-Identifier: EUPL-1.2
#include "bench/due.h"

#include <algorithm>
#include <chrono>

#include "bench/child.h"
#include "bench/client.h"
#include "bench/program.h"
#include "modules/matters/matters.h"

namespace huiyin::bench {
namespace {

namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

constexpr int kBatch = 200;  // as dispatch does it
constexpr int kIdleLooks = 1'000;
constexpr int64_t kMonth = 30 * kDay;

constexpr db::Sql kArmed{"bench.armed", "SELECT COUNT(*) FROM alarms"};

double Seconds(Steady::duration span) { return std::chrono::duration<double>(span).count(); }

// A folder that is there for as long as this is.
class Copy {
 public:
  Copy(const fs::path& from, fs::path to) : path_(std::move(to)) {
    fs::remove_all(path_);
    fs::create_directories(path_);
    for (const char* file : {"huiyin.db", "huiyin.key"}) {
      if (fs::exists(from / file)) fs::copy(from / file, path_ / file);
    }
  }
  ~Copy() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// The clocks of a county as dispatch lets them act, without the threads.
class Acting {
 public:
  explicit Acting(const fs::path& data)
      : database_(db::OpenSqlite({.file = data / "huiyin.db"})), recorder_(*database_),
        services_(Assemble(recorder_, SystemClock(), data)), now_(SystemClock().Now()) {}

  int Act(int limit) {
    int done = 0;
    const http::Request none;
    recorder_.Write([&](db::Tx& tx) {
      Actor system;
      system.kind = Actor::Kind::kSystem;
      Context ctx{.tx = tx, .services = services_, .request = none, .county = services_.default_county,
                  .zone = services_.zone, .now = now_, .actor = system};
      done = matters::ActOnClocks(ctx, limit);
    });
    return done;
  }
  // The same, undone.
  Recording Record(int limit, int& done) {
    recorder_.Begin();
    done = Act(limit);
    return recorder_.End();
  }
  int64_t Armed() {
    int64_t armed = 0;
    database_->Read([&](db::Tx& tx) { armed = tx.Number(kArmed); });
    return armed;
  }
  void LetPass(int64_t ms) { now_ = now_ + ms; }

 private:
  std::unique_ptr<db::Database> database_;
  RecordingDatabase recorder_;
  Services services_;
  Instant now_;
};

}  // namespace

std::optional<DueCost> MeasureDue(const fs::path& data, const fs::path& raw, int64_t most) {
  const Copy raws(data, raw);
  DueCost cost;
  std::vector<Recording> recordings;
  std::vector<uint32_t> spans;
  {
    Acting acting(data);
    while (acting.Act(kBatch) == kBatch) CheckInterrupt();  // what is due already
    cost.armed = acting.Armed();
    const auto idle = Steady::now();
    for (int i = 0; i < kIdleLooks; ++i) acting.Act(kBatch);
    cost.idle_us = Seconds(Steady::now() - idle) * 1e6 / kIdleLooks;
    acting.LetPass(kMonth);
    for (int done = kBatch; done == kBatch && cost.deeds < most;) {
      CheckInterrupt();
      int recorded = 0;
      recordings.push_back(acting.Record(kBatch, recorded));
      cost.raw_deeds += recorded;
      const auto start = Steady::now();
      done = acting.Act(kBatch);
      const auto span = Steady::now() - start;
      cost.seconds += Seconds(span);
      cost.deeds += done;
      spans.push_back(static_cast<uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(span).count()));
    }
  }
  if (cost.deeds == 0) return std::nullopt;
  std::sort(spans.begin(), spans.end());
  cost.p50_ms = Percentile(spans, 0.5) / 1e3;
  cost.p99_ms = Percentile(spans, 0.99) / 1e3;
  cost.raw = ReplayWrites(raws.path(), recordings, 1, 600);
  return cost;
}

}  // namespace huiyin::bench
