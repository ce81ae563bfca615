// SPDX-License-Identifier: EUPL-1.2
#include "modules/identity/store.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class SessionsApi : public Town {
 protected:
  static constexpr std::string_view kPassword = "a long password";
  void SetUp() override {
    Town::SetUp();
    GivePassword("wangfang");
    GivePassword("lina");
  }
  void GivePassword(std::string_view login) {
    const auto id = ParseId(OfficerId(login))->id;
    Write([&](db::Tx& tx) {
      identity::SetPassword(tx, kCounty, huiyin::OfficerId(id), HashPassword(kPassword), false);
    });
  }
  // The header that speaks for a session opened now, from such a browser.
  std::string SignIn(std::string_view login, std::string_view browser) {
    const Answer opened = Post("", "/api/v1/sessions", fmt::format(R"({{"login":"{}","password":"{}"}})", login, kPassword),
                               {"User-Agent: " + std::string(browser)});
    EXPECT_EQ(opened.status, 201) << opened.text;
    clock_.Advance(kSecond);
    return "Authorization: Bearer " + opened.At("token");
  }
  Answer List(const std::string& bearer) { return Call("", "GET", "/api/v1/sessions", "", {bearer}); }
  bool IsOpen(const std::string& bearer) { return Call("", "GET", "/api/v1/sessions/current", "", {bearer}).status == 200; }
};

constexpr std::string_view kEdge = "Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0";
constexpr std::string_view kPhone = "Mozilla/5.0 (Linux; Android 13) Chrome/107 Mobile Safari/537.36";

TEST_F(SessionsApi, AnOfficerSeesTheirOwnSessionsAndNobodyElses) {
  const std::string desk = SignIn("wangfang", kEdge);
  const std::string phone = SignIn("wangfang", kPhone);
  const std::string other = SignIn("lina", kEdge);
  const Answer seen = List(phone);
  ASSERT_EQ(seen.status, 200) << seen.text;
  ASSERT_EQ(seen.Count("items"), 2u) << seen.text;
  EXPECT_EQ(seen.At("items.0.browser"), "chrome");
  EXPECT_EQ(seen.At("items.0.system"), "android");
  EXPECT_EQ(seen.At("items.0.current"), "true");
  EXPECT_EQ(seen.At("items.1.browser"), "edge");
  EXPECT_EQ(seen.At("items.1.system"), "windows");
  EXPECT_EQ(seen.At("items.1.current"), "false");
  EXPECT_EQ(seen.At("items.1.since"), seen.At("items.1.last_used_at"));
  EXPECT_EQ(List(other).Count("items"), 1u);
}

TEST_F(SessionsApi, TheLastUseIsKeptToTheMinute) {
  const std::string desk = SignIn("wangfang", kEdge);
  const std::string since = List(desk).At("items.0.since");
  Tick();
  EXPECT_EQ(List(desk).At("items.0.last_used_at"), since);
  clock_.Advance(10 * kMinute);
  EXPECT_TRUE(IsOpen(desk));
  Tick();
  const Answer later = List(desk);
  EXPECT_EQ(later.At("items.0.since"), since);
  EXPECT_GT(later.At("items.0.last_used_at"), since);
}

TEST_F(SessionsApi, OneIsEndedAndOnlyOnesOwn) {
  const std::string desk = SignIn("wangfang", kEdge);
  const std::string phone = SignIn("wangfang", kPhone);
  const std::string other = SignIn("lina", kEdge);
  const std::string theirs = List(other).At("items.0.id");
  EXPECT_EQ(Call("", "DELETE", "/api/v1/sessions/" + theirs, "", {desk}).status, 404);
  EXPECT_TRUE(IsOpen(other));
  const std::string of_phone = List(desk).At("items.0.id");
  EXPECT_EQ(Call("", "DELETE", "/api/v1/sessions/" + of_phone, "", {desk}).status, 204);
  EXPECT_FALSE(IsOpen(phone));
  EXPECT_TRUE(IsOpen(desk));
  EXPECT_EQ(Call("", "DELETE", "/api/v1/sessions/" + of_phone, "", {desk}).status, 404);
}

