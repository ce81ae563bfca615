// SPDX-License-Identifier: EUPL-1.2
// Runs under bin/postgres; skips elsewhere, and says so.
#include "db/postgres.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "core/problem.h"
#include "db/test_engine.h"

namespace huiyin::db {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr Sql kInsert{"pt.insert", "INSERT INTO attempts_of_test (n, b, t, r) VALUES ($1, $2, $3, $4)"};
constexpr Sql kRead{"pt.read", "SELECT n, b, t, r FROM attempts_of_test WHERE n = $1"};
constexpr Sql kCount{"pt.count", "SELECT n FROM attempts_of_test WHERE t = 'count'"};
constexpr Sql kSetCount{"pt.set_count", "UPDATE attempts_of_test SET n = $1 WHERE t = 'count'"};
constexpr Sql kSum{"pt.sum", "SELECT SUM(n), SUM(CASE WHEN n > 1 THEN 1 ELSE 0 END), COUNT(*) > 1 FROM attempts_of_test"};
constexpr Sql kSleep{"pt.sleep", "SELECT pg_sleep(20)"};
constexpr Sql kEnd{"pt.end", R"sql(
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
)sql"};

class PostgresTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!TestsRunOnPostgres()) GTEST_SKIP() << "no PostgreSQL here: bin/postgres runs this";
    url_ = TestUrl("/nowhere/postgres_test");
    database_ = OpenPostgres({.url = url_, .readers = 2, .sync = false});
    database_->Write([](Tx& tx) {
      tx.Script("DROP TABLE IF EXISTS attempts_of_test; "
                "CREATE TABLE attempts_of_test (n INTEGER PRIMARY KEY, b BLOB, t TEXT, r REAL) STRICT, WITHOUT ROWID");
    });
  }
  void TearDown() override {
    if (database_) database_->Write([](Tx& tx) { tx.Script("DROP TABLE IF EXISTS attempts_of_test"); });
  }
  std::unique_ptr<Database> Another(std::chrono::milliseconds deadline = 5s) {
    return OpenPostgres({.url = url_, .readers = 2, .deadline = deadline, .sync = false});
  }

  std::string url_;
  std::unique_ptr<Database> database_;
};

int StatusOf(const std::function<void()>& work) {
  try {
    work();
    return 0;
  } catch (const Problem& problem) {
    return problem.status;
  }
}

// Carried over or restored, a table has no figures, and a list of a county was walked whole for one household.
TEST_F(PostgresTest, WhoeverSettlesHasFiguresTakenOfWhatHasNone) {
  if (TestsRunOnCitus()) GTEST_SKIP() << "there every table is spread by county first, and this one has none";
  constexpr Sql kFigures{"pt.figures", "SELECT COUNT(*) FROM pg_stats WHERE schemaname = current_schema() AND tablename = 'attempts_of_test'"};
  database_->Write([](Tx& tx) {
    tx.Script("ALTER TABLE attempts_of_test SET (autovacuum_enabled = off); "
              "INSERT INTO attempts_of_test (n, t, r) SELECT n, 'some text', 0.5 FROM generate_series(1, 20000) n");
  });
  const auto figures = [&] {
    int64_t count = 0;
    database_->Read([&](Tx& tx) { count = tx.Number(kFigures); });
    return count;
  };
  ASSERT_EQ(figures(), 0);
  database_->Settle();
  EXPECT_EQ(figures(), 4);
}

