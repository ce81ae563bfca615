// SPDX-License-Identifier: EUPL-1.2
// A clock that a trainer moves: weeks of a matter in an afternoon. For counties that do not
// exist only (codes 99....): no real term may run by it.
#pragma once

#include <chrono>
#include <filesystem>
#include <mutex>

#include "platform/context.h"

namespace huiyin::app {

class TrainingClock : public Clock {
 public:
  // `file` holds a local time such as 2026-03-08T10:00. From when it was written time goes on
  // at its usual pace; written again, it is that time. Throws std::runtime_error when it
  // cannot be read at first; a later text that is no time is passed over.
  TrainingClock(std::filesystem::path file, Zone zone);
  Instant Now() override;

 private:
  // Looks at the file once in a while, not at every question.
  void Look();

  const std::filesystem::path file_;
  const Zone zone_;
  std::mutex mutex_;
  std::string text_;
  Instant set_to_;
  std::chrono::steady_clock::time_point set_at_;
  std::chrono::steady_clock::time_point looked_at_{};
};

}  // namespace huiyin::app
