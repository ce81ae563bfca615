// SPDX-License-Identifier: EUPL-1.2
// Review and final review, each with its own clock; days of a hearing are not counted
// (信访工作条例 art. 35, 36).
#include "modules/terms/due.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class Appeals : public Town {
 protected:
  Answer Do(std::string_view as, std::string_view act, const std::string& body = "{}") {
    return Post(as, "/api/v1/matters/" + id_ + "/" + std::string(act), body);
  }
  std::string AnswerBody() {
    return fmt::format(R"({{"text": "经查，维持。", "asks": [{{"id": "{}", "outcome": "explained", "text": "见意见书"}}]}})",
                       Get("zhangsan", "/api/v1/matters/" + id_ + "/asks").At("items.0.id"));
  }
  // A petition's answer goes out when a second officer agrees to it.
  Answer Answers(std::string_view as) {
    const Answer drafted = Do(as, "answer", AnswerBody());
    EXPECT_EQ(drafted.status, 201) << drafted.text;
    return Do("liuyi", "answer_decision", fmt::format(R"({{"draft_id": "{}", "approved": true}})", drafted.At("draft_id")));
  }
  void At(std::string_view local) {
    clock_.now = *terms::ParseLocal(local, Zone{480});
    Tick();
  }
  Answer Story() { return Get("zhangsan", "/api/v1/matters/" + id_); }
  // A complaint about a decision, answered by the bureau and appealed.
  void InReview() {
    const Answer taken = Post("zhaomin", "/api/v1/matters",
                              R"({"text": "水费算错了", "kind": "complaint", "area_code": "990101101001"})");
    id_ = taken.At("id");
    receipt_ = taken.At("receipt");
    ASSERT_EQ(Do("zhaomin", "assignment", fmt::format(R"({{"unit_id": "{}"}})", UnitId("水务局"))).status, 201);
    ASSERT_EQ(Do("sunqi", "acceptance").status, 201);
    ASSERT_EQ(Answers("sunqi").status, 201);
    ASSERT_EQ(Post("", "/api/v1/receipts/" + receipt_ + "/appeal", R"({"reason": "没有说明怎么算的"})").status, 201);
  }
  void InFinalReview() {
    InReview();
    ASSERT_EQ(Answers("chener").status, 201);
    ASSERT_EQ(Post("", "/api/v1/receipts/" + receipt_ + "/appeal", R"({"reason": "还是没有说明"})").status, 201);
  }
  std::string id_;
  std::string receipt_;
};

TEST_F(Appeals, EachLevelIsHigherAndHasItsOwnClock) {
  InReview();
  EXPECT_EQ(Story().At("owner.unit_name"), "县政府办");
  EXPECT_EQ(Story().At("clock.rule"), "petition.review");
  // 11 March and 30 days: Friday 10 April.
  EXPECT_EQ(Story().At("due_at"), "2026-04-10T15:59:59.999Z");
  ASSERT_EQ(Answers("chener").status, 201);
  ASSERT_EQ(Post("", "/api/v1/receipts/" + receipt_ + "/appeal", R"({"reason": "再看"})").status, 201);
  EXPECT_EQ(Story().At("state"), "final_review");
  EXPECT_EQ(Story().At("clock.rule"), "petition.final_review");
  EXPECT_NE(Story().At("owner.unit_name"), "县政府办") << "nobody reviews their own review";
}

TEST_F(Appeals, AHearingIsNotCounted) {
  InFinalReview();
  EXPECT_EQ(Story().At("due_at"), "2026-04-10T15:59:59.999Z");
  const std::string body = R"({"kind": "hearing", "from": "2026-03-20", "until": "2026-03-27", "reason": "3月20日至26日听证"})";
  EXPECT_EQ(Do("sunqi", "pauses", body).status, 403);
  const Answer paused = Do("zhangsan", "pauses", body);
  ASSERT_EQ(paused.status, 201) << paused.text;
  // Seven days longer: Friday 17 April.
  EXPECT_EQ(Story().At("due_at"), "2026-04-17T15:59:59.999Z");
  EXPECT_EQ(Get("", "/api/v1/receipts/" + receipt_).At("due_at"), "2026-04-17T15:59:59.999Z");
  // It was over on the 24th: three days are given back.
  clock_.now = *terms::ParseLocal("2026-03-24T09:00", Zone{480});
  const std::string end = "pauses/" + Story().At("pauses.0.id") + "/end";
  ASSERT_EQ(Do("zhangsan", end).status, 201);
  EXPECT_EQ(Story().At("due_at"), "2026-04-14T15:59:59.999Z");
  EXPECT_EQ(Do("zhangsan", end).At("code"), "matters.pause_is_over");
  At("2026-04-15T00:00");
  EXPECT_EQ(Story().At("late"), "true");
}

TEST_F(Appeals, OnlyWhatTheRuleNamesStopsTheClock) {
  InReview();
  EXPECT_EQ(Do("chener", "pauses", R"({"kind": "hearing", "from": "2026-03-20", "until": "2026-03-27", "reason": "x"})").Errors(),
            std::vector<std::string>{"kind:unknown_value"});
  EXPECT_EQ(Story().At("may").find("pause"), std::string::npos);
}

TEST_F(Appeals, DaysThatDoNotFitAreRefused) {
  InFinalReview();
  const auto refused = [&](std::string_view from, std::string_view until) {
    return Do("zhangsan", "pauses", fmt::format(R"({{"kind": "hearing", "from": "{}", "until": "{}", "reason": "听证"}})", from, until)).Errors();
  };
  EXPECT_EQ(refused("2026-03-01", "2026-03-20"), std::vector<std::string>{"from:before_the_clock"});
  EXPECT_EQ(refused("2026-05-01", "2026-05-10"), std::vector<std::string>{"from:after_the_due_day"});
  EXPECT_EQ(refused("2026-03-20", "2026-03-20"), std::vector<std::string>{"until:not_after"});
  EXPECT_EQ(refused("2026-03-20", "2026-06-20"), std::vector<std::string>{"until:out_of_range"});
  EXPECT_EQ(refused("2026-02-30", "2026-03-20"), std::vector<std::string>{"from:not_a_date"});
}

TEST_F(Appeals, TheFinalReviewConcludes) {
  InFinalReview();
  ASSERT_EQ(Answers("zhangsan").status, 201);
  EXPECT_EQ(Story().At("state"), "concluded");
  EXPECT_EQ(Post("", "/api/v1/receipts/" + receipt_ + "/appeal", R"({"reason": "再看"})").At("code"), "matters.already_concluded");
}

}  // namespace
}  // namespace huiyin::testing
