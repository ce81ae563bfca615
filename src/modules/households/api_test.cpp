// SPDX-License-Identifier: EUPL-1.2
#include <fstream>
#include <sstream>

#include "modules/households/testing.h"

namespace huiyin::households {
namespace {

class RegisterTest : public RegisterTown {
 protected:
  std::string zhang_;  // the household of 张大山
  void SetUp() override {
    RegisterTown::SetUp();
    zhang_ = HouseholdId("张大山");
  }
};

TEST_F(RegisterTest, ThePairedOfficerOpensTheWholeRecord) {
  const auto answer = Get("wangfang", Path(zhang_, "?purpose=visit"));
  ASSERT_EQ(answer.status, 200) << answer.text;
  EXPECT_EQ(answer.At("opened"), "full");
  EXPECT_EQ(answer.At("head_name"), "张大山");
  EXPECT_EQ(answer.At("area_name"), "清水镇 双河村 一组");
  EXPECT_EQ(answer.At("sections.residence.address"), "一组12号");
  EXPECT_EQ(answer.At("sections.population.residents"), "3");
  EXPECT_EQ(answer.At("sections.population.elders"), "2");
  EXPECT_EQ(answer.Count("residents"), 3u);
  EXPECT_EQ(answer.At("residents.0.relation"), "head");
  EXPECT_EQ(answer.At("section_states.income.consent"), "given");
  EXPECT_EQ(answer.At("revision"), "1");
  EXPECT_EQ(answer.headers.at("ETag"), "\"1\"");
}

TEST_F(RegisterTest, APurposeIsNeededAndMustBeTheReadersOwn) {
  EXPECT_EQ(Get("wangfang", Path(zhang_)).Errors(), std::vector<std::string>{"purpose:required"});
  EXPECT_EQ(Get("wangfang", Path(zhang_, "?purpose=curiosity")).Errors(), std::vector<std::string>{"purpose:unknown_value"});
  // In the area but without a relation: a reason, which the household reads.
  for (const char* who : {"sunqi", "liuyi", "chener", "zhaomin"}) {
    const auto refused = Get(who, Path(zhang_, "?purpose=visit"));
    EXPECT_EQ(refused.status, 403) << who;
    EXPECT_EQ(refused.At("code"), "access.reason_needed") << who;
    EXPECT_EQ(Get(who, Path(zhang_, "?purpose=other")).Errors(), std::vector<std::string>{"reason:required"}) << who;
    EXPECT_EQ(Get(who, Path(zhang_, "?purpose=other&reason=核对水管位置")).status, 200) << who;
  }
  EXPECT_EQ(Get("sunqi", Path(zhang_, "?purpose=intake")).At("code"), "access.reason_needed");
  EXPECT_EQ(Get("wangfang", Path(zhang_, "?purpose=audit")).status, 403);
  EXPECT_EQ(Get("zhangsan", Path(zhang_, "?purpose=audit")).At("opened"), "full");
  EXPECT_EQ(Get("zhangsan", Path(zhang_, "?purpose=visit")).At("code"), "access.reason_needed");
}

TEST_F(RegisterTest, OutsideTheAreaNothingExists) {
  for (const char* query : {"?purpose=visit", "?purpose=other&reason=x", "?purpose=intake", "?purpose=audit", ""}) {
    EXPECT_EQ(Get("lina", Path(zhang_, query)).status, 404) << query;
  }
  EXPECT_EQ(Get("lina", Path(zhang_, "/history?purpose=other&reason=x")).status, 404);
  EXPECT_EQ(Get("lina", Path(zhang_, "/reads")).status, 404);
  EXPECT_EQ(Patch("lina", Path(zhang_, "/sections/housing"), 1, R"({"rooms":3})").status, 404);
  EXPECT_EQ(Get("wangfang", Path("990102-0192f3a4-7c1e-7abc-8def-0123456789ab", "?purpose=visit")).status, 404);
  EXPECT_EQ(Get("wangfang", Path("0192f3a4-7c1e-7abc-8def-0123456789ab", "?purpose=visit")).status, 404);
}

TEST_F(RegisterTest, IntakeOpensWhoAndWhereOnly) {
  ASSERT_EQ(Patch("wangfang", Path(zhang_, "/sections/income"), 1, R"({"wages_fen":100})").status, 200);
  const auto answer = Get("zhaomin", Path(zhang_, "?purpose=intake"));
  ASSERT_EQ(answer.status, 200) << answer.text;
  EXPECT_EQ(answer.At("opened"), "identity");
  EXPECT_EQ(answer.At("sections.residence.address"), "一组12号");
  EXPECT_EQ(answer.text.find("income"), std::string::npos);
  EXPECT_EQ(answer.text.find("languages"), std::string::npos);
  EXPECT_EQ(answer.Count("residents"), 3u);
}

TEST_F(RegisterTest, EveryReadIsWrittenDownAndTheHouseholdReadsIt) {
  Get("wangfang", Path(zhang_, "?purpose=visit"));
  clock_.Advance(kMinute);
  Get("liuyi", Path(zhang_, "?purpose=other&reason=核对水管位置"));
  Get("sunqi", Path(zhang_, "?purpose=visit"));  // refused: nothing was read
  clock_.Advance(kMinute);
  Tick();
  const auto reads = Get("wangfang", Path(zhang_, "/reads"));
  ASSERT_EQ(reads.status, 200) << reads.text;
  ASSERT_EQ(reads.Count("items"), 2u);
  EXPECT_EQ(reads.At("items.0.officer_name"), "刘毅");
  EXPECT_EQ(reads.At("items.0.unit_name"), "督查室");
  EXPECT_EQ(reads.At("items.0.purpose"), "other");
  EXPECT_EQ(reads.At("items.0.reason"), "核对水管位置");
  EXPECT_EQ(reads.At("items.1.purpose"), "visit");
  EXPECT_EQ(Get("sunqi", Path(zhang_, "/reads")).status, 403);
}

TEST_F(RegisterTest, ASectionKeepsEveryVersion) {
  auto changed = Patch("wangfang", Path(zhang_, "/sections/housing"), 1,
                       R"({"rooms":4,"structure":"brick_timber","note":"西厢房漏雨"})");
  ASSERT_EQ(changed.status, 200) << changed.text;
  EXPECT_EQ(changed.At("revision"), "2");
  clock_.Advance(kDay);
  changed = Patch("wangfang", Path(zhang_, "/sections/housing"), 2, R"({"rooms":5,"note":null})");
  ASSERT_EQ(changed.status, 200) << changed.text;
  EXPECT_EQ(changed.At("fields.rooms"), "5");
  EXPECT_EQ(changed.At("fields.structure"), "brick_timber");
  EXPECT_EQ(changed.At("fields.note"), "");
  // The same again changes nothing.
  changed = Patch("wangfang", Path(zhang_, "/sections/housing"), 3, R"({"rooms":5})");
  EXPECT_EQ(changed.At("revision"), "3");

  const auto versions = Get("wangfang", Path(zhang_, "/sections/housing/history?purpose=visit"));
  ASSERT_EQ(versions.Count("items"), 2u) << versions.text;
  EXPECT_EQ(versions.At("items.0.changes.0.field"), "rooms");
  EXPECT_EQ(versions.At("items.0.changes.0.before"), "4");
  EXPECT_EQ(versions.At("items.0.changes.0.after"), "5");
  EXPECT_EQ(versions.At("items.1.fields.note"), "西厢房漏雨");
  EXPECT_EQ(versions.At("items.1.officer_name"), "王芳");
  const auto history = Get("wangfang", Path(zhang_, "/history?purpose=visit&limit=1"));
  ASSERT_EQ(history.Count("items"), 1u);
  EXPECT_EQ(history.At("items.0.kind"), "section_updated");
  EXPECT_EQ(history.At("items.0.section"), "housing");
  EXPECT_EQ(history.At("items.0.changes.0.after"), "5");
  const auto older = Get("wangfang", Path(zhang_, "/history?purpose=visit&limit=1&cursor=" + history.At("next_cursor")));
  EXPECT_EQ(older.At("items.0.revision"), "2");
  EXPECT_EQ(older.At("next_cursor"), "");
}

TEST_F(RegisterTest, AStaleChangeIsToldWhatChanged) {
  ASSERT_EQ(Patch("wangfang", Path(zhang_, "/sections/housing"), 1, R"({"rooms":4})").status, 200);
  const auto stale = Patch("wangfang", Path(zhang_, "/sections/housing"), 1, R"({"rooms":6})");
  EXPECT_EQ(stale.status, 412);
  EXPECT_EQ(stale.At("revision"), "2");
  ASSERT_EQ(stale.Count("changes"), 1u) << stale.text;
  EXPECT_EQ(stale.At("changes.0.field"), "housing.rooms");
  EXPECT_EQ(stale.At("changes.0.value"), "4");
  EXPECT_EQ(stale.At("changes.0.by"), "王芳");
  EXPECT_EQ(Call("wangfang", "PATCH", Path(zhang_, "/sections/housing"), R"({"rooms":6})").status, 428);
  EXPECT_EQ(Call("wangfang", "PATCH", Path(zhang_, "/sections/housing"), "{}", {"If-Match: x"}).status, 400);
}

TEST_F(RegisterTest, WrongFieldsAreNamedAndNothingIsKept) {
  const auto answer = Patch("wangfang", Path(zhang_, "/sections/housing"), 1,
                            R"({"rooms":-1,"structure":"gold","built_year":"1990","colour":"red","note":5})");
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.Errors(), (std::vector<std::string>{"colour:unknown_field", "structure:unknown_value",
                                                      "rooms:out_of_range", "built_year:wrong_type", "note:wrong_type"}));
  EXPECT_EQ(Patch("wangfang", Path(zhang_, "/sections/income"), 1, R"({"total_fen":5})").Errors(),
            std::vector<std::string>{"total_fen:read_only"});
  EXPECT_EQ(Patch("wangfang", Path(zhang_, "/sections/nonsense"), 1, "{}").status, 404);
  EXPECT_EQ(Get("wangfang", Path(zhang_, "?purpose=visit")).At("revision"), "1");
}

TEST_F(RegisterTest, ProtectedCategoriesAreRefusedWithTheReason) {
  for (const char* body : {R"({"religion":"x"})", R"({"民族":"汉"})", R"({"custom":{"political_status":"x"}})",
                           R"({"上访次数":3})", R"({"risk_score":3})", R"({"family_planning":"x"})"}) {
    const auto answer = Patch("wangfang", Path(zhang_, "/sections/population"), 1, body);
    EXPECT_EQ(answer.status, 422) << body;
    EXPECT_EQ(answer.At("code"), "boundaries.protected_category") << body;
    EXPECT_NE(answer.At("errors.0.detail"), "") << body;
  }
  const auto english = Call("wangfang", "PATCH", Path(zhang_, "/sections/population"), R"({"religion":"x"})",
                            {"If-Match: 1", "Accept-Language: en"});
  EXPECT_EQ(english.At("errors.0.detail").substr(0, 8), "Religion");
}

TEST_F(RegisterTest, MeasuresHaveIdsAndNames) {
  const std::string by = OfficerId("wangfang");
  auto answer = Patch("wangfang", Path(zhang_, "/sections/measures"), 1,
                      R"({"items":[{"text":"协助办理低保","by_officer_id":")" + by + R"(","due":"2026-05-01"},{"text":"修水管"}]})");
  ASSERT_EQ(answer.status, 200) << answer.text;
  EXPECT_EQ(answer.At("fields.items.0.by_officer_name"), "王芳");
  EXPECT_EQ(answer.At("fields.items.0.state"), "planned");
  const std::string first = answer.At("fields.items.0.id");
  answer = Patch("wangfang", Path(zhang_, "/sections/measures"), 2,
                 R"({"items":[{"id":")" + first + R"(","text":"协助办理低保","state":"done"}]})");
  ASSERT_EQ(answer.status, 200) << answer.text;
  EXPECT_EQ(answer.At("fields.items.0.done_at"), "2026-03-11T02:00:00.000Z");
  EXPECT_EQ(answer.Count("fields.items"), 1u);
  EXPECT_EQ(Patch("wangfang", Path(zhang_, "/sections/measures"), 3,
                  R"({"items":[{"text":"x","by_officer_id":"0192f3a4-7c1e-7abc-8def-0123456789ab"}]})").Errors(),
            std::vector<std::string>{"items[0].by_officer_id:unknown_reference"});
}

TEST_F(RegisterTest, WithdrawnConsentErasesTheSection) {
  ASSERT_EQ(Patch("wangfang", Path(zhang_, "/sections/income"), 1, R"({"wages_fen":4200000,"note":"在外务工"})").status, 200);
  ASSERT_EQ(Patch("wangfang", Path(zhang_, "/sections/income"), 2, R"({"wages_fen":4300000})").status, 200);
  ASSERT_EQ(Call("wangfang", "DELETE", Path(zhang_, "/consents/income")).status, 204);
  const auto record = Get("wangfang", Path(zhang_, "?purpose=visit"));
  EXPECT_EQ(record.At("section_states.income.consent"), "withdrawn");
  EXPECT_EQ(record.At("sections.income"), "");
  const auto versions = Get("wangfang", Path(zhang_, "/sections/income/history?purpose=visit"));
  EXPECT_EQ(versions.Count("items"), 2u);  // that there were versions stays
  EXPECT_EQ(versions.text.find("务工"), std::string::npos);
  EXPECT_EQ(versions.text.find("4200000"), std::string::npos);
  static constexpr db::Sql kLeft{"test.left", "SELECT COUNT(*) FROM section_versions WHERE new_doc LIKE '%4300000%' OR old_doc LIKE '%4200000%'"};
  static constexpr db::Sql kEvents{"test.events", "SELECT COUNT(*) FROM events WHERE data LIKE '%务工%'"};
  EXPECT_EQ(Number(kLeft), 0);
  EXPECT_EQ(Number(kEvents), 0);

  auto refused = Patch("wangfang", Path(zhang_, "/sections/income"), 4, R"({"wages_fen":1})");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.At("code"), "consents.not_given");
  const auto given = Call("wangfang", "PUT", Path(zhang_, "/consents/income"), R"({"how":"written"})");
  ASSERT_EQ(given.status, 200) << given.text;
  EXPECT_EQ(given.At("state"), "given");
  EXPECT_NE(given.At("purpose_zh"), "");
  EXPECT_EQ(Patch("wangfang", Path(zhang_, "/sections/income"), 5, R"({"wages_fen":1})").status, 200);
  EXPECT_EQ(Call("wangfang", "DELETE", Path(zhang_, "/consents/housing")).status, 422);
}

