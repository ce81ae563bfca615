// SPDX-License-Identifier: EUPL-1.2
#include "db/replica_lag.h"

#include <gtest/gtest.h>

namespace huiyin::db {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

class Lag : public ::testing::Test {
 protected:
  static ReplicaLag::Time At(std::chrono::milliseconds after) { return ReplicaLag::Time{} + after; }
  std::optional<std::chrono::milliseconds> AsOf() const {
    const auto as_of = lag_.as_of();
    return as_of ? std::optional(std::chrono::duration_cast<std::chrono::milliseconds>(as_of->time_since_epoch())) : std::nullopt;
  }
  ReplicaLag lag_{10s};
};

TEST_F(Lag, IsNotKnownBeforeTheReplicaHasPassedAnEnd) {
  lag_.NoteFollowed(100);
  EXPECT_EQ(AsOf(), std::nullopt) << "nobody knows yet where the log ends";
  lag_.NoteEnd(At(1s), 1, 200);
  lag_.NoteFollowed(150);
  EXPECT_EQ(AsOf(), std::nullopt);
  lag_.NoteFollowed(200);
  EXPECT_EQ(AsOf(), 1s);
}

TEST_F(Lag, IsByTheNewestEndThatWasPassed) {
  for (int i = 1; i <= 5; ++i) lag_.NoteEnd(At(i * 1s), 1, i * 100);
  lag_.NoteFollowed(399);
  EXPECT_EQ(AsOf(), 3s);
  lag_.NoteFollowed(500);
  EXPECT_EQ(AsOf(), 5s);
}

TEST_F(Lag, DoesNotGrowWhileNothingIsWritten) {
  lag_.NoteEnd(At(1s), 1, 100);
  lag_.NoteFollowed(100);
  lag_.NoteEnd(At(60s), 1, 100);
  lag_.NoteFollowed(100);
  EXPECT_EQ(AsOf(), 60s) << "a replica that has all there is is not behind, however long ago that was written";
}

TEST_F(Lag, GrowsWhenTheReplicaStandsStill) {
  lag_.NoteEnd(At(1s), 1, 100);
  lag_.NoteFollowed(100);
  for (int i = 2; i <= 30; ++i) {
    lag_.NoteEnd(At(i * 1s), 1, 100 + i);
    lag_.NoteFollowed(100);
  }
  EXPECT_EQ(AsOf(), 1s);
  lag_.NoteFollowed(110);
  EXPECT_EQ(AsOf(), 1s) << "ends that are older than anybody may wait for are forgotten, not guessed";
  lag_.NoteFollowed(125);
  EXPECT_EQ(AsOf(), 25s);
}

TEST_F(Lag, AfterAnotherServerTookOverAReplicaHasToFollowThatOne) {
  lag_.NoteEnd(At(1s), 1, 100);
  lag_.NoteFollowed(150);  // further than the server that now takes over
  lag_.NoteEnd(At(2s), 2, 120);
  lag_.NoteFollowed(150);
  EXPECT_EQ(AsOf(), std::nullopt) << "what lies between 120 and 150 may be another history's";
  lag_.NoteEnd(At(3s), 2, 200);
  lag_.NoteFollowed(150);
  EXPECT_EQ(AsOf(), std::nullopt);
  lag_.NoteFollowed(201);
  EXPECT_EQ(AsOf(), 3s);
}

}  // namespace
}  // namespace huiyin::db
