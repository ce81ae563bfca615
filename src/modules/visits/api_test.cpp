// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class VisitsApi : public Town {
 protected:
  std::string VisitTo(std::string_view head, std::string_view more = "") {
    return fmt::format(R"({{"household_id":"{}","at":"2026-03-11T01:30:00Z","met":"head","diary":"路灯坏了。"{}}})",
                       HouseholdId(head), more);
  }
  Answer Visit(std::string_view as, std::string_view head, std::string_view more = "") {
    return Post(as, "/api/v1/visits", VisitTo(head, more));
  }
  std::string PlanFor(std::string_view head, std::string_view on) {
    return fmt::format(R"({{"household_id":"{}","on":"{}","note":"上午来"}})", HouseholdId(head), on);
  }
  int64_t Reads() {
    static constexpr db::Sql kReads{"test.reads", R"sql(
      SELECT COUNT(*) FROM audit_entries WHERE act = 'visit.read' AND household_id IS NOT NULL
    )sql"};
    Tick();  // until then they wait in the journal
    return Number(kReads);
  }
};

constexpr db::Sql kVisits{"test.visits", "SELECT COUNT(*) FROM visits"};
constexpr db::Sql kEvents{"test.events", "SELECT COUNT(*) FROM events WHERE act = 'visit.created'"};
constexpr db::Sql kVisited{"test.visited", "SELECT COUNT(*) FROM households WHERE last_visit_at IS NOT NULL"};
constexpr db::Sql kLastVisit{"test.last_visit", "SELECT MAX(last_visit_at) FROM households"};

TEST_F(VisitsApi, AVisitIsWrittenDownOnceAndReadBack) {
  const Answer made = Visit("wangfang", "张大山", R"(,"promises":[{"text":"修路灯","due":"2026-03-18"}])");
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.At("officer_name"), "王芳");
  EXPECT_EQ(made.At("unit_name"), "清水镇政府");
  EXPECT_EQ(made.At("head_name"), "张大山");
  EXPECT_EQ(made.At("at"), "2026-03-11T01:30:00.000Z");
  EXPECT_EQ(made.At("promises.0.text"), "修路灯");
  EXPECT_EQ(made.At("promises.0.state"), "open");
  EXPECT_EQ(made.headers.at("ETag"), "\"1\"");
  const Answer read = Get("wangfang", "/api/v1/visits/" + made.At("id"));
  EXPECT_EQ(read.status, 200);
  EXPECT_EQ(read.body, made.body);
  EXPECT_EQ(Number(kEvents), 1);
  EXPECT_EQ(Number(kLastVisit), ParseInstant("2026-03-11T01:30:00Z")->ms);
}

TEST_F(VisitsApi, TheSameVisitSentTwiceIsOneVisit) {
  const std::string with_id = R"(,"id":"0192f3a4-7c1e-7abc-8def-0123456789ab","promises":[{"text":"x","due":"2026-03-12"}])";
  const Answer first = Visit("wangfang", "张大山", with_id);
  const Answer again = Visit("wangfang", "张大山", with_id);
  EXPECT_EQ(first.status, 201) << first.text;
  EXPECT_EQ(again.status, 201) << again.text;
  EXPECT_EQ(first.body, again.body);
  EXPECT_EQ(Number(kVisits), 1);
  const Answer other = Post("wangfang", "/api/v1/visits",
                            fmt::format(R"({{"id":"0192f3a4-7c1e-7abc-8def-0123456789ab","household_id":"{}",
                                            "at":"2026-03-11T01:30:00Z","met":"nobody"}})", HouseholdId("张大山")));
  EXPECT_EQ(other.status, 409);
  EXPECT_EQ(other.At("code"), "duplicate_id");
}

TEST_F(VisitsApi, WhoIsNotPairedStatesAReasonAndWhoIsOutsideFindsNothing) {
  EXPECT_EQ(Visit("wangfang", "王建国").At("code"), "access.reason_needed");
  const Answer reasoned = Visit("wangfang", "王建国", R"(,"reason":"代同事走访")");
  EXPECT_EQ(reasoned.status, 201) << reasoned.text;
  EXPECT_EQ(reasoned.At("reason"), "代同事走访");
  EXPECT_EQ(Get("household:王建国", "/api/v1/me/visits").At("items.0.reason"), "代同事走访");
  EXPECT_EQ(Visit("wangfang", "赵春花").status, 404);
  EXPECT_EQ(Visit("wangfang", "赵春花", R"(,"reason":"路过")").status, 404);
  EXPECT_EQ(Visit("zhangsan", "张大山").status, 403);
  EXPECT_EQ(Visit("admin", "张大山").status, 403);
  EXPECT_EQ(Visit("", "张大山").status, 401);
  EXPECT_EQ(Visit("household:张大山", "张大山").status, 403);
}