TEST_F(RegisterTest, AClerkEditsWithAReasonThatTheHouseholdReads) {
  EXPECT_EQ(Patch("zhaomin", Path(zhang_, "/sections/residence"), 1, R"({"phone":"13800000000"})").At("code"),
            "access.reason_needed");
  ASSERT_EQ(Patch("zhaomin", Path(zhang_, "/sections/residence?purpose=other&reason=本人到窗口更正电话"), 1,
                  R"({"phone":"13800000000"})").status, 200);
  EXPECT_EQ(Get("wangfang", Path(zhang_, "/reads")).At("items.0.reason"), "本人到窗口更正电话");
  EXPECT_EQ(Patch("liuyi", Path(zhang_, "/sections/residence?reason=x"), 2, R"({"phone":"1"})").status, 403);
}

TEST_F(RegisterTest, HouseholdsAreFoundByNameAddressAndNumber) {
  const auto found = [&](std::string_view who, std::string_view query) {
    const auto answer = Get(who, "/api/v1/households?" + std::string(query));
    EXPECT_EQ(answer.status, 200) << answer.text;
    std::string heads;
    for (size_t i = 0; i < answer.Count("items"); ++i) heads += answer.At("items." + std::to_string(i) + ".head_name") + " ";
    return heads;
  };
  EXPECT_EQ(found("wangfang", ""), "张大山 王建国 ");
  EXPECT_EQ(found("liuyi", ""), "张大山 王建国 赵春花 ");
  EXPECT_EQ(found("liuyi", "area=990101102"), "赵春花 ");
  EXPECT_EQ(Get("wangfang", "/api/v1/households?area=990101102").status, 404);
  EXPECT_EQ(found("liuyi", "q=张"), "张大山 ");          // two people of one household: once
  EXPECT_EQ(found("liuyi", "q=秀英"), "张大山 ");
  EXPECT_EQ(found("liuyi", "q=李秀英"), "张大山 ");
  EXPECT_EQ(found("liuyi", "q=李英秀"), "");
  EXPECT_EQ(found("liuyi", "q=老街"), "王建国 ");
  EXPECT_EQ(found("liuyi", "q=松林坡3号"), "赵春花 ");
  EXPECT_EQ(found("liuyi", "q=990101101002-0001"), "王建国 ");
  EXPECT_EQ(found("wangfang", "q=赵"), "");
  EXPECT_EQ(found("liuyi", "q=%25"), "");
  EXPECT_EQ(found("liuyi", "q=%"), "");
  EXPECT_EQ(found("wangfang", "mine=true"), "张大山 ");
  EXPECT_EQ(found("sunqi", "mine=true"), "");

  auto page = Get("liuyi", "/api/v1/households?limit=2");
  EXPECT_EQ(page.Count("items"), 2u);
  page = Get("liuyi", "/api/v1/households?limit=2&cursor=" + page.At("next_cursor"));
  ASSERT_EQ(page.Count("items"), 1u) << page.text;
  EXPECT_EQ(page.At("items.0.head_name"), "赵春花");
  EXPECT_EQ(Get("liuyi", "/api/v1/households?cursor=xyz!").status, 422);
  EXPECT_EQ(Get("liuyi", "/api/v1/households?area=99010x").status, 422);
}

