// SPDX-License-Identifier: EUPL-1.2
// Hard matters: a named lead official with four fixed things, steps with days of their own,
// and what was agreed at meetings.
#include "modules/terms/due.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

constexpr db::Sql kGone{"test.gone", "UPDATE officers SET is_active = 0 WHERE county = 990101 AND login = $1"};

class Leads : public Town {
 protected:
  Answer Do(std::string_view as, const std::string& id, std::string_view act, const std::string& body = "{}") {
    return Post(as, "/api/v1/matters/" + id + "/" + std::string(act), body);
  }
  Answer Show(const std::string& id, std::string_view as = "zhangsan") { return Get(as, "/api/v1/matters/" + id); }
  // With the water office, from the household of 张大山.
  std::string AtWater() {
    const Answer taken = Post("zhaomin", "/api/v1/matters",
                              fmt::format(R"({{"text": "水管裂了三个月", "household_id": "{}"}})", HouseholdId("张大山")));
    EXPECT_EQ(taken.status, 201) << taken.text;
    const std::string id = taken.At("id");
    receipt_ = taken.At("receipt");
    EXPECT_EQ(Do("zhaomin", id, "assignment", fmt::format(R"({{"unit_id": "{}"}})", UnitId("水务局"))).status, 201);
    EXPECT_EQ(Do("sunqi", id, "acceptance").status, 201);
    return id;
  }
  std::string Four(std::string_view until = "2026-03-20", std::string_view leader = "chener", std::string_view more = "") {
    return fmt::format(R"({{"leader_id": "{}", "measures": ["换主管", "停水期间送水"], "until": "{}", "responsible_id": "{}"{}}})",
                       OfficerId(leader), until, OfficerId("sunqi"), more);
  }
  std::string Kinds(const std::string& id) {
    const Answer story = Show(id);
    std::string kinds;
    for (size_t i = 0; i < story.Count("events"); ++i) kinds += story.At(fmt::format("events.{}.kind", i)) + " ";
    return kinds;
  }
  std::string Inbox(std::string_view as) {
    const Answer inbox = Get(as, as.starts_with("household:") ? "/api/v1/me/messages" : "/api/v1/inbox");
    std::string all;
    for (size_t i = inbox.Count("items"); i-- > 0;) all += inbox.At(fmt::format("items.{}.kind", i)) + " ";
    return all;
  }
  void At(std::string_view local) {
    clock_.now = *terms::ParseLocal(local, Zone{480});
    SignInAgain();
    for (int i = 0; i < 3; ++i) Tick();
  }
  std::string receipt_;
};

TEST_F(Leads, FourThingsAreFixedAndTold) {
  const std::string id = AtWater();
  const Answer before = Show(id);
  EXPECT_EQ(Do("sunqi", id, "lead", Four()).status, 403) << "a handler does not name a leader";
  const Answer led = Do("liuyi", id, "lead", Four());
  ASSERT_EQ(led.status, 201) << led.text;
  const Answer shown = Show(id);
  EXPECT_EQ(shown.At("lead.leader_name"), Show(id, "chener").At("lead.leader_name"));
  EXPECT_EQ(shown.At("lead.measures.1"), "停水期间送水");
  EXPECT_EQ(shown.At("lead.until"), "2026-03-20");
  EXPECT_EQ(shown.At("lead.responsible_left"), "false");
  EXPECT_EQ(shown.At("due_at"), before.At("due_at")) << "its own clock is not touched";
  // A retry changes nothing; something else is refused.
  EXPECT_EQ(Do("liuyi", id, "lead", Four()).status, 201);
  EXPECT_EQ(Do("liuyi", id, "lead", Four("2026-03-25")).At("code"), "matters.already_led");
  EXPECT_EQ(Kinds(id), "received assigned accepted led ");
  EXPECT_NE(Inbox("chener").find("matter.led"), std::string::npos);
  EXPECT_NE(Inbox("household:张大山").find("matter.led"), std::string::npos);
  const Answer receipt = Get("", "/api/v1/receipts/" + receipt_);
  EXPECT_EQ(receipt.At("lead.until"), "2026-03-20");
  EXPECT_FALSE(receipt.At("lead.leader_name").empty());
  EXPECT_EQ(Get("chener", "/api/v1/leads").At("items.0.matter.id"), id);
  EXPECT_EQ(Get("liuyi", "/api/v1/leads").Count("items"), 0u);
}

