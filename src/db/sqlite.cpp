// SPDX-License-Identifier: EUPL-1.2
// The file that knows sqlite3.h; beside it only sqlite_mapping.h does.
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <map>
#include <stdexcept>
#include <unordered_map>

#include "core/problem.h"
#include "db/database.h"
#include "db/plans.h"
#include "db/sqlite_mapping.h"
#include "db/sqlite_words.h"
#include "db/wal_watch.h"
#include "db/write_queue.h"

namespace huiyin::db {
namespace {

constexpr Sql kHasWords{"db.has_words", "SELECT 1 FROM sqlite_schema WHERE name = 'word_index'"};
constexpr int64_t kPageBytes = 4096;
constexpr int64_t kWalIdleBytes = 4LL * 1024 * 1024;   // checkpointed in an idle moment
constexpr int64_t kWalMaxBytes = 64LL * 1024 * 1024;   // checkpointed even under load

[[noreturn]] void Fail(sqlite3* connection, int code, std::string_view what) {
  const std::string message = connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
      if (code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_UNIQUE) {
        throw Problem(409, "conflict");
      }
      if (code == SQLITE_CONSTRAINT_FOREIGNKEY) {
        throw Problem(422, "invalid_input", {{"", "unknown_reference", ""}});
      }
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw Problem(503, "busy");
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_NOMEM:
    case SQLITE_CORRUPT:
      throw Problem(503, "storage_unavailable");
    default:
      break;
  }
  throw std::logic_error(fmt::format("sqlite {} in {}: {}", code, what, message));
}

class StatementRow : public Row {
 public:
  explicit StatementRow(sqlite3_stmt* statement) : statement_(statement) {}
  bool IsNull(int c) const override { return sqlite3_column_type(statement_, c) == SQLITE_NULL; }
  int64_t Int(int c) const override { return sqlite3_column_int64(statement_, c); }
  double Real(int c) const override { return sqlite3_column_double(statement_, c); }
  std::string_view View(int c) const override {
    const void* bytes = sqlite3_column_type(statement_, c) == SQLITE_BLOB
                            ? sqlite3_column_blob(statement_, c)
                            : sqlite3_column_text(statement_, c);
    if (bytes == nullptr) return {};
    return {static_cast<const char*>(bytes), static_cast<size_t>(sqlite3_column_bytes(statement_, c))};
  }

 private:
  sqlite3_stmt* statement_;
};

// A statement and the place of each $n in it.
struct Prepared {
  sqlite3_stmt* statement = nullptr;
  std::vector<int> places;
  bool running = false;
};

class Connection : public Tx {
 public:
  Connection(const Options& options, bool writer) {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(options.file.c_str(), &connection_, flags, nullptr) != SQLITE_OK) {
      const std::string reason = connection_ ? sqlite3_errmsg(connection_) : "out of memory";
      sqlite3_close_v2(connection_);
      throw std::runtime_error(options.file.string() + ": " + reason);
    }
    sqlite3_extended_result_codes(connection_, 1);
    sqlite3_busy_timeout(connection_, 5000);
    // A plan must not depend on what is bound: optional filters ($n IS NULL OR ...) would
    // otherwise be planned anew for every value, a fifth of a read's processor time.
    sqlite3_db_config(connection_, SQLITE_DBCONFIG_ENABLE_QPSG, 1, nullptr);
    if (options.watch) sqlite3_db_config(connection_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    try {
      if (writer) Script("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0;");
      // Only the writer's connection ever writes or checkpoints: two that did so at one
      // instant are said to be able to corrupt a WAL database of many versions.
      Script(writer ? "PRAGMA synchronous=FULL;" : "PRAGMA query_only=1;");
      Script(fmt::format("PRAGMA cache_size=-{}; PRAGMA mmap_size=34359738368; PRAGMA foreign_keys=1; "
                         "PRAGMA temp_store=MEMORY;", options.cache_kib));
      if (!writer) mapping_.Keep(connection_);
    } catch (const std::exception& error) {
      const std::string reason = sqlite3_errmsg(connection_);
      sqlite3_close_v2(connection_);
      throw std::runtime_error(options.file.string() + ": " + reason);
    }
  }
  ~Connection() override {
    for (auto& [text, prepared] : cache_) sqlite3_finalize(prepared.statement);
    sqlite3_close_v2(connection_);
  }
  Connection(const Connection&) = delete;

