// SPDX-License-Identifier: EUPL-1.2
#include "platform/worker_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <latch>
#include <string>
#include <vector>

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

// However many others come once and go, nobody is passed by all of them, whatever their things take.
TEST(WorkerPool, WhoeverCameBeforeManyOthersIsServedBeforeThem) {
  std::vector<uint64_t> order;
  std::latch open(1);
  uint64_t next = 100;
  std::function<void(uint64_t)> ask;  // called until the pool is gone
  {
    WorkerPool pool(1, 1'000);
    ASSERT_TRUE(pool.Post(0, [&] { open.wait(); }));
    // Always three wait. One of them asks again and again, the others are somebody else each time.
    ask = [&](uint64_t who) {
      ASSERT_TRUE(pool.Post(who, [&, who] {
        order.push_back(who);
        if (order.size() < 90) ask(who == 1 ? 1 : next++);
      }));
    };
    ask(1);
    ask(next++);
    ask(next++);
    open.count_down();
  }
  for (size_t i = 0; i + 3 < order.size(); ++i) {
    const auto from = order.begin() + static_cast<std::ptrdiff_t>(i);
    ASSERT_GT(std::count(from, from + 4, 1), 0) << "passed by from " << i;
  }
}

}  // namespace
}  // namespace huiyin
