// SPDX-License-Identifier: EUPL-1.2
#include "core/text.h"

#include <gtest/gtest.h>

namespace huiyin {
namespace {

TEST(Text, TrimsTheIdeographicSpaceToo) {
  EXPECT_EQ(Trim(" \t\xE3\x80\x80王芳\xE3\x80\x80\n"), "王芳");
  EXPECT_EQ(Trim("\xE3\x80\x80 "), "");
}

TEST(Text, KnowsValidUtf8) {
  EXPECT_TRUE(IsValidUtf8("王芳 😀 é"));
  for (const char* bad : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF", "\xE7\x8E"}) {
    EXPECT_FALSE(IsValidUtf8(bad));
  }
}

TEST(Text, GivesTheTermsANameIsFoundBy) {
  EXPECT_EQ(SearchTerms("王小明"), (std::vector<std::string>{"王", "小", "明", "王小", "小明"}));
  EXPECT_EQ(SearchTerms("李 李"), (std::vector<std::string>{"李", "李李"}));
  EXPECT_EQ(SearchTerms("Ab"), (std::vector<std::string>{"a", "b", "ab"}));
  EXPECT_TRUE(SearchTerms(" ").empty());
}

TEST(Text, CutsAndMasksAtCharacters) {
  EXPECT_EQ(FirstCharacters("回音一二", 2), "回音");
  EXPECT_EQ(FirstCharacters("回音", 5), "回音");
  EXPECT_EQ(CountCharacters("回音a"), 3u);
  EXPECT_EQ(MaskName("王小明"), "王**");
  EXPECT_EQ(MaskNumber("990101199001011234"), "9901**********1234");
  EXPECT_EQ(MaskNumber("1234"), "****");
}

TEST(Text, LetsNoCellOfATableBeAFormula) {
  for (const char* text : {"=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-1+HYPERLINK(\"x\")", "\t=1", "+", "-"}) {
    const std::string cell = CsvCell(text);
    EXPECT_EQ(cell[cell.front() == '"' ? 1 : 0], '\'') << text;
  }
  for (const char* text : {"", "王小明", "+86 139 0000 0000", "-12.5", "一=二"}) EXPECT_EQ(CsvCell(text), text);
  EXPECT_EQ(CsvCell("一,\"二\""), "\"一,\"\"二\"\"\"");
}

TEST(Text, FindsControlCharacters) {
  EXPECT_FALSE(HasControlCharacters("一行\n二行\t三"));
  EXPECT_TRUE(HasControlCharacters(std::string_view("a\0b", 3)));
  EXPECT_TRUE(HasControlCharacters("a\x1b[0m"));
}

}  // namespace
}  // namespace huiyin
