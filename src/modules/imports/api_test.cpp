// SPDX-License-Identifier: EUPL-1.2
#include "modules/imports/imports.h"
#include "modules/imports/testing.h"
#include "modules/org/org.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

constexpr std::string_view kXlsx = "Content-Type: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

class ImportsApi : public Town {
 protected:
  Answer Send(std::string_view kind, std::string_view csv, std::string_view as = "admin",
              std::string_view type = "Content-Type: text/csv") {
    return Post(as, fmt::format("/api/v1/imports?kind={}", kind), csv, {std::string(type)});
  }
  Answer Apply(const Answer& sent, std::string_view as = "admin") {
    return Post(as, "/api/v1/imports/" + sent.At("id") + "/application");
  }
  // "row/column/code" of each mistake.
  static std::vector<std::string> Mistakes(const Answer& answer) {
    std::vector<std::string> mistakes;
    for (size_t i = 0; i < answer.Count("errors"); ++i) {
      const std::string at = fmt::format("errors.{}.", i);
      mistakes.push_back(answer.At(at + "row") + "/" + answer.At(at + "column") + "/" + answer.At(at + "code"));
    }
    return mistakes;
  }
  static std::string Summary(const Answer& answer) {
    return answer.At("summary.new") + " " + answer.At("summary.changed") + " " + answer.At("summary.same");
  }
  int64_t Households() {
    constexpr db::Sql kCount{"test.households", "SELECT COUNT(*) FROM households"};
    return Number(kCount);
  }
  int64_t People() {
    constexpr db::Sql kCount{"test.people", "SELECT COUNT(*) FROM residents"};
    return Number(kCount);
  }
  // How many have no name to be found by, or no address.
  int64_t NotFindable() {
    constexpr db::Sql kFindable{"test.findable", R"sql(
      SELECT (SELECT COUNT(*) FROM residents WHERE state = 'living') + (SELECT COUNT(*) FROM households WHERE state = 'living' AND address <> '')
             - (SELECT COUNT(DISTINCT id) FROM search_terms)
    )sql"};
    return Number(kFindable);
  }
  // Ticks until the import is over; how many it took.
  int Finish(const Answer& sent) {
    for (int ticks = 1; ticks < 100; ++ticks) {
      Tick();
      if (Get("admin", "/api/v1/imports/" + sent.At("id")).At("state") != "applying") return ticks;
    }
    return 100;
  }
  static std::string ManyHouseholds(int households, int people) {
    std::string csv = "户号,区域代码,住址,姓名,与户主关系,性别,出生日期\n";
    for (int h = 0; h < households; ++h) {
      for (int p = 0; p < people; ++p) {
        csv += fmt::format("H{:06},990101101001,双河村{}号,李{}{},{},女,{}-05-06\n", h, h, h, p, p == 0 ? "户主" : "子女", 1950 + p);
      }
    }
    return csv;
  }
};

TEST_F(ImportsApi, AreasAreCheckedThenApplied) {
  const Answer sent = Send("areas", "代码,名称\n990101103,新乡\n990101103001,东村\n990101101,清水镇\n990101102,白云镇\n");
  ASSERT_EQ(sent.status, 201) << sent.text;
  EXPECT_EQ(sent.At("state"), "ready");
  EXPECT_EQ(Summary(sent), "2 1 1");
  EXPECT_EQ(Get("", "/api/v1/areas/990101103").status, 404) << "a check changes nothing";
  const Answer applied = Apply(sent);
  EXPECT_EQ(applied.status, 202);
  EXPECT_EQ(applied.At("state"), "applied");
  EXPECT_EQ(Get("", "/api/v1/areas/990101103001").At("name"), "东村");
  EXPECT_EQ(Get("", "/api/v1/areas/990101102").At("name"), "白云镇");
  EXPECT_EQ(Apply(sent).At("state"), "applied") << "again: the same answer";
  // The same file twice.
  EXPECT_EQ(Summary(Send("areas", "代码,名称\n990101103,新乡\n990101103001,东村\n990101101,清水镇\n990101102,白云镇\n")), "0 0 4");
}

