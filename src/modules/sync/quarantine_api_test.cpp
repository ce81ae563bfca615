// SPDX-License-Identifier: EUPL-1.2
#include "core/envelope.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

constexpr const char* kPhone = "990101-01950001-7c1e-7abc-8def-0123456789ab";

class Quarantine : public Town {
 protected:
  static std::string Id(int n) { return fmt::format("990101-0195{:04x}-7c1e-7abc-8def-0123456789ab", n); }
  void SetUp() override {
    Town::SetUp();
    const Answer made = Post("wangfang", "/api/v1/sync/devices", fmt::format(R"({{"id":"{}","name":"Redmi"}})", kPhone));
    ASSERT_EQ(made.status, 201) << made.text;
    open_ = FromBase64Url(made.At("server_key")).value();
    token_ = made.At("token");
  }
  std::string Visit(int operation, int visit, std::string_view diary = "都好") {
    return fmt::format(R"({{"id":"{}","record":"{}","at":"2026-03-10T01:30:00Z","method":"POST","path":"/api/v1/visits","body":)"
                       R"({{"id":"{}","household_id":"{}","at":"2026-03-11T01:30:00Z","met":"head","diary":"{}"}}}})",
                       Id(operation), HouseholdId("张大山"), Id(visit), HouseholdId("张大山"), diary);
  }
  std::string Sealed(std::string_view operation) { return Base64Url(CloseEnvelope(operation, open_, random_)); }
  Answer Send(const std::vector<std::pair<std::string, std::string>>& items, std::string_view token, std::string_view phone = kPhone) {
    std::string body = fmt::format(R"({{"device_id":"{}","token":"{}","items":[)", phone, token);
    for (const auto& [id, sealed] : items) body += fmt::format(R"({}{{"id":"{}","sealed":"{}"}})", body.back() == '[' ? "" : ",", id, sealed);
    return Post("", "/api/v1/sync/sealed", body + "]}");
  }
  Answer Send(const std::vector<std::pair<std::string, std::string>>& items) { return Send(items, token_); }
  Answer Decide(int n, const std::string& body, std::string_view as = "liuyi") {
    return Post(as, "/api/v1/sync/quarantine/" + Id(n) + "/decision", body);
  }
  void Disable() {
    const Answer pairings = Get("admin", "/api/v1/pairings?household_id=" + HouseholdId("张大山"));
    ASSERT_LT(Post("admin", "/api/v1/pairings/" + pairings.At("items.0.id") + "/end", R"({"until":"2026-03-11","reason":"调走"})").status, 300);
    ASSERT_EQ(Post("admin", "/api/v1/officers/" + OfficerId("wangfang") + "/deactivation", R"({"reason":"调走"})").status, 201);
  }
  size_t Visits() { return Get("liuyi", "/api/v1/visits?household_id=" + HouseholdId("张大山")).Count("items"); }

  std::string open_, token_;
};

TEST_F(Quarantine, NothingOfAnOfficerWhoIsGoneIsDroppedAndNothingIsDoneByItself) {
  const std::string session = "Authorization: Bearer " + Token("wangfang");
  Disable();
  const std::string from = std::string("Huiyin-Device: ") + kPhone;
  EXPECT_EQ(Call("", "POST", "/api/v1/sync/operations", R"({"operations":[]})", {session, from}).At("code"), "session.disabled");
  EXPECT_EQ(Call("", "GET", "/api/v1/sync/changes", "", {session, from}).At("code"), "session.disabled");
  const std::vector<std::pair<std::string, std::string>> items = {{Id(10), Sealed(Visit(10, 1))}, {Id(11), "bm90IHNlYWxlZA"}};
  const Answer sent = Send(items);
  ASSERT_EQ(sent.status, 200) << sent.text;
  EXPECT_EQ(sent.At("results.0.state"), "quarantined");
  EXPECT_EQ(sent.At("results.1.state"), "quarantined");
  EXPECT_EQ(sent.At("ended"), "false");
  EXPECT_EQ(Send(items).At("results.1.state"), "quarantined") << "the reply was lost";

  const Answer list = Get("liuyi", "/api/v1/sync/quarantine");
  ASSERT_EQ(list.Count("items"), 2u) << list.text;
  EXPECT_EQ(list.At("items.0.officer_name"), "王芳");
  EXPECT_EQ(list.At("items.0.device_name"), "Redmi");
  EXPECT_EQ(list.At("items.0.readable"), "true");
  EXPECT_EQ(list.At("items.0.claimed_at"), "2026-03-10T01:30:00.000Z");
  EXPECT_EQ(list.At("items.0.household.head_name"), "张大山");
  EXPECT_EQ(list.At("items.0.operation.body.diary"), "都好");
  EXPECT_EQ(list.At("items.1.readable"), "false") << "it is kept all the same";
  EXPECT_EQ(Visits(), 0u);
  Tick();
  EXPECT_EQ(Get("household:张大山", "/api/v1/me/reads").At("items.0.officer_name"), "刘毅") << "its household sees who looked";
}

