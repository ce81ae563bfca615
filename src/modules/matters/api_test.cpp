// SPDX-License-Identifier: EUPL-1.2
#include <fstream>

#include "modules/matters/matters.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class MattersApi : public Town {
 protected:
  // Taken at the window of 清水镇; the id.
  std::string Taken(std::string_view text = "三组的水管裂了半个月，一直没人来修。", std::string_view more = "") {
    const Answer taken = Post("zhaomin", "/api/v1/matters",
                              fmt::format(R"({{"text": "{}", "area_code": "990101101001"{}}})", text, more));
    EXPECT_EQ(taken.status, 201) << taken.text;
    receipt_ = taken.At("receipt");
    return taken.At("id");
  }
  std::string Path(const std::string& id, std::string_view act = "") {
    return "/api/v1/matters/" + id + (act.empty() ? "" : "/" + std::string(act));
  }
  Answer Do(std::string_view as, const std::string& id, std::string_view act, const std::string& body = "{}") {
    return Post(as, Path(id, act), body);
  }
  // To the water bureau, which accepts it.
  std::string AtWater() {
    const std::string id = Taken();
    EXPECT_EQ(Do("zhaomin", id, "assignment", ToUnit("水务局")).status, 201);
    EXPECT_EQ(Do("sunqi", id, "acceptance").status, 201);
    return id;
  }
  std::string ToUnit(std::string_view unit, std::string_view more = "") {
    return fmt::format(R"({{"unit_id": "{}"{}}})", UnitId(unit), more);
  }
  std::string DoneFor(const std::string& id) {
    const Answer asks = Get("zhangsan", Path(id, "asks"));
    std::string body = R"({"text": "水管已经换好。", "asks": [)";
    for (size_t i = 0; i < asks.Count("items"); ++i) {
      body += fmt::format(R"({}{{"id": "{}", "outcome": "done", "text": "已修好"}})", i == 0 ? "" : ",",
                          asks.At(fmt::format("items.{}.id", i)));
    }
    return body + "]}";
  }
  std::string Answered() {
    const std::string id = AtWater();
    const Answer answered = Do("sunqi", id, "answer", DoneFor(id));
    EXPECT_EQ(answered.status, 201) << answered.text;
    return id;
  }
  bool Lists(std::string_view as, const std::string& query, const std::string& id) {
    const Answer list = Get(as, "/api/v1/matters?" + query);
    EXPECT_EQ(list.status, 200) << list.text;
    for (size_t i = 0; i < list.Count("items"); ++i) {
      if (list.At(fmt::format("items.{}.id", i)) == id) return true;
    }
    return false;
  }
  void WithSystem(const std::function<void(Context&)>& job) {
    const http::Request none;
    Write([&](db::Tx& tx) {
      Actor system;
      system.kind = Actor::Kind::kSystem;
      Context ctx{.tx = tx, .services = dispatch_->services(), .request = none, .county = kCounty, .zone = Zone{480},
                  .now = clock_.now, .actor = system};
      job(ctx);
    });
  }
  std::string receipt_;
};

TEST_F(MattersApi, TextIsEnough) {
  const Answer taken = Post("zhaomin", "/api/v1/matters", R"({"text": "路灯不亮"})");
  ASSERT_EQ(taken.status, 201) << taken.text;
  EXPECT_EQ(taken.At("state"), "received");
  EXPECT_EQ(taken.At("owner.unit_name"), "清水镇服务站");
  EXPECT_EQ(taken.At("asks.0.text"), "路灯不亮");
  EXPECT_EQ(taken.At("clock.rule"), "hotline.answer");
  // Wednesday 11 March; five working days after it.
  EXPECT_EQ(taken.At("clock.due_at"), "2026-03-18T15:59:59.999Z");
  EXPECT_EQ(taken.Count("clock.working.counted"), 5u);
  EXPECT_EQ(taken.At("receipt").size(), 11u);
  EXPECT_EQ(Post("zhaomin", "/api/v1/matters", "{}").Errors(), std::vector<std::string>{"text:required"});
}

TEST_F(MattersApi, TheClockStartsAtTheFirstWords) {
  const Answer taken = Post("zhaomin", "/api/v1/matters",
                            R"({"text": "上周就说过", "channel": "visit", "first_words_at": "2026-03-06T02:00:00Z"})");
  EXPECT_EQ(taken.At("clock.started_at"), "2026-03-06T02:00:00.000Z");
  EXPECT_EQ(taken.At("clock.due_at"), "2026-03-13T15:59:59.999Z");
  EXPECT_EQ(Post("zhaomin", "/api/v1/matters", R"({"text": "x", "first_words_at": "2026-03-12T02:00:00Z"})").Errors(),
            std::vector<std::string>{"first_words_at:in_the_future"});
}

TEST_F(MattersApi, TheSameIdIsTheSameMatter) {
  const std::string body = R"({"id": "990101-0192f3a4-7c1e-7abc-8def-0123456789ab", "text": "水管裂了", "asks": [{"text": "修好"}, {"text": "减水费"}]})";
  const Answer first = Post("zhaomin", "/api/v1/matters", body);
  const Answer second = Post("zhaomin", "/api/v1/matters", body);
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(second.status, 201);
  EXPECT_EQ(first.At("receipt"), second.At("receipt"));
  EXPECT_EQ(first.Count("asks"), 2u);
  EXPECT_EQ(Number({"test.count", "SELECT COUNT(*) FROM matters"}), 1);
  const Answer other = Post("zhaomin", "/api/v1/matters", R"({"id": "990101-0192f3a4-7c1e-7abc-8def-0123456789ab", "text": "别的"})");
  EXPECT_EQ(other.status, 409);
  EXPECT_EQ(other.At("code"), "duplicate_id");
}

