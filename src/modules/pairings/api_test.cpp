// SPDX-License-Identifier: EUPL-1.2
#include "modules/org/org.h"
#include "modules/pairings/pairings.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

constexpr db::Sql kPromisesOfLina{"test.promises_of", "SELECT COUNT(DISTINCT officer_id) FROM promises"};
constexpr db::Sql kOpen{"test.open", "SELECT COUNT(*) FROM pairings WHERE until_on IS NULL"};
constexpr db::Sql kEvents{"test.events", "SELECT COUNT(*) FROM events WHERE act = 'pairing.created'"};
constexpr db::Sql kNewHousehold{"test.household", R"sql(
  INSERT INTO households (county, id, register_number, area_code, head_name, created_at, updated_at)
  VALUES (990101, $1, $2, $3, $4, 0, 0)
)sql"};
constexpr db::Sql kSpoilCounts{"test.spoil", "UPDATE pairing_counts SET paired = 7 WHERE county = 990101"};
constexpr db::Sql kDeactivate{"test.deactivate", "UPDATE officers SET is_active = 0 WHERE county = 990101 AND login = $1"};

class PairingsApi : public Town {
 protected:
  std::string Pair(std::string_view head, std::string_view login, std::string_view more = "") {
    return fmt::format(R"({{"household_id":"{}","officer_id":"{}"{}}})", HouseholdId(head), OfficerId(login), more);
  }
  Answer Pairing(std::string_view as, std::string_view head, std::string_view login, std::string_view more = "") {
    return Post(as, "/api/v1/pairings", Pair(head, login, more));
  }
  // More households in 双河村, unpaired.
  void AddHouseholds(int count) {
    Write([&](db::Tx& tx) {
      for (int i = 0; i < count; ++i) {
        tx.Run(kNewHousehold, NewUuid(clock_.now, random_), fmt::format("990101101001-1{:03}", i),
               "990101101001002", fmt::format("户{}", i));
      }
      org::AddHouseholds(tx, kCounty, "990101101001002", count);
    });
  }
  Answer Propose(std::string_view as, std::string_view area) {
    return Post(as, "/api/v1/pairing_proposals", fmt::format(R"({{"area_code":"{}"}})", area));
  }
};

TEST_F(PairingsApi, AHouseholdHasOneOfficerOfItsOwn) {
  const Answer made = Pairing("liuyi", "王建国", "wangfang");
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.At("officer_name"), "王芳");
  EXPECT_EQ(made.At("head_name"), "王建国");
  EXPECT_EQ(made.At("from"), "2026-03-11");
  EXPECT_EQ(made.At("rotation_due_on"), "2028-03-11");
  EXPECT_EQ(made.Count("warnings"), 0u);
  EXPECT_EQ(Pairing("liuyi", "王建国", "wangfang").At("code"), "pairings.already_paired");
  clock_.Advance(30 * kDay);
  ASSERT_EQ(Pairing("liuyi", "王建国", "chener").status, 201);
  const std::string list = "/api/v1/pairings?household_id=" + HouseholdId("王建国");
  EXPECT_EQ(Get("wangfang", list).Count("items"), 1u);
  const Answer all = Get("wangfang", list + "&ended=true");
  ASSERT_EQ(all.Count("items"), 2u);
  EXPECT_EQ(all.At("items.0.until"), "2026-04-09");
  EXPECT_EQ(all.At("items.0.end_reason"), "replaced");
  EXPECT_EQ(all.At("items.1.officer_name"), "陈洱");
}

TEST_F(PairingsApi, AQuotaWarnsAndDoesNotStop) {
  AddHouseholds(3);
  const Answer area = Get("liuyi", "/api/v1/pairings?area=990101101001002");
  EXPECT_EQ(area.Count("items"), 0u);
  const Answer applied = Propose("liuyi", "990101101001002");
  ASSERT_EQ(Post("liuyi", "/api/v1/pairing_proposals/" + applied.At("id") + "/application").status, 201);
  const Answer above = Pairing("liuyi", "王建国", "wangfang");
  EXPECT_EQ(above.status, 201);
  EXPECT_EQ(above.At("warnings.0"), "above_quota");
  EXPECT_EQ(Pairing("liuyi", "赵春花", "wangfang").At("warnings.1"), "no_liaison_role_here");
}