TEST_F(Quarantine, ASupervisorEntersItOnceOrDropsItWithAReason) {
  Disable();
  Send({{Id(10), Sealed(Visit(10, 1))}, {Id(11), Sealed(Visit(11, 2))}, {Id(12), Sealed(Visit(12, 3))}, {Id(13), "bm90IHNlYWxlZA"}});
  EXPECT_EQ(Decide(10, "{}").Errors(), std::vector<std::string>{"outcome:required"});
  EXPECT_EQ(Decide(10, R"({"outcome":"dropped"})").Errors(), std::vector<std::string>{"reason:required"});
  EXPECT_EQ(Decide(10, R"({"outcome":"entered","by_hand":true})").Errors(), std::vector<std::string>{"reason:required"});
  EXPECT_EQ(Decide(10, R"({"outcome":"entered"})").At("code"), "access.reason_needed");
  EXPECT_EQ(Decide(10, R"({"outcome":"entered"})").At("code"), "access.reason_needed") << "nothing was decided";
  const Answer entered = Decide(10, R"({"outcome":"entered","reason":"替走的人补录"})");
  ASSERT_EQ(entered.status, 200) << entered.text;
  EXPECT_EQ(entered.At("reply.id"), Id(1));
  EXPECT_EQ(Visits(), 1u);
  EXPECT_EQ(entered.At("reply.reason"), "替走的人补录");
  EXPECT_EQ(Decide(10, R"({"outcome":"entered","reason":"替走的人补录"})").status, 200) << "the reply was lost";
  EXPECT_EQ(Visits(), 1u);
  EXPECT_EQ(Decide(10, R"({"outcome":"dropped","reason":"x"})").At("code"), "sync.closed_already");
  EXPECT_EQ(Decide(11, R"({"outcome":"dropped","reason":"家里说没来过"})").status, 200);
  EXPECT_EQ(Decide(12, R"({"outcome":"entered","by_hand":true,"reason":"写在走访里了"})").status, 200);
  EXPECT_EQ(Decide(13, R"({"outcome":"entered"})").At("code"), "sync.unreadable");
  EXPECT_EQ(Decide(13, R"({"outcome":"dropped","reason":"打不开"})").status, 200);
  EXPECT_EQ(Visits(), 1u);
  EXPECT_EQ(Get("liuyi", "/api/v1/sync/quarantine").Count("items"), 0u);
}

TEST_F(Quarantine, WhatTheRouteRefusesIsNotDecided) {
  Disable();
  const std::string wrong = fmt::format(R"({{"id":"{}","method":"POST","path":"/api/v1/visits","body":{{"met":"ghost"}}}})", Id(10));
  const std::string elsewhere = fmt::format(R"({{"id":"{}","method":"POST","path":"/api/v1/officers","body":{{}}}})", Id(11));
  Send({{Id(10), Sealed(wrong)}, {Id(11), Sealed(elsewhere)}});
  EXPECT_EQ(Decide(10, R"({"outcome":"entered"})").At("code"), "invalid_input");
  EXPECT_EQ(Decide(11, R"({"outcome":"entered"})").At("code"), "sync.not_an_operation");
  EXPECT_EQ(Get("liuyi", "/api/v1/sync/quarantine").Count("items"), 2u);
}

