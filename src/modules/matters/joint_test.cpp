// SPDX-License-Identifier: EUPL-1.2
// Joint meetings: an agenda made of what is stuck, and decisions that are done to the matters.
#include "modules/matters/matters.h"
#include "modules/terms/due.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class Joint : public Town {
 protected:
  Answer Do(std::string_view as, const std::string& id, std::string_view act, const std::string& body = "{}") {
    return Post(as, "/api/v1/matters/" + id + "/" + std::string(act), body);
  }
  std::string To(std::string_view unit) { return fmt::format(R"({{"unit_id": "{}"}})", UnitId(unit)); }
  std::string Taken(std::string_view text = "水管裂了") {
    clock_.Advance(60'000);
    const Answer taken = Post("zhaomin", "/api/v1/matters", fmt::format(R"({{"text": "{}"}})", text));
    EXPECT_EQ(taken.status, 201) << taken.text;
    return taken.At("id");
  }
  // Two units have said it is not theirs.
  std::string BouncedTwice() {
    const std::string id = Taken();
    EXPECT_EQ(Do("zhaomin", id, "assignment", To("水务局")).status, 201);
    EXPECT_EQ(Do("sunqi", id, "return", R"({"reason": "不归我们管"})").status, 201);
    EXPECT_EQ(Do("zhaomin", id, "return_decision", fmt::format(R"({{"agreed": true, "unit_id": "{}"}})", UnitId("交通局"))).status, 201);
    EXPECT_EQ(Do("zhouba", id, "return", R"({"reason": "也不归我们管"})").status, 201);
    return id;
  }
  std::string Body(std::string_view chair = "liuyi", std::string_view area = "990101") {
    return fmt::format(R"({{"id": "990101-0192f3a4-7c1e-7abc-8def-0123456789ab", "area_code": "{}", "at": "2026-03-12T01:00:00Z",
      "place": "三楼会议室", "title": "积压诉求会商", "chair_id": "{}", "unit_ids": ["{}", "{}"]}})",
                       area, OfficerId(chair), UnitId("水务局"), UnitId("交通局"));
  }
  void At(std::string_view local) {
    clock_.now = *terms::ParseLocal(local, Zone{480});
    SignInAgain();
    for (int i = 0; i < 3; ++i) Tick();
  }
  std::vector<matters::Difference> Differences() {
    std::vector<matters::Difference> found;
    database_->Read([&](db::Tx& tx) { found = matters::VerifyCounters(tx, kCounty, Zone{480}); });
    return found;
  }
};

TEST_F(Joint, TheAgendaIsWhatIsStuck) {
  const std::string stuck = BouncedTwice();
  Taken("路灯坏了");
  EXPECT_EQ(Get("sunqi", "/api/v1/joint_meetings/proposal").status, 403);
  const Answer proposal = Get("liuyi", "/api/v1/joint_meetings/proposal");
  ASSERT_EQ(proposal.Count("items"), 1u) << proposal.text;
  EXPECT_EQ(proposal.At("items.0.matter.id"), stuck);
  EXPECT_EQ(proposal.At("items.0.why.0"), "bounced");
  EXPECT_EQ(Post("sunqi", "/api/v1/joint_meetings", Body()).status, 403);
  const Answer made = Post("liuyi", "/api/v1/joint_meetings", Body());
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.At("items.0.matter.id"), stuck);
  EXPECT_EQ(Post("liuyi", "/api/v1/joint_meetings", Body()).status, 201) << "a retry is the same meeting";
  EXPECT_EQ(Get("liuyi", "/api/v1/joint_meetings").Count("items"), 1u);
  EXPECT_EQ(Get("liuyi", "/api/v1/joint_meetings?mine=true").Count("items"), 1u);
  EXPECT_EQ(Get("chener", "/api/v1/joint_meetings?mine=true").Count("items"), 0u);
  EXPECT_EQ(Post("liuyi", "/api/v1/joint_meetings", Body("sunqi").replace(8, 43, "990101-0192f3a4-7c1e-7abc-8def-0123456789ac")).Errors(),
            std::vector<std::string>{"chair_id:not_a_chair_here"});
}

