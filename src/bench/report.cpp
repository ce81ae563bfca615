// SPDX-License-Identifier: EUPL-1.2
#include "bench/report.h"

#include <sys/utsname.h>

#include <fstream>
#include <thread>

#include "core/json.h"
#include "core/text.h"

namespace huiyin::bench {
namespace {

std::string Number(double value) {
  if (value >= 1000) return fmt::format("{:.0f}", value);
  return value >= 10 ? fmt::format("{:.1f}", value) : fmt::format("{:.2f}", value);
}
std::string Number(const std::optional<double>& value) { return value ? Number(*value) : ""; }

// The text after `key` in a file of "key : value" lines, such as those of /proc.
std::string LineOf(const char* file, std::string_view key) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(key)) continue;
    const size_t colon = line.find(':');
    if (colon != std::string::npos) return std::string(Trim(std::string_view(line).substr(colon + 1)));
  }
  return "";
}

void WriteMachine(JsonWriter& w) {
  utsname system{};
  uname(&system);
  w.Key("machine").BeginObject();
  w.Field("processor", LineOf("/proc/cpuinfo", "model name"));
  w.Field("cores", static_cast<int64_t>(std::thread::hardware_concurrency()));
  w.Field("memory", LineOf("/proc/meminfo", "MemTotal"));
  w.Field("kernel", fmt::format("{} {}", system.sysname, system.release));
  w.EndObject();
}

void WriteFigure(JsonWriter& w, const Figure& figure) {
  w.BeginObject();
  w.Field("county", figure.county).Field("name", figure.name).Field("value", figure.value).Field("unit", figure.unit);
  w.Field("limit", figure.limit).Field("limit_is", figure.limit_is).Field("ratio", figure.Ratio());
  w.OptField("p50_ms", figure.p50_ms).OptField("p99_ms", figure.p99_ms).OptField("p999_ms", figure.p999_ms);
  w.OptField("cpu_us", figure.cpu_us).OptField("engine_us", figure.engine_us).OptField("nginx_us", figure.nginx_us);
  w.OptField("requests_per_second", figure.per_second).OptField("body_bytes", figure.body_bytes);
  if (figure.connections) w.Field("connections", *figure.connections);
  w.Field("errors", static_cast<int64_t>(figure.errors));
  if (!figure.first_error.empty()) w.Field("first_error", figure.first_error);
  if (!figure.statements.empty()) {
    w.Key("statements").BeginArray();
    for (const StatementCost& cost : figure.statements) {
      w.BeginObject().Field("name", cost.name).Field("times", cost.times).Field("us", cost.us);
      w.Field("plan", cost.plan).EndObject();
    }
    w.EndArray();
  }
  w.Field("goal", figure.Goal()).Field("met", figure.IsMet());
  w.EndObject();
}

}  // namespace

bool Figure::IsMet() const {
  if (errors > 0) return false;
  if (bound == 0) return true;
  return is_floor ? Ratio() <= bound : Ratio() >= bound;
}

std::string Figure::Goal() const {
  if (bound == 0) return "";
  return fmt::format("{} {:.2f}", is_floor ? "<=" : ">=", bound);
}

void PrintTable(const std::vector<Figure>& figures) {
  fmt::print("\n{:<8}{:<24}{:>10} {:<11}{:>10}{:>8}{:>9}{:>9}{:>10}  {:<8}{}\n", "county", "figure", "value", "unit",
             "limit", "ratio", "p50 ms", "p99 ms", "req/s", "goal", "met");
  for (const Figure& f : figures) {
    const std::string met = f.errors > 0 ? fmt::format("FAILED ({} errors)", f.errors) : f.IsMet() ? "yes" : "NO";
    fmt::print("{:<8}{:<24}{:>10} {:<11}{:>10}{:>8.2f}{:>9}{:>9}{:>10}  {:<8}{}\n", f.county, f.name, Number(f.value),
               f.unit, Number(f.limit), f.Ratio(), Number(f.p50_ms), Number(f.p99_ms), Number(f.per_second), f.Goal(),
               f.bound == 0 && f.errors == 0 ? "" : met);
  }
  for (const Figure& f : figures) {
    if (f.errors > 0) fmt::print("{} {}: {}\n", f.county, f.name, f.first_error);
  }
}

void WriteResults(const std::filesystem::path& file, const std::vector<Figure>& figures) {
  JsonWriter w;
  w.BeginObject();
  WriteMachine(w);
  w.Key("figures").BeginArray();
  for (const Figure& figure : figures) WriteFigure(w, figure);
  w.EndArray().EndObject();
  std::ofstream(file) << w.Take() << '\n';
}

}  // namespace huiyin::bench