TEST_F(MattersApi, ThePublicNeedsNoAccountAndNoName) {
  const Answer named = Post("", "/api/v1/matters",
                            R"({"text": "村口的桥栏杆坏了", "area_code": "990101101002", "contact": "13900000001"})");
  ASSERT_EQ(named.status, 201) << named.text;
  EXPECT_EQ(named.At("owner.unit_name"), "清水镇服务站");
  const Answer unnamed = Post("", "/api/v1/matters", R"({"text": "匿名反映", "anonymous": true, "contact": {"phone": "13900000002"}})");
  ASSERT_EQ(unnamed.status, 201) << unnamed.text;
  EXPECT_EQ(unnamed.At("owner.unit_name"), "县服务大厅");
  EXPECT_EQ(Get("zhangsan", Path(unnamed.At("id"))).At("contact"), "");
  EXPECT_EQ(Get("", "/api/v1/receipts/" + unnamed.At("receipt")).At("state"), "received");
  EXPECT_EQ(Post("", "/api/v1/matters", fmt::format(R"({{"text": "x", "household_id": "{}"}})", HouseholdId("张大山"))).Errors(),
            std::vector<std::string>{"household_id:not_allowed"});
  EXPECT_EQ(Post("", "/api/v1/matters", R"({"text": "x", "channel": "phone"})").status, 422);
}

TEST_F(MattersApi, AnAddressThatFilesWithoutEndIsSlowedDown) {
  int taken = 0;
  for (int i = 0; i < 60; ++i) taken += Post("", "/api/v1/matters", R"({"text": "一样的话"})").status == 201;
  EXPECT_EQ(taken, 30);
  clock_.Advance(kHour);
  EXPECT_EQ(Post("", "/api/v1/matters", R"({"text": "一样的话"})").status, 201);
}

TEST_F(MattersApi, TheHouseholdFollowsItsOwn) {
  const Answer taken = Post("household:张大山", "/api/v1/me/matters", R"({"text": "水管裂了，没水喝"})");
  ASSERT_EQ(taken.status, 201) << taken.text;
  const Answer mine = Get("household:张大山", "/api/v1/me/matters");
  EXPECT_EQ(mine.At("items.0.id"), taken.At("id"));
  EXPECT_EQ(Get("household:张大山", "/api/v1/me/matters/" + taken.At("id")).At("text"), "水管裂了，没水喝");
  EXPECT_EQ(Get("household:王建国", "/api/v1/me/matters/" + taken.At("id")).status, 404);
  EXPECT_EQ(Get("household:王建国", "/api/v1/me/matters").Count("items"), 0u);
  EXPECT_EQ(Post("household:张大山", "/api/v1/me/matters", R"({"text": "不留名", "anonymous": true})").status, 201);
  EXPECT_EQ(Get("household:张大山", "/api/v1/me/matters").Count("items"), 1u);
}

TEST_F(MattersApi, FromTheFirstWordsToTheResidentsJudgement) {
  const Answer taken = Post("wangfang", "/api/v1/matters",
                            fmt::format(R"({{"text": "水管裂了", "channel": "visit", "household_id": "{}", "asks": [{{"text": "修水管"}}, {{"text": "减免水费"}}]}})",
                                        HouseholdId("张大山")));
  ASSERT_EQ(taken.status, 201) << taken.text;
  const std::string id = taken.At("id");
  const Answer assigned = Do("wangfang", id, "assignment", ToUnit("水务局", R"(, "note": "请尽快")"));
  ASSERT_EQ(assigned.status, 201) << assigned.text;
  EXPECT_EQ(assigned.At("state"), "assigned");
  EXPECT_EQ(assigned.At("owner.unit_name"), "清水镇政府");  // until the bureau accepts
  EXPECT_EQ(assigned.At("offered_to.name"), "水务局");
  EXPECT_TRUE(Lists("sunqi", "queue=unit", id));

  const Answer accepted = Do("sunqi", id, "acceptance", fmt::format(R"({{"officer_id": "{}"}})", OfficerId("sunqi")));
  ASSERT_EQ(accepted.status, 201) << accepted.text;
  EXPECT_EQ(accepted.At("owner.unit_name"), "水务局");
  EXPECT_EQ(accepted.At("owner.officer_name"), "孙琦");
  EXPECT_EQ(accepted.At("clock.due_at"), taken.At("clock.due_at"));
  EXPECT_TRUE(Lists("sunqi", "queue=mine", id));

  const std::string a = accepted.At("asks.0.id");
  const std::string b = accepted.At("asks.1.id");
  EXPECT_EQ(Do("sunqi", id, "answer", fmt::format(R"({{"text": "好了", "asks": [{{"id": "{}", "outcome": "done", "text": "好了"}}]}})", a)).Errors(),
            std::vector<std::string>{"asks:outcome_missing"});
  EXPECT_EQ(Do("sunqi", id, "answer",
               fmt::format(R"({{"text": "好了", "asks": [{{"id": "{}", "outcome": "done", "text": "好了"}}, {{"id": "{}", "outcome": "refused", "text": "不符合"}}]}})", a, b))
                .Errors(),
            std::vector<std::string>{"asks[1].rule:required"});
  const Answer answered = Do("sunqi", id, "answer",
                             fmt::format(R"({{"text": "水管已换", "asks": [{{"id": "{}", "outcome": "done", "text": "换了管"}},
                               {{"id": "{}", "outcome": "refused", "text": "不在减免范围", "rule": "县水费办法第九条"}}]}})", a, b));
  ASSERT_EQ(answered.status, 201) << answered.text;
  EXPECT_EQ(answered.At("state"), "answered");
  EXPECT_EQ(answered.At("clock"), "");
  EXPECT_NE(answered.At("asks.1.appeal"), "");

  const Answer mine = Get("household:张大山", "/api/v1/me/matters/" + id);
  EXPECT_EQ(mine.At("answer.text"), "水管已换");
  EXPECT_EQ(mine.At("may"), R"(["judgement","appeal","withdrawal"])");
  EXPECT_EQ(mine.At("moves"), "1");
  const Answer judged = Post("household:张大山", "/api/v1/me/matters/" + id + "/judgement", R"({"solved": true, "rating": 4, "text": "修好了"})");
  ASSERT_EQ(judged.status, 201) << judged.text;
  EXPECT_EQ(judged.At("state"), "settled");
  EXPECT_EQ(Post("household:张大山", "/api/v1/me/matters/" + id + "/judgement", R"({"solved": false})").At("code"), "matters.already_settled");

  const Answer story = Get("wangfang", Path(id));
  ASSERT_EQ(story.status, 200) << story.text;
  EXPECT_EQ(story.Count("holds"), 2u);
  EXPECT_EQ(story.At("judgements.0.rating"), "4");
  std::string kinds;
  for (size_t i = 0; i < story.Count("events"); ++i) kinds += story.At(fmt::format("events.{}.kind", i)) + " ";
  EXPECT_EQ(kinds, "received assigned accepted answered judged settled ");
  EXPECT_EQ(Get("wangfang", Path(id, "events?limit=2")).Count("items"), 2u);
}

