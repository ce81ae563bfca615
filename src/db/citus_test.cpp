// SPDX-License-Identifier: EUPL-1.2
// Under `bin/postgres --citus`, where that extension is installed; elsewhere skipped, and said so. There
// every statement of every other test that would ask more than one shard is an error besides.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "db/distribute.h"
#include "db/migrate.h"
#include "db/test_engine.h"

namespace huiyin::db {
namespace {

class CitusTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!TestsRunOnCitus()) GTEST_SKIP() << "no Citus here";
    file_ = std::filesystem::temp_directory_path() / ("huiyin-citus-" + std::to_string(::getpid()));
    database_ = OpenForTest(file_, 1);
  }

  // How many shards a statement asks, as the engine itself says.
  int Shards(const std::string& statement) {
    const std::string text = "EXPLAIN (COSTS OFF) " + statement;
    int shards = 0;
    database_->Read([&](Tx& tx) {
      tx.Rows({"citus.explain", text}, [&](const Row& row) {
        const std::string line = row.Text(0);
        constexpr std::string_view kTasks = "Task Count: ";
        const size_t at = line.find(kTasks);
        if (at != std::string::npos) shards = std::stoi(line.substr(at + kTasks.size()));
      });
    });
    return shards;
  }

  std::filesystem::path file_;
  std::unique_ptr<Database> database_;
};

TEST_F(CitusTest, EveryTableIsAskedOnOneShard) {
  int looked_at = 0;
  std::vector<Table> tables;
  database_->Read([&](Tx& tx) { tables = tx.Tables(); });
  for (const Table& table : tables) {
    if (table.name == "counties" || table.name == "schema_migrations") continue;  // a copy on every node
    const std::string by = table.name == "logins" ? "login = 'wang'" : table.name == "cards" ? "card_number = '9901010000019'"
                           : table.name == "receipts" ? "receipt = 'AAAA-BBBB-CCCC'" : "county = 990101";
    EXPECT_EQ(Shards("SELECT * FROM " + table.name + " WHERE " + by), 1) << table.name;
    ++looked_at;
  }
  EXPECT_GT(looked_at, 60);
}

TEST_F(CitusTest, WhatBelongsTogetherLiesTogether) {
  EXPECT_EQ(Shards("SELECT m.id FROM matters m JOIN asks a ON a.county = m.county AND a.matter_id = m.id "
                   "JOIN households h ON h.county = m.county AND h.id = m.household_id "
                   "JOIN counties c ON c.county = m.county WHERE m.county = 990101"), 1);
  EXPECT_EQ(Shards("SELECT number FROM word_places WHERE county = 990101 AND words @@ CAST('a' AS TSQUERY)"), 1);
}

// Under `bin/postgres --citus-nodes N`: what every other test asks goes to another engine then.
TEST_F(CitusTest, TheCoordinatorKeepsNoShardWhereThereAreNodes) {
  const char* nodes = std::getenv("HUIYIN_CITUS_NODES");  // NOLINT(concurrency-mt-unsafe)
  if (nodes == nullptr) GTEST_SKIP() << "one engine";
  std::vector<std::string> with_shards;
  database_->Read([&](Tx& tx) {
    tx.Rows({"citus.nodes", "SELECT DISTINCT CAST(nodeport AS TEXT) FROM citus_shards WHERE citus_table_type = 'distributed'"},
            [&](const Row& row) { with_shards.push_back(row.Text(0)); });
  });
  EXPECT_FALSE(with_shards.empty());
  for (const std::string& port : with_shards) EXPECT_NE(std::string(nodes).find(":" + port), std::string::npos) << port;
}

TEST_F(CitusTest, DoneAgainItDoesNothing) {
  const Distribution again = Distribute(*database_);
  EXPECT_EQ(again.added, 0);
  EXPECT_EQ(again.everywhere, 2);
  EXPECT_GT(again.by_county, 60);
}

}  // namespace
}  // namespace huiyin::db