TEST_F(RegisterTest, PeopleAreFoundByTheirNames) {
  auto answer = Get("wangfang", "/api/v1/residents?q=张");
  ASSERT_EQ(answer.Count("items"), 2u) << answer.text;
  EXPECT_EQ(answer.At("items.0.head_name"), "张大山");
  EXPECT_EQ(answer.At("items.0.area_name"), "清水镇 双河村 一组");
  answer = Get("wangfang", "/api/v1/residents?q=张&limit=1");
  ASSERT_EQ(answer.Count("items"), 1u);
  answer = Get("wangfang", "/api/v1/residents?q=张&limit=1&cursor=" + answer.At("next_cursor"));
  EXPECT_EQ(answer.Count("items"), 1u);
  EXPECT_EQ(answer.At("next_cursor"), "");
  EXPECT_EQ(Get("wangfang", "/api/v1/residents?q=小明").Count("items"), 1u);
  EXPECT_EQ(Get("wangfang", "/api/v1/residents?q=春花").Count("items"), 0u);
  EXPECT_EQ(Get("wangfang", "/api/v1/residents?q=990101101001-0001").Count("items"), 3u);
  EXPECT_EQ(Get("wangfang", "/api/v1/residents").Errors(), std::vector<std::string>{"q:required"});
}

