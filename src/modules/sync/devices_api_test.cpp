// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

constexpr const char* kPhone = "990101-01950001-7c1e-7abc-8def-0123456789ab";
constexpr const char* kOther = "990101-01950002-7c1e-7abc-8def-0123456789ab";

class Devices : public Town {
 protected:
  Answer Register(std::string_view as, std::string_view id = kPhone, std::string_view name = "Redmi") {
    return Post(as, "/api/v1/sync/devices", fmt::format(R"({{"id":"{}","name":"{}"}})", id, name));
  }
  static std::string From(std::string_view id) { return "Huiyin-Device: " + std::string(id); }
  Answer Changes(std::string_view as, std::string_view id = kPhone) { return Call(as, "GET", "/api/v1/sync/changes", "", {From(id)}); }
};

TEST_F(Devices, TheSameOfficerGetsTheSameKeysAgainAndAnotherOthers) {
  const Answer first = Register("wangfang");
  ASSERT_EQ(first.status, 201) << first.text;
  EXPECT_EQ(FromBase64Url(first.At("key")).value().size(), 32u);
  EXPECT_EQ(FromBase64Url(first.At("server_key")).value().size(), 65u);
  const Answer again = Register("wangfang", kPhone, "红米");
  for (const char* part : {"id", "key", "server_key", "token"}) EXPECT_EQ(again.At(part), first.At(part)) << part;
  const Answer theirs = Register("lina");
  for (const char* part : {"key", "server_key", "token"}) EXPECT_NE(theirs.At(part), first.At(part)) << part;
  clock_.Advance(kMinute);
  EXPECT_NE(Register("wangfang", kOther).At("key"), first.At("key"));

  const Answer list = Get("wangfang", "/api/v1/sync/devices");
  ASSERT_EQ(list.Count("items"), 2u) << list.text;
  EXPECT_EQ(list.At("items.1.name"), "红米") << "as it was named last";
  EXPECT_EQ(list.At("items.1.current"), "false");
  EXPECT_EQ(Call("wangfang", "GET", "/api/v1/sync/devices?limit=1", "", {From(kOther)}).At("items.0.current"), "true");
  EXPECT_EQ(Get("wangfang", "/api/v1/sync/devices?limit=1&cursor=" + Get("wangfang", "/api/v1/sync/devices?limit=1").At("next_cursor")).At("items.0.id"), kPhone);
  EXPECT_EQ(Get("lina", "/api/v1/sync/devices").Count("items"), 1u);
}

TEST_F(Devices, WhatIsWrongIsSaid) {
  EXPECT_EQ(Post("wangfang", "/api/v1/sync/devices", "{}").Errors(), (std::vector<std::string>{"id:required", "name:required"}));
  EXPECT_EQ(Register("wangfang", "phone").Errors(), std::vector<std::string>{"id:not_an_id"});
  EXPECT_EQ(Changes("wangfang", "phone").At("code"), "sync.device_malformed");
  EXPECT_EQ(Changes("wangfang").At("code"), "sync.device_unknown");
  EXPECT_EQ(Call("wangfang", "DELETE", std::string("/api/v1/sync/devices/") + kPhone).status, 404);
  for (int i = 10; i < 20; ++i) ASSERT_EQ(Register("wangfang", fmt::format("990101-019500{}-7c1e-7abc-8def-0123456789ab", i)).status, 201);
  EXPECT_EQ(Register("wangfang", kPhone).At("code"), "sync.too_many_devices");
}

TEST_F(Devices, APhoneThatIsEndedIsToldSoWithASessionAndWithout) {
  Register("wangfang");
  const std::string session = "Authorization: Bearer " + Token("wangfang");
  EXPECT_EQ(Changes("wangfang").status, 200);
  EXPECT_EQ(Call("wangfang", "POST", "/api/v1/sync/operations", R"({"operations":[]})", {From(kPhone)}).status, 200);
  ASSERT_EQ(Call("wangfang", "DELETE", std::string("/api/v1/sync/devices/") + kPhone).status, 204);
  // The session was opened on the phone, and is over.
  EXPECT_EQ(Call("", "GET", "/api/v1/sync/set_aside", "", {session}).status, 401);
  EXPECT_EQ(Call("", "GET", "/api/v1/sync/changes", "", {session, From(kPhone)}).At("code"), "sync.device_ended");
  EXPECT_EQ(Call("", "POST", "/api/v1/sync/operations", R"({"operations":[]})", {session, From(kPhone)}).At("code"), "sync.device_ended");
  EXPECT_EQ(Call("", "GET", "/api/v1/sync/changes", "", {From(kOther)}).status, 401) << "one that nobody knows is told nothing";
  // Nor does signing in once more help: it takes another id.
  SignInAgain();
  EXPECT_EQ(Changes("wangfang").At("code"), "sync.device_ended");
  EXPECT_EQ(Call("wangfang", "POST", "/api/v1/sync/operations", R"({"operations":[]})", {From(kPhone)}).At("code"), "sync.device_ended");
  EXPECT_EQ(Register("wangfang").At("code"), "sync.device_ended");
  clock_.Advance(kMinute);
  EXPECT_EQ(Register("wangfang", kOther).status, 201);
  EXPECT_EQ(Call("wangfang", "DELETE", std::string("/api/v1/sync/devices/") + kPhone).status, 204) << "twice is once";
  EXPECT_FALSE(Get("wangfang", "/api/v1/sync/devices").At("items.1.ended_at").empty());
}

TEST_F(Devices, OnlyItsOfficerAndAnAdministratorEndIt) {
  Register("wangfang");
  Register("lina");
  EXPECT_EQ(Call("sunqi", "DELETE", std::string("/api/v1/sync/devices/") + kPhone).status, 404);
  EXPECT_EQ(Get("sunqi", "/api/v1/sync/devices?officer_id=" + OfficerId("wangfang")).status, 404);
  EXPECT_EQ(Call("lina", "DELETE", std::string("/api/v1/sync/devices/") + kPhone).status, 204);
  EXPECT_EQ(Changes("wangfang").status, 200) << "the other officer's half of it goes on";
  EXPECT_EQ(Get("admin", "/api/v1/sync/devices?officer_id=" + OfficerId("wangfang")).Count("items"), 1u);
  EXPECT_EQ(Call("admin", "DELETE", std::string("/api/v1/sync/devices/") + kPhone).status, 204);
  SignInAgain();
  EXPECT_EQ(Changes("wangfang").At("code"), "sync.device_ended");
}

TEST_F(Devices, WhenItLastAskedIsKeptToTheMinute) {
  Register("wangfang");
  const auto seen = [&] { return Get("wangfang", "/api/v1/sync/devices").At("items.0.seen_at"); };
  const std::string at_first = seen();
  clock_.Advance(30 * kSecond);
  Changes("wangfang");
  Tick();
  EXPECT_EQ(seen(), at_first);
  clock_.Advance(10 * kMinute);
  Changes("wangfang");
  Tick();
  EXPECT_EQ(seen(), FormatInstant(clock_.now));
}

}  // namespace
}  // namespace huiyin::testing
