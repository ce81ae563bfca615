// SPDX-License-Identifier: EUPL-1.2
#include "modules/identity/store.h"
#include "modules/identity/totp.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

using identity::TotpCode;
using identity::TotpStep;

class SecondStepApi : public Town {
 protected:
  static constexpr std::string_view kPassword = "a long password";
  static constexpr std::string_view kOwn = "/api/v1/sessions/current/second_step";

  void SetUp() override {
    Town::SetUp();
    for (const char* login : {"wangfang", "lina"}) {
      const auto id = ParseId(OfficerId(login))->id;
      Write([&](db::Tx& tx) {
        identity::SetPassword(tx, kCounty, huiyin::OfficerId(id), HashPassword(kPassword), false);
      });
    }
  }
  Answer SignIn(std::string_view login, std::string_view code = "") {
    const std::string more = code.empty() ? "" : fmt::format(R"(,"code":"{}")", code);
    return Post("", "/api/v1/sessions", fmt::format(R"({{"login":"{}","password":"{}"{}}})", login, kPassword, more));
  }
  static std::string Bearer(const Answer& opened) { return "Authorization: Bearer " + opened.At("token"); }
  Answer Say(const std::string& bearer, std::string_view act, std::string_view body) {
    return Call("", "POST", std::string(kOwn) + std::string(act), body, {bearer});
  }
  // The bytes behind a secret as it is shown.
  static std::string Bytes(std::string_view base32) {
    std::string bytes;
    uint32_t bits = 0;
    int held = 0;
    for (const char c : base32) {
      bits = (bits << 5) | static_cast<uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
      held += 5;
      if (held >= 8) {
        held -= 8;
        bytes += static_cast<char>((bits >> held) & 255);
      }
    }
    return bytes;
  }
  std::string CodeNow() { return TotpCode(secret_, TotpStep(clock_.now)); }
  static std::string With(std::string_view code) {
    return fmt::format(R"({{"password":"{}","code":"{}"}})", kPassword, code);
  }
  // Sets it up in the session and keeps the secret; returns the recovery codes.
  std::vector<std::string> SetUpIn(const std::string& bearer) {
    const Answer begun = Say(bearer, "", fmt::format(R"({{"password":"{}"}})", kPassword));
    EXPECT_EQ(begun.status, 201) << begun.text;
    secret_ = Bytes(begun.At("secret"));
    const Answer confirmed = Say(bearer, "/confirmation", With(CodeNow()));
    EXPECT_EQ(confirmed.status, 201) << confirmed.text;
    std::vector<std::string> codes;
    for (size_t i = 0; i < confirmed.Count("recovery_codes"); ++i) codes.push_back(confirmed.At("recovery_codes." + std::to_string(i)));
    clock_.Advance(kMinute);
    return codes;
  }

  std::string secret_;
};

TEST_F(SecondStepApi, IsSetUpWithACodeAndThenAskedForAtEverySignIn) {
  const Answer opened = SignIn("wangfang");
  const std::string bearer = Bearer(opened);
  EXPECT_EQ(Call("", "GET", kOwn, "", {bearer}).At("active"), "false");
  const Answer begun = Say(bearer, "", fmt::format(R"({{"password":"{}"}})", kPassword));
  ASSERT_EQ(begun.status, 201) << begun.text;
  EXPECT_EQ(begun.At("secret").size(), 32u);
  EXPECT_NE(begun.At("address").find("secret=" + begun.At("secret")), std::string::npos);
  EXPECT_GE(begun.Count("qr"), 21u);
  // Begun is not on: nobody is shut out by a secret that never reached a telephone.
  EXPECT_EQ(SignIn("wangfang").status, 201);

  secret_ = Bytes(begun.At("secret"));
  EXPECT_EQ(Say(bearer, "/confirmation", With("000000")).Errors(), std::vector<std::string>{"code:wrong_code"});
  const Answer confirmed = Say(bearer, "/confirmation", With(CodeNow()));
  ASSERT_EQ(confirmed.status, 201) << confirmed.text;
  EXPECT_EQ(confirmed.Count("recovery_codes"), 10u);
  EXPECT_EQ(Call("", "GET", kOwn, "", {bearer}).At("recovery_codes_left"), "10");

  const Answer asked = SignIn("wangfang");
  EXPECT_EQ(asked.status, 401);
  EXPECT_EQ(asked.At("code"), "sessions.code_needed");
  EXPECT_EQ(SignIn("wangfang", CodeNow()).At("code"), "sessions.wrong_code") << "the code that confirmed is used up";
  clock_.Advance(30 * kSecond);
  EXPECT_EQ(SignIn("wangfang", CodeNow()).status, 201);
  EXPECT_EQ(SignIn("wangfang", CodeNow()).At("code"), "sessions.wrong_code") << "each code opens one session";
  EXPECT_EQ(SignIn("lina").status, 201) << "nobody else is asked";
}

