// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "modules/identity/identity.h"

namespace huiyin::identity {
namespace {

TEST(Number, ReadsBackHoweverItWasTyped) {
  SeededRandom random(4);
  for (int i = 0; i < 200; ++i) {
    const std::string number = NewNumber(random);
    ASSERT_EQ(number.size(), 11u);
    EXPECT_EQ(ReadNumber(number), number);
    std::string sloppy;
    for (char c : number) {
      if (c == '-') sloppy += ' ';
      else sloppy += c == '0' ? 'o' : c == '1' ? 'l' : static_cast<char>(std::tolower(c));
    }
    EXPECT_EQ(ReadNumber("  " + sloppy + " "), number);
  }
}

TEST(Number, NoticesEveryWrongCharacterAndEverySwap) {
  SeededRandom random(5);
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  for (int i = 0; i < 50; ++i) {
    const std::string number = NewNumber(random);
    for (size_t at = 0; at < number.size(); ++at) {
      if (number[at] == '-') continue;
      for (char c : kAlphabet) {
        if (c == number[at]) continue;
        std::string wrong = number;
        wrong[at] = c;
        EXPECT_FALSE(ReadNumber(wrong)) << number << " " << wrong;
      }
      for (size_t other = at + 1; other < 9; ++other) {
        if (number[other] == '-' || number[other] == number[at]) continue;
        std::string swapped = number;
        std::swap(swapped[at], swapped[other]);
        EXPECT_FALSE(ReadNumber(swapped)) << number << " " << swapped;
      }
    }
  }
}

TEST(Number, RefusesOtherText) {
  for (const char* text : {"", "-", "7K3M-9QXT", "7K3M-9QXT-44", "7K3U-9QXT-4", "七K3M-9QXT-4"}) {
    EXPECT_FALSE(ReadNumber(text)) << text;
  }
}

}  // namespace
}  // namespace huiyin::identity
