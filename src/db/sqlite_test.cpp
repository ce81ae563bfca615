// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>
#include <unistd.h>

#include <latch>
#include <thread>

#include "core/problem.h"
#include "db/database.h"
#include "db/many.h"
#include "db/migrate.h"

namespace huiyin::db {
namespace {

namespace fs = std::filesystem;

class SqliteTest : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ = fs::temp_directory_path() / ("huiyin-db-" + std::to_string(::getpid()));
    fs::remove_all(dir_);
    fs::create_directories(dir_);
    database_ = OpenSqlite({.file = dir_ / "t.db", .readers = 2});
    database_->Write([](Tx& tx) { tx.Script("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT) STRICT"); });
  }
  void TearDown() override {
    database_.reset();
    fs::remove_all(dir_);
  }

  int64_t Count() {
    static constexpr Sql kCount{"t.count", "SELECT COUNT(*) FROM t"};
    int64_t count = 0;
    database_->Read([&](Tx& tx) { count = tx.Number(kCount); });
    return count;
  }

  fs::path dir_;
  std::unique_ptr<Database> database_;
};

constexpr Sql kInsert{"t.insert", "INSERT INTO t (b, a) VALUES ($2, $1)"};
constexpr Sql kAll{"t.all", "SELECT a, b FROM t ORDER BY a"};

TEST_F(SqliteTest, BindsParametersByNameNotByAppearance) {
  database_->Write([](Tx& tx) { tx.Run(kInsert, 1, "one"); });
  std::string text;
  database_->Read([&](Tx& tx) { tx.Rows(kAll, [&](const Row& row) { text = row.Text(1); }); });
  EXPECT_EQ(text, "one");
}

// In pieces of a fixed length, none left out and none twice.
TEST_F(SqliteTest, AsksForManyKeysInFewStatements) {
  static constexpr Sql kSome{"t.some", "SELECT a FROM t WHERE $1 = 990101 AND a IN (" HUIYIN_MANY ") AND b = $34 ORDER BY a"};
  database_->Write([](Tx& tx) {
    for (int i = 0; i < 200; ++i) tx.Run(kInsert, i, i % 2 == 0 ? "even" : "odd");
  });
  for (const size_t count : {0u, 1u, 31u, 32u, 33u, 64u, 100u}) {
    std::vector<int64_t> keys, found, expected;
    for (size_t i = 0; i < count; ++i) keys.push_back(static_cast<int64_t>(i));
    for (const int64_t key : keys) {
      if (key % 2 == 0) expected.push_back(key);
    }
    database_->Read([&](Tx& tx) {
      RowsOfMany(tx, kSome, County{990101}, std::span<const int64_t>(keys),
                 [&](const Row& row) { found.push_back(row.Int(0)); }, "even");
    });
    EXPECT_EQ(found, expected) << count;
  }
}

TEST_F(SqliteTest, UndoesOnlyTheJobThatThrows) {
  std::latch finished(3);
  std::vector<bool> failed(3);
  std::latch go(1);
  database_->WriteLater([&](Tx&) { go.wait(); }, Durability::kDisk, [](std::exception_ptr) {});
  for (int i = 0; i < 3; ++i) {
    database_->WriteLater(
        [i](Tx& tx) {
          tx.Run(kInsert, i, "x");
          if (i == 1) throw std::runtime_error("no");
        },
        Durability::kDisk,
        [&, i](std::exception_ptr error) {
          failed[static_cast<size_t>(i)] = error != nullptr;
          finished.count_down();
        });
  }
  go.count_down();
  finished.wait();
  EXPECT_EQ(failed, (std::vector<bool>{false, true, false}));
  EXPECT_EQ(Count(), 2);
}

TEST_F(SqliteTest, ASecondRowOfTheSameKeyIsAConflict) {
  database_->Write([](Tx& tx) { tx.Run(kInsert, 1, "x"); });
  try {
    database_->Write([](Tx& tx) { tx.Run(kInsert, 1, "y"); });
    FAIL();
  } catch (const Problem& problem) {
    EXPECT_EQ(problem.status, 409);
  }
  EXPECT_EQ(Count(), 1);
}

TEST_F(SqliteTest, ReadersCannotWrite) {
  EXPECT_ANY_THROW(database_->Read([](Tx& tx) { tx.Run(kInsert, 5, "x"); }));
  EXPECT_EQ(Count(), 0);
}

