// SPDX-License-Identifier: EUPL-1.2
#include "modules/identity/store.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class IdentityApi : public Town {
 protected:
  void GivePassword(std::string_view login, std::string_view password, bool must_change = false) {
    const auto id = ParseId(OfficerId(login))->id;
    Write([&](db::Tx& tx) {
      identity::SetPassword(tx, kCounty, huiyin::OfficerId(id), HashPassword(password), must_change);
    });
  }
  // Gives the household a card with this first code and returns its number.
  std::string GiveCard(std::string_view head, std::string_view first_code) {
    const huiyin::HouseholdId id(ParseId(HouseholdId(head))->id);
    const std::string number = "990101-" + identity::NewNumber(random_);
    Write([&](db::Tx& tx) {
      identity::SaveCard(tx, kCounty, id, number, HashPassword(first_code), clock_.now + kDay, clock_.now);
    });
    return number;
  }
  Answer SignIn(std::string_view login, std::string_view password) {
    return Post("", "/api/v1/sessions", fmt::format(R"({{"login":"{}","password":"{}"}})", login, password));
  }
};

TEST_F(IdentityApi, AnOfficerSignsInAndIsKnown) {
  GivePassword("wangfang", "a long password");
  const Answer opened = SignIn("WangFang", "a long password");
  ASSERT_EQ(opened.status, 201) << opened.text;
  EXPECT_EQ(opened.At("officer.name"), "王芳");
  EXPECT_EQ(opened.At("officer.roles.0.role"), "liaison");
  const std::string bearer = "Authorization: Bearer " + opened.At("token");
  const Answer current = Call("", "GET", "/api/v1/sessions/current", "", {bearer});
  EXPECT_EQ(current.status, 200);
  EXPECT_EQ(current.At("county.name"), "云岭县");
  EXPECT_EQ(current.At("today"), "2026-03-11");
  EXPECT_EQ(Call("", "DELETE", "/api/v1/sessions/current", "", {bearer}).status, 204);
  EXPECT_EQ(Call("", "GET", "/api/v1/sessions/current", "", {bearer}).status, 401);
}

TEST_F(IdentityApi, ABrowserGetsACookieAndNoTokenAndMustSendTheHeader) {
  GivePassword("wangfang", "a long password");
  const Answer opened = Post("", "/api/v1/sessions", R"({"login":"wangfang","password":"a long password"})", {"X-Huiyin: web"});
  ASSERT_EQ(opened.status, 201);
  EXPECT_EQ(opened.At("token"), "");
  const std::string cookie = opened.headers.at("Set-Cookie");
  EXPECT_NE(cookie.find("HttpOnly"), std::string::npos);
  EXPECT_NE(cookie.find("SameSite=Strict"), std::string::npos);
  const std::string header = "Cookie: other=1; " + cookie.substr(0, cookie.find(';'));
  EXPECT_EQ(Call("", "GET", "/api/v1/sessions/current", "", {header}).status, 200);
  const Answer forged = Call("", "DELETE", "/api/v1/sessions/current", "", {header});
  EXPECT_EQ(forged.status, 403);
  EXPECT_EQ(forged.At("code"), "sessions.csrf");
  EXPECT_EQ(Call("", "DELETE", "/api/v1/sessions/current", "", {header, "X-Huiyin: web"}).status, 204);
}

TEST_F(IdentityApi, WrongTriesSlowDownAndLockTheLoginKnownOrNot) {
  GivePassword("wangfang", "a long password");
  for (const char* login : {"wangfang", "nobody"}) {
    for (int i = 0; i < 5; ++i) {
      const Answer wrong = SignIn(login, "wrong");
      EXPECT_EQ(wrong.status, 401);
      EXPECT_EQ(wrong.At("code"), "sessions.wrong_password");
    }
    const Answer locked = SignIn(login, "a long password");
    EXPECT_EQ(locked.status, 429);
    EXPECT_EQ(locked.headers.at("Retry-After"), "30");
  }
  clock_.Advance(31 * kSecond);
  EXPECT_EQ(SignIn("wangfang", "a long password").status, 201);
}

TEST_F(IdentityApi, OneAddressCannotTryManyLogins) {
  int refused = 0;
  for (int i = 0; i < 50; ++i) {
    if (SignIn("login" + std::to_string(i), "wrong").status == 429) ++refused;
  }
  EXPECT_GE(refused, 9);
}

