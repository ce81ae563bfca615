// SPDX-License-Identifier: EUPL-1.2
#include "modules/identity/identity.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class Sync : public Town {
 protected:
  std::string Id(int n) { return fmt::format("990101-0195{:04x}-7c1e-7abc-8def-0123456789ab", n); }
  std::string Household(std::string_view as, std::string_view head) { return "/api/v1/households/" + HouseholdId(head) + "?purpose=visit" + (as.empty() ? "" : ""); }
  int64_t Revision(std::string_view head = "张大山") {
    return std::stoll(Get("wangfang", Household("", head)).At("revision"));
  }
  // Everything there is, page by page, and the cursor for the next time.
  struct Taken {
    std::map<std::string, std::string> records;  // household id: head's name, or "removed"
    std::string cursor;
  };
  Taken Take(std::string_view as, const std::string& cursor = "", int limit = 2) {
    Taken taken{{}, cursor};
    for (;;) {
      const Answer page = Get(as, fmt::format("/api/v1/sync/changes?limit={}{}", limit, taken.cursor.empty() ? "" : "&cursor=" + taken.cursor));
      EXPECT_EQ(page.status, 200) << page.text;
      for (size_t i = 0; i < page.Count("items"); ++i) {
        const std::string at = fmt::format("items.{}.", i);
        taken.records[page.At(at + "household_id")] = page.At(at + "removed") == "true" ? "removed" : page.At(at + "record.head_name");
      }
      taken.cursor = page.At("next_cursor");
      if (page.At("has_more") != "true") return taken;
    }
  }
  static std::string Op(const std::string& id, std::string_view method, const std::string& path, const std::string& body,
                        const std::string& more = "") {
    return fmt::format(R"({{"id":"{}","method":"{}","path":"{}","body":{}{}}})", id, method, path, body, more);
  }
  Answer Send(std::string_view as, const std::vector<std::string>& operations) {
    std::string body = R"({"operations":[)";
    for (const std::string& one : operations) body += (body.back() == '[' ? "" : ",") + one;
    return Post(as, "/api/v1/sync/operations", body + "]}");
  }
  std::string Visit(int n, std::string_view diary = "都好", std::string_view head = "张大山") {
    return fmt::format(R"({{"id":"{}","household_id":"{}","at":"2026-03-11T01:30:00Z","met":"head","diary":"{}"}})", Id(n), HouseholdId(head), diary);
  }
};

TEST_F(Sync, APhoneTakesItsOfficersHouseholdsAlongAndNothingElse) {
  const Taken first = Take("wangfang");
  EXPECT_EQ(first.records, (std::map<std::string, std::string>{{HouseholdId("张大山"), "张大山"}}));
  EXPECT_TRUE(Take("zhaomin").records.empty());
  // Nothing new, nothing sent.
  EXPECT_TRUE(Take("wangfang", first.cursor).records.empty());
  // What others do comes along.
  const Answer matter = Post("zhaomin", "/api/v1/matters", fmt::format(R"({{"text":"水管裂了","household_id":"{}"}})", HouseholdId("张大山")));
  ASSERT_EQ(matter.status, 201) << matter.text;
  const Taken second = Take("wangfang", first.cursor);
  EXPECT_EQ(second.records.size(), 1u);
  const Answer page = Get("wangfang", "/api/v1/sync/changes?cursor=" + first.cursor);
  EXPECT_EQ(page.At("items.0.record.matters.0.id"), matter.At("id")) << page.text;
  EXPECT_TRUE(Take("wangfang", second.cursor).records.empty());
  // A household of somebody else's does not.
  Post("lina", "/api/v1/visits", Visit(1, "x", "赵春花"));
  EXPECT_TRUE(Take("wangfang", second.cursor).records.empty());
  // Not even that there is something is told of what the officer may not know.
  const Answer about = Post("household:张大山", "/api/v1/me/matters", fmt::format(R"({{"kind":"complaint","text":"王芳收钱","about_officer_id":"{}"}})", OfficerId("wangfang")));
  ASSERT_EQ(about.status, 201) << about.text;
  EXPECT_TRUE(Take("wangfang", second.cursor).records.empty());
}

