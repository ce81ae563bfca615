// SPDX-License-Identifier: EUPL-1.2
#include "platform/worker_pool.h"

namespace huiyin {

WorkerPool::WorkerPool(int threads, size_t max_queue) : max_queue_(max_queue), max_of_one_(max_queue / 8 + 1) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Loop(); });
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool WorkerPool::Post(uint64_t who, std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (size_ >= max_queue_) return false;
    Jobs& theirs = waiting_[who];
    if (theirs.size() >= max_of_one_) return false;
    if (theirs.empty()) turns_.push_back(who);
    theirs.push_back(std::move(job));
    ++size_;
  }
  wake_.notify_one();
  return true;
}

void WorkerPool::Loop() {
  for (;;) {
    std::function<void()> job;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || size_ > 0; });
      if (size_ == 0) return;
      const uint64_t who = turns_.front();
      turns_.pop_front();
      const auto theirs = waiting_.find(who);
      job = std::move(theirs->second.front());
      theirs->second.pop_front();
      --size_;
      if (theirs->second.empty()) waiting_.erase(theirs);
      else turns_.push_back(who);
    }
    job();
  }
}

}  // namespace huiyin
