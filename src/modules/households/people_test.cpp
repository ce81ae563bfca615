// SPDX-License-Identifier: EUPL-1.2
#include <fstream>
#include <sstream>

#include "modules/households/testing.h"

namespace huiyin::households {
namespace {

class PeopleTest : public RegisterTown {
 protected:
  void SetUp() override {
    RegisterTown::SetUp();
    zhang_ = HouseholdId("张大山");
  }
  testing::Answer Record(std::string_view who = "wangfang") { return Get(who, Path(zhang_, "?purpose=visit")); }
  std::string zhang_;
};

TEST_F(PeopleTest, APersonIsAddedAndFound) {
  const auto added = Post("wangfang", Path(zhang_, "/residents"),
      R"({"name":"张晓燕","sex":"female","birth_date":"2015-05-01","relation":"grandchild","languages":["zh","bo"],
          "id_number":"99010120150501002x","care":["left_behind_child"],"phone":"13800000001"})");
  ASSERT_EQ(added.status, 201) << added.text;
  EXPECT_EQ(added.At("id_number_masked"), "9****************X");
  EXPECT_EQ(added.text.find("20150501002"), std::string::npos);
  EXPECT_EQ(added.At("household_revision"), "2");
  const auto record = Record();
  EXPECT_EQ(record.At("sections.population.residents"), "4");
  EXPECT_EQ(record.At("sections.population.left_behind_children"), "1");
  EXPECT_EQ(Get("wangfang", "/api/v1/residents?q=晓").Count("items"), 1u);
  static constexpr db::Sql kPlain{"test.plain", "SELECT COUNT(*) FROM residents WHERE id_number_sealed LIKE '%20150501%'"};
  static constexpr db::Sql kSealed{"test.sealed", "SELECT COUNT(*) FROM residents WHERE id_number_sealed IS NOT NULL"};
  EXPECT_EQ(Number(kPlain), 0);
  EXPECT_EQ(Number(kSealed), 1);
}

TEST_F(PeopleTest, ALikelyDoubleIsShownFirst) {
  const std::string wang = HouseholdId("王建国");
  Write([&](db::Tx& tx) {  // wangfang may write to the other household too
    static constexpr db::Sql kPair{"test.pair", R"sql(
      INSERT INTO pairings (county, id, kind, household_id, officer_id, from_on, created_at)
      VALUES ($1, $2, 'household', $3, $4, 0, 0))sql"};
    tx.Run(kPair, kCounty, NewUuid(clock_.now, random_), ParseId(wang)->id, ParseId(OfficerId("wangfang"))->id);
  });
  const std::string body = R"({"name":"张小明","sex":"male","birth_date":"1988-01-20","relation":"other")";
  const auto doubled = Post("wangfang", Path(wang, "/residents"), body + "}");
  EXPECT_EQ(doubled.status, 409);
  EXPECT_EQ(doubled.At("code"), "residents.possible_duplicate");
  ASSERT_EQ(doubled.Count("duplicates"), 1u) << doubled.text;
  EXPECT_EQ(doubled.At("duplicates.0.head_name"), "张大山");
  EXPECT_EQ(Post("wangfang", Path(wang, "/residents"), body + R"(,"confirm_duplicate":true})").status, 201);
  // The name alone is shown when asked and stops nobody.
  const auto weak = Get("wangfang", "/api/v1/residents/duplicates?name=李秀英");
  ASSERT_EQ(weak.Count("items"), 1u) << weak.text;
  EXPECT_EQ(weak.At("items.0.why.0"), "name");
  EXPECT_EQ(Post("wangfang", Path(wang, "/residents"),
                 R"({"name":"李秀英","sex":"female","birth_date":"1999-01-01","relation":"other"})").status, 201);
  // The one of out of reach is not shown.
  EXPECT_EQ(Get("wangfang", "/api/v1/residents/duplicates?name=赵春花").Count("items"), 0u);
}

TEST_F(PeopleTest, TheSameIdSentAgainIsTheSamePerson) {
  const std::string body = R"({"id":"0192f3a4-7c1e-7abc-8def-0123456789ab","name":"张三丰","sex":"male","birth_date":"1990-01-01","relation":"child"})";
  ASSERT_EQ(Post("wangfang", Path(zhang_, "/residents"), body).status, 201);
  EXPECT_EQ(Post("wangfang", Path(zhang_, "/residents"), body).status, 201);
  EXPECT_EQ(Record().At("sections.population.residents"), "4");
  const auto other = Post("wangfang", Path(zhang_, "/residents"),
      R"({"id":"0192f3a4-7c1e-7abc-8def-0123456789ab","name":"张四丰","sex":"male","birth_date":"1990-01-01","relation":"child"})");
  EXPECT_EQ(other.At("code"), "duplicate_id");
}

TEST_F(PeopleTest, WrongFieldsOfAPersonAreNamed) {
  const auto wrong = Post("wangfang", Path(zhang_, "/residents"),
      R"({"name":"","sex":"x","birth_date":"2030-01-01","relation":"head","phone":"<b>","languages":["../"],"care":["saint"],"id_number":"$$"})");
  EXPECT_EQ(wrong.Errors(), (std::vector<std::string>{
      "name:required", "sex:unknown_value", "birth_date:in_future", "phone:not_a_phone", "languages:not_a_language",
      "id_number:not_an_id_number", "care:unknown_value", "relation:by_life_event"}));
  const auto refused = Post("wangfang", Path(zhang_, "/residents"),
      R"({"name":"张","sex":"male","relation":"child","ethnicity":"x"})");
  EXPECT_EQ(refused.At("code"), "boundaries.protected_category");
}

TEST_F(PeopleTest, APersonIsCorrectedAgainstTheRevisionSeen) {
  const std::string li = "/api/v1/residents/" + ResidentId("李秀英");
  const auto changed = Patch("wangfang", li, 1, R"({"name":"李秀瑛","phone":"13800000002"})");
  ASSERT_EQ(changed.status, 200) << changed.text;
  EXPECT_EQ(changed.At("revision"), "2");
  EXPECT_EQ(Get("wangfang", "/api/v1/residents?q=秀英").Count("items"), 0u);
  EXPECT_EQ(Get("wangfang", "/api/v1/residents?q=秀瑛").Count("items"), 1u);
  const auto stale = Patch("wangfang", li, 1, R"({"phone":"1"})");
  EXPECT_EQ(stale.status, 412);
  EXPECT_EQ(stale.At("changes.1.field"), "phone");
  EXPECT_EQ(stale.At("changes.1.value"), "13800000002");
  EXPECT_EQ(Patch("wangfang", li, 2, R"({"relation":"head"})").Errors(), std::vector<std::string>{"relation:by_life_event"});
  EXPECT_EQ(Patch("lina", li, 2, R"({"phone":"1"})").status, 404);
  // The head's new name is the household's.
  clock_.Advance(kMinute);
  ASSERT_EQ(Patch("wangfang", "/api/v1/residents/" + ResidentId("张大山"), 1, R"({"name":"张大珊"})").status, 200);
  EXPECT_EQ(Record().At("head_name"), "张大珊");
  const auto history = Get("wangfang", Path(zhang_, "/history?purpose=visit"));
  EXPECT_EQ(history.At("items.0.kind"), "resident_updated");
  EXPECT_EQ(history.At("items.0.changes.0.before"), "张大山");
}

TEST_F(PeopleTest, AHouseholdIsRegistered) {
  const std::string body = R"({"area_code":"990101101001002","address":"二组1号",
      "head":{"name":"周海","sex":"male","birth_date":"1980-02-02","relation":"head"},
      "residents":[{"name":"周小海","sex":"male","birth_date":"2010-02-02","relation":"child"}]})";
  const auto made = Post("zhaomin", "/api/v1/households", body);
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.At("register_number"), "990101101001-0002");
  EXPECT_EQ(Get("zhaomin", "/api/v1/households?q=周海").Count("items"), 1u);
  EXPECT_EQ(Get("zhaomin", Path(made.At("id"), "?purpose=intake")).Count("residents"), 2u);
  static constexpr db::Sql kCounted{"test.counted", "SELECT households FROM areas WHERE code = '990101101001'"};
  EXPECT_EQ(Number(kCounted), 2);
  EXPECT_EQ(Post("zhaomin", "/api/v1/households", body).At("code"), "residents.possible_duplicate");
  EXPECT_EQ(Post("zhaomin", "/api/v1/households", R"({"area_code":"990101102001","head":{"name":"周","sex":"male","relation":"head"}})").Errors(),
            std::vector<std::string>{"area_code:unknown_area"});
  EXPECT_EQ(Post("zhaomin", "/api/v1/households", "{}").Errors(), (std::vector<std::string>{"area_code:required", "head:required"}));
  EXPECT_EQ(Post("liuyi", "/api/v1/households", body).status, 403);
}

