// SPDX-License-Identifier: EUPL-1.2
#include "modules/households/testing.h"

namespace huiyin::households {
namespace {

class LifeTest : public RegisterTown {
 protected:
  void SetUp() override {
    RegisterTown::SetUp();
    zhang_ = HouseholdId("张大山");
  }
  testing::Answer Record() { return Get("wangfang", Path(zhang_, "?purpose=visit")); }
  testing::Answer Happen(std::string_view body, std::string_view home = "") {
    return Post("wangfang", Path(home.empty() ? zhang_ : std::string(home), "/life_events"), body);
  }
  // `text` with each name in brackets as the id of that resident.
  std::string Fill(std::string text) {
    for (const char* name : {"张大山", "李秀英", "张小明", "王建国", "赵春花"}) {
      const std::string mark = "[" + std::string(name) + "]";
      for (size_t at; (at = text.find(mark)) != std::string::npos;) text.replace(at, mark.size(), ResidentId(name));
    }
    return text;
  }
  std::string RelationOf(const testing::Answer& record, std::string_view name) {
    for (size_t i = 0; i < record.Count("residents"); ++i) {
      const std::string at = "residents." + std::to_string(i);
      if (record.At(at + ".name") == name) return record.At(at + ".relation") + "/" + record.At(at + ".state");
    }
    return "";
  }
  int64_t HouseholdsIn(std::string_view area) {
    int64_t count = 0;
    database_->Read([&](db::Tx& tx) {
      static constexpr db::Sql kCount{"test.area", "SELECT households FROM areas WHERE county = $1 AND code = $2"};
      count = tx.Number(kCount, kCounty, area);
    });
    return count;
  }
  std::string zhang_;
};

TEST_F(LifeTest, TheHeadDiesAndAnotherStandsForTheHousehold) {
  auto refused = Happen(Fill(R"({"kind":"death","date":"2026-03-10","resident_id":"[张大山]"})"));
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.At("code"), "life_events.head_needed");
  EXPECT_EQ(Record().At("revision"), "1");  // nothing half done
  EXPECT_EQ(Happen(Fill(R"({"kind":"death","date":"2026-03-10","resident_id":"[张大山]","new_head_id":"[张大山]"})")).Errors(),
            std::vector<std::string>{"new_head_id:not_a_member"});
  EXPECT_EQ(Happen(Fill(R"({"kind":"death","date":"2026-03-10","resident_id":"[张大山]","new_head_id":"[王建国]"})")).Errors(),
            std::vector<std::string>{"new_head_id:not_a_member"});