TEST_F(ImportsApi, EveryWrongCellIsNamed) {
  const Answer sent = Send("areas", "code,name\n990101104001,孤村\n99010,短\n990102001,别县\n990101105,\n990101106,甲\n990101106,乙\n");
  EXPECT_EQ(sent.status, 201);
  EXPECT_EQ(sent.At("state"), "refused");
  EXPECT_EQ(sent.At("errors_count"), "5");
  EXPECT_EQ(Mistakes(sent), (std::vector<std::string>{"2/code/unknown_parent", "3/code/not_an_area_code",
                                                      "4/code/outside_county", "5/name/required", "7/code/duplicate"}));
  EXPECT_EQ(Apply(sent).At("code"), "imports.has_errors");
}

TEST_F(ImportsApi, ProtectedColumnsAreRefusedByName) {
  const Answer sent = Send("households", "户号,区域代码,姓名,与户主关系,民族,宗教信仰\nH1,990101101001,甲,户主,x,y\n");
  EXPECT_EQ(sent.At("state"), "refused");
  EXPECT_EQ(Mistakes(sent), (std::vector<std::string>{"1/民族/boundaries.protected_category", "1/宗教信仰/boundaries.protected_category"}));
  EXPECT_NE(sent.At("errors.0.detail").find("语言"), std::string::npos);
}

TEST_F(ImportsApi, FilesAreWhatTheySayTheyAre) {
  EXPECT_EQ(Send("areas", "{}", "admin", "Content-Type: application/json").status, 415);
  EXPECT_EQ(Send("areas", "PK\x03\x04 rest").At("code"), "imports.not_what_it_says");
  EXPECT_EQ(Send("areas", "code,name\n", "admin", kXlsx).At("code"), "imports.not_what_it_says");
  EXPECT_EQ(Mistakes(Send("areas", "PK\x03\x04 rest", "admin", kXlsx)).at(0), "1//broken_archive");
  EXPECT_EQ(Send("areas", "").status, 422);
  EXPECT_EQ(Mistakes(Send("areas", "code,name\n")).at(0), "2//no_rows");
  EXPECT_EQ(Mistakes(Send("areas", "code,name\n\"990101103,x\n")).at(0), "2//unterminated_quote");
  EXPECT_EQ(Send("stars", "code\n").Errors().at(0), "kind:unknown_value");
  EXPECT_EQ(Post("admin", "/api/v1/imports", "a", {"Content-Type: text/csv"}).Errors().at(0), "kind:required");
  EXPECT_EQ(Send("areas", "code,name\n", "wangfang").status, 403);
  EXPECT_EQ(Send("areas", "code,name\n", "").status, 401);
  EXPECT_FALSE(std::filesystem::exists(dir_ / "files/imports") && !std::filesystem::is_empty(dir_ / "files/imports"))
      << "what was refused is not kept";
}

TEST_F(ImportsApi, UnitsFindTheirParents) {
  const std::string csv = "单位名称,区域代码,单位类型,上级单位,电话\n"
                          "石桥村委会,990101101002,村,清水镇政府,0999-77\n"
                          "新站,990101102,窗口,新局,\n新局,990101,部门,县政府办,\n水务局,990101,部门,县政府办,0999-1234567\n";
  const Answer sent = Send("units", csv);
  EXPECT_EQ(Mistakes(sent), std::vector<std::string>{});
  EXPECT_EQ(Summary(sent), "3 0 1");
  EXPECT_EQ(Apply(sent).At("state"), "applied");
  EXPECT_EQ(Get("admin", "/api/v1/units?q=新站").At("items.0.parent_name"), "新局");
  EXPECT_EQ(Summary(Send("units", csv)), "0 0 4");

  const Answer wrong = Send("units", "name,area_code,kind,parent\n甲,990101,castle,\n乙,990199,other,\n丙,990101,other,没有\n"
                                     "丁,990101,other,戊\n戊,990101,other,丁\n,,,\n己,990101,,\n");
  EXPECT_EQ(Mistakes(wrong), (std::vector<std::string>{"2/kind/unknown_value", "3/area_code/unknown_area", "4/parent/unknown_unit",
                                                       "5/parent/below_itself", "6/parent/below_itself", "8/kind/required"}));
}