TEST_F(Sync, AFirstLoadBringsWhatIsNeededAtTheDoorFirstAndThenEverything) {
  ASSERT_EQ(Post("wangfang", "/api/v1/visits", Visit(1, "头一回")).status, 201);
  ASSERT_EQ(Post("wangfang", "/api/v1/visits", Visit(2, "第二回")).status, 201);
  const std::string about = fmt::format(R"({{"text":"水管裂了","household_id":"{}"}})", HouseholdId("张大山"));
  const Answer over = Post("wangfang", "/api/v1/matters", about);
  ASSERT_EQ(Post("household:张大山", "/api/v1/me/matters/" + over.At("id") + "/withdrawal", R"({"reason":"自己修好了"})").status, 201);
  const Answer open = Post("wangfang", "/api/v1/matters", about);
  const auto page = [&](const std::string& cursor) {
    return Get("wangfang", "/api/v1/sync/changes" + (cursor.empty() ? "" : "?cursor=" + cursor));
  };
  const Answer first = page("");
  EXPECT_EQ(first.At("items.0.partial"), "true") << first.text;
  EXPECT_EQ(first.Count("items.0.record.visits"), 1u);
  EXPECT_EQ(first.Count("items.0.record.matters"), 1u);
  EXPECT_EQ(first.At("items.0.record.matters.0.id"), open.At("id"));
  EXPECT_EQ(first.At("has_more"), "true");
  // What happens between the turns comes with the next round.
  ASSERT_EQ(Post("zhaomin", "/api/v1/matters", about).status, 201);
  const Answer rest = page(first.At("next_cursor"));
  EXPECT_EQ(rest.At("items.0.partial"), "") << rest.text;
  EXPECT_EQ(rest.Count("items.0.record.visits"), 2u);
  EXPECT_GE(rest.Count("items.0.record.matters"), 2u);
  EXPECT_EQ(rest.At("has_more"), "false");
  EXPECT_EQ(page(rest.At("next_cursor")).Count("items.0.record.matters"), 3u);
}

TEST_F(Sync, AHouseholdsWordOnAnAnswerIsTakenAtTheDoorAndMarkedAsTakenDown) {
  const Answer matter = Post("wangfang", "/api/v1/matters", fmt::format(R"({{"text":"水管裂了","household_id":"{}"}})", HouseholdId("张大山")));
  const std::string path = "/api/v1/matters/" + matter.At("id");
  ASSERT_EQ(Post("wangfang", path + "/assignment", fmt::format(R"({{"unit_id":"{}"}})", UnitId("水务局"))).status, 201);
  ASSERT_EQ(Post("sunqi", path + "/acceptance", "{}").status, 201);
  const std::string answer = fmt::format(R"({{"text":"换好了","asks":[{{"id":"{}","outcome":"done","text":"换了新管"}}]}})", matter.At("asks.0.id"));
  ASSERT_EQ(Post("sunqi", path + "/answer", answer).status, 201);
  const std::string word = R"({"solved":true,"rating":4,"asked_by_channel":"visit"})";
  EXPECT_EQ(Send("sunqi", {Op(Id(9), "POST", path + "/judgement", word)}).At("results.0.problem.code"), "access.forbidden") << "of its own work";
  const Answer sent = Send("wangfang", {Op(Id(10), "POST", path + "/judgement", word)});
  EXPECT_EQ(sent.At("results.0.state"), "done") << sent.text;
  EXPECT_EQ(Send("wangfang", {Op(Id(10), "POST", path + "/judgement", word)}).At("results.0.state"), "done") << "the reply was lost";
  EXPECT_EQ(Send("wangfang", {Op(Id(11), "POST", path + "/judgement", word)}).At("results.0.problem.code"), "matters.already_settled");
  const Answer mine = Get("household:张大山", "/api/v1/me/matters/" + matter.At("id"));
  EXPECT_EQ(mine.At("judgement.asked_by"), "王芳") << mine.text;
  EXPECT_EQ(mine.At("judgement.asked_by_channel"), "visit");
}