TEST_F(Leads, WrongOnesAreNamed) {
  const std::string id = AtWater();
  EXPECT_EQ(Do("liuyi", id, "lead").Errors(),
            (std::vector<std::string>{"leader_id:required", "measures:required", "until:required", "responsible_id:required"}));
  EXPECT_EQ(Do("liuyi", id, "lead", Four("2026-03-10")).Errors(), std::vector<std::string>{"until:in_past"});
  EXPECT_EQ(Do("liuyi", id, "lead", Four("2026-03-20", "sunqi")).Errors(), std::vector<std::string>{"leader_id:not_a_leader_here"});
  std::string other = Four();
  other.replace(other.find(OfficerId("sunqi")), OfficerId("sunqi").size(), OfficerId("zhouba"));
  EXPECT_EQ(Do("liuyi", id, "lead", other).Errors(), std::vector<std::string>{"responsible_id:not_of_the_unit"});
  EXPECT_EQ(Do("liuyi", id, "lead", Four("2026-03-20", "chener", R"(, "steps": [{"text": "x", "due": "2026-03-01"}])")).Errors(),
            std::vector<std::string>{"steps[0].due:in_past"});
  EXPECT_EQ(Kinds(id), "received assigned accepted ") << "nothing of it was kept";
}

TEST_F(Leads, WhatItWasBeforeStaysInTheStory) {
  const std::string id = AtWater();
  ASSERT_EQ(Do("liuyi", id, "lead", Four()).status, 201);
  const std::string path = "/api/v1/matters/" + id + "/lead";
  EXPECT_EQ(Call("liuyi", "PATCH", path, R"({"until": "2026-03-27", "reason": "等配件"})").status, 428);
  EXPECT_EQ(Patch("liuyi", path, 1, R"({"until": "2026-03-27"})").Errors(), std::vector<std::string>{"reason:required"});
  ASSERT_EQ(Patch("chener", path, 1, R"({"until": "2026-03-27", "measures": ["换主管"], "reason": "等配件"})").status, 200);
  EXPECT_EQ(Patch("liuyi", path, 1, R"({"until": "2026-03-30", "reason": "x"})").status, 412);
  const Answer shown = Show(id);
  EXPECT_EQ(shown.At("lead.until"), "2026-03-27");
  const size_t last = shown.Count("events") - 1;
  EXPECT_EQ(shown.At(fmt::format("events.{}.kind", last)), "lead_changed");
  EXPECT_EQ(shown.At(fmt::format("events.{}.changes.1.before", last)), "2026-03-20");
  EXPECT_EQ(shown.At(fmt::format("events.{}.text", last)), "等配件");
  ASSERT_EQ(Do("liuyi", id, "lead_release", R"({"reason": "已按一般诉求办理"})").status, 201);
  EXPECT_EQ(Show(id).At("lead.until"), "");
  EXPECT_EQ(Do("liuyi", id, "lead_release", R"({"reason": "x"})").At("code"), "matters.not_led");
  // Another may be named afterwards.
  EXPECT_EQ(Do("liuyi", id, "lead", Four("2026-03-25")).status, 201);
  EXPECT_EQ(Show(id).At("lead.until"), "2026-03-25");
}

TEST_F(Leads, WhoLeavesOfficeLeadsNothingMore) {
  const std::string id = AtWater();
  ASSERT_EQ(Do("liuyi", id, "lead", Four()).status, 201);
  EXPECT_EQ(Show(id).At("lead.leader_left"), "false");
  const Answer handed = Post("liuyi", "/api/v1/pairing_handovers",
                             fmt::format(R"({{"from_officer_id": "{}", "to_officer_id": "{}"}})", OfficerId("chener"), OfficerId("wangfang")));
  ASSERT_EQ(handed.status, 201) << handed.text;
  EXPECT_EQ(Show(id).At("lead.leader_name"), "");
  EXPECT_EQ(Kinds(id), "received assigned accepted led lead_ended ");
  EXPECT_NE(Inbox("liuyi").find("matter.leader_left"), std::string::npos);
  EXPECT_EQ(Get("", "/api/v1/receipts/" + receipt_).At("lead.leader_name"), "");
  // Another is named; gone without handing over, that one is shown to be.
  AddOfficer("xiaxia", "夏夏", "县政府办", Role::kLeader, "990101");
  ASSERT_EQ(Do("liuyi", id, "lead", Four("2026-03-20", "xiaxia")).status, 201);
  Write([](db::Tx& tx) { tx.Run(kGone, "xiaxia"); });
  EXPECT_EQ(Show(id).At("lead.leader_left"), "true");
}

