// SPDX-License-Identifier: EUPL-1.2
#include "db/postgres_wire.h"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/socket.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <stdexcept>

#include "core/log.h"
#include "core/problem.h"

namespace huiyin::db {
namespace {

// The engine's numbers of its types (pg_type.dat; they never change).
enum Type : Oid {
  kBool = 16, kBytea = 17, kInt8 = 20, kInt2 = 21, kInt4 = 23, kText = 25, kFloat4 = 700, kFloat8 = 701, kNumeric = 1700,
};
constexpr int kBinary = 1;

template <class T>
T BigEndian(const char* bytes) {
  T value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) value = static_cast<T>((value << 8) | static_cast<unsigned char>(bytes[i]));
  return value;
}

void PutBigEndian(uint64_t value, char* bytes) {
  for (int i = 7; i >= 0; --i, value >>= 8) bytes[i] = static_cast<char>(value & 0xff);
}

// Sums of whole numbers come as this: digits to the base 10,000.
double FromNumeric(const char* bytes) {
  const auto digits = BigEndian<uint16_t>(bytes);
  const auto weight = static_cast<int16_t>(BigEndian<uint16_t>(bytes + 2));
  const bool negative = BigEndian<uint16_t>(bytes + 4) == 0x4000;
  double value = 0;
  for (int i = 0; i < digits; ++i) value = value * 10000 + BigEndian<uint16_t>(bytes + 8 + 2 * i);
  value *= std::pow(10000.0, weight - digits + 1);
  return negative ? -value : value;
}
int64_t WholeFromNumeric(const char* bytes) {
  const auto digits = BigEndian<uint16_t>(bytes);
  const auto weight = static_cast<int16_t>(BigEndian<uint16_t>(bytes + 2));
  int64_t value = 0;
  for (int i = 0; i <= weight; ++i) value = value * 10000 + (i < digits ? BigEndian<uint16_t>(bytes + 8 + 2 * i) : 0);
  return BigEndian<uint16_t>(bytes + 4) == 0x4000 ? -value : value;
}

class ResultRow : public Row {
 public:
  ResultRow(const PGresult* result, int row) : result_(result), row_(row) {}

  bool IsNull(int c) const override { return PQgetisnull(result_, row_, c) == 1; }
  std::string_view View(int c) const override {
    const std::string_view bytes = Bytes(c);
    switch (PQftype(result_, c)) {
      case kBool: case kInt2: case kInt4: case kInt8: case kNumeric:
        return IsNull(c) ? std::string_view() : std::string_view(text_ = std::to_string(Int(c)));
      default:
        return bytes;
    }
  }
  int64_t Int(int c) const override {
    if (IsNull(c)) return 0;
    const std::string_view bytes = Bytes(c);
    switch (PQftype(result_, c)) {
      case kBool: return bytes[0] != 0;
      case kInt2: return static_cast<int16_t>(BigEndian<uint16_t>(bytes.data()));
      case kInt4: return static_cast<int32_t>(BigEndian<uint32_t>(bytes.data()));
      case kInt8: return static_cast<int64_t>(BigEndian<uint64_t>(bytes.data()));
      case kNumeric: return WholeFromNumeric(bytes.data());
      case kFloat4: case kFloat8: return static_cast<int64_t>(Real(c));
      default: {
        int64_t value = 0;
        std::from_chars(bytes.data(), bytes.data() + bytes.size(), value);
        return value;
      }
    }
  }
  double Real(int c) const override {
    if (IsNull(c)) return 0;
    const std::string_view bytes = Bytes(c);
    switch (PQftype(result_, c)) {
      case kFloat8: return std::bit_cast<double>(BigEndian<uint64_t>(bytes.data()));
      case kFloat4: return std::bit_cast<float>(BigEndian<uint32_t>(bytes.data()));
      case kNumeric: return FromNumeric(bytes.data());
      default: return static_cast<double>(Int(c));
    }
  }

 private:
  std::string_view Bytes(int c) const {
    return {PQgetvalue(result_, row_, c), static_cast<size_t>(PQgetlength(result_, row_, c))};
  }

  const PGresult* result_;
  int row_;
  mutable std::string text_;
};

// What PostgreSQL is given of a list of values.
class Parameters {
 public:
  explicit Parameters(std::span<const Value> values) : numbers_(values.size()) {
    for (size_t i = 0; i < values.size(); ++i) {
      if (const auto* whole = std::get_if<int64_t>(&values[i])) Number(i, kInt8, static_cast<uint64_t>(*whole));
      else if (const auto* real = std::get_if<double>(&values[i])) Number(i, kFloat8, std::bit_cast<uint64_t>(*real));
      else if (const auto* text = std::get_if<std::string_view>(&values[i])) Bytes(kText, *text);
      else if (const auto* blob = std::get_if<Blob>(&values[i])) Bytes(kBytea, blob->bytes);
      else Add(0, nullptr, 0);  // what it would be follows from the statement
    }
  }

