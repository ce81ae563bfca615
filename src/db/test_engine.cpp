// SPDX-License-Identifier: EUPL-1.2
#include "db/test_engine.h"

#include <unistd.h>

#include <fstream>
#include <sstream>

#include "db/distribute.h"
#include "db/migrate.h"
#include "db/postgres.h"

namespace huiyin::db {
namespace {

std::string Server() {
  const char* url = std::getenv("HUIYIN_POSTGRES");  // NOLINT(concurrency-mt-unsafe)
  return url != nullptr ? url : "";
}

// postgres:///NAME?rest with another name.
std::string UrlOf(const std::string& name) {
  std::string url = Server();
  const size_t slash = url.find('/', url.find("://") + 3);
  const size_t end = std::min(url.find('?', slash), url.size());
  return url.replace(slash + 1, end - slash - 1, name);
}

// The other machines of a Citus cluster, of which this server is the coordinator: "HOST:PORT HOST:PORT",
// or none.
struct Node {
  std::string host;
  std::string port;

  std::string Url(const std::string& database) const { return "postgres:///" + database + "?host=" + host + "&port=" + port + "&user=huiyin"; }
};

std::vector<Node> Nodes() {
  const char* text = std::getenv("HUIYIN_CITUS_NODES");  // NOLINT(concurrency-mt-unsafe)
  std::vector<Node> nodes;
  std::istringstream words(text == nullptr ? "" : text);
  for (std::string word; words >> word;) {
    const size_t colon = word.rfind(':');
    nodes.push_back({word.substr(0, colon), word.substr(colon + 1)});
  }
  return nodes;
}

// Each machine has the database, and its coordinator knows all of them.
void MakeCitus(const std::string& name) {
  PostgresSession coordinator({.url = UrlOf(name)});
  coordinator.Script("CREATE EXTENSION citus");
  for (const Node& node : Nodes()) {
    PostgresSession({.url = node.Url("postgres")}).Script("CREATE DATABASE " + name);
    PostgresSession({.url = node.Url(name)}).Script("CREATE EXTENSION citus");
    coordinator.Script("SELECT citus_add_node('" + node.host + "', " + node.port + ")");
  }
}

void Drop(const std::string& name) {
  const std::string drop = "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)";
  PostgresSession({.url = Server()}).Script(drop);
  for (const Node& node : Nodes()) PostgresSession({.url = node.Url("postgres")}).Script(drop);
}

// Rows that a migration wrote are none; whose key comes first does not matter to a superuser.
constexpr std::string_view kWipe = R"sql(
  DO $wipe$
  DECLARE one RECORD;
  BEGIN
    SET LOCAL session_replication_role = replica;
    SET LOCAL citus.multi_task_query_log_level = off;  -- a name like any other where there is no Citus
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_migrations' LOOP
      EXECUTE 'DELETE FROM ' || quote_ident(one.tablename);
    END LOOP;
  END $wipe$
)sql";

// Making a database takes longer than a test, and so does a new session that has to prepare
// its statements: a database is emptied and used again.
struct Slot {
  std::string name;
  std::unique_ptr<Database> database;
  std::string file;  // whose it is now
  int open = 0;
};

struct Slots {
  std::vector<std::unique_ptr<Slot>> all;

  ~Slots() {
    for (auto& slot : all) {
      slot->database.reset();
      Drop(slot->name);
    }
  }
  Slot& For(const std::filesystem::path& file) {
    for (auto& slot : all) {
      if (slot->file == file && std::filesystem::exists(file)) return *slot;
    }
    for (auto& slot : all) {
      if (slot->open > 0) continue;
      slot->database->Write([](Tx& tx) { tx.Script(kWipe); });
      slot->file = file;
      return *slot;
    }
    auto slot = std::make_unique<Slot>();
    slot->name = fmt::format("test_{}_{}", ::getpid(), all.size());
    PostgresSession({.url = Server()}).Script("CREATE DATABASE " + slot->name);
    const bool citus = TestsRunOnCitus();
    if (citus) MakeCitus(slot->name);
    slot->database = OpenPostgres({.url = UrlOf(slot->name), .readers = 4, .deadline = std::chrono::seconds(60), .sync = false});
    Migrate(*slot->database, Instant{0});
    if (citus) Distribute(*slot->database);
    slot->file = file;
    all.push_back(std::move(slot));
    return *all.back();
  }
};

Slots& Databases() {
  static Slots slots;
  return slots;
}

class Lent : public Database {
 public:
  explicit Lent(Slot& slot) : slot_(slot) { ++slot_.open; }
  ~Lent() override {
    slot_.database->Write([](Tx&) {});  // what was queued is done before the next test begins
    --slot_.open;
  }
  void Read(const Job& job) override { slot_.database->Read(job); }
  void WriteLater(Job job, Durability durability, Done done) override {
    slot_.database->WriteLater(std::move(job), durability, std::move(done));
  }
  void Backup(const std::filesystem::path& to, const std::function<void()>& fixed) override { slot_.database->Backup(to, fixed); }
  Counters counters() const override { return slot_.database->counters(); }
  void Settle() override { slot_.database->Settle(); }

 private:
  Slot& slot_;
};

class Empty : public Database {
 public:
  Empty() {
    static int number = 0;
    name_ = fmt::format("test_{}_empty_{}", ::getpid(), ++number);
    PostgresSession({.url = Server()}).Script("CREATE DATABASE " + name_);
    database_ = OpenPostgres({.url = UrlOf(name_), .readers = 2, .deadline = std::chrono::seconds(60), .sync = false});
  }
  ~Empty() override {
    database_.reset();
    Drop(name_);
  }
  void Read(const Job& job) override { database_->Read(job); }
  void WriteLater(Job job, Durability durability, Done done) override { database_->WriteLater(std::move(job), durability, std::move(done)); }
  void Backup(const std::filesystem::path& to, const std::function<void()>& fixed) override { database_->Backup(to, fixed); }
  Counters counters() const override { return database_->counters(); }
  void Settle() override { database_->Settle(); }

 private:
  std::string name_;
  std::unique_ptr<Database> database_;
};

}  // namespace

std::unique_ptr<Database> OpenEmptyForTest(const std::filesystem::path& file) {
  if (TestsRunOnPostgres()) return std::make_unique<Empty>();
  return OpenSqlite({.file = file, .readers = 2, .sync = false});
}

bool TestsRunOnPostgres() { return !Server().empty(); }

bool TestsRunOnCitus() { return std::getenv("HUIYIN_CITUS") != nullptr; }  // NOLINT(concurrency-mt-unsafe)

void AskEveryShard(Tx& tx) {
  if (TestsRunOnCitus()) tx.Script("SET LOCAL citus.multi_task_query_log_level = off");
}

std::string TestUrl(const std::filesystem::path& file) {
  return TestsRunOnPostgres() ? UrlOf(Databases().For(file).name) : "";
}

std::unique_ptr<Database> OpenForTest(const std::filesystem::path& file, int readers) {
  if (!TestsRunOnPostgres()) return OpenSqlite({.file = file, .readers = readers, .sync = false});
  auto lent = std::make_unique<Lent>(Databases().For(file));
  std::ofstream{file};  // stands for the database: a test that removes it begins anew
  return lent;
}

}  // namespace huiyin::db