TEST_F(RegisterTest, AnAddressIsFoundWhereItIsNow) {
  ASSERT_EQ(Patch("wangfang", Path(zhang_, "/sections/residence"), 1, R"({"address":"新桥头9号"})").status, 200);
  EXPECT_EQ(Get("wangfang", "/api/v1/households?q=新桥").Count("items"), 1u);
  EXPECT_EQ(Get("wangfang", "/api/v1/households?q=12号").Count("items"), 0u);
}

TEST_F(RegisterTest, HostileTextComesBackAsItWasOrIsRefusedByName) {
  std::ostringstream text;
  text << std::ifstream(std::string(HUIYIN_SOURCE_DIR) + "/data/security/blns.json").rdbuf();
  checks_contract_ = false;  // hundreds of the same answers
  const json::value strings = json::parse(text.str());
  int64_t revision = 1;
  for (const json::value& value : strings.as_array()) {
    const json::object body{{"note", value}};
    const auto answer = Patch("wangfang", Path(zhang_, "/sections/housing"), revision, json::serialize(body));
    if (answer.status == 422) {
      EXPECT_EQ(answer.At("errors.0.field"), "note") << answer.text;
      continue;
    }
    ASSERT_EQ(answer.status, 200) << json::serialize(body) << answer.text;
    revision = std::stoll(answer.At("revision"));
    const auto record = Get("wangfang", Path(zhang_, "?purpose=visit"));
    ASSERT_EQ(record.status, 200);
    EXPECT_EQ(record.At("sections.housing.note"), answer.At("fields.note"));
    const auto search = Get("wangfang", "/api/v1/households?q=" + std::string(value.as_string()));
    EXPECT_TRUE(search.status == 200 || search.status == 422) << search.status;
  }
}

