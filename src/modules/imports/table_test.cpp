// SPDX-License-Identifier: EUPL-1.2
#include "modules/imports/table.h"

#include <gtest/gtest.h>

#include "modules/imports/testing.h"

namespace huiyin::imports {
namespace {

using testing::Folder;
using testing::Rows;

class Tables : public ::testing::Test {
 protected:
  std::string Csv(std::string_view bytes, const Limits& limits = {}) {
    return Rows(*OpenTable(folder_.Write("t.csv", bytes), limits));
  }
  std::string Xlsx(const std::string& sheet, const std::string& strings = "", const std::string& styles = "",
                   const Limits& limits = {}) {
    return Rows(*OpenTable(folder_.Xlsx("t.xlsx", sheet, strings, styles), limits));
  }
  Folder folder_;
};

TEST_F(Tables, CsvIsReadAsSpreadsheetsWriteIt) {
  EXPECT_EQ(Csv("a,b\n1,2\n"), "1:a|b 2:1|2");
  EXPECT_EQ(Csv("a,b\r\n1,2"), "1:a|b 2:1|2");
  EXPECT_EQ(Csv("\xEF\xBB\xBF" "a,b\r1,2\r"), "1:a|b 2:1|2");
  EXPECT_EQ(Csv("a,\"b,\"\"c\"\"\"\n\"x\ny\",2\n"), "1:a|b,\"c\" 2:x\ny|2");
  EXPECT_EQ(Csv("a;b\n1,5;2\n"), "1:a|b 2:1,5|2");
  EXPECT_EQ(Csv("a\tb\n1\t2\n"), "1:a|b 2:1|2");
  EXPECT_EQ(Csv("a,b\n\n , \n3,4\n"), "1:a|b 4:3|4") << "blank rows keep their numbers";
  EXPECT_EQ(Csv("a,b\n5\" pipe,2\n"), "1:a|b 2:5\" pipe|2");
  EXPECT_EQ(Csv("a,b\n,\n1,"), "1:a|b 3:1|");
}

TEST_F(Tables, CsvThatCannotBeReadSaysWhere) {
  EXPECT_EQ(Csv(""), "!1:empty_file");
  EXPECT_EQ(Csv("a,b\n\"1,2\n3,4\n"), "1:a|b !2:unterminated_quote");
  EXPECT_EQ(Csv(std::string_view("a,b\n1\0,2\n", 9)), "1:a|b !2:control_character");
  EXPECT_EQ(Csv("a\n1\n2\n3\n", {.max_rows = 3}), "1:a 2:1 3:2 !4:too_many_rows");
  EXPECT_EQ(Csv("a,b,c\n", {.max_columns = 2}), "!1:too_many_columns");
  EXPECT_EQ(Csv("a\n" + std::string(100, 'x'), {.max_cell_bytes = 50}), "1:a !2:cell_too_long");
  EXPECT_EQ(Csv(std::string(5000, 'x'), {.max_bytes = 1000}), "!1:too_large");
  EXPECT_EQ(Csv("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old"), "!1:old_excel");
  EXPECT_EQ(Csv("\xFF\xFE" "a\0,\0"), "!1:utf16");
  EXPECT_EQ(Rows(*OpenTable("/nowhere/t.csv")), "!1:unreadable");
}

TEST_F(Tables, EncodingsAreToldApart) {
  EXPECT_EQ(Csv("姓名,住址\n王芳,双河村\n"), "1:姓名|住址 2:王芳|双河村");
  // The same in GB18030, as older spreadsheets save it.
  EXPECT_EQ(Csv("\xD0\xD5\xC3\xFB,\xD7\xA1\xD6\xB7\n\xCD\xF5\xB7\xBC,\xCB\xAB\xBA\xD3\xB4\xE5\n"), "1:姓名|住址 2:王芳|双河村");
  // UTF-8 with one wrong byte is not taken for something else.
  EXPECT_EQ(Csv("姓名,住址\n王芳,双河\xFF村\n"), "!2:not_utf8");
}

TEST_F(Tables, ArchivesAreUnpacked) {
  EXPECT_EQ(Rows(*OpenTable(folder_.Write("t.csv.xz", "not an archive"))), "!1:broken_archive");
  EXPECT_EQ(Rows(*OpenTable(std::filesystem::path(HUIYIN_SOURCE_DIR) / "data/divisions/streets.csv.gz",
                            {.max_rows = 1})).substr(0, 12), "1:code|name|");
}

TEST_F(Tables, XlsxCellsOfEveryKind) {
  EXPECT_EQ(Xlsx(R"(<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>in</t><r><t>line</t></r></is></c></row>)"
                 R"(<row r="3"><c r="B3"><v>13900000000</v></c><c r="C3"><v>1.39E10</v></c><c r="D3"><v>2.5</v></c></row>)"
                 R"(<row r="4"><c r="A4" t="b"><v>1</v></c><c r="B4" t="str"><f>1+1</f><v>two</v></c><c r="C4" t="e"><v>#REF!</v></c></row>)",
                 "<si><t>shared</t><rPh><t>reading</t></rPh></si>"),
            "1:shared||inline 3:|13900000000|13900000000|2.5 4:TRUE|two|#REF!");
  // Without references, cells and rows follow one another.
  EXPECT_EQ(Xlsx("<row><c><v>1</v></c><c><v>2</v></c></row><row><c/></row><row><c><v>3</v></c></row>"), "1:1|2 3:3");
}

TEST_F(Tables, XlsxDatesAreDates) {
  const std::string styles = R"(<numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/>)"
      R"(<numFmt numFmtId="165" formatCode="0.00&quot;day&quot;"/></numFmts>)"
      R"(<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>)"
      R"(<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>)";
  EXPECT_EQ(Xlsx(R"(<row r="1"><c r="A1" s="1"><v>36892</v></c><c r="B1" s="2"><v>21277.5</v></c>)"
                 R"(<c r="C1" s="0"><v>36892</v></c><c r="D1" s="3"><v>36892</v></c></row>)", "", styles),
            "1:2001-01-01|1958-04-02|36892|36892");
}

TEST_F(Tables, XlsxIsRefusedWhenItIsMoreThanATable) {
  EXPECT_EQ(Xlsx(R"(<row r="9"><c r="ZZZ9"><v>1</v></c></row>)"), "!9:too_many_columns");
  EXPECT_EQ(Xlsx(R"(<row r="99999999"><c><v>1</v></c></row>)"), "!99999999:too_many_rows");
  EXPECT_EQ(Xlsx("<row><c><v>1</v></row>"), "!1:not_xlsx");
  EXPECT_EQ(Rows(*OpenTable(folder_.Zip("t.xlsx", {{"word/document.xml", "<x/>"}}))), "!1:not_xlsx");
  EXPECT_EQ(Rows(*OpenTable(folder_.Write("t.xlsx", "PK\x03\x04 and then nothing"))), "!1:broken_archive");
  // Entities that would expand to a thousand million letters.
  EXPECT_EQ(Rows(*OpenTable(folder_.Zip("t.xlsx", {{"xl/workbook.xml",
      R"(<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><workbook>&b;</workbook>)"}}))), "!1:not_xlsx");
}

TEST_F(Tables, AZipBombIsNotUnpacked) {
  // 40 MiB of one letter in about 40 KiB.
  std::string sheet = "<row><c t=\"inlineStr\"><is><t>";
  sheet.append(40 << 20, ' ');
  sheet += "</t></is></c></row>";
  EXPECT_EQ(Xlsx(sheet, "", "", {.max_cell_bytes = 100 << 20}), "!1:zip_bomb");
  EXPECT_EQ(Xlsx("<row><c><v>1</v></c></row>", std::string(40 << 20, ' ')), "!1:zip_bomb");
  EXPECT_EQ(Xlsx(sheet, "", "", {.max_bytes = 1 << 20, .max_ratio = 1'000'000, .max_cell_bytes = 100 << 20}), "!1:too_large");
}

TEST_F(Tables, ManyRowsTakeLittleTime) {
  std::string sheet;
  for (int i = 1; i <= 20'000; ++i) sheet += fmt::format(R"(<row r="{0}"><c r="A{0}"><v>{0}</v></c><c r="B{0}" t="s"><v>0</v></c></row>)", i);
  const auto reader = OpenTable(folder_.Xlsx("t.xlsx", sheet, "<si><t>x</t></si>"));
  TableRow row;
  int64_t rows = 0;
  while (reader->Next(row)) ++rows;
  EXPECT_FALSE(reader->error());
  EXPECT_EQ(rows, 20'000);
}

}  // namespace
}  // namespace huiyin::imports
