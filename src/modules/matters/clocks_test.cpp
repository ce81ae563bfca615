// SPDX-License-Identifier: EUPL-1.2
// Clocks that act: what the machine does about a matter while nobody looks, over real storage.
#include "db/test_engine.h"
#include "modules/matters/alarms.h"
#include "modules/terms/due.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

constexpr db::Sql kAlarms{"test.alarms", "SELECT COUNT(*) FROM alarms"};
constexpr db::Sql kOrders{"test.orders", "SELECT COUNT(*) FROM orders"};
constexpr db::Sql kPutOff{"test.put_off_alarms", "SELECT COUNT(*) FROM alarms WHERE failures > 0"};

class ActingClocks : public Town {
 protected:
  std::string Taken(std::string_view more = "") {
    const Answer taken = Post("zhaomin", "/api/v1/matters",
                              fmt::format(R"({{"text": "三组的水管裂了半个月。", "area_code": "990101101001"{}}})", more));
    EXPECT_EQ(taken.status, 201) << taken.text;
    receipt_ = taken.At("receipt");
    return taken.At("id");
  }
  Answer Do(std::string_view as, const std::string& id, std::string_view act, const std::string& body = "{}") {
    return Post(as, "/api/v1/matters/" + id + "/" + std::string(act), body);
  }
  std::string AtWater() {
    const std::string id = Taken();
    EXPECT_EQ(Do("zhaomin", id, "assignment", fmt::format(R"({{"unit_id": "{}"}})", UnitId("水务局"))).status, 201);
    EXPECT_EQ(Do("sunqi", id, "acceptance").status, 201);
    return id;
  }
  std::string AnswerOf(const std::string& id) {
    return fmt::format(R"({{"text": "修好了。", "asks": [{{"id": "{}", "outcome": "done", "text": "已修好"}}]}})",
                       Get("zhangsan", "/api/v1/matters/" + id + "/asks").At("items.0.id"));
  }
  // The kinds of its events, in order.
  std::string Kinds(const std::string& id) {
    std::string kinds;
    const Answer story = Get("zhangsan", "/api/v1/matters/" + id);
    for (size_t i = 0; i < story.Count("events"); ++i) kinds += story.At(fmt::format("events.{}.kind", i)) + " ";
    return kinds;
  }
  void At(std::string_view local) {
    clock_.now = *terms::ParseLocal(local, Zone{480});
    Tick();
  }
  std::string receipt_;
};

// Taken on Wednesday 11 March 2026, five working days: due at the end of Wednesday 18.
TEST_F(ActingClocks, RemindsThenCallsLateThenOrdersThenGoesHigher) {
  const std::string id = AtWater();
  At("2026-03-17T08:29");
  EXPECT_EQ(Kinds(id), "received assigned accepted ");
  At("2026-03-17T08:30");
  EXPECT_EQ(Kinds(id), "received assigned accepted soon ");
  At("2026-03-18T23:59");
  EXPECT_EQ(Kinds(id), "received assigned accepted soon ");
  At("2026-03-19T00:00");
  EXPECT_EQ(Kinds(id), "received assigned accepted soon late ");
  EXPECT_EQ(Get("", "/api/v1/receipts/" + receipt_).At("late"), "true");

  // One working day after the due day the government, above the bureau, orders.
  At("2026-03-20T00:00");
  EXPECT_EQ(Kinds(id), "received assigned accepted soon late ordered ");
  const Answer list = Get("sunqi", "/api/v1/orders");
  ASSERT_EQ(list.Count("items"), 1u) << list.text;
  EXPECT_EQ(list.At("items.0.by_machine"), "true");
  EXPECT_EQ(list.At("items.0.level"), "1");
  EXPECT_EQ(list.At("items.0.by_unit_name"), "县政府办");
  EXPECT_EQ(list.At("items.0.due_at"), "2026-03-25T15:59:59.999Z");

  // Nobody answers it: the supervisors, the next and last level.
  At("2026-03-26T00:00");
  EXPECT_EQ(Kinds(id), "received assigned accepted soon late ordered order_late ordered ");
  EXPECT_EQ(Get("sunqi", "/api/v1/orders").At("items.0.level"), "2");
  EXPECT_EQ(Get("sunqi", "/api/v1/orders").At("items.0.by_unit_name"), "督查室");
  // At the top it is called late again after each further term, never let go.
  At("2026-04-05T00:00");
  EXPECT_EQ(Kinds(id), "received assigned accepted soon late ordered order_late ordered order_late ");

  ASSERT_EQ(Do("sunqi", id, "answer", AnswerOf(id)).status, 201);
  EXPECT_EQ(Get("sunqi", "/api/v1/orders").Count("items"), 0u);
  EXPECT_EQ(Get("zhangsan", "/api/v1/matters/" + id).At("orders.1.state"), "accepted");
}