TEST_F(PostgresTest, ValuesComeBackAsTheyWentIn) {
  const std::string bytes("\0\xff\x80 x", 5);
  database_->Write([&](Tx& tx) {
    tx.Run(kInsert, -5'000'000'000, Blob{bytes}, "漏水", -2.5);
    tx.Run(kInsert, 2, nullptr, nullptr, nullptr);
  });
  database_->Read([&](Tx& tx) {
    int rows = 0;
    tx.Rows(kRead, [&](const Row& row) {
      ++rows;
      EXPECT_EQ(row.Int(0), -5'000'000'000);
      EXPECT_EQ(row.View(1), bytes);
      EXPECT_EQ(row.View(2), "漏水");
      EXPECT_EQ(row.Real(3), -2.5);
    }, -5'000'000'000);
    tx.Rows(kRead, [&](const Row& row) {
      ++rows;
      for (const int c : {1, 2, 3}) EXPECT_TRUE(row.IsNull(c));
      EXPECT_EQ(row.Text(2), "");
      EXPECT_EQ(row.Int(3), 0);
    }, 2);
    EXPECT_EQ(rows, 2);
    tx.Rows(kSum, [](const Row& row) {
      EXPECT_EQ(row.Int(0), -4'999'999'998) << "a sum of large whole numbers is of another type";
      EXPECT_EQ(row.Real(0), -4'999'999'998.0);
      EXPECT_EQ(row.Int(1), 1);
      EXPECT_TRUE(row.Flag(2));
    });
  });
}

TEST_F(PostgresTest, AWriteThatFailsIsUndoneAlone) {
  database_->Write([](Tx& tx) { tx.Run(kInsert, 1, nullptr, "one", nullptr); });
  EXPECT_EQ(StatusOf([&] {
    database_->Write([](Tx& tx) {
      tx.Run(kInsert, 7, nullptr, "half", nullptr);
      tx.Run(kInsert, 1, nullptr, "again", nullptr);
    });
  }), 409);
  EXPECT_EQ(StatusOf([&] { database_->Write([](Tx& tx) { tx.Run(kInsert, 3, nullptr, std::string("a\0b", 3), nullptr); }); }), 422);
  database_->Write([](Tx& tx) { tx.Run(kInsert, 2, nullptr, "two", nullptr); });
  database_->Read([](Tx& tx) {
    EXPECT_FALSE(tx.Any(kRead, 7));
    EXPECT_TRUE(tx.Any(kRead, 2));
  });
}

// What a write has read still holds when it commits, whoever else serves the database.
TEST_F(PostgresTest, TwoProgramsTakeTurnsAtWriting) {
  database_->Write([](Tx& tx) { tx.Run(kInsert, 0, nullptr, "count", nullptr); });
  const auto other = Another();
  const auto count = [](Database& database) {
    for (int i = 0; i < 100; ++i) {
      database.Write([](Tx& tx) { tx.Run(kSetCount, tx.Number(kCount) + 1); });
    }
  };
  std::thread a([&] { count(*database_); });
  std::thread b([&] { count(*other); });
  a.join();
  b.join();
  database_->Read([](Tx& tx) { EXPECT_EQ(tx.Number(kCount), 200); });
}

TEST_F(PostgresTest, AReaderSeesOneMoment) {
  database_->Write([](Tx& tx) { tx.Run(kInsert, 0, nullptr, "count", nullptr); });
  const auto other = Another();
  database_->Read([&](Tx& tx) {
    EXPECT_EQ(tx.Number(kCount), 0);
    other->Write([](Tx& writer) { writer.Run(kSetCount, 9); });
    EXPECT_EQ(tx.Number(kCount), 0);
  });
  database_->Read([](Tx& tx) { EXPECT_EQ(tx.Number(kCount), 9); });
}

TEST_F(PostgresTest, LostSessionsAreMadeAnew) {
  database_->Write([](Tx& tx) { tx.Run(kInsert, 1, nullptr, "kept", nullptr); });
  database_->Read([](Tx& tx) { EXPECT_TRUE(tx.Any(kRead, 1)); });
  Another()->Read([](Tx& tx) { tx.Rows(kEnd, [](const Row&) {}); });
  std::this_thread::sleep_for(100ms);
  database_->Read([](Tx& tx) { EXPECT_TRUE(tx.Any(kRead, 1)); });
  database_->Write([](Tx& tx) { tx.Run(kInsert, 2, nullptr, "and on", nullptr); });
  database_->Read([](Tx& tx) { EXPECT_TRUE(tx.Any(kRead, 2)); });
}

TEST_F(PostgresTest, WhatDoesNotAnswerIsGivenUpAndThenRefusedAtOnce) {
  const auto impatient = Another(200ms);
  const auto wait = [&] { return StatusOf([&] { impatient->Read([](Tx& tx) { tx.Rows(kSleep, [](const Row&) {}); }); }); };
  for (int i = 0; i < 3; ++i) EXPECT_EQ(wait(), 503);
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(wait(), 503);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 100ms) << "the breaker is open";
  std::this_thread::sleep_for(3100ms);
  impatient->Read([](Tx& tx) { EXPECT_FALSE(tx.Any(kRead, 1)); });
  impatient->Write([](Tx& tx) { tx.Run(kInsert, 1, nullptr, nullptr, nullptr); });
}

TEST_F(PostgresTest, StreamsMoreThanIsHeldAtOnce) {
  database_->Write([](Tx& tx) {
    for (int i = 0; i < 2500; ++i) tx.Run(kInsert, i, nullptr, "x", nullptr);
  });
  database_->Read([](Tx& tx) {
    int64_t sum = 0;
    tx.Stream({"pt.stream", "SELECT n FROM attempts_of_test ORDER BY n"}, [&](const Row& row) { sum += row.Int(0); });
    EXPECT_EQ(sum, 2500 * 2499 / 2);
  });
}

// A server that takes connections and never says a word.
class SilentServer {
 public:
  SilentServer() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), length), 0);
    EXPECT_EQ(::listen(socket_, 5), 0);
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length);
    port = ntohs(address.sin_port);
  }
  ~SilentServer() { ::close(socket_); }
  SilentServer(const SilentServer&) = delete;
  int port = 0;

 private:
  int socket_;
};