TEST_F(MattersApi, WhoMaySeeIt) {
  const std::string id = AtWater();
  EXPECT_EQ(Get("zhaomin", Path(id)).status, 200);   // wrote it down
  EXPECT_EQ(Get("liuyi", Path(id)).status, 200);     // supervises the county
  EXPECT_EQ(Get("zhouba", Path(id)).status, 403);    // another bureau
  EXPECT_EQ(Get("lina", Path(id)).status, 404);      // another township
  EXPECT_EQ(Get("", Path(id)).status, 401);
  EXPECT_FALSE(Lists("zhouba", "queue=open", id));
  EXPECT_FALSE(Lists("lina", "", id));
  EXPECT_TRUE(Lists("liuyi", "queue=open&area=990101101", id));
  EXPECT_TRUE(Lists("zhaomin", "", id));
  EXPECT_FALSE(Lists("liuyi", "queue=open&area=990101102", id));
  Tick();
  EXPECT_GE(Number({"test.reads", "SELECT COUNT(*) FROM audit_entries WHERE act = 'matter.read'"}), 2);
}

TEST_F(MattersApi, AReturnIsDecidedByTheSenderAndTheClockRunsOn) {
  const std::string id = Taken();
  Do("zhaomin", id, "assignment", ToUnit("交通局"));
  const std::string due = Get("zhaomin", Path(id)).At("due_at");
  EXPECT_EQ(Do("sunqi", id, "return", R"({"reason": "x"})").status, 403);
  const Answer returned = Do("zhouba", id, "return", R"({"reason": "水管不归交通局"})");
  ASSERT_EQ(returned.status, 201) << returned.text;
  EXPECT_EQ(returned.At("owner.unit_name"), "清水镇服务站");
  EXPECT_EQ(Do("zhouba", id, "return", R"({"reason": "再退"})").At("code"), "matters.return_waits");
  EXPECT_TRUE(Lists("zhaomin", "queue=returned", id));
  EXPECT_EQ(Get("zhaomin", Path(id)).At("pending_return.decider_unit_name"), "清水镇服务站");
  EXPECT_EQ(Do("zhouba", id, "return_decision", R"({"agreed": true})").status, 403);
  const Answer decided = Do("zhaomin", id, "return_decision", fmt::format(R"({{"agreed": true, "unit_id": "{}"}})", UnitId("水务局")));
  ASSERT_EQ(decided.status, 201) << decided.text;
  EXPECT_EQ(decided.At("offered_to.name"), "水务局");
  EXPECT_EQ(Get("zhaomin", Path(id)).At("due_at"), due);

  // The second time their common superior decides, who says it stays.
  const Answer again = Do("sunqi", id, "return", R"({"reason": "也不归我们"})");
  ASSERT_EQ(again.status, 201) << again.text;
  EXPECT_EQ(Get("liuyi", Path(id)).At("pending_return.decider_unit_name"), "县政府办");
  const Answer stays = Do("chener", id, "return_decision", R"({"agreed": false, "note": "由水务局办"})");
  ASSERT_EQ(stays.status, 201) << stays.text;
  EXPECT_EQ(stays.At("owner.unit_name"), "水务局");
  const Answer status = Get("", "/api/v1/receipts/" + receipt_);
  EXPECT_EQ(status.At("bounces"), "2");
  EXPECT_EQ(status.At("held_by"), "水务局");
  EXPECT_EQ(status.At("due_at"), due);
}

TEST_F(MattersApi, AnOwnerGivesItBackToWhoSentIt) {
  const std::string id = AtWater();
  ASSERT_EQ(Do("sunqi", id, "return", R"({"reason": "查清楚了，不归我们"})").status, 201);
  const Answer decided = Do("zhaomin", id, "return_decision", R"({"agreed": true})");
  ASSERT_EQ(decided.status, 201) << decided.text;
  EXPECT_EQ(decided.At("owner.unit_name"), "清水镇服务站");
  EXPECT_EQ(Get("zhaomin", Path(id)).Count("holds"), 3u);
}

TEST_F(MattersApi, ASupervisorStepsIn) {
  const std::string id = AtWater();
  EXPECT_EQ(Do("zhouba", id, "assignment", ToUnit("交通局")).status, 403);
  EXPECT_EQ(Do("liuyi", id, "assignment", ToUnit("交通局")).status, 201);
  EXPECT_EQ(Do("liuyi", id, "reminder", R"({"note": "今天给个说法"})").status, 201);
  EXPECT_EQ(Do("sunqi", id, "reminder", R"({"note": "x"})").status, 403);
  EXPECT_EQ(Do("zhouba", id, "acceptance").status, 201);
  EXPECT_EQ(Get("liuyi", Path(id)).At("owner.unit_name"), "交通局");
}

TEST_F(MattersApi, UnitsWorkAlongAskByAsk) {
  const std::string id = Taken("路塌了水管也断了", R"(, "asks": [{"text": "修路"}, {"text": "修水管"}])");
  Do("zhaomin", id, "assignment", ToUnit("交通局"));
  const Answer accepted = Do("zhouba", id, "acceptance");
  const std::string road = accepted.At("asks.0.id");
  const std::string water = accepted.At("asks.1.id");
  const Answer added = Do("zhouba", id, "co_handlers", ToUnit("水务局", fmt::format(R"(, "ask_ids": ["{}"])", water)));
  ASSERT_EQ(added.status, 201) << added.text;
  EXPECT_EQ(added.At("asks.1.unit_name"), "水务局");
  EXPECT_TRUE(Lists("sunqi", "queue=unit", id));
  const auto one = [](const std::string& ask) {
    return fmt::format(R"({{"text": "好了", "asks": [{{"id": "{}", "outcome": "done", "text": "好了"}}]}})", ask);
  };
  EXPECT_EQ(Do("sunqi", id, "answer", one(road)).status, 422);
  const Answer part = Do("sunqi", id, "answer", one(water));
  ASSERT_EQ(part.status, 201) << part.text;
  EXPECT_EQ(part.At("state"), "assigned");
  EXPECT_EQ(Do("zhouba", id, "answer", one(road)).At("state"), "answered");
}