  const auto died = Happen(Fill(R"({"kind":"death","date":"2026-03-10","resident_id":"[张大山]","new_head_id":"[李秀英]"})"));
  ASSERT_EQ(died.status, 201) << died.text;
  EXPECT_EQ(died.At("household_closed"), "false");
  const auto record = Record();
  EXPECT_EQ(record.At("head_name"), "李秀英");
  EXPECT_EQ(record.At("head_id"), ResidentId("李秀英"));
  EXPECT_EQ(RelationOf(record, "李秀英"), "head/present");
  EXPECT_EQ(RelationOf(record, "张小明"), "child/present");
  EXPECT_EQ(RelationOf(record, "张大山"), "head/dead");
  EXPECT_EQ(record.At("residents.2.until"), "2026-03-10");
  EXPECT_EQ(record.At("sections.population.residents"), "2");
  // The dead leave the lists and stay in the history.
  EXPECT_EQ(Get("wangfang", "/api/v1/residents?q=大山").Count("items"), 0u);
  const auto history = Get("wangfang", Path(zhang_, "/history?purpose=visit"));
  EXPECT_EQ(history.At("items.0.life_event.kind"), "death");
  EXPECT_EQ(history.At("items.0.life_event.resident_name"), "张大山");
  EXPECT_EQ(Happen(Fill(R"({"kind":"death","date":"2026-03-10","resident_id":"[张大山]"})")).Errors(),
            std::vector<std::string>{"resident_id:not_a_member"});
  EXPECT_EQ(Patch("wangfang", "/api/v1/residents/" + ResidentId("张大山"), 2, R"({"note":"x"})").At("code"), "residents.gone");
}

TEST_F(LifeTest, TheLastOneDiesAndTheHouseholdEnds) {
  Happen(Fill(R"({"kind":"move_out","date":"2026-03-01","members":["[李秀英]","[张小明]"]})"));
  const std::string token = Token("household:张大山");
  const std::string body = Fill(
      R"({"id":"0192f3a4-7c1e-7abc-8def-0123456789ab","kind":"death","date":"2026-03-10","resident_id":"[张大山]"})");
  const auto died = Happen(body);
  ASSERT_EQ(died.status, 201) << died.text;
  EXPECT_EQ(died.At("household_closed"), "true");
  EXPECT_EQ(HouseholdsIn("990101101001"), 0);
  EXPECT_EQ(HouseholdsIn("990101"), 2);
  EXPECT_EQ(Get("wangfang", "/api/v1/households?q=12号").Count("items"), 0u);
  EXPECT_EQ(Get("wangfang", "/api/v1/households").Count("items"), 1u);
  static constexpr db::Sql kPaired{"test.open_pairings", "SELECT COUNT(*) FROM pairings WHERE until_on IS NULL"};
  EXPECT_EQ(Number(kPaired), 1);
  EXPECT_EQ(Get("household:张大山", "/api/v1/me/household").status, 401);
  // The record stays for those who may read it.
  const auto record = Get("zhangsan", Path(zhang_, "?purpose=audit"));
  EXPECT_EQ(record.At("state"), "closed");
  EXPECT_EQ(record.At("head_id"), "");
  EXPECT_EQ(record.At("head_name"), "张大山");
  EXPECT_EQ(Get("zhangsan", Path(zhang_, "/history?purpose=audit")).At("items.0.life_event.household_closed"), "true");
}

TEST_F(LifeTest, ALostReplyDoesNotMakeTwoBirths) {
  const std::string body = R"({"id":"0192f3a4-7c1e-7abc-8def-0123456789ab","kind":"birth","date":"2026-03-02",
      "resident":{"name":"张新生","sex":"female","relation":"grandchild"}})";
  const auto born = Happen(body);
  ASSERT_EQ(born.status, 201) << born.text;
  const auto again = Happen(body);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.text, born.text);
  EXPECT_EQ(Record().Count("residents"), 4u);
  EXPECT_EQ(Happen(R"({"id":"0192f3a4-7c1e-7abc-8def-0123456789ab","kind":"birth","date":"2026-03-03",
      "resident":{"name":"张新生","sex":"female","relation":"grandchild"}})").At("code"), "duplicate_id");
  EXPECT_EQ(Happen(R"({"kind":"birth","date":"2026-03-02","resident":{"name":"张新生","sex":"female","relation":"grandchild"}})").At("code"),
            "residents.possible_duplicate");
}

TEST_F(LifeTest, DatesMakeSense) {
  EXPECT_EQ(Happen(R"({"kind":"birth","date":"2026-03-12","resident":{"name":"张","sex":"male","relation":"child"}})").Errors(),
            std::vector<std::string>{"date:in_future"});
  EXPECT_EQ(Happen(Fill(R"({"kind":"death","date":"1950-01-01","resident_id":"[张大山]","new_head_id":"[李秀英]"})")).Errors(),
            std::vector<std::string>{"date:before_birth"});
  EXPECT_EQ(Happen(R"({"kind":"birth","date":"2026-03-01","resident":{"name":"张","sex":"male","relation":"child","birth_date":"2026-02-01"}})").Errors(),
            std::vector<std::string>{"resident.birth_date:not_the_date"});
  EXPECT_EQ(Happen(R"({"kind":"wedding"})").Errors(), (std::vector<std::string>{"kind:unknown_value", "date:required"}));
  EXPECT_EQ(Post("lina", Path(zhang_, "/life_events"), "{}").status, 404);
  EXPECT_EQ(Post("sunqi", Path(zhang_, "/life_events"), "{}").status, 403);
  const auto stale = Call("wangfang", "POST", Path(zhang_, "/life_events"), "{\"kind\":\"new_head\",\"date\":\"2026-03-01\"}",
                          {"If-Match: 7"});
  EXPECT_EQ(stale.status, 412);
}

