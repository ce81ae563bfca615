// SPDX-License-Identifier: EUPL-1.2
#include "bench/raw.h"

#include <fmt/format.h>
#include <sqlite3.h>

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
#include <unordered_map>

#include "bench/child.h"

namespace huiyin::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kWalMaxFrames = 64 * 1024 * 1024 / 4096;  // the server's bound

double ThreadCpuMicros() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

double Since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

class RawConnection {
 public:
  RawConnection(const std::filesystem::path& file, bool writes) {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    Must(sqlite3_open_v2(file.c_str(), &connection_, flags, nullptr), "open");
    sqlite3_busy_timeout(connection_, 5000);
    Script(writes ? "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; PRAGMA synchronous=FULL"
                  : "PRAGMA query_only=1");
    Script("PRAGMA cache_size=-32768; PRAGMA mmap_size=34359738368; PRAGMA foreign_keys=1; "
           "PRAGMA temp_store=MEMORY");
    sqlite3_wal_hook(connection_, &OnWal, this);
  }
  ~RawConnection() {
    for (auto& [text, prepared] : cache_) sqlite3_finalize(prepared.statement);
    sqlite3_close_v2(connection_);
  }
  RawConnection(const RawConnection&) = delete;

  void Script(const char* text) { Must(sqlite3_exec(connection_, text, nullptr, nullptr, nullptr), text); }

  void Run(const Statement& statement) {
    const Prepared& prepared = Get(statement.text);
    for (size_t i = 0; i < statement.values.size(); ++i) {
      Bind(prepared.statement, prepared.places[i], statement.values[i]);
    }
    int code = sqlite3_step(prepared.statement);
    for (; code == SQLITE_ROW; code = sqlite3_step(prepared.statement)) ReadRow(prepared.statement);
    sqlite3_reset(prepared.statement);
    if (code != SQLITE_DONE) Must(code, statement.name);
  }
  void Run(std::string_view text) { Run(Statement{text, text, {}}); }

  void CheckpointWhenLong() {
    if (frames_ < kWalMaxFrames) return;
    sqlite3_wal_checkpoint_v2(connection_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    frames_ = 0;
  }

  // Keeps what was read from being optimised away.
  int64_t bytes_read() const { return bytes_read_; }

 private:
  struct Prepared {
    sqlite3_stmt* statement = nullptr;
    std::vector<int> places;  // of $1, $2, ...
  };

  static int OnWal(void* self, sqlite3*, const char*, int frames) {
    static_cast<RawConnection*>(self)->frames_ = frames;
    return SQLITE_OK;
  }

  void Must(int code, std::string_view what) {
    if (code == SQLITE_OK) return;
    throw std::runtime_error(fmt::format("raw engine: {}: {}", what, sqlite3_errmsg(connection_)));
  }

  const Prepared& Get(std::string_view text) {
    const auto [found, added] = cache_.try_emplace(text.data());
    if (!added) return found->second;
    Prepared& prepared = found->second;
    Must(sqlite3_prepare_v3(connection_, text.data(), static_cast<int>(text.size()),
                            SQLITE_PREPARE_PERSISTENT, &prepared.statement, nullptr), text);
    const int count = sqlite3_bind_parameter_count(prepared.statement);
    for (int n = 1; n <= count; ++n) {
      prepared.places.push_back(
          sqlite3_bind_parameter_index(prepared.statement, fmt::format("${}", n).c_str()));
    }
    return prepared;
  }

  static void Bind(sqlite3_stmt* statement, int place, const OwnedValue& value) {
    if (const auto* number = std::get_if<int64_t>(&value)) {
      sqlite3_bind_int64(statement, place, *number);
    } else if (const auto* real = std::get_if<double>(&value)) {
      sqlite3_bind_double(statement, place, *real);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      sqlite3_bind_text(statement, place, text->data(), static_cast<int>(text->size()), SQLITE_STATIC);
    } else if (const auto* blob = std::get_if<OwnedBlob>(&value)) {
      sqlite3_bind_blob(statement, place, blob->bytes.data(), static_cast<int>(blob->bytes.size()), SQLITE_STATIC);
    } else {
      sqlite3_bind_null(statement, place);
    }
  }

  void ReadRow(sqlite3_stmt* statement) {
    const int columns = sqlite3_data_count(statement);
    for (int column = 0; column < columns; ++column) {
      switch (sqlite3_column_type(statement, column)) {
        case SQLITE_TEXT:
        case SQLITE_BLOB:
          bytes_read_ += *static_cast<const char*>(sqlite3_column_bytes(statement, column) > 0
                                                       ? sqlite3_column_blob(statement, column)
                                                       : "");
          break;
        case SQLITE_NULL:
          break;
        default:
          bytes_read_ += sqlite3_column_int64(statement, column);
      }
    }
  }

  sqlite3* connection_ = nullptr;
  std::unordered_map<const char*, Prepared> cache_;
  int64_t bytes_read_ = 0;
  int frames_ = 0;
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
      for (const Statement& statement : handed.first->writes) connection_.Run(statement);
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
  std::vector<Handed> group_;  // the writer's own
  int producers_ = 0;
};

// Once more with a look at the clock around each: which statement it is that takes the time.
std::vector<StatementCost> CostsOf(RawConnection& connection, const std::vector<Recording>& recordings) {
  std::map<std::string_view, StatementCost> costs;
  for (const Recording& recording : recordings) {
    CheckInterrupt();
    connection.Run("BEGIN");
    for (const Statement& statement : recording.reads) {
      const double start = ThreadCpuMicros();
      connection.Run(statement);
      StatementCost& cost = costs[statement.name];
      cost.times += 1;
      cost.us += ThreadCpuMicros() - start;
    }
    connection.Run("COMMIT");
  }
  std::vector<StatementCost> sorted;
  for (auto& [name, cost] : costs) {
    const auto requests = static_cast<double>(recordings.size());
    sorted.push_back({std::string(name), cost.times / requests, cost.us / requests});
  }
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.us > b.us; });
  return sorted;
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
  if (connection.bytes_read() == 1) std::this_thread::yield();
  return result;
}

RawWrites ReplayWrites(const std::filesystem::path& file, const std::vector<Recording>& recordings,
                       int producers, double seconds) {
  RawConnection connection(file, true);
  return GroupCommit(connection, recordings).Write(producers, seconds);
}

}  // namespace huiyin::bench