TEST_F(MattersApi, MoreTimeNeedsARuleAReasonAndSomebodyElse) {
  const std::string id = AtWater();
  EXPECT_EQ(Do("sunqi", id, "extension", R"({"rule": "petition.extend", "days": 3, "reason": "等材料"})").Errors(),
            std::vector<std::string>{"rule:unknown_rule"});
  EXPECT_EQ(Do("sunqi", id, "extension", R"({"rule": "hotline.extend", "days": 9, "reason": "等材料"})").Errors(),
            std::vector<std::string>{"days:out_of_range"});
  const Answer asked = Do("sunqi", id, "extension", R"({"rule": "hotline.extend", "days": 3, "reason": "等材料"})");
  ASSERT_EQ(asked.status, 201) << asked.text;
  EXPECT_EQ(asked.At("clock.due_at"), "2026-03-18T15:59:59.999Z");  // not yet
  EXPECT_EQ(Do("sunqi", id, "extension_decision", R"({"granted": true})").status, 403);
  EXPECT_EQ(Get("", "/api/v1/receipts/" + receipt_).Count("extensions"), 0u);
  const Answer granted = Do("liuyi", id, "extension_decision", R"({"granted": true, "note": "同意"})");
  ASSERT_EQ(granted.status, 201) << granted.text;
  EXPECT_EQ(granted.At("clock.due_at"), "2026-03-23T15:59:59.999Z");
  EXPECT_EQ(granted.At("clock.extended_days"), "3");
  const Answer told = Get("", "/api/v1/receipts/" + receipt_);
  EXPECT_EQ(told.At("extensions.0.reason"), "等材料");
  EXPECT_EQ(told.At("extensions.0.due_at"), "2026-03-23T15:59:59.999Z");
  EXPECT_EQ(Do("sunqi", id, "extension", R"({"rule": "hotline.extend", "days": 1, "reason": "再等"})").At("code"), "matters.already_extended");
}

TEST_F(MattersApi, UnsolvedOpensItAgain) {
  const std::string id = Answered();
  clock_.Advance(2 * kDay);
  const Answer judged = Post("", "/api/v1/receipts/" + receipt_ + "/judgement", R"({"solved": false, "rating": 1})");
  ASSERT_EQ(judged.status, 201) << judged.text;
  EXPECT_EQ(judged.At("state"), "assigned");
  // Three working days, in place of five.
  EXPECT_EQ(judged.At("due_at"), "2026-03-18T15:59:59.999Z");
  EXPECT_TRUE(Lists("liuyi", "queue=reopened", id));
  const Answer story = Get("sunqi", Path(id));
  EXPECT_EQ(story.At("reopened"), "1");
  EXPECT_EQ(story.At("asks.0.outcome"), "");
  EXPECT_EQ(story.Count("answers"), 1u);
  EXPECT_EQ(Do("sunqi", id, "answer", DoneFor(id)).At("state"), "answered");
}

TEST_F(MattersApi, TheHandlingUnitDoesNotAskHowItWent) {
  const std::string id = Answered();
  const std::string said = R"({"solved": true, "asked_by_channel": "phone"})";
  EXPECT_EQ(Do("sunqi", id, "judgement", said).status, 403);
  EXPECT_EQ(Do("zhaomin", id, "judgement", R"({"solved": true})").Errors(), std::vector<std::string>{"asked_by_channel:required"});
  const Answer judged = Do("zhaomin", id, "judgement", said);
  ASSERT_EQ(judged.status, 201) << judged.text;
  EXPECT_EQ(judged.At("state"), "settled");
  EXPECT_EQ(Get("liuyi", Path(id)).At("judgements.0.asked_by"), "赵敏");
  // A matter that stayed at the window is not asked about there.
  const std::string own = Taken("开个证明");
  EXPECT_EQ(Do("zhaomin", own, "answer", DoneFor(own)).status, 201);
  EXPECT_EQ(Do("zhaomin", own, "judgement", said).At("code"), "matters.own_work");
  EXPECT_EQ(Do("zhaomin", own, "withdrawal", R"({"reason": "不要了", "by_resident": true})").status, 403);
  EXPECT_EQ(Do("liuyi", own, "withdrawal", R"({"reason": "不要了"})").Errors(), std::vector<std::string>{"by_resident:required"});
}

TEST_F(MattersApi, SilenceIsSilence) {
  const std::string id = Answered();
  clock_.Advance(15 * kDay);
  Tick();
  EXPECT_EQ(Get("liuyi", Path(id)).At("state"), "answered");
  clock_.Advance(2 * kDay);
  Tick();
  const Answer story = Get("liuyi", Path(id));
  EXPECT_EQ(story.At("state"), "settled");
  EXPECT_EQ(story.Count("judgements"), 0u);
  EXPECT_EQ(Number({"test.solved", "SELECT COUNT(*) FROM matters WHERE solved IS NOT NULL"}), 0);
  // Who said nothing may still go a level higher, within the term.
  EXPECT_EQ(Post("", "/api/v1/receipts/" + receipt_ + "/appeal", R"({"reason": "还是没修好"})").status, 201);
}

TEST_F(MattersApi, AnAppealGoesToTheUnitAbove) {
  const std::string id = Answered();
  const Answer appealed = Post("", "/api/v1/receipts/" + receipt_ + "/appeal", R"({"reason": "不认可"})");
  ASSERT_EQ(appealed.status, 201) << appealed.text;
  EXPECT_EQ(appealed.At("state"), "review");
  EXPECT_EQ(appealed.At("held_by"), "县政府办");
  EXPECT_EQ(appealed.At("clock.rule"), "everyday.review");
  EXPECT_EQ(Do("sunqi", id, "answer", DoneFor(id)).status, 403);
  EXPECT_EQ(Post("", "/api/v1/receipts/" + receipt_ + "/appeal", R"({"reason": "再来"})").At("code"), "matters.not_answered");
  const Answer reviewed = Do("chener", id, "answer", DoneFor(id));
  ASSERT_EQ(reviewed.status, 201) << reviewed.text;
  EXPECT_EQ(reviewed.At("state"), "review");
  EXPECT_EQ(Post("", "/api/v1/receipts/" + receipt_ + "/appeal", R"({"reason": "再上一级"})").At("state"), "final_review");
  const std::string second = Answered();
  clock_.Advance(60 * kDay);
  EXPECT_EQ(Do("zhaomin", second, "appeal", R"({"reason": "太晚"})").At("code"), "matters.appeal_term_over");
}