  int64_t Execute(const Sql& sql, std::span<const Value> values,
                  const std::function<void(const Row&)>* each) override {
    if (held_.is_open() && IsAboutWords(sql)) {
      if (IsSame(sql, SqliteWords().add)) {
        held_.Add(std::get<int64_t>(values[0]), std::get<std::string_view>(values[1]));
        return 1;
      }
      held_.Flush();
    }
    return ExecuteNow(sql, values, each);
  }

  int64_t ExecuteNow(const Sql& sql, std::span<const Value> values, const std::function<void(const Row&)>* each) {
    Prepared& cached = Get(sql);
    if (cached.running) {  // the same statement inside its own rows
      Prepared fresh = Prepare(sql);
      const Guard guard{&fresh, true};
      return Step(sql, fresh, values, each);
    }
    const Guard guard{&cached, false};
    return Step(sql, cached, values, each);
  }

  void Script(std::string_view text) override {
    held_.Flush();
    char* message = nullptr;
    const int code = sqlite3_exec(connection_, std::string(text).c_str(), nullptr, nullptr, &message);
    const std::string reason = message ? message : "";
    sqlite3_free(message);
    if (code != SQLITE_OK) Fail(connection_, sqlite3_extended_errcode(connection_), reason);
  }

  void Stream(const Sql& sql, const std::function<void(const Row&)>& each) override { Execute(sql, {}, &each); }

  std::vector<Table> Tables() override {
    static constexpr Sql kTables{"db.tables", R"sql(
      SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'word_index%' ORDER BY rowid
    )sql"};
    static constexpr Sql kColumns{"db.columns", "SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid"};
    auto tables = All(kTables, [](const Row& row) { return Table{.name = row.Text(0), .columns = {}, .key = {}}; });
    for (Table& table : tables) {
      std::map<int64_t, std::string> key;
      Rows(kColumns, [&](const Row& row) {
        const std::string_view type = row.View(1);
        table.columns.push_back({row.Text(0), type == "INTEGER" ? Table::Type::kWhole : type == "REAL" ? Table::Type::kReal
                                              : type == "BLOB" ? Table::Type::kBytes : Table::Type::kText});
        if (row.Int(2) > 0) key[row.Int(2)] = row.Text(0);
      }, table.name);
      for (auto& [place, name] : key) table.key.push_back(std::move(name));
    }
    return tables;
  }

  const WordIndex& words() const override { return SqliteWords(); }

  sqlite3* handle() { return connection_; }
  HeldWords& held() { return held_; }

 private:
  static bool IsSame(const Sql& a, const Sql& b) { return a.text.data() == b.text.data(); }
  static bool IsAboutWords(const Sql& sql) {
    const WordIndex& words = SqliteWords();
    return IsSame(sql, words.add) || IsSame(sql, words.drop) || IsSame(sql, words.newest);
  }

  struct Guard {
    Prepared* prepared;
    bool finalize;
    Guard(Prepared* p, bool f) : prepared(p), finalize(f) { p->running = true; }
    Guard(const Guard&) = delete;
    ~Guard() {
      sqlite3_reset(prepared->statement);
      prepared->running = false;
      if (finalize) sqlite3_finalize(prepared->statement);
    }
  };

  Prepared Prepare(const Sql& sql) {
    Prepared prepared;
    const int code = sqlite3_prepare_v3(connection_, sql.text.data(), static_cast<int>(sql.text.size()),
                                        SQLITE_PREPARE_PERSISTENT, &prepared.statement, nullptr);
    if (code != SQLITE_OK) Fail(connection_, sqlite3_extended_errcode(connection_), sql.name);
    const int count = sqlite3_bind_parameter_count(prepared.statement);
    for (int n = 1; n <= count; ++n) {
      prepared.places.push_back(
          sqlite3_bind_parameter_index(prepared.statement, ("$" + std::to_string(n)).c_str()));
    }
    return prepared;
  }

