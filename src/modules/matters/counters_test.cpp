// SPDX-License-Identifier: EUPL-1.2
// The figures of walls and indicators are counted when things happen; here they are held
// against the records after every kind of act.
#include "modules/matters/held_counts.h"
#include "modules/matters/matters.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class Counters : public Town {
 protected:
  std::string Taken(std::string_view area = "990101101001") {
    clock_.Advance(60'000);
    return Post("liuyi", "/api/v1/matters", fmt::format(R"({{"text": "水管裂了", "area_code": "{}"}})", area)).At("id");
  }
  Answer Do(std::string_view as, const std::string& id, std::string_view act, const std::string& body = "{}") {
    const Answer done = Post(as, "/api/v1/matters/" + id + "/" + std::string(act), body);
    EXPECT_EQ(done.status, 201) << act << ": " << done.text;
    ExpectAgreement(act);
    return done;
  }
  std::string To(std::string_view unit) { return fmt::format(R"({{"unit_id": "{}"}})", UnitId(unit)); }
  std::vector<matters::Difference> Differences() {
    std::vector<matters::Difference> found;
    database_->Read([&](db::Tx& tx) { found = matters::VerifyCounters(tx, kCounty, Zone{480}); });
    return found;
  }
  void ExpectAgreement(std::string_view after) {
    for (const matters::Difference& each : Differences()) {
      ADD_FAILURE() << "after " << after << ": " << each.what << ": " << each.counted << " counted, " << each.real << " there";
    }
  }
  std::string Done(const std::string& id) {
    const std::string ask = Get("zhangsan", "/api/v1/matters/" + id + "/asks").At("items.0.id");
    return fmt::format(R"({{"text": "修好了", "asks": [{{"id": "{}", "outcome": "done", "text": "修好"}}]}})", ask);
  }
};

TEST_F(Counters, AgreeAfterEveryAct) {
  const std::string id = Taken();
  ExpectAgreement("taking");
  EXPECT_EQ(Patch("liuyi", "/api/v1/matters/" + id, 1, R"({"area_code": "990101102001", "kind": "report"})").status, 200);
  ExpectAgreement("moving");
  Do("liuyi", id, "assignment", To("水务局"));
  Do("sunqi", id, "return", R"({"reason": "不归我们管"})");
  Do("liuyi", id, "return_decision", fmt::format(R"({{"agreed": true, "unit_id": "{}"}})", UnitId("交通局")));
  Do("zhouba", id, "acceptance");
  Do("zhouba", id, "answer", Done(id));
  EXPECT_EQ(Get("liuyi", "/api/v1/wall").At("total.answered"), "1");
  Do("liuyi", id, "judgement", R"({"solved": false, "text": "还在漏", "asked_by_channel": "phone"})");
  EXPECT_EQ(Get("liuyi", "/api/v1/wall").At("total.reopened"), "1");
  Do("zhouba", id, "answer", Done(id));
  Do("liuyi", id, "judgement", R"({"solved": true, "asked_by_channel": "phone"})");
  EXPECT_EQ(Get("liuyi", "/api/v1/wall").At("total.open"), "0");
  const std::string silent = Taken("990101101002");
  Do("liuyi", silent, "assignment", To("水务局"));
  Do("sunqi", silent, "acceptance");
  Do("sunqi", silent, "answer", Done(silent));
  clock_.Advance(120LL * kDay);
  Tick();
  ExpectAgreement("silence");
}

