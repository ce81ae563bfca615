// SPDX-License-Identifier: EUPL-1.2
#include "core/words.h"

#include <gtest/gtest.h>

#include <set>

namespace huiyin {
namespace {

using Words = std::vector<std::string>;

TEST(Words, ChineseCountsByCharactersAndPairsOtherTextByWords) {
  EXPECT_EQ(WordsOf("漏水了"), (Words{"了", "水", "水了", "漏", "漏水"}));
  EXPECT_EQ(WordsOf("The PIPE, the pipe"), (Words{"pipe", "the"}));
  EXPECT_EQ(WordsOf("3号楼ＡＢ１"), (Words{"3", "ab1", "号", "号楼", "楼"}));
  EXPECT_EQ(WordsOf("漏。水"), (Words{"水", "漏"}));
  EXPECT_EQ(WordsOf("བོད་ཡིག"), (Words{"བོད", "ཡིག"}));
  EXPECT_EQ(WordsOf(" \t\n，。!?\"'%_*"), Words{});
  EXPECT_EQ(WordsOf(std::string(100, 'a')), Words{std::string(24, 'a')});
  EXPECT_EQ(WordsOf("😀😀"), (Words{"😀", "😀😀"}));
}

TEST(Words, AreEachOnceAndInTheOrderOfTheirBytes) {
  const Words words = WordsOf("水管 pipe 漏水，水管漏水😀 བོད é水 ｐｉｐｅ 漏");
  EXPECT_TRUE(std::is_sorted(words.begin(), words.end()));
  EXPECT_EQ(std::set<std::string>(words.begin(), words.end()),
            (std::set<std::string>{"水", "管", "水管", "pipe", "漏", "漏水", "管漏", "水😀", "😀", "བོད", "é"}));
  EXPECT_EQ(words.size(), 11u);
}

TEST(Words, WhatIsTypedNarrowsByPairsAndIsFoundInTheText) {
  EXPECT_EQ(ReadSought("水").words, Words{"水"});
  EXPECT_EQ(ReadSought("水管破裂").words, (Words{"水管", "破裂"}));
  EXPECT_EQ(ReadSought("三楼 Pipe").words, (Words{"三楼", "pipe"}));
  EXPECT_TRUE(ReadSought("三楼 Pipe").last_is_beginning);
  EXPECT_FALSE(ReadSought("pipe 三楼").last_is_beginning);
  EXPECT_FALSE(ReadSought("pipe\"").last_is_beginning);
  EXPECT_FALSE(ReadSought("ab").last_is_beginning);
  EXPECT_FALSE(ReadSought("pipe leak pipe").last_is_beginning);
  EXPECT_EQ(ReadSought("\"' OR 1=1 --").words, (Words{"or", "1"}));
  EXPECT_EQ(ReadSought("%_*").words, Words{});
  EXPECT_EQ(ReadSought("水管破").words, (Words{"水管", "管破"}));
  EXPECT_EQ(ReadSought("水管破裂了").words, (Words{"水管", "破裂", "裂了"}));
  EXPECT_EQ(ReadSought("一二三四五六七八九十甲乙丙丁戊己庚辛").words.size(), 8u);
}

TEST(Words, EveryPartMustStandInTheTextAsTyped) {
  EXPECT_TRUE(ReadSought("管破").IsIn({"自来水管破裂"}));
  EXPECT_FALSE(ReadSought("破管").IsIn({"自来水管破裂"}));
  EXPECT_TRUE(ReadSought("破裂 自来").IsIn({"自来水管破裂"}));
  EXPECT_TRUE(ReadSought("破裂 标题").IsIn({"自来水管破裂", "一个标题"}));
  EXPECT_TRUE(ReadSought("PIPE").IsIn({"the ｐｉｐｅ"}));
  EXPECT_TRUE(ReadSought("100%").IsIn({"是100%的"}));
  EXPECT_FALSE(ReadSought("100%").IsIn({"是1000的"}));
}

// Whatever a text holds, its words find it.
TEST(Words, WordsSoughtAreWordsOfEveryTextThatHoldsThem) {
  for (const std::string text : {"三组的水管裂了半个月，一直没人来修。", "Water leak on 3rd floor, 漏水严重！", "Ｗｉ－Ｆｉ坏了 wi-fi"}) {
    const Words all = WordsOf(text);
    for (size_t from = 0; from < text.size(); ++from) {
      if ((static_cast<unsigned char>(text[from]) & 0xC0) == 0x80) continue;
      for (size_t to = from + 1; to <= text.size(); ++to) {
        if (to < text.size() && (static_cast<unsigned char>(text[to]) & 0xC0) == 0x80) continue;
        const Sought sought = ReadSought(text.substr(from, to - from));
        EXPECT_TRUE(sought.IsIn({text}));
        for (const std::string& word : sought.words) {
          // The pieces of a word at either end are not words of the text.
          const bool is_latin = static_cast<unsigned char>(word[0]) < 0x80;
          if (!is_latin) EXPECT_NE(std::find(all.begin(), all.end(), word), all.end()) << word;
        }
      }
    }
  }
}

}  // namespace
}  // namespace huiyin