TEST_F(PairingsApi, ThePairingOfficeAloneDecides) {
  for (const char* login : {"wangfang", "zhaomin", "sunqi", "chener", "zhangsan"}) {
    EXPECT_EQ(Pairing(login, "王建国", "wangfang").status, 403) << login;
  }
  EXPECT_EQ(Pairing("", "王建国", "wangfang").status, 401);
  EXPECT_EQ(Pairing("admin", "王建国", "wangfang").status, 201);
  EXPECT_EQ(Get("lina", "/api/v1/pairings?household_id=" + HouseholdId("王建国")).status, 404);
  EXPECT_EQ(Get("lina", "/api/v1/pairings?area=990101101").status, 404);
}

TEST_F(PairingsApi, EveryWrongFieldIsNamed) {
  EXPECT_EQ(Post("liuyi", "/api/v1/pairings").Errors(),
            (std::vector<std::string>{"household_id:required", "officer_id:required"}));
  EXPECT_EQ(Pairing("liuyi", "王建国", "wangfang", R"(,"kind":"orphan","from":"2026-03-12")").Errors(),
            (std::vector<std::string>{"resident_id:required", "from:in_future"}));
  const std::string wrong = fmt::format(R"(,"kind":"elder","resident_id":"{}")", ResidentId("赵春花"));
  EXPECT_EQ(Pairing("liuyi", "王建国", "wangfang", wrong).Errors(),
            (std::vector<std::string>{"resident_id:unknown_reference"}));
  EXPECT_EQ(Post("liuyi", "/api/v1/pairings",
                 fmt::format(R"({{"household_id":"{}","officer_id":"990101-0192f3a4-7c1e-7abc-8def-0123456789ab"}})",
                             HouseholdId("王建国"))).Errors(),
            (std::vector<std::string>{"officer_id:unknown_reference"}));
  EXPECT_EQ(Pairing("liuyi", "张大山", "chener", R"(,"from":"2025-01-01")").Errors(),
            (std::vector<std::string>{"from:before_current_pairing"}));
}

TEST_F(PairingsApi, ALeaderPairsWithAPersonBesides) {
  const std::string body = fmt::format(R"({{"id":"0192f3a4-7c1e-7abc-8def-0123456789ab","resident_id":"{}","officer_id":"{}","kind":"elder"}})",
                                       ResidentId("李秀英"), OfficerId("chener"));
  const Answer made = Post("liuyi", "/api/v1/pairings", body);
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.At("household_id"), HouseholdId("张大山"));
  EXPECT_EQ(made.At("rotation_due_on"), "");
  EXPECT_EQ(Post("liuyi", "/api/v1/pairings", body).status, 201);
  EXPECT_EQ(Get("liuyi", "/api/v1/pairings?household_id=" + HouseholdId("张大山")).Count("items"), 2u);
  // The household still has its own officer, and coverage counts it once.
  EXPECT_EQ(Get("liuyi", "/api/v1/pairings/coverage?area=990101101001").At("items.0.paired"), "1");
}

TEST_F(PairingsApi, APairingEndsOnceWithAReason) {
  const std::string id = Get("liuyi", "/api/v1/pairings?household_id=" + HouseholdId("张大山")).At("items.0.id");
  const std::string path = "/api/v1/pairings/" + id + "/end";
  EXPECT_EQ(Post("liuyi", path).Errors(), (std::vector<std::string>{"reason:required"}));
  EXPECT_EQ(Post("liuyi", path, R"({"reason":"x","until":"2025-05-31"})").Errors(),
            (std::vector<std::string>{"until:before_start"}));
  EXPECT_EQ(Post("wangfang", path, R"({"reason":"x"})").status, 403);
  EXPECT_EQ(Post("liuyi", path, R"({"reason":"轮换"})").At("until"), "2026-03-11");
  EXPECT_EQ(Post("liuyi", path, R"({"reason":"轮换"})").At("code"), "pairings.already_ended");
  EXPECT_EQ(Get("liuyi", "/api/v1/pairings/coverage?area=990101101001001").At("items.0.paired"), "0");
}

TEST_F(PairingsApi, CoverageIsHouseholdsPairedOfHouseholdsThereAre) {
  const Answer county = Get("liuyi", "/api/v1/pairings/coverage");
  ASSERT_EQ(county.Count("items"), 2u) << county.text;
  EXPECT_EQ(county.At("items.0.area_name"), "清水镇");
  EXPECT_EQ(county.At("items.0.households"), "2");
  EXPECT_EQ(county.At("items.0.paired"), "1");
  EXPECT_EQ(std::stod(county.At("items.0.rate")), 0.5);
  EXPECT_EQ(std::stod(county.At("items.1.rate")), 1);
  const Answer village = Get("wangfang", "/api/v1/pairings/coverage?area=990101101001");
  EXPECT_EQ(village.At("items.0.paired"), "1");
  EXPECT_EQ(village.At("items.1.rate"), "");
  Write([](db::Tx& tx) { EXPECT_FALSE(pairings::Recount(tx, kCounty)); });
}