TEST_F(MattersApi, TheResidentWithdraws) {
  const Answer taken = Post("household:张大山", "/api/v1/me/matters", R"({"text": "想改名字"})");
  const std::string path = "/api/v1/me/matters/" + taken.At("id") + "/withdrawal";
  EXPECT_EQ(Post("household:王建国", path, R"({"reason": "x"})").status, 404);
  EXPECT_EQ(Post("household:张大山", path, R"({"reason": "已经办了"})").At("state"), "withdrawn");
  EXPECT_EQ(Do("zhaomin", taken.At("id"), "assignment", ToUnit("水务局")).At("code"), "matters.already_withdrawn");
}

TEST_F(MattersApi, MergedMattersShareTheAnswerAndNothingElse) {
  const std::string first = Taken();
  const std::string first_receipt = receipt_;
  const std::string second = Taken("三组水管裂了没人修");
  EXPECT_EQ(Do("zhaomin", second, "merge", fmt::format(R"({{"into_id": "{}"}})", second)).status, 422);
  ASSERT_EQ(Do("zhaomin", second, "merge", fmt::format(R"({{"into_id": "{}"}})", first)).status, 201);
  EXPECT_EQ(Get("zhaomin", Path(first)).Count("merged_from"), 1u);
  ASSERT_EQ(Do("zhaomin", first, "answer", DoneFor(first)).status, 201);
  const Answer status = Get("", "/api/v1/receipts/" + receipt_);
  EXPECT_EQ(status.At("state"), "answered") << "it stands where the other one stands";
  EXPECT_EQ(status.At("answer.text"), "水管已经换好。");
  EXPECT_EQ(status.text.find(first_receipt), std::string::npos);
}

TEST_F(MattersApi, AnEditSaysWhichRevisionItSaw) {
  const std::string id = Taken();
  const Answer story = Get("zhaomin", Path(id));
  const int64_t revision = std::atoll(story.At("revision").c_str());
  EXPECT_EQ(Call("zhaomin", "PATCH", Path(id), "{}").status, 428);
  const Answer changed = Patch("zhaomin", Path(id), revision, R"({"kind": "complaint", "category": "water.supply", "title": "水管"})");
  ASSERT_EQ(changed.status, 200) << changed.text;
  EXPECT_EQ(changed.At("title"), "水管");
  EXPECT_EQ(changed.At("clock.rule"), "petition.answer");  // nobody else had it yet
  const Answer stale = Patch("zhaomin", Path(id), revision, R"({"title": "别的"})");
  EXPECT_EQ(stale.status, 412);
  EXPECT_EQ(stale.At("revision"), changed.At("revision"));
  EXPECT_EQ(stale.At("changes.0.field"), "title");
  EXPECT_EQ(stale.At("changes.0.by"), "赵敏");
  EXPECT_EQ(Patch("zhaomin", Path(id), std::atoll(changed.At("revision").c_str()), R"({"category": "no.such"})").Errors(),
            std::vector<std::string>{"category:unknown_category"});
  const Answer asks = Patch("zhaomin", Path(id), std::atoll(changed.At("revision").c_str()),
                            fmt::format(R"({{"asks": [{{"id": "{}", "text": "修水管"}}, {{"text": "送水"}}]}})", story.At("asks.0.id")));
  EXPECT_EQ(asks.Count("asks"), 2u) << asks.text;
}

TEST_F(MattersApi, LikelyDuplicatesAreShownWhileTyping) {
  const std::string id = Taken();
  Taken("路灯坏了");
  const Answer similar = Get("zhaomin", "/api/v1/matters/similar?text=三组水管裂了没人修&area_code=990101101001");
  ASSERT_EQ(similar.status, 200) << similar.text;
  ASSERT_EQ(similar.Count("items"), 1u);
  EXPECT_EQ(similar.At("items.0.id"), id);
  EXPECT_EQ(Get("lina", "/api/v1/matters/similar?text=三组水管裂了&area_code=990101101001").status, 404);
  clock_.Advance(70 * kDay);
  EXPECT_EQ(Get("zhaomin", "/api/v1/matters/similar?text=三组水管裂了没人修&area_code=990101101001").Count("items"), 0u);
}

TEST_F(MattersApi, TheWallOpensIntoTheList) {
  const std::string id = AtWater();
  Answered();
  const Answer wall = Get("liuyi", "/api/v1/wall");
  ASSERT_EQ(wall.status, 200) << wall.text;
  EXPECT_EQ(wall.At("total.open"), "1");
  EXPECT_EQ(wall.At("total.answered"), "1");
  EXPECT_EQ(wall.At("total.late"), "0");
  EXPECT_EQ(wall.At("by_area.0.area_code"), "990101101");
  EXPECT_EQ(Get("sunqi", "/api/v1/wall").status, 403);
  clock_.Advance(6 * kDay);  // Tuesday 17th: one working day left
  EXPECT_EQ(Get("liuyi", "/api/v1/wall").At("total.soon"), "1");
  EXPECT_TRUE(Lists("liuyi", "queue=soon&unit_id=" + UnitId("水务局"), id));
  clock_.Advance(2 * kDay);
  EXPECT_EQ(Get("liuyi", "/api/v1/wall").At("total.late"), "1");
  EXPECT_TRUE(Lists("liuyi", "queue=late&area=990101101", id));
  EXPECT_FALSE(Lists("liuyi", "queue=soon", id));
  EXPECT_EQ(Get("liuyi", "/api/v1/indicators?name=matters_received").At("items.0.value"), "2");
  EXPECT_EQ(Get("liuyi", "/api/v1/indicators?name=solved").At("items.0.hidden"), "true");
}

