// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "core/small_numbers.h"
#include "modules/matters/judgements.h"

namespace huiyin::matters {
namespace {

Cell Of(std::string category, int64_t judged, int64_t solved = 0) {
  Cell cell;
  cell.category = std::move(category);
  cell.judged = judged;
  cell.solved = solved;
  return cell;
}

// What is shown: the judged of each group, the others last with a plus.
std::string Shown(std::vector<Cell> cells) {
  const Groups groups = Grouped(std::move(cells));
  std::string text;
  for (const Cell& cell : groups.shown) text += fmt::format("{}{} ", cell.category, cell.judged);
  if (groups.others) text += fmt::format("+{} ", groups.others->judged);
  return text;
}

TEST(Groups, SmallOnesAreShownTogetherOrNotAtAll) {
  EXPECT_EQ(Shown({}), "");
  EXPECT_EQ(Shown({Of("a", 4)}), "");
  EXPECT_EQ(Shown({Of("a", 5)}), "a5 ");
  EXPECT_EQ(Shown({Of("a", 2), Of("b", 3)}), "+5 ");
  EXPECT_EQ(Shown({Of("a", 2), Of("b", 2)}), "");
  EXPECT_EQ(Shown({Of("a", 9), Of("b", 3), Of("c", 3)}), "a9 +6 ");
}

TEST(Groups, ALonelySmallOneTakesTheSmallestOfTheRestAlong) {
  // Else what is missing of a total would be the small one.
  EXPECT_EQ(Shown({Of("a", 9), Of("b", 6), Of("c", 1)}), "a9 +7 ");
  EXPECT_EQ(Shown({Of("a", 5), Of("c", 4)}), "+9 ");
}

TEST(Groups, NoneShownIsTooFewAndNoneMissingIs) {
  uint64_t state = 20260311;
  for (int round = 0; round < 2000; ++round) {
    std::vector<Cell> cells;
    int64_t total = 0;
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    const auto count = (state >> 33) % 7;
    for (uint64_t i = 0; i < count; ++i) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      cells.push_back(Of(std::string(1, static_cast<char>('a' + i)), static_cast<int64_t>((state >> 33) % 9)));
      total += cells.back().judged;
    }
    const Groups groups = Grouped(cells);
    int64_t seen = groups.others ? groups.others->judged : 0;
    if (groups.others) {
      EXPECT_FALSE(IsTooFew(groups.others->judged));
    }
    for (const Cell& cell : groups.shown) {
      EXPECT_FALSE(IsTooFew(cell.judged));
      seen += cell.judged;
    }
    EXPECT_TRUE(seen == total || seen == 0) << "a part is missing: it can be counted";
  }
}

}  // namespace
}  // namespace huiyin::matters