TEST(Postgres, ASilentServerIsGivenUp) {
  const SilentServer silent;
  const auto began = std::chrono::steady_clock::now();
  EXPECT_THROW(OpenPostgres({.url = fmt::format("postgres://huiyin@127.0.0.1:{}/x", silent.port), .deadline = 300ms}), std::runtime_error);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
}

// The machine of the first host is gone: what stood there answers nothing, not even no.
TEST(Postgres, ASilentFirstHostIsPassedOver) {
  const char* server = std::getenv("HUIYIN_POSTGRES");  // NOLINT(concurrency-mt-unsafe)
  if (server == nullptr) GTEST_SKIP() << "no PostgreSQL here";
  const SilentServer silent;
  std::string url = server;
  url.replace(url.find("host="), 5, "host=127.0.0.1,");
  url += fmt::format("&port={},5432&target_session_attrs=read-write", silent.port);
  const PostgresOptions options{.url = url, .deadline = 2s};
  auto began = std::chrono::steady_clock::now();
  { PostgresSession first(options); }
  EXPECT_LT(std::chrono::steady_clock::now() - began, 1900ms);
  // The next one asks the host that answered.
  began = std::chrono::steady_clock::now();
  { PostgresSession second(options); }
  EXPECT_LT(std::chrono::steady_clock::now() - began, 500ms);
}

// It is told on a screen and in a log; the password in it is not.
TEST(Postgres, AnAddressThatCannotBeReadIsNotRepeated) {
  try {
    OpenPostgres({.url = "postgres://u:secret@[bad/x"});
    FAIL() << "it is no address";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string_view(error.what()).find("secret"), std::string_view::npos) << error.what();
  }
}

TEST(Postgres, AnAddressSaysWhetherAPoolerIsBeforeIt) {
  EXPECT_TRUE(IsPooled("postgres://one/huiyin?pooling=transaction"));
  EXPECT_TRUE(IsPooled("postgres:///huiyin?host=/tmp&pooling=transaction&user=huiyin"));
  EXPECT_FALSE(IsPooled("postgres://one/huiyin?pooling=session"));
  EXPECT_FALSE(IsPooled("postgres://pooling=transaction@one/huiyin"));
  EXPECT_THROW(IsPooled("postgres://one/huiyin?pooling=statement"), std::runtime_error);
  for (const char* rest : {"?pooling=transaction", "?pooling=transaction&connect_timeout=3", "?connect_timeout=3&pooling=transaction"}) {
    EXPECT_EQ(ServerName(std::string("postgres://huiyin:geheim@one:5433/huiyin") + rest), "one:5433") << rest;
  }
}

TEST(Postgres, MigrationsAreTranslated) {
  EXPECT_EQ(ToPostgres("CREATE TABLE t (a INTEGER, b BLOB DEFAULT 'INTEGER', c REAL) STRICT, WITHOUT ROWID; -- STRICT\nSELECT 1"),
            "CREATE TABLE t (a BIGINT, b BYTEA DEFAULT 'INTEGER', c DOUBLE PRECISION) ; \nSELECT 1");
  EXPECT_TRUE(IsPostgresUrl("postgresql://h/d"));
  EXPECT_FALSE(IsPostgresUrl("/srv/huiyin/huiyin.db"));
}

}  // namespace
}  // namespace huiyin::db