TEST_F(MattersApi, QueuesAreReadPageByPage) {
  for (int i = 0; i < 7; ++i) {
    Taken("第" + std::to_string(i) + "件");
    clock_.Advance(kDay);
  }
  std::set<std::string> seen;
  std::string before;
  std::string cursor;
  for (int page = 0; page < 10; ++page) {
    const Answer list = Get("zhaomin", "/api/v1/matters?queue=open&limit=3" + (cursor.empty() ? "" : "&cursor=" + cursor));
    ASSERT_EQ(list.status, 200) << list.text;
    for (size_t i = 0; i < list.Count("items"); ++i) {
      const std::string at = fmt::format("items.{}.", i);
      EXPECT_TRUE(seen.insert(list.At(at + "id")).second);
      EXPECT_LE(before, list.At(at + "due_at"));
      before = list.At(at + "due_at");
    }
    cursor = list.At("next_cursor");
    if (cursor.empty()) break;
  }
  EXPECT_EQ(seen.size(), 7u);
  EXPECT_EQ(Get("zhaomin", "/api/v1/matters?q=第3件").Count("items"), 1u);
  EXPECT_EQ(Get("zhaomin", "/api/v1/matters?q=" + receipt_).Count("items"), 1u);
  EXPECT_EQ(Get("zhaomin", "/api/v1/matters?queue=nonsense").status, 422);
  EXPECT_EQ(Get("zhaomin", "/api/v1/matters?queue=open&cursor=xyz").status, 422);
}

TEST_F(MattersApi, WrongReceiptsSlowAnAddressDown) {
  const std::string id = Taken();
  EXPECT_EQ(Get("", "/api/v1/receipts/" + receipt_).status, 200);
  int status = 0;
  for (int i = 0; i < 12; ++i) status = Get("", "/api/v1/receipts/0000-0000-" + std::to_string(i % 10)).status;
  EXPECT_EQ(status, 429);
  EXPECT_EQ(Get("", "/api/v1/receipts/" + receipt_).status, 429);
  clock_.Advance(kHour);
  EXPECT_EQ(Get("", "/api/v1/receipts/" + receipt_).status, 200);
}

TEST_F(MattersApi, ACalendarThatChangesMovesTheDatesItShould) {
  const std::string id = Taken();
  ASSERT_EQ(Call("admin", "PUT", "/api/v1/calendars/2026",
                 R"({"holidays": [{"date": "2026-03-16", "name": "县庆"}], "makeup_workdays": []})").status, 200);
  const Answer story = Get("zhaomin", Path(id));
  EXPECT_EQ(story.At("due_at"), "2026-03-19T15:59:59.999Z");
  EXPECT_EQ(story.At("events.1.kind"), "recounted");
}

TEST_F(MattersApi, CategoriesAreTheCountysToChange) {
  const Answer all = Get("", "/api/v1/categories");
  ASSERT_EQ(all.status, 200);
  EXPECT_GT(all.Count("items"), 50u);
  EXPECT_EQ(Post("admin", "/api/v1/categories", R"({"code": "water.well", "parent": "water", "zh": "机井", "en": "Wells", "rule": "privacy.answer"})").status, 201);
  EXPECT_EQ(Post("admin", "/api/v1/categories", R"({"code": "water.well", "parent": "water", "zh": "机井", "en": "Wells"})").status, 409);
  EXPECT_EQ(Post("zhaomin", "/api/v1/categories", R"({"code": "a", "zh": "a", "en": "a"})").status, 403);
  const std::string id = Taken("机井坏了", R"(, "category": "water.well")");
  EXPECT_EQ(Get("zhaomin", Path(id)).At("clock.rule"), "privacy.answer");
  EXPECT_EQ(Patch("admin", "/api/v1/categories/water.well", 1, R"({"active": false})").status, 200);
  EXPECT_EQ(Patch("admin", "/api/v1/categories/water.well", 1, R"({"active": true})").status, 412);
  EXPECT_EQ(Post("zhaomin", "/api/v1/matters", R"({"text": "x", "category": "water.well"})").status, 422);
}

// A complaint about an officer, walked as everybody near: it is the auditor's and the
// complainer's, and for the rest of the office it does not exist.
class Complaint : public MattersApi {
 protected:
  // The places where a matter could be seen, with the status or the count of now.
  std::string Traces(std::string_view as) {
    std::string traces;
    for (const char* queue : {"mine", "unit", "soon", "late", "returned", "intake", "open", "reopened"}) {
      traces += fmt::format("{} ", Get(as, std::string("/api/v1/matters?queue=") + queue).Count("items"));
    }
    traces += fmt::format("{} ", Get(as, "/api/v1/matters").Count("items"));
    traces += fmt::format("{} ", Get(as, "/api/v1/matters?household_id=" + HouseholdId("张大山")).Count("items"));
    traces += fmt::format("{} ", Get(as, "/api/v1/matters?q=收了").Count("items"));
    traces += fmt::format("{} ", Get(as, "/api/v1/matters/similar?text=王芳收了我两条烟才给办&area_code=990101101001").Count("items"));
    const Answer wall = Get(as, "/api/v1/wall");
    traces += wall.At("total") + fmt::format(" {} {} ", wall.Count("by_unit"), wall.Count("by_area"));
    traces += Get(as, "/api/v1/indicators?name=matters_received").At("items.0.value");
    return traces;
  }
};

TEST_F(Complaint, IsTheAuditorsAloneAndNobodyElseKnows) {
  const std::vector<std::string> office = {"wangfang", "lina", "zhaomin", "sunqi", "zhouba", "liuyi", "chener", "lisi", "admin"};
  std::map<std::string, std::string> before;
  for (const std::string& as : office) before[as] = Traces(as);

  const Answer filed = Post("household:张大山", "/api/v1/me/matters",
                            fmt::format(R"({{"text": "王芳收了我两条烟才给办", "about_officer_id": "{}"}})", OfficerId("wangfang")));
  ASSERT_EQ(filed.status, 201) << filed.text;
  EXPECT_EQ(filed.At("owner.unit_name"), "审计监督室");
  const std::string id = filed.At("id");

  for (const std::string& as : office) {
    EXPECT_EQ(Traces(as), before[as]) << as;
    for (const char* act : {"", "events", "asks"}) {
      const Answer looked = Get(as, Path(id, act));
      EXPECT_EQ(looked.status, as == "admin" ? 403 : 404) << as << " " << act;
    }
    for (const char* act : {"assignment", "acceptance", "return", "return_decision", "co_handlers", "answer", "extension",
                            "extension_decision", "judgement", "appeal", "withdrawal", "reminder", "note", "merge"}) {
      const int status = Do(as, id, act).status;
      // 403 is what the role gets for any matter, existing or not.
      EXPECT_EQ(status, Do(as, "990101-0192f3a4-7c1e-7abc-8def-0123456789ab", act).status) << as << " " << act;
      EXPECT_NE(status, 201);
    }
    EXPECT_FALSE(Lists("zhangsan", "queue=returned", id));
    const Answer found = Get(as, "/api/v1/matters?q=" + filed.At("receipt"));
    EXPECT_EQ(found.Count("items"), 0u) << as;
  }
  EXPECT_TRUE(Lists("zhangsan", "queue=unit", id));
  EXPECT_TRUE(Lists("zhangsan", "", id));
  const Answer story = Get("zhangsan", Path(id));
  EXPECT_EQ(story.At("about_officer_name"), "王芳");
  EXPECT_EQ(Get("household:张大山", "/api/v1/me/matters").At("items.0.id"), id);
  EXPECT_EQ(Get("", "/api/v1/receipts/" + filed.At("receipt")).At("title"), "");
  Tick();
  // Nothing of it hangs on the household, where officers could read who was there.
  EXPECT_EQ(Number({"test.audit", "SELECT COUNT(*) FROM audit_entries WHERE act LIKE 'matter.%' AND household_id IS NOT NULL"}), 0);
  EXPECT_EQ(Number({"test.counted", "SELECT COUNT(*) FROM counters WHERE name LIKE 'matters.%'"}), 0);
}