TEST_F(PairingsApi, CoverageMovesWithAHouseholdAndIsProvedDaily) {
  Write([&](db::Tx& tx) {
    pairings::Moved(tx, kCounty, huiyin::HouseholdId(ParseId(HouseholdId("张大山"))->id), "990101101001001", "990101102001");
  });
  EXPECT_EQ(Get("liuyi", "/api/v1/pairings/coverage").At("items.0.paired"), "0");
  EXPECT_EQ(Get("liuyi", "/api/v1/pairings/coverage").At("items.1.paired"), "2");
  Tick();  // the household did not really move
  EXPECT_EQ(Get("liuyi", "/api/v1/pairings/coverage").At("items.0.paired"), "1");
  Write([](db::Tx& tx) { tx.Run(kSpoilCounts); });
  Tick();
  EXPECT_EQ(Get("liuyi", "/api/v1/pairings/coverage").At("items.0.paired"), "7") << "once a day";
  clock_.Advance(kDay);
  Tick();
  EXPECT_EQ(Get("liuyi", "/api/v1/pairings/coverage").At("items.0.paired"), "1");
}

TEST_F(PairingsApi, AHouseholdThatMovesTakesItsOfficerAlong) {
  const std::string path = "/api/v1/households/" + HouseholdId("张大山") + "/life_events";
  const Answer moved = Post(
      "wangfang", path,
      fmt::format(R"({{"kind":"move_out","date":"2026-03-01","to_area_code":"990101101002","members":["{}","{}","{}"]}})",
                  ResidentId("张大山"), ResidentId("李秀英"), ResidentId("张小明")));
  ASSERT_EQ(moved.status, 201) << moved.text;
  EXPECT_EQ(Get("liuyi", "/api/v1/pairings/coverage?area=990101101").At("items.0.paired"), "0");
  EXPECT_EQ(Get("liuyi", "/api/v1/pairings/coverage?area=990101101").At("items.1.paired"), "1");
  Write([](db::Tx& tx) { EXPECT_FALSE(pairings::Recount(tx, kCounty)); });
}

TEST_F(PairingsApi, RotationShowsUpByItself) {
  EXPECT_EQ(Get("liuyi", "/api/v1/pairings/rotation_due").Count("items"), 0u);
  clock_.Advance(360 * kDay);  // 2027-03-06: paired on 2025-06-01, due on 2027-06-01
  const Answer due = Get("liuyi", "/api/v1/pairings/rotation_due");
  ASSERT_EQ(due.Count("items"), 2u);
  EXPECT_EQ(due.At("items.0.rotation_due_on"), "2027-06-01");
  EXPECT_EQ(Get("liuyi", "/api/v1/pairings/rotation_due?area=990101102").Count("items"), 1u);
}

TEST_F(PairingsApi, AContactCardForEachPairedHousehold) {
  const Answer cards = Get("wangfang", "/api/v1/pairings/contact_cards?area_code=990101101");
  ASSERT_EQ(cards.Count("items"), 1u) << cards.text;
  EXPECT_EQ(cards.At("items.0.head_name"), "张大山");
  EXPECT_EQ(cards.At("items.0.officer_name"), "王芳");
  EXPECT_EQ(cards.At("items.0.officer_phone"), "13900000000");
  EXPECT_EQ(cards.At("items.0.unit_phone"), "0999-1234567");
  EXPECT_EQ(cards.At("items.0.languages.0"), "zh");
  EXPECT_EQ(Get("wangfang", "/api/v1/pairings/contact_cards").status, 422);
  EXPECT_EQ(Get("wangfang", "/api/v1/pairings/contact_cards?area_code=990101102").status, 404);
}

