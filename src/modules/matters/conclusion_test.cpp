// SPDX-License-Identifier: EUPL-1.2
// A conclusion tells what may and may not be asked again; what is new is a new matter, never
// refused by the machine. And sentences to begin an answer with.
#include "modules/terms/due.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class Conclusions : public Town {
 protected:
  std::string Path(std::string_view act = "") { return "/api/v1/matters/" + id_ + (act.empty() ? "" : "/" + std::string(act)); }
  Answer Do(std::string_view as, std::string_view act, const std::string& body = "{}") { return Post(as, Path(act), body); }
  Answer Shown() { return Get("", "/api/v1/receipts/" + receipt_); }
  std::string Body() {
    return fmt::format(R"({{"text": "维持。", "asks": [{{"id": "{}", "outcome": "explained", "text": "见意见"}}]}})",
                       Get("zhangsan", Path("asks")).At("items.0.id"));
  }
  void At(std::string_view local) {
    clock_.now = *terms::ParseLocal(local, Zone{480});
    SignInAgain();
    Tick();
  }
  void Taken(std::string_view more = "") {
    const Answer taken = Post("zhaomin", "/api/v1/matters",
                              fmt::format(R"({{"text": "路灯不亮", "area_code": "990101101001"{}}})", more));
    ASSERT_EQ(taken.status, 201) << taken.text;
    id_ = taken.At("id");
    receipt_ = taken.At("receipt");
  }
  void InReview() {
    Taken(fmt::format(R"(, "household_id": "{}")", HouseholdId("张大山")));
    ASSERT_EQ(Do("zhaomin", "assignment", fmt::format(R"({{"unit_id": "{}"}})", UnitId("水务局"))).status, 201);
    ASSERT_EQ(Do("sunqi", "acceptance").status, 201);
    ASSERT_EQ(Do("sunqi", "answer", Body()).status, 201);
    ASSERT_EQ(Post("", "/api/v1/receipts/" + receipt_ + "/appeal", R"({"reason": "不服"})").status, 201);
    ASSERT_EQ(Do("chener", "answer", Body()).status, 201);
  }
  void Concluded() {
    InReview();
    ASSERT_EQ(Post("", "/api/v1/receipts/" + receipt_ + "/appeal", R"({"reason": "还是不服"})").status, 201);
    ASSERT_EQ(Do("zhangsan", "answer", Body()).status, 201);
  }
  std::string id_;
  std::string receipt_;
};

TEST_F(Conclusions, AFinalReviewTellsWhatMayBeAskedAgain) {
  Concluded();
  const Answer shown = Shown();
  EXPECT_EQ(shown.At("conclusion.by"), "final_review");
  EXPECT_EQ(shown.At("conclusion.unit_name"), Get("zhangsan", Path()).At("owner.unit_name"));
  EXPECT_EQ(shown.At("conclusion.not_again.0.code"), "same_facts");
  ASSERT_EQ(shown.Count("conclusion.again"), 4u);
  EXPECT_EQ(shown.At("conclusion.again.0.code"), "new_facts");
  EXPECT_NE(shown.At("conclusion.again.2.text_en").find("not done"), std::string::npos);
  EXPECT_EQ(Get("household:张大山", "/api/v1/me/matters/" + id_).At("conclusion.by"), "final_review");
  EXPECT_EQ(Get("zhangsan", Path()).At("conclusion.by"), "final_review");
  EXPECT_NE(Get("household:张大山", "/api/v1/me/messages").text.find("可以作为新的诉求提出"), std::string::npos);
}

TEST_F(Conclusions, SilenceAfterTheReviewConcludesAndIsTold) {
  InReview();
  EXPECT_EQ(Shown().At("conclusion.by"), "");
  At("2026-06-01T09:00");
  EXPECT_EQ(Shown().At("state"), "concluded");
  EXPECT_EQ(Shown().At("conclusion.by"), "silence");
  EXPECT_EQ(Shown().At("conclusion.unit_name"), "县政府办");
  EXPECT_NE(Get("household:张大山", "/api/v1/me/messages").text.find("matter.concluded"), std::string::npos);
}

TEST_F(Conclusions, WhatIsNewIsANewMatterAndPointsBack) {
  Concluded();
  const std::string concluded = id_;
  const std::string old_receipt = receipt_;
  const Answer again = Post("household:张大山", "/api/v1/me/matters",
                            fmt::format(R"({{"text": "同一件事，又有新情况", "follows": "{}"}})", old_receipt));
  ASSERT_EQ(again.status, 201) << again.text;
  EXPECT_EQ(Get("zhangsan", "/api/v1/matters/" + again.At("id")).At("follows.id"), concluded);
  EXPECT_EQ(Get("zhangsan", "/api/v1/matters/" + concluded).At("conclusion.followed_by.0.id"), again.At("id"));
  // The same words a second time are not refused either: whether they are new a person decides.
  EXPECT_EQ(Post("household:张大山", "/api/v1/me/matters",
                 fmt::format(R"({{"text": "路灯不亮", "follows": "{}"}})", old_receipt)).status, 201);
  EXPECT_EQ(Post("zhaomin", "/api/v1/matters", R"({"text": "x", "follows": "7K3M-9QXT-4"})").Errors(),
            std::vector<std::string>{"follows:unknown_reference"});
}

