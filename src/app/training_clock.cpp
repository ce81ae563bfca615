// SPDX-License-Identifier: EUPL-1.2
#include "app/training_clock.h"

#include <fstream>

#include "core/text.h"
#include "modules/terms/due.h"

namespace huiyin::app {
namespace {

constexpr auto kBetweenLooks = std::chrono::milliseconds(100);

std::string ReadAll(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  return std::string(Trim(text));
}

}  // namespace

TrainingClock::TrainingClock(std::filesystem::path file, Zone zone) : file_(std::move(file)), zone_(zone) {
  Look();
  if (text_.empty()) throw std::runtime_error(file_.string() + ": a local time is wanted, such as 2026-03-08T10:00");
}

void TrainingClock::Look() {
  looked_at_ = std::chrono::steady_clock::now();
  std::string text = ReadAll(file_);
  const auto time = text == text_ ? std::nullopt : terms::ParseLocal(text, zone_);
  if (!time) return;
  text_ = std::move(text);
  set_to_ = *time;
  set_at_ = looked_at_;
}

Instant TrainingClock::Now() {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (now - looked_at_ >= kBetweenLooks) Look();
  return set_to_ + std::chrono::duration_cast<std::chrono::milliseconds>(now - set_at_).count();
}

}  // namespace huiyin::app