TEST_F(SqliteTest, TheSameStatementRunsInsideItsOwnRows) {
  database_->Write([](Tx& tx) {
    for (int i = 0; i < 5; ++i) tx.Run(kInsert, i, "x");
  });
  int pairs = 0;
  database_->Read([&](Tx& tx) {
    tx.Rows(kAll, [&](const Row&) { tx.Rows(kAll, [&](const Row&) { ++pairs; }); });
  });
  EXPECT_EQ(pairs, 25);
}

TEST_F(SqliteTest, MigratesOnceAndRefusesANewerDatabase) {
  const auto first = Migrate(*database_, Instant{1});
  EXPECT_EQ(first.from, 0);
  EXPECT_GT(first.to, 0);
  EXPECT_EQ(Migrate(*database_, Instant{2}).from, first.to);
  database_->Write([](Tx& tx) { tx.Script("INSERT INTO schema_migrations VALUES (9999, 'later', 1)"); });
  EXPECT_THROW(Migrate(*database_, Instant{3}), std::runtime_error);
}

// Their mapping of the file is kept from snapshot to snapshot while it grows beneath them.
TEST_F(SqliteTest, ReadersSeeEachSnapshotWholeWhileTheFileGrowsAndItsPagesAreUsedAgain) {
  constexpr int kRows = 40;
  for (int round = 1; round <= 8; ++round) {
    const std::string text(100'000 + static_cast<size_t>(round), static_cast<char>('a' + round));
    database_->Write([&](Tx& tx) {
      static constexpr Sql kPart{"t.part", "DELETE FROM t WHERE a < $1"};
      tx.Run(kPart, (round - 3) * kRows);
      for (int i = 0; i < kRows; ++i) tx.Run(kInsert, round * kRows + i, text);
    });
    // Two readers, and checkpoints between some of the rounds.
    for (int reader = 0; reader < 2; ++reader) {
      database_->Read([&](Tx& outer) {
        const auto whole = [&](Tx& tx) {
          int64_t rows = 0;
          tx.Rows(kAll, [&](const Row& row) {
            ++rows;
            const auto of = static_cast<size_t>(row.Int(0) / kRows);
            const std::string_view seen = row.View(1);
            EXPECT_EQ(seen.size(), 100'000 + of);
            EXPECT_EQ(seen.find_first_not_of(static_cast<char>('a' + of)), std::string_view::npos);
          });
          EXPECT_EQ(rows, std::min(round, 4) * kRows);
        };
        whole(outer);
        database_->Read(whole);
      });
    }
    if (round % 2 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(120));
  }
  EXPECT_GT(database_->counters().checkpoints, 0);
}

TEST_F(SqliteTest, BacksUpWhileWriting) {
  database_->Write([](Tx& tx) {
    for (int i = 0; i < 1000; ++i) tx.Run(kInsert, i, "x");
  });
  database_->Backup(dir_ / "copy.db");
  EXPECT_THROW(database_->Backup(dir_ / "copy.db"), Problem);
  auto copy = OpenSqlite({.file = dir_ / "copy.db", .readers = 1});
  static constexpr Sql kCount{"t.count", "SELECT COUNT(*) FROM t"};
  int64_t count = 0;
  copy->Read([&](Tx& tx) { count = tx.Number(kCount); });
  EXPECT_EQ(count, 1000);
}

TEST(Sqlite, SaysWhyAFileCannotBeOpened) {
  EXPECT_THROW(OpenSqlite({.file = "/proc/no/such.db"}), std::runtime_error);
}

TEST_F(SqliteTest, AMigrationThatArrivesLateIsStillApplied) {
  const Migration first{1, "0001_first", "CREATE TABLE first (a INTEGER PRIMARY KEY) STRICT"};
  const Migration late{2, "0002_late", "CREATE TABLE late (a INTEGER PRIMARY KEY) STRICT"};
  const Migration third{3, "0003_third", "CREATE TABLE third (a INTEGER PRIMARY KEY) STRICT"};
  EXPECT_EQ(Migrate(*database_, Instant{1}, {first, third}).applied, 2);
  const auto result = Migrate(*database_, Instant{2}, {first, late, third});
  EXPECT_EQ(result.from, 3);
  EXPECT_EQ(result.applied, 1);
  EXPECT_EQ(Migrate(*database_, Instant{3}, {first, late, third}).applied, 0);
  database_->Write([](Tx& tx) { tx.Script("INSERT INTO late (a) VALUES (1)"); });
}

}  // namespace
}  // namespace huiyin::db
