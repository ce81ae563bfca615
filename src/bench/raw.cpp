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

#include "app/commands.h"
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

// Of this thread and of the engine where it is elsewhere.
double CpuMicros(RawConnection& connection) { return ThreadCpuMicros() + static_cast<double>(connection.EngineCpuMicros()); }

// What each statement costs, added up while they run.
class Costs {
 public:
  void RunAll(RawConnection& connection, const std::vector<Statement>& statements) {
    ++requests_;
    for (const Statement& statement : statements) {
      const bool waits = connection.IsElsewhere();
      const auto began = Clock::now();
      const double start = ThreadCpuMicros();
      connection.Run(statement);
      const double us = waits ? Since(began) * 1e6 : ThreadCpuMicros() - start;
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
    const double cpu = CpuMicros(connection_);
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
    result.cpu_us = (CpuMicros(connection_) - cpu) / static_cast<double>(std::max<uint64_t>(result.writes, 1));
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
    connection_.Begin();
    for (const Handed& handed : group_) {
      const auto& statements = handed.first->writes;
      if (counted_++ % kLookedAt == 0) {
        costs_.RunAll(connection_, statements);
      } else {
        for (const Statement& statement : statements) connection_.Run(statement);
      }
    }
    connection_.Commit();
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
    connection.Begin();
    costs.RunAll(connection, recording.reads);
    connection.Commit();
  }
  return costs.Sorted();
}

}  // namespace

std::unique_ptr<RawConnection> RawConnection::Open(const std::filesystem::path& data, bool writes) {
  const auto url = app::DatabaseUrl(data);
  return url ? OpenRawPostgres(*url, writes) : OpenRawSqlite(data / "huiyin.db", writes);
}

RawReads ReplayReads(const std::filesystem::path& data, const std::vector<Recording>& recordings,
                     double seconds) {
  if (recordings.empty()) return {};
  const auto opened = RawConnection::Open(data, false);
  RawConnection& connection = *opened;
  const auto round = [&] {
    for (const Recording& recording : recordings) {
      CheckInterrupt();
      connection.Begin();
      for (const Statement& statement : recording.reads) connection.Run(statement);
      connection.Commit();
    }
  };
  round();  // statements are prepared and pages are in memory, as in a server that runs
  const auto start = Clock::now();
  const double cpu = CpuMicros(connection);
  uint64_t rounds = 0;
  for (; rounds == 0 || Since(start) < seconds; ++rounds) round();
  RawReads result;
  result.cpu_us = (CpuMicros(connection) - cpu) / static_cast<double>(rounds * recordings.size());
  result.statements = CostsOf(connection, recordings);
  if (connection.sum() == 1) std::this_thread::yield();
  return result;
}

RawWrites ReplayWrites(const std::filesystem::path& data, const std::vector<Recording>& recordings,
                       int producers, double seconds) {
  const auto connection = RawConnection::Open(data, true);
  return GroupCommit(*connection, recordings).Write(producers, seconds);
}

}  // namespace huiyin::bench