TEST_F(Counters, ShowOnEachWallWhatLiesBelowIt) {
  Taken("990101101001");
  Taken("990101101001");
  Taken("990101102001");
  Taken("990101");
  const Answer county = Get("liuyi", "/api/v1/wall");
  EXPECT_EQ(county.At("total.open"), "4");
  EXPECT_EQ(county.Count("by_area"), 3u);
  EXPECT_EQ(county.At("by_area.1.area_code"), "990101101");
  EXPECT_EQ(county.At("by_area.1.open"), "2");
  const Answer township = Get("liuyi", "/api/v1/wall?area=990101101");
  EXPECT_EQ(township.At("total.open"), "2");
  EXPECT_EQ(township.At("by_area.0.area_code"), "990101101001");
  const Answer village = Get("liuyi", "/api/v1/wall?area=990101101001");
  EXPECT_EQ(village.At("total.open"), "2");
  EXPECT_EQ(village.At("by_unit.0.open"), "2");
  // Late and soon are a matter of the hour, not of an act.
  EXPECT_EQ(county.At("total.late"), "0");
  clock_.Advance(120LL * kDay);
  EXPECT_EQ(Get("liuyi", "/api/v1/wall").At("total.late"), "4");
  EXPECT_EQ(Get("liuyi", "/api/v1/wall").At("by_area.1.late"), "2");
  EXPECT_EQ(Get("liuyi", "/api/v1/wall?area=990101101").At("total.late"), "2");
}

TEST_F(Counters, AComplaintIsInNone) {
  Post("household:张大山", "/api/v1/me/matters", fmt::format(R"({{"text": "态度差", "about_officer_id": "{}"}})", OfficerId("wangfang")));
  EXPECT_EQ(Get("liuyi", "/api/v1/wall").At("total.open"), "0");
  EXPECT_EQ(Number({"test.counts", "SELECT COUNT(*) FROM open_counts"}), 0);
  ExpectAgreement("a complaint");
}

TEST_F(Counters, AnIndicatorIsOfAllThatLiesInItsArea) {
  for (const std::string_view area : {"990101101001", "990101101001", "990101101002", "990101102001", "990101"}) Taken(area);
  const auto received = [&](std::string_view area) {
    return Get("liuyi", fmt::format("/api/v1/indicators?name=matters_received&area={}", area)).At("items.0.value");
  };
  EXPECT_EQ(received("990101"), "5");
  EXPECT_EQ(received("990101101"), "3");
  EXPECT_EQ(received("990101102"), "1");
  EXPECT_EQ(received("990101101001"), "2");
  EXPECT_EQ(received("990101101002"), "1");
  // Added up anew from the single counters it is the same.
  Write([](db::Tx& tx) { tx.Script("DELETE FROM counter_sums"); });
  EXPECT_EQ(received("990101101"), "0");
  Write([](db::Tx& tx) { matters::RebuildCounters(tx, kCounty); });
  EXPECT_EQ(received("990101"), "5");
  EXPECT_EQ(received("990101101"), "3");
  ExpectAgreement("adding up");
}

TEST_F(Counters, ABrokenOneIsFoundAtNightShownAndPutRight) {
  Taken();
  dispatch_->NightNow();
  EXPECT_EQ(Get("admin", "/api/v1/upkeep").At("items.1.odd"), "false");
  Write([](db::Tx& tx) {
    tx.Script("UPDATE open_counts SET value = 5 WHERE county = 990101 AND wall_area = '990101' AND child_area <> '';"
              "UPDATE counters SET value = 9 WHERE county = 990101 AND name = 'matters.received'");
  });
  const auto found = Differences();
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].counted, 5);
  EXPECT_EQ(found[0].real, 1);
  EXPECT_EQ(found[1].what, "matters.received of 202603");
  EXPECT_EQ(found[2].what, "matters.received of 202603 in 990101101, added up");
  dispatch_->NightNow();
  const Answer upkeep = Get("admin", "/api/v1/upkeep");
  ASSERT_EQ(upkeep.At("items.1.name"), "counters");
  EXPECT_EQ(upkeep.At("items.1.odd"), "true");
  EXPECT_EQ(upkeep.At("items.1.found.differences"), "3");
  EXPECT_EQ(upkeep.At("items.1.found.first.0.counted"), "5");
  // What the wall shows is right again and so is the township's sum of what was counted; a month's
  // figure waits for somebody to look.
  EXPECT_EQ(Get("liuyi", "/api/v1/indicators?name=matters_received").At("items.0.value"), "9");
  EXPECT_EQ(Get("liuyi", "/api/v1/wall").At("total.open"), "1");
  EXPECT_EQ(Differences().size(), 1u);
  EXPECT_EQ(Get("liuyi", "/api/v1/upkeep").status, 403);
}

