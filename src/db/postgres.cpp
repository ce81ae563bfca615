// SPDX-License-Identifier: EUPL-1.2
#include "db/postgres.h"

#include <mutex>
#include <stdexcept>

#include "core/log.h"
#include "core/problem.h"
#include "db/breaker.h"
#include "db/distribute.h"
#include "db/migrate.h"
#include "db/move.h"
#include "db/postgres_readers.h"
#include "db/words.h"
#include "db/write_queue.h"

namespace huiyin::db {
namespace {

constexpr size_t kMaxWaiting = 10'000;  // writes; more are refused while the server is slow
constexpr int kFailures = 3;
constexpr std::chrono::seconds kPause{3};
// "huiyin" as a number: the turn to write. It ends with the transaction, also behind a pooler.
constexpr Sql kTurn{"db.turn_to_write", "SELECT pg_advisory_xact_lock(114891842645358)"};

// Tables of more than a few pages the engine has no figures of. It then takes the county, first in every
// key, for a column that tells rows apart, and walks all of a county where one household is asked for.
constexpr Sql kWithoutFigures{"db.without_figures", R"sql(
  SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = current_schema() AND c.relkind = 'r' AND pg_relation_size(c.oid) >= 262144
     AND NOT EXISTS (SELECT 1 FROM pg_stats s WHERE s.schemaname = n.nspname AND s.tablename = c.relname)
   ORDER BY c.relname
)sql"};

[[noreturn]] void Unavailable() {
  Problem problem(503, "storage_unavailable");
  problem.retry_after_s = std::chrono::seconds(kPause).count();
  throw problem;
}

class PostgresDatabase : public Database {
 public:
  explicit PostgresDatabase(const PostgresOptions& options) : options_(options), breaker_(kFailures, kPause), readers_(options) {
    try {
      writer_ = std::make_unique<PostgresSession>(options_);
    } catch (const Unreachable& error) {
      throw std::runtime_error(std::string("PostgreSQL: ") + error.what());
    }
    queue_.emplace([this](std::vector<PendingWrite>& group) { Commit(group); }, WriteQueue::Chores{});
  }

  void Read(const Job& job) override {
    Guarded([&] { readers_.Read(job); });
  }

  void WriteLater(Job job, Durability durability, Done done) override {
    if (queue_->waiting() >= kMaxWaiting) {
      done(std::make_exception_ptr(Problem(503, "busy")));
      return;
    }
    queue_->Push({std::move(job), durability, std::move(done), nullptr});
  }

  // Into a file that is a county's database too, whatever tools are at hand to restore it.
  void Backup(const std::filesystem::path& to, const std::function<void()>& fixed) override {
    if (std::filesystem::exists(to)) throw Problem(409, "backup.file_exists");
    const auto copy = OpenSqlite({.file = to, .readers = 1});
    Migrate(*copy, Instant{0});
    Move(*this, *copy, [](const MovedTable&) {}, fixed);
  }

  void Settle() override {
    Write([](Tx& tx) { tx.Script(tx.words().make); });
    bool is_distributed = false;
    Read([&](Tx& tx) { is_distributed = IsDistributed(tx); });
    if (is_distributed) Distribute(*this);  // tables that a migration has just made
    TakeFigures();
  }

  Counters counters() const override {
    const std::lock_guard lock(mutex_);
    Counters now = counters_;
    now.is_refusing = breaker_.is_open();
    return now;
  }

 private:
  // The engine does so itself within a minute of much being written, and never after its own tools
  // have restored a database.
  void TakeFigures() {
    std::vector<std::string> tables;
    Read([&](Tx& tx) { tables = tx.All(kWithoutFigures, [](const Row& row) { return row.Text(0); }); });
    for (const std::string& table : tables) {
      Write([&](Tx& tx) { tx.Script("ANALYZE " + table); }, Durability::kLog);
    }
    if (!tables.empty()) log::Info("figures_taken", {{"tables", std::to_string(tables.size())}});
  }

  // Runs `work` unless the breaker is open; turns a lost server into a Problem.
  template <class Work>
  void Guarded(const Work& work) {
    const auto now = [] { return std::chrono::steady_clock::now(); };
    if (!breaker_.Allows(now())) Unavailable();
    try {
      work();
      breaker_.Succeeded();
    } catch (const Unreachable& error) {
      breaker_.Failed(now());
      log::Warn("database_unreachable", {{"reason", error.what()}});
      Unavailable();
    }
  }

  void Commit(std::vector<PendingWrite>& group) {
    try {
      Guarded([&] {
        if (writer_ == nullptr || writer_->IsBroken()) {
          writer_.reset();
          writer_ = std::make_unique<PostgresSession>(options_);
        }
        try {
          RunGroup(group);
        } catch (const Unreachable&) {
          writer_.reset();
          throw;
        } catch (...) {
          writer_->Do("ROLLBACK");
          throw;
        }
      });
    } catch (...) {
      for (PendingWrite& write : group) {
        if (!write.failure) write.failure = std::current_exception();
      }
    }
    const std::lock_guard lock(mutex_);
    ++counters_.commits;
    counters_.writes += group.size();
  }

  void RunGroup(std::vector<PendingWrite>& group) {
    bool disk = false;
    for (const PendingWrite& write : group) disk |= write.durability == Durability::kDisk;
    writer_->Begin();
    if (!disk) writer_->Later("SET LOCAL synchronous_commit = off");
    writer_->Run(kTurn);
    for (PendingWrite& write : group) {
      writer_->Later("SAVEPOINT job");
      try {
        write.job(*writer_);
      } catch (const Unreachable&) {
        throw;
      } catch (...) {
        write.failure = std::current_exception();
        writer_->Later("ROLLBACK TO job");
      }
      writer_->Later("RELEASE job");
    }
    writer_->Do("COMMIT");
  }

  const PostgresOptions options_;
  Breaker breaker_;
  PostgresReaders readers_;
  std::unique_ptr<PostgresSession> writer_;  // of the queue's thread

  mutable std::mutex mutex_;
  Counters counters_;
  std::optional<WriteQueue> queue_;  // last: its thread uses the rest
};

}  // namespace

std::unique_ptr<Database> OpenPostgres(const PostgresOptions& options) {
  return std::make_unique<PostgresDatabase>(options);
}

bool IsPostgresUrl(std::string_view text) {
  return text.starts_with("postgres://") || text.starts_with("postgresql://");
}

}  // namespace huiyin::db