  int count() const { return static_cast<int>(types.size()); }

  std::vector<Oid> types;
  std::vector<const char*> places;
  std::vector<int> lengths;
  std::vector<int> formats;

 private:
  void Add(Oid type, const char* place, size_t length) {
    types.push_back(type);
    places.push_back(place);
    lengths.push_back(static_cast<int>(length));
    formats.push_back(kBinary);
  }
  void Number(size_t i, Oid type, uint64_t value) {
    PutBigEndian(value, numbers_[i].data());
    Add(type, numbers_[i].data(), 8);
  }
  void Bytes(Oid type, std::string_view bytes) { Add(type, bytes.data() ? bytes.data() : "", bytes.size()); }

  std::vector<std::array<char, 8>> numbers_;
};

// A server that waits for us in vain gives up too, so that no lock outlives a hung program.
struct Setting {
  const char* of_session;
  const char* of_transaction;
};
constexpr Setting kSettings[] = {
    {"SET idle_in_transaction_session_timeout = '30s'", "SET LOCAL idle_in_transaction_session_timeout = '30s'"},
    {"SET client_min_messages = warning", "SET LOCAL client_min_messages = warning"},
};
constexpr Setting kNoSync = {"SET synchronous_commit = off", "SET LOCAL synchronous_commit = off"};

// One letter a type: the same statement with other types is another one to the engine.
char Letter(const Value& value) {
  constexpr std::string_view kLetters = "nirtb";
  return kLetters[value.index()];
}

}  // namespace

struct PostgresSession::Result {
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  std::unique_ptr<PGresult, Clear> held;
  ExecStatusType status() const { return PQresultStatus(held.get()); }
};

PostgresSession::PostgresSession(const PostgresOptions& options) : options_(options), is_pooled_(IsPooled(options.url)) {
  deadline_ = std::chrono::steady_clock::now() + options_.deadline;
  connection_ = Connect(options_, deadline_);
  PQsetnonblocking(connection_, 1);
  PQenterPipelineMode(connection_);
  static constexpr Sql kCheck{"db.check_server", R"sql(
    SELECT current_setting('server_encoding'), datcollate FROM pg_database WHERE datname = current_database()
  )sql"};
  std::string fault;
  Rows(kCheck, [&](const Row& row) {
    if (row.View(0) != "UTF8") fault = "its encoding is " + row.Text(0) + ", not UTF8";
    if (row.View(1) != "C" && !row.View(1).starts_with("C.")) fault = "it sorts by " + row.Text(1) + ", not by C";
  });
  if (!fault.empty()) {
    PQfinish(connection_);
    throw std::runtime_error("the PostgreSQL database cannot be used: " + fault +
                             " (CREATE DATABASE huiyin ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0)");
  }
  if (is_pooled_) {
    Do("SELECT 1");  // ends what the check began; the settings come with each transaction
    return;
  }
  for (const Setting& setting : kSettings) Do(setting.of_session);
  if (!options_.sync) Do(kNoSync.of_session);
}

PostgresSession::~PostgresSession() {
  if (connection_ != nullptr) PQfinish(connection_);
}

const WordIndex& PostgresSession::words() const { return PostgresWords(); }

void PostgresSession::Break(const std::string& why) {
  broken_ = true;
  waiting_.clear();
  throw Unreachable(why);
}

