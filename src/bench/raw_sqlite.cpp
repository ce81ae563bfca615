// SPDX-License-Identifier: EUPL-1.2
#include <fmt/format.h>
#include <sqlite3.h>

#include <stdexcept>
#include <unordered_map>
#include <vector>

#include "bench/raw_connection.h"

namespace huiyin::bench {
namespace {

constexpr int kWalMaxFrames = 64 * 1024 * 1024 / 4096;  // the server's bound

void Bind(sqlite3_stmt* statement, int place, const OwnedValue& value) {
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

class RawSqlite : public RawConnection {
 public:
  RawSqlite(const std::filesystem::path& file, bool writes);
  ~RawSqlite() override;

  void Run(const Statement& statement) override;
  void Begin() override { Plain(writes_ ? "BEGIN IMMEDIATE" : "BEGIN"); }
  void Commit() override { Plain("COMMIT"); }
  std::string PlanOf(std::string_view text) override;
  void CheckpointWhenLong() override;

 private:
  struct Prepared {
    sqlite3_stmt* statement = nullptr;
    std::vector<int> places;  // of $1, $2, ...
  };
  static int OnWal(void* self, sqlite3* connection, const char* name, int frames);
  void Must(int code, std::string_view what);
  void Script(const char* text);
  void Plain(std::string_view text) { Run(Statement{text, text, {}}); }
  const Prepared& Get(std::string_view text);
  void ReadRow(sqlite3_stmt* statement);

  const bool writes_;
  sqlite3* connection_ = nullptr;
  std::unordered_map<const char*, Prepared> cache_;
  int frames_ = 0;
};

RawSqlite::RawSqlite(const std::filesystem::path& file, bool writes) : writes_(writes) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
  Must(sqlite3_open_v2(file.c_str(), &connection_, flags, nullptr), "open");
  sqlite3_busy_timeout(connection_, 5000);
  sqlite3_db_config(connection_, SQLITE_DBCONFIG_ENABLE_QPSG, 1, nullptr);
  Script(writes ? "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; PRAGMA synchronous=FULL"
                : "PRAGMA query_only=1");
  Script("PRAGMA cache_size=-32768; PRAGMA mmap_size=34359738368; PRAGMA foreign_keys=1; "
         "PRAGMA temp_store=MEMORY");
  sqlite3_wal_hook(connection_, &OnWal, this);
}

RawSqlite::~RawSqlite() {
  for (auto& [text, prepared] : cache_) sqlite3_finalize(prepared.statement);
  sqlite3_close_v2(connection_);
}

void RawSqlite::Run(const Statement& statement) {
  const Prepared& prepared = Get(statement.text);
  for (size_t i = 0; i < statement.values.size(); ++i) {
    Bind(prepared.statement, prepared.places[i], statement.values[i]);
  }
  int code = sqlite3_step(prepared.statement);
  for (; code == SQLITE_ROW; code = sqlite3_step(prepared.statement)) ReadRow(prepared.statement);
  sqlite3_reset(prepared.statement);
  if (code != SQLITE_DONE) Must(code, statement.name);
}

std::string RawSqlite::PlanOf(std::string_view text) {
  sqlite3_stmt* explain = nullptr;
  Must(sqlite3_prepare_v2(connection_, fmt::format("EXPLAIN QUERY PLAN {}", text).c_str(), -1, &explain, nullptr), text);
  std::string plan;
  while (sqlite3_step(explain) == SQLITE_ROW) {
    if (!plan.empty()) plan += "; ";
    plan += reinterpret_cast<const char*>(sqlite3_column_text(explain, 3));
  }
  sqlite3_finalize(explain);
  return plan;
}

void RawSqlite::CheckpointWhenLong() {
  if (frames_ < kWalMaxFrames) return;
  sqlite3_wal_checkpoint_v2(connection_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  frames_ = 0;
}

int RawSqlite::OnWal(void* self, sqlite3*, const char*, int frames) {
  static_cast<RawSqlite*>(self)->frames_ = frames;
  return SQLITE_OK;
}

void RawSqlite::Must(int code, std::string_view what) {
  if (code == SQLITE_OK) return;
  throw std::runtime_error(fmt::format("raw engine: {}: {}", what, sqlite3_errmsg(connection_)));
}

void RawSqlite::Script(const char* text) {
  Must(sqlite3_exec(connection_, text, nullptr, nullptr, nullptr), text);
}

const RawSqlite::Prepared& RawSqlite::Get(std::string_view text) {
  const auto [found, added] = cache_.try_emplace(text.data());
  if (!added) return found->second;
  Prepared& prepared = found->second;
  Must(sqlite3_prepare_v3(connection_, text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT,
                          &prepared.statement, nullptr), text);
  const int count = sqlite3_bind_parameter_count(prepared.statement);
  for (int n = 1; n <= count; ++n) {
    prepared.places.push_back(sqlite3_bind_parameter_index(prepared.statement, fmt::format("${}", n).c_str()));
  }
  return prepared;
}

void RawSqlite::ReadRow(sqlite3_stmt* statement) {
  const int columns = sqlite3_data_count(statement);
  for (int column = 0; column < columns; ++column) {
    switch (sqlite3_column_type(statement, column)) {
      case SQLITE_TEXT:
      case SQLITE_BLOB:
        if (sqlite3_column_bytes(statement, column) > 0) {
          sum_ += *static_cast<const unsigned char*>(sqlite3_column_blob(statement, column));
        }
        break;
      case SQLITE_NULL:
        break;
      default:
        sum_ += sqlite3_column_int64(statement, column);
    }
  }
}

}  // namespace

std::unique_ptr<RawConnection> OpenRawSqlite(const std::filesystem::path& file, bool writes) {
  return std::make_unique<RawSqlite>(file, writes);
}

}  // namespace huiyin::bench
