// SPDX-License-Identifier: EUPL-1.2
#include <fmt/format.h>
#include <libpq-fe.h>

#include <array>
#include <bit>
#include <cstring>
#include <stdexcept>
#include <unordered_map>
#include <vector>

#include "bench/child.h"
#include "bench/raw_connection.h"

namespace huiyin::bench {
namespace {

// Numbers of types: pg_type.dat; they never change.
constexpr Oid kInt8 = 20, kText = 25, kFloat8 = 701, kBytea = 17;
constexpr int kBinary = 1;

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

// A statement's values as the engine takes them.
struct Bound {
  explicit Bound(const std::vector<OwnedValue>& values) : numbers(values.size()) {
    for (size_t i = 0; i < values.size(); ++i) {
      if (const auto* whole = std::get_if<int64_t>(&values[i])) Number(i, kInt8, static_cast<uint64_t>(*whole));
      else if (const auto* real = std::get_if<double>(&values[i])) Number(i, kFloat8, std::bit_cast<uint64_t>(*real));
      else if (const auto* text = std::get_if<std::string>(&values[i])) Put(kText, text->data(), text->size());
      else if (const auto* blob = std::get_if<OwnedBlob>(&values[i])) Put(kBytea, blob->bytes.data(), blob->bytes.size());
      else Put(0, nullptr, 0);
    }
  }
  void Number(size_t i, Oid type, uint64_t value) {
    for (int byte = 7; byte >= 0; --byte, value >>= 8) numbers[i][static_cast<size_t>(byte)] = static_cast<char>(value & 0xff);
    Put(type, numbers[i].data(), 8);
  }
  void Put(Oid type, const char* at, size_t size) {
    types.push_back(type);
    places.push_back(at);
    lengths.push_back(static_cast<int>(size));
    formats.push_back(kBinary);
  }
  int count() const { return static_cast<int>(types.size()); }

  std::vector<std::array<char, 8>> numbers;
  std::vector<Oid> types;
  std::vector<const char*> places;
  std::vector<int> lengths;
  std::vector<int> formats;
};

// One round trip a statement, as the server has it: BEGIN rides with the first, and what ends a
// snapshot is not waited for.
class RawPostgres : public RawConnection {
 public:
  RawPostgres(const std::string& url, bool writes) : writes_(writes), connection_(PQconnectdb(url.c_str())) {
    if (PQstatus(connection_) != CONNECTION_OK) Fail("connect");
    // Its other processes are this one's brothers.
    const Result pid(PQexec(connection_, "SELECT pg_backend_pid()"));
    if (PQntuples(pid.get()) != 1) Fail("pg_backend_pid");
    const auto stat = StatOf(std::stoi(PQgetvalue(pid.get(), 0, 0)));
    if (!stat) throw std::runtime_error("raw engine: PostgreSQL does not run on this machine");
    server_ = stat->parent;
    PQenterPipelineMode(connection_);
  }
  ~RawPostgres() override { PQfinish(connection_); }

  void Begin() override { Send(writes_ ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); }
  void Commit() override {
    Send("COMMIT");
    if (PQpipelineSync(connection_) != 1) Fail("COMMIT");
    waiting_.push_back("sync");
    PQflush(connection_);
    if (writes_) Drain();
  }

  void Run(const Statement& statement) override {
    const Bound bound(statement.values);
    const std::string& name = Prepare(statement, bound);
    if (PQsendQueryPrepared(connection_, name.c_str(), bound.count(), bound.places.data(), bound.lengths.data(),
                            bound.formats.data(), kBinary) != 1 ||
        PQsendFlushRequest(connection_) != 1) {
      Fail(statement.name);
    }
    waiting_.push_back(statement.name);
    PQflush(connection_);
    Drain();
  }

  std::string PlanOf(std::string_view) override { return ""; }
  bool IsElsewhere() const override { return true; }
  int64_t EngineCpuMicros() override { return FamilyCpuMicros(server_); }

 private:
  [[noreturn]] void Fail(std::string_view what) {
    const std::string why = PQerrorMessage(connection_);
    throw std::runtime_error(fmt::format("raw engine: {}: {}", what, why));
  }

  void Send(const char* command) {
    if (PQsendQueryParams(connection_, command, 0, nullptr, nullptr, nullptr, nullptr, kBinary) != 1) Fail(command);
    waiting_.push_back(command);
  }

  const std::string& Prepare(const Statement& statement, const Bound& bound) {
    std::string key = fmt::format("{}", static_cast<const void*>(statement.text.data()));
    for (const Oid type : bound.types) key += fmt::format(" {}", type);
    const auto [found, added] = names_.try_emplace(std::move(key), fmt::format("s{}", names_.size()));
    if (added) {
      if (PQsendPrepare(connection_, found->second.c_str(), std::string(statement.text).c_str(), bound.count(), bound.types.data()) != 1) {
        Fail(statement.name);
      }
      waiting_.push_back(statement.name);
    }
    return found->second;
  }

  // Reads the answers to all that was sent.
  void Drain() {
    for (const std::string_view name : waiting_) {
      const Result result(PQgetResult(connection_));
      const ExecStatusType status = PQresultStatus(result.get());
      if (status == PGRES_FATAL_ERROR || status == PGRES_PIPELINE_ABORTED) {
        throw std::runtime_error(fmt::format("raw engine: {}: {}", name, PQresultErrorMessage(result.get())));
      }
      if (status == PGRES_PIPELINE_SYNC) continue;
      Read(result.get());
      while (const Result more{PQgetResult(connection_)}) Read(more.get());
    }
    waiting_.clear();
  }

  void Read(const PGresult* result) {
    for (int row = 0; row < PQntuples(result); ++row) {
      for (int column = 0; column < PQnfields(result); ++column) {
        if (PQgetlength(result, row, column) > 0) sum_ += *PQgetvalue(result, row, column);
      }
    }
  }

  const bool writes_;
  PGconn* connection_;
  pid_t server_ = 0;
  std::unordered_map<std::string, std::string> names_;
  std::vector<std::string_view> waiting_;
};

}  // namespace

std::unique_ptr<RawConnection> OpenRawPostgres(const std::string& url, bool writes) {
  return std::make_unique<RawPostgres>(url, writes);
}

}  // namespace huiyin::bench
