// SPDX-License-Identifier: EUPL-1.2
// Answers that wait for a second officer: who agrees, what waits meanwhile, and what goes out.
#include "modules/terms/due.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class Answers : public Town {
 protected:
  std::string Path(std::string_view act = "") { return "/api/v1/matters/" + id_ + (act.empty() ? "" : "/" + std::string(act)); }
  Answer Do(std::string_view as, std::string_view act, const std::string& body = "{}") { return Post(as, Path(act), body); }
  Answer Story(std::string_view as = "zhangsan") { return Get(as, Path()); }
  std::string Body(std::string_view text = "经查，多收三个月，退还。", std::string_view more = R"("outcome": "done")") {
    return fmt::format(R"({{"text": "{}", "asks": [{{"id": "{}", "text": "已核", {}}}]}})", text,
                       Get("zhangsan", Path("asks")).At("items.0.id"), more);
  }
  std::string Decide(bool approved, std::string_view note = "") {
    return fmt::format(R"({{"draft_id": "{}", "approved": {}, "note": "{}"}})", Story("sunqi").At("draft.id"), approved, note);
  }
  bool Waits(std::string_view as) {
    const Answer list = Get(as, "/api/v1/answer_drafts");
    EXPECT_EQ(list.status, 200) << list.text;
    for (size_t i = 0; i < list.Count("items"); ++i) {
      if (list.At(fmt::format("items.{}.matter.id", i)) == id_) return true;
    }
    return false;
  }
  bool May(std::string_view as, std::string_view act) {
    const Answer story = Story(as);
    for (size_t i = 0; i < story.Count("may"); ++i) {
      if (story.At(fmt::format("may.{}", i)) == act) return true;
    }
    return false;
  }
  // A petition, with the water bureau; its answers want a second officer.
  void AtWater(std::string_view kind = "complaint") {
    const Answer taken = Post("zhaomin", "/api/v1/matters",
                              fmt::format(R"({{"text": "水费算错了", "kind": "{}", "area_code": "990101101001"}})", kind));
    id_ = taken.At("id");
    receipt_ = taken.At("receipt");
    ASSERT_EQ(Do("zhaomin", "assignment", fmt::format(R"({{"unit_id": "{}"}})", UnitId("水务局"))).status, 201);
    ASSERT_EQ(Do("sunqi", "acceptance").status, 201);
  }
  void Drafted() {
    AtWater();
    const Answer drafted = Do("sunqi", "answer", Body());
    ASSERT_EQ(drafted.status, 201) << drafted.text;
    ASSERT_NE(drafted.At("draft_id"), "");
  }
  std::string id_;
  std::string receipt_;
};

TEST_F(Answers, APetitionsWaitsForASecondOfficerAndNothingElseMoves) {
  AtWater();
  const std::string due = Story().At("due_at");
  ASSERT_EQ(Do("sunqi", "answer", Body()).status, 201);
  EXPECT_EQ(Story().At("state"), "assigned");
  EXPECT_EQ(Story().At("due_at"), due);
  EXPECT_EQ(Story().Count("answers"), 0u);
  EXPECT_EQ(Story("sunqi").At("draft.state"), "waiting");
  // The resident is shown nothing of it, and neither is who has no say.
  EXPECT_EQ(Get("", "/api/v1/receipts/" + receipt_).text.find("多收"), std::string::npos);
  EXPECT_EQ(Story("zhaomin").At("draft.id"), "");
  EXPECT_TRUE(Waits("liuyi"));
  EXPECT_TRUE(Waits("chener"));
  EXPECT_FALSE(Waits("sunqi")) << "nobody agrees with themselves";
  EXPECT_FALSE(Waits("zhouba"));
  EXPECT_TRUE(May("liuyi", "answer_decision"));
  EXPECT_FALSE(May("sunqi", "answer_decision"));
}

TEST_F(Answers, AnEverydayOneGoesOutAtOnce) {
  AtWater("help");
  const Answer answered = Do("sunqi", "answer", Body());
  ASSERT_EQ(answered.status, 201);
  EXPECT_EQ(answered.At("draft_id"), "");
  EXPECT_EQ(answered.At("state"), "answered");
  EXPECT_EQ(Story().At("answers.0.approved_by"), "");
}

TEST_F(Answers, OnlyAnotherOfficerWithASayAgrees) {
  Drafted();
  const std::string yes = Decide(true);
  EXPECT_EQ(Do("sunqi", "answer_decision", yes).At("code"), "matters.own_request");
  EXPECT_EQ(Do("zhouba", "answer_decision", yes).status, 403);
  EXPECT_EQ(Do("lisi", "answer_decision", yes).status, 201) << "an auditor over the place";
  EXPECT_EQ(Story().At("state"), "answered");
  EXPECT_EQ(Story().At("answers.0.officer_name"), Story().At("events.2.actor.name"));
  EXPECT_EQ(Story().At("answers.0.approved_by"), "李思");
  EXPECT_FALSE(Waits("liuyi"));
  EXPECT_EQ(Do("liuyi", "answer_decision", yes).status, 409);
}