TEST_F(SecondStepApi, AClockThatIsOffByOneStepIsTaken) {
  SetUpIn(Bearer(SignIn("wangfang")));
  const int64_t step = TotpStep(clock_.now);
  EXPECT_EQ(SignIn("wangfang", TotpCode(secret_, step + 2)).status, 401);
  EXPECT_EQ(SignIn("wangfang", TotpCode(secret_, step - 1)).status, 201);
  EXPECT_EQ(SignIn("wangfang", TotpCode(secret_, step + 1)).status, 201);
  EXPECT_EQ(SignIn("wangfang", TotpCode(secret_, step)).status, 401) << "older than the last one taken";
}

TEST_F(SecondStepApi, WrongCodesLockLikeWrongPasswords) {
  SetUpIn(Bearer(SignIn("wangfang")));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(SignIn("wangfang", "000000").At("code"), "sessions.wrong_code");
  EXPECT_EQ(SignIn("wangfang", CodeNow()).status, 429);
  clock_.Advance(31 * kSecond);
  EXPECT_EQ(SignIn("wangfang", CodeNow()).status, 201);
}

TEST_F(SecondStepApi, TheSecondStepIsSpokenOfOnlyToWhoKnowsThePassword) {
  SetUpIn(Bearer(SignIn("wangfang")));
  const Answer wrong = Post("", "/api/v1/sessions", R"({"login":"wangfang","password":"not it","code":"123456"})");
  EXPECT_EQ(wrong.At("code"), "sessions.wrong_password");
}

TEST_F(SecondStepApi, ARecoveryCodeOpensOnceAndNewOnesReplaceThem) {
  const auto codes = SetUpIn(Bearer(SignIn("wangfang")));
  ASSERT_EQ(codes.size(), 10u);
  const Answer opened = SignIn("wangfang", codes[3]);
  ASSERT_EQ(opened.status, 201) << opened.text;
  EXPECT_EQ(SignIn("wangfang", codes[3]).At("code"), "sessions.wrong_code");
  const std::string bearer = Bearer(opened);
  EXPECT_EQ(Call("", "GET", kOwn, "", {bearer}).At("recovery_codes_left"), "9");
  EXPECT_EQ(Number({"test.recovery_used", "SELECT COUNT(*) FROM events WHERE act = 'officer.recovery_code_used'"}), 1);
  const Answer fresh = Say(bearer, "/recovery_codes", With(CodeNow()));
  ASSERT_EQ(fresh.status, 201) << fresh.text;
  EXPECT_EQ(SignIn("wangfang", codes[4]).At("code"), "sessions.wrong_code");
  EXPECT_EQ(SignIn("wangfang", fresh.At("recovery_codes.4")).status, 201);
}

TEST_F(SecondStepApi, NothingIsReadableInTheDatabase) {
  const auto codes = SetUpIn(Bearer(SignIn("wangfang")));
  database_->Read([&](db::Tx& tx) {
    int seen = 0;
    tx.Rows({"test.sealed", "SELECT secret_sealed FROM second_steps WHERE county = 990101"}, [&](const db::Row& row) {
      ++seen;
      EXPECT_EQ(row.Text(0).find(secret_), std::string::npos);
    });
    tx.Rows({"test.hashed", "SELECT code_hash FROM recovery_codes WHERE county = 990101"}, [&](const db::Row& row) {
      ++seen;
      EXPECT_TRUE(row.Text(0).starts_with("$argon2id$")) << row.Text(0);
    });
    EXPECT_EQ(seen, 11);
  });
}

