// SPDX-License-Identifier: EUPL-1.2
// One session with a PostgreSQL server: the only file that knows libpq, with its .cpp.
// Commands go out in libpq's pipeline mode: what needs no answer yet (BEGIN, SAVEPOINT) rides
// with the next statement, which saves a third of a short transaction's time. Every wait has
// a deadline: a server that hangs costs its callers that long and no longer.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <unordered_map>

#include "db/tx.h"

struct pg_conn;
struct pg_result;

namespace huiyin::db {

struct PostgresOptions {
  std::string url;  // postgres://...; what libpq takes, several hosts too
  int readers = 4;
  std::chrono::milliseconds deadline{10'000};  // of one statement, and of signing in
  bool sync = true;  // false only in tests
  // Set by whoever knows that the server will not answer: nobody waits for it any longer then.
  std::shared_ptr<std::atomic<bool>> is_given_up = nullptr;
  // Which of several hosts answered last: it is asked first. Shared by all sessions made of this.
  std::shared_ptr<std::atomic<size_t>> last_good = std::make_shared<std::atomic<size_t>>(0);
};

// The connection is gone, or nobody answered in time: what ran is not known to be done.
class Unreachable : public std::exception {
 public:
  explicit Unreachable(std::string why) : why_(std::move(why)) {}
  const char* what() const noexcept override { return why_.c_str(); }

 private:
  std::string why_;
};

// A connection to the first host of the address that answers as it should (target_session_attrs);
// each gets its share of the time. Throws Unreachable with each one's reason, std::runtime_error
// when the address cannot be read.
pg_conn* Connect(const PostgresOptions& options, std::chrono::steady_clock::time_point deadline);

// Whether the address says `pooling=transaction`, a word of ours: there is a pooler before the server that
// hands each transaction another of its sessions (PgBouncer), so that nothing may be left in one for the next
// transaction, neither a prepared statement nor a setting. Throws std::runtime_error for another value.
bool IsPooled(std::string_view url);
// Its host and port, for logs: without user, password and name. Throws std::runtime_error when the
// address cannot be read.
std::string ServerName(const std::string& url);

class PostgresSession : public Tx {
 public:
  // Throws Unreachable, or std::runtime_error when the database cannot be used as it is
  // (it must be UTF-8 and sort by bytes).
  explicit PostgresSession(const PostgresOptions& options);
  ~PostgresSession() override;
  PostgresSession(const PostgresSession&) = delete;

  // Begins a transaction, with the next statement.
  void Begin(const char* command = "BEGIN");
  // Sends later, with the next statement: for what answers nothing.
  void Later(const char* command);
  // Sends now without waiting; the answer is looked at with the next statement's.
  void Send(const char* command);
  // Sends and waits.
  void Do(const char* command);

  int64_t Execute(const Sql& sql, std::span<const Value> values, const std::function<void(const Row&)>* each) override;
  void Stream(const Sql& sql, const std::function<void(const Row&)>& each) override;
  std::vector<Table> Tables() override;
  // In SQLite's words (docs/decisions/0009); translated here.
  void Script(std::string_view text) override;
  const WordIndex& words() const override;

  // Whether the server has closed the connection, or it failed before.
  bool IsBroken();
  // The second alone, without looking at the line.
  bool IsLost() const { return broken_; }

 private:
  struct Result;
  struct Waiting {
    std::string_view name;
    bool has_rows = false;
  };

  [[noreturn]] void Break(const std::string& why);
  [[noreturn]] void Fail(const pg_result* result, std::string_view name);
  void Sync();
  void Flush();
  void Await(bool write_too);
  Result Next();
  // Reads the answers to all that was sent; gives back the last one.
  Result Drain();
  std::string Prepared(const Sql& sql, std::span<const Value> values);

  PostgresOptions options_;
  bool is_pooled_;
  pg_conn* connection_ = nullptr;
  bool broken_ = false;
  bool unsynced_ = false;  // an error came: the server ignores everything up to a sync
  std::vector<Waiting> waiting_;
  std::unordered_map<std::string, std::string> names_;  // of prepared statements, by text and types
  int prepared_ = 0;  // how many ever
  std::chrono::steady_clock::time_point deadline_;
};

// How PostgreSQL indexes words (db/words.h).
const WordIndex& PostgresWords();
// A migration in SQLite's types as PostgreSQL takes it.
std::string ToPostgres(std::string_view script);

}  // namespace huiyin::db