TEST_F(PairingsApi, AProposalShowsWhatItWeighedAndAppliesAsShown) {
  AddHouseholds(10);
  const Answer proposed = Propose("liuyi", "990101101");
  ASSERT_EQ(proposed.status, 201) << proposed.text;
  EXPECT_EQ(proposed.At("summary.households"), "12");
  EXPECT_EQ(proposed.At("summary.kept"), "1");
  EXPECT_EQ(proposed.At("summary.new"), "11");
  EXPECT_EQ(proposed.At("items.0.kept"), "true");
  EXPECT_EQ(std::stod(proposed.At("items.0.weighed.bond")), 1);
  EXPECT_EQ(proposed.At("items.1.officer_name"), "王芳");
  EXPECT_EQ(Number(kOpen), 2) << "nothing is applied by proposing";
  const std::string path = "/api/v1/pairing_proposals/" + proposed.At("id");
  const Answer page = Get("liuyi", path + "?limit=5");
  EXPECT_EQ(page.Count("items"), 5u);
  EXPECT_EQ(Get("liuyi", path + "?limit=10&cursor=" + page.At("next_cursor")).Count("items"), 7u);
  EXPECT_EQ(Get("wangfang", path).status, 403);
  const Answer applied = Post("liuyi", path + "/application");
  ASSERT_EQ(applied.status, 201) << applied.text;
  EXPECT_EQ(applied.At("created"), "11");
  EXPECT_EQ(Number(kOpen), 13);
  EXPECT_EQ(Number(kEvents), 11);
  EXPECT_EQ(Get("liuyi", path).At("state"), "applied");
  EXPECT_EQ(Post("liuyi", path + "/application").At("code"), "pairing_proposals.already_applied");
  EXPECT_EQ(std::stod(Get("liuyi", "/api/v1/pairings/coverage").At("items.0.rate")), 1);
  Write([](db::Tx& tx) { EXPECT_FALSE(pairings::Recount(tx, kCounty)); });
}

TEST_F(PairingsApi, AStaleProposalIsNotApplied) {
  const std::string path = "/api/v1/pairing_proposals/" + Propose("liuyi", "990101101").At("id");
  ASSERT_EQ(Pairing("liuyi", "王建国", "chener").status, 201);
  EXPECT_EQ(Get("liuyi", path).At("state"), "stale");
  const Answer refused = Post("liuyi", path + "/application");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.At("code"), "pairing_proposals.stale");
  EXPECT_EQ(Number(kOpen), 3);
}

TEST_F(PairingsApi, WhoLeftTheOfficeKeepsNobody) {
  Write([](db::Tx& tx) { tx.Run(kDeactivate, "wangfang"); });
  const Answer nobody = Propose("liuyi", "990101101");
  EXPECT_EQ(nobody.At("summary.unplaced"), "2") << nobody.text;
  EXPECT_EQ(nobody.At("unplaced.0.reason"), "no_officer_in_reach");
  EXPECT_EQ(Propose("liuyi", "990101999").Errors(), (std::vector<std::string>{"area_code:unknown_area"}));
}

TEST_F(PairingsApi, ALeavingOfficerHandsOverHouseholdsAndPromises) {
  ASSERT_EQ(Post("wangfang", "/api/v1/visits",
                 fmt::format(R"({{"household_id":"{}","at":"2026-03-11T01:00:00Z","met":"head",
                                 "promises":[{{"text":"修路","due":"2026-04-01"}}]}})", HouseholdId("张大山"))).status, 201);
  const std::string body = fmt::format(R"({{"from_officer_id":"{}","to_officer_id":"{}"}})", OfficerId("wangfang"), OfficerId("lina"));
  EXPECT_EQ(Post("wangfang", "/api/v1/pairing_handovers", body).status, 403);
  const Answer done = Post("liuyi", "/api/v1/pairing_handovers", body);
  ASSERT_EQ(done.status, 201) << done.text;
  EXPECT_EQ(done.At("households"), "1");
  EXPECT_EQ(done.At("promises"), "1");
  EXPECT_EQ(done.At("items.0.officer_name"), "李娜");
  EXPECT_EQ(Get("lina", "/api/v1/promises?open=true").At("items.0.text"), "修路");
  EXPECT_EQ(Get("wangfang", "/api/v1/promises?open=true").Count("items"), 0u);
  EXPECT_EQ(Get("lina", "/api/v1/pairings?officer_id=" + OfficerId("lina")).Count("items"), 2u);
  EXPECT_EQ(Number(kPromisesOfLina), 1);
}

