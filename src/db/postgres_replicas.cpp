// SPDX-License-Identifier: EUPL-1.2
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "core/log.h"
#include "core/problem.h"
#include "db/postgres_readers.h"
#include "db/replica_lag.h"
#include "db/replicas.h"

namespace huiyin::db {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr Sql kEnd{"db.end_of_log", R"sql(
  SELECT system_identifier, pg_walfile_name(pg_current_wal_flush_lsn()), pg_current_wal_flush_lsn() - CAST('0/0' AS pg_lsn)
    FROM pg_control_system()
)sql"};
constexpr Sql kFollowed{"db.followed_log", R"sql(
  SELECT system_identifier, pg_is_in_recovery(), pg_last_wal_replay_lsn() - CAST('0/0' AS pg_lsn) FROM pg_control_system()
)sql"};
constexpr size_t kTimelineDigits = 8;  // that the name of a file of the log begins with

// One replica, looked at by a thread of its own.
class Replica {
 public:
  Replica(const ReplicaOptions& options, const std::string& url)
      : options_(options), name_(ServerName(url)), is_given_up_(std::make_shared<std::atomic<bool>>(false)),
        readers_({.url = url, .readers = options.readers, .is_given_up = is_given_up_}), lag_(options.bound), began_(Clock::now()),
        to_primary_{.url = options.primary, .deadline = options.patience}, to_replica_{.url = url, .deadline = options.patience} {
    (void)ServerName(options.primary);  // refuses what cannot be read, here and now
    watch_ = std::thread([this] { Watch(); });
  }
  ~Replica() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    *is_given_up_ = true;
    watch_.join();
  }
  Replica(const Replica&) = delete;

  // How old what it shows is at most; absent when it is not to be asked.
  std::optional<milliseconds> Age() const {
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    if (!is_used_ || now - looked_ > options_.every + options_.patience) return std::nullopt;
    const auto age = AgeAt(now);
    return age <= options_.bound ? std::optional(age) : std::nullopt;
  }

  bool Read(const Replicas::Job& job, milliseconds age) {
    try {
      readers_.Read([&](Tx& tx) { job(tx, age); });
      const std::lock_guard lock(mutex_);
      ++reads_;
      return true;
    } catch (const Unreachable& error) {
      Leave(error.what());
    } catch (const Problem& problem) {
      // A refusal is the database's to make: the replica may not have heard yet of what is asked for.
      if (problem.status < 500) return false;
    } catch (const std::exception& error) {
      log::Warn("replica_failed", {{"replica", name_}, {"what", error.what()}});
    }
    const std::lock_guard lock(mutex_);
    ++failures_;
    return false;
  }

  ReplicaState state() const {
    const bool is_used = Age().has_value();
    const std::lock_guard lock(mutex_);
    return {.name = name_, .is_used = is_used, .lag = AgeAt(Clock::now()), .reads = reads_, .failures = failures_};
  }

 private:
  milliseconds AgeAt(Clock::time_point now) const {
    return std::chrono::duration_cast<milliseconds>(now - lag_.as_of().value_or(began_)) + milliseconds(1);
  }

  void Watch() {
    for (;;) {
      try {
        Look();
      } catch (const std::exception& error) {
        Leave(error.what());
      }
      std::unique_lock lock(mutex_);
      if (wake_.wait_for(lock, options_.every, [this] { return stopping_; })) return;
    }
  }

  // Asks in a transaction of its own, which holds up nothing afterwards. A session that broke is made anew.
  static void Ask(std::unique_ptr<PostgresSession>& session, const PostgresOptions& options, const Sql& sql,
                  const std::function<void(const Row&)>& each) {
    if (session != nullptr && session->IsBroken()) session.reset();
    if (session == nullptr) session = std::make_unique<PostgresSession>(options);
    session->Begin("BEGIN READ ONLY");
    try {
      session->Execute(sql, {}, &each);
    } catch (...) {
      session.reset();
      throw;
    }
    session->Do("COMMIT");
  }