TEST_F(ActingClocks, AWeekOfDowntimeIsCaughtUpInOrderAndOnce) {
  const std::string id = AtWater();
  At("2026-03-27T09:00");
  EXPECT_EQ(Kinds(id), "received assigned accepted soon late ordered ");
  // Its own term runs from when it was given, not from when it should have been.
  EXPECT_EQ(Get("sunqi", "/api/v1/orders").At("items.0.due_at"), "2026-04-01T15:59:59.999Z");
  for (int i = 0; i < 3; ++i) Tick();
  EXPECT_EQ(Kinds(id), "received assigned accepted soon late ordered ");
}

TEST_F(ActingClocks, ManyThatCameDueTogetherAllActOnce) {
  constexpr int kMatters = 450;  // more than two batches
  for (int i = 0; i < kMatters; ++i) Taken();
  At("2026-03-27T09:00");
  EXPECT_EQ(Number(kOrders), kMatters);
  EXPECT_EQ(Number(kAlarms), kMatters) << "each waits for its order";
}

TEST_F(ActingClocks, OfOneInstantWhatCameFirstActsFirst) {
  // Taken at one instant, so that nothing but the turn tells them apart: their ids are random.
  std::vector<std::string> taken;
  for (int i = 0; i < 12; ++i) taken.push_back(Taken());
  const auto acting = [&] {
    std::vector<std::string> ids;
    database_->Read([&](db::Tx& tx) {
      for (const auto& alarm : matters::DueAlarms(tx, kCounty, clock_.now + 60 * 24 * kHour, 100)) ids.push_back(FormatId(kCounty, *alarm.matter));
    });
    return ids;
  };
  EXPECT_EQ(acting(), taken);
  // Having acted, and waiting for the orders they led to, they keep their turns.
  At("2026-03-27T09:00");
  EXPECT_EQ(acting(), taken);
}

TEST_F(ActingClocks, ADeedThatCannotBeDoneHoldsUpNobody) {
  if (db::TestsRunOnCitus()) GTEST_SKIP() << "Citus takes no trigger on a table that is spread";
  const std::string first = AtWater();
  const std::string spoiled = AtWater();
  const std::string bad = receipt_;
  const std::string last = AtWater();
  At("2026-03-17T08:30");
  Write([&](db::Tx& tx) {
    // No constraint may hold back what is written before it; each engine has its own words for this.
    tx.Script(db::TestsRunOnPostgres()
                  ? "CREATE FUNCTION refuse() RETURNS TRIGGER LANGUAGE plpgsql AS 'BEGIN RAISE unique_violation; END'; "
                    "CREATE TRIGGER stuck BEFORE UPDATE ON matters FOR EACH ROW WHEN (OLD.receipt = '" + bad +
                        "') EXECUTE FUNCTION refuse()"
                  : "CREATE TRIGGER stuck BEFORE UPDATE ON matters WHEN OLD.receipt = '" + bad +
                        "' BEGIN SELECT RAISE(ABORT, 'the row cannot be written'); END");
  });
  At("2026-03-19T00:00");
  EXPECT_EQ(Kinds(first), "received assigned accepted soon late ");
  EXPECT_EQ(Kinds(last), "received assigned accepted soon late ");
  EXPECT_EQ(Kinds(spoiled), "received assigned accepted soon ") << "all of it or nothing";
  EXPECT_GT(Number(kPutOff), 0);
  // It is tried again, and done once it can be.
  Write([](db::Tx& tx) { tx.Script(db::TestsRunOnPostgres() ? "DROP TRIGGER stuck ON matters" : "DROP TRIGGER stuck"); });
  At("2026-03-19T01:00");
  EXPECT_EQ(Kinds(spoiled), "received assigned accepted soon late ");
  EXPECT_EQ(Number(kPutOff), 0);
}