TEST_F(Quarantine, OnlyWhoStandsOverTheOfficersUnitDecides) {
  AddOfficer("baiyun", "白云", "白云乡政府", Role::kSupervisor, "990101102");
  Send({{Id(10), Sealed(Visit(10, 1))}});
  EXPECT_EQ(Get("baiyun", "/api/v1/sync/quarantine").Count("items"), 0u);
  EXPECT_EQ(Decide(10, R"({"outcome":"dropped","reason":"x"})", "baiyun").status, 404);
  EXPECT_EQ(Get("wangfang", "/api/v1/sync/quarantine").status, 403);
  EXPECT_EQ(Decide(10, R"({"outcome":"dropped","reason":"x"})", "wangfang").status, 403);
  EXPECT_EQ(Decide(99, R"({"outcome":"dropped","reason":"x"})").status, 404);
}

TEST_F(Quarantine, AComplaintAboutSomebodyIsForAuditorsAndForNobodyItIsAbout) {
  const auto matter = [](int operation, int id, const std::string& more) {
    return fmt::format(R"({{"id":"{}","method":"POST","path":"/api/v1/matters","body":{{"id":"{}","channel":"visit","text":"收了钱不办事"{}}}}})",
                       Id(operation), Id(id), more);
  };
  const auto picture = [](int operation, int id) {
    return fmt::format(R"({{"id":"{}","method":"POST","path":"/api/v1/attachments?matter_id={}","body":{{"image":"eA"}}}})", Id(operation), Id(id));
  };
  const Answer there = Post("zhangsan", "/api/v1/matters", fmt::format(R"({{"text":"刘毅收钱","about_officer_id":"{}"}})", OfficerId("liuyi")));
  ASSERT_EQ(there.status, 201) << there.text;
  const std::string again = fmt::format(R"({{"id":"{}","method":"POST","path":"/api/v1/matters/{}/judgement","body":{{"solved":false}}}})", Id(18), there.At("id"));
  const auto after = [](int operation, std::string_view receipt) {
    return fmt::format(R"({{"id":"{}","method":"POST","path":"/api/v1/matters","body":{{"text":"又来了","follows":"{}"}}}})", Id(operation), receipt);
  };
  const Answer lamp = Post("zhaomin", "/api/v1/matters", R"({"text":"路灯不亮"})");
  const std::string open = lamp.At("id");
  const std::string plain = fmt::format(R"({{"id":"{}","method":"POST","path":"/api/v1/attachments?matter_id={}","body":{{"image":"eA"}}}})", Id(20), open);
  Disable();
  Send({{Id(10), Sealed(matter(10, 1, fmt::format(R"(,"about_officer_id":"{}")", OfficerId("liuyi"))))},
        {Id(11), Sealed(picture(11, 1))},
        {Id(12), Sealed(matter(12, 2, R"(,"about_text":"那个高个子")"))},
        {Id(13), Sealed(matter(13, 3, R"(,"about_officer_id":7)"))},
        {Id(14), Sealed(matter(14, 4, R"(,"confidential":true,"contact":{"name":"张大山"})"))},
        {Id(15), Sealed(matter(15, 5, fmt::format(R"(,"kind":"praise","about_officer_id":"{}")", OfficerId("liuyi"))))},
        {Id(16), Sealed(matter(16, 6, fmt::format(R"(,"about_unit_id":"{}")", UnitId("审计监督室"))))},
        {Id(17), Sealed(picture(17, 77))},
        {Id(18), Sealed(again)}, {Id(19), Sealed(after(19, there.At("receipt")))}, {Id(20), Sealed(plain)},
        {Id(21), Sealed(after(21, lamp.At("receipt")))}, {Id(22), Sealed(after(22, "7K3M-9QXT-4"))}});
  const auto seen = [&](std::string_view login) {
    const Answer list = Get(login, "/api/v1/sync/quarantine");
    std::string ids;
    for (size_t i = 0; i < list.Count("items"); ++i) {
      for (int n = 10; n <= 22; ++n) {
        if (list.At(fmt::format("items.{}.id", i)) == Id(n)) ids += fmt::format("{} ", n);
      }
    }
    return ids;
  };
  EXPECT_EQ(seen("liuyi"), "15 20 21 ");
  EXPECT_EQ(seen("zhangsan"), "10 11 12 13 14 15 17 18 19 20 21 22 ") << "not what is about the auditor's own office";
  // An auditor of the township: what is known by words alone, and names kept apart, are for the county's.
  EXPECT_EQ(seen("lisi"), "10 11 15 16 18 19 20 21 ");
  EXPECT_EQ(Get("liuyi", "/api/v1/sync/quarantine?limit=1").At("items.0.id"), Id(15));
  EXPECT_EQ(Decide(10, R"({"outcome":"dropped","reason":"没有的事"})").status, 404) << "as if it were not there";
  EXPECT_EQ(Decide(16, R"({"outcome":"dropped","reason":"x"})", "zhangsan").status, 404);
  const Answer entered = Decide(10, R"({"outcome":"entered"})", "zhangsan");
  ASSERT_EQ(entered.status, 200) << entered.text;
  EXPECT_EQ(Get("liuyi", "/api/v1/matters/" + Id(1)).status, 404);
  EXPECT_EQ(Get("zhangsan", "/api/v1/matters/" + Id(1)).status, 200);
  EXPECT_EQ(Decide(11, R"({"outcome":"dropped","reason":"看不清"})", "zhangsan").status, 200);
}