TEST_F(SessionsApi, AllTheOthersAreEndedAtOnce) {
  const std::string desk = SignIn("wangfang", kEdge);
  const std::string phone = SignIn("wangfang", kPhone);
  const std::string tablet = SignIn("wangfang", kPhone);
  const std::string other = SignIn("lina", kEdge);
  const Answer ended = Call("", "DELETE", "/api/v1/sessions/others", "", {desk});
  EXPECT_EQ(ended.status, 200);
  EXPECT_EQ(ended.At("closed"), "2");
  EXPECT_TRUE(IsOpen(desk));
  EXPECT_FALSE(IsOpen(phone));
  EXPECT_FALSE(IsOpen(tablet));
  EXPECT_TRUE(IsOpen(other));
  EXPECT_EQ(Call("", "DELETE", "/api/v1/sessions/others", "", {desk}).At("closed"), "0");
}

TEST_F(SessionsApi, ANewPasswordEndsTheOtherSessions) {
  const std::string desk = SignIn("wangfang", kEdge);
  const std::string phone = SignIn("wangfang", kPhone);
  const std::string body = fmt::format(R"({{"old":"{}","new":"another password"}})", kPassword);
  EXPECT_EQ(Call("", "POST", "/api/v1/sessions/current/password", body, {desk}).status, 204);
  EXPECT_TRUE(IsOpen(desk));
  EXPECT_FALSE(IsOpen(phone));
}

TEST_F(SessionsApi, TheAdministratorSignsAnOfficerOutEverywhereAndItIsWrittenDown) {
  const std::string desk = SignIn("wangfang", kEdge);
  const std::string phone = SignIn("wangfang", kPhone);
  const std::string path = "/api/v1/officers/" + OfficerId("wangfang") + "/sessions";
  EXPECT_EQ(Call("zhaomin", "DELETE", path).status, 403);
  EXPECT_TRUE(IsOpen(desk));
  const Answer ended = Call("admin", "DELETE", path);
  EXPECT_EQ(ended.status, 200) << ended.text;
  EXPECT_EQ(ended.At("closed"), "2");
  EXPECT_FALSE(IsOpen(desk));
  EXPECT_FALSE(IsOpen(phone));
  EXPECT_EQ(Number({"test.signed_out", "SELECT COUNT(*) FROM events WHERE act = 'officer.signed_out'"}), 1);
}

TEST_F(SessionsApi, ADeactivatedOfficersSessionsEnd) {
  const std::string desk = SignIn("lina", kEdge);
  GivePassword("zhouba");
  const std::string theirs = SignIn("zhouba", kEdge);
  EXPECT_EQ(Post("admin", "/api/v1/officers/" + OfficerId("zhouba") + "/deactivation", R"({"reason":"moved"})").status, 201);
  EXPECT_FALSE(IsOpen(theirs));
  EXPECT_TRUE(IsOpen(desk));
}

TEST_F(SessionsApi, AnOfficersSessionThatIsNotUsedEnds) {
  const std::string desk = SignIn("wangfang", kEdge);
  for (int hour = 0; hour < 5; ++hour) {
    clock_.Advance(2 * kHour);
    EXPECT_TRUE(IsOpen(desk)) << hour;
    Tick();
  }
  clock_.Advance(3 * kHour + kMinute);
  EXPECT_FALSE(IsOpen(desk));
}

TEST_F(SessionsApi, AHouseholdSeesAndEndsItsOwn) {
  const Answer mine = Get("household:张大山", "/api/v1/sessions");
  ASSERT_EQ(mine.status, 200) << mine.text;
  ASSERT_EQ(mine.Count("items"), 1u);
  EXPECT_EQ(mine.At("items.0.current"), "true");
  EXPECT_EQ(mine.At("items.0.browser"), "other");
  EXPECT_EQ(Call("household:赵春花", "DELETE", "/api/v1/sessions/" + mine.At("items.0.id")).status, 404);
  EXPECT_EQ(Call("household:张大山", "DELETE", "/api/v1/sessions/others").At("closed"), "0");
  EXPECT_EQ(Call("household:张大山", "DELETE", "/api/v1/sessions/" + mine.At("items.0.id")).status, 204);
  EXPECT_EQ(Get("household:张大山", "/api/v1/sessions").status, 401);
}

TEST_F(SessionsApi, NoSessionsIsNobodys) {
  EXPECT_EQ(Get("", "/api/v1/sessions").status, 401);
  EXPECT_EQ(Call("", "DELETE", "/api/v1/sessions/others").status, 401);
}

}  // namespace
}  // namespace huiyin::testing