TEST_F(Complaint, IsAnsweredAndJudgedLikeAnyOther) {
  const Answer filed = Post("", "/api/v1/matters", fmt::format(R"({{"text": "水务局拖着不办", "about_unit_id": "{}"}})", UnitId("水务局")));
  const std::string id = filed.At("id");
  EXPECT_EQ(Get("sunqi", Path(id)).status, 404);
  EXPECT_EQ(Do("zhangsan", id, "assignment", ToUnit("水务局")).Errors(), std::vector<std::string>{"unit_id:not_an_auditors_unit"});
  EXPECT_EQ(Do("zhangsan", id, "acceptance").status, 201);
  EXPECT_EQ(Do("zhangsan", id, "answer", DoneFor(id)).At("state"), "answered");
  EXPECT_EQ(Do("zhangsan", id, "judgement", R"({"solved": true, "asked_by_channel": "phone"})").status, 403);
  EXPECT_EQ(Post("", "/api/v1/receipts/" + filed.At("receipt") + "/judgement", R"({"solved": true})").At("state"), "settled");
  EXPECT_EQ(Get("liuyi", "/api/v1/indicators?name=matters_answered").At("items.0.value"), "0");
}

TEST_F(Complaint, AboutAnAuditorGoesToAnother) {
  const Answer filed = Post("", "/api/v1/matters", fmt::format(R"({{"text": "审计员偏袒", "about_officer_id": "{}"}})", OfficerId("zhangsan")));
  ASSERT_EQ(filed.status, 201);
  EXPECT_NE(filed.At("owner.unit_name"), "审计监督室");
  EXPECT_EQ(Get("zhangsan", Path(filed.At("id"))).status, 404);
  EXPECT_FALSE(Lists("zhangsan", "", filed.At("id")));
}

TEST_F(Complaint, AtTheWindowItLeavesTheWindowAtOnce) {
  const Answer filed = Post("zhaomin", "/api/v1/matters", fmt::format(R"({{"text": "赵敏态度差", "about_officer_id": "{}"}})", OfficerId("zhaomin")));
  ASSERT_EQ(filed.status, 201);
  EXPECT_EQ(Get("zhaomin", Path(filed.At("id"))).status, 404);
  EXPECT_FALSE(Lists("zhaomin", "queue=mine", filed.At("id")));
  EXPECT_TRUE(Lists("zhangsan", "queue=open", filed.At("id")));
}

constexpr std::string_view kHeading311 =
    "Unique Key,Created Date,Closed Date,Agency,Complaint Type,Descriptor,Location Type,Incident Zip,City,Status,Due Date,"
    "Resolution Description,Resolution Action Updated Date,Community Board,Borough,Open Data Channel Type,Latitude,Longitude\n";

TEST_F(MattersApi, RequestsOfElsewhereKeepTheirDates) {
  const std::string csv = std::string(kHeading311) +
                          "1,02/28/2023 11:45:00 PM,03/01/2023 01:00:00 AM,DOT,Street Condition,Pothole,,10011,NY,Closed,,Repaired.,,04 M,M,PHONE,,\n"
                          "2,02/28/2023 11:46:00 PM,,HPD,HEAT/HOT WATER,No heat,,10011,NY,Open,,,,04 M,M,ONLINE,,\n"
                          "3,02/28/2023 11:47:00 PM,01/01/2023 01:00:00 AM,DOT,Street Condition,,,10011,NY,Closed,,,03/01/2023 01:00:00 AM,,,UNKNOWN,,\n";
  matters::ImportResult first;
  matters::ImportResult again;
  WithSystem([&](Context& ctx) {
    first = matters::ImportNyc311(ctx, csv);
    again = matters::ImportNyc311(ctx, csv);
  });
  EXPECT_EQ(first.rows, 3);
  EXPECT_EQ(first.added, 3);
  EXPECT_EQ(first.notes.size(), 1u);
  EXPECT_EQ(again.added, 0);
  EXPECT_EQ(again.same, 3);
  const Answer late = Get("liuyi", "/api/v1/matters?queue=late");
  ASSERT_EQ(late.Count("items"), 1u) << late.text;
  EXPECT_EQ(late.At("items.0.received_at"), "2023-02-28T15:46:00.000Z");
  const Answer all = Get("liuyi", "/api/v1/matters?received_until=2023-02-28");
  ASSERT_EQ(all.Count("items"), 3u);
  const Answer story = Get("liuyi", Path(all.At("items.2.id")));
  EXPECT_EQ(story.At("owner.unit_name"), "DOT");
  EXPECT_EQ(story.At("state"), "settled");
  EXPECT_EQ(story.At("answers.0.text"), "Repaired.");
  EXPECT_EQ(story.At("category"), "nyc311.street_condition");
  EXPECT_EQ(Get("liuyi", "/api/v1/indicators?name=matters_received&month=2023-02").At("items.0.value"), "3");
}

