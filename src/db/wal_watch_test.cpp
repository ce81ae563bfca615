// SPDX-License-Identifier: EUPL-1.2
#include "db/wal_watch.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <thread>

namespace huiyin::db {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr uint64_t kLog = 7;
constexpr uint64_t kNextLog = 8;

class WalWatchTest : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ = fs::temp_directory_path() / ("huiyin-watch-" + std::to_string(::getpid()));
    fs::remove_all(dir_);
    fs::create_directories(dir_);
    watch_ = std::make_unique<WalWatch>(dir_ / "gap", [this] { return now_; });
    watch_->KeepUpTo(1000);
  }
  void TearDown() override { fs::remove_all(dir_); }

  Instant now_{5000};
  fs::path dir_;
  std::unique_ptr<WalWatch> watch_;
};

TEST_F(WalWatchTest, TheLogMayBeginAnewOnlyWhenAllOfItWasCarried) {
  struct Case {
    const char* what;
    uint64_t salt;
    uint32_t frames;  // carried so far
    bool may;
  };
  watch_->Carried(0, 0);
  watch_->Committed(kLog, 10);
  for (const Case& each : {Case{"nothing", 0, 0, false}, Case{"a part", kLog, 9, false}, Case{"an earlier log", kLog - 1, 10, false},
                           Case{"all", kLog, 10, true}}) {
    watch_->Carried(each.salt, each.frames);
    EXPECT_EQ(watch_->MayCheckpoint(false, 999), each.may) << each.what;
    EXPECT_FALSE(watch_->HasGap()) << each.what;
  }
  watch_->Committed(kNextLog, 1);
  EXPECT_FALSE(watch_->MayCheckpoint(false, 999)) << "a new log, of which nothing was carried";
}

TEST_F(WalWatchTest, BeforeAnArchiveIsAtWorkNothingBeginsAnew) {
  EXPECT_FALSE(watch_->MayCheckpoint(true, 999)) << "an earlier run's frames may be in it";
  watch_->Committed(kLog, 3);
  EXPECT_FALSE(watch_->MayCheckpoint(true, 999));
}

TEST_F(WalWatchTest, ALogThatGrewTooLongIsLetGoOfAndThatIsWrittenDownBefore) {
  watch_->Carried(0, 0);
  watch_->Committed(kLog, 10);
  EXPECT_FALSE(watch_->MayCheckpoint(false, 1000));
  EXPECT_FALSE(watch_->HasGap());
  EXPECT_TRUE(watch_->MayCheckpoint(false, 1001));
  EXPECT_TRUE(watch_->HasGap());
  watch_->Bridge();
  EXPECT_FALSE(watch_->HasGap());
}

TEST_F(WalWatchTest, WithoutRoomToWriteTheGapDownTheLogIsKept) {
  WalWatch watch(dir_ / "not there" / "gap", [this] { return now_; });
  watch.KeepUpTo(1000);
  watch.Carried(0, 0);
  watch.Committed(kLog, 10);
  EXPECT_FALSE(watch.MayCheckpoint(true, 5000));
}

TEST_F(WalWatchTest, ACheckpointThatFoundMoreThanWasCarriedIsAGap) {
  watch_->Carried(kLog, 10);
  watch_->Checkpointed(10);
  EXPECT_FALSE(watch_->HasGap());
  watch_->Checkpointed(11);  // another process wrote the eleventh
  EXPECT_TRUE(watch_->HasGap());
}

TEST_F(WalWatchTest, WhoIsNearlyThereIsWaitedForAndWhoIsFarIsNot) {
  watch_->Carried(kLog, 5);
  watch_->Committed(kLog, 10);
  std::thread archive([this] {
    watch_->Rest(std::chrono::seconds(60));  // ended by being asked
    watch_->Carried(kLog, 10);
  });
  bool may = false;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!may && std::chrono::steady_clock::now() < end) may = watch_->MayCheckpoint(true, 10);
  EXPECT_TRUE(may);
  archive.join();

  // Never long: not at all for who is far behind, and else a moment once a second.
  watch_->Committed(kLog, 1'000'000);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(watch_->MayCheckpoint(true, 10));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5)) << "a thousand moments would be fifty seconds";
}

TEST_F(WalWatchTest, KnowsWhenEachCommitWas) {
  watch_->Carried(0, 0);
  EXPECT_FALSE(watch_->WaitsSince());
  watch_->Committed(kLog, 3);
  now_.ms = 6000;
  watch_->Committed(kLog, 7);
  EXPECT_EQ(watch_->TimeOf(kLog, 3), Instant{5000});
  EXPECT_EQ(watch_->TimeOf(kLog, 4), Instant{6000}) << "a frame within the commit";
  EXPECT_FALSE(watch_->TimeOf(kLog, 8)) << "another process's";
  EXPECT_FALSE(watch_->TimeOf(kNextLog, 3));
  EXPECT_EQ(watch_->WaitsSince(), Instant{5000});
  watch_->Carried(kLog, 3);
  EXPECT_EQ(watch_->WaitsSince(), Instant{6000});
  watch_->Carried(kLog, 7);
  EXPECT_FALSE(watch_->WaitsSince());
}

}  // namespace
}  // namespace huiyin::db