TEST_F(Answers, SentBackItIsPutRightAndHandedInAgain) {
  Drafted();
  const std::string first = Story("sunqi").At("draft.id");
  EXPECT_EQ(Do("liuyi", "answer_decision", Decide(false)).Errors(), std::vector<std::string>{"note:required"});
  ASSERT_EQ(Do("liuyi", "answer_decision", Decide(false, "写明退多少")).status, 201);
  EXPECT_EQ(Story("sunqi").At("draft.state"), "sent_back");
  EXPECT_EQ(Story("sunqi").At("draft.note"), "写明退多少");
  EXPECT_FALSE(Waits("chener"));
  EXPECT_EQ(Get("sunqi", "/api/v1/inbox").text.find("matter.draft_sent_back") == std::string::npos, false);
  ASSERT_EQ(Do("sunqi", "answer", Body("多收三个月，退八十六元。")).status, 201);
  const std::string stale = fmt::format(R"({{"draft_id": "{}", "approved": true}})", first);
  EXPECT_EQ(Do("liuyi", "answer_decision", stale).At("code"), "matters.draft_changed");
  ASSERT_EQ(Do("liuyi", "answer_decision", Decide(true)).status, 201);
  EXPECT_EQ(Get("", "/api/v1/receipts/" + receipt_).At("answer.text"), "多收三个月，退八十六元。");
  // The story of the office is not the resident's.
  EXPECT_EQ(Get("", "/api/v1/receipts/" + receipt_).text.find("写明退多少"), std::string::npos);
}

TEST_F(Answers, ItIsLateWhenItGoesOutLate) {
  Drafted();
  clock_.now = *terms::ParseLocal("2026-05-20T09:00", Zone{480});
  SignInAgain();
  Tick();
  EXPECT_EQ(Story().At("late"), "true") << "a draft stops no clock";
  ASSERT_EQ(Do("liuyi", "answer_decision", Decide(true)).status, 201);
  EXPECT_EQ(Number({"test.late", "SELECT SUM(value) FROM counters WHERE name = 'matters.answered_late'"}), 1);
}

TEST_F(Answers, AReviewIsNotAgreedToByThoseItLooksAt) {
  Drafted();
  ASSERT_EQ(Do("liuyi", "answer_decision", Decide(true)).status, 201);
  ASSERT_EQ(Post("", "/api/v1/receipts/" + receipt_ + "/appeal", R"({"reason": "没有说明"})").status, 201);
  ASSERT_EQ(Story().At("owner.unit_name"), "县政府办");
  ASSERT_EQ(Do("chener", "answer", Body("维持", R"("outcome": "explained")")).status, 201);
  EXPECT_EQ(Story().At("state"), "review");
  EXPECT_EQ(Story().At("answers.1.text"), "");
  EXPECT_FALSE(Waits("sunqi"));
  const std::string yes = fmt::format(R"({{"draft_id": "{}", "approved": true}})", Story("chener").At("draft.id"));
  EXPECT_EQ(Do("sunqi", "answer_decision", yes).status, 403);
  EXPECT_EQ(Do("liuyi", "answer_decision", yes).status, 201);
  EXPECT_EQ(Story().At("answers.1.text"), "维持");
}

TEST_F(Answers, WithNobodyToAgreeItDoesNotWaitForEver) {
  // The other auditor works with whom it is about: it is one officer's alone.
  const Answer taken = Post("household:张大山", "/api/v1/me/matters",
                            fmt::format(R"({{"text": "态度差", "about_officer_id": "{}"}})", OfficerId("wangfang")));
  id_ = taken.At("id");
  ASSERT_EQ(Story().status, 200);
  const Answer answered = Do("zhangsan", "answer", Body());
  ASSERT_EQ(answered.status, 201) << answered.text;
  EXPECT_EQ(answered.At("state"), "answered");
}

TEST_F(Answers, OfAComplaintOnlyThoseWhoMayKnowSeeTheDraft) {
  const Answer taken = Post("household:张大山", "/api/v1/me/matters",
                            fmt::format(R"({{"text": "态度差", "about_officer_id": "{}"}})", OfficerId("sunqi")));
  id_ = taken.At("id");
  ASSERT_NE(Do("zhangsan", "answer", Body()).At("draft_id"), "");
  for (const char* near : {"wangfang", "zhaomin", "sunqi", "liuyi", "chener"}) {
    EXPECT_FALSE(Waits(near)) << near;
    EXPECT_EQ(Do(near, "answer_decision", R"({"draft_id": "990101-0192f3a4-7c1e-7abc-8def-0123456789ab", "approved": true})").status, 404);
    EXPECT_EQ(Get(near, "/api/v1/inbox").text.find("approval"), std::string::npos) << near;
  }
  EXPECT_TRUE(Waits("lisi"));
}

TEST_F(Answers, ARefusalNamesItsRuleAndAWayToGoOn) {
  AtWater("help");
  EXPECT_EQ(Do("sunqi", "answer", Body("不行", R"("outcome": "refused")")).Errors(), std::vector<std::string>{"asks[0].rule:required"});
  ASSERT_EQ(Do("sunqi", "answer", Body("不行", R"("outcome": "refused", "rule": "《供水条例》第八条")")).status, 201);
  EXPECT_NE(Get("", "/api/v1/receipts/" + receipt_).At("answer.asks.0.appeal").find("上一级"), std::string::npos);
}

TEST_F(Answers, WhereNoRuleNamesTheWayTheAnswerMust) {
  AtWater("help");
  for (const char* rule : {"everyday.ask_review"}) {
    ASSERT_EQ(Post("admin", fmt::format("/api/v1/rules/{}/repeal", rule), R"({"holds_from": "2026-01-01", "article": "试点"})").status, 201);
  }
  EXPECT_EQ(Do("sunqi", "answer", Body("不行", R"("outcome": "refused", "rule": "《供水条例》第八条")")).Errors(),
            std::vector<std::string>{"asks[0].appeal:required"});
}

}  // namespace
}  // namespace huiyin::testing