bool PostgresSession::IsBroken() {
  if (broken_ || PQstatus(connection_) != CONNECTION_OK) return true;
  try {
    Drain();
  } catch (const std::exception&) {
    return true;
  }
  // An idle session is told nothing but that it ends: with words, or with silence.
  char byte = 0;
  const auto seen = ::recv(PQsocket(connection_), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return seen >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

void PostgresSession::Await(bool write_too) {
  pollfd waiting{PQsocket(connection_), static_cast<int16_t>(POLLIN | (write_too ? POLLOUT : 0)), 0};
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - std::chrono::steady_clock::now());
  const int64_t longest = options_.is_given_up ? 100 : 60'000;
  const int ready = left.count() <= 0 ? 0 : ::poll(&waiting, 1, static_cast<int>(std::min(left.count(), longest)));
  if (ready == 0 && options_.is_given_up && *options_.is_given_up) Break("it was given up");
  if (ready == 0 && left.count() > longest) return;
  if (ready == 0) Break("no answer in time");
  if (ready < 0 && errno != EINTR) Break(std::strerror(errno));
  if ((waiting.revents & (POLLIN | POLLHUP | POLLERR)) != 0 && PQconsumeInput(connection_) == 0) Break(PQerrorMessage(connection_));
}

void PostgresSession::Flush() {
  for (;;) {
    const int left = PQflush(connection_);
    if (left == 0) return;
    if (left < 0) Break(PQerrorMessage(connection_));
    Await(true);
  }
}

PostgresSession::Result PostgresSession::Next() {
  while (PQisBusy(connection_) == 1) Await(false);
  return {std::unique_ptr<PGresult, Result::Clear>(PQgetResult(connection_))};
}

// After an error the server ignores what comes until it is told where to go on.
void PostgresSession::Sync() {
  if (PQpipelineSync(connection_) != 1) Break(PQerrorMessage(connection_));
  Flush();
  for (;;) {
    const Result result = Next();
    if (result.held == nullptr) continue;
    if (result.status() == PGRES_PIPELINE_SYNC) break;
  }
  waiting_.clear();
}

PostgresSession::Result PostgresSession::Drain() {
  Result last;
  for (size_t i = 0; i < waiting_.size(); ++i) {
    Result result = Next();
    if (result.held == nullptr) Break("an answer is missing");
    const ExecStatusType status = result.status();
    if (status == PGRES_FATAL_ERROR || status == PGRES_PIPELINE_ABORTED) {
      const std::string name(waiting_[i].name);
      if (PQstatus(connection_) != CONNECTION_OK) Break(PQresultErrorMessage(result.held.get()));
      Sync();
      Fail(result.held.get(), name);
    }
    if (status != PGRES_PIPELINE_SYNC && Next().held != nullptr) Break("an answer too many");
    last = std::move(result);
  }
  waiting_.clear();
  return last;
}

void PostgresSession::Begin(const char* command) {
  Later(command);
  if (!is_pooled_) return;
  for (const Setting& setting : kSettings) Later(setting.of_transaction);
  if (!options_.sync) Later(kNoSync.of_transaction);
}

void PostgresSession::Later(const char* command) {
  if (broken_) throw Unreachable("the connection is gone");
  if (PQsendQueryParams(connection_, command, 0, nullptr, nullptr, nullptr, nullptr, kBinary) != 1) Break(PQerrorMessage(connection_));
  waiting_.push_back({command});
}

void PostgresSession::Send(const char* command) {
  deadline_ = std::chrono::steady_clock::now() + options_.deadline;
  Later(command);
  if (PQpipelineSync(connection_) != 1) Break(PQerrorMessage(connection_));
  waiting_.push_back({"sync"});
  Flush();
}

void PostgresSession::Do(const char* command) {
  Send(command);
  Drain();
}

std::string PostgresSession::Prepared(const Sql& sql, std::span<const Value> values) {
  std::string key(sizeof(void*), '\0');
  const char* text = sql.text.data();
  std::memcpy(key.data(), &text, sizeof text);
  for (const Value& value : values) key += Letter(value);
  const auto [found, added] = names_.try_emplace(std::move(key));
  if (!added) return found->second;
  found->second = fmt::format("{}_{}", sql.name, ++prepared_);
  const std::string whole(sql.text);
  const Parameters parameters(values);
  if (PQsendPrepare(connection_, found->second.c_str(), whole.c_str(), parameters.count(), parameters.types.data()) != 1) {
    Break(PQerrorMessage(connection_));
  }
  waiting_.push_back({sql.name});
  return found->second;
}

int64_t PostgresSession::Execute(const Sql& sql, std::span<const Value> values, const std::function<void(const Row&)>* each) {
  if (broken_) throw Unreachable("the connection is gone");
  deadline_ = std::chrono::steady_clock::now() + options_.deadline;
  const Parameters parameters(values);
  int sent = 0;
  const int known = prepared_;
  if (!is_pooled_) {
    const std::string name = Prepared(sql, values);
    sent = PQsendQueryPrepared(connection_, name.c_str(), parameters.count(), parameters.places.data(),
                               parameters.lengths.data(), parameters.formats.data(), kBinary);
  } else {
    sent = PQsendQueryParams(connection_, std::string(sql.text).c_str(), parameters.count(), parameters.types.data(),
                             parameters.places.data(), parameters.lengths.data(), parameters.formats.data(), kBinary);
  }
  if (sent != 1 || PQsendFlushRequest(connection_) != 1) Break(PQerrorMessage(connection_));
  waiting_.push_back({sql.name, true});
  Flush();
  Result result;
  try {
    result = Drain();
  } catch (...) {
    // It may be the preparing that failed; a name that the server does not know is of no use.
    if (prepared_ != known) {
      const std::string name = fmt::format("{}_{}", sql.name, prepared_);
      std::erase_if(names_, [&](const auto& one) { return one.second == name; });
    }
    throw;
  }
  const int rows = PQntuples(result.held.get());
  if (each != nullptr) {
    for (int i = 0; i < rows; ++i) (*each)(ResultRow(result.held.get(), i));
  }
  int64_t changed = 0;
  const std::string_view told = PQcmdTuples(result.held.get());
  std::from_chars(told.data(), told.data() + told.size(), changed);
  return changed;
}

// Fetched in pieces, since libpq holds what an answer brings.
void PostgresSession::Stream(const Sql& sql, const std::function<void(const Row&)>& each) {
  static constexpr Sql kFetch{"db.fetch", "FETCH 1000 FROM streamed"};
  const std::string declare = "DECLARE streamed NO SCROLL CURSOR FOR " + std::string(sql.text);
  Do(declare.c_str());
  for (int64_t fetched = 1; fetched > 0;) fetched = Execute(kFetch, {}, &each);
  Do("CLOSE streamed");
}

std::vector<Table> PostgresSession::Tables() {
  static constexpr Sql kTables{"db.tables", R"sql(
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname = current_schema() AND c.relname <> 'word_places' ORDER BY c.oid
  )sql"};
  static constexpr Sql kColumns{"db.columns", R"sql(
    SELECT a.attname, format_type(a.atttypid, NULL) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relname = $1 AND n.nspname = current_schema() AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
  )sql"};
  static constexpr Sql kKey{"db.key", R"sql(
    SELECT a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
     WHERE c.relname = $1 AND n.nspname = current_schema() AND i.indisprimary
     ORDER BY array_position(CAST(i.indkey AS SMALLINT[]), a.attnum)
  )sql"};
  auto tables = All(kTables, [](const Row& row) { return Table{.name = row.Text(0), .columns = {}, .key = {}}; });
  for (Table& table : tables) {
    Rows(kColumns, [&](const Row& row) {
      const std::string_view type = row.View(1);
      table.columns.push_back({row.Text(0), type == "bigint" ? Table::Type::kWhole : type == "double precision" ? Table::Type::kReal
                                            : type == "bytea" ? Table::Type::kBytes : Table::Type::kText});
    }, table.name);
    Rows(kKey, [&](const Row& row) { table.key.push_back(row.Text(0)); }, table.name);
  }
  return tables;
}

void PostgresSession::Script(std::string_view text) {
  // Several commands in one message do not go through the pipeline.
  deadline_ = std::chrono::steady_clock::now() + options_.deadline;
  if (!waiting_.empty()) {
    if (PQpipelineSync(connection_) != 1) Break(PQerrorMessage(connection_));
    waiting_.push_back({"sync"});
    Flush();
    Drain();
  }
  PQexitPipelineMode(connection_);
  deadline_ = std::chrono::steady_clock::now() + std::chrono::hours(24);  // a migration takes its time
  if (PQsendQuery(connection_, ToPostgres(text).c_str()) != 1) Break(PQerrorMessage(connection_));
  Flush();
  Result failed;
  for (;;) {
    Result result = Next();
    if (result.held == nullptr) break;
    if (result.status() == PGRES_FATAL_ERROR) failed = std::move(result);
  }
  if (PQstatus(connection_) != CONNECTION_OK) Break(PQerrorMessage(connection_));
  PQenterPipelineMode(connection_);
  if (failed.held != nullptr) Fail(failed.held.get(), "a script");
}

// https://www.postgresql.org/docs/15/errcodes-appendix.html
void PostgresSession::Fail(const pg_result* result, std::string_view name) {
  const char* field = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string_view state = field != nullptr ? field : "";
  if (state == "23505") throw Problem(409, "conflict");
  if (state == "23503") throw Problem(422, "invalid_input", {{"", "unknown_reference", ""}});
  if (state == "22021") throw Problem(422, "invalid_input", {{"", "unusable_characters", ""}});
  if (state == "55P03" || state == "57014" || state.starts_with("40")) throw Problem(503, "busy");
  // Read-only: another server has taken over. Shutting down, starting up, out of connections.
  if (state == "25006" || state.starts_with("57P") || state.starts_with("08")) Break(PQresultErrorMessage(result));
  if (state.starts_with("53") || state.starts_with("58") || state.starts_with("XX")) {
    // Its words may hold what is in a row; which statement it was does not.
    log::Error("database_failed", {{"sqlstate", std::string(state)}, {"statement", std::string(name)}});
    throw Problem(503, "storage_unavailable");
  }
  if (state == "26000" || state == "42P05") {
    throw std::runtime_error("PostgreSQL does not know a statement it has prepared: when there is a pooler before it that hands each "
                             "transaction another session, its address needs pooling=transaction (docs/operations.md)");
  }
  throw std::logic_error(fmt::format("postgres {} in {}: {}", state, name, PQresultErrorMessage(result)));
}

}  // namespace huiyin::db