TEST_F(VisitsApi, EveryWrongFieldIsNamed) {
  const Answer empty = Post("wangfang", "/api/v1/visits", "{}");
  EXPECT_EQ(empty.status, 422);
  EXPECT_EQ(empty.Errors(), (std::vector<std::string>{"household_id:required", "at:required", "met:required"}));
  const Answer wrong = Post("wangfang", "/api/v1/visits",
                            fmt::format(R"({{"household_id":"{}","at":"2026-03-11T02:11:00Z","met":"dog",
                                            "new_contact":{{"from":"邻居"}},
                                            "promises":[{{"text":" ","due":"2026-02-30"}},{{"text":"x","due":"2026-03-10"}}]}})",
                                        HouseholdId("张大山")));
  EXPECT_EQ(wrong.Errors(), (std::vector<std::string>{"at:in_future", "met:unknown_value", "new_contact.phone:required",
                                                      "promises[0].text:required", "promises[0].due:not_a_date",
                                                      "promises[1].due:before_visit"}));
  EXPECT_EQ(Visit("wangfang", "张大山", R"(,"plan_id":"0192f3a4-7c1e-7abc-8def-0123456789ff")").Errors(),
            (std::vector<std::string>{"plan_id:unknown_reference"}));
  EXPECT_EQ(Visit("wangfang", "张大山",
                  fmt::format(R"(,"new_contact":{{"resident_id":"{}","phone":"1"}})", ResidentId("王建国"))).Errors(),
            (std::vector<std::string>{"new_contact.resident_id:unknown_reference"}));
  EXPECT_EQ(Number(kVisits), 0);
}

TEST_F(VisitsApi, AClosedDoorIsNoVisit) {
  const Answer made = Post("wangfang", "/api/v1/visits",
                           fmt::format(R"({{"household_id":"{}","at":"2026-03-11T02:10:00Z","met":"nobody",
                                           "new_contact":{{"resident_id":"{}","phone":"13800000000","place":"成都","from":"邻居"}}}})",
                                       HouseholdId("张大山"), ResidentId("张小明")));
  EXPECT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.At("new_contact.place"), "成都");
  EXPECT_EQ(Number(kVisited), 0);
}

TEST_F(VisitsApi, TheAuthorCorrectsForSevenDaysThenAddsBeneath) {
  const Answer made = Visit("wangfang", "张大山");
  const std::string path = "/api/v1/visits/" + made.At("id");
  EXPECT_EQ(Call("wangfang", "PATCH", path, R"({"diary":"改"})").status, 428);
  const Answer changed = Patch("wangfang", path, 1, R"({"diary":"路灯坏了两盏。"})");
  EXPECT_EQ(changed.status, 200) << changed.text;
  EXPECT_EQ(changed.At("diary"), "路灯坏了两盏。");
  EXPECT_EQ(changed.At("revision"), "2");
  const Answer stale = Patch("wangfang", path, 1, R"({"diary":"三盏"})");
  EXPECT_EQ(stale.status, 412);
  EXPECT_EQ(stale.At("revision"), "2");
  EXPECT_EQ(stale.At("changes.0.field"), "diary");
  EXPECT_EQ(stale.At("changes.0.value"), "路灯坏了两盏。");
  EXPECT_EQ(stale.At("changes.0.by"), "王芳");
  clock_.Advance(8 * kDay);
  const Answer closed = Patch("wangfang", path, 2, R"({"diary":"三盏"})");
  EXPECT_EQ(closed.status, 409);
  EXPECT_EQ(closed.At("code"), "visits.diary_closed");
  const Answer added = Patch("wangfang", path, 2, R"({"addendum":"后来修好了。"})");
  EXPECT_EQ(added.status, 200);
  EXPECT_EQ(added.At("addenda.0.text"), "后来修好了。");
  EXPECT_EQ(added.At("addenda.0.by"), "王芳");
  EXPECT_EQ(Patch("lina", path, 3, R"({"diary":"x"})").status, 404);
  EXPECT_EQ(Patch("chener", path, 3, R"({"diary":"x"})").status, 403);
}

