// SPDX-License-Identifier: EUPL-1.2
// What is answered, how it ends and how long it takes: figures for /metrics, and lines in the log
// that name a request by its id, never by whom or what it was about.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "platform/module.h"

namespace huiyin::app {

using PathWords = std::set<std::string, std::less<>>;
// The path without whatever could say whom it is about, which is every part that is no word of a
// route: "/api/v1/receipts/*".
std::string Shape(std::string_view path, const PathWords& words);

class Traffic {
 public:
  using Reply = std::function<void(http::Response)>;
  // `logs_all`: a line for every request; otherwise for those that failed here (5xx) or took a second.
  Traffic(const std::vector<Module>& modules, bool logs_all);

  // The same reply, counted when it is given.
  Reply Counted(const http::Request& request, Reply reply);
  // In the text form of Prometheus.
  void Write(std::string& text) const;

 private:
  static constexpr std::array<int, 10> kBounds = {1, 5, 10, 25, 50, 100, 250, 500, 1000, 5000};  // ms
  struct Kind {
    std::array<std::atomic<uint64_t>, kBounds.size() + 1> within{};
    std::atomic<uint64_t> microseconds{0};
  };
  void Count(bool is_write, int status, std::chrono::microseconds took);

  PathWords words_;
  const bool logs_all_;
  Kind reads_, writes_;
  std::array<std::atomic<uint64_t>, 6> statuses_{};  // by the hundred
  std::atomic<int64_t> under_way_{0};
};

}  // namespace huiyin::app
