// SPDX-License-Identifier: EUPL-1.2
// Callers: who asked to be called is asked once, by somebody whose work it was not, and left
// in peace when they cannot be reached.
#include "modules/terms/due.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class Callbacks : public Town {
 protected:
  std::string Path(std::string_view act = "") { return "/api/v1/matters/" + id_ + (act.empty() ? "" : "/" + std::string(act)); }
  Answer Do(std::string_view as, std::string_view act, const std::string& body = "{}") { return Post(as, Path(act), body); }
  void At(std::string_view local) {
    clock_.now = *terms::ParseLocal(local, Zone{480});
    SignInAgain();
    Tick();
  }
  // Wednesday 11 March; asked to be called.
  void Answered(std::string_view contact = R"({"name": "张大山", "phone": "13900000001", "how": "phone"})") {
    const Answer taken = Post("zhaomin", "/api/v1/matters",
                              fmt::format(R"({{"text": "水管裂了", "area_code": "990101101001", "contact": {}}})", contact));
    ASSERT_EQ(taken.status, 201) << taken.text;
    id_ = taken.At("id");
    receipt_ = taken.At("receipt");
    ASSERT_EQ(Do("zhaomin", "assignment", fmt::format(R"({{"unit_id": "{}"}})", UnitId("水务局"))).status, 201);
    ASSERT_EQ(Do("sunqi", "acceptance").status, 201);
    ASSERT_EQ(Do("sunqi", "answer", fmt::format(R"({{"text": "修好了", "asks": [{{"id": "{}", "outcome": "done", "text": "已修"}}]}})",
                                                Get("zhangsan", Path("asks")).At("items.0.id"))).status, 201);
  }
  // The call of the matter as this officer finds it; empty when there is none for them.
  std::string CallFor(std::string_view as) {
    const Answer list = Get(as, "/api/v1/callbacks");
    EXPECT_EQ(list.status, 200) << list.text;
    EXPECT_EQ(list.text.find("1390000"), std::string::npos) << "a list names no number";
    for (size_t i = 0; i < list.Count("items"); ++i) {
      if (list.At(fmt::format("items.{}.matter.id", i)) == id_) return list.At(fmt::format("items.{}.id", i));
    }
    return "";
  }
  Answer Tried(std::string_view as, const std::string& call, std::string_view body) {
    return Post(as, "/api/v1/callbacks/" + call + "/attempts", std::string(body));
  }
  std::string id_;
  std::string receipt_;
};

TEST_F(Callbacks, WhoAskedToBeCalledIsCalledByOthersThanTheHandlers) {
  Answered();
  EXPECT_EQ(CallFor("zhaomin"), "") << "after a delay";
  At("2026-03-13T09:00");
  const std::string call = CallFor("zhaomin");
  ASSERT_NE(call, "");
  EXPECT_EQ(Get("sunqi", "/api/v1/callbacks").status, 403) << "a handler writes no judgement down";
  EXPECT_EQ(Get("sunqi", "/api/v1/callbacks/" + call).status, 403);
  const Answer opened = Get("zhaomin", "/api/v1/callbacks/" + call);
  EXPECT_EQ(opened.At("phone"), "13900000001");
  EXPECT_EQ(opened.At("answer"), "修好了");
  // The call is the asking: no message besides.
  const Answer sent = Get("zhangsan", Path("messages"));
  EXPECT_EQ(sent.text.find("matter.judge"), std::string::npos) << sent.text;
}

TEST_F(Callbacks, TheNumberIsReadAndThatIsWrittenDown) {
  Answered();
  At("2026-03-13T09:00");
  const std::string call = CallFor("zhaomin");
  const db::Sql reads{"test.reads", "SELECT COUNT(*) FROM audit_pending WHERE act = 'matter.read'"};
  const db::Sql sealed{"test.sealed", "SELECT COUNT(*) FROM audit_entries WHERE act = 'matter.read'"};
  Tick();
  const int64_t before = Number(reads) + Number(sealed);
  Get("zhaomin", "/api/v1/callbacks");
  Tick();
  EXPECT_EQ(Number(reads) + Number(sealed), before) << "a list shows nothing to write down";
  Get("zhaomin", "/api/v1/callbacks/" + call);
  Tick();
  EXPECT_EQ(Number(reads) + Number(sealed), before + 1);
}

TEST_F(Callbacks, TheWordOfTheCalledIsAJudgementAndEndsTheCall) {
  Answered();
  At("2026-03-13T09:00");
  const std::string call = CallFor("zhaomin");
  ASSERT_EQ(Do("zhaomin", "judgement", R"({"solved": true, "rating": 4, "asked_by_channel": "phone"})").status, 201);
  EXPECT_EQ(CallFor("zhaomin"), "");
  EXPECT_EQ(Get("zhaomin", "/api/v1/callbacks/" + call).At("state"), "judged");
  EXPECT_EQ(Get("zhaomin", "/api/v1/callbacks/" + call).At("phone"), "") << "nobody has to call any more";
  EXPECT_EQ(Tried("zhaomin", call, R"({"outcome": "not_reached"})").At("code"), "matters.call_over");
  EXPECT_EQ(Get("zhangsan", Path()).At("judgements.0.asked_by_channel"), "phone");
}

