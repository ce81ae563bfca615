// SPDX-License-Identifier: EUPL-1.2
#include "platform/worker_pool.h"

#include <gtest/gtest.h>

#include <latch>
#include <string>

namespace huiyin {
namespace {

TEST(WorkerPool, ThoseWhoAskTakeTurns) {
  std::string order;
  std::latch open(1);
  {
    WorkerPool pool(1, 100);
    ASSERT_TRUE(pool.Post(0, [&] { open.wait(); }));
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(pool.Post(1, [&] { order += 'a'; }));
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(pool.Post(2, [&] { order += 'b'; }));
    ASSERT_TRUE(pool.Post(3, [&] { order += 'c'; }));
    open.count_down();
  }
  EXPECT_EQ(order, "abcabaaa");
}

TEST(WorkerPool, OneWhoFillsTheirPartLeavesRoomForOthers) {
  std::latch open(1);
  int done = 0;
  {
    WorkerPool pool(1, 80);
    ASSERT_TRUE(pool.Post(0, [&] { open.wait(); }));
    int taken = 0;
    while (pool.Post(1, [&] { ++done; })) ASSERT_LE(++taken, 80);
    EXPECT_EQ(taken, 11);
    for (uint64_t who = 2; who < 9; ++who) {
      for (int i = 0; i < 9; ++i) EXPECT_TRUE(pool.Post(who, [&] { ++done; }));
    }
    EXPECT_TRUE(pool.Post(9, [&] { ++done; }));
    while (pool.Post(10 + static_cast<uint64_t>(taken++), [&] { ++done; })) ASSERT_LE(taken, 100);
    open.count_down();
  }
  EXPECT_GE(done, 79);  // what was taken is done, also while the pool ends
}

}  // namespace
}  // namespace huiyin