TEST_F(Sync, AMatterIsTakenAlongWithItsPointsItsWorkingAndItsAnswer) {
  const std::string about = fmt::format(R"({{"text":"水管裂了","household_id":"{}"}})", HouseholdId("张大山"));
  const Answer matter = Post("wangfang", "/api/v1/matters", about);
  ASSERT_EQ(matter.status, 201) << matter.text;
  const std::string id = matter.At("id");
  const auto taken = [&] { return Get("wangfang", "/api/v1/sync/changes"); };
  EXPECT_EQ(taken().At("items.0.record.matters.0.asks.0.text"), "水管裂了") << taken().text;
  EXPECT_EQ(taken().At("items.0.record.matters.0.clock.working.article"), matter.At("clock.working.article"));
  EXPECT_EQ(taken().Count("items.0.record.matters.0.answers"), 0u);
  const std::string answer = fmt::format(R"({{"text":"换好了","asks":[{{"id":"{}","outcome":"done","text":"换了新管"}}]}})", matter.At("asks.0.id"));
  const Answer answered = Post("wangfang", "/api/v1/matters/" + id + "/answer", answer);
  ASSERT_EQ(answered.status, 201) << answered.text;
  EXPECT_EQ(taken().At("items.0.record.matters.0.answers.0.text"), "换好了") << taken().text;
  // On a page of the desk one goes on to the matter instead.
  EXPECT_EQ(Get("wangfang", Household("", "张大山")).text.find("换好了"), std::string::npos);
}

TEST_F(Sync, AHouseholdThatChangesHandsGoesFromOnePhoneToTheOther) {
  const Taken mine = Take("wangfang");
  const Taken theirs = Take("lina");
  const Answer pairings = Get("admin", "/api/v1/pairings?household_id=" + HouseholdId("张大山"));
  ASSERT_EQ(pairings.Count("items"), 1u) << pairings.text;
  const Answer ended = Post("admin", "/api/v1/pairings/" + pairings.At("items.0.id") + "/end", R"({"until":"2026-03-11","reason":"轮换"})");
  ASSERT_LT(ended.status, 300) << ended.text;
  const Answer made = Post("admin", "/api/v1/pairings", fmt::format(R"({{"household_id":"{}","officer_id":"{}","from":"2026-03-11"}})", HouseholdId("张大山"), OfficerId("lina")));
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(Take("wangfang", mine.cursor).records, (std::map<std::string, std::string>{{HouseholdId("张大山"), "removed"}}));
  EXPECT_EQ(Take("lina", theirs.cursor).records, (std::map<std::string, std::string>{{HouseholdId("张大山"), "张大山"}}));
  EXPECT_TRUE(Take("wangfang").records.empty());
}

TEST_F(Sync, TheHouseholdReadsWhoTookItsRecordAlong) {
  Take("wangfang");
  Tick();
  const Answer reads = Get("household:张大山", "/api/v1/me/reads");
  EXPECT_EQ(reads.At("items.0.officer_name"), "王芳") << reads.text;
}

TEST_F(Sync, ActsOfDaysAreDoneOnceInTheirOrder) {
  const std::string household = HouseholdId("张大山");
  const std::vector<std::string> operations = {
      Op(Id(10), "POST", "/api/v1/visits", Visit(1)),
      Op(Id(11), "PATCH", "/api/v1/households/" + household + "/sections/housing",
         fmt::format(R"({{"rooms":4,"visit_id":"{}","base":{{}}}})", Id(1)), fmt::format(R"(,"if_match":{})", Revision())),
      Op(Id(12), "POST", "/api/v1/matters", fmt::format(R"({{"id":"{}","channel":"visit","text":"路灯坏了","household_id":"{}","visit_id":"{}"}})", Id(2), household, Id(1))),
  };
  const Answer first = Send("wangfang", operations);
  ASSERT_EQ(first.status, 200) << first.text;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(first.At(fmt::format("results.{}.state", i)), "done") << first.text;
  const std::string receipt = first.At("results.2.reply.receipt");
  EXPECT_FALSE(receipt.empty());
  const int64_t revision = Revision();
  // The reply was lost: the same again changes nothing and says the same.
  const Answer again = Send("wangfang", operations);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(again.At(fmt::format("results.{}.state", i)), "done") << again.text;
  EXPECT_EQ(again.At("results.2.reply.receipt"), receipt);
  EXPECT_EQ(Revision(), revision);
  EXPECT_EQ(Get("wangfang", "/api/v1/visits?household_id=" + household).Count("items"), 1u);
}