TEST_F(Counters, ARowThatIsNotWhatItsEventsTellIsFound) {
  const std::string receipt = Taken();
  Post("household:张大山", "/api/v1/me/matters", fmt::format(R"({{"text": "态度差", "about_officer_id": "{}"}})", OfficerId("wangfang")));
  EXPECT_TRUE(Differences().empty());
  Write([](db::Tx& tx) { tx.Script("UPDATE matters SET bounces = 3 WHERE county = 990101"); });
  std::string told;
  int rows = 0;
  for (const matters::Difference& each : Differences()) {
    if (each.what.find(": bounces") == std::string::npos) continue;  // the walls count them too
    told += each.what + "\n";
    ++rows;
  }
  ASSERT_EQ(rows, 2) << told;
  EXPECT_NE(told.find(": bounces"), std::string::npos) << told;
  EXPECT_NE(told.find("a protected matter: bounces"), std::string::npos) << told;
}

TEST_F(Counters, AWallIsNeverOlderThanTheActBefore) {
  for (int taken = 1; taken <= 3; ++taken) {
    const std::string receipt = Taken("990101101001");
    for (const char* wall : {"/api/v1/wall", "/api/v1/wall?area=990101101"}) {
      EXPECT_EQ(Get("liuyi", wall).At("total.open"), std::to_string(taken)) << wall;
      EXPECT_EQ(Get("liuyi", wall).At("by_unit.0.open"), std::to_string(taken)) << wall;
    }
  }
  EXPECT_EQ(Get("liuyi", "/api/v1/wall").At("total.soon"), "0");
  // The same rows at another hour.
  clock_.Advance(120LL * kDay);
  EXPECT_EQ(Get("liuyi", "/api/v1/wall").At("total.late"), "3");
  dispatch_->NightNow();
  EXPECT_EQ(Get("liuyi", "/api/v1/wall").At("total.late"), "3");
}

// Two counties can count the same and be different: what was there before is in an edition too.
TEST_F(Counters, WhatWasCountedBeforeThereWereEditionsIsInTheFirstOne) {
  Taken("990101101001");
  EXPECT_EQ(Get("liuyi", "/api/v1/wall").At("total.open"), "1");
  Write([](db::Tx& tx) { tx.Script("DELETE FROM open_counts WHERE due_at < 0; UPDATE open_counts SET value = 8"); });
  EXPECT_EQ(Get("liuyi", "/api/v1/wall").At("total.open"), "8") << "without an edition nothing is held";
  const auto edition = [&] {
    return Number({"test.edition", "SELECT value FROM open_counts WHERE wall_area = '990101' AND due_at < 0"});
  };
  const auto change = [&] { Write([](db::Tx& tx) { matters::ChangeEdition(tx, County{990101}, "990101", "one more"); }); };
  change();
  const int64_t of_eight = edition();
  Write([](db::Tx& tx) { tx.Script("DELETE FROM open_counts WHERE due_at < 0; UPDATE open_counts SET value = 9"); });
  change();
  const int64_t of_nine = edition();
  EXPECT_NE(of_eight, of_nine);
  EXPECT_EQ(Get("liuyi", "/api/v1/wall").At("total.open"), "9");
  change();
  EXPECT_NE(edition(), of_nine) << "the same change twice is another edition";
  dispatch_->NightNow();
  EXPECT_EQ(Get("liuyi", "/api/v1/wall").At("total.open"), "1") << "counted again, and seen";
}

TEST_F(Counters, OfACountyThatHasNoneAreMadeByThemselves) {
  Taken();
  Write([](db::Tx& tx) { tx.Script("DELETE FROM open_counts WHERE county = 990101"); });
  Tick();
  EXPECT_EQ(Get("liuyi", "/api/v1/wall").At("total.open"), "1");
}

}  // namespace
}  // namespace huiyin::testing
