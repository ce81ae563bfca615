// SPDX-License-Identifier: EUPL-1.2
#include "bench/report.h"

#include <sys/utsname.h>

#include <fstream>
#include <sstream>
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
  w.Field("p50_ms", figure.p50_ms).Field("p99_ms", figure.p99_ms).OptField("p999_ms", figure.p999_ms);
  w.Field("cpu_us", figure.cpu_us).OptField("engine_us", figure.engine_us).OptField("nginx_us", figure.nginx_us);
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

std::optional<double> NumberAt(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

std::string TextAt(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

Figure FigureOf(const json::object& object) {
  Figure figure{.county = TextAt(object, "county"), .name = TextAt(object, "name")};
  figure.value = NumberAt(object, "value").value_or(0);
  figure.unit = TextAt(object, "unit");
  figure.limit = NumberAt(object, "limit").value_or(0);
  figure.limit_is = TextAt(object, "limit_is");
  const std::string goal = TextAt(object, "goal");
  figure.is_floor = !goal.starts_with(">=");
  figure.bound = goal.size() > 3 ? std::stod(goal.substr(3)) : 0;
  figure.errors = static_cast<uint64_t>(NumberAt(object, "errors").value_or(0));
  figure.first_error = TextAt(object, "first_error");
  if (const auto connections = NumberAt(object, "connections")) figure.connections = static_cast<int>(*connections);
  figure.per_second = NumberAt(object, "requests_per_second");
  figure.p50_ms = NumberAt(object, "p50_ms");
  figure.p99_ms = NumberAt(object, "p99_ms");
  figure.p999_ms = NumberAt(object, "p999_ms");
  figure.cpu_us = NumberAt(object, "cpu_us");
  figure.engine_us = NumberAt(object, "engine_us");
  figure.nginx_us = NumberAt(object, "nginx_us");
  figure.body_bytes = NumberAt(object, "body_bytes");
  if (const json::value* statements = object.if_contains("statements")) {
    for (const json::value& item : statements->as_array()) {
      const json::object& cost = item.as_object();
      figure.statements.push_back({TextAt(cost, "name"), NumberAt(cost, "times").value_or(0), NumberAt(cost, "us").value_or(0),
                                   TextAt(cost, "plan")});
    }
  }
  return figure;
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

void PrintTable(const Results& results) {
  fmt::print("\n{:<16}{:<26}{:>10} {:<11}{:>10}{:>8}{:>9}{:>9}{:>9}{:>9}  {:<8}{}\n", "data", "figure", "value", "unit",
             "limit", "ratio", "p50 ms", "p99 ms", "cpu us", "req/s", "goal", "met");
  for (const Figure& f : results.figures) {
    const std::string met = f.errors > 0 ? fmt::format("FAILED ({} errors)", f.errors) : f.IsMet() ? "yes" : "NO";
    const std::string line =
        fmt::format("{:<16}{:<26}{:>10} {:<11}{:>10}{:>8.2f}{:>9}{:>9}{:>9}{:>9}  {:<8}{}", f.county, f.name, Number(f.value), f.unit,
                    Number(f.limit), f.Ratio(), Number(f.p50_ms), Number(f.p99_ms), Number(f.cpu_us), Number(f.per_second),
                    f.Goal(), f.bound == 0 && f.errors == 0 ? "" : met);
    fmt::print("{}\n", Trim(line));
  }
  for (const Figure& f : results.figures) {
    if (f.errors > 0) fmt::print("{} {}: {}\n", f.county, f.name, f.first_error);
  }
  for (const Part& part : results.parts) fmt::print("{}: {:.0f} s\n", part.name, part.seconds);
}

void WriteResults(const std::filesystem::path& file, const Results& results) {
  JsonWriter w;
  w.BeginObject();
  WriteMachine(w);
  w.Key("parts").BeginArray();
  for (const Part& part : results.parts) w.BeginObject().Field("name", part.name).Field("seconds", part.seconds).EndObject();
  w.EndArray().Key("figures").BeginArray();
  for (const Figure& figure : results.figures) WriteFigure(w, figure);
  w.EndArray().EndObject();
  std::filesystem::path writing = file;
  writing += ".writing";
  if (!(std::ofstream(writing) << w.Take() << '\n').flush()) throw std::runtime_error(writing.string() + ": cannot be written");
  std::filesystem::rename(writing, file);
}

Results ReadResults(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  try {
    const json::object all = ParseJsonObject(text.str());
    Results results;
    for (const json::value& part : all.at("parts").as_array()) {
      results.parts.push_back({TextAt(part.as_object(), "name"), NumberAt(part.as_object(), "seconds").value_or(0)});
    }
    for (const json::value& figure : all.at("figures").as_array()) results.figures.push_back(FigureOf(figure.as_object()));
    return results;
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format("{}: not the results of a measurement: {}", file.string(), error.what()));
  }
}

}  // namespace huiyin::bench