TEST_F(ImportsApi, OfficersGetPasswordsOnce) {
  const std::string csv = "姓名,登录名,单位,职务,电话,角色,负责区域\n"
                          "周洁,zhoujie,双河村委会,村干部,13900001111,联系干部;窗口,990101101001\n"
                          "孙琦,sunqi,水务局,科长,13900000000,承办,990101\n";
  const Answer sent = Send("officers", csv);
  ASSERT_EQ(Mistakes(sent), std::vector<std::string>{});
  EXPECT_EQ(Summary(sent), "1 1 0");
  const Answer applied = Apply(sent);
  EXPECT_EQ(applied.At("state"), "applied");
  ASSERT_EQ(applied.Count("passwords"), 1u);
  EXPECT_EQ(applied.At("passwords.0.login"), "zhoujie");
  EXPECT_EQ(Apply(sent).Count("passwords"), 0u);
  EXPECT_EQ(Post("", "/api/v1/sessions", fmt::format(R"({{"login":"zhoujie","password":"{}"}})", applied.At("passwords.0.password"))).status, 201);
  EXPECT_EQ(Get("admin", "/api/v1/officers?q=zhoujie").Count("items.0.roles"), 2u);
  EXPECT_EQ(Get("admin", "/api/v1/officers?q=sunqi").At("items.0.post"), "科长");
  EXPECT_EQ(Summary(Send("officers", csv)), "0 0 2");
}

TEST_F(ImportsApi, OfficersKeepToTheAreaOfWhoImportsThem) {
  Write([&](db::Tx& tx) {
    org::AddRole(tx, kCounty, RoleId(NewUuid(clock_.now, random_)), huiyin::OfficerId(ParseId(OfficerId("lisi"))->id),
                 {Role::kAdministrator, huiyin::UnitId(ParseId(UnitId("清水镇政府"))->id), "990101101"});
  });
  const Answer sent = Send("officers", "name,login,unit,roles,role_area_code\n甲,jia1,水务局,handler,990101\n"
                                       "乙,yi22,清水镇政府,clerk,990101\n丙,bing3,清水镇政府,king,990101101\n丁,D?,无此单位,,\n"
                                       "戊,wu55,清水镇政府,clerk,990101101\n戊,wu55,清水镇政府,clerk,990101101\n", "lisi");
  EXPECT_EQ(Mistakes(sent), (std::vector<std::string>{"2/unit/outside_reach", "3/role_area_code/outside_unit_area",
                                                      "4/roles/unknown_value", "5/login/not_a_login", "5/unit/unknown_unit",
                                                      "7/login/duplicate"}));
  EXPECT_EQ(Get("lisi", "/api/v1/imports/" + sent.At("id")).status, 200);
  const Answer other = Send("areas", "code,name\n990101103,新乡\n");
  EXPECT_EQ(Get("lisi", "/api/v1/imports/" + other.At("id")).status, 404);
  EXPECT_EQ(Get("admin", "/api/v1/imports/" + sent.At("id")).status, 200);
}