TEST_F(PeopleTest, ACardOpensTheHouseholdsOwnView) {
  const auto card = Post("zhaomin", Path(zhang_, "/card"));
  ASSERT_EQ(card.status, 201) << card.text;
  EXPECT_EQ(Get("wangfang", "/api/v1/households?q=" + card.At("card_number")).Count("items"), 1u);
  EXPECT_EQ(Record().At("card.activated"), "false");
  EXPECT_NE(Record().At("card.issued_at"), "");
  EXPECT_EQ(Post("wangfang", Path(zhang_, "/card")).status, 403);
  const auto active = Post("", "/api/v1/card_activations",
      R"({"card_number":")" + card.At("card_number") + R"(","first_code":")" + card.At("first_code") + R"(","pin":"482915"})");
  EXPECT_EQ(active.status, 201) << active.text;
  EXPECT_EQ(Get("wangfang", Path(zhang_, "/history?purpose=visit")).At("items.0.kind"), "card_issued");

  const auto run = Post("zhaomin", "/api/v1/household_cards", R"({"area_code":"990101101"})");
  ASSERT_EQ(run.status, 201) << run.text;
  ASSERT_EQ(run.Count("items"), 1u);  // the one that has none
  EXPECT_EQ(run.At("items.0.head_name"), "王建国");
  EXPECT_EQ(Post("zhaomin", "/api/v1/household_cards", R"({"area_code":"990101102"})").status, 422);
  EXPECT_EQ(Post("wangfang", "/api/v1/household_cards", R"({"area_code":"990101101"})").status, 403);
}