TEST_F(Quarantine, AComplaintThatHadBeenSetAsideComesAlongAsOne) {
  const std::string refused = fmt::format(
      R"({{"id":"{}","method":"POST","path":"/api/v1/matters","body":{{"id":"{}","channel":"pigeon","text":"收钱","about_officer_id":"{}"}}}})",
      Id(10), Id(1), OfficerId("liuyi"));
  ASSERT_EQ(Post("wangfang", "/api/v1/sync/operations", R"({"operations":[)" + refused + "]}").At("set_aside"), "1");
  Disable();
  Tick();
  EXPECT_EQ(Get("liuyi", "/api/v1/sync/quarantine").Count("items"), 0u);
  EXPECT_EQ(Get("zhangsan", "/api/v1/sync/quarantine").Count("items"), 1u);
}

TEST_F(Quarantine, WhatWasDoneAlreadyIsNotKeptAndWhatIsKeptIsNotDoneByALateCopy) {
  const std::string done = Visit(10, 1);
  ASSERT_EQ(Post("wangfang", "/api/v1/sync/operations", R"({"operations":[)" + done + "]}").At("results.0.state"), "done");
  EXPECT_EQ(Send({{Id(10), Sealed(done)}}).At("results.0.state"), "done");
  const std::string kept = Visit(11, 2);
  EXPECT_EQ(Send({{Id(11), Sealed(kept)}}).At("results.0.state"), "quarantined");
  const Answer late = Post("wangfang", "/api/v1/sync/operations", R"({"operations":[)" + kept + "]}");
  EXPECT_EQ(late.At("results.0.problem.code"), "idempotency_key_reused");
  EXPECT_EQ(late.At("set_aside"), "0") << "a supervisor has it";
  EXPECT_EQ(Visits(), 1u);
  EXPECT_EQ(Get("liuyi", "/api/v1/sync/quarantine").Count("items"), 1u);
}

TEST_F(Quarantine, WhatWasSetAsideForSomebodyWhoLeftComesAlong) {
  const std::string refused = fmt::format(R"({{"id":"{}","record":"{}","method":"POST","path":"/api/v1/visits","body":{{"met":"ghost"}}}})", Id(10), HouseholdId("张大山"));
  const std::string again = fmt::format(R"({{"id":"{}","method":"POST","path":"/api/v1/visits","body":{{"met":"ghost"}}}})", Id(11));
  const std::string corrected = fmt::format(R"({{"id":"{}","method":"POST","path":"/api/v1/visits","body":{{"met":"head"}}}})", Id(11));
  ASSERT_EQ(Post("wangfang", "/api/v1/sync/operations", R"({"operations":[)" + refused + "," + again + "]}").At("set_aside"), "2");
  // One that the phone still holds comes with it, the other by itself.
  EXPECT_EQ(Send({{Id(11), Sealed(corrected)}}).At("results.0.state"), "quarantined");
  Tick();
  EXPECT_EQ(Get("liuyi", "/api/v1/sync/quarantine").Count("items"), 1u) << "the officer is still there";
  Disable();
  Tick();
  const Answer list = Get("liuyi", "/api/v1/sync/quarantine");
  ASSERT_EQ(list.Count("items"), 2u) << list.text;
  EXPECT_EQ(list.At("items.0.problem.code"), "invalid_input");
  EXPECT_EQ(list.At("items.0.household.head_name"), "张大山");
  EXPECT_EQ(list.At("items.1.problem.code"), "invalid_input") << "what was said then";
  EXPECT_EQ(list.At("items.1.operation.body.met"), "head") << "as the phone has it now";
}