TEST_F(Joint, ItemsAreAddedAndRemovedWithAReason) {
  const std::string stuck = BouncedTwice();
  const std::string other = Taken("路灯坏了");
  const std::string path = "/api/v1/joint_meetings/" + Post("liuyi", "/api/v1/joint_meetings", Body()).At("id");
  EXPECT_EQ(Post("liuyi", path + "/items", fmt::format(R"({{"matter_id": "{}"}})", other)).Errors(),
            std::vector<std::string>{"reason:required"});
  const Answer added = Post("liuyi", path + "/items", fmt::format(R"({{"matter_id": "{}", "reason": "群众多次来问"}})", other));
  ASSERT_EQ(added.status, 201) << added.text;
  EXPECT_EQ(added.Count("items"), 2u);
  EXPECT_EQ(added.At("items.1.added_reason"), "群众多次来问");
  const Answer removed = Post("liuyi", path + "/items/" + stuck + "/removal", R"({"reason": "昨天已经接办"})");
  ASSERT_EQ(removed.status, 201) << removed.text;
  EXPECT_EQ(removed.At("items.0.removed"), "true");
  EXPECT_EQ(Post("liuyi", path + "/items/" + stuck + "/decision", R"({"kind": "text", "text": "x"})").status, 404);
  // A unit that was asked to come reads what it may read anyway, and runs nothing.
  EXPECT_EQ(Get("sunqi", path).status, 200);
  EXPECT_EQ(Get("sunqi", path).At("may_run"), "false");
  EXPECT_EQ(Post("sunqi", path + "/items", "{}").status, 403);
  EXPECT_EQ(Get("wangfang", path).status, 404);
}

TEST_F(Joint, WhatIsDecidedIsDoneToTheMatter) {
  const std::string stuck = BouncedTwice();
  const std::string led = Taken("路灯坏了");
  ASSERT_EQ(Do("zhaomin", led, "assignment", To("水务局")).status, 201);
  ASSERT_EQ(Do("sunqi", led, "acceptance").status, 201);
  const std::string path = "/api/v1/joint_meetings/" + Post("liuyi", "/api/v1/joint_meetings", Body()).At("id");
  ASSERT_EQ(Post("liuyi", path + "/items", fmt::format(R"({{"matter_id": "{}", "reason": "难"}})", led)).status, 201);

  EXPECT_EQ(Post("liuyi", path + "/items/" + stuck + "/decision", R"({"kind": "assign", "text": "由水务局办"})").Errors(),
            std::vector<std::string>{"unit_id:required"});
  const std::string assign = fmt::format(R"({{"kind": "assign", "text": "由水务局办", "unit_id": "{}"}})", UnitId("水务局"));
  const Answer decided = Post("liuyi", path + "/items/" + stuck + "/decision", assign);
  ASSERT_EQ(decided.status, 201) << decided.text;
  EXPECT_EQ(decided.At("items.0.decision"), "assign");
  EXPECT_EQ(Post("liuyi", path + "/items/" + stuck + "/decision", assign).status, 201) << "a retry";
  EXPECT_EQ(Post("liuyi", path + "/items/" + stuck + "/decision", R"({"kind": "text", "text": "别的"})").At("code"), "joint.already_decided");
  const Answer story = Get("zhangsan", "/api/v1/matters/" + stuck);
  EXPECT_EQ(story.At("offered_to.name"), "水务局");
  EXPECT_EQ(story.At(fmt::format("events.{}.kind", story.Count("events") - 1)), "joint_decided");

  const std::string lead = fmt::format(R"({{"kind": "lead", "text": "由陈二包案", "leader_id": "{}", "measures": ["换灯"],
    "until": "2026-03-20", "responsible_id": "{}"}})", OfficerId("chener"), OfficerId("sunqi"));
  ASSERT_EQ(Post("liuyi", path + "/items/" + led + "/decision", lead).status, 201);
  EXPECT_EQ(Get("zhangsan", "/api/v1/matters/" + led).At("lead.until"), "2026-03-20");

  EXPECT_EQ(Post("liuyi", path + "/end", R"({"state": "held", "words": "都议完了"})").status, 428);
  const auto end = [&](std::string_view revision) {
    return Call("liuyi", "POST", path + "/end", R"({"state": "held", "words": "都议完了"})", {"If-Match: " + std::string(revision)});
  };
  EXPECT_EQ(end("7").status, 412);
  EXPECT_EQ(end("1").At("code"), "joint.not_yet");
  At("2026-03-12T10:00");
  ASSERT_EQ(end("1").status, 201);
  EXPECT_EQ(Post("liuyi", path + "/items/" + led + "/removal", R"({"reason": "x"})").At("code"), "joint.already_ended");
}