TEST_F(PeopleTest, ACountyAddsFieldsButNotProtectedOnes) {
  for (const char* body : {R"({"section":"population","name":"religion","label_zh":"信仰","label_en":"x","type":"text"})",
                           R"({"section":"population","name":"f1","label_zh":"民族","label_en":"x","type":"text"})",
                           R"({"section":"population","name":"f1","label_zh":"类别","label_en":"Risk score","type":"text"})",
                           R"({"section":"population","name":"f1","label_zh":"类别","label_en":"Kind","type":"choice",
                               "choices":[{"code":"a","zh":"上访户","en":"x"}]})"}) {
    const auto refused = Post("admin", "/api/v1/fields", body);
    EXPECT_EQ(refused.status, 422) << body;
    EXPECT_EQ(refused.At("code"), "boundaries.protected_category") << refused.text;
  }
  EXPECT_EQ(Post("wangfang", "/api/v1/fields", "{}").status, 403);
  const auto field = Post("admin", "/api/v1/fields",
      R"({"section":"housing","name":"roof","label_zh":"屋顶","label_en":"Roof","type":"choice","choices":[{"code":"tile","zh":"瓦","en":"Tile"}]})");
  ASSERT_EQ(field.status, 201) << field.text;
  EXPECT_EQ(Get("wangfang", "/api/v1/fields?section=housing").Count("items"), 1u);
  ASSERT_EQ(Patch("wangfang", Path(zhang_, "/sections/housing"), 1, R"({"rooms":2,"custom":{"roof":"tile"}})").status, 200);
  EXPECT_EQ(Record().At("sections.housing.custom.roof"), "tile");
  // Removed, its values go from the record and from every version.
  ASSERT_EQ(Call("admin", "DELETE", "/api/v1/fields/" + field.At("id")).status, 204);
  Tick();
  EXPECT_EQ(Record().At("sections.housing.custom.roof"), "");
  EXPECT_EQ(Record().At("sections.housing.rooms"), "2");
  static constexpr db::Sql kLeft{"test.tiles", "SELECT COUNT(*) FROM section_versions WHERE new_doc LIKE '%tile%'"};
  EXPECT_EQ(Number(kLeft), 0);
}

TEST_F(PeopleTest, HostileNamesAreKeptOrRefusedByName) {
  checks_contract_ = false;  // hundreds of the same answers
  std::ostringstream text;
  text << std::ifstream(std::string(HUIYIN_SOURCE_DIR) + "/data/security/blns.json").rdbuf();
  const json::value strings = json::parse(text.str());
  size_t kept = 0;
  for (const json::value& value : strings.as_array()) {
    json::object body{{"name", value}, {"sex", "unstated"}, {"relation", "other"}, {"note", value}};
    body["confirm_duplicate"] = true;
    const auto answer = Post("wangfang", Path(zhang_, "/residents"), json::serialize(body));
    ASSERT_TRUE(answer.status == 201 || answer.status == 422) << json::serialize(body) << answer.text;
    kept += answer.status == 201;
    EXPECT_TRUE(answer.status == 201 || !answer.At("errors.0.field").empty()) << answer.text;
  }
  EXPECT_GT(kept, 100u);
  const auto record = Record();
  EXPECT_EQ(record.status, 200);
  EXPECT_EQ(record.Count("residents"), kept + 3);
}

}  // namespace
}  // namespace huiyin::households
