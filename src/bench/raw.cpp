// SPDX-License-Identifier: EUPL-1.2
#include "bench/raw.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <map>
#include <mutex>
#include <semaphore>
#include <stdexcept>
#include <thread>

#include "bench/child.h"
#include "bench/raw_connection.h"

namespace huiyin::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr uint64_t kLookedAt = 16;  // one write in so many is looked at statement by statement

double ThreadCpuMicros() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

double Since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// What each statement costs, added up while they run.
class Costs {
 public:
  void RunAll(RawConnection& connection, const std::vector<Statement>& statements) {
    ++requests_;
    for (const Statement& statement : statements) {
      const double start = ThreadCpuMicros();
      connection.Run(statement);
      const double us = ThreadCpuMicros() - start;
      StatementCost& cost = costs_[statement.name];
      if (cost.times++ == 0) cost.plan = connection.PlanOf(statement.text);
      cost.us += us;
    }
  }

  std::vector<StatementCost> Sorted() const {
    std::vector<StatementCost> sorted;
    for (const auto& [name, cost] : costs_) {
      const auto requests = static_cast<double>(requests_);
      sorted.push_back({std::string(name), cost.times / requests, cost.us / requests, cost.plan});
    }
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.us > b.us; });
    return sorted;
  }

 private:
  std::map<std::string_view, StatementCost> costs_;
  uint64_t requests_ = 0;
};

// The queue between producers and the one writer.
class GroupCommit {
 public:
  GroupCommit(RawConnection& connection, const std::vector<Recording>& recordings)
      : connection_(connection), recordings_(recordings) {}

  // A producer's life.
  void Produce() {
    std::binary_semaphore committed(0);
    for (;;) {
      const size_t mine = next_.fetch_add(1);
      if (mine >= recordings_.size() || stopping_) break;
      {
        const std::lock_guard lock(mutex_);
        queue_.emplace_back(&recordings_[mine], &committed);
      }
      wake_.notify_one();
      committed.acquire();
    }
    const std::lock_guard lock(mutex_);
    --producers_;
    wake_.notify_one();
  }

  RawWrites Write(int producers, double seconds) {
    producers_ = producers;
    std::vector<std::jthread> threads;
    for (int i = 0; i < producers; ++i) threads.emplace_back([this] { Produce(); });
    RawWrites result;
    const auto start = Clock::now();
    const double cpu = ThreadCpuMicros();
    try {
      while (WriteGroup(result)) {
        if (Since(start) > seconds) stopping_ = true;
        CheckInterrupt();
      }
    } catch (...) {
      Release();
      throw;
    }
    result.seconds = Since(start);
    result.statements = costs_.Sorted();
    result.cpu_us = (ThreadCpuMicros() - cpu) / static_cast<double>(std::max<uint64_t>(result.writes, 1));
    return result;
  }

 private:
  using Handed = std::pair<const Recording*, std::binary_semaphore*>;

  bool WriteGroup(RawWrites& result) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return !queue_.empty() || producers_ == 0; });
      if (queue_.empty()) return false;
      group_.swap(queue_);
    }
    connection_.Run("BEGIN IMMEDIATE");
    for (const Handed& handed : group_) {
      const auto& statements = handed.first->writes;
      if (counted_++ % kLookedAt == 0) {
        costs_.RunAll(connection_, statements);
      } else {
        for (const Statement& statement : statements) connection_.Run(statement);
      }
    }
    connection_.Run("COMMIT");
    result.writes += group_.size();
    for (const Handed& handed : group_) handed.second->release();
    group_.clear();
    connection_.CheckpointWhenLong();
    return true;
  }

  // After an error nothing more is written; the producers only have to end.
  void Release() {
    stopping_ = true;
    std::unique_lock lock(mutex_);
    queue_.insert(queue_.end(), group_.begin(), group_.end());
    while (producers_ > 0) {
      for (const Handed& handed : queue_) handed.second->release();
      queue_.clear();
      wake_.wait(lock, [this] { return !queue_.empty() || producers_ == 0; });
    }
  }

  RawConnection& connection_;
  const std::vector<Recording>& recordings_;
  std::atomic<size_t> next_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Handed> queue_;
  // The writer's own:
  std::vector<Handed> group_;
  uint64_t counted_ = 0;
  Costs costs_;
  int producers_ = 0;
};

// Once more with a look at the clock around each: which statement it is that takes the time.
std::vector<StatementCost> CostsOf(RawConnection& connection, const std::vector<Recording>& recordings) {
  Costs costs;
  for (const Recording& recording : recordings) {
    CheckInterrupt();
    connection.Run("BEGIN");
    costs.RunAll(connection, recording.reads);
    connection.Run("COMMIT");
  }
  return costs.Sorted();
}

}  // namespace

RawReads ReplayReads(const std::filesystem::path& file, const std::vector<Recording>& recordings,
                     double seconds) {
  if (recordings.empty()) return {};
  RawConnection connection(file, false);
  const auto round = [&] {
    for (const Recording& recording : recordings) {
      CheckInterrupt();
      connection.Run("BEGIN");
      for (const Statement& statement : recording.reads) connection.Run(statement);
      connection.Run("COMMIT");
    }
  };
  round();  // statements are prepared and pages are in memory, as in a server that runs
  const auto start = Clock::now();
  const double cpu = ThreadCpuMicros();
  uint64_t rounds = 0;
  for (; rounds == 0 || Since(start) < seconds; ++rounds) round();
  RawReads result;
  result.cpu_us = (ThreadCpuMicros() - cpu) / static_cast<double>(rounds * recordings.size());
  result.statements = CostsOf(connection, recordings);
  if (connection.sum() == 1) std::this_thread::yield();
  return result;
}

RawWrites ReplayWrites(const std::filesystem::path& file, const std::vector<Recording>& recordings,
                       int producers, double seconds) {
  RawConnection connection(file, true);
  return GroupCommit(connection, recordings).Write(producers, seconds);
}

}  // namespace huiyin::bench
