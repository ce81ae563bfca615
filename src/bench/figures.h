// SPDX-License-Identifier: EUPL-1.2
// What is measured of a county's requests: which figure is held against which limit, and what
// becomes of it in the table.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/client.h"
#include "bench/report.h"

namespace huiyin::bench {

// The goals that are set in advance; docs/performance.md says where they come from.
inline constexpr double kIdleLimitMb = 60;
inline constexpr double kLoadedLimitMb = 250;
inline constexpr double kReadyLimitMs = 300;
inline constexpr double kSearchLimitMs = 20;
inline constexpr double kWallLimitMs = 5;
inline constexpr double kIdleCpuMs = 5;  // a second, of a thousand who wait
inline constexpr double kIdleMb = 10;
inline constexpr double kLeastSeconds = 0.1;  // measured for less, a figure says nothing
inline constexpr double kFirstLoadSeconds = 5;  // of 500 households on 1 Mbit/s
inline constexpr double kDailyKb = 50;          // of twenty that changed
inline constexpr double kIdleLookUs = 1'000;  // of one look a second, with every clock armed

// Ten times PostGraphile or fifty times the best product on the same work, whichever is
// more; for a creation five times or twenty times. The peers' figures: docs/performance.md.
inline constexpr double kPeersReadOne = 11'960;
inline constexpr double kPeersListMine = 9'750;
inline constexpr double kPeersCreate = 5'490;

struct ReadFigure {
  std::string name;
  const std::vector<Call>* calls = nullptr;
  int connections = 16;
  double bound = 2;        // times its floor; 0: only told
  double most_p99_ms = 0;  // set in advance for what is waited for
  double peers_per_second = 0;
  Outcome outcome;
  double cpu_us = 0;
};

struct WriteFigure {
  std::string name;
  int connections = 64;
  double bound = 0;
  double peers_per_second = 0;
  std::function<Call()> next;  // an empty target when there are no more
  size_t ready = 0;            // where there are no more than so many: measured until the last is answered
  Outcome outcome;
  double cpu_us = 0;
};

// Where a county's figures gather.
class Figures {
 public:
  explicit Figures(std::string county) : county_(std::move(county)) {}

  // A figure held against a number set in advance.
  Figure& Tell(std::string name, double value, std::string unit, double limit);
  Figure Of(const std::string& name, const Outcome& outcome, double cpu_us, int connections) const;
  void Add(Figure figure) { figures_.push_back(std::move(figure)); }
  void Add(const ReadFigure& read, const RawReads& engine, double nginx_us);
  void Add(const WriteFigure& write, const RawWrites& raw);
  std::vector<Figure> Take() { return std::move(figures_); }

 private:
  void AddPeers(const Figure& of, double per_second);

  std::string county_;
  std::vector<Figure> figures_;
};

// What a figure costs in the larger county of what it costs in the smaller: processor time
// where it is known, otherwise the value itself.
std::vector<Figure> GrowthOf(const std::vector<Figure>& figures, std::string_view smaller, std::string_view larger);

}  // namespace huiyin::bench
