// SPDX-License-Identifier: EUPL-1.2
// A batch and the end of the server: what was begun is done and told, the rest is for later.
#include <gtest/gtest.h>
#include <unistd.h>

#include <any>
#include <future>
#include <semaphore>

#include "db/migrate.h"
#include "db/test_engine.h"
#include "platform/dispatch.h"

namespace huiyin {
namespace {

namespace fs = std::filesystem;

constexpr County kCounty{990101};
constexpr db::Sql kInsertCounty{"test.insert_county", "INSERT INTO counties (county, name, created_at) VALUES (990101, 'x', 0)"};

class BatchTest : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ = fs::temp_directory_path() / ("huiyin-batch-" + std::to_string(::getpid()));
    fs::remove_all(dir_);
    fs::create_directories(dir_);
    database_ = db::OpenForTest(dir_ / "t.db");
    db::Migrate(*database_, Instant{0});
    database_->Write([](db::Tx& tx) { tx.Run(kInsertCounty); });
  }
  void TearDown() override {
    database_.reset();
    fs::remove_all(dir_);
  }

  // Acts wait until they may go on; the batch answers with how many of its three were tried.
  Module Acts() {
    const auto act = [this](Context&) {
      begun_.release();
      may_end_.acquire();
      return NoContent();
    };
    const auto tell = [](Context& ctx) {
      const auto& done = std::any_cast<const std::vector<Done>&>(ctx.prepared);
      return http::Response{.status = 200 + static_cast<int>(std::count_if(done.begin(), done.end(), [](const Done& one) { return one.is_tried; }))};
    };
    const auto split = [](Context&) {
      std::vector<Part> parts(3);
      for (Part& part : parts) part.request.method = "POST", part.request.path = part.request.target = "/act";
      return parts;
    };
    return {.name = "test", .routes = {
        {.method = "POST", .pattern = "/act", .session = Session::kNone, .handle = act, .may_wait = true},
        {.method = "POST", .pattern = "/batch", .session = Session::kNone, .handle = tell, .split = split}}};
  }

  fs::path dir_;
  std::unique_ptr<db::Database> database_;
  std::counting_semaphore<8> begun_{0};
  std::counting_semaphore<8> may_end_{0};
};

TEST_F(BatchTest, EndsWithTheActItIsAtWhenTheServerStops) {
  for (const bool stops : {false, true}) {
    const Services services{.database = *database_, .clock = SystemClock(), .random = SystemRandom(), .files = dir_,
                            .reads = dir_ / "reads", .default_county = kCounty};
    Dispatch dispatch(services, {Acts()});
    http::Request request;
    request.method = "POST";
    request.path = request.target = "/batch";
    std::promise<int> status;
    dispatch.Handle(request, [&](const http::Response& response) { status.set_value(response.status); });
    begun_.acquire();
    if (stops) dispatch.EndBatches();
    may_end_.release(3);
    EXPECT_EQ(status.get_future().get(), stops ? 201 : 203);
    // Nothing is left for the next round of this test.
    while (begun_.try_acquire()) {}
    while (may_end_.try_acquire()) {}
  }
}

}  // namespace
}  // namespace huiyin
