// SPDX-License-Identifier: EUPL-1.2
// Judging without pressure: units see figures of groups and never who; a word can be taken
// back once, and what was said before a contact stays beside it.
#include "modules/terms/due.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class Judgements : public Town {
 protected:
  std::string Path(std::string_view act = "") { return "/api/v1/matters/" + id_ + (act.empty() ? "" : "/" + std::string(act)); }
  Answer Do(std::string_view as, std::string_view act, const std::string& body = "{}") { return Post(as, Path(act), body); }
  Answer Story(std::string_view as = "zhangsan") { return Get(as, Path()); }
  std::string Receipt(std::string_view act = "") { return "/api/v1/receipts/" + receipt_ + (act.empty() ? "" : "/" + std::string(act)); }
  void Answered(std::string_view more = "", std::string_view given = R"("outcome": "done")") {
    clock_.Advance(60'000);
    const Answer taken = Post("zhaomin", "/api/v1/matters",
                              fmt::format(R"({{"text": "水管裂了", "area_code": "990101101001"{}}})", more));
    ASSERT_EQ(taken.status, 201) << taken.text;
    id_ = taken.At("id");
    receipt_ = taken.At("receipt");
    ASSERT_EQ(Do("zhaomin", "assignment", fmt::format(R"({{"unit_id": "{}"}})", UnitId("水务局"))).status, 201);
    ASSERT_EQ(Do("sunqi", "acceptance").status, 201);
    AnswerAgain(given);
  }
  void AnswerAgain(std::string_view given = R"("outcome": "done")") {
    const Answer answered = Do("sunqi", "answer", fmt::format(R"({{"text": "修好了", "asks": [{{"id": "{}", "text": "已修", {}}}]}})",
                                                              Get("zhangsan", Path("asks")).At("items.0.id"), given));
    ASSERT_EQ(answered.status, 201) << answered.text;
  }
  Answer Judge(std::string_view body) { return Post("", Receipt("judgement"), std::string(body)); }
  Answer Correct(std::string_view body) { return Post("", Receipt("judgement_correction"), std::string(body)); }
  int64_t Counted(std::string_view column) {
    // Statements are known by where their text is.
    if (column == "judged") return Number({"test.judged", "SELECT COALESCE(SUM(judged), 0) FROM judgement_counts"});
    if (column == "silent") return Number({"test.silent", "SELECT COALESCE(SUM(silent), 0) FROM judgement_counts"});
    return Number({"test.rated_sum", "SELECT COALESCE(SUM(rated_sum), 0) FROM judgement_counts"});
  }
  std::string id_;
  std::string receipt_;
};

TEST_F(Judgements, WhoseWorkItWasSeesNeitherGradeNorPraise) {
  Answered();
  ASSERT_EQ(Judge(R"({"solved": true, "rating": 2, "text": "修得慢，还说我烦"})").status, 201);
  const Answer theirs = Story("sunqi");
  EXPECT_EQ(theirs.At("judgements.0.solved"), "true");
  EXPECT_EQ(theirs.At("judgements.0.rating"), "");
  EXPECT_EQ(theirs.text.find("说我烦"), std::string::npos);
  EXPECT_EQ(Get("sunqi", Path("events")).text.find("说我烦"), std::string::npos);
  EXPECT_EQ(theirs.text.find("asked_by_channel"), std::string::npos);
  // Who supervises sees it, and the one who gave it.
  EXPECT_EQ(Story("liuyi").At("judgements.0.rating"), "2");
  EXPECT_NE(Story("liuyi").text.find("说我烦"), std::string::npos);
  EXPECT_EQ(Get("", Receipt()).At("judgement.rating"), "2");
}

TEST_F(Judgements, TheWordsOfWhatIsNotSolvedReachWhoMustPutItRight) {
  Answered();
  ASSERT_EQ(Judge(R"({"solved": false, "rating": 1, "text": "晚上还在漏"})").status, 201);
  EXPECT_EQ(Story("sunqi").At("judgements.0.text"), "晚上还在漏");
  EXPECT_EQ(Story("sunqi").At("judgements.0.rating"), "");
  EXPECT_EQ(Story("sunqi").At("state"), "assigned");
}

