// SPDX-License-Identifier: EUPL-1.2
// Who asks a database that does not answer waits in vain, and so does everybody behind them.
// After some failures in a row the breaker opens: callers are refused at once, and every few
// seconds one is let through to see.
#pragma once

#include <chrono>
#include <mutex>

namespace huiyin::db {

class Breaker {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Breaker(int failures, std::chrono::milliseconds pause) : limit_(failures), pause_(pause) {}

  // Whether the caller may try. While open, true once for each pause.
  bool Allows(Time now) {
    const std::lock_guard lock(mutex_);
    if (failures_ < limit_) return true;
    if (now < next_try_) return false;
    next_try_ = now + pause_;
    return true;
  }
  void Succeeded() {
    const std::lock_guard lock(mutex_);
    failures_ = 0;
  }
  void Failed(Time now) {
    const std::lock_guard lock(mutex_);
    ++failures_;
    next_try_ = now + pause_;
  }
  bool is_open() const {
    const std::lock_guard lock(mutex_);
    return failures_ >= limit_;
  }

 private:
  const int limit_;
  const std::chrono::milliseconds pause_;
  mutable std::mutex mutex_;
  int failures_ = 0;
  Time next_try_{};
};

}  // namespace huiyin::db