TEST_F(VisitsApi, TheDiaryIsReadByThoseWhoMay) {
  const std::string path = "/api/v1/visits/" + Visit("wangfang", "张大山").At("id");
  EXPECT_EQ(Get("lina", path).status, 404);
  EXPECT_EQ(Get("zhaomin", path).status, 403);
  EXPECT_EQ(Get("admin", path).status, 403);
  EXPECT_EQ(Get("sunqi", path).status, 403);
  EXPECT_EQ(Reads(), 0);
  for (const char* reader : {"liuyi", "chener", "zhangsan", "lisi"}) EXPECT_EQ(Get(reader, path).status, 200) << reader;
  EXPECT_EQ(Reads(), 4);
  EXPECT_EQ(Get("wangfang", path).status, 200);
  EXPECT_EQ(Reads(), 4);
  EXPECT_EQ(Get("wangfang", "/api/v1/visits/990102-0192f3a4-7c1e-7abc-8def-0123456789ab").status, 404);
  EXPECT_EQ(Get("wangfang", "/api/v1/visits/nonsense").status, 404);
}

TEST_F(VisitsApi, AListPagesFromTheLatest) {
  for (int hour = 0; hour < 5; ++hour) {
    ASSERT_EQ(Post("wangfang", "/api/v1/visits",
                   fmt::format(R"({{"household_id":"{}","at":"2026-03-1{}T00:00:00Z","met":"head"}})",
                               HouseholdId("张大山"), hour % 2)).status, 201);
  }
  std::string cursor;
  std::vector<std::string> seen;
  for (int page = 0; page < 3; ++page) {
    const Answer list = Get("wangfang", "/api/v1/visits?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
    ASSERT_EQ(list.status, 200) << list.text;
    for (size_t i = 0; i < list.Count("items"); ++i) seen.push_back(list.At(fmt::format("items.{}.at", i)));
    cursor = list.At("next_cursor");
  }
  EXPECT_EQ(cursor, "");
  EXPECT_EQ(seen.size(), 5u);
  EXPECT_TRUE(std::is_sorted(seen.rbegin(), seen.rend()));
  const std::string of = HouseholdId("张大山");
  EXPECT_EQ(Get("liuyi", "/api/v1/visits?household_id=" + of).Count("items"), 5u);
  EXPECT_EQ(Get("liuyi", "/api/v1/visits?household_id=" + of + "&from=2026-03-11").Count("items"), 2u);
  EXPECT_EQ(Get("liuyi", "/api/v1/visits?household_id=" + of + "&until=2026-03-10").Count("items"), 3u);
  EXPECT_EQ(Get("liuyi", "/api/v1/visits?officer_id=" + OfficerId("wangfang")).Count("items"), 5u);
  EXPECT_EQ(Get("lina", "/api/v1/visits?officer_id=" + OfficerId("wangfang")).status, 404);
  EXPECT_EQ(Get("lina", "/api/v1/visits?household_id=" + of).status, 404);
  EXPECT_EQ(Get("wangfang", "/api/v1/visits?cursor=zzz").status, 422);
}

TEST_F(VisitsApi, TheHouseholdReadsTheEntryAndPutsItsOwnWordsBesideIt) {
  const std::string id = Visit("wangfang", "张大山").At("id");
  const Answer words = Post("household:张大山", "/api/v1/me/visits/" + id + "/words", R"({"text":"是三盏。"})");
  ASSERT_EQ(words.status, 201) << words.text;
  EXPECT_EQ(words.At("words.0.text"), "是三盏。");
  EXPECT_EQ(Post("household:王建国", "/api/v1/me/visits/" + id + "/words", R"({"text":"x"})").status, 404);
  EXPECT_EQ(Get("household:张大山", "/api/v1/me/visits").At("items.0.words.0.text"), "是三盏。");
  EXPECT_EQ(Get("household:王建国", "/api/v1/me/visits").Count("items"), 0u);
  EXPECT_EQ(Get("wangfang", "/api/v1/me/visits").status, 403);
  EXPECT_EQ(Get("wangfang", "/api/v1/visits/" + id).At("words.0.text"), "是三盏。");
  const Answer stale = Patch("wangfang", "/api/v1/visits/" + id, 1, R"({"addendum":"x"})");
  EXPECT_EQ(stale.status, 412);
  EXPECT_EQ(stale.At("changes.0.field"), "words");
}

TEST_F(VisitsApi, AnOfficerTakesDownTheHouseholdsWordsAndIsNamed) {
  const std::string body = fmt::format(R"({{"id":"990101-01950009-7c1e-7abc-8def-0123456789ab","household_id":"{}","at":"2026-03-11T01:30:00Z","met":"head","diary":"看了房","words":"屋顶说了三年了。"}})",
                                       HouseholdId("张大山"));
  const Answer visit = Post("wangfang", "/api/v1/visits", body);
  ASSERT_EQ(visit.status, 201) << visit.text;
  EXPECT_EQ(visit.At("words.0.text"), "屋顶说了三年了。");
  EXPECT_EQ(visit.At("words.0.by"), "王芳");
  EXPECT_EQ(visit.At("words.0.at"), "2026-03-11T01:30:00.000Z");
  EXPECT_EQ(Post("wangfang", "/api/v1/visits", body).status, 201) << "the reply was lost";
  std::string other = body;
  other.replace(other.find("三年"), std::string("三年").size(), "五年");
  EXPECT_EQ(Post("wangfang", "/api/v1/visits", other).At("code"), "duplicate_id");
  const std::string path = "/api/v1/visits/" + visit.At("id");
  const Answer more = Post("wangfang", path + "/words", R"({"text":"还漏。"})");
  ASSERT_EQ(more.status, 201) << more.text;
  EXPECT_EQ(more.At("words.1.by"), "王芳");
  EXPECT_EQ(more.At("revision"), "2");
  EXPECT_EQ(Post("wangfang", path + "/addenda", R"({"text":"已报修。"})").At("addenda.0.by"), "王芳");
  EXPECT_EQ(Post("lina", path + "/addenda", R"({"text":"x"})").status, 404);
  EXPECT_EQ(Post("wangfang", path + "/words", R"({"text":" "})").Errors(), std::vector<std::string>{"text:required"});
  EXPECT_EQ(Post("wangfang", path + "/addenda", "{}").Errors(), std::vector<std::string>{"text:required"});
  const Answer own = Post("household:张大山", "/api/v1/me" + path.substr(7) + "/words", R"({"text":"对，是我说的。"})");
  ASSERT_EQ(own.status, 201) << own.text;
  EXPECT_EQ(own.At("words.0.by"), "王芳") << "the household sees who wrote its words down";
  EXPECT_EQ(own.At("words.2.by"), "") << "and these are from itself";
  for (int i = 3; i < 50; ++i) Post("wangfang", path + "/words", R"({"text":"x"})");
  EXPECT_EQ(Post("wangfang", path + "/words", R"({"text":"x"})").At("code"), "visits.too_many_words");
}

TEST_F(VisitsApi, AHouseholdMayDeclineAPlanOrAskForAnotherDay) {
  const Answer plan = Post("wangfang", "/api/v1/visit_plans", PlanFor("张大山", "2026-03-20"));
  ASSERT_EQ(plan.status, 201) << plan.text;
  EXPECT_EQ(plan.At("address"), "一组12号");
  const std::string id = plan.At("id");
  const std::string mine = "/api/v1/me/visit_plans/" + id + "/reply";
  EXPECT_EQ(Post("household:张大山", mine, R"({"reply":"other_time"})").Errors(),
            (std::vector<std::string>{"on:required"}));
  const Answer other = Post("household:张大山", mine, R"({"reply":"other_time","on":"2026-03-25","note":"周三在家"})");
  EXPECT_EQ(other.status, 201) << other.text;
  EXPECT_EQ(other.At("reply_on"), "2026-03-25");
  EXPECT_EQ(Post("household:王建国", mine, R"({"reply":"agreed"})").status, 404);
  EXPECT_EQ(Post("zhaomin", "/api/v1/visit_plans/" + id + "/reply", R"({"reply":"declined"})").At("reply"), "declined");
  EXPECT_EQ(Post("lina", "/api/v1/visit_plans/" + id + "/reply", R"({"reply":"declined"})").status, 404);
  const Answer made = Visit("wangfang", "张大山", R"(,"plan_id":")" + id + "\"");
  EXPECT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(Get("wangfang", "/api/v1/visit_plans?from=2026-03-20&until=2026-03-20").At("items.0.visit_id"), made.At("id"));
  EXPECT_EQ(Post("household:张大山", mine, R"({"reply":"agreed"})").At("code"), "visit_plans.done");
  EXPECT_EQ(Post("wangfang", "/api/v1/visit_plans", PlanFor("张大山", "2026-03-10")).Errors(),
            (std::vector<std::string>{"on:in_past"}));
  EXPECT_EQ(Post("wangfang", "/api/v1/visit_plans", PlanFor("赵春花", "2026-03-20")).status, 404);
}