TEST_F(Leads, AStepThatIsLateSaysSoOnce) {
  const std::string id = AtWater();
  ASSERT_EQ(Do("liuyi", id, "lead", Four("2026-03-20", "chener", R"(, "steps": [{"text": "买管子", "due": "2026-03-12"}])")).status, 201);
  EXPECT_EQ(Get("sunqi", "/api/v1/steps").At("items.0.text"), "买管子");
  EXPECT_EQ(Get("", "/api/v1/receipts/" + receipt_).At("next_step_on"), "2026-03-12");
  At("2026-03-12T23:59");
  EXPECT_EQ(Kinds(id).find("step_late"), std::string::npos);
  At("2026-03-13T00:00");
  EXPECT_NE(Kinds(id).find("step_late"), std::string::npos);
  At("2026-03-14T00:00");
  const std::string kinds = Kinds(id);
  EXPECT_EQ(kinds.find("step_late"), kinds.rfind("step_late")) << kinds;
  EXPECT_NE(Inbox("chener").find("matter.step_late"), std::string::npos);
  const Answer shown = Show(id);
  EXPECT_EQ(shown.At("steps.0.late"), "true");
  const std::string end = "steps/" + shown.At("steps.0.id") + "/end";
  EXPECT_EQ(Do("zhouba", id, end, R"({"ending": "done"})").status, 403);
  EXPECT_EQ(Do("sunqi", id, end, R"({"ending": "dropped"})").Errors(), std::vector<std::string>{"note:required"});
  ASSERT_EQ(Do("sunqi", id, end, R"({"ending": "done", "note": "买到了"})").status, 201);
  EXPECT_EQ(Do("sunqi", id, end, R"({"ending": "done", "note": "买到了"})").status, 201) << "a retry";
  EXPECT_EQ(Do("sunqi", id, end, R"({"ending": "dropped", "note": "x"})").At("code"), "steps.already_ended");
  EXPECT_EQ(Get("sunqi", "/api/v1/steps").Count("items"), 0u);
  // The leader's own day.
  At("2026-03-21T00:00");
  EXPECT_NE(Kinds(id).find("lead_late"), std::string::npos);
  EXPECT_NE(Inbox("chener").find("matter.lead_late"), std::string::npos);
}

TEST_F(Leads, OfAMatterThatEndedNothingIsLeft) {
  const std::string id = AtWater();
  ASSERT_EQ(Do("liuyi", id, "lead", Four("2026-03-20", "chener", R"(, "steps": [{"text": "买管子", "due": "2026-03-12"}])")).status, 201);
  ASSERT_EQ(Post("household:张大山", "/api/v1/me/matters/" + id + "/withdrawal", R"({"reason": "修好了"})").status, 201);
  EXPECT_EQ(Number({"test.alarms", "SELECT COUNT(*) FROM alarms"}), 0);
  EXPECT_EQ(Show(id).At("steps.0.state"), "over");
  EXPECT_EQ(Get("chener", "/api/v1/leads").Count("items"), 0u);
  EXPECT_EQ(Do("liuyi", id, "lead", Four()).status, 409);
}

