// SPDX-License-Identifier: EUPL-1.2
#include "app/health.h"

#include <fstream>
#include <sstream>

#include "app/commands.h"

namespace huiyin::app {
namespace {

constexpr db::Sql kPing{"health.ping", "SELECT COUNT(*) FROM counties"};

http::Response Plain(int status, std::string body, std::string type = "text/plain; charset=utf-8") {
  http::Response response;
  response.status = status;
  response.content_type = std::move(type);
  response.body = std::move(body);
  return response;
}

std::string ReadContract() {
  for (const auto& file : {ShippedData() / "../api/openapi.yaml", ShippedData() / "openapi.yaml"}) {
    std::ifstream in(file);
    if (!in) continue;
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  return "";
}

}  // namespace

Health::Health(db::Database& database, const OnReload& on_reload) : database_(database), on_reload_(on_reload) {}

http::Response Health::Metrics() const {
  std::string text;
  const auto line = [&text](std::string_view type, std::string_view name, std::string_view help, auto value) {
    fmt::format_to(std::back_inserter(text), "# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n", name, help, type, value);
  };
  if (const http::ServerCounters* counters = counters_) {
    line("gauge", "huiyin_connections_open", "Open connections.", counters->connections_open.load());
    line("counter", "huiyin_connections_total", "Connections accepted.", counters->connections_total.load());
    line("counter", "huiyin_requests_total", "Requests read.", counters->requests_total.load());
    text += "# HELP huiyin_refused_total Requests the edge refused, by the code of the reply.\n# TYPE huiyin_refused_total counter\n";
    for (size_t i = 0; i < http::kRefusals.size(); ++i) {
      fmt::format_to(std::back_inserter(text), "huiyin_refused_total{{code=\"{}\"}} {}\n", http::kRefusals[i], counters->refused[i].load());
    }
  }
  const db::Counters stored = database_.counters();
  line("counter", "huiyin_commits_total", "Groups of writes committed.", stored.commits);
  line("counter", "huiyin_writes_total", "Writes in them.", stored.writes);
  line("counter", "huiyin_checkpoints_total", "Checkpoints of the write-ahead log.", stored.checkpoints);
  line("gauge", "huiyin_wal_bytes", "Bytes in the write-ahead log.", stored.wal_bytes);
  line("counter", "huiyin_reloaded_total", "Things read anew on SIGHUP.", on_reload_.done());
  line("counter", "huiyin_reload_failed_total", "Things that could not be read anew and stayed as they were.", on_reload_.failed());
  return Plain(200, std::move(text), "text/plain; version=0.0.4; charset=utf-8");
}

Module Health::Describe() {
  const auto contract = std::make_shared<const std::string>(ReadContract());
  return {
      .name = "health",
      .routes = {
          {.method = "GET", .pattern = "/healthz", .session = Session::kNone,
           .handle = [](Context&) { return Plain(200, "ok\n"); }},
          {.method = "GET", .pattern = "/readyz", .session = Session::kNone,
           .handle = [this](Context& ctx) {
             if (stopping_) return Plain(503, "stopping\n");
             return ctx.tx.Number(kPing) > 0 ? Plain(200, "ready\n") : Plain(503, "no county\n");
           }},
          {.method = "GET", .pattern = "/metrics", .session = Session::kNone,
           .handle = [this](Context&) { return Metrics(); }},
          {.method = "GET", .pattern = "/openapi.yaml", .session = Session::kNone,
           .handle = [contract](Context&) {
             if (contract->empty()) NotFound();
             return Plain(200, *contract, "application/yaml; charset=utf-8");
           }},
      },
  };
}

}  // namespace huiyin::app
