// SPDX-License-Identifier: EUPL-1.2
#include "bench/figures.h"

#include <fmt/format.h>

#include <algorithm>

namespace huiyin::bench {
namespace {

constexpr double kGrowthBound = 1.3;
constexpr std::string_view kGrowthLimit = "the same in the smaller county";

// What one of it costs, the more the worse; absent for what would be told twice.
std::optional<double> CostOf(const Figure& figure) {
  if (figure.name.ends_with(".peers")) return std::nullopt;
  if (figure.cpu_us) return figure.cpu_us;
  if (figure.value <= 0) return std::nullopt;
  return figure.unit.ends_with("/s") ? 1e6 / figure.value : figure.value;
}

std::string CostUnit(const Figure& figure) {
  if (figure.cpu_us) return "us CPU";
  return figure.unit.ends_with("/s") ? "us" : figure.unit;
}

}  // namespace

Figure& Figures::Tell(std::string name, double value, std::string unit, double limit) {
  return figures_.emplace_back(Figure{.county = county_, .name = std::move(name), .value = value, .unit = std::move(unit),
                                      .limit = limit, .limit_is = "set in advance", .bound = 1});
}

Figure Figures::Of(const std::string& name, const Outcome& outcome, double cpu_us, int connections) const {
  Figure figure{.county = county_, .name = name, .errors = outcome.errors, .first_error = outcome.first_error};
  if (figure.errors == 0 && outcome.seconds < kLeastSeconds) {
    figure.errors = 1;
    figure.first_error = fmt::format("over after {:.4f} s and {} requests: too few were ready to measure anything",
                                     outcome.seconds, outcome.requests);
  }
  figure.connections = connections;
  figure.per_second = outcome.PerSecond();
  figure.p50_ms = outcome.p50_ms;
  figure.p99_ms = outcome.p99_ms;
  figure.p999_ms = outcome.p999_ms;
  figure.cpu_us = cpu_us;
  figure.body_bytes = outcome.body_bytes;
  return figure;
}

void Figures::Add(const ReadFigure& read, const RawReads& engine, double nginx_us) {
  Figure figure = Of(read.name, read.outcome, read.cpu_us, read.connections);
  figure.engine_us = engine.cpu_us;
  figure.statements = engine.statements;
  figure.nginx_us = nginx_us;
  if (read.most_p99_ms > 0) {
    figure.value = read.outcome.p99_ms;
    figure.unit = "ms p99";
    figure.limit = read.most_p99_ms;
    figure.limit_is = "set in advance";
    figure.bound = 1;
  } else {
    figure.value = read.cpu_us;
    figure.unit = "us CPU";
    figure.limit = engine.cpu_us + nginx_us;
    figure.limit_is = "the raw engine's statements and nginx serving as many bytes";
    figure.bound = read.bound;
  }
  figures_.push_back(figure);
  if (read.peers_per_second > 0) AddPeers(figure, read.peers_per_second);
}

void Figures::Add(const WriteFigure& write, const RawWrites& raw) {
  Figure figure = Of(write.name, write.outcome, write.cpu_us, write.connections);
  figure.value = write.outcome.PerSecond();
  figure.unit = "1/s";
  figure.limit = raw.PerSecond();
  figure.limit_is = "the raw engine's group commit of the same statements";
  figure.is_floor = false;
  figure.bound = write.bound;
  figure.engine_us = raw.cpu_us;
  figure.statements = raw.statements;
  figures_.push_back(figure);
  if (write.peers_per_second > 0) AddPeers(figure, write.peers_per_second);
}

void Figures::AddPeers(const Figure& of, double per_second) {
  Figure figure{.county = county_, .name = of.name + ".peers", .errors = of.errors, .first_error = of.first_error};
  figure.value = of.per_second.value_or(0);
  figure.unit = "1/s";
  figure.limit = per_second;
  figure.limit_is = "many times the peers' on the same work";
  figure.is_floor = false;
  figure.bound = 1;
  figures_.push_back(figure);
}

std::vector<Figure> GrowthOf(const std::vector<Figure>& figures, std::string_view smaller, std::string_view larger) {
  std::vector<Figure> growth;
  for (const Figure& large : figures) {
    if (large.county != larger || !CostOf(large)) continue;
    const auto small = std::find_if(figures.begin(), figures.end(),
                                    [&](const Figure& one) { return one.county == smaller && one.name == large.name; });
    if (small == figures.end() || !CostOf(*small)) continue;
    Figure figure{.county = "growth", .name = large.name, .value = *CostOf(large), .unit = CostUnit(large)};
    figure.limit = *CostOf(*small);
    figure.limit_is = kGrowthLimit;
    figure.bound = kGrowthBound;
    figure.errors = small->errors + large.errors;
    figure.first_error = large.first_error.empty() ? small->first_error : large.first_error;
    growth.push_back(std::move(figure));
  }
  return growth;
}

}  // namespace huiyin::bench