TEST_F(Quarantine, AWrongTokenAndAnUnknownPhoneAreToldTheSame) {
  const Answer wrong = Send({}, "x");
  const Answer unknown = Send({}, token_, Id(77));
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.At("code"), unknown.At("code"));
  EXPECT_EQ(Send({}).status, 200);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Send({}, "x").status, 401);
  EXPECT_EQ(Send({}, "x").status, 429);
  EXPECT_EQ(Send({}).status, 429) << "whoever tries is slowed down";
  clock_.Advance(kHour);
  EXPECT_EQ(Send({}).status, 200);
  EXPECT_EQ(Post("", "/api/v1/sync/sealed", "{}").Errors(), (std::vector<std::string>{"device_id:required", "token:required"}));
  EXPECT_EQ(Send({{"x", "y"}}).Errors(), std::vector<std::string>{"items[0].id:not_an_id"});
  EXPECT_EQ(Send({{Id(10), std::string(1'000'001, 'a')}}).Errors(), std::vector<std::string>{"items[0].sealed:too_long"});
}

TEST_F(Quarantine, AnEndedPhoneStillDeliversAndIsToldToForget) {
  ASSERT_EQ(Call("wangfang", "DELETE", std::string("/api/v1/sync/devices/") + kPhone).status, 204);
  const Answer sent = Send({{Id(10), Sealed(Visit(10, 1))}});
  EXPECT_EQ(sent.At("results.0.state"), "quarantined") << sent.text;
  EXPECT_EQ(sent.At("ended"), "true");
}

TEST_F(Quarantine, WhatWasDecidedIsErasedAfterItsTermAndWhatWaitsIsNot) {
  constexpr db::Sql kKept{"test.kept", "SELECT COUNT(*) FROM quarantine"};
  constexpr db::Sql kAside{"test.aside", "SELECT COUNT(*) FROM set_aside"};
  constexpr db::Sql kErased{"test.erased", "SELECT COUNT(*) FROM events WHERE act = 'operation.erased'"};
  constexpr db::Sql kReasons{"test.reasons", "SELECT COUNT(*) FROM events WHERE act = 'operation.dropped' AND data <> '{}'"};
  Send({{Id(10), Sealed(Visit(10, 1))}, {Id(11), Sealed(Visit(11, 2))}});
  ASSERT_EQ(Decide(10, R"({"outcome":"dropped","reason":"重复"})").status, 200);
  Post("wangfang", "/api/v1/sync/operations", fmt::format(R"({{"operations":[{{"id":"{}","method":"POST","path":"/api/v1/visits","body":{{}}}}]}})", Id(12)));
  ASSERT_EQ(Post("wangfang", "/api/v1/sync/set_aside/" + Id(12) + "/drop", R"({"reason":"按错了"})").status, 204);
  const Answer settings = Get("admin", "/api/v1/settings");
  ASSERT_EQ(Patch("admin", "/api/v1/settings", std::stoll(settings.At("revision")), R"({"retention":[{"kind":"operations","days":60}]})").status, 200);
  clock_.Advance(59 * kDay);
  dispatch_->NightNow();
  EXPECT_EQ(Number(kErased), 0);
  clock_.Advance(2 * kDay);
  dispatch_->NightNow();
  EXPECT_EQ(Number(kErased), 2);
  EXPECT_EQ(Number(kReasons), 0) << "reasons are content too";
  EXPECT_EQ(Number(kKept), 1) << "it waits";
  EXPECT_EQ(Number(kAside), 0);
}

TEST_F(Quarantine, OnePhoneFillsNoDisk) {
  std::vector<std::pair<std::string, std::string>> items;
  int status = 200;
  int sent = 0;
  for (int n = 1000; status == 200 && sent < 3000; n += 50, sent += 50) {
    items.clear();
    for (int i = 0; i < 50; ++i) items.emplace_back(Id(n + i), "eA");
    status = Send(items).status;
  }
  EXPECT_EQ(status, 429);
  EXPECT_EQ(sent, 2050);
  clock_.Advance(kHour + 1);
  EXPECT_EQ(Send(items).status, 200);
}

}  // namespace
}  // namespace huiyin::testing