TEST_F(MattersApi, AFileWithAMistakeBringsNothingIn) {
  const std::string csv = std::string(kHeading311) + "1,yesterday,,DOT,Street Condition,,,,,Opened,,,,,,PHONE,,\n" +
                          "1,02/28/2023 11:45:00 PM,,DOT,Street Condition,,,,,Open,,,,,,PHONE,,\n";
  matters::ImportResult result;
  WithSystem([&](Context& ctx) { result = matters::ImportNyc311(ctx, csv); });
  std::string told;
  for (const auto& error : result.errors) told += fmt::format("{} {} {};", error.row, error.column, error.code);
  EXPECT_EQ(told, "2 Created Date not_a_time;2 Status unknown_value;3 Unique Key duplicate;");
  EXPECT_EQ(Number({"test.count", "SELECT COUNT(*) FROM matters"}), 0);
}

TEST_F(MattersApi, AHouseholdsRecordShowsWhatItAskedFor) {
  const Answer taken = Post("wangfang", "/api/v1/matters", fmt::format(R"({{"text": "水管裂了", "household_id": "{}"}})", HouseholdId("张大山")));
  const std::string record = "/api/v1/households/" + HouseholdId("张大山") + "?purpose=visit";
  EXPECT_EQ(Get("wangfang", record).At("matters.0.id"), taken.At("id"));
  const Answer list = Get("wangfang", "/api/v1/households?mine=true");
  EXPECT_EQ(list.At("items.0.open_matters"), "1") << list.text;
  // The bureau that handles it may read the record, and no longer when it is over.
  const std::string as_bureau = "/api/v1/households/" + HouseholdId("张大山") + "?purpose=matter";
  EXPECT_EQ(Get("sunqi", as_bureau).status, 403);
  Do("wangfang", taken.At("id"), "assignment", ToUnit("水务局"));
  Do("sunqi", taken.At("id"), "acceptance");
  EXPECT_EQ(Get("sunqi", as_bureau).status, 200);
  Post("household:张大山", "/api/v1/me/matters/" + taken.At("id") + "/withdrawal", R"({"reason": "好了"})");
  EXPECT_EQ(Get("sunqi", as_bureau).status, 403);
  // A complaint is in neither the record nor its counts.
  Post("household:张大山", "/api/v1/me/matters", fmt::format(R"({{"text": "王芳态度差", "about_officer_id": "{}"}})", OfficerId("wangfang")));
  EXPECT_EQ(Get("wangfang", record).Count("matters"), 1u);
  EXPECT_EQ(Get("wangfang", "/api/v1/households?mine=true").At("items.0.open_matters"), "0");
}

TEST_F(MattersApi, SomebodyNamedInWordsIsShelteredToo) {
  for (const std::string& beside : {std::string(), fmt::format(R"(, "about_unit_id": "{}")", UnitId("水务局"))}) {
    const Answer taken = Post("zhaomin", "/api/v1/matters", fmt::format(
        R"({{"text": "他让我送东西", "about_text": "管水的老孙", "anonymous": true, "area_code": "990101101001"{}}})", beside));
    ASSERT_EQ(taken.status, 201) << taken.text;
    for (const std::string_view as : {"sunqi", "zhaomin", "liuyi", "chener", "wangfang"}) {
      EXPECT_EQ(Get(as, Path(taken.At("id"))).status, 404) << as;
      EXPECT_EQ(Get(as, "/api/v1/matters?q=老孙").Count("items"), 0u) << as;
    }
    EXPECT_EQ(Get("zhangsan", Path(taken.At("id"))).At("about_text"), "管水的老孙");
    EXPECT_EQ(Get("zhangsan", Path(taken.At("id"))).At("kind"), "complaint");
  }
  EXPECT_EQ(Get("zhangsan", "/api/v1/matters?q=老孙").Count("items"), 2u);
}

TEST_F(MattersApi, HostileTextIsKeptOrRefusedAndNothingElse) {
  std::ifstream file(std::string(HUIYIN_SOURCE_DIR) + "/data/security/blns.json");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const json::value strings = json::parse(text);
  checks_contract_ = false;  // a thousand answers; their form is held elsewhere
  int kept = 0;
  for (const json::value& string : strings.as_array()) {
    const json::object body = {{"text", string}, {"title", string}, {"asks", json::array{json::object{{"text", string}}}},
                               {"category", string}, {"contact", string}};
    const Answer all = Post("zhaomin", "/api/v1/matters", json::serialize(body));
    EXPECT_TRUE(all.status == 201 || all.status == 422) << all.status << " " << string;
    const Answer plain = Post("zhaomin", "/api/v1/matters", json::serialize(json::object{{"text", string}}));
    ASSERT_TRUE(plain.status == 201 || plain.status == 422) << plain.status << " " << string;
    if (plain.status == 201) {
      ++kept;
      EXPECT_EQ(Get("zhaomin", Path(plain.At("id"))).status, 200);
    }
  }
  EXPECT_GT(kept, 300);
  for (const char* body : {R"({"text": 1})", R"({"text": "x", "asks": "y"})", R"({"text": "x", "asks": [1]})",
                           R"({"text": "x", "kind": "wish"})", R"({"text": "x", "area_code": "510104"})",
                           R"({"text": "x", "about_officer_id": "990101-0192f3a4-7c1e-7abc-8def-0123456789ab"})",
                           R"({"text": "x", "household_id": "510104-0192f3a4-7c1e-7abc-8def-0123456789ab"})",
                           R"({"text": "x", "contact": 5})", R"({"text": "   "})"}) {
    EXPECT_EQ(Post("zhaomin", "/api/v1/matters", body).status, 422) << body;
  }
  const std::string id = Taken();
  EXPECT_EQ(Do("zhaomin", id, "assignment", "{}").status, 422);
  EXPECT_EQ(Do("zhaomin", id, "assignment", R"({"unit_id": "990101-0192f3a4-7c1e-7abc-8def-0123456789ab"})").Errors(),
            std::vector<std::string>{"unit_id:unknown_reference"});
  EXPECT_EQ(Do("zhaomin", id, "assignment", "[]").status, 400);
  EXPECT_EQ(Get("zhaomin", Path("990101-x")).status, 404);
  EXPECT_EQ(Get("zhaomin", Path("510104-0192f3a4-7c1e-7abc-8def-0123456789ab")).status, 404);
}

}  // namespace
}  // namespace huiyin::testing