TEST_F(Leads, AMeetingIsRecordedAndWhatWasAgreedBecomesSteps) {
  const std::string id = AtWater();
  const auto body = [&](std::string_view more) {
    return fmt::format(R"({{"id": "990101-0192f3a4-7c1e-7abc-8def-0123456789aa", "at": "2026-03-11T01:00:00Z", "place": "村委会",
      "officers": ["{}"], "representatives": ["张大山", "王二"], "said": "群众要求本周通水。",
      "agreed": [{{"text": "周五前通水", "officer_id": "{}", "until": "2026-03-13"}}]{}}})",
                       OfficerId("sunqi"), OfficerId("zhouba"), more);
  };
  EXPECT_EQ(Do("lina", id, "meetings", body("")).status, 404);
  const Answer met = Do("sunqi", id, "meetings", body(""));
  ASSERT_EQ(met.status, 201) << met.text;
  EXPECT_EQ(Do("sunqi", id, "meetings", body("")).status, 201);
  EXPECT_EQ(Kinds(id), "received assigned accepted met step_added ") << "a retry is the same meeting";
  const Answer shown = Show(id);
  EXPECT_EQ(shown.Count("meetings"), 1u);
  EXPECT_EQ(shown.At("steps.0.text"), "周五前通水");
  // Who has something to do may read what it is about.
  EXPECT_EQ(Show(id, "zhouba").status, 200);
  EXPECT_EQ(Get("zhouba", "/api/v1/steps").At("items.0.matter_id"), id);
  // The resident reads what was agreed, not what was said.
  const Answer mine = Get("household:张大山", "/api/v1/me/matters/" + id);
  EXPECT_NE(mine.text.find("周五前通水"), std::string::npos);
  EXPECT_EQ(mine.text.find("群众要求本周通水"), std::string::npos);
  EXPECT_NE(Inbox("household:张大山").find("matter.met"), std::string::npos);
}

TEST_F(Leads, AtMostFiveSpeakForTheResidents) {
  const std::string id = AtWater();
  const auto body = [&](std::string_view names, std::string_view at) {
    return fmt::format(R"({{"at": "{}", "place": "x", "officers": [], "representatives": [{}], "said": "x"}})", at, names);
  };
  EXPECT_EQ(Do("sunqi", id, "meetings", body(R"("1","2","3","4","5","6")", "2026-03-11T01:00:00Z")).status, 422);
  EXPECT_EQ(Do("sunqi", id, "meetings", body(R"("1","2","3","4","5")", "2026-03-12T01:00:00Z")).Errors(),
            std::vector<std::string>{"at:in_future"});
  EXPECT_EQ(Do("sunqi", id, "meetings", body(R"("1","2","3","4","5")", "2026-03-11T01:00:00Z")).status, 201);
}

TEST_F(Leads, AComplaintIsLedByAnAuditorAndShownToNobodyElse) {
  const Answer taken = Post("household:张大山", "/api/v1/me/matters",
                            fmt::format(R"({{"text": "态度差", "about_officer_id": "{}"}})", OfficerId("wangfang")));
  ASSERT_EQ(taken.status, 201) << taken.text;
  const std::string id = taken.At("id");
  const auto four = [&](std::string_view leader, std::string_view responsible) {
    return fmt::format(R"({{"leader_id": "{}", "measures": ["谈话"], "until": "2026-03-20", "responsible_id": "{}"}})",
                       OfficerId(leader), OfficerId(responsible));
  };
  EXPECT_EQ(Do("liuyi", id, "lead", four("chener", "zhangsan")).status, 404);
  EXPECT_EQ(Do("chener", id, "lead", four("chener", "zhangsan")).status, 404);
  EXPECT_EQ(Do("zhangsan", id, "lead", four("chener", "zhangsan")).Errors(), std::vector<std::string>{"leader_id:unknown_reference"});
  ASSERT_EQ(Do("zhangsan", id, "lead", four("zhangsan", "zhangsan")).status, 201);
  EXPECT_EQ(Get("zhangsan", "/api/v1/leads").Count("items"), 1u);
  EXPECT_EQ(Do("zhangsan", id, "steps", fmt::format(R"({{"text": "x", "due": "2026-03-12", "officer_id": "{}"}})", OfficerId("wangfang"))).Errors(),
            std::vector<std::string>{"officer_id:unknown_reference"});
  At("2026-03-21T00:00");
  for (const std::string_view who : {"liuyi", "chener", "wangfang", "zhaomin"}) {
    EXPECT_EQ(Inbox(who).find("lead"), std::string::npos) << who;
    EXPECT_EQ(Get(who, "/api/v1/leads").Count("items"), 0u) << who;
  }
  // Whoever holds the receipt alone does not read who leads it.
  EXPECT_EQ(Get("", "/api/v1/receipts/" + taken.At("receipt")).text.find("leader_name"), std::string::npos);
  EXPECT_FALSE(Get("household:张大山", "/api/v1/me/matters/" + id).At("lead.leader_name").empty());
}

}  // namespace
}  // namespace huiyin::testing
