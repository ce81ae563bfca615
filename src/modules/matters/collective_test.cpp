// SPDX-License-Identifier: EUPL-1.2
// One matter of several households, and matters merged by mistake: each follows, is answered
// and judges for itself; nothing is lost by merging; nobody learns who the others are.
#include "modules/terms/due.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class Collective : public Town {
 protected:
  std::string Path(const std::string& id, std::string_view act = "") {
    return "/api/v1/matters/" + id + (act.empty() ? "" : "/" + std::string(act));
  }
  Answer Do(std::string_view as, const std::string& id, std::string_view act, const std::string& body = "{}") {
    return Post(as, Path(id, act), body);
  }
  Answer Take(std::string_view text, std::string_view head = "", std::string_view kind = "help") {
    const std::string household = head.empty() ? "" : fmt::format(R"(, "household_id": "{}")", HouseholdId(head));
    Answer taken = Post("zhaomin", "/api/v1/matters",
                        fmt::format(R"({{"text": "{}", "kind": "{}", "area_code": "990101101001"{}}})", text, kind, household));
    EXPECT_EQ(taken.status, 201) << taken.text;
    return taken;
  }
  std::string Assigned(const std::string& unit) { return fmt::format(R"({{"unit_id": "{}"}})", UnitId(unit)); }
  std::string Into(const std::string& id) { return fmt::format(R"({{"into_id": "{}"}})", id); }
  Answer AnswerIt(std::string_view as, const std::string& id, std::string_view text = "水管已经换好。") {
    return Do(as, id, "answer",
              fmt::format(R"({{"text": "{}", "asks": [{{"id": "{}", "outcome": "done", "text": "张家门口换了六米。"}}]}})", text,
                          Get("zhangsan", Path(id, "asks")).At("items.0.id")));
  }
  Answer Receipt(const std::string& receipt) { return Get("", "/api/v1/receipts/" + receipt); }
  Answer Judge(const std::string& receipt, bool solved, int rating = 5) {
    return Post("", "/api/v1/receipts/" + receipt + "/judgement", fmt::format(R"({{"solved": {}, "rating": {}}})", solved, rating));
  }
  Answer Join(const std::string& id, std::string_view body, std::string_view as = "zhaomin") {
    return Do(as, id, "members", std::string(body));
  }
  void At(std::string_view local) {
    clock_.now = *terms::ParseLocal(local, Zone{480});
    SignInAgain();
    Tick();
  }
  std::string State(const std::string& id) { return Get("zhangsan", Path(id)).At("state"); }

  // The matter of 张大山 at the station, joined by 王建国 and by somebody with a telephone.
  void Shared() {
    const Answer taken = Take("三组的水管漏水", "张大山");
    id_ = taken.At("id");
    receipt_ = taken.At("receipt");
    const Answer wang = Join(id_, fmt::format(R"({{"household_id": "{}", "text": "我家也没水"}})", HouseholdId("王建国")));
    ASSERT_EQ(wang.status, 201) << wang.text;
    wang_ = wang.At("receipt");
    wang_id_ = wang.At("id");
    const Answer caller = Join(id_, R"({"contact": {"name": "周姐", "phone": "13800001111"}})");
    ASSERT_EQ(caller.status, 201) << caller.text;
    caller_ = caller.At("receipt");
    caller_id_ = caller.At("id");
  }
  std::string id_, receipt_, wang_, wang_id_, caller_, caller_id_;
};