TEST_F(VisitsApi, APromiseIsKeptOrLate) {
  const Answer made = Visit("wangfang", "张大山",
                            R"(,"promises":[{"text":"晚的","due":"2026-03-30"},{"text":"早的","due":"2026-03-12"}])");
  ASSERT_EQ(made.status, 201) << made.text;
  clock_.Advance(3 * kDay);
  const Answer open = Get("wangfang", "/api/v1/promises?open=true");
  ASSERT_EQ(open.Count("items"), 2u);
  EXPECT_EQ(open.At("items.0.text"), "早的");
  EXPECT_EQ(open.At("items.0.late"), "true");
  EXPECT_EQ(open.At("items.1.late"), "false");
  const std::string path = "/api/v1/promises/" + open.At("items.0.id") + "/fulfilment";
  EXPECT_EQ(Post("wangfang", path).Errors(), (std::vector<std::string>{"text:required"}));
  EXPECT_EQ(Post("lina", path, R"({"text":"x"})").status, 404);
  const Answer kept = Post("wangfang", path, R"({"text":"电工来过了"})");
  EXPECT_EQ(kept.status, 201) << kept.text;
  EXPECT_EQ(kept.At("state"), "kept");
  EXPECT_EQ(kept.At("late"), "true");
  EXPECT_EQ(Post("wangfang", path, R"({"text":"x"})").At("code"), "promises.already_kept");
  EXPECT_EQ(Get("wangfang", "/api/v1/promises?open=false").Count("items"), 1u);
  EXPECT_EQ(Get("liuyi", "/api/v1/promises?household_id=" + HouseholdId("张大山")).Count("items"), 2u);
}

