// SPDX-License-Identifier: EUPL-1.2
#include "core/small_numbers.h"

#include <gtest/gtest.h>

namespace huiyin {
namespace {

TEST(SmallNumbers, FewerThanFiveAreNotShown) {
  const struct {
    int64_t part, group;
    bool shows_group, shows_share;
  } kTable[] = {{0, 0, false, false}, {1, 1, false, false}, {0, 4, false, false}, {4, 4, false, false},
                {0, 5, true, true},   {5, 5, true, true},   {3, 5, true, true},   {250, 1000, true, true}};
  for (const auto& [part, group, shows_group, shows_share] : kTable) {
    EXPECT_EQ(ShownCount(group).has_value(), shows_group) << group;
    EXPECT_EQ(ShownShare(part, group).has_value(), shows_share) << part << " of " << group;
  }
  EXPECT_DOUBLE_EQ(*ShownShare(3, 5), 0.6);
}

}  // namespace
}  // namespace huiyin
