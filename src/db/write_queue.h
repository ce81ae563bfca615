// SPDX-License-Identifier: EUPL-1.2
// Writes wait here for the one thread that commits them together: whatever came while the
// last group was on its way to the disk is the next group.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "db/database.h"

namespace huiyin::db {

struct PendingWrite {
  Database::Job job;
  Durability durability;
  Database::Done done;
  std::exception_ptr failure;  // set by `commit` for whom it concerns
};

class WriteQueue {
 public:
  // Commits the group or gives each of its writes a failure. Throws nothing.
  using Commit = std::function<void(std::vector<PendingWrite>&)>;
  // Work of the committing thread besides: done when nothing came for a while, or between
  // two groups when it cannot wait.
  struct Chores {
    std::function<bool()> wanted = [] { return false; };
    std::function<bool()> urgent = [] { return false; };
    std::function<void()> work = [] {};
  };

  WriteQueue(Commit commit, Chores chores);
  ~WriteQueue();  // what waits is committed first
  WriteQueue(const WriteQueue&) = delete;

  void Push(PendingWrite write);
  size_t waiting() const;

 private:
  void Loop();

  Commit commit_;
  Chores chores_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<PendingWrite> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace huiyin::db