TEST_F(ActingClocks, ReadingAnOrderIsAReadOfItsMatter) {
  constexpr db::Sql kReads{"test.matter_reads", "SELECT COUNT(*) FROM audit_entries WHERE act = 'matter.read'"};
  AtWater();
  At("2026-03-20T00:00");
  const std::string order = Get("sunqi", "/api/v1/orders").At("items.0.id");
  dispatch_->SealNow();
  const int64_t before = Number(kReads);
  ASSERT_EQ(Get("sunqi", "/api/v1/orders/" + order).status, 200);
  dispatch_->SealNow();
  EXPECT_EQ(Number(kReads), before + 1);
}

TEST_F(ActingClocks, OrdersOfEveryUnitSomebodyWorksForAreListed) {
  AtWater();
  At("2026-03-20T00:00");
  EXPECT_EQ(Get("zhaomin", "/api/v1/orders").Count("items"), 0u);
  ASSERT_EQ(Post("admin", "/api/v1/officers/" + OfficerId("zhaomin") + "/roles",
                 fmt::format(R"({{"role": "handler", "unit_id": "{}", "area_code": "990101"}})", UnitId("水务局"))).status, 201);
  EXPECT_EQ(Get("zhaomin", "/api/v1/orders").Count("items"), 1u);
}

TEST_F(ActingClocks, NothingIsLeftOfAMatterThatEnded) {
  const std::string id = AtWater();
  ASSERT_EQ(Do("sunqi", id, "answer", AnswerOf(id)).status, 201);
  EXPECT_EQ(Number(kAlarms), 1) << "the judgement's";
  At("2026-03-12T23:59");
  EXPECT_EQ(Kinds(id), "received assigned accepted answered ");
  At("2026-03-13T00:00");
  EXPECT_EQ(Kinds(id), "received assigned accepted answered judgement_asked ");
  At("2026-03-27T00:00");
  EXPECT_EQ(Kinds(id), "received assigned accepted answered judgement_asked silence_passed settled ");
  EXPECT_EQ(Number(kAlarms), 0);
}

TEST_F(ActingClocks, WhoDoesNotObjectInTheTermHasIt) {
  const std::string id = Taken();
  ASSERT_EQ(Do("zhaomin", id, "assignment", fmt::format(R"({{"unit_id": "{}"}})", UnitId("水务局"))).status, 201);
  At("2026-03-13T00:01");
  EXPECT_EQ(Kinds(id), "received assigned acceptance_late accepted ");
  EXPECT_EQ(Get("zhangsan", "/api/v1/matters/" + id).At("owner.unit_name"), "水务局");
  EXPECT_EQ(Do("sunqi", id, "return", R"({"reason": "不归我们管"})").At("code"), "matters.return_term_over");
}