TEST_F(VisitsApi, ANewContactGoesIntoTheRecordWithTheVisitItCameFrom) {
  const std::string household = HouseholdId("张大山");
  const auto visited = [&](std::string_view contact) {
    clock_.Advance(kMinute);
    const Answer visit = Post("wangfang", "/api/v1/visits", fmt::format(
        R"({{"household_id": "{}", "at": "2026-03-11T01:00:00Z", "met": "nobody", "diary": "没人在家", "new_contact": {}}})", household, contact));
    EXPECT_EQ(visit.status, 201) << visit.text;
    return visit.At("id");
  };
  const std::string of_son = visited(fmt::format(
      R"({{"resident_id": "{}", "phone": "13912345678", "place": "成都", "from": "邻居"}})", ResidentId("张小明")));
  const std::string of_home = visited(R"({"phone": "08331234567"})");
  const Answer record = Get("wangfang", "/api/v1/households/" + household + "?purpose=visit");
  EXPECT_EQ(record.At("sections.residence.phone"), "08331234567") << record.text;
  EXPECT_NE(record.text.find("13912345678"), std::string::npos);
  EXPECT_NE(record.text.find("成都"), std::string::npos);
  const Answer history = Get("wangfang", "/api/v1/households/" + household + "/history?purpose=visit");
  EXPECT_NE(history.text.find(of_son), std::string::npos) << history.text;
  EXPECT_NE(history.text.find(of_home), std::string::npos) << history.text;
}

TEST_F(VisitsApi, TheCountysDutiesSayWhenTheNextVisitIsDue) {
  const auto due = [&] { return Get("wangfang", "/api/v1/households?mine=true").At("items.0.next_due_at"); };
  const std::string before = due();
  const std::string revision = Get("admin", "/api/v1/settings").At("revision");
  EXPECT_EQ(Patch("admin", "/api/v1/settings", std::stoll(revision), R"({"visit_duties": [{"key": "monthly",
      "label_zh": "每月一次", "label_en": "Monthly", "for": "household", "act": "visit", "times": 12, "months": 12}]})").status, 200);
  const std::string after = due();
  EXPECT_LT(after, before);
  EXPECT_NE(after, "");
}

}  // namespace
}  // namespace huiyin::testing