TEST_F(RegisterTest, TheCountyDecidesWhichSectionsNeedConsent) {
  const std::string revision = Get("admin", "/api/v1/settings").At("revision");
  const auto changed = Patch("admin", "/api/v1/settings", std::stoll(revision), R"({"purposes": [
      {"section": "housing", "consent": true, "purpose_zh": "看房子", "purpose_en": "To see the house"},
      {"section": "income", "consent": false, "purpose_zh": "核对", "purpose_en": "To check"}]})");
  ASSERT_EQ(changed.status, 200) << changed.text;
  const auto edit = [&](std::string_view section, std::string_view body) {
    const std::string seen = Get("wangfang", Path(zhang_, "?purpose=visit")).At("revision");
    return Patch("wangfang", Path(zhang_, "/sections/" + std::string(section)), std::stoll(seen), body);
  };
  EXPECT_EQ(edit("housing", R"({"rooms": 3})").At("code"), "consents.not_given");
  EXPECT_EQ(Get("wangfang", Path(zhang_, "?purpose=visit")).At("section_states.housing.consent"), "missing");
  EXPECT_EQ(Call("wangfang", "PUT", Path(zhang_, "/consents/housing"), "{}").status / 100, 2);
  EXPECT_EQ(edit("housing", R"({"rooms": 3})").status, 200);
  EXPECT_EQ(Call("wangfang", "PUT", Path(zhang_, "/consents/income"), "{}").status, 422);
}

}  // namespace
}  // namespace huiyin::households
