// SPDX-License-Identifier: EUPL-1.2
#include "core/id.h"

#include <gtest/gtest.h>

namespace huiyin {
namespace {

TEST(Id, SaysItsVersionAndItsMillisecond) {
  SeededRandom random(1);
  const Uuid id = NewUuid(Instant{0x0192f3a47c1e}, random);
  const std::string text = FormatUuid(id);
  EXPECT_EQ(text.substr(0, 13), "0192f3a4-7c1e");
  EXPECT_EQ(text[14], '7');
  EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos);
}

TEST(Id, ReadsBackWhatItWrote) {
  SeededRandom random(2);
  for (int i = 0; i < 100; ++i) {
    const Uuid id = NewUuid(Instant{1700000000000 + i}, random);
    const auto with = ParseId(FormatId(County{990101}, id));
    ASSERT_TRUE(with);
    EXPECT_EQ(with->county.code, 990101);
    EXPECT_EQ(with->id, id);
    const auto without = ParseId(FormatUuid(id));
    ASSERT_TRUE(without);
    EXPECT_EQ(without->county.code, 0);
    EXPECT_EQ(without->id, id);
  }
}

TEST(Id, RefusesWhatIsNotOne) {
  for (const char* text :
       {"", "990101", "990101-", "0192f3a4-7c1e-7abc-8def-0123456789a",
        "0192f3a4_7c1e-7abc-8def-0123456789ab", "0192f3a4-7c1e-7abc-8def-0123456789ag",
        "090101-0192f3a4-7c1e-7abc-8def-0123456789ab", "99010x-0192f3a4-7c1e-7abc-8def-0123456789ab",
        "990101-0192f3a4-7c1e-7abc-8def-0123456789abc"}) {
    EXPECT_FALSE(ParseId(text)) << text;
  }
}

}  // namespace
}  // namespace huiyin