TEST_F(Joint, ADecisionThatCannotBeDoneIsNotKept) {
  const std::string stuck = BouncedTwice();
  const std::string path = "/api/v1/joint_meetings/" + Post("liuyi", "/api/v1/joint_meetings", Body()).At("id");
  const std::string lead = fmt::format(R"({{"kind": "lead", "text": "x", "leader_id": "{}", "measures": ["x"],
    "until": "2026-03-20", "responsible_id": "{}"}})", OfficerId("sunqi"), OfficerId("zhaomin"));
  EXPECT_EQ(Post("liuyi", path + "/items/" + stuck + "/decision", lead).Errors(), std::vector<std::string>{"leader_id:not_a_leader_here"});
  EXPECT_EQ(Get("liuyi", path).At("items.0.decision"), "");
}

TEST_F(Joint, AComplaintIsOnNoAgendaButThatOfAnAuditorWhoMayKnow) {
  const Answer taken = Post("household:张大山", "/api/v1/me/matters",
                            fmt::format(R"({{"text": "态度差", "about_officer_id": "{}"}})", OfficerId("wangfang")));
  const std::string id = taken.At("id");
  Write([](db::Tx& tx) { tx.Script("UPDATE matters SET stuck = 1, bounces = 2 WHERE county = 990101 AND is_protected = 1"); });
  EXPECT_EQ(Get("liuyi", "/api/v1/joint_meetings/proposal").Count("items"), 0u);
  EXPECT_EQ(Get("zhangsan", "/api/v1/joint_meetings/proposal?chair_id=" + OfficerId("liuyi")).Count("items"), 0u);
  EXPECT_EQ(Get("zhangsan", "/api/v1/joint_meetings/proposal?chair_id=" + OfficerId("zhangsan")).Count("items"), 1u);
  const std::string path = "/api/v1/joint_meetings/" + Post("zhangsan", "/api/v1/joint_meetings", Body("zhangsan")).At("id");
  EXPECT_EQ(Get("zhangsan", path).Count("items"), 1u);
  EXPECT_EQ(Get("liuyi", path).Count("items"), 0u);
  EXPECT_EQ(Get("liuyi", path).text.find(id), std::string::npos);
  // The same answer for it as for what is not there.
  const std::string add = fmt::format(R"({{"matter_id": "{}", "reason": "x"}})", id);
  EXPECT_EQ(Post("liuyi", path + "/items", add).Errors(), std::vector<std::string>{"matter_id:unknown_reference"});
  EXPECT_EQ(Post("liuyi", path + "/items/" + id + "/removal", R"({"reason": "x"})").status, 404);
  const Answer log = Get("zhangsan", "/api/v1/audit?limit=200");
  EXPECT_EQ(log.status, 200);
}

// Every figure of every wall opens a list of just as many.
class Walls : public Joint {
 protected:
  size_t Listed(std::string_view as, const std::string& query) {
    size_t count = 0;
    std::string cursor;
    do {
      const Answer page = Get(as, "/api/v1/matters?limit=2&unprotected=true&" + query + (cursor.empty() ? "" : "&cursor=" + cursor));
      EXPECT_EQ(page.status, 200) << page.text;
      count += page.Count("items");
      cursor = page.At("next_cursor");
    } while (!cursor.empty() && cursor != "null");
    return count;
  }
  void Compare(std::string_view as, const Answer& wall, const std::string& at, const std::string& where) {
    for (const std::string_view figure :
         {"open", "late", "soon", "answered", "reopened", "bounced", "bounced_twice", "stuck"}) {
      const std::string told = wall.At(at + "." + std::string(figure));
      EXPECT_EQ(told, std::to_string(Listed(as, fmt::format("queue={}&{}", figure, where))))
          << as << " " << at << " " << figure << " " << where;
    }
  }
  void CompareAll(std::string_view as, const std::string& area) {
    const Answer wall = Get(as, "/api/v1/wall?area=" + area);
    ASSERT_EQ(wall.status, 200) << wall.text;
    Compare(as, wall, "total", "area=" + area);
    for (size_t i = 0; i < wall.Count("by_area"); ++i) {
      const std::string at = fmt::format("by_area.{}", i);
      Compare(as, wall, at, "area=" + wall.At(at + ".area_code") + "&only_here=" + wall.At(at + ".only_here"));
    }
    for (size_t i = 0; i < wall.Count("by_unit"); ++i) {
      const std::string at = fmt::format("by_unit.{}", i);
      Compare(as, wall, at, "area=" + area + "&unit_id=" + wall.At(at + ".unit_id"));
    }
  }
};