  void Look() {
    // The database first: what it had then, the replica is asked for afterwards.
    const auto asked = Clock::now();
    try {
      Ask(primary_, to_primary_, kEnd, [&](const Row& row) {
        const std::lock_guard lock(mutex_);
        cluster_ = row.Int(0);
        lag_.NoteEnd(asked, std::stoll(row.Text(1).substr(0, kTimelineDigits), nullptr, 16), row.Int(2));
      });
    } catch (const std::exception&) {
      // That it is away is told elsewhere; how far the replica is, is not known anew.
    }
    int64_t cluster = 0;
    int64_t followed = 0;
    bool is_standby = false;
    Ask(replica_, to_replica_, kFollowed, [&](const Row& row) {
      cluster = row.Int(0);
      is_standby = row.Int(1) != 0;
      followed = row.Int(2);
    });
    if (!is_standby) throw std::runtime_error("it follows no other server");
    const std::lock_guard lock(mutex_);
    if (cluster_ != 0 && cluster != cluster_) throw std::runtime_error("it follows another database");
    lag_.NoteFollowed(followed);
    looked_ = Clock::now();
    *is_given_up_ = false;
    const auto age = AgeAt(looked_);
    const bool is_used = age <= options_.bound;
    const std::string why = is_used ? "" : "it is too far behind";
    if (is_used && !is_used_) log::Info("replica_in_use", {{"replica", name_}});
    else if (!is_used && why != said_) {
      log::Warn("replica_left_out", {{"replica", name_}, {"what", why}, {"behind_s", std::to_string(age.count() / 1000)}});
    }
    is_used_ = is_used;
    said_ = why;
  }

  // Whoever waits for it is sent to the database; until the next look that finds it well.
  void Leave(const std::string& why) {
    *is_given_up_ = true;
    const std::lock_guard lock(mutex_);
    if (is_used_ || said_ != why) log::Warn("replica_left_out", {{"replica", name_}, {"what", why}});
    is_used_ = false;
    said_ = why;
  }

  const ReplicaOptions options_;
  const std::string name_;
  const std::shared_ptr<std::atomic<bool>> is_given_up_;
  PostgresReaders readers_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  bool is_used_ = false;
  std::string said_;  // why it is not, as it was told last
  ReplicaLag lag_;
  const Clock::time_point began_;
  Clock::time_point looked_{};
  int64_t cluster_ = 0;  // the number that a server has in common with those that follow it
  uint64_t reads_ = 0;
  uint64_t failures_ = 0;

  // Of the thread that looks.
  const PostgresOptions to_primary_;
  const PostgresOptions to_replica_;
  std::unique_ptr<PostgresSession> primary_;
  std::unique_ptr<PostgresSession> replica_;
  std::thread watch_;  // last: it uses the rest
};

class PostgresReplicas : public Replicas {
 public:
  explicit PostgresReplicas(const ReplicaOptions& options) {
    for (const std::string& url : options.replicas) all_.push_back(std::make_unique<Replica>(options, url));
  }

  bool Read(const Job& job) override {
    const size_t first = next_++;
    for (size_t i = 0; i < all_.size(); ++i) {
      Replica& replica = *all_[(first + i) % all_.size()];
      // The one that fails costs its asker once; the database does the rest.
      if (const auto age = replica.Age()) return replica.Read(job, *age);
    }
    return false;
  }
  std::vector<ReplicaState> states() const override {
    std::vector<ReplicaState> states;
    for (const auto& replica : all_) states.push_back(replica->state());
    return states;
  }

 private:
  std::vector<std::unique_ptr<Replica>> all_;
  std::atomic<size_t> next_{0};
};

}  // namespace

std::unique_ptr<Replicas> OpenReplicas(const ReplicaOptions& options) { return std::make_unique<PostgresReplicas>(options); }

}  // namespace huiyin::db
