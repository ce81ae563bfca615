// SPDX-License-Identifier: EUPL-1.2
#include "modules/imports/columns.h"

#include <gtest/gtest.h>

namespace huiyin::imports {
namespace {

const std::vector<Column> kColumns = {{"name", true, {"姓名"}}, {"birth_date", false, {"出生日期"}}, {"phone", false, {"电话"}}};

std::string Codes(const Errors& errors) {
  std::string text;
  for (const TableError& error : errors.items()) {
    if (!text.empty()) text += ' ';
    text += fmt::format("{}/{}/{}", error.row, error.column, error.code);
  }
  return text;
}

TEST(Columns, HeadingsAreKnownInBothLanguages) {
  Errors errors;
  const Heading heading({1, {"No.", " 姓 名 *", "Birth Date", "", "电话："}}, kColumns, errors, false);
  EXPECT_EQ(Codes(errors), "");
  EXPECT_EQ(heading.PlaceOf("name"), 1);
  EXPECT_EQ(heading.PlaceOf("birth_date"), 2);
  EXPECT_EQ(heading.PlaceOf("phone"), 4);
}

TEST(Columns, HeadingsAreRefusedOneByOne) {
  Errors errors;
  Heading({1, {"宗教信仰", "民族", "电话", "手机", "phone", "risk_score"}}, kColumns, errors, false);
  EXPECT_EQ(Codes(errors), "1/宗教信仰/boundaries.protected_category 1/民族/boundaries.protected_category "
                           "1/手机/unknown_column 1/phone/duplicate_column 1/risk_score/boundaries.protected_category "
                           "1/姓名/missing_column");
  EXPECT_NE(errors.items()[0].detail.find("宗教"), std::string::npos);
  Errors english;
  Heading({1, {"name", "religion"}}, kColumns, english, true);
  EXPECT_NE(english.items()[0].detail.find("Religion"), std::string::npos);
}

TEST(Columns, DatesAsPeopleWriteThem) {
  for (const char* text : {"2001-02-03", "2001/2/3", "2001.2.3", "2001年2月3日", "20010203", "2001-02-03 00:00:00"}) {
    const auto day = ReadLooseDate(text);
    EXPECT_EQ(day, Date::Of(2001, 2, 3)) << text;
  }
  for (const char* text : {"", "2001", "2001-02", "2001-13-01", "2001-02-30", "03/02/2001", "2001-2-3-4", "x", "36925"}) {
    EXPECT_FALSE(ReadLooseDate(text)) << text;
  }
}

TEST(Columns, OnlyTheFirstThousandMistakesAreKept) {
  Errors errors;
  for (int i = 0; i < 1500; ++i) errors.Add({i, "", "x", ""});
  EXPECT_EQ(errors.items().size(), 1000u);
  EXPECT_EQ(errors.count(), 1500);
}

}  // namespace
}  // namespace huiyin::imports
