// SPDX-License-Identifier: EUPL-1.2
#include "modules/outbox/outbox.h"
#include "modules/outbox/store.h"
#include "tests/support/town.h"

namespace huiyin::outbox {
namespace {

using testing::Answer;
using testing::Town;

constexpr std::string_view kZhang = "household:张大山";
constexpr db::Sql kCount{"test.messages", "SELECT COUNT(*) FROM messages"};
constexpr db::Sql kSleep{"test.sleep_officer", "UPDATE officers SET is_active = 0 WHERE county = 990101 AND login = $1"};

class OutboxApi : public Town {
 protected:
  void TearDown() override {
    OpenWays({});
    Town::TearDown();
  }
  // What an act of some module does in its transaction.
  void Do(const std::function<void(Context&)>& act) {
    Write([&](db::Tx& tx) {
      Actor system;
      system.kind = Actor::Kind::kSystem;
      const http::Request none;
      Context ctx{.tx = tx, .services = dispatch_->services(), .request = none, .county = kCounty, .zone = Zone{480},
                  .now = clock_.now, .actor = system};
      act(ctx);
    });
  }
  static Uuid IdOf(const std::string& text) { return ParseId(text)->id; }
  huiyin::OfficerId Officer(std::string_view login) { return huiyin::OfficerId(IdOf(OfficerId(login))); }
  huiyin::UnitId Unit(std::string_view name) { return huiyin::UnitId(IdOf(UnitId(name))); }
  huiyin::HouseholdId Household(std::string_view head) { return huiyin::HouseholdId(IdOf(HouseholdId(head))); }
  int64_t Messages() { return Number(kCount); }
  // A matter to speak of.
  std::string File(std::string_view body = R"({"text":"水渠坏了"})") { return Post("zhaomin", "/api/v1/matters", body).At("id"); }
  Letter About(const std::string& matter, std::string once = "") {
    return {.kind = "matter.late", .data = {{"receipt", "7K3M-9QXT-4"}, {"title", "水渠坏了"}, {"secret", "x"}},
            .matter = MatterId(IdOf(matter)), .once = std::move(once)};
  }
};

TEST_F(OutboxApi, AnOfficerFindsWhatWasWrittenUnreadFirst) {
  const std::string matter = File();
  Do([&](Context& ctx) { ToOfficer(ctx, Officer("sunqi"), About(matter)); });
  clock_.Advance(kMinute);
  Do([&](Context& ctx) { ToOfficer(ctx, Officer("sunqi"), {.kind = "calendar.missing", .data = {{"year", 2027}}}); });
  Answer inbox = Get("sunqi", "/api/v1/inbox");
  ASSERT_EQ(inbox.Count("items"), 2U);
  EXPECT_EQ(inbox.At("unread"), "2");
  EXPECT_EQ(inbox.At("items.0.kind"), "calendar.missing");
  EXPECT_EQ(inbox.At("items.1.text"), "诉求7K3M-9QXT-4“水渠坏了”已逾期。");
  EXPECT_EQ(inbox.At("items.1.matter_id"), matter);
  EXPECT_EQ(Post("sunqi", "/api/v1/inbox/" + inbox.At("items.0.id") + "/reading").status, 204);
  EXPECT_EQ(Post("sunqi", "/api/v1/inbox/" + inbox.At("items.0.id") + "/reading").status, 204);
  inbox = Get("sunqi", "/api/v1/inbox");
  EXPECT_EQ(inbox.At("unread"), "1");
  EXPECT_EQ(inbox.At("items.0.kind"), "matter.late");
  EXPECT_NE(inbox.At("items.1.read_at"), "");
  // One a page, through the unread and on into the read.
  const Answer first = Get("sunqi", "/api/v1/inbox?limit=1");
  const Answer second = Get("sunqi", "/api/v1/inbox?limit=1&cursor=" + first.At("next_cursor"));
  EXPECT_EQ(second.At("items.0.id"), inbox.At("items.1.id"));
  EXPECT_EQ(second.At("next_cursor"), "");
  EXPECT_EQ(Get("sunqi", "/api/v1/inbox?cursor=x").status, 422);
  const Answer english = Call("sunqi", "GET", "/api/v1/inbox", "", {"Accept-Language: en-GB,en;q=0.9"});
  EXPECT_EQ(english.At("items.0.title"), "A matter is late");
}

TEST_F(OutboxApi, AnInboxIsItsOwnersAlone) {
  const std::string matter = File();
  Do([&](Context& ctx) { ToOfficer(ctx, Officer("sunqi"), About(matter)); });
  const std::string id = Get("sunqi", "/api/v1/inbox").At("items.0.id");
  EXPECT_EQ(Get("zhouba", "/api/v1/inbox").Count("items"), 0U);
  EXPECT_EQ(Post("zhouba", "/api/v1/inbox/" + id + "/reading").status, 404);
  EXPECT_EQ(Post(kZhang, "/api/v1/me/messages/" + id + "/reading").status, 404);
  EXPECT_EQ(Get("sunqi", "/api/v1/inbox").At("unread"), "1");
}

TEST_F(OutboxApi, TheSameCauseTellsNobodyTwice) {
  const std::string matter = File();
  for (int i = 0; i < 3; ++i) {
    Do([&](Context& ctx) {
      ToUnit(ctx, Unit("水务局"), Role::kHandler, About(matter, "late/1"));
      ToOfficer(ctx, Officer("sunqi"), About(matter, "late/1"));
      ToResident(ctx, {Household("张大山"), R"({"address":"一组12号","how":"letter"})"}, About(matter, "late/1"));
    });
  }
  EXPECT_EQ(Get("sunqi", "/api/v1/inbox").Count("items"), 1U);
  EXPECT_EQ(Get(kZhang, "/api/v1/me/messages").Count("items"), 1U);
  EXPECT_EQ(Messages(), 3);  // the letter is the third
  // Another household of the same matter is told too.
  Do([&](Context& ctx) { ToResident(ctx, {Household("王建国"), ""}, About(matter, "late/1")); });
  EXPECT_EQ(Messages(), 4);
}

TEST_F(OutboxApi, AnActThatFailsTellsNobody) {
  const std::string matter = File();
  EXPECT_THROW(Do([&](Context& ctx) {
    ToOfficer(ctx, Officer("sunqi"), About(matter, "late/1"));
    Conflict("test");
  }), Problem);
  EXPECT_EQ(Messages(), 0);
  Do([&](Context& ctx) { ToOfficer(ctx, Officer("sunqi"), About(matter, "late/1")); });
  EXPECT_EQ(Messages(), 1);
}

TEST_F(OutboxApi, AUnitIsToldWhoeverSitsThere) {
  const std::string matter = File();
  struct Case {
    const char* unit;
    Role role;
    std::vector<std::string> told;
  };
  const Case cases[] = {
      {"水务局", Role::kHandler, {"sunqi"}},
      {"水务局", Role::kSupervisor, {"liuyi"}},     // over its area
      {"清水镇服务站", Role::kSupervisor, {"liuyi"}},
      {"清水镇服务站", Role::kHandler, {"zhaomin"}},  // no handler there: who works there
      {"双河村委会", Role::kHandler, {"liuyi"}},     // nobody works there
      {"县政府办", Role::kLeader, {"chener"}},
  };
  for (const Case& c : cases) {
    const int64_t before = Messages();
    std::map<std::string, size_t> had;
    for (const std::string& login : c.told) had[login] = Get(login, "/api/v1/inbox").Count("items");
    Do([&](Context& ctx) { ToUnit(ctx, Unit(c.unit), c.role, About(matter)); });
    EXPECT_EQ(Messages() - before, static_cast<int64_t>(c.told.size())) << c.unit;
    for (const std::string& login : c.told) EXPECT_EQ(Get(login, "/api/v1/inbox").Count("items"), had[login] + 1) << c.unit << login;
  }
}

TEST_F(OutboxApi, WhoHasLeftIsNotWrittenTo) {
  const std::string matter = File();
  Write([](db::Tx& tx) { tx.Run(kSleep, "sunqi"); });
  Do([&](Context& ctx) { ToOfficer(ctx, Officer("sunqi"), About(matter)); });
  EXPECT_EQ(Get("liuyi", "/api/v1/inbox").Count("items"), 1U);
}

TEST_F(OutboxApi, OfAComplaintOnlyThoseHearWhoMayKnowOfIt) {
  const std::string body = R"({"text":"孙七收了钱","about_officer_id":")" + OfficerId("sunqi") + R"("})";
  const std::string matter = Post("", "/api/v1/matters", body).At("id");
  Letter letter = About(matter);
  letter.is_protected = true;
  Do([&](Context& ctx) {
    // Whatever a caller asks for by mistake.
    for (const Role role : {Role::kLiaison, Role::kClerk, Role::kHandler, Role::kSupervisor, Role::kLeader, Role::kAuditor}) {
      for (const char* unit : {"水务局", "县政府办", "督查室", "审计监督室", "清水镇服务站"}) ToUnit(ctx, Unit(unit), role, letter);
    }
    for (const char* login : {"sunqi", "liuyi", "chener", "zhaomin", "admin", "wangfang"}) ToOfficer(ctx, Officer(login), letter);
  });
  for (const char* login : {"sunqi", "zhouba", "liuyi", "chener", "zhaomin", "admin", "wangfang", "lina"}) {
    const Answer inbox = Get(login, "/api/v1/inbox");
    EXPECT_EQ(inbox.Count("items"), 0U) << login;
    EXPECT_EQ(inbox.At("unread"), "0") << login;
  }
  const Answer inbox = Get("zhangsan", "/api/v1/inbox");
  EXPECT_GT(inbox.Count("items"), 0U);
  EXPECT_EQ(inbox.At("items.0.matter_id"), matter);
}

TEST_F(OutboxApi, ALetterOfAComplaintIsPrintedByThoseWhoHandleIt) {
  const std::string body = R"({"text":"服务站乱收费","about_unit_id":")" + UnitId("清水镇服务站") + R"("})";
  const std::string matter = Post("", "/api/v1/matters", body).At("id");
  Letter letter = About(matter);
  letter.is_protected = true;
  Do([&](Context& ctx) { ToResident(ctx, {{}, R"({"name":"张","address":"一组12号","how":"letter"})"}, letter); });
  EXPECT_EQ(Get("zhaomin", "/api/v1/letters").Count("items"), 0U);
  const Answer queue = Get("zhangsan", "/api/v1/letters");
  ASSERT_EQ(queue.Count("items"), 1U);
  EXPECT_EQ(Get("zhaomin", "/api/v1/letters/" + queue.At("items.0.id")).status, 404);
  EXPECT_EQ(Get("zhangsan", "/api/v1/letters/" + queue.At("items.0.id")).At("to.address"), "一组12号");
}

TEST_F(OutboxApi, AHouseholdReadsWhatItWasTold) {
  const std::string matter = File();
  Do([&](Context& ctx) { ToResident(ctx, {Household("张大山"), ""}, About(matter)); });
  const Answer inbox = Get(kZhang, "/api/v1/me/messages");
  ASSERT_EQ(inbox.Count("items"), 1U);
  // In no words of the matter.
  EXPECT_EQ(inbox.text.find("水渠"), std::string::npos);
  EXPECT_EQ(inbox.At("items.0.title"), "答复已逾期");
  EXPECT_EQ(inbox.At("unread"), "1");
  EXPECT_EQ(Get("household:王建国", "/api/v1/me/messages").Count("items"), 0U);
  EXPECT_EQ(Post("household:王建国", "/api/v1/me/messages/" + inbox.At("items.0.id") + "/reading").status, 404);
  EXPECT_EQ(Post(kZhang, "/api/v1/me/messages/" + inbox.At("items.0.id") + "/reading").status, 204);
  EXPECT_EQ(Get(kZhang, "/api/v1/me/messages").At("unread"), "0");
}

TEST_F(OutboxApi, ALetterIsPrintedAtTheWindowOfThePlace) {
  const std::string matter = File();
  Do([&](Context& ctx) {
    ToResident(ctx, {{}, R"({"name":"王建国","address":"老街5号","phone":"13900001234","how":"letter"})"}, About(matter));
  });
  clock_.Advance(kMinute);
  Do([&](Context& ctx) {
    ToResident(ctx, {{}, R"({"name":"李","phone":"13900001234","how":"phone"})"}, About(matter));
  });
  const Answer queue = Get("zhaomin", "/api/v1/letters");
  ASSERT_EQ(queue.Count("items"), 2U);
  EXPECT_EQ(queue.text.find("老街"), std::string::npos);
  EXPECT_EQ(queue.At("items.0.way"), "letter");
  EXPECT_EQ(queue.At("items.0.receipt"), "7K3M-9QXT-4");
  const std::string letter = "/api/v1/letters/" + queue.At("items.0.id");
  const std::string call = "/api/v1/letters/" + queue.At("items.1.id");
  EXPECT_EQ(Get("zhaomin", letter).At("to.name"), "王建国");
  EXPECT_EQ(Get("zhaomin", call).At("to.phone"), "13900001234");
  EXPECT_EQ(Get("sunqi", letter).status, 403);
  EXPECT_EQ(Post("zhaomin", letter + "/told").status, 409);
  EXPECT_EQ(Post("zhaomin", letter + "/printed").status, 204);
  EXPECT_EQ(Post("zhaomin", letter + "/printed").status, 204);
  EXPECT_EQ(Post("zhaomin", call + "/told").status, 204);
  EXPECT_EQ(Get("zhaomin", "/api/v1/letters?state=waiting").Count("items"), 0U);
  EXPECT_EQ(Get("zhaomin", "/api/v1/letters?state=done").Count("items"), 2U);
  EXPECT_EQ(Get("zhaomin", "/api/v1/letters?state=lost").status, 422);
  // What has gone is no longer addressed.
  EXPECT_EQ(Get("zhaomin", letter).At("to.address"), "");
}

TEST_F(OutboxApi, HowFarWordGotStandsOnTheMatter) {
  OpenWays({.sms = true, .email = true});
  const std::string matter = File();
  Do([&](Context& ctx) {
    ToOfficer(ctx, Officer("sunqi"), About(matter));
    ToResident(ctx, {{}, R"({"phone":"139 0000 1234","how":"message"})"}, About(matter));
  });
  const Answer sent = Get("liuyi", "/api/v1/matters/" + matter + "/messages");
  ASSERT_EQ(sent.Count("items"), 2U);
  EXPECT_EQ(sent.text.find("13900001234"), std::string::npos);
  std::map<std::string, std::string> states;
  for (const char* i : {"0", "1"}) {
    const std::string at = std::string("items.") + i;
    states[sent.At(at + ".channel")] = sent.At(at + ".state") + " " + sent.At(at + ".address") + sent.At(at + ".name");
  }
  EXPECT_EQ(states["sms"], "waiting 139****1234");
  EXPECT_EQ(states["inbox"], "sent 孙琦");
  EXPECT_EQ(Get("lina", "/api/v1/matters/" + matter + "/messages").status, 404);
}

TEST_F(OutboxApi, AtNightAnSmsWaitsForTheMorningUnlessItIsUrgent) {
  OpenWays({.sms = true});
  const std::string matter = File();
  clock_.Advance(13 * kHour);  // 23:00
  Letter urgent{.kind = "matter.unmasked", .data = {{"receipt", "7K3M-9QXT-4"}}, .matter = MatterId(IdOf(matter))};
  const std::string_view contact = R"({"phone":"13900001234","how":"message"})";
  Do([&](Context& ctx) {
    ToResident(ctx, {{}, std::string(contact)}, About(matter));
    ToResident(ctx, {{}, std::string(contact)}, urgent);
  });
  const Answer sent = Get("liuyi", "/api/v1/matters/" + matter + "/messages");
  std::map<std::string, std::string> next;
  for (const char* i : {"0", "1"}) next[sent.At(std::string("items.") + i + ".kind")] = sent.At(std::string("items.") + i + ".next_at");
  EXPECT_EQ(next["matter.late"], "2026-03-12T00:00:00.000Z");
  EXPECT_EQ(next["matter.unmasked"], FormatInstant(clock_.now));
  // A county may have other hours, or none.
  EXPECT_EQ(Patch("admin", "/api/v1/settings", 1, R"({"quiet_from":"25:00"})").Errors(), std::vector<std::string>{"quiet_from:not_a_time"});
  EXPECT_EQ(Patch("admin", "/api/v1/settings", 1, R"({"quiet_from":"08:00"})").status, 200);
  Do([&](Context& ctx) { ToResident(ctx, {{}, std::string(contact)}, {.kind = "matter.accepted", .matter = MatterId(IdOf(matter))}); });
  EXPECT_EQ(Get("liuyi", "/api/v1/matters/" + matter + "/messages").At("items.0.next_at"), FormatInstant(clock_.now));
}

TEST_F(OutboxApi, AKindThatIsNotThereIsAMistakeOfTheProgram) {
  EXPECT_THROW(Do([&](Context& ctx) { ToOfficer(ctx, Officer("sunqi"), {.kind = "matter.lost"}); }), std::logic_error);
  EXPECT_THROW(Do([&](Context& ctx) { ToResident(ctx, {Household("张大山"), ""}, {.kind = "matter.order"}); }), std::logic_error);
}

}  // namespace
}  // namespace huiyin::outbox