TEST_F(Collective, WhatWasMergedByMistakeComesBackAsItWas) {
  const std::string first = Take("三组的水管漏水", "张大山").At("id");
  const Answer taken = Take("石桥的路灯不亮", "王建国");
  const std::string second = taken.At("id");
  ASSERT_EQ(Do("zhaomin", second, "assignment", Assigned("交通局")).status, 201);
  const Answer before = Get("zhangsan", Path(second));
  ASSERT_EQ(Do("zhaomin", second, "merge", Into(first)).status, 201);
  EXPECT_EQ(State(second), "merged");
  EXPECT_EQ(Get("zhouba", Path(second)).status, 403) << "what is not offered any more is not theirs";
  EXPECT_EQ(Do("zhouba", second, "unmerge", R"({"reason": "不是一回事"})").status, 403);
  EXPECT_EQ(Do("zhaomin", second, "unmerge").Errors(), std::vector<std::string>{"reason:required"});
  EXPECT_NE(Get("zhaomin", Path(second)).At("may").find("unmerge"), std::string::npos);
  ASSERT_EQ(Do("zhaomin", second, "unmerge", R"({"reason": "一个是水管，一个是路灯"})").status, 201);

  const Answer after = Get("zhangsan", Path(second));
  for (const char* same : {"state", "owner.unit_id", "offered_to.id", "due_at", "clock.rule", "clock.started_at", "asks.0.id",
                           "asks.0.text", "moves", "bounces"}) {
    EXPECT_EQ(after.At(same), before.At(same)) << same;
  }
  EXPECT_EQ(after.At("merged_into"), "");
  EXPECT_EQ(Get("zhaomin", Path(first)).Count("merged_from"), 0u);
  EXPECT_EQ(Do("zhouba", second, "acceptance").status, 201);
  EXPECT_EQ(Do("zhaomin", second, "unmerge", R"({"reason": "再来"})").status, 409);
}

TEST_F(Collective, ItsClockCountsFromItsOwnFirstWordsSoItMayBeLateAtOnce) {
  const std::string first = Take("三组的水管漏水", "张大山").At("id");
  const Answer taken = Take("石桥的路灯不亮", "王建国");
  const std::string second = taken.At("id");
  const std::string due = taken.At("clock.due_at");
  ASSERT_EQ(Do("zhaomin", second, "merge", Into(first)).status, 201);
  At("2026-04-10T10:00");
  EXPECT_EQ(Get("zhangsan", Path(second)).At("late"), "false") << "nobody is to answer it";
  ASSERT_EQ(Do("zhaomin", second, "unmerge", R"({"reason": "弄错了"})").status, 201);
  Tick();
  const Answer story = Get("zhangsan", Path(second));
  EXPECT_EQ(story.At("late"), "true");
  EXPECT_EQ(story.At("due_at"), due);
  EXPECT_NE(story.text.find("\"kind\":\"late\""), std::string::npos);
  EXPECT_NE(story.text.find("\"kind\":\"ordered\""), std::string::npos) << "and it is pressed on";
}

TEST_F(Collective, OrdersComeBackWithIt) {
  const std::string first = Take("三组的水管漏水", "张大山").At("id");
  const std::string second = Take("石桥的路灯不亮", "王建国").At("id");
  ASSERT_EQ(Do("liuyi", second, "orders", R"({"text": "抓紧办"})").status, 201);
  ASSERT_EQ(Do("zhaomin", second, "merge", Into(first)).status, 201);
  EXPECT_EQ(Get("liuyi", Path(second)).At("orders.0.state"), "overtaken");
  ASSERT_EQ(Do("zhaomin", second, "unmerge", R"({"reason": "弄错了"})").status, 201);
  EXPECT_EQ(Get("liuyi", Path(second)).At("orders.0.state"), "open");
}

TEST_F(Collective, BothResidentsHaveWhatWasAnsweredMeanwhile) {
  const Answer first = Take("三组的水管漏水", "张大山");
  const Answer second = Take("石桥的水管漏水", "王建国");
  ASSERT_EQ(Do("zhaomin", second.At("id"), "merge", Into(first.At("id"))).status, 201);
  ASSERT_EQ(AnswerIt("zhaomin", first.At("id")).status, 201);
  const Answer joined = Receipt(second.At("receipt"));
  EXPECT_EQ(joined.At("state"), "answered");
  EXPECT_EQ(joined.At("answer.text"), "水管已经换好。");
  EXPECT_EQ(joined.Count("answer.asks"), 0u) << "what the other one asked for is theirs";
  ASSERT_EQ(Do("zhaomin", second.At("id"), "unmerge", R"({"reason": "不是一处"})").status, 201);
  const Answer own = Receipt(second.At("receipt"));
  EXPECT_EQ(own.At("state"), "received");
  EXPECT_EQ(own.At("answer"), "");
  EXPECT_EQ(own.At("answered_meanwhile.text"), "水管已经换好。");
  EXPECT_EQ(Receipt(first.At("receipt")).At("answer.text"), "水管已经换好。");
  const Answer inbox = Get("household:王建国", "/api/v1/me/messages");
  EXPECT_NE(inbox.text.find("matter.unmerged"), std::string::npos) << inbox.text;
}

