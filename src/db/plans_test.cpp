// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>
#include <unistd.h>

#include "db/database.h"
#include "db/migrate.h"

namespace huiyin::db {
namespace {

namespace fs = std::filesystem;

class PlansTest : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ = fs::temp_directory_path() / ("huiyin-plans-" + std::to_string(::getpid()));
    fs::remove_all(dir_);
    fs::create_directories(dir_);
    Open();
    Migrate(*database_, Instant{0});
  }
  void TearDown() override {
    database_.reset();
    fs::remove_all(dir_);
  }
  void Open() { database_ = OpenSqlite({.file = dir_ / "t.db", .readers = 2, .sync = false}); }
  // How the engine would go about a statement, on a connection that only reads.
  std::string PlanOf(const Sql& sql) {
    std::string plan;
    const Sql explain{"plan", sql.text};
    database_->Read([&](Tx& tx) {
      tx.Rows(explain, [&](const Row& row) { plan += row.Text(3) + "; "; });
    });
    return plan;
  }

  fs::path dir_;
  std::unique_ptr<Database> database_;
};

constexpr Sql kPeople{"test.people", R"sql(
  EXPLAIN QUERY PLAN SELECT name FROM residents WHERE county = 1 AND household_id = x'00' ORDER BY relation, id
)sql"};
constexpr Sql kOne{"test.one", R"sql(
  EXPLAIN QUERY PLAN SELECT name FROM residents WHERE county = 1 AND id = x'00'
)sql"};
constexpr Sql kJoin{"test.join", R"sql(
  EXPLAIN QUERY PLAN SELECT h.head_name FROM search_terms t
    JOIN residents r ON r.county = t.county AND r.id = t.id
    JOIN households h ON h.county = r.county AND h.id = r.household_id
   WHERE t.county = 1 AND t.term = 'x' AND t.area_code >= '9' AND t.kind = 'resident'
)sql"};
constexpr Sql kMatter{"test.matter", "EXPLAIN QUERY PLAN SELECT text FROM matters WHERE county = 1 AND id = x'00'"};
constexpr Sql kMatters{"test.matters", R"sql(
  EXPLAIN QUERY PLAN SELECT text FROM matters WHERE county = 1 AND household_id = x'00' AND household_id IS NOT NULL
   ORDER BY received_at DESC, id DESC LIMIT 10
)sql"};
constexpr Sql kVisits{"test.visits", R"sql(
  EXPLAIN QUERY PLAN SELECT diary FROM visits WHERE county = 1 AND household_id = x'00' ORDER BY at DESC, id DESC LIMIT 10
)sql"};

TEST_F(PlansTest, UseTheIndexOfTheHouseholdAndNotTheWholeCounty) {
  EXPECT_NE(PlanOf(kPeople).find("residents_household (county=? AND household_id=?)"), std::string::npos) << PlanOf(kPeople);
  EXPECT_NE(PlanOf(kOne).find("PRIMARY KEY (county=? AND id=?)"), std::string::npos) << PlanOf(kOne);
  EXPECT_EQ(PlanOf(kJoin).find("SEARCH t "), 0u) << PlanOf(kJoin);
}

// Rows that are not kept in their key's tree are found by it all the same, and an index
// that a list goes by holds all of the list's order.
TEST_F(PlansTest, FindLongRowsByTheirKeysAndSortNothing) {
  EXPECT_NE(PlanOf(kMatter).find("(county=? AND id=?)"), std::string::npos) << PlanOf(kMatter);
  for (const Sql& list : {kMatters, kVisits}) {
    EXPECT_NE(PlanOf(list).find("_household (county=? AND household_id=?)"), std::string::npos) << PlanOf(list);
    EXPECT_EQ(PlanOf(list).find("TEMP B-TREE"), std::string::npos) << PlanOf(list);
  }
}

TEST_F(PlansTest, AreThereAgainAfterOpeningAndWrittenOnce) {
  database_.reset();
  Open();
  EXPECT_NE(PlanOf(kPeople).find("residents_household"), std::string::npos) << PlanOf(kPeople);
  static constexpr Sql kVersion{"test.schema_version", "PRAGMA schema_version"};
  const auto version = [this] {
    int64_t number = 0;
    database_->Read([&](Tx& tx) { number = tx.Number(kVersion); });
    return number;
  };
  const int64_t before = version();
  Migrate(*database_, Instant{0});
  EXPECT_EQ(version(), before);
}

TEST_F(PlansTest, FollowTheSchema) {
  // Connections know the old figures by now.
  EXPECT_NE(PlanOf(kPeople), "");
  database_->Write([](Tx& tx) {
    tx.Script("CREATE TABLE later (county INTEGER, id BLOB, a TEXT, b TEXT, PRIMARY KEY (county, id)) STRICT, WITHOUT ROWID; "
              "CREATE INDEX later_a ON later (county, a)");
  });
  database_->Settle();
  static constexpr Sql kLater{"test.later", "EXPLAIN QUERY PLAN SELECT b FROM later WHERE county = 1 AND a = 'x' ORDER BY id"};
  EXPECT_NE(PlanOf(kLater).find("later_a"), std::string::npos) << PlanOf(kLater);
}

}  // namespace
}  // namespace huiyin::db