TEST_F(Sync, OneBadRecordHoldsUpNothingButItsOwn) {
  const Answer sent = Send("wangfang", {
      Op(Id(10), "POST", "/api/v1/visits", R"({"met":"ghost"})", R"(,"record":"a","at":"2026-03-10T01:00:00Z")"),
      Op(Id(11), "POST", "/api/v1/visit_plans", "{}", R"(,"record":"a")"),
      Op(Id(12), "POST", "/api/v1/visits", Visit(2), R"(,"record":"b")"),
      Op(Id(13), "POST", "/api/v1/officers", "{}"),
      Op(Id(14), "POST", "../etc/passwd", "{}"),
  });
  ASSERT_EQ(sent.status, 200) << sent.text;
  EXPECT_EQ(sent.At("results.0.state"), "refused");
  EXPECT_EQ(sent.At("results.0.problem.code"), "invalid_input");
  EXPECT_EQ(sent.At("results.1.state"), "later") << "of the same record";
  EXPECT_EQ(sent.At("results.2.state"), "done");
  EXPECT_EQ(sent.At("results.3.problem.code"), "sync.not_an_operation");
  EXPECT_EQ(sent.At("results.4.problem.code"), "not_found");
  EXPECT_EQ(sent.At("set_aside"), "3");

  // What was refused is kept, for its officer alone, until it is done after all or given up.
  const Answer list = Get("wangfang", "/api/v1/sync/set_aside?limit=2");
  EXPECT_EQ(list.Count("items"), 2u);
  EXPECT_EQ(list.At("items.0.code"), "invalid_input") << list.text;
  EXPECT_EQ(list.At("items.0.operation.body.met"), "ghost");
  EXPECT_EQ(list.At("items.0.claimed_at"), "2026-03-10T01:00:00.000Z");
  EXPECT_EQ(Get("wangfang", "/api/v1/sync/set_aside?limit=2&cursor=" + list.At("next_cursor")).Count("items"), 1u);
  EXPECT_EQ(Get("lina", "/api/v1/sync/set_aside").Count("items"), 0u);
  EXPECT_EQ(Post("lina", "/api/v1/sync/set_aside/" + Id(13) + "/drop", R"({"reason":"x"})").status, 404);
  EXPECT_EQ(Post("wangfang", "/api/v1/sync/set_aside/" + Id(13) + "/drop", "{}").Errors(), std::vector<std::string>{"reason:required"});
  EXPECT_EQ(Post("wangfang", "/api/v1/sync/set_aside/" + Id(13) + "/drop", R"({"reason":"按错了"})").status, 204);
  EXPECT_EQ(Post("wangfang", "/api/v1/sync/set_aside/" + Id(13) + "/drop", R"({"reason":"按错了"})").At("code"), "sync.closed_already");
  EXPECT_EQ(Send("wangfang", {Op(Id(10), "POST", "/api/v1/visits", Visit(3))}).At("results.0.state"), "done");
  EXPECT_EQ(Get("wangfang", "/api/v1/sync/set_aside").Count("items"), 1u);
}

TEST_F(Sync, EditsOfDifferentFieldsBothHoldAndOfTheSameAPersonDecides) {
  const std::string path = "/api/v1/households/" + HouseholdId("张大山") + "/sections/housing";
  const int64_t seen = Revision();
  // At the desk, while the phone was away.
  ASSERT_EQ(Patch("wangfang", path, seen, R"({"rooms":5,"structure":"timber"})").status, 200);
  const auto edit = [&](int n, const std::string& body) {
    return Send("wangfang", {Op(Id(n), "PATCH", path, body, fmt::format(R"(,"if_match":{})", seen))});
  };
  EXPECT_EQ(edit(20, R"({"floor_m2":90,"base":{}})").At("results.0.state"), "done");
  const Answer same = edit(21, R"({"rooms":4,"base":{}})");
  EXPECT_EQ(same.At("results.0.state"), "refused") << same.text;
  EXPECT_EQ(same.At("results.0.status"), "412");
  EXPECT_EQ(same.At("results.0.problem.conflicts.0.field"), "rooms");
  EXPECT_EQ(same.At("results.0.problem.conflicts.0.now"), "5");
  EXPECT_EQ(same.At("results.0.problem.conflicts.0.asked"), "4");
  EXPECT_EQ(edit(22, R"({"rooms":5,"base":{}})").At("results.0.state"), "done") << "both say the same";
  const Answer record = Get("wangfang", Household("", "张大山"));
  EXPECT_EQ(record.At("sections.housing.rooms"), "5") << record.text;
  EXPECT_EQ(record.At("sections.housing.floor_m2"), "90");
  // Decided by a person, on what it is now.
  EXPECT_EQ(Send("wangfang", {Op(Id(21), "PATCH", path, R"({"rooms":4,"base":{"rooms":5}})", fmt::format(R"(,"if_match":{})", seen))}).At("results.0.state"), "done");
  EXPECT_EQ(Get("wangfang", Household("", "张大山")).At("sections.housing.rooms"), "4");
  EXPECT_EQ(Get("wangfang", "/api/v1/sync/set_aside").Count("items"), 0u);
}