TEST_F(Judgements, AWordIsTakenBackOnceAndTheFirstStaysAndCounts) {
  Answered();
  EXPECT_EQ(Correct(R"({"solved": true})").At("code"), "matters.not_judged");
  ASSERT_EQ(Judge(R"({"solved": true, "rating": 2})").status, 201);
  ASSERT_EQ(Get("", Receipt()).At("may.0"), "judgement_correction");
  ASSERT_EQ(Correct(R"({"solved": true, "rating": 5, "text": "后来弄好了"})").status, 201);
  EXPECT_EQ(Get("", Receipt()).At("judgement.rating"), "5");
  EXPECT_EQ(Story("liuyi").At("judgements.0.rating"), "2");
  EXPECT_EQ(Story("liuyi").At("judgements.1.rating"), "5");
  EXPECT_EQ(Story("liuyi").At("judgements.1.corrects"), "true");
  EXPECT_EQ(Story("liuyi").At("judgements.1.changed_after_contact"), "");
  EXPECT_EQ(Counted("judged"), 1);
  EXPECT_EQ(Counted("rated_sum"), 2) << "figures keep the first";
  EXPECT_EQ(Number({"test.rated", "SELECT SUM(value) FROM counters WHERE name IN ('matters.rated_2', 'matters.rated_5')"}), 1);
  EXPECT_EQ(Correct(R"({"solved": true, "rating": 1})").At("code"), "matters.already_corrected");
}

TEST_F(Judgements, ChangedAfterTheUnitCalledItIsMarked) {
  Answered();
  ASSERT_EQ(Judge(R"({"solved": true, "rating": 1})").status, 201);
  ASSERT_EQ(Do("sunqi", "note", R"({"text": "打电话问了哪里不满意", "contact": true})").status, 201);
  ASSERT_EQ(Correct(R"({"solved": true, "rating": 5})").status, 201);
  EXPECT_EQ(Story("liuyi").At("judgements.1.changed_after_contact"), "true");
  // A call of somebody else's, or a note, is no such contact.
  Answered();
  ASSERT_EQ(Judge(R"({"solved": true, "rating": 1})").status, 201);
  ASSERT_EQ(Do("sunqi", "note", R"({"text": "归档"})").status, 201);
  ASSERT_EQ(Do("zhaomin", "note", R"({"text": "居民来窗口坐了坐", "contact": true})").status, 201);
  ASSERT_EQ(Correct(R"({"solved": true, "rating": 5})").status, 201);
  EXPECT_EQ(Story("liuyi").At("judgements.1.changed_after_contact"), "");
}

TEST_F(Judgements, SolvedTakenBackOpensItAgainAndUnsolvedTakenBackClosesIt) {
  Answered();
  ASSERT_EQ(Judge(R"({"solved": true})").status, 201);
  ASSERT_EQ(Correct(R"({"solved": false, "text": "又裂了"})").status, 201);
  EXPECT_EQ(Story().At("state"), "assigned");
  EXPECT_EQ(Story().At("clock.rule"), "reopened.answer");
  EXPECT_EQ(Story("sunqi").At("judgements.1.text"), "又裂了");
  AnswerAgain();
  ASSERT_EQ(Judge(R"({"solved": false})").status, 201);
  ASSERT_EQ(Correct(R"({"solved": true})").status, 201);
  EXPECT_EQ(Story().At("state"), "settled");
  EXPECT_EQ(Story().At("due_at"), "");
  EXPECT_EQ(Counted("judged"), 2);
}

TEST_F(Judgements, ItIsTakenBackWithinTheTermOnly) {
  Answered();
  ASSERT_EQ(Judge(R"({"solved": true, "rating": 5})").status, 201);
  clock_.now = *terms::ParseLocal("2026-04-02T09:00", Zone{480});
  SignInAgain();
  EXPECT_EQ(Correct(R"({"solved": false})").At("code"), "matters.judge_term_over");
  EXPECT_EQ(Get("", Receipt()).Count("may"), 0u);
}

TEST_F(Judgements, AProxyTakesItBackOnlyIfTheWorkWasNotTheirs) {
  Answered();
  ASSERT_EQ(Judge(R"({"solved": true, "rating": 1})").status, 201);
  const std::string body = R"({"solved": true, "rating": 5, "asked_by_channel": "counter"})";
  EXPECT_EQ(Do("sunqi", "judgement_correction", body).status, 403);
  EXPECT_EQ(Do("zhaomin", "judgement_correction", body).status, 201);
  EXPECT_EQ(Story("liuyi").At("judgements.1.asked_by"), "赵敏");
}