TEST_F(ActingClocks, AReturnNobodyDecidesGoesToTheSuperior) {
  const std::string id = AtWater();
  ASSERT_EQ(Do("sunqi", id, "return", R"({"reason": "这段管道归住建局"})").status, 201);
  EXPECT_EQ(Get("zhangsan", "/api/v1/matters/" + id).At("pending_return.decider_unit_name"), "清水镇服务站");
  At("2026-03-14T00:00");
  EXPECT_EQ(Get("zhangsan", "/api/v1/matters/" + id).At("pending_return.decider_unit_name"), "县政府办");
  EXPECT_EQ(Kinds(id), "received assigned accepted returned passed_up ");
  // The resident's clock was never stopped.
  EXPECT_EQ(Get("", "/api/v1/receipts/" + receipt_).At("due_at"), "2026-03-18T15:59:59.999Z");
  EXPECT_EQ(Do("chener", id, "return_decision", R"({"agreed": false})").status, 201);
  EXPECT_EQ(Do("sunqi", id, "return", R"({"reason": "还是不归我们管"})").At("code"), "matters.return_term_over");
}

TEST_F(ActingClocks, PassingALateMatterOnDoesNotEscapeTheOrder) {
  const std::string id = AtWater();
  At("2026-03-20T09:00");
  ASSERT_EQ(Get("sunqi", "/api/v1/orders").Count("items"), 1u);
  ASSERT_EQ(Do("sunqi", id, "assignment", fmt::format(R"({{"unit_id": "{}"}})", UnitId("交通局"))).status, 201);
  ASSERT_EQ(Do("zhouba", id, "acceptance").status, 201);
  EXPECT_EQ(Get("zhangsan", "/api/v1/matters/" + id).At("orders.0.state"), "overtaken");
  At("2026-03-24T00:00");
  EXPECT_EQ(Get("zhouba", "/api/v1/orders").Count("items"), 1u);
}

TEST_F(ActingClocks, AnExtensionMovesTheAlarm) {
  const std::string id = AtWater();
  ASSERT_EQ(Do("sunqi", id, "extension", R"({"rule": "hotline.extend", "days": 5, "reason": "等配件"})").status, 201);
  ASSERT_EQ(Do("liuyi", id, "extension_decision", R"({"granted": true})").status, 201);
  At("2026-03-20T09:00");
  EXPECT_EQ(Kinds(id).find("late"), std::string::npos);
  At("2026-03-26T00:00");
  EXPECT_NE(Kinds(id).find("soon late "), std::string::npos) << Kinds(id);
}

// 31 January 2020 was made a holiday four days before.
TEST_F(ActingClocks, ALatenessUnmadeByANewCalendarIsTakenBack) {
  const std::string id = AtWater();
  At("2026-03-19T09:00");
  ASSERT_NE(Kinds(id).find(" late "), std::string::npos);
  const Answer year = Get("admin", "/api/v1/calendars/2026");
  json::object body;
  body["holidays"] = year.body.at("holidays");
  body["makeup_workdays"] = year.body.at("makeup_workdays");
  body["holidays"].as_array().push_back({{"date", "2026-03-18"}, {"name", "临时放假"}});
  body["holidays"].as_array().push_back({{"date", "2026-03-19"}, {"name", "临时放假"}});
  ASSERT_EQ(Call("admin", "PUT", "/api/v1/calendars/2026", json::serialize(body)).status, 200);
  const Answer story = Get("zhangsan", "/api/v1/matters/" + id);
  EXPECT_EQ(story.At("late"), "false");
  EXPECT_EQ(story.At("due_at"), "2026-03-20T15:59:59.999Z");
  EXPECT_NE(Kinds(id).find("late_corrected recounted"), std::string::npos) << Kinds(id);
  At("2026-03-21T00:00");
  EXPECT_TRUE(Kinds(id).ends_with("recounted late ")) << Kinds(id);
}

