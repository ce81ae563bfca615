// SPDX-License-Identifier: EUPL-1.2
// The door to storage. Reads run at once on a connection of their own; writes queue for
// the one writer, which commits many of them together (group commit), so that an
// acknowledged write is on disk and yet costs a fraction of a flush.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "db/tx.h"

namespace huiyin::db {

class WalWatch;  // db/wal_watch.h

struct Options {
  std::filesystem::path file;  // the SQLite database
  int readers = 4;             // connections for reads; callers beyond that wait
  bool sync = true;            // false only in tests: writes are not flushed to disk
  int64_t cache_kib = 32 * 1024;
  // Set when an archive is kept of the database: the log then stays until it was carried there,
  // also when the database is closed.
  std::shared_ptr<WalWatch> watch = nullptr;
};

// How much an acknowledgement promises.
enum class Durability {
  kDisk,  // flushed before the caller hears of it: acts
  kLog,   // in the write-ahead log, so a killed process loses nothing; on disk with the next
          // flush: what is made in bulk and can be made again
};

struct Counters {
  uint64_t commits = 0;  // groups
  uint64_t writes = 0;   // jobs in them
  uint64_t checkpoints = 0;
  int64_t wal_bytes = 0;
  bool is_refusing = false;  // the engine did not answer and is not asked for a while
};

class Database {
 public:
  virtual ~Database() = default;

  using Job = std::function<void(Tx&)>;
  // Called after the group's commit, on the writer's thread: keep it short. The pointer is
  // null when the job is committed; otherwise nothing of the job remains.
  using Done = std::function<void(std::exception_ptr)>;

  // Runs `job` on a snapshot; the exception it throws is thrown here.
  virtual void Read(const Job& job) = 0;
  // Queues `job`. A job that throws is undone alone; the others of its group stand.
  virtual void WriteLater(Job job, Durability durability, Done done) = 0;
  // Runs `job`, waits for its commit; throws what it threw.
  void Write(const Job& job, Durability durability = Durability::kDisk);

  // A consistent copy of the whole database into a new file, in steps that let writers go
  // on. `fixed` is called once it is decided what is in the copy, before it is made. Throws
  // Problem 409 when the file exists.
  virtual void Backup(const std::filesystem::path& to, const std::function<void()>& fixed = {}) = 0;
  virtual Counters counters() const = 0;

  // The schema is now as it shall be: the engine prepares to plan for it.
  virtual void Settle() {}
};

// Creates the file when it is not there. Throws std::runtime_error with the path and the
// reason when it cannot be opened or is not a database.
std::unique_ptr<Database> OpenSqlite(const Options& options);

}  // namespace huiyin::db
