// SPDX-License-Identifier: EUPL-1.2
#include "db/wal_watch.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/log.h"

namespace huiyin::db {
namespace {

constexpr std::chrono::milliseconds kMoment{50};
constexpr std::chrono::seconds kBetweenMoments{1};
constexpr uint32_t kNearFrames = 2048;  // 8 MB, packed and flushed in less than a moment
constexpr size_t kMostMarks = 100'000;

}  // namespace

void WalWatch::Committed(uint64_t salt, uint32_t frames) {
  const std::lock_guard lock(mutex_);
  last_ = Mark{salt, frames, now_()};
  if (!is_carrying_) return;
  marks_.push_back(*last_);
  if (marks_.size() > kMostMarks) marks_.pop_front();
}

void WalWatch::KeepUpTo(int64_t bytes) {
  const std::lock_guard lock(mutex_);
  most_bytes_ = bytes;
}

uint32_t WalWatch::Behind() const {
  if (!last_) return 0;
  return last_->salt == carried_salt_ ? last_->frames - std::min(last_->frames, carried_frames_) : last_->frames;
}

bool WalWatch::MayCheckpoint(bool is_urgent, int64_t wal_bytes) {
  std::unique_lock lock(mutex_);
  if (is_carrying_ && AllCarried()) return true;
  if (is_urgent && is_carrying_) {
    is_asked_ = true;
    asked_.notify_all();
    const auto now = std::chrono::steady_clock::now();
    if (Behind() <= kNearFrames && now >= next_wait_) {
      next_wait_ = now + kBetweenMoments;
      if (carried_.wait_for(lock, kMoment, [this] { return AllCarried(); })) return true;
    }
  }
  if (wal_bytes <= most_bytes_) return false;
  return MakeGap();
}

bool WalWatch::MakeGap() {
  if (std::filesystem::exists(gap_)) return true;
  const int file = ::open(gap_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) return false;
  ::fsync(file);
  ::close(file);
  const int folder = ::open(gap_.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
  log::Warn("archive_gap", {{"why", "the log grew longer than is kept for the archive"}});
  return true;
}

void WalWatch::Checkpointed(uint32_t frames) {
  const std::lock_guard lock(mutex_);
  if (is_carrying_ && frames > carried_frames_) MakeGap();
}

void WalWatch::Carried(uint64_t salt, uint32_t frames) {
  {
    const std::lock_guard lock(mutex_);
    is_carrying_ = true;
    carried_salt_ = salt;
    carried_frames_ = frames;
    // Marks of an earlier log are gone with it; those of a later one stand behind.
    while (!marks_.empty() && (marks_.front().salt != salt || marks_.front().frames <= frames)) {
      if (marks_.front().salt != salt && last_ && last_->salt != salt) break;
      marks_.pop_front();
    }
  }
  carried_.notify_all();
}

std::optional<Instant> WalWatch::TimeOf(uint64_t salt, uint32_t frames) {
  const std::lock_guard lock(mutex_);
  for (const Mark& mark : marks_) {
    if (mark.salt == salt && mark.frames >= frames) return mark.at;
  }
  return std::nullopt;
}

std::optional<Instant> WalWatch::WaitsSince() const {
  const std::lock_guard lock(mutex_);
  if (AllCarried() || marks_.empty()) return std::nullopt;
  return marks_.front().at;
}

void WalWatch::Rest(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  asked_.wait_for(lock, longest, [this] { return is_asked_; });
  is_asked_ = false;
}

void WalWatch::Wake() {
  {
    const std::lock_guard lock(mutex_);
    is_asked_ = true;
  }
  asked_.notify_all();
}

bool WalWatch::HasGap() const { return std::filesystem::exists(gap_); }

void WalWatch::Bridge() {
  std::error_code ignored;
  std::filesystem::remove(gap_, ignored);
}

}  // namespace huiyin::db