TEST_F(Collective, WhatItsResidentCallsSolvedStaysSolved) {
  const Answer first = Take("三组的水管漏水", "张大山");
  const Answer second = Take("石桥的水管漏水", "王建国");
  ASSERT_EQ(Do("zhaomin", second.At("id"), "merge", Into(first.At("id"))).status, 201);
  ASSERT_EQ(AnswerIt("zhaomin", first.At("id")).status, 201);
  ASSERT_EQ(Judge(second.At("receipt"), true).status, 201);
  EXPECT_EQ(State(first.At("id")), "answered") << "the other one has not spoken";
  EXPECT_EQ(Do("zhaomin", second.At("id"), "unmerge", R"({"reason": "弄错了"})").At("code"), "matters.judged_solved");
}

TEST_F(Collective, AMergeNeverShowsOneResidentTheReceiptOfAnother) {
  const Answer first = Take("三组的水管漏水", "张大山");
  const Answer second = Take("石桥的水管漏水", "王建国");
  ASSERT_EQ(Do("zhaomin", second.At("id"), "merge", Into(first.At("id"))).status, 201);
  EXPECT_EQ(Receipt(second.At("receipt")).text.find(first.At("receipt")), std::string::npos);
  EXPECT_EQ(Get("household:王建国", "/api/v1/me/messages").text.find(first.At("receipt")), std::string::npos);
}

TEST_F(Collective, EachMemberFollowsWithTheirOwnReceiptAndSeesNobodyElse) {
  Shared();
  const Answer wang = Receipt(wang_);
  EXPECT_EQ(wang.At("state"), "received");
  EXPECT_EQ(wang.At("title"), "我家也没水");
  EXPECT_EQ(wang.At("shared.members"), "") << "three are too few to be counted";
  for (const std::string& other : {std::string("张大山"), receipt_, caller_, std::string("周姐"), std::string("三组的水管漏水")}) {
    EXPECT_EQ(wang.text.find(other), std::string::npos) << other;
    EXPECT_EQ(Receipt(caller_).text.find(other == caller_ ? wang_ : other), std::string::npos) << other;
  }
  const Answer mine = Get("household:王建国", "/api/v1/me/matters");
  ASSERT_EQ(mine.Count("items"), 1u);
  EXPECT_EQ(mine.At("items.0.id"), wang_id_);
  EXPECT_EQ(mine.At("items.0.shared"), "true");
  EXPECT_EQ(Get("household:王建国", "/api/v1/me/matters/" + wang_id_).At("text"), "我家也没水");
  EXPECT_EQ(Get("household:王建国", "/api/v1/me/matters/" + id_).status, 404);
  EXPECT_EQ(Get("household:张大山", "/api/v1/me/matters/" + wang_id_).status, 404);
  const Answer record = Get("zhangsan", "/api/v1/households/" + HouseholdId("王建国") + "?purpose=audit");
  EXPECT_EQ(record.At("memberships.0.receipt"), wang_);
  EXPECT_EQ(record.text.find(receipt_), std::string::npos);
}

TEST_F(Collective, FromFiveOnMembersLearnHowManyTheyAre) {
  Shared();
  for (int i = 0; i < 2; ++i) ASSERT_EQ(Join(id_, fmt::format(R"({{"contact": "1380000222{}"}})", i)).status, 201);
  EXPECT_EQ(Receipt(wang_).At("shared.members"), "5");
  EXPECT_EQ(Receipt(receipt_).At("shared.members"), "5");
}

