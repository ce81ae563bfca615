// SPDX-License-Identifier: EUPL-1.2
// The sessions with one server that reads take turns at: each has one for as long as it reads.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "db/database.h"
#include "db/postgres_wire.h"

namespace huiyin::db {

class PostgresReaders {
 public:
  explicit PostgresReaders(PostgresOptions options) : options_(std::move(options)) {}

  // Runs `job` on a snapshot. Throws what it throws, Unreachable, and Problem 503 "busy" when no
  // session came free in time.
  void Read(const Database::Job& job);
  // Those not in use end.
  void Drop();

 private:
  // One from the pool, made when there is none; one that broke is not given back.
  struct Held {
    explicit Held(PostgresReaders& readers) : readers(readers), session(readers.Take()) {}
    ~Held() { readers.Give(std::move(session)); }
    Held(const Held&) = delete;
    PostgresReaders& readers;
    std::unique_ptr<PostgresSession> session;
  };
  std::unique_ptr<PostgresSession> Take();
  void Give(std::unique_ptr<PostgresSession> session);

  const PostgresOptions options_;
  std::mutex mutex_;
  std::condition_variable is_free_;
  std::vector<std::unique_ptr<PostgresSession>> idle_;
  int in_use_ = 0;
};

}  // namespace huiyin::db
