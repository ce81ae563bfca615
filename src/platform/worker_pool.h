// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace huiyin {

// A fixed number of threads and a bounded queue that is fair to those who ask: they take
// turns, one job each, so that whoever sends a hundred at once waits for the other
// ninety-nine alone and holds up everybody else by one.
class WorkerPool {
 public:
  // At most `max_queue` jobs wait in all, and an eighth of that of any one who asks.
  WorkerPool(int threads, size_t max_queue);
  ~WorkerPool();
  // `who` is any number that stands for whoever asks: a session, an address. False when the
  // queue, or their part of it, is full; the job is then not taken.
  bool Post(uint64_t who, std::function<void()> job);

 private:
  using Jobs = std::deque<std::function<void()>>;
  void Loop();
  const size_t max_queue_;
  const size_t max_of_one_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::unordered_map<uint64_t, Jobs> waiting_;  // nobody is in it without a job
  std::deque<uint64_t> turns_;                  // each of them once, next first
  size_t size_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace huiyin
