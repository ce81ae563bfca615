// SPDX-License-Identifier: EUPL-1.2
// Due work: what cannot be done is put off and holds nobody up; a long downtime is caught up
// in pieces.
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/log.h"
#include "db/migrate.h"
#include "db/test_engine.h"
#include "platform/dispatch.h"

namespace huiyin {
namespace {

namespace fs = std::filesystem;

constexpr County kCounty{990101};
constexpr db::Sql kInsertCounty{"test.insert_county", "INSERT INTO counties (county, name, created_at) VALUES (990101, 'x', 0)"};
constexpr db::Sql kMakeJobs{"test.make_jobs", "CREATE TABLE IF NOT EXISTS jobs (n INTEGER PRIMARY KEY, at INTEGER NOT NULL, done INTEGER)"};
constexpr db::Sql kAdd{"test.add_job", "INSERT INTO jobs (n, at) VALUES ($1, $2)"};
constexpr db::Sql kDue{"test.due_jobs", "SELECT n FROM jobs WHERE done IS NULL AND at <= $1 ORDER BY at, n LIMIT $2"};
constexpr db::Sql kDo{"test.do_job", "UPDATE jobs SET done = (SELECT COUNT(done) + 1 FROM jobs) WHERE n = $1"};
constexpr db::Sql kPutOff{"test.put_off", "UPDATE jobs SET at = $2 WHERE n = $1"};
constexpr db::Sql kDone{"test.done_jobs", "SELECT n FROM jobs WHERE done IS NOT NULL ORDER BY done"};

// Moves on by itself at every look, as time does while work is done.
class PassingClock : public Clock {
 public:
  Instant Now() override { return Instant{now_ += step}; }
  int64_t step = 0;
  void Advance(int64_t ms) { now_ += ms; }

 private:
  int64_t now_ = 1'000'000;
};

class DueTest : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ = fs::temp_directory_path() / ("huiyin-due-" + std::to_string(::getpid()));
    fs::remove_all(dir_);
    fs::create_directories(dir_);
    database_ = db::OpenForTest(dir_ / "t.db");
    db::Migrate(*database_, Instant{0});
    database_->Write([](db::Tx& tx) {
      tx.Run(kInsertCounty);
      tx.Run(kMakeJobs);
    });
  }
  void TearDown() override {
    database_->Write([](db::Tx& tx) { tx.Script("DROP TABLE IF EXISTS jobs"); });
    database_.reset();
    fs::remove_all(dir_);
  }

  void Add(int from, int until) {
    database_->Write([&](db::Tx& tx) {
      for (int n = from; n < until; ++n) tx.Run(kAdd, n, int64_t{n});
    });
  }
  std::vector<int64_t> First(Context& ctx, int limit) {
    return ctx.tx.All(kDue, [](const db::Row& row) { return row.Int(0); }, ctx.now, limit);
  }
  Module Jobs(std::set<int64_t> broken) {
    Due due;
    due.act = [this, broken](Context& ctx, int limit) {
      const auto jobs = First(ctx, limit);
      for (const int64_t n : jobs) {
        ctx.tx.Run(kDo, n);
        if (broken.contains(n)) throw std::runtime_error("cannot be done");
      }
      return static_cast<int>(jobs.size());
    };
    due.postpone = [this](Context& ctx) {
      for (const int64_t n : First(ctx, 1)) ctx.tx.Run(kPutOff, n, ctx.now + kHour);
    };
    return {.name = "jobs", .routes = {}, .due = {due}};
  }
  Services Around() {
    return {.database = *database_, .clock = clock_, .random = random_, .files = dir_, .reads = dir_ / "reads",
            .default_county = kCounty};
  }
  std::vector<int64_t> Done() {
    std::vector<int64_t> done;
    database_->Read([&](db::Tx& tx) { done = tx.All(kDone, [](const db::Row& row) { return row.Int(0); }); });
    return done;
  }

  fs::path dir_;
  std::unique_ptr<db::Database> database_;
  SeededRandom random_{1};
  PassingClock clock_;
};

TEST_F(DueTest, WhatCannotBeDoneIsPutOffAndTheOthersAreDoneOnceInOrder) {
  Add(0, 1000);
  const std::set<int64_t> broken = {0, 7, 8, 499, 999};
  Dispatch dispatch(Around(), {Jobs(broken)});
  dispatch.TickNow();
  std::vector<int64_t> expected;
  for (int64_t n = 0; n < 1000; ++n) {
    if (!broken.contains(n)) expected.push_back(n);
  }
  EXPECT_EQ(Done(), expected);
}

TEST_F(DueTest, WhatWasPutOffIsTriedAgain) {
  Add(0, 3);
  { Dispatch(Around(), {Jobs({1})}).TickNow(); }
  EXPECT_EQ(Done(), (std::vector<int64_t>{0, 2}));
  clock_.Advance(kHour + 1);
  { Dispatch(Around(), {Jobs({})}).TickNow(); }
  EXPECT_EQ(Done(), (std::vector<int64_t>{0, 2, 1}));
}

TEST_F(DueTest, ALongDowntimeIsCaughtUpInPieces) {
  Add(0, 1000);
  clock_.step = 200;
  Dispatch dispatch(Around(), {Jobs({})});
  dispatch.TickNow();
  const size_t first = Done().size();
  EXPECT_GT(first, 0u);
  EXPECT_LT(first, 1000u);
  for (int i = 0; i < 10; ++i) dispatch.TickNow();
  EXPECT_EQ(Done().size(), 1000u);
}

}  // namespace
}  // namespace huiyin