TEST_F(ImportsApi, HouseholdsOnePersonARow) {
  const std::string csv = "户号,区域代码,住址,姓名,与户主关系,性别,出生日期,电话,语言,关爱\n"
                          "X-1,990101101001002,二组3号,刘大海,户主,男,1966/3/4,13911112222,汉语、藏语,\n"
                          "X-1,,,刘小海,长子,男,1990年5月6日,,,\n"
                          "X-2,990101102001,松林坡9号,孙奶奶,户主,女,1944-01-02,,,独居\n";
  const Answer sent = Send("households", csv);
  ASSERT_EQ(Mistakes(sent), std::vector<std::string>{});
  EXPECT_EQ(Summary(sent), "2 0 0");
  const int64_t before = Households();
  EXPECT_EQ(Apply(sent).At("state"), "applying");
  EXPECT_EQ(Finish(sent), 1);
  EXPECT_EQ(Households(), before + 2);
  EXPECT_EQ(Get("admin", "/api/v1/imports/" + sent.At("id")).At("rows_applied"), "3");
  EXPECT_EQ(Get("admin", "/api/v1/households?q=刘小").Count("items"), 1u);
  constexpr db::Sql kCounted{"test.counted", "SELECT households FROM areas WHERE code = '990101'"};
  EXPECT_EQ(Number(kCounted), 5);

  // The same file twice changes nothing; a little more changes a little.
  const Answer again = Send("households", csv);
  EXPECT_EQ(Summary(again), "0 0 2");
  Apply(again);
  Finish(again);
  const int64_t people = People();
  const Answer more = Send("households", csv + "X-2,,,孙小妹,孙女,女,2012-09-01,,,\nX-3,990101102001,,陈一,户主,,,,,\n");
  EXPECT_EQ(Summary(more), "1 1 1");
  Apply(more);
  Finish(more);
  EXPECT_EQ(People(), people + 2);
  EXPECT_EQ(Summary(Send("households", csv + "X-2,,,孙小妹,孙女,女,2012-09-01,,,\n")), "0 0 2");
}

TEST_F(ImportsApi, IdentityNumbersAreSealedAndComparedByHash) {
  const std::string csv = "户号,区域代码,姓名,与户主关系,身份证号\nX-1,990101101001002,刘大海,户主,99010119660304001x\n";
  Apply(Send("households", "户号,区域代码,姓名,与户主关系\nX-1,990101101001002,刘大海,户主\n"));
  Tick();
  const Answer sent = Send("households", csv);
  EXPECT_EQ(Summary(sent), "0 1 0");
  Apply(sent);
  Tick();
  EXPECT_EQ(Summary(Send("households", csv)), "0 0 1");
  constexpr db::Sql kPlain{"test.plain", "SELECT COUNT(*) FROM residents WHERE CAST(id_number_sealed AS TEXT) LIKE '%1966%'"};
  constexpr db::Sql kSealed{"test.sealed", "SELECT COUNT(*) FROM residents WHERE id_number_sealed IS NOT NULL"};
  EXPECT_EQ(Number(kPlain), 0);
  EXPECT_EQ(Number(kSealed), 1);
  EXPECT_EQ(Mistakes(Send("households", "户号,区域代码,姓名,与户主关系,身份证号\nX-5,990101101001002,甲,户主,12?\n")).at(0),
            "2/身份证号/not_an_id_number");
}

TEST_F(ImportsApi, HouseholdsAreRefusedRowByRow) {
  const Answer sent = Send("households", "户号,区域代码,住址,姓名,与户主关系,性别,出生日期,电话\n"
      "A,990101101001,1号,甲,户主,男,1966-03-04,x\n"          // 2
      "A,990101101002,2号,乙,户主,人,2066-03-04,\n"            // 3
      "B,990101101,,丙,户主,,,\n"                              // 4
      "C,990101101001,,丁,配偶,,,\n"                           // 5
      ",990101101001,,戊,户主,,,\n"                            // 6
      "A,990101101001,,己,,,,\n"                               // 7
      "990101101001-0001,990101102001,,张大山,户主,,,\n"        // 8: lies elsewhere
      "990101101002-0001,990101101002,,王建军,户主,,,\n");      // 9: another head
  EXPECT_EQ(Mistakes(sent), (std::vector<std::string>{
      "2/电话/not_a_phone", "3/区域代码/differs_within_household", "3/住址/differs_within_household", "3/性别/unknown_value",
      "3/出生日期/in_the_future", "3/与户主关系/second_head", "4/区域代码/village_or_group", "5/与户主关系/no_head",
      "6/户号/required", "7/户号/household_split", "7/与户主关系/required", "8/区域代码/other_area", "9/姓名/other_head"}));
}

