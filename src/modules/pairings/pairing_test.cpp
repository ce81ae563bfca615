// SPDX-License-Identifier: EUPL-1.2
#include "modules/pairings/pairing.h"

#include <gtest/gtest.h>

namespace huiyin::pairings {
namespace {

TEST(AddMonths, KeepsTheDayOrTakesTheLastOfAShorterMonth) {
  EXPECT_EQ(AddMonths(Date::Of(2025, 6, 1), 24), Date::Of(2027, 6, 1));
  EXPECT_EQ(AddMonths(Date::Of(2026, 1, 31), 1), Date::Of(2026, 2, 28));
  EXPECT_EQ(AddMonths(Date::Of(2024, 2, 29), 12), Date::Of(2025, 2, 28));
  EXPECT_EQ(AddMonths(Date::Of(2025, 12, 15), 1), Date::Of(2026, 1, 15));
  EXPECT_EQ(AddMonths(Date::Of(2026, 3, 31), -1), Date::Of(2026, 2, 28));
  EXPECT_EQ(AddMonths(Date::Of(2026, 1, 10), -24), Date::Of(2024, 1, 10));
}

}  // namespace
}  // namespace huiyin::pairings