TEST_F(LifeTest, SomebodyMarriesInFromAnotherHousehold) {
  // 王建国 lives alone: his household ends when he moves.
  const auto came = Happen(Fill(R"({"kind":"marriage_in","date":"2026-03-05","resident_id":"[王建国]",
      "relations":[{"resident_id":"[王建国]","relation":"child_in_law"}]})"));
  ASSERT_EQ(came.status, 201) << came.text;
  EXPECT_EQ(came.At("from_household_id"), HouseholdId("王建国"));
  EXPECT_EQ(RelationOf(Record(), "王建国"), "child_in_law/present");
  EXPECT_EQ(Get("zhangsan", Path(HouseholdId("王建国"), "?purpose=audit")).At("state"), "closed");
  EXPECT_EQ(HouseholdsIn("990101101002"), 0);
  const auto found = Get("wangfang", "/api/v1/residents?q=建国");
  ASSERT_EQ(found.Count("items"), 1u);
  EXPECT_EQ(found.At("items.0.head_name"), "张大山");
  // Who is out of reach cannot be taken.
  EXPECT_EQ(Happen(Fill(R"({"kind":"move_in","date":"2026-03-05","resident_id":"[赵春花]"})")).Errors(),
            std::vector<std::string>{"resident_id:unknown_reference"});
  EXPECT_EQ(Happen(Fill(R"({"kind":"move_in","date":"2026-03-05","resident_id":"[李秀英]"})")).At("code"), "life_events.already_member");
}