TEST_F(Collective, ASolvedOfOneDoesNotCloseItForTheOthers) {
  Shared();
  ASSERT_EQ(AnswerIt("zhaomin", id_).status, 201);
  EXPECT_EQ(Receipt(wang_).At("answer.text"), "水管已经换好。");
  EXPECT_EQ(Receipt(wang_).text.find("张家门口"), std::string::npos);
  ASSERT_EQ(Judge(receipt_, true).status, 201);
  EXPECT_EQ(State(id_), "answered");
  EXPECT_EQ(Receipt(receipt_).At("judgement.solved"), "true");
  EXPECT_EQ(Receipt(wang_).At("judgement"), "");
  ASSERT_EQ(Judge(wang_, true, 4).status, 201);
  EXPECT_EQ(State(id_), "answered");
  ASSERT_EQ(Judge(caller_, true).status, 201);
  EXPECT_EQ(State(id_), "settled");
  EXPECT_EQ(Get("zhangsan", Path(id_)).At("members.solved"), "3");
}

TEST_F(Collective, AnUnsolvedOfOneOpensItAgainForAllAndAllAreAskedAnew) {
  Shared();
  ASSERT_EQ(AnswerIt("zhaomin", id_).status, 201);
  ASSERT_EQ(Judge(receipt_, true).status, 201);
  ASSERT_EQ(Judge(wang_, false, 1).status, 201);
  EXPECT_EQ(State(id_), "assigned");
  EXPECT_EQ(Get("zhangsan", Path(id_)).At("reopened"), "1");
  ASSERT_EQ(AnswerIt("zhaomin", id_, "王家的也换好了。").status, 201);
  EXPECT_EQ(Get("zhangsan", Path(id_)).At("members.judged"), "0") << "what was said was of the first answer";
  ASSERT_EQ(Judge(wang_, true).status, 201);
  ASSERT_EQ(Judge(caller_, true).status, 201);
  EXPECT_EQ(State(id_), "answered");
  ASSERT_EQ(Judge(receipt_, true).status, 201);
  EXPECT_EQ(State(id_), "settled");
}

TEST_F(Collective, WhoSaysNothingInTheTermIsSilence) {
  Shared();
  ASSERT_EQ(AnswerIt("zhaomin", id_).status, 201);
  ASSERT_EQ(Judge(wang_, true).status, 201);
  At("2026-05-10T10:00");
  EXPECT_EQ(State(id_), "settled");
  EXPECT_NE(Get("zhangsan", Path(id_)).text.find("silence_passed"), std::string::npos);
}

TEST_F(Collective, AMemberMayAppealForAllUnlessTheyCalledItSolved) {
  Shared();
  ASSERT_EQ(AnswerIt("zhaomin", id_).status, 201);
  ASSERT_EQ(Judge(receipt_, true).status, 201);
  EXPECT_EQ(Post("", "/api/v1/receipts/" + receipt_ + "/appeal", R"({"reason": "不服"})").At("code"), "matters.judged_solved");
  ASSERT_EQ(Post("", "/api/v1/receipts/" + wang_ + "/appeal", R"({"reason": "没有修到我家"})").status, 201);
  EXPECT_EQ(State(id_), "review");
}

TEST_F(Collective, AMemberMayLeaveAndTheLastOneWithdrawsIt) {
  Shared();
  const std::string mine = "/api/v1/me/matters/";
  ASSERT_EQ(Post("household:王建国", mine + wang_id_ + "/withdrawal", R"({"reason": "我家修好了"})").status, 201);
  EXPECT_EQ(Receipt(wang_).At("state"), "withdrawn");
  EXPECT_EQ(Judge(wang_, false).status, 409);
  ASSERT_EQ(Post("household:张大山", mine + id_ + "/withdrawal", R"({"reason": "搬走了"})").status, 201);
  EXPECT_EQ(State(id_), "received") << "somebody is still in it";
  EXPECT_EQ(Receipt(receipt_).At("state"), "withdrawn");
  EXPECT_EQ(Receipt(receipt_).Count("may"), 0u);
  const std::string leave = "members/" + caller_id_ + "/withdrawal";
  EXPECT_EQ(Do("zhaomin", id_, leave, R"({"reason": "来电说不用了", "by_resident": true})").status, 403) << "who handles it does not say so";
  ASSERT_EQ(Do("liuyi", id_, leave, R"({"reason": "来电说不用了", "by_resident": true})").status, 201);
  EXPECT_EQ(State(id_), "withdrawn");
}

