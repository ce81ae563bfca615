// SPDX-License-Identifier: EUPL-1.2
// Between the one who writes a SQLite database and the one who carries its log into an archive
// (app/archiver.h). The log may begin anew, over what is in it, only after a checkpoint; so there
// is none before everything has been carried away. Writers hardly wait for that (50 ms, once a
// second at most, and only for who is nearly there): a log that has grown too long is let go of,
// which is a gap, and is written down as one beforehand.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>

#include "core/time.h"

namespace huiyin::db {

class WalWatch {
 public:
  static constexpr int64_t kMostBytes = 1LL << 30;

  // `gap` is a file whose being there says that the archive does not go on from where it ended.
  WalWatch(std::filesystem::path gap, std::function<Instant()> now) : gap_(std::move(gap)), now_(std::move(now)) {}
  // How long the log may get before it is let go of.
  void KeepUpTo(int64_t bytes);

  // The writer's side, on its thread. After a commit: the log it went into, and its frames now.
  void Committed(uint64_t salt, uint32_t frames);
  // Whether the log may begin anew. When it is urgent the other side does not rest until it may.
  bool MayCheckpoint(bool is_urgent, int64_t wal_bytes);
  // How many frames a checkpoint found: more than were known when another process wrote too.
  void Checkpointed(uint32_t frames);

  // The archive's side.
  void Carried(uint64_t salt, uint32_t frames);
  // When that commit was; absent for one of another process.
  std::optional<Instant> TimeOf(uint64_t salt, uint32_t frames);
  // Since when something waits to be carried.
  std::optional<Instant> WaitsSince() const;
  // Until somebody asks to be quick, or so long.
  void Rest(std::chrono::milliseconds longest);
  void Wake();
  bool HasGap() const;
  void Bridge();  // the archive has begun anew

 private:
  struct Mark {
    uint64_t salt;
    uint32_t frames;
    Instant at;
  };
  bool AllCarried() const { return !last_ || (last_->salt == carried_salt_ && last_->frames <= carried_frames_); }
  uint32_t Behind() const;  // frames; none without a last commit
  bool MakeGap();           // false when it could not be written down

  const std::filesystem::path gap_;
  const std::function<Instant()> now_;
  mutable std::mutex mutex_;
  std::condition_variable asked_, carried_;
  int64_t most_bytes_ = kMostBytes;
  bool is_asked_ = false;
  bool is_carrying_ = false;  // an archive is at work at all
  std::deque<Mark> marks_;    // not carried yet
  std::optional<Mark> last_;
  uint64_t carried_salt_ = 0;
  uint32_t carried_frames_ = 0;
  std::chrono::steady_clock::time_point next_wait_{};
};

}  // namespace huiyin::db
