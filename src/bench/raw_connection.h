// SPDX-License-Identifier: EUPL-1.2
// An engine's own C interface with as little around it as can be, set up like the server's
// connections (src/db). Beside those files the only ones that know sqlite3.h and libpq-fe.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "bench/record.h"

namespace huiyin::bench {

class RawConnection {
 public:
  // To where the records of a data folder are: its huiyin.db, or the PostgreSQL its `database`
  // names. Throws std::runtime_error when they cannot be had.
  static std::unique_ptr<RawConnection> Open(const std::filesystem::path& data, bool writes);

  virtual ~RawConnection() = default;
  RawConnection(const RawConnection&) = delete;

  // Runs it to its end and reads every column of every row. Statements stay prepared. Throws
  // std::runtime_error when the engine refuses.
  virtual void Run(const Statement& statement) = 0;
  // A snapshot to read from, or a transaction that writes; Commit of the second is on disk.
  virtual void Begin() = 0;
  virtual void Commit() = 0;
  // How the engine goes about it, in its own words; empty where it does not say.
  virtual std::string PlanOf(std::string_view text) = 0;
  // As the server does, so that neither writes into a longer log than the other.
  virtual void CheckpointWhenLong() {}
  // Processor time so far of an engine that runs in processes of its own, in microseconds, all
  // of it; 0 where the engine runs in the thread that asks.
  virtual int64_t EngineCpuMicros() { return 0; }
  // What a request waits for the engine is told by the clock, since its processor time is not
  // this thread's.
  virtual bool IsElsewhere() const { return false; }

  // Something made of what was read, so that reading is not optimised away.
  int64_t sum() const { return sum_; }

 protected:
  RawConnection() = default;

  int64_t sum_ = 0;
};

std::unique_ptr<RawConnection> OpenRawSqlite(const std::filesystem::path& file, bool writes);
std::unique_ptr<RawConnection> OpenRawPostgres(const std::string& url, bool writes);

}  // namespace huiyin::bench