TEST_F(Callbacks, JudgingByLinkEndsTheCallToo) {
  Answered();
  At("2026-03-13T09:00");
  ASSERT_NE(CallFor("zhaomin"), "");
  ASSERT_EQ(Post("", "/api/v1/receipts/" + receipt_ + "/judgement", R"({"solved": true})").status, 201);
  EXPECT_EQ(CallFor("zhaomin"), "");
}

TEST_F(Callbacks, WhoIsNotReachedIsTriedAgainTheNextDayAndThenLeftInPeace) {
  Answered();
  At("2026-03-13T09:00");
  const std::string call = CallFor("zhaomin");
  const Answer first = Tried("zhaomin", call, R"({"outcome": "not_reached"})");
  ASSERT_EQ(first.status, 201) << first.text;
  EXPECT_EQ(first.At("state"), "waiting");
  EXPECT_EQ(first.At("next_at"), "2026-03-13T21:00:00.000Z") << "twenty hours later";
  // Three working days after Wednesday: nobody calls after Monday.
  At("2026-03-16T09:00");
  const Answer last = Tried("zhaomin", call, R"({"outcome": "not_reached"})");
  EXPECT_EQ(last.At("state"), "not_reached");
  EXPECT_EQ(last.At("phone"), "");
  EXPECT_EQ(CallFor("zhaomin"), "");
  // Which is silence, and no satisfaction.
  At("2026-04-10T09:00");
  EXPECT_EQ(Get("zhangsan", Path()).At("state"), "settled");
  EXPECT_EQ(Number({"test.judged", "SELECT COALESCE(SUM(judged), 0) FROM judgement_counts"}), 0);
}

TEST_F(Callbacks, WhoDoesNotWantToSayIsNotAskedAgain) {
  Answered();
  At("2026-03-13T09:00");
  const std::string call = CallFor("zhaomin");
  EXPECT_EQ(Tried("zhaomin", call, R"({"outcome": "declined"})").At("state"), "declined");
  EXPECT_EQ(CallFor("liuyi"), "");
}

TEST_F(Callbacks, WhoAsksToBeCalledAtAnotherTimeIs) {
  Answered();
  At("2026-03-13T09:00");
  const std::string call = CallFor("zhaomin");
  EXPECT_EQ(Tried("zhaomin", call, R"({"outcome": "call_again"})").Errors(), std::vector<std::string>{"again_at:required"});
  EXPECT_EQ(Tried("zhaomin", call, R"({"outcome": "call_again", "again_at": "2026-03-12T02:00:00Z"})").Errors(),
            std::vector<std::string>{"again_at:in_the_past"});
  EXPECT_EQ(Tried("zhaomin", call, R"({"outcome": "call_again", "again_at": "2026-07-12T02:00:00Z"})").Errors(),
            std::vector<std::string>{"again_at:after_the_term"});
  const std::string body = R"({"id": "990101-0192f3a4-7c1e-7abc-8def-0123456789ab", "outcome": "call_again", "again_at": "2026-03-19T02:00:00Z"})";
  ASSERT_EQ(Tried("zhaomin", call, body).At("next_at"), "2026-03-19T02:00:00.000Z");
  EXPECT_EQ(Tried("zhaomin", call, body).At("attempts"), "1") << "the same try";
  At("2026-03-19T10:30");
  EXPECT_EQ(CallFor("zhaomin"), call) << "what the resident asked for holds";
}

TEST_F(Callbacks, WhoHasAnotherWayIsNotCalled) {
  Answered(R"({"phone": "13900000001", "how": "in_person"})");
  At("2026-03-13T09:00");
  EXPECT_EQ(CallFor("zhaomin"), "");
  EXPECT_NE(Get("zhangsan", Path("messages")).text.find("matter.judge"), std::string::npos);
}

TEST_F(Callbacks, AComplaintIsCalledAboutByThoseWhoMayKnow) {
  const Answer taken = Post("zhangsan", "/api/v1/matters",
                            fmt::format(R"({{"text": "态度差", "area_code": "990101101001", "about_officer_id": "{}",
                                            "contact": {{"phone": "13900000001", "how": "phone"}}}})", OfficerId("sunqi")));
  id_ = taken.At("id");
  ASSERT_EQ(taken.status, 201) << taken.text;
  const Answer drafted = Do("zhangsan", "answer", fmt::format(R"({{"text": "已谈话", "asks": [{{"id": "{}", "outcome": "done", "text": "x"}}]}})",
                                                            Get("zhangsan", Path("asks")).At("items.0.id")));
  ASSERT_EQ(drafted.status, 201) << drafted.text;
  ASSERT_EQ(Do("lisi", "answer_decision", fmt::format(R"({{"draft_id": "{}", "approved": true}})", drafted.At("draft_id"))).status, 201);
  At("2026-03-13T09:00");
  for (const char* near : {"zhaomin", "liuyi", "wangfang"}) EXPECT_EQ(CallFor(near), "") << near;
  EXPECT_EQ(CallFor("zhangsan"), "") << "whose work it was";
  const std::string call = CallFor("lisi");
  ASSERT_NE(call, "");
  EXPECT_EQ(Get("zhaomin", "/api/v1/callbacks/" + call).status, 404);
  EXPECT_EQ(Tried("zhaomin", call, R"({"outcome": "declined"})").status, 404);
}

}  // namespace
}  // namespace huiyin::testing