TEST_F(Walls, EachFigureOpensTheListItCounts) {
  const auto in = [&](std::string_view area) {
    clock_.Advance(60'000);
    return Post("liuyi", "/api/v1/matters", fmt::format(R"({{"text": "水管裂了", "area_code": "{}"}})", area)).At("id");
  };
  BouncedTwice();
  in("990101");
  in("990101101");
  in("990101101001");
  const std::string once = in("990101102001");
  ASSERT_EQ(Do("liuyi", once, "assignment", To("水务局")).status, 201);
  ASSERT_EQ(Do("sunqi", once, "return", R"({"reason": "不归我们管"})").status, 201);
  const std::string reopened = in("990101101002");
  ASSERT_EQ(Do("liuyi", reopened, "assignment", To("水务局")).status, 201);
  ASSERT_EQ(Do("sunqi", reopened, "acceptance").status, 201);
  const auto answer = [&](const std::string& id) {
    const std::string ask = Get("zhangsan", "/api/v1/matters/" + id + "/asks").At("items.0.id");
    ASSERT_EQ(Do("sunqi", id, "answer", fmt::format(R"({{"text": "好了", "asks": [{{"id": "{}", "outcome": "done", "text": "好"}}]}})", ask)).status, 201);
  };
  answer(reopened);
  ASSERT_EQ(Do("liuyi", reopened, "judgement", R"({"solved": false, "asked_by_channel": "phone"})").status, 201);
  const std::string appealed = in("990101101001");
  ASSERT_EQ(Do("liuyi", appealed, "assignment", To("水务局")).status, 201);
  ASSERT_EQ(Do("sunqi", appealed, "acceptance").status, 201);
  answer(appealed);
  Post("household:张大山", "/api/v1/me/matters", fmt::format(R"({{"text": "态度差", "about_officer_id": "{}"}})", OfficerId("wangfang")));
  for (const std::string_view when : {"2026-03-11T16:00", "2026-03-13T09:00", "2026-03-17T09:00", "2026-03-20T09:00", "2026-03-30T09:00"}) {
    At(when);
    for (const std::string area : {"990101", "990101101", "990101101001", "990101102"}) {
      CompareAll("liuyi", area);
      CompareAll("zhangsan", area);
    }
    // The rule in the program and the rule in the database say the same of every matter.
    const db::Sql marks{"test.marks", "SELECT SUM(stuck * (1 + bounces * 3 + reopened * 7 + events)) FROM matters"};
    const int64_t marked = Number(marks);
    Write([](db::Tx& tx) { matters::RebuildCounters(tx, kCounty); });
    EXPECT_EQ(Number(marks), marked);
    for (const matters::Difference& each : Differences()) {
      ADD_FAILURE() << when << ": " << each.what << ": " << each.counted << " counted, " << each.real << " there";
    }
  }
  // An order nobody answered has made it stuck by now.
  EXPECT_GT(std::stoi(Get("liuyi", "/api/v1/wall").At("total.stuck")), 1);
}

TEST_F(Walls, TheCountysOwnNumbersHoldFromTheNight) {
  BouncedTwice();
  EXPECT_EQ(Get("liuyi", "/api/v1/wall").At("total.stuck"), "1");
  ASSERT_EQ(Patch("admin", "/api/v1/settings", 1, R"({"stuck_bounces": 3})").status, 200);
  EXPECT_EQ(Get("liuyi", "/api/v1/joint_meetings/proposal").Count("items"), 0u) << "an agenda asks the rule itself";
  dispatch_->NightNow();
  EXPECT_EQ(Get("liuyi", "/api/v1/wall").At("total.stuck"), "0");
  EXPECT_EQ(Get("liuyi", "/api/v1/wall").At("total.bounced_twice"), "1");
  EXPECT_EQ(Get("admin", "/api/v1/upkeep").At("items.0.odd"), "false");
}

}  // namespace
}  // namespace huiyin::testing