TEST_F(Conclusions, FollowingAComplaintTellsNobodyThatItIsThere) {
  const Answer taken = Post("household:张大山", "/api/v1/me/matters",
                            fmt::format(R"({{"text": "态度差", "about_officer_id": "{}"}})", OfficerId("wangfang")));
  const std::string body = fmt::format(R"({{"text": "又来了", "follows": "{}"}})", taken.At("receipt"));
  EXPECT_EQ(Post("zhaomin", "/api/v1/matters", body).Errors(), std::vector<std::string>{"follows:unknown_reference"});
  // The household itself may; the clerk who reads the new one is not shown the old.
  const Answer again = Post("household:张大山", "/api/v1/me/matters", body);
  ASSERT_EQ(again.status, 201) << again.text;
  EXPECT_EQ(Get("zhaomin", "/api/v1/matters/" + again.At("id")).At("follows.id"), "");
  EXPECT_EQ(Get("zhangsan", "/api/v1/matters/" + again.At("id")).At("follows.id"), taken.At("id"));
}

TEST_F(Conclusions, GoingHigherCountsAgainstTheOfficeThatDidNotSolve) {
  Concluded();
  EXPECT_EQ(Number({"test.appealed", "SELECT SUM(c.value) FROM counters c JOIN units u ON u.county = c.county AND u.id = c.unit_id "
                                     "WHERE c.name = 'matters.appealed' AND u.name IN ('水务局', '县政府办')"}), 2);
}

TEST_F(Conclusions, AnAnswerBeginsWithATemplateThatFits) {
  Taken(R"(, "category": "road.light", "title": "三组路灯")");
  ASSERT_EQ(Do("zhaomin", "acceptance").status, 201);
  const Answer fitting = Get("zhaomin", Path("answer_templates"));
  ASSERT_EQ(fitting.status, 200) << fitting.text;
  EXPECT_EQ(fitting.At("items.0.category"), "road.light") << "the most particular first";
  EXPECT_NE(fitting.At("items.0.text").find("三组路灯"), std::string::npos);
  EXPECT_NE(fitting.At("items.0.text").find(receipt_), std::string::npos);
  EXPECT_EQ(fitting.text.find("{{"), std::string::npos);
  for (size_t i = 0; i < fitting.Count("items"); ++i) {
    EXPECT_NE(fitting.At(fmt::format("items.{}.category", i)), "water.supply");
  }
  EXPECT_EQ(Get("sunqi", Path("answer_templates")).status, 403) << "not theirs to answer";
}

TEST_F(Conclusions, ACountyKeepsItsOwnTemplates) {
  EXPECT_EQ(Post("zhaomin", "/api/v1/answer_templates", R"({"title": "x", "text": "y", "language": "zh"})").status, 403);
  EXPECT_EQ(Post("admin", "/api/v1/answer_templates", R"({"title": "x", "text": "{{who}}", "language": "zh", "category": "nix"})").Errors(),
            (std::vector<std::string>{"category:unknown_category", "text:unknown_field"}));
  const std::string mine = R"({"id": "990101-0192f3a4-7c1e-7abc-8def-0123456789ab", "title": "路口", "text": "{{unit}}已到场。", "language": "zh", "category": "road"})";
  ASSERT_EQ(Post("admin", "/api/v1/answer_templates", mine).status, 201);
  EXPECT_EQ(Post("admin", "/api/v1/answer_templates", mine).status, 201) << "the same";
  Taken(R"(, "category": "road.light")");
  ASSERT_EQ(Do("zhaomin", "acceptance").status, 201);
  EXPECT_NE(Get("zhaomin", Path("answer_templates")).text.find("清水镇服务站已到场。"), std::string::npos);
  // A shipped one in the county's own words, and one that is not offered any more.
  const std::string first = Get("admin", "/api/v1/answer_templates").At("items.0.id");
  EXPECT_EQ(Patch("admin", "/api/v1/answer_templates/" + first, 7, R"({"title": "已办"})").status, 412);
  ASSERT_EQ(Patch("admin", "/api/v1/answer_templates/" + first, 1, R"({"title": "已办"})").At("revision"), "2");
  ASSERT_EQ(Patch("admin", "/api/v1/answer_templates/" + first, 2, R"({"active": false})").status, 200);
  EXPECT_EQ(Get("zhaomin", Path("answer_templates")).text.find("已办"), std::string::npos);
}

}  // namespace
}  // namespace huiyin::testing
