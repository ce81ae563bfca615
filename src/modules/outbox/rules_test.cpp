// SPDX-License-Identifier: EUPL-1.2
#include "modules/outbox/rules.h"

#include <gtest/gtest.h>

namespace huiyin::outbox {
namespace {

constexpr Zone kChina{480};

Instant At(std::string_view local) {
  return *ParseInstant(std::string(local) + ":00+08:00");
}

TEST(OutboxRules, WaitingDoublesFromAMinuteToSixHoursAndThenEnds) {
  const std::vector<int64_t> minutes = {1, 2, 4, 8, 16, 32, 64, 128, 256, 360};
  for (size_t tries = 1; tries <= minutes.size(); ++tries) {
    EXPECT_EQ(WaitAfter(static_cast<int64_t>(tries)), minutes[tries - 1] * kMinute) << tries;
  }
  EXPECT_EQ(WaitAfter(static_cast<int64_t>(minutes.size()) + 1), std::nullopt);
  EXPECT_EQ(WaitAfter(1000), std::nullopt);
}

TEST(OutboxRules, NobodysTelephoneRingsInTheQuietHours) {
  struct Case {
    const char* at;
    int from, until;
    const char* then;
  };
  const Case cases[] = {
      {"2026-03-11T20:59", 21 * 60, 8 * 60, "2026-03-11T20:59"},
      {"2026-03-11T21:00", 21 * 60, 8 * 60, "2026-03-12T08:00"},
      {"2026-03-11T23:59", 21 * 60, 8 * 60, "2026-03-12T08:00"},
      {"2026-03-12T00:00", 21 * 60, 8 * 60, "2026-03-12T08:00"},
      {"2026-03-12T07:59", 21 * 60, 8 * 60, "2026-03-12T08:00"},
      {"2026-03-12T08:00", 21 * 60, 8 * 60, "2026-03-12T08:00"},
      // The last night of a year and of a leap February.
      {"2025-12-31T22:00", 21 * 60, 8 * 60, "2026-01-01T08:00"},
      {"2024-02-28T22:00", 21 * 60, 8 * 60, "2024-02-29T08:00"},
      // A county may choose an hour about noon, or none.
      {"2026-03-11T12:30", 12 * 60, 14 * 60, "2026-03-11T14:00"},
      {"2026-03-11T11:59", 12 * 60, 14 * 60, "2026-03-11T11:59"},
      {"2026-03-11T14:00", 12 * 60, 14 * 60, "2026-03-11T14:00"},
      {"2026-03-11T03:00", 0, 0, "2026-03-11T03:00"},
      {"2026-03-11T03:00", 0, 6 * 60, "2026-03-11T06:00"},
      {"2026-03-11T23:30", 23 * 60, 0, "2026-03-12T00:00"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(AfterQuiet(At(c.at), {c.from, c.until}, kChina), At(c.then)) << c.at;
  }
}

TEST(OutboxRules, TheWayTheyAskedForIsGoneAsFarAsItCanBe) {
  struct Case {
    const char* contact;
    bool inbox, sms, email;
    Way way;
  };
  const Case cases[] = {
      {R"({"phone":"13900000000","how":"message"})", false, true, false, Way::kSms},
      {R"({"phone":"13900000000","how":"message"})", false, false, false, Way::kWindow},
      {R"({"address":"a lane","how":"message"})", false, true, false, Way::kWindow},
      {R"({"phone":"13900000000","how":"phone"})", true, true, true, Way::kWindow},
      {R"({"how":"visit"})", true, true, true, Way::kWindow},
      {R"({"phone":"13900000000","way":"in_person"})", false, true, true, Way::kWindow},
      {R"({"phone":"13900000000","way":"read_out"})", false, true, true, Way::kWindow},
      {R"({"address":"a lane","how":"letter"})", false, true, true, Way::kLetter},
      {R"({"phone":"13900000000","how":"letter"})", false, true, true, Way::kWindow},
      {R"({"email":"a@example.org","way":"email"})", false, true, true, Way::kEmail},
      {R"({"email":"a@example.org","way":"email"})", false, true, false, Way::kWindow},
      {R"({"email":"a\r\nRCPT TO:<b@c>","way":"email"})", false, true, true, Way::kWindow},
      {R"({"phone":"13900000000","how":"none"})", true, true, true, Way::kNone},
      {R"({"phone":"13900000000","way":"web"})", true, true, true, Way::kNone},
      // They did not say.
      {R"({"phone":"13900000000"})", true, true, false, Way::kSms},
      {R"({"phone":"13900000000"})", false, false, false, Way::kWindow},
      {R"({"phone":"13900000000"})", true, false, false, Way::kNone},
      {R"({"address":"a lane"})", false, true, true, Way::kWindow},
      {"", true, true, true, Way::kNone},
      {"", false, true, true, Way::kNone},
      {"not json", false, true, true, Way::kNone},
      {R"([1])", false, true, true, Way::kNone},
      {R"({"phone":7,"how":{}})", false, true, true, Way::kNone},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(WayTo(ReadContact(c.contact), c.inbox, c.sms, c.email), c.way) << c.contact;
  }
}

TEST(OutboxRules, ALanguageIsTakenFromEitherForm) {
  EXPECT_EQ(ReadContact(R"({"language":"bo"})").language, "bo");
  EXPECT_EQ(ReadContact(R"({"languages":["ii","zh"]})").language, "ii");
  EXPECT_EQ(ReadContact(R"({"languages":[]})").language, "");
}

TEST(OutboxRules, NumbersAreDialledAsTheyAreMeant) {
  EXPECT_EQ(Dialable("139 0000-0000"), "13900000000");
  EXPECT_EQ(Dialable("+86 (139) 00000000"), "+8613900000000");
  EXPECT_EQ(Dialable("0999-1234567"), "09991234567");
  EXPECT_EQ(Dialable("139;13800000000"), "");
  EXPECT_EQ(Dialable("139\r\n0000000"), "");
  EXPECT_EQ(Dialable("110"), "");
  EXPECT_EQ(Dialable("12345678901234567890"), "");
  EXPECT_EQ(Dialable(""), "");
}

TEST(OutboxRules, NothingButAnAddressIsOne) {
  for (const char* good : {"a@example.org", "a.b+c@x-y.cn", "li_na@1.example"}) EXPECT_TRUE(IsMailAddress(good)) << good;
  for (const char* bad : {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\r\nDATA", "a\n@b", "<a@b>", "a@b>", "a,b@c", "a@.b",
                          "a@b.", "a@-b", "\"a b\"@c", "ä@b", "a@b\t", "a;@b", "a\\@b", "a@b_c", "a@b=?UTF-8?B?"}) {
    EXPECT_FALSE(IsMailAddress(bad)) << bad;
  }
  EXPECT_FALSE(IsMailAddress(std::string(250, 'a') + "@b.cn"));
  EXPECT_FALSE(IsMailAddress(std::string_view("a\0@b", 4)));
}

TEST(OutboxRules, AnAddressIsShownSoThatOnlyItsOwnerKnowsIt) {
  EXPECT_EQ(ShownOf("13900001234"), "139****1234");
  EXPECT_EQ(ShownOf("zhang@example.org"), "z***@example.org");
  EXPECT_EQ(ShownOf("12345"), "*****");
  EXPECT_EQ(ShownOf(""), "");
}

}  // namespace
}  // namespace huiyin::outbox
