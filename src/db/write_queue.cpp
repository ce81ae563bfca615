// SPDX-License-Identifier: EUPL-1.2
#include "db/write_queue.h"

namespace huiyin::db {
namespace {

constexpr size_t kMaxGroup = 512;
constexpr std::chrono::milliseconds kIdle{50};

}  // namespace

WriteQueue::WriteQueue(Commit commit, Chores chores) : commit_(std::move(commit)), chores_(std::move(chores)) {
  thread_ = std::thread([this] { Loop(); });
}

WriteQueue::~WriteQueue() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void WriteQueue::Push(PendingWrite write) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(write));
  }
  wake_.notify_one();
}

size_t WriteQueue::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void WriteQueue::Loop() {
  const auto something = [this] { return !queue_.empty() || stopping_; };
  for (;;) {
    std::vector<PendingWrite> group;
    {
      std::unique_lock lock(mutex_);
      while (!something()) {
        if (!chores_.wanted()) {
          wake_.wait(lock, something);
        } else if (!wake_.wait_for(lock, kIdle, something)) {
          lock.unlock();
          chores_.work();
          lock.lock();
        }
      }
      if (queue_.empty()) return;
      while (!queue_.empty() && group.size() < kMaxGroup) {
        group.push_back(std::move(queue_.front()));
        queue_.pop_front();
      }
    }
    commit_(group);
    for (PendingWrite& write : group) write.done(write.failure);
    if (chores_.urgent()) chores_.work();
  }
}

}  // namespace huiyin::db
