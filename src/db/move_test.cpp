// SPDX-License-Identifier: EUPL-1.2
#include "db/move.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "db/migrate.h"
#include "db/test_engine.h"

namespace huiyin::db {
namespace {

namespace fs = std::filesystem;

constexpr Sql kCounty{"mt.county", "INSERT INTO counties (county, name, created_at) VALUES ($1, $2, $3)"};
constexpr Sql kNames{"mt.names", "SELECT name FROM counties ORDER BY county"};

// From a file to the engine that tests run on and back to another file.
class MoveTest : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ = fs::temp_directory_path() / ("huiyin-move-" + std::to_string(::getpid()));
    fs::remove_all(dir_);
    fs::create_directories(dir_);
    from_ = File("from.db");
  }
  void TearDown() override {
    from_.reset();
    fs::remove_all(dir_);
  }
  std::unique_ptr<Database> File(const char* name) {
    auto database = OpenSqlite({.file = dir_ / name, .readers = 2, .sync = false});
    Migrate(*database, Instant{0});
    return database;
  }

  fs::path dir_;
  std::unique_ptr<Database> from_;
};

TEST_F(MoveTest, ThereAndBackEveryRowIsTheSame) {
  if (std::getenv("HUIYIN_CITUS") != nullptr) GTEST_SKIP() << "reads whole tables, and so every shard";  // NOLINT(concurrency-mt-unsafe)
  from_->Write([](Tx& tx) {
    for (int i = 0; i < 4500; ++i) tx.Run(kCounty, 100000 + i, fmt::format("云岭县 '{}'", i), 1'700'000'000'000 + i);
  });
  const auto there = OpenForTest(dir_ / "there.db");
  Migrate(*there, Instant{0});
  std::vector<std::string> told;
  const auto moved = Move(*from_, *there, [&](const MovedTable& table) { told.push_back(table.name); });
  EXPECT_EQ(told.size(), moved.size());
  const auto back = File("back.db");
  const auto again = Move(*there, *back, [](const MovedTable&) {});
  ASSERT_EQ(moved.size(), again.size());
  const auto find = [](const std::vector<MovedTable>& all, const std::string& name) {
    return *std::find_if(all.begin(), all.end(), [&](const MovedTable& table) { return table.name == name; });
  };
  for (const MovedTable& table : moved) {
    EXPECT_EQ(find(again, table.name).rows, table.rows) << table.name;
    EXPECT_EQ(find(again, table.name).hash, table.hash) << table.name;
  }
  EXPECT_EQ(find(moved, "counties").rows, 4500);
  back->Read([](Tx& tx) {
    const auto names = tx.All(kNames, [](const Row& row) { return row.Text(0); });
    EXPECT_EQ(names.back(), "云岭县 '4499'");
  });
}

TEST_F(MoveTest, NothingIsMovedOntoSomething) {
  const auto there = OpenForTest(dir_ / "there.db");
  Migrate(*there, Instant{0});
  there->Write([](Tx& tx) { tx.Run(kCounty, 990101, "x", 0); });
  try {
    Move(*from_, *there, [](const MovedTable&) {});
    FAIL() << "it was not empty";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "counties: the database to move to is not empty");
  }
}

TEST_F(MoveTest, AnotherSchemaIsRefused) {
  const auto there = OpenForTest(dir_ / "there.db");
  Migrate(*there, Instant{0});
  there->Write([](Tx& tx) { tx.Script("ALTER TABLE notices ADD COLUMN strange TEXT"); });
  EXPECT_THROW(Move(*from_, *there, [](const MovedTable&) {}), std::runtime_error);
  there->Write([](Tx& tx) { tx.Script("ALTER TABLE notices DROP COLUMN strange"); });
}

}  // namespace
}  // namespace huiyin::db