TEST_F(ActingClocks, AnOrderByHandIsAnsweredAndLookedAt) {
  const std::string id = AtWater();
  const std::string body = R"({"id": "990101-0192f3a4-7c1e-7abc-8def-0123456789ab", "text": "三天内到现场，报结果。"})";
  const Answer made = Do("liuyi", id, "orders", body);
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(Do("liuyi", id, "orders", body).At("id"), made.At("id")) << "a retry is the same order";
  EXPECT_EQ(Do("liuyi", id, "orders", R"({"id": "990101-0192f3a4-7c1e-7abc-8def-0123456789ab", "text": "别的"})").status, 409);
  EXPECT_EQ(Do("sunqi", id, "orders", R"({"text": "x"})").status, 403);
  const std::string path = "/api/v1/orders/" + made.At("id");
  EXPECT_EQ(Post("zhouba", path + "/answer", R"({"text": "x"})").status, 403);
  EXPECT_EQ(Post("liuyi", path + "/decision", R"({"accepted": true})").At("code"), "orders.not_answered");
  ASSERT_EQ(Post("sunqi", path + "/answer", R"({"text": "已到现场，明天换管。"})").status, 201);
  EXPECT_EQ(Get("liuyi", "/api/v1/orders?queue=to_decide").Count("items"), 1u);
  EXPECT_EQ(Post("liuyi", path + "/decision", R"({"accepted": false})").Errors(), std::vector<std::string>{"note:required"});
  EXPECT_EQ(Post("liuyi", path + "/decision", R"({"accepted": false, "note": "没有写清哪一天"})").At("state"), "open");
  ASSERT_EQ(Post("sunqi", path + "/answer", R"({"text": "12日上午换管。"})").status, 201);
  EXPECT_EQ(Post("liuyi", path + "/decision", R"({"accepted": true})").At("state"), "accepted");
  EXPECT_EQ(Post("sunqi", path + "/answer", R"({"text": "x"})").At("code"), "orders.already_ended");
}

// Who has it is reminded, who supervises hears of the lateness, and the resident of both that
// and of the next level.
TEST_F(ActingClocks, ThoseConcernedHearOfIt) {
  const Answer taken = Post("zhaomin", "/api/v1/matters",
                            fmt::format(R"({{"text": "水管裂了", "household_id": "{}"}})", HouseholdId("张大山")));
  ASSERT_EQ(taken.status, 201) << taken.text;
  const std::string id = taken.At("id");
  ASSERT_EQ(Do("zhaomin", id, "assignment", fmt::format(R"({{"unit_id": "{}"}})", UnitId("水务局"))).status, 201);
  ASSERT_EQ(Do("sunqi", id, "acceptance").status, 201);
  At("2026-03-26T00:00");
  At("2026-04-01T09:00");
  const auto kinds = [&](const Answer& inbox) {
    std::string all;
    for (size_t i = inbox.Count("items"); i-- > 0;) all += inbox.At(fmt::format("items.{}.kind", i)) + " ";
    return all;
  };
  const std::string holder = kinds(Get("sunqi", "/api/v1/inbox"));
  EXPECT_NE(holder.find("matter.soon "), std::string::npos) << holder;
  EXPECT_NE(holder.find("matter.late "), std::string::npos) << holder;
  EXPECT_NE(holder.find("matter.order "), std::string::npos) << holder;
  const std::string supervisor = kinds(Get("liuyi", "/api/v1/inbox"));
  EXPECT_NE(supervisor.find("matter.late "), std::string::npos) << supervisor;
  const std::string household = kinds(Get("household:张大山", "/api/v1/me/messages"));
  EXPECT_NE(household.find("matter.late "), std::string::npos) << household;
  EXPECT_NE(household.find("matter.escalated "), std::string::npos) << household;
}

TEST_F(ActingClocks, AnOrderOnAUnit) {
  const std::string body = fmt::format(R"({{"unit_id": "{}", "text": "本周把积压的诉求清一遍。"}})", UnitId("水务局"));
  const Answer made = Post("liuyi", "/api/v1/orders", body);
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(Post("sunqi", "/api/v1/orders", body).status, 403);
  EXPECT_EQ(Get("liuyi", "/api/v1/orders?queue=open").Count("items"), 1u);
  At("2026-03-20T09:00");
  EXPECT_EQ(Get("sunqi", "/api/v1/orders").At("items.0.late"), "true");
}

}  // namespace
}  // namespace huiyin::testing