TEST_F(Judgements, AUnitSeesMonthsThatAreOverInGroupsOfFive) {
  for (int i = 0; i < 5; ++i) {
    Answered(R"(, "category": "water.supply")");
    ASSERT_EQ(Judge(fmt::format(R"({{"solved": {}, "rating": {}}})", i != 0, 1 + i)).status, 201);
  }
  Answered(R"(, "category": "road")");
  ASSERT_EQ(Judge(R"({"solved": true, "rating": 5})").status, 201);
  EXPECT_EQ(Get("sunqi", "/api/v1/judgement_figures").Count("items"), 0u) << "a running month would show each word as it comes";
  clock_.now = *terms::ParseLocal("2026-04-01T09:00", Zone{480});
  SignInAgain();
  const Answer seen = Get("sunqi", "/api/v1/judgement_figures");
  ASSERT_EQ(seen.status, 200) << seen.text;
  EXPECT_EQ(seen.At("unit_name"), "水务局");
  EXPECT_EQ(seen.At("items.0.month"), "2026-03");
  ASSERT_EQ(seen.Count("items.0.groups"), 1u) << "the single one goes with the others, or it could be counted: " << seen.text;
  EXPECT_EQ(seen.At("items.0.groups.0.others"), "true");
  EXPECT_EQ(seen.At("items.0.groups.0.judged"), "6");
  EXPECT_EQ(seen.At("items.0.groups.0.solved"), "5");
  // Of one's own; of another unit's only from above.
  EXPECT_EQ(Get("zhouba", "/api/v1/judgement_figures?unit=" + UnitId("水务局")).status, 403);
  EXPECT_EQ(Get("liuyi", "/api/v1/judgement_figures?unit=" + UnitId("水务局")).At("items.0.groups.0.judged"), "6");
}

TEST_F(Judgements, FewerThanFiveAreNoFigure) {
  for (int i = 0; i < 4; ++i) {
    Answered();
    ASSERT_EQ(Judge(R"({"solved": true, "rating": 5})").status, 201);
  }
  clock_.now = *terms::ParseLocal("2026-04-01T09:00", Zone{480});
  SignInAgain();
  const Answer seen = Get("sunqi", "/api/v1/judgement_figures");
  EXPECT_EQ(seen.At("items.0.hidden"), "true");
  EXPECT_EQ(seen.Count("items.0.groups"), 0u);
}

TEST_F(Judgements, SilenceIsNoSatisfaction) {
  Answered();
  clock_.now = *terms::ParseLocal("2026-04-10T09:00", Zone{480});
  SignInAgain();
  Tick();
  EXPECT_EQ(Story().At("state"), "settled");
  EXPECT_EQ(Counted("judged"), 0);
  EXPECT_EQ(Counted("silent"), 1);
  EXPECT_EQ(Number({"test.sat", "SELECT COUNT(*) FROM counters WHERE name IN ('matters.judged', 'matters.solved')"}), 0);
}

TEST_F(Judgements, WhatIsBeyondTheUnitIsCountedApart) {
  Answered("", R"("outcome": "explained", "beyond": true, "rule": "《土地管理法》第四十六条", "who_can": "省人民政府")");
  EXPECT_EQ(Get("", Receipt()).At("answer.asks.0.who_can"), "省人民政府");
  ASSERT_EQ(Judge(R"({"solved": false, "rating": 1, "treated": 5})").status, 201);
  EXPECT_EQ(Number({"test.beyond", "SELECT judged FROM judgement_counts WHERE subject = 'beyond'"}), 1);
  EXPECT_EQ(Number({"test.work", "SELECT COUNT(*) FROM judgement_counts WHERE subject = 'work'"}), 0);
  EXPECT_EQ(Number({"test.treated", "SELECT treated_sum FROM judgement_counts"}), 5);
}

TEST_F(Judgements, BeyondNamesItsRuleAndWhoCan) {
  Answered();
  ASSERT_EQ(Judge(R"({"solved": false})").status, 201);
  const std::string ask = Get("zhangsan", Path("asks")).At("items.0.id");
  const auto refused = [&](std::string_view given) {
    return Do("sunqi", "answer", fmt::format(R"({{"text": "办不了", "asks": [{{"id": "{}", "text": "x", {}}}]}})", ask, given)).Errors();
  };
  EXPECT_EQ(refused(R"("outcome": "explained", "beyond": true)"),
            (std::vector<std::string>{"asks[0].rule:required", "asks[0].who_can:required"}));
  EXPECT_EQ(refused(R"("outcome": "done", "beyond": true, "rule": "x", "who_can": "y")"),
            std::vector<std::string>{"asks[0].beyond:not_with_outcome"});
}

}  // namespace
}  // namespace huiyin::testing