  Prepared& Get(const Sql& sql) {
    const auto [found, added] = cache_.try_emplace(sql.text.data());
    if (added) {
      try {
        found->second = Prepare(sql);
      } catch (...) {
        cache_.erase(found);
        throw;
      }
    }
    return found->second;
  }

  void Bind(const Sql& sql, Prepared& prepared, std::span<const Value> values) {
    if (values.size() != prepared.places.size()) {
      throw std::logic_error(fmt::format("{}: {} parameters given, {} wanted", sql.name,
                                         values.size(), prepared.places.size()));
    }
    for (size_t i = 0; i < values.size(); ++i) {
      const int place = prepared.places[i];
      sqlite3_stmt* s = prepared.statement;
      int code = SQLITE_OK;
      if (const auto* number = std::get_if<int64_t>(&values[i])) code = sqlite3_bind_int64(s, place, *number);
      else if (const auto* real = std::get_if<double>(&values[i])) code = sqlite3_bind_double(s, place, *real);
      else if (const auto* text = std::get_if<std::string_view>(&values[i])) {
        code = sqlite3_bind_text(s, place, text->data() ? text->data() : "", static_cast<int>(text->size()), SQLITE_STATIC);
      } else if (const auto* blob = std::get_if<Blob>(&values[i])) {
        code = sqlite3_bind_blob(s, place, blob->bytes.data() ? blob->bytes.data() : "", static_cast<int>(blob->bytes.size()), SQLITE_STATIC);
      } else {
        code = sqlite3_bind_null(s, place);
      }
      if (code != SQLITE_OK) Fail(connection_, code, sql.name);
    }
  }

  int64_t Step(const Sql& sql, Prepared& prepared, std::span<const Value> values,
               const std::function<void(const Row&)>* each) {
    Bind(sql, prepared, values);
    const StatementRow row(prepared.statement);
    for (;;) {
      const int code = sqlite3_step(prepared.statement);
      if (code == SQLITE_DONE) break;
      if (code != SQLITE_ROW) Fail(connection_, sqlite3_extended_errcode(connection_), sql.name);
      if (each != nullptr) (*each)(row);
    }
    return sqlite3_changes64(connection_);
  }

  sqlite3* connection_ = nullptr;
  KeptMapping mapping_;
  std::unordered_map<const char*, Prepared> cache_;
  HeldWords held_{[this](int64_t number, std::string_view list) {
    const Value values[] = {ToValue(number), ToValue(list)};
    ExecuteNow(SqliteWords().add, values, nullptr);
  }};
};

class SqliteDatabase : public Database {
 public:
  explicit SqliteDatabase(const Options& options)
      : options_(options), writer_(std::make_unique<Connection>(options, true)) {
    for (int i = 0; i < options.readers; ++i) {
      readers_.push_back(std::make_unique<Connection>(options, false));
      free_readers_.push_back(readers_.back().get());
    }
    queue_.emplace([this](std::vector<PendingWrite>& group) { CommitGroup(group); },
                   WriteQueue::Chores{.wanted = [this] { return wal_bytes_ > kWalIdleBytes; },
                                      .urgent = [this] { return wal_bytes_ > kWalMaxBytes; },
                                      .work = [this] { Checkpoint(wal_bytes_ > kWalMaxBytes); }});
  }

  ~SqliteDatabase() override {
    queue_.reset();
    Checkpoint(false);
    if (log_ >= 0) ::close(log_);
  }

  void Read(const Job& job) override {
    Connection* reader = TakeReader();
    const auto give_back = [this](Connection* c) { GiveReader(c); };
    const std::unique_ptr<Connection, decltype(give_back)> held(reader, give_back);
    static constexpr Sql kBegin{"db.begin", "BEGIN"};
    static constexpr Sql kEnd{"db.end", "COMMIT"};
    reader->Run(kBegin);
    try {
      job(*reader);
    } catch (...) {
      reader->Run(kEnd);
      throw;
    }
    reader->Run(kEnd);
  }