TEST_F(SecondStepApi, ItIsTakenOffWithPasswordAndCode) {
  const std::string bearer = Bearer(SignIn("wangfang"));
  SetUpIn(bearer);
  EXPECT_EQ(Say(bearer, "", fmt::format(R"({{"password":"{}"}})", kPassword)).At("code"), "second_step.already_on");
  EXPECT_EQ(Say(bearer, "/removal", R"({"password":"not it","code":"123456"})").Errors(), std::vector<std::string>{"password:wrong_password"});
  EXPECT_EQ(Say(bearer, "/removal", With("123456")).Errors(), std::vector<std::string>{"code:wrong_code"});
  EXPECT_EQ(Say(bearer, "/removal", R"({"password":"a long password"})").Errors(), std::vector<std::string>{"code:required"});
  EXPECT_EQ(Say(bearer, "/removal", With(CodeNow())).status, 204);
  EXPECT_EQ(SignIn("wangfang").status, 201);
  clock_.Advance(kMinute);
  EXPECT_EQ(Say(bearer, "/removal", With(CodeNow())).At("code"), "second_step.not_on");
}

TEST_F(SecondStepApi, TheAdministratorTakesItOffForALostTelephoneAndTheOfficerIsTold) {
  const std::string bearer = Bearer(SignIn("wangfang"));
  SetUpIn(bearer);
  const std::string path = "/api/v1/officers/" + OfficerId("wangfang") + "/second_step";
  EXPECT_EQ(Call("zhaomin", "DELETE", path).status, 403);
  EXPECT_EQ(Call("admin", "DELETE", "/api/v1/officers/" + OfficerId("admin") + "/second_step").status, 403);
  EXPECT_EQ(Call("admin", "DELETE", path).status, 204);
  EXPECT_EQ(Call("", "GET", "/api/v1/sessions/current", "", {bearer}).status, 401) << "whoever has the telephone is out";
  EXPECT_EQ(SignIn("wangfang").status, 201);
  const Answer inbox = Get("wangfang", "/api/v1/inbox");
  ASSERT_EQ(inbox.Count("items"), 1u) << inbox.text;
  EXPECT_EQ(inbox.At("items.0.kind"), "account.second_step_off");
  EXPECT_EQ(Number({"test.taken_off", "SELECT COUNT(*) FROM events WHERE act = 'officer.second_step_taken_off'"}), 1);
  EXPECT_EQ(Call("admin", "DELETE", path).status, 204);
  EXPECT_EQ(Get("wangfang", "/api/v1/inbox").Count("items"), 1u);
}

TEST_F(SecondStepApi, ACountyMayRequireItOfARole) {
  const Answer settings = Get("admin", "/api/v1/settings");
  const int64_t revision = std::stoll(settings.At("revision"));
  EXPECT_EQ(Patch("admin", "/api/v1/settings", revision, R"({"second_step_roles":["liaison","king"]})").Errors(),
            std::vector<std::string>{"second_step_roles:unknown_value"});
  const Answer set = Patch("admin", "/api/v1/settings", revision, R"({"second_step_roles":["liaison"]})");
  ASSERT_EQ(set.status, 200) << set.text;
  EXPECT_EQ(set.At("second_step_roles.0"), "liaison");

  const std::string bearer = Bearer(SignIn("wangfang"));
  EXPECT_EQ(Call("", "GET", "/api/v1/sessions/current", "", {bearer}).At("must_set_second_step"), "true");
  const Answer closed = Call("", "GET", "/api/v1/households", "", {bearer});
  EXPECT_EQ(closed.status, 403);
  EXPECT_EQ(closed.At("code"), "sessions.second_step_must_be_set");
  EXPECT_EQ(Call("", "GET", kOwn, "", {bearer}).At("required"), "true");
  SetUpIn(bearer);
  EXPECT_EQ(Call("", "GET", "/api/v1/households", "", {bearer}).status, 200);
  EXPECT_EQ(Say(bearer, "/removal", With(CodeNow())).At("code"), "second_step.required");
  const Answer again = SignIn("wangfang", CodeNow());
  EXPECT_EQ(Call("", "GET", "/api/v1/households", "", {Bearer(again)}).status, 200);
}

TEST_F(SecondStepApi, TheOtherSessionsEndWhenItIsSetUp) {
  const std::string desk = Bearer(SignIn("wangfang"));
  const std::string phone = Bearer(SignIn("wangfang"));
  SetUpIn(phone);
  EXPECT_EQ(Call("", "GET", "/api/v1/sessions/current", "", {desk}).status, 401);
  EXPECT_EQ(Call("", "GET", "/api/v1/sessions/current", "", {phone}).status, 200);
}

}  // namespace
}  // namespace huiyin::testing