TEST_F(Collective, WhoLeavesIsNotWaitedFor) {
  Shared();
  ASSERT_EQ(AnswerIt("zhaomin", id_).status, 201);
  ASSERT_EQ(Judge(receipt_, true).status, 201);
  ASSERT_EQ(Judge(wang_, true).status, 201);
  ASSERT_EQ(Do("liuyi", id_, "members/" + caller_id_ + "/withdrawal", R"({"reason": "不用了", "by_resident": true})").status, 201);
  EXPECT_EQ(State(id_), "settled");
}

TEST_F(Collective, SomebodyElseMayWriteDownWhatAMemberSays) {
  Shared();
  ASSERT_EQ(AnswerIt("zhaomin", id_).status, 201);
  const std::string judge = "members/" + caller_id_ + "/judgement";
  EXPECT_EQ(Do("zhaomin", id_, judge, R"({"solved": true, "asked_by_channel": "phone"})").At("code"), "matters.own_work");
  ASSERT_EQ(Do("liuyi", id_, judge, R"({"solved": false, "text": "还在漏", "asked_by_channel": "phone"})").status, 201);
  EXPECT_EQ(State(id_), "assigned");
  EXPECT_EQ(Receipt(receipt_).text.find("还在漏"), std::string::npos) << "what one says is not shown to another";
  EXPECT_EQ(Receipt(wang_).text.find("还在漏"), std::string::npos);
}

TEST_F(Collective, AtMostFiveSpeakForTheOthers) {
  Shared();
  std::string ids = fmt::format(R"("{}", "{}", "{}")", id_, wang_id_, caller_id_);
  for (int i = 0; i < 3; ++i) {
    const Answer more = Join(id_, fmt::format(R"({{"contact": "1380000222{}"}})", i));
    if (i == 2) {
      EXPECT_EQ(Do("zhaomin", id_, "representatives", fmt::format(R"({{"member_ids": [{}]}})", ids)).status, 201);
    }
    ids += fmt::format(R"(, "{}")", more.At("id"));
  }
  const Answer six = Do("zhaomin", id_, "representatives", fmt::format(R"({{"member_ids": [{}]}})", ids));
  EXPECT_EQ(six.status, 422);
  EXPECT_EQ(six.Errors(), std::vector<std::string>{"member_ids:too_many"});
  EXPECT_EQ(Get("zhaomin", Path(id_)).At("members.representatives"), "5");
  EXPECT_EQ(Receipt(wang_).At("shared.representative"), "true");
  EXPECT_EQ(Do("zhaomin", id_, "representatives", R"({"member_ids": ["990101-0192f3a4-7c1e-7abc-8def-0123456789ab"]})").Errors(),
            std::vector<std::string>{"member_ids[0]:unknown_reference"});
  // Two that are merged may not have more together either.
  const std::string other = Take("石桥的水管漏水").At("id");
  ASSERT_EQ(Do("zhaomin", other, "representatives", fmt::format(R"({{"member_ids": ["{}"]}})", other)).status, 201);
  EXPECT_EQ(Do("zhaomin", other, "merge", Into(id_)).At("code"), "matters.too_many_representatives");
}