  void WriteLater(Job job, Durability durability, Done done) override {
    queue_->Push({std::move(job), durability, std::move(done), nullptr});
  }

  void Backup(const std::filesystem::path& to, const std::function<void()>& fixed) override;
  void Settle() override {
    Write([](Tx& tx) {
      if (!tx.Any(kHasWords)) tx.Script(tx.words().make);
      SetPlans(tx);
    });
  }

  Counters counters() const override {
    const std::lock_guard lock(mutex_);
    return counters_;
  }

 private:
  Connection* TakeReader() {
    std::unique_lock lock(readers_mutex_);
    reader_free_.wait(lock, [this] { return !free_readers_.empty(); });
    Connection* reader = free_readers_.back();
    free_readers_.pop_back();
    return reader;
  }
  void GiveReader(Connection* reader) {
    {
      const std::lock_guard lock(readers_mutex_);
      free_readers_.push_back(reader);
    }
    reader_free_.notify_one();
  }

  void SetSync(bool full) {
    if (full == sync_is_full_) return;
    writer_->Script(full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
    sync_is_full_ = full;
  }

  void CommitGroup(std::vector<PendingWrite>& group) {
    static constexpr Sql kBegin{"db.begin_write", "BEGIN IMMEDIATE"};
    static constexpr Sql kCommit{"db.commit", "COMMIT"};
    static constexpr Sql kSave{"db.save", "SAVEPOINT job"};
    static constexpr Sql kRelease{"db.release", "RELEASE job"};
    static constexpr Sql kUndo{"db.undo", "ROLLBACK TO job"};
    try {
      bool disk = false;
      for (const PendingWrite& pending : group) disk |= pending.durability == Durability::kDisk;
      SetSync(disk && options_.sync);
      writer_->Run(kBegin);
      writer_->held().Begin();
      for (PendingWrite& pending : group) {
        writer_->Run(kSave);
        writer_->held().BeginJob();
        try {
          pending.job(*writer_);
        } catch (...) {
          pending.failure = std::current_exception();
          // A full disk may already have undone the whole group.
          if (sqlite3_get_autocommit(writer_->handle()) != 0) std::rethrow_exception(pending.failure);
          writer_->Run(kUndo);
          writer_->held().UndoJob();
        }
        writer_->Run(kRelease);
      }
      writer_->held().Flush();
      writer_->Run(kCommit);
    } catch (...) {
      const std::exception_ptr failure = std::current_exception();
      if (sqlite3_get_autocommit(writer_->handle()) == 0) {
        sqlite3_exec(writer_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
      }
      for (PendingWrite& pending : group) {
        if (!pending.failure) pending.failure = failure;
      }
    }
    writer_->held().End();
    std::error_code ignored;
    const auto size = std::filesystem::file_size(options_.file.string() + "-wal", ignored);
    const std::lock_guard lock(mutex_);
    // The file keeps its length after a checkpoint; what was written since is the measure.
    wal_bytes_ = ignored ? 0 : std::min<int64_t>(static_cast<int64_t>(size), WalFrames() * kPageBytes);
    ++counters_.commits;
    counters_.writes += group.size();
    counters_.wal_bytes = wal_bytes_;
  }

  int64_t WalFrames() const { return frames_; }

  static int OnWal(void* self, sqlite3*, const char*, int frames) {
    auto* database = static_cast<SqliteDatabase*>(self);
    database->frames_ = frames;
    if (database->options_.watch) database->TellWatch(static_cast<uint32_t>(frames));
    return SQLITE_OK;
  }

  void TellWatch(uint32_t frames) {
    if (log_ < 0) log_ = ::open((options_.file.string() + "-wal").c_str(), O_RDONLY | O_CLOEXEC);
    std::array<unsigned char, 8> bytes{};  // its salt: a log that began anew has another
    if (log_ < 0 || ::pread(log_, bytes.data(), bytes.size(), 16) != static_cast<ssize_t>(bytes.size())) return;
    uint64_t salt = 0;
    for (const unsigned char byte : bytes) salt = salt << 8 | byte;
    options_.watch->Committed(salt, frames);
  }

  void Checkpoint(bool is_urgent) {
    if (options_.watch && !options_.watch->MayCheckpoint(is_urgent, wal_bytes_)) return;
    int log = 0;
    int done = 0;
    sqlite3_wal_checkpoint_v2(writer_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &log, &done);
    if (options_.watch && log > 0) options_.watch->Checkpointed(static_cast<uint32_t>(log));
    const std::lock_guard lock(mutex_);
    ++counters_.checkpoints;
    frames_ = 0;
    wal_bytes_ = 0;
  }

  Options options_;
  std::unique_ptr<Connection> writer_;
  std::vector<std::unique_ptr<Connection>> readers_;
  std::vector<Connection*> free_readers_;
  std::mutex readers_mutex_;
  std::condition_variable reader_free_;

  mutable std::mutex mutex_;
  bool sync_is_full_ = true;
  int log_ = -1;  // the write-ahead log, to look at its salt
  int64_t frames_ = 0;
  int64_t wal_bytes_ = 0;
  Counters counters_;
  std::optional<WriteQueue> queue_;  // last: its thread uses the rest

  friend std::unique_ptr<Database> huiyin::db::OpenSqlite(const Options&);

 public:
  void WatchWal() { sqlite3_wal_hook(writer_->handle(), &SqliteDatabase::OnWal, this); }
};

void SqliteDatabase::Backup(const std::filesystem::path& to, const std::function<void()>& fixed) {
  if (std::filesystem::exists(to)) throw Problem(409, "backup.file_exists");
  Connection* source = TakeReader();
  const auto give_back = [this](Connection* c) { GiveReader(c); };
  const std::unique_ptr<Connection, decltype(give_back)> held(source, give_back);
  // Inside a read transaction the source stands still, so that writers do not restart it.
  static constexpr Sql kBegin{"db.begin_backup", "BEGIN"};
  static constexpr Sql kLook{"db.look", "SELECT COUNT(*) FROM sqlite_schema"};
  static constexpr Sql kEnd{"db.end_backup", "COMMIT"};
  source->Run(kBegin);
  const auto end = [](Connection* c) { c->Run(kEnd); };
  const std::unique_ptr<Connection, decltype(end)> standing(source, end);
  source->Run(kLook);
  if (fixed) fixed();
  sqlite3* target = nullptr;
  if (sqlite3_open(to.c_str(), &target) != SQLITE_OK) {
    sqlite3_close_v2(target);
    throw Problem(503, "backup.cannot_write");
  }
  sqlite3_backup* backup = sqlite3_backup_init(target, "main", source->handle(), "main");
  int code = backup != nullptr ? SQLITE_OK : SQLITE_ERROR;
  while (code == SQLITE_OK) {
    code = sqlite3_backup_step(backup, 2000);
    if (code == SQLITE_OK) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  sqlite3_backup_finish(backup);
  sqlite3_close_v2(target);
  if (code != SQLITE_DONE) throw Problem(503, "backup.cannot_write");
}

void ConfigureOnce() {
  static const bool done = [] {
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return true;
  }();
  (void)done;
}

}  // namespace

Uuid MakeKey(std::string_view bytes) {
  Uuid key;
  if (bytes.size() == key.bytes.size()) std::memcpy(key.bytes.data(), bytes.data(), bytes.size());
  return key;
}

Uuid Row::Key(int column) const { return MakeKey(View(column)); }

void Database::Write(const Job& job, Durability durability) {
  std::mutex mutex;
  std::condition_variable ready;
  bool finished = false;
  std::exception_ptr failure;
  WriteLater(job, durability, [&](std::exception_ptr error) {
    const std::lock_guard lock(mutex);
    failure = error;
    finished = true;
    ready.notify_one();
  });
  std::unique_lock lock(mutex);
  ready.wait(lock, [&] { return finished; });
  if (failure) std::rethrow_exception(failure);
}

std::unique_ptr<Database> OpenSqlite(const Options& options) {
  ConfigureOnce();
  auto database = std::make_unique<SqliteDatabase>(options);
  database->WatchWal();
  return database;
}

}  // namespace huiyin::db