TEST_F(Sync, WhatWasGivenUpIsNotDoneByACopyThatComesLate) {
  // Refused while the plan it carries out is not there yet.
  const std::string plan = fmt::format(R"({{"id":"{}","household_id":"{}","at":"2026-03-11T01:30:00Z","met":"head","plan_id":"{}"}})", Id(40), HouseholdId("张大山"), Id(41));
  const std::vector<std::string> late = {Op(Id(30), "POST", "/api/v1/visits", plan)};
  ASSERT_EQ(Send("wangfang", late).At("results.0.state"), "refused");
  ASSERT_EQ(Post("wangfang", "/api/v1/sync/set_aside/" + Id(30) + "/drop", R"({"reason":"重复了"})").status, 204);
  const Answer made = Post("wangfang", "/api/v1/visit_plans", fmt::format(R"({{"id":"{}","household_id":"{}","on":"2026-03-20"}})", Id(41), HouseholdId("张大山")));
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(Send("wangfang", late).At("results.0.problem.code"), "idempotency_key_reused");
  EXPECT_EQ(Get("wangfang", "/api/v1/sync/set_aside").Count("items"), 0u);
  EXPECT_EQ(Get("wangfang", "/api/v1/visits?household_id=" + HouseholdId("张大山")).Count("items"), 0u);
}

TEST_F(Sync, AReceiptGivenAtTheDoorHolds) {
  const auto matter = [&](int n, std::string_view receipt) {
    return Send("wangfang", {Op(Id(n), "POST", "/api/v1/matters", fmt::format(R"({{"id":"{}","channel":"visit","text":"路灯坏了","household_id":"{}","receipt":"{}"}})",
                                                                              Id(n + 100), HouseholdId("张大山"), receipt))});
  };
  const std::string given = [&] {  // of another county's numbers, so that it is nobody's here
    const Answer first = Post("zhaomin", "/api/v1/matters", R"({"text":"先来一件"})");
    std::string text = first.At("receipt");
    EXPECT_EQ(matter(50, text).At("results.0.problem.errors.0.code"), "taken");
    SeededRandom random(7);
    return identity::NewNumber(random);
  }();
  const Answer made = matter(51, given);
  EXPECT_EQ(made.At("results.0.reply.receipt"), given) << made.text;
  EXPECT_EQ(Get("", "/api/v1/receipts/" + given).At("state"), "received");
  EXPECT_EQ(matter(52, "7K3M-9QXT-5").At("results.0.problem.errors.0.code"), "not_a_receipt");
  EXPECT_EQ(Post("household:张大山", "/api/v1/me/matters", fmt::format(R"({{"text":"x","receipt":"{}"}})", given)).Errors(),
            std::vector<std::string>{"receipt:not_allowed"});
}

TEST_F(Sync, AWrongBatchIsNoBatch) {
  EXPECT_EQ(Post("wangfang", "/api/v1/sync/operations", "{}").Errors(), std::vector<std::string>{"operations:required"});
  EXPECT_EQ(Send("wangfang", {R"({"id":"x","method":"POST","path":"/"})"}).Errors(), std::vector<std::string>{"operations[0].id:not_an_id"});
  EXPECT_EQ(Send("zhangsan", {}).status, 403);
  EXPECT_EQ(Send("wangfang", {}).Count("results"), 0u);
  EXPECT_EQ(Get("wangfang", "/api/v1/sync/changes?cursor=nonsense").Errors(), std::vector<std::string>{"cursor:not_a_cursor"});
  // Of a county that was restored since.
  EXPECT_EQ(Get("wangfang", "/api/v1/sync/changes?cursor=" + Base64Url("99999 -1 00000000-0000-0000-0000-000000000000")).At("code"), "sync.start_over");
}

}  // namespace
}  // namespace huiyin::testing