TEST_F(Collective, WrongInputNamesTheField) {
  Shared();
  EXPECT_EQ(Join(id_, "{}").Errors(), std::vector<std::string>{"contact:required"});
  const std::string again = fmt::format(R"({{"household_id": "{}"}})", HouseholdId("王建国"));
  EXPECT_EQ(Join(id_, again).Errors(), std::vector<std::string>{"household_id:already_member"});
  EXPECT_EQ(Join(id_, fmt::format(R"({{"household_id": "{}"}})", HouseholdId("张大山"))).Errors(),
            std::vector<std::string>{"household_id:already_member"});
  const std::string own = R"({"id": "0192f3a4-7c1e-7abc-8def-0123456789ab", "contact": "13900000000"})";
  const Answer once = Join(id_, own);
  ASSERT_EQ(once.status, 201) << once.text;
  EXPECT_EQ(Join(id_, own).At("receipt"), once.At("receipt"));
  EXPECT_EQ(Join(id_, R"({"id": "0192f3a4-7c1e-7abc-8def-0123456789ab", "contact": "13900000001"})").At("code"), "duplicate_id");
}

TEST_F(Collective, NeighboursJoinByANumberThatOpensNothing) {
  const Answer taken = Take("三组的水管漏水", "张大山");
  const std::string mine = "/api/v1/me/matters/" + taken.At("id") + "/joining";
  EXPECT_EQ(Post("household:王建国", mine, R"({"open": true})").status, 404);
  const Answer opened = Post("household:张大山", mine, R"({"open": true})");
  ASSERT_EQ(opened.status, 201) << opened.text;
  const std::string number = opened.At("shared.joining_number");
  EXPECT_NE(number, "");
  EXPECT_EQ(Receipt(number).status, 404);
  EXPECT_EQ(Receipt(taken.At("receipt")).text.find(number), std::string::npos) << "only in the household's own pages";
  const std::string join = fmt::format(R"({{"number": "{}", "text": "我家也是"}})", number);
  const Answer joined = Post("household:王建国", "/api/v1/me/memberships", join);
  ASSERT_EQ(joined.status, 201) << joined.text;
  EXPECT_EQ(joined.At("title"), "我家也是");
  EXPECT_EQ(joined.text.find("张大山"), std::string::npos);
  EXPECT_EQ(joined.text.find("三组的水管漏水"), std::string::npos);
  EXPECT_EQ(Post("household:王建国", "/api/v1/me/memberships", join).At("id"), joined.At("id"));
  ASSERT_EQ(Post("household:张大山", mine, R"({"open": false})").status, 201);
  EXPECT_EQ(Post("household:赵春花", "/api/v1/me/memberships", join).Errors(), std::vector<std::string>{"number:unknown_number"});
}

TEST_F(Collective, AProtectedMatterTakesMembersThroughAuditorsAlone) {
  const Answer taken = Post("", "/api/v1/matters", fmt::format(R"({{"text": "收了钱不办事", "area_code": "990101101001",
      "about_officer_id": "{}"}})", OfficerId("zhaomin")));
  ASSERT_EQ(taken.status, 201) << taken.text;
  const std::string id = taken.At("id");
  const std::string body = fmt::format(R"({{"household_id": "{}"}})", HouseholdId("王建国"));
  for (const char* who : {"zhaomin", "wangfang", "sunqi", "liuyi", "chener"}) {
    EXPECT_EQ(Join(id, body, who).status, 404) << who;
    EXPECT_EQ(Get(who, Path(id, "members")).status, 404) << who;
  }
  const Answer joined = Join(id, body, "zhangsan");
  ASSERT_EQ(joined.status, 201) << joined.text;
  for (const char* who : {"liuyi", "chener"}) {
    const Answer record = Get(who, "/api/v1/households/" + HouseholdId("王建国") + "?purpose=other&reason=x");
    EXPECT_EQ(record.Count("memberships"), 0u) << who;
    EXPECT_EQ(record.text.find(joined.At("receipt")), std::string::npos) << who;
  }
  EXPECT_EQ(Get("zhangsan", "/api/v1/households/" + HouseholdId("王建国") + "?purpose=audit").Count("memberships"), 0u);
  const Answer mine = Get("household:王建国", "/api/v1/me/matters");
  EXPECT_EQ(mine.At("items.0.receipt"), joined.At("receipt"));
  EXPECT_EQ(Receipt(joined.At("receipt")).At("title"), "");
  EXPECT_EQ(Get("household:王建国", "/api/v1/me/reads").text.find("\"matter\""), std::string::npos);
}

}  // namespace
}  // namespace huiyin::testing