TEST_F(IdentityApi, AFirstPasswordMustBeChangedBeforeAnythingElse) {
  GivePassword("wangfang", "first password", true);
  const std::string bearer = "Authorization: Bearer " + SignIn("wangfang", "first password").At("token");
  EXPECT_EQ(Call("", "GET", "/api/v1/sessions/current", "", {bearer}).status, 200);
  const Answer weak = Call("", "POST", "/api/v1/sessions/current/password", R"({"old":"first password","new":"short"})", {bearer});
  EXPECT_EQ(weak.Errors(), std::vector<std::string>{"new:too_short"});
  const Answer easy = Call("", "POST", "/api/v1/sessions/current/password", R"({"old":"first password","new":"WangFang2026"})", {bearer});
  EXPECT_EQ(easy.Errors(), std::vector<std::string>{"new:too_easy"});
  const Answer wrong = Call("", "POST", "/api/v1/sessions/current/password", R"({"old":"no","new":"another password"})", {bearer});
  EXPECT_EQ(wrong.Errors(), std::vector<std::string>{"old:wrong_password"});
  EXPECT_EQ(Call("", "POST", "/api/v1/sessions/current/password", R"({"old":"first password","new":"another password"})", {bearer}).status, 204);
  EXPECT_EQ(SignIn("wangfang", "first password").status, 401);
  EXPECT_EQ(SignIn("wangfang", "another password").status, 201);
}

TEST_F(IdentityApi, AHouseholdSetsItsPinOnTheSealedCodeOnce) {
  const std::string card = GiveCard("张大山", "1234567890");
  const auto activate = [&](std::string_view code, std::string_view pin) {
    return Post("", "/api/v1/card_activations",
                fmt::format(R"({{"card_number":"{}","first_code":"{}","pin":"{}"}})", card, code, pin));
  };
  EXPECT_EQ(Post("", "/api/v1/resident_sessions", fmt::format(R"({{"card_number":"{}","pin":"204816"}})", card)).At("code"), "card.not_activated");
  EXPECT_EQ(activate("0000000000", "204816").At("code"), "card.wrong_first_code");
  EXPECT_EQ(activate("123 456 789 0", "111111").Errors(), std::vector<std::string>{"pin:too_easy"});
  EXPECT_EQ(activate("123 456 789 0", "12345a").Errors(), std::vector<std::string>{"pin:not_a_pin"});
  const Answer opened = activate("123 456 789 0", "204816");
  ASSERT_EQ(opened.status, 201) << opened.text;
  EXPECT_EQ(opened.At("household_id"), HouseholdId("张大山"));
  EXPECT_EQ(activate("1234567890", "204816").status, 401);
  std::string typed = card;
  std::transform(typed.begin(), typed.end(), typed.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
  const Answer session = Post("", "/api/v1/resident_sessions", fmt::format(R"({{"card_number":"{}","pin":"204816"}})", typed));
  ASSERT_EQ(session.status, 201) << session.text;
  EXPECT_EQ(Call("", "GET", "/api/v1/resident_sessions/current", "", {"Authorization: Bearer " + session.At("token")}).At("head_name"), "张大山");
  // A resident's session opens nothing of the office.
  EXPECT_EQ(Call("", "GET", "/api/v1/sessions/current", "", {"Authorization: Bearer " + session.At("token")}).status, 403);
}

TEST_F(IdentityApi, PinsLockPerCard) {
  const std::string card = GiveCard("张大山", "1234567890");
  const std::string body = fmt::format(R"({{"card_number":"{}","first_code":"0000000000","pin":"204816"}})", card);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Post("", "/api/v1/card_activations", body).status, 401);
  EXPECT_EQ(Post("", "/api/v1/card_activations", body).status, 429);
}

TEST_F(IdentityApi, MissingFieldsAreNamed) {
  EXPECT_EQ(Post("", "/api/v1/sessions", "{}").Errors(), std::vector<std::string>{"login:required"});
  EXPECT_EQ(Post("", "/api/v1/sessions", R"({"login":5,"password":"x"})").Errors(), std::vector<std::string>{"login:required"});
  EXPECT_EQ(Post("", "/api/v1/sessions", "{").status, 400);
  EXPECT_EQ(Post("", "/api/v1/sessions", "a=b", {"Content-Type: text/plain"}).status, 415);
  EXPECT_EQ(Post("", "/api/v1/resident_sessions", R"({"card_number":"990101-1111-1111-X","pin":"123456"})").Errors(),
            std::vector<std::string>{"card_number:not_a_card_number"});
}

}  // namespace
}  // namespace huiyin::testing
