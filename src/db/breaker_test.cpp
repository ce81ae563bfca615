// SPDX-License-Identifier: EUPL-1.2
#include "db/breaker.h"

#include <gtest/gtest.h>

namespace huiyin::db {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

TEST(Breaker, OpensAfterFailuresInARowAndLetsOneThroughAPause) {
  Breaker breaker(3, 1000ms);
  const Breaker::Time start{};
  breaker.Failed(start);
  breaker.Failed(start);
  EXPECT_TRUE(breaker.Allows(start)) << "two are not three";
  breaker.Succeeded();
  for (int i = 0; i < 3; ++i) breaker.Failed(start);
  EXPECT_TRUE(breaker.is_open());
  EXPECT_FALSE(breaker.Allows(start + 999ms));
  EXPECT_TRUE(breaker.Allows(start + 1000ms)) << "one looks whether it answers again";
  EXPECT_FALSE(breaker.Allows(start + 1001ms)) << "the others wait for what it finds";
  breaker.Succeeded();
  EXPECT_TRUE(breaker.Allows(start + 1002ms));
}

}  // namespace
}  // namespace huiyin::db
