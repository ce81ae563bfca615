// SPDX-License-Identifier: EUPL-1.2
#include "app/health.h"

#include <algorithm>
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

Health::Health(std::function<std::vector<DatabaseState>()> databases, const OnReload& on_reload)
    : databases_(std::move(databases)), on_reload_(on_reload), contract_(std::make_shared<const std::string>(ReadContract())) {}

http::Response Health::Metrics() const {
  std::string text;
  const auto head = [&text](std::string_view type, std::string_view name, std::string_view help) {
    fmt::format_to(std::back_inserter(text), "# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
  };
  const auto line = [&](std::string_view type, std::string_view name, std::string_view help, auto value) {
    head(type, name, help);
    fmt::format_to(std::back_inserter(text), "{} {}\n", name, value);
  };
  if (const http::ServerCounters* counters = counters_) {
    line("gauge", "huiyin_connections_open", "Open connections.", counters->connections_open.load());
    line("counter", "huiyin_connections_total", "Connections accepted.", counters->connections_total.load());
    line("counter", "huiyin_requests_total", "Requests read.", counters->requests_total.load());
    head("counter", "huiyin_refused_total", "Requests the edge refused, by the code of the reply.");
    for (size_t i = 0; i < http::kRefusals.size(); ++i) {
      fmt::format_to(std::back_inserter(text), "huiyin_refused_total{{code=\"{}\"}} {}\n", http::kRefusals[i], counters->refused[i].load());
    }
  }
  if (certificates_) {
    line("gauge", "huiyin_certificate_expires_seconds", "When the TLS certificate in use ends, in seconds since 1970.",
         certificates_->Current()->expires_at().ms / kSecond);
  }
  line("counter", "huiyin_reloaded_total", "Things read anew on SIGHUP.", on_reload_.done());
  line("counter", "huiyin_reload_failed_total", "Things that could not be read anew and stayed as they were.", on_reload_.failed());
  if (const Traffic* traffic = traffic_) traffic->Write(text);
  const auto states = databases_();
  const auto each = [&](std::string_view type, std::string_view name, std::string_view help, auto value_of) {
    head(type, name, help);
    for (const DatabaseState& state : states) {
      const std::string label = state.name.empty() ? "" : fmt::format("{{database=\"{}\"}}", state.name);
      fmt::format_to(std::back_inserter(text), "{}{} {}\n", name, label, value_of(state));
    }
  };
  each("gauge", "huiyin_database_up", "Whether the database was opened and answered when last asked.", [](const auto& s) { return s.is_up ? 1 : 0; });
  each("counter", "huiyin_commits_total", "Groups of writes committed.", [](const auto& s) { return s.counters.commits; });
  each("counter", "huiyin_writes_total", "Writes in them.", [](const auto& s) { return s.counters.writes; });
  each("counter", "huiyin_checkpoints_total", "Checkpoints of the write-ahead log.", [](const auto& s) { return s.counters.checkpoints; });
  each("gauge", "huiyin_wal_bytes", "Bytes in the write-ahead log.", [](const auto& s) { return s.counters.wal_bytes; });
  if (std::any_of(states.begin(), states.end(), [](const auto& s) { return !s.replicas.empty(); })) {
    const auto of_replicas = [&](std::string_view type, std::string_view name, std::string_view help, auto value_of) {
      head(type, name, help);
      for (const DatabaseState& state : states) {
        const std::string database = state.name.empty() ? "" : fmt::format("database=\"{}\",", state.name);
        for (const auto& replica : state.replicas) {
          fmt::format_to(std::back_inserter(text), "{}{{{}replica=\"{}\"}} {}\n", name, database, replica.name, value_of(replica));
        }
      }
    };
    of_replicas("gauge", "huiyin_replica_used", "Whether reports come from it: it answers and is near enough.", [](const auto& r) { return r.is_used ? 1 : 0; });
    of_replicas("gauge", "huiyin_replica_lag_seconds", "How far it is behind at most, by the log it has followed.", [](const auto& r) { return static_cast<double>(r.lag.count()) / 1000; });
    of_replicas("counter", "huiyin_replica_reads_total", "Reads answered from it.", [](const auto& r) { return r.reads; });
    of_replicas("counter", "huiyin_replica_failures_total", "Reads it began and the primary had to do.", [](const auto& r) { return r.failures; });
  }
  if (std::any_of(states.begin(), states.end(), [](const auto& s) { return s.archiver != nullptr; })) {
    const auto archived = [&](std::string_view type, std::string_view name, std::string_view help, auto value_of) {
      head(type, name, help);
      for (const DatabaseState& state : states) {
        const std::string label = state.name.empty() ? "" : fmt::format("{{database=\"{}\"}}", state.name);
        if (state.archiver != nullptr) fmt::format_to(std::back_inserter(text), "{}{} {}\n", name, label, value_of(*state.archiver));
      }
    };
    archived("gauge", "huiyin_archive_whole", "Whether the archive has a base and goes on from it.", [](const auto& a) { return a.figures().is_whole ? 1 : 0; });
    archived("gauge", "huiyin_archive_lag_seconds", "For how long the oldest commit has waited to be in the archive.", [](const auto& a) { return a.LagSeconds(); });
    archived("gauge", "huiyin_archive_base_timestamp_seconds", "When the last base was made.", [](const auto& a) { return a.figures().last_base_ms.load() / 1000; });
    archived("counter", "huiyin_archive_bytes_total", "Bytes of log carried to the archive.", [](const auto& a) { return a.figures().bytes.load(); });
    archived("counter", "huiyin_archive_failures_total", "Tries of the archive that failed.", [](const auto& a) { return a.figures().failures.load(); });
    archived("counter", "huiyin_archive_histories_total", "Histories begun or continued; more than one is a gap.", [](const auto& a) { return a.figures().histories.load(); });
  }
  return Plain(200, std::move(text), "text/plain; version=0.0.4; charset=utf-8");
}

// As long as one database answers, its counties are served: a balancer that took the server
// away would stop them too.
http::Response Health::Ready() const {
  if (stopping_) return Plain(503, "stopping\n");
  bool any = false;
  std::string text;
  for (const DatabaseState& state : databases_()) {
    any |= state.is_up;
    text += state.name + (state.is_up ? " ready\n" : " unavailable\n");
  }
  return Plain(any ? 200 : 503, std::move(text));
}

http::Response Health::Contract() const {
  if (contract_->empty()) NotFound();
  return Plain(200, *contract_, "application/yaml; charset=utf-8");
}

Module Health::Describe() {
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
           .handle = [this](Context&) { return Contract(); }},
      },
  };
}

}  // namespace huiyin::app
