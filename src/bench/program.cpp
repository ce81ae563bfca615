// SPDX-License-Identifier: EUPL-1.2
#include "bench/program.h"

#include <fstream>
#include <stdexcept>

#include "app/commands.h"
#include "app/wiring.h"
#include "bench/child.h"
#include "db/postgres.h"

namespace huiyin::bench {
namespace {

constexpr db::Sql kCounty{"bench.county", "SELECT county, zone_minutes FROM counties ORDER BY county LIMIT 1"};

// What a program that runs has long had in its caches is not a request's.
constexpr int kWarmUp = 20;

}  // namespace

Services Assemble(db::Database& database, Clock& clock, const std::filesystem::path& data) {
  Services services{.database = database, .clock = clock, .random = SystemRandom(), .files = data / "files",
                    .reads = data / "reads"};
  std::ifstream key(data / "huiyin.key", std::ios::binary);
  key.read(reinterpret_cast<char*>(services.field_key.data()), static_cast<std::streamsize>(services.field_key.size()));
  database.Read([&](db::Tx& tx) {
    tx.Rows(kCounty, [&](const db::Row& row) {
      services.default_county = County{static_cast<int32_t>(row.Int(0))};
      services.zone = Zone{static_cast<int32_t>(row.Int(1))};
    });
  });
  return services;
}

std::unique_ptr<db::Database> OpenUnflushed(const std::filesystem::path& data) {
  if (const auto url = app::DatabaseUrl(data)) return db::OpenPostgres({.url = *url, .readers = 2, .sync = false});
  return db::OpenSqlite({.file = data / "huiyin.db", .sync = false});
}

// Nothing that is undone needs to reach the disk.
Program::Program(const std::filesystem::path& data, int64_t back_ms)
    : clock_(back_ms), database_(OpenUnflushed(data)), recorder_(*database_) {
  dispatch_ = std::make_unique<Dispatch>(Assemble(recorder_, clock_, data), AllModules());
}

std::vector<Recording> Program::Record(const std::function<Call()>& next, size_t count, int expected_status) {
  std::vector<Recording> recordings;
  for (size_t i = 0; i < count + kWarmUp; ++i) {
    CheckInterrupt();
    const Call call = next();
    if (call.target.empty()) break;
    clock_.Step();
    recorder_.Begin();
    const http::Response response = Answer(call);
    Recording recording = recorder_.End();
    if (response.status != expected_status) {
      throw std::runtime_error(fmt::format("{} {}: {} {}", call.method, call.target, response.status, response.body));
    }
    if (i >= kWarmUp) recordings.push_back(std::move(recording));
  }
  return recordings;
}

http::Response Program::Answer(const Call& call) {
  http::Request request;
  request.method = call.method;
  request.target = call.target;
  auto target = http::ParseTarget(call.target);
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  request.headers = {{"host", "127.0.0.1"}, {"authorization", "Bearer " + call.token}};
  if (!call.body.empty()) request.headers.emplace_back("content-type", "application/json");
  request.body = call.body;
  request.peer = "127.0.0.1";
  request.received_at = SystemClock().Now();
  return dispatch_->HandleNow(std::move(request));
}

}  // namespace huiyin::bench