TEST_F(ImportsApi, FiveThousandRowsAreInterruptedAndGoOn) {
  const std::string csv = ManyHouseholds(5'000, 1);
  const int64_t before = Households();
  const Answer sent = Send("households", csv);
  ASSERT_EQ(sent.At("rows"), "5000");
  Apply(sent);
  Tick();
  EXPECT_EQ(Get("admin", "/api/v1/imports/" + sent.At("id")).At("state"), "applying");
  EXPECT_EQ(Households(), before + 3'000);
  EXPECT_EQ(NotFindable(), 6'000);  // entered after many more, or when it is over
  // Another process takes over: nothing is remembered but what was committed.
  Services services{.database = *database_, .clock = clock_, .random = random_, .files = dir_ / "files", .reads = dir_ / "reads",
                    .default_county = kCounty, .zone = Zone{480}};
  services.field_key.fill(7);
  dispatch_ = std::make_unique<Dispatch>(services, Modules(), DispatchOptions{.workers = 1, .slow_workers = 1});
  Finish(sent);
  EXPECT_EQ(Households(), before + 5'000);
  EXPECT_EQ(NotFindable(), 0);
  EXPECT_EQ(Get("admin", "/api/v1/residents?q=李4999").Count("items"), 1u);
  const Answer over = Get("admin", "/api/v1/imports/" + sent.At("id"));
  EXPECT_EQ(over.At("state"), "applied");
  EXPECT_EQ(over.At("rows_applied"), "5000");
  EXPECT_EQ(Summary(Send("households", csv)), "0 0 5000");
}

TEST_F(ImportsApi, WhatNoLongerFitsStopsAndSaysWhy) {
  const std::string csv = ManyHouseholds(3'500, 1);
  const Answer sent = Send("households", csv);
  Apply(sent);
  Tick();
  // Meanwhile somebody files one of the same number elsewhere.
  const Answer rival = Send("households", "户号,区域代码,姓名,与户主关系\nH003400,990101102001,李某,户主\n");
  Write([&](db::Tx& tx) {
    constexpr db::Sql kInsert{"test.rival", R"sql(
      INSERT INTO households (county, id, register_number, area_code, created_at, updated_at)
      VALUES ($1, $2, 'H003400', '990101102001', 0, 0)
    )sql"};
    tx.Run(kInsert, kCounty, NewUuid(clock_.now, random_));
  });
  Finish(sent);
  const Answer over = Get("admin", "/api/v1/imports/" + sent.At("id"));
  EXPECT_EQ(over.At("state"), "failed");
  EXPECT_EQ(Mistakes(over), std::vector<std::string>{"3402/区域代码/other_area"});
  EXPECT_EQ(NotFindable(), 0);  // what came before it is in, and is found
  EXPECT_EQ(Apply(sent).At("code"), "imports.failed");
}

TEST_F(ImportsApi, ASpreadsheetDoesTheSame) {
  const imports::testing::Folder folder;
  const auto cell = [](std::string_view text) { return fmt::format("<c t=\"inlineStr\"><is><t>{}</t></is></c>", text); };
  const auto file = folder.Xlsx("t.xlsx", "<row>" + cell("代码") + cell("名称") + "</row><row><c><v>990101103</v></c>" + cell("新乡") + "</row>");
  const Answer sent = Send("areas", imports::testing::ReadAll(file), "admin", kXlsx);
  EXPECT_EQ(Mistakes(sent), std::vector<std::string>{});
  EXPECT_EQ(Summary(sent), "1 0 0");
  Apply(sent);
  EXPECT_EQ(Get("", "/api/v1/areas/990101103").At("name"), "新乡");
}

TEST_F(ImportsApi, ShippedAreasOfARealCounty) {
  const auto folder = std::filesystem::path(HUIYIN_SOURCE_DIR) / "data/divisions";
  const auto divisions = imports::ReadDivisions(folder, "510104");
  ASSERT_GT(divisions.size(), 50u);
  EXPECT_EQ(divisions[0].code, "51");
  EXPECT_EQ(divisions[1].code, "5101");
  EXPECT_EQ(divisions[2].code, "510104");
  EXPECT_EQ(divisions[2].name, "锦江区");
  EXPECT_EQ(divisions.back().code.size(), 12u);
  EXPECT_THROW(imports::ReadDivisions(folder / "nowhere.csv", "51"), std::runtime_error);
}

TEST_F(ImportsApi, MattersOfBeforeKeepTheirDatesAndComeInOnce) {
  const std::string csv =
      "工单号,受理时间,内容,类型,渠道,区域代码,承办单位,答复时间,答复,办结时间,是否解决\n"
      "A1,2025-03-01 09:30,三组的水管裂了,反映,电话,990101101001,水务局,2025-03-05 16:00,已换水管,2025-03-08,是\n"
      "A2,2025/4/2,路灯坏了,,,,,,,,\n";
  const Answer sent = Send("matters", csv);
  ASSERT_EQ(sent.status, 201) << sent.text;
  EXPECT_EQ(sent.At("state"), "ready") << sent.text;
  EXPECT_EQ(Summary(sent), "2 0 0");
  EXPECT_EQ(Get("liuyi", "/api/v1/matters?q=水管").Count("items"), 0u);
  EXPECT_EQ(Apply(sent).status / 100, 2);
  const Answer found = Get("liuyi", "/api/v1/matters?q=水管");
  ASSERT_EQ(found.Count("items"), 1u) << found.text;
  EXPECT_EQ(found.At("items.0.received_at"), "2025-03-01T01:30:00.000Z");
  EXPECT_EQ(found.At("items.0.owner.unit_name"), "水务局");
  EXPECT_EQ(found.At("items.0.state"), "settled");
  EXPECT_EQ(Get("liuyi", "/api/v1/matters?q=路灯").At("items.0.state"), "received");
  const Answer again = Send("matters", csv);
  EXPECT_EQ(Summary(again), "0 0 2");
  EXPECT_EQ(Apply(again).status / 100, 2);
  EXPECT_EQ(Number({"test.matters", "SELECT COUNT(*) FROM matters"}), 2);
}

TEST_F(ImportsApi, MattersSayRowByRowWhatIsWrong) {
  const Answer sent = Send("matters",
                           "number,received_at,text,area_code,unit,category,answered_at,closed_at\n"
                           "A1,yesterday,x,,,,,\n"
                           "A2,2027-01-01,x,,,,,\n"
                           "A3,2025-01-05,x,510104,,,,\n"
                           "A4,2025-01-05,x,,没有这个局,,,\n"
                           "A5,2025-01-05,x,,,nothing.such,,\n"
                           "A6,2025-01-05,x,,,,2025-01-04,\n"
                           "A6,2025-01-05,,,,,,\n");
  EXPECT_EQ(sent.At("state"), "refused");
  EXPECT_EQ(Mistakes(sent), (std::vector<std::string>{"2/received_at/not_a_time", "3/received_at/in_the_future",
                                                      "4/area_code/unknown_area", "5/unit/unknown_unit",
                                                      "6/category/unknown_category", "7/answered_at/before_received",
                                                      "8/text/required"}))
      << sent.text;
  EXPECT_EQ(Number({"test.no_matters", "SELECT COUNT(*) FROM matters"}), 0);
}

TEST_F(ImportsApi, RequestsOfNewYorkComeInByTheScreenToo) {
  const std::string csv =
      "Unique Key,Created Date,Closed Date,Agency,Complaint Type,Descriptor,Location Type,Incident Zip,City,Status,Due Date,"
      "Resolution Description,Resolution Action Updated Date,Community Board,Borough,Open Data Channel Type,Latitude,Longitude\n"
      "1,02/28/2023 11:45:00 PM,03/01/2023 01:00:00 AM,DOT,Street Condition,Pothole,,10011,NY,Closed,,Repaired.,,04 M,M,PHONE,,\n";
  const Answer sent = Send("matters", csv);
  EXPECT_EQ(Summary(sent), "1 0 0") << sent.text;
  EXPECT_EQ(Number({"test.none_yet", "SELECT COUNT(*) FROM matters"}), 0);
  EXPECT_EQ(Apply(sent).status / 100, 2);
  EXPECT_EQ(Get("liuyi", "/api/v1/matters?q=pothole").At("items.0.owner.unit_name"), "DOT");
  EXPECT_EQ(Summary(Send("matters", csv)), "0 0 1");
}

}  // namespace
}  // namespace huiyin::testing