TEST_F(PairingsApi, OpenMattersGoToAnHeirOfTheSameUnit) {
  const Answer matter = Post("zhaomin", "/api/v1/matters",
                             fmt::format(R"({{"channel":"counter","kind":"help","text":"路灯坏了","asks":[{{"text":"修"}}],"household_id":"{}"}})",
                                         HouseholdId("张大山")));
  ASSERT_EQ(matter.status, 201) << matter.text;
  const std::string path = "/api/v1/matters/" + matter.At("id");
  const auto hand = [&](std::string_view from, std::string_view to) {
    return Post("liuyi", "/api/v1/pairing_handovers",
                fmt::format(R"({{"from_officer_id":"{}","to_officer_id":"{}"}})", OfficerId(from), OfficerId(to)));
  };
  ASSERT_EQ(Post("zhaomin", path + "/assignment", fmt::format(R"({{"unit_id":"{}"}})", UnitId("清水镇政府"))).status, 201);
  ASSERT_EQ(Post("wangfang", path + "/acceptance", fmt::format(R"({{"officer_id":"{}"}})", OfficerId("wangfang"))).status, 201);
  ASSERT_EQ(Get("liuyi", path).At("owner.officer_name"), "王芳");
  EXPECT_EQ(hand("wangfang", "lisi").At("matters"), "1") << "of the same unit";
  EXPECT_EQ(Get("liuyi", path).At("owner.officer_name"), "李思");
  EXPECT_EQ(hand("lisi", "lina").At("matters"), "1");
  const Answer after = Get("liuyi", path);
  EXPECT_EQ(after.At("owner.officer_name"), "") << "the matter stays with its unit";
  EXPECT_EQ(after.At("owner.unit_name"), "清水镇政府");
}

TEST_F(PairingsApi, TheRegisterShowsWhatPairingsAndVisitsLend) {
  ASSERT_EQ(Post("wangfang", "/api/v1/visits",
                 fmt::format(R"({{"household_id":"{}","at":"2026-03-11T01:00:00Z","met":"head","diary":"谈了修路",
                                 "promises":[{{"text":"修路","due":"2026-04-01"}}]}})", HouseholdId("张大山"))).status, 201);
  const std::string path = "/api/v1/households/" + HouseholdId("张大山");
  const Answer record = Get("wangfang", path + "?purpose=visit");
  ASSERT_EQ(record.status, 200) << record.text;
  EXPECT_EQ(record.At("pairing.officer_name"), "王芳");
  EXPECT_EQ(record.At("visits.0.diary"), "谈了修路");
  EXPECT_EQ(record.At("promises.0.text"), "修路");
  EXPECT_EQ(record.Count("attachments"), 0u);
  const Answer other = Get("sunqi", path + "?purpose=other&reason=测水压");
  ASSERT_EQ(other.status, 200) << other.text;
  EXPECT_EQ(other.At("visits.0.diary"), "");
  EXPECT_EQ(other.At("visits.0.diary_withheld"), "true");
  const Answer mine = Get("wangfang", "/api/v1/households?mine=true");
  ASSERT_EQ(mine.Count("items"), 1u) << mine.text;
  EXPECT_EQ(mine.At("items.0.paired_officer_name"), "王芳");
  EXPECT_EQ(mine.At("items.0.next_due_at"), "2026-04-01T15:59:59.999Z");
}

TEST_F(PairingsApi, AHandoverSpreadsOverThoseWhoCanReach) {
  const std::string body = fmt::format(R"({{"from_officer_id":"{}","spread":true}})", OfficerId("wangfang"));
  const Answer nobody = Post("liuyi", "/api/v1/pairing_handovers", body);
  EXPECT_EQ(nobody.status, 409);
  EXPECT_EQ(nobody.At("code"), "pairings.nobody_to_take_over");
  EXPECT_EQ(Number(kOpen), 2);
  Write([&](db::Tx& tx) {
    org::AddRole(tx, kCounty, RoleId(NewUuid(clock_.now, random_)), huiyin::OfficerId(ParseId(OfficerId("chener"))->id),
                 {Role::kLiaison, huiyin::UnitId(ParseId(UnitId("县政府办"))->id), "990101101"});
  });
  const Answer done = Post("liuyi", "/api/v1/pairing_handovers", body);
  EXPECT_EQ(done.status, 201) << done.text;
  EXPECT_EQ(done.At("items.0.officer_name"), "陈洱");
  EXPECT_EQ(Post("liuyi", "/api/v1/pairing_handovers", R"({"date":"2026-03-12"})").Errors(),
            (std::vector<std::string>{"from_officer_id:required", "to_officer_id:required", "date:in_future"}));
}

}  // namespace
}  // namespace huiyin::testing