TEST_F(LifeTest, WhoMovedOutCanComeBack) {
  ASSERT_EQ(Happen(Fill(R"({"kind":"move_out","date":"2026-02-01","resident_id":"[张小明]","to_area_code":"440304"})")).status, 201);
  EXPECT_EQ(RelationOf(Record(), "张小明"), "child/moved_out");
  EXPECT_EQ(Get("wangfang", "/api/v1/residents?q=小明").Count("items"), 0u);
  ASSERT_EQ(Happen(Fill(R"({"kind":"move_in","date":"2026-03-01","resident_id":"[张小明]",
      "relations":[{"resident_id":"[张小明]","relation":"child"}]})")).status, 201);
  EXPECT_EQ(RelationOf(Record(), "张小明"), "child/present");
  EXPECT_EQ(Get("wangfang", "/api/v1/residents?q=小明").Count("items"), 1u);
}

TEST_F(LifeTest, AHouseholdMovesWithinTheCountyWithItsRecord) {
  const auto moved = Happen(Fill(R"({"kind":"move_out","date":"2026-03-01","members":["[张大山]","[李秀英]","[张小明]"],
      "to_area_code":"990101101002","to_address":"新街1号"})"));
  ASSERT_EQ(moved.status, 201) << moved.text;
  const auto record = Record();
  EXPECT_EQ(record.At("state"), "open");
  EXPECT_EQ(record.At("area_name"), "清水镇 石桥村");
  EXPECT_EQ(record.At("sections.residence.address"), "新街1号");
  EXPECT_EQ(HouseholdsIn("990101101001"), 0);
  EXPECT_EQ(HouseholdsIn("990101101002"), 2);
  EXPECT_EQ(Get("wangfang", "/api/v1/households?q=新街&area=990101101002").Count("items"), 1u);
  EXPECT_EQ(Get("wangfang", "/api/v1/residents?q=秀英&area=990101101002").Count("items"), 1u);
}

TEST_F(LifeTest, EverybodyLeavesForElsewhere) {
  const auto moved = Happen(Fill(R"({"kind":"move_out","date":"2026-03-01","members":["[张大山]","[李秀英]","[张小明]"],"to_area_code":"440304"})"));
  ASSERT_EQ(moved.status, 201) << moved.text;
  EXPECT_EQ(moved.At("household_closed"), "true");
  // Their officer of before is not asked for a reason that would not help; whoever has nothing to do with it learns nothing.
  EXPECT_EQ(Patch("wangfang", Path(zhang_, "/sections/housing"), 1, R"({"rooms":2})").At("code"), "households.closed");
  EXPECT_EQ(Patch("lina", Path(zhang_, "/sections/housing"), 1, R"({"rooms":2})").status, 404);
  EXPECT_EQ(Happen(R"({"kind":"birth","date":"2026-03-01","resident":{"name":"张","sex":"male","relation":"child"}})").status, 403);
}

TEST_F(LifeTest, TheHeadMovesOutAndNamesAnother) {
  EXPECT_EQ(Happen(Fill(R"({"kind":"move_out","date":"2026-03-01","resident_id":"[张大山]"})")).At("code"), "life_events.head_needed");
  ASSERT_EQ(Happen(Fill(R"({"kind":"move_out","date":"2026-03-01","resident_id":"[张大山]","new_head_id":"[张小明]"})")).status, 201);
  const auto record = Record();
  EXPECT_EQ(record.At("head_name"), "张小明");
  EXPECT_EQ(RelationOf(record, "李秀英"), "parent/present");
}

TEST_F(LifeTest, AHouseholdSplits) {
  EXPECT_EQ(Happen(Fill(R"({"kind":"split","date":"2026-03-01","members":["[张小明]"]})")).At("code"), "life_events.head_needed");
  EXPECT_EQ(Happen(Fill(R"({"kind":"split","date":"2026-03-01","members":["[张大山]"],"new_head_id":"[张大山]"})")).Errors(),
            std::vector<std::string>{"members:head_stays"});
  const auto split = Happen(Fill(R"({"kind":"split","date":"2026-03-01","members":["[张小明]"],"new_head_id":"[张小明]"})"));
  ASSERT_EQ(split.status, 201) << split.text;
  const auto fresh = Get("liuyi", Path(split.At("new_household_id"), "?purpose=other&reason=核对分户"));
  ASSERT_EQ(fresh.status, 200) << fresh.text;
  EXPECT_EQ(fresh.At("register_number"), "990101101001-0002");
  EXPECT_EQ(fresh.At("head_name"), "张小明");
  EXPECT_EQ(fresh.At("residents.0.relation"), "head");
  EXPECT_EQ(Record().At("sections.population.residents"), "2");
  EXPECT_EQ(HouseholdsIn("990101101001"), 2);
  EXPECT_EQ(Get("wangfang", "/api/v1/residents?q=小明").At("items.0.register_number"), "990101101001-0002");
}

TEST_F(LifeTest, AnotherHeadIsChosen) {
  ASSERT_EQ(Happen(Fill(R"({"kind":"new_head","date":"2026-03-01","new_head_id":"[张小明]"})")).status, 201);
  const auto record = Record();
  EXPECT_EQ(RelationOf(record, "张小明"), "head/present");
  EXPECT_EQ(RelationOf(record, "张大山"), "parent/present");
  EXPECT_EQ(RelationOf(record, "李秀英"), "parent/present");
  EXPECT_EQ(Happen(Fill(R"({"kind":"new_head","date":"2026-03-01","new_head_id":"[张小明]"})")).At("code"), "life_events.already_head");
}

}  // namespace
}  // namespace huiyin::households
