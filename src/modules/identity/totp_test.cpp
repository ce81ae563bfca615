// SPDX-License-Identifier: EUPL-1.2
#include "modules/identity/totp.h"

#include <gtest/gtest.h>

#include <set>

namespace huiyin::identity {
namespace {

// The secret of the appendix of RFC 6238.
constexpr std::string_view kSecret = "12345678901234567890";

TEST(Totp, SaysWhatTheStandardSays) {
  const struct {
    int64_t seconds;
    const char* code;
  } kVectors[] = {{59, "94287082"},          {1111111109, "07081804"},  {1111111111, "14050471"},
                  {1234567890, "89005924"},  {2000000000, "69279037"},  {20000000000, "65353130"}};
  for (const auto& vector : kVectors) {
    const Instant now{vector.seconds * kSecond};
    EXPECT_EQ(TotpCode(kSecret, TotpStep(now), 8), vector.code) << vector.seconds;
    EXPECT_EQ(TotpCode(kSecret, TotpStep(now)), std::string(vector.code).substr(2)) << vector.seconds;
  }
}

TEST(Totp, ACodeIsTakenOneStepEarlyOrLateAndNoMore) {
  const Instant now{1234567890 * kSecond};
  const std::string code = TotpCode(kSecret, TotpStep(now));
  for (int64_t off = -4; off <= 4; ++off) {
    const Instant when = now + off * 30 * kSecond;
    const auto matched = MatchTotp(kSecret, code, when, 0);
    EXPECT_EQ(matched.has_value(), off >= -1 && off <= 1) << off;
    if (matched) EXPECT_EQ(*matched, TotpStep(now));
  }
}

TEST(Totp, ACodeIsTakenOnce) {
  const Instant now{1234567890 * kSecond};
  const int64_t step = TotpStep(now);
  const std::string code = TotpCode(kSecret, step);
  EXPECT_EQ(MatchTotp(kSecret, code, now, step - 1), step);
  EXPECT_FALSE(MatchTotp(kSecret, code, now, step));
  EXPECT_FALSE(MatchTotp(kSecret, TotpCode(kSecret, step - 1), now, step));
  EXPECT_EQ(MatchTotp(kSecret, TotpCode(kSecret, step + 1), now, step), step + 1);
}

TEST(Totp, NothingElseIsACode) {
  const Instant now{1234567890 * kSecond};
  for (const char* typed : {"", "0", "00592", "0059244", "005925", "００５９２４", "abcdef"}) {
    EXPECT_FALSE(MatchTotp(kSecret, typed, now, 0)) << typed;
  }
}

TEST(Totp, TheSecretIsTypedInBase32) {
  const struct {
    const char* bytes;
    const char* text;
  } kVectors[] = {{"", ""}, {"f", "MY"}, {"fo", "MZXQ"}, {"foo", "MZXW6"}, {"foob", "MZXW6YQ"}, {"fooba", "MZXW6YTB"}, {"foobar", "MZXW6YTBOI"}};
  for (const auto& vector : kVectors) EXPECT_EQ(Base32(vector.bytes), vector.text);
}

TEST(Totp, TheAddressIsEscapedAndDrawn) {
  const std::string address = TotpAddress(kSecret, "wang.fang", "云岭县 回音");
  EXPECT_EQ(address, "otpauth://totp/%E4%BA%91%E5%B2%AD%E5%8E%BF%20%E5%9B%9E%E9%9F%B3:wang.fang?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                     "&issuer=%E4%BA%91%E5%B2%AD%E5%8E%BF%20%E5%9B%9E%E9%9F%B3");
  const auto rows = QrRows(address);
  ASSERT_GE(rows.size(), 21u);
  for (const std::string& row : rows) EXPECT_EQ(row.size(), rows.size());
  // The finder in three corners: its outer line is dark, the one inside it is light.
  EXPECT_EQ(rows[0].substr(0, 8), "11111110");
  EXPECT_EQ(rows[1].substr(0, 8), "10000010");
  EXPECT_EQ(rows.back().substr(0, 8), "11111110");
  EXPECT_EQ(rows[0].substr(rows.size() - 7), "1111111");
}

TEST(RecoveryCode, IsReadHoweverItIsTyped) {
  SeededRandom random(7);
  std::set<std::string> seen;
  for (int i = 0; i < kRecoveryCodes; ++i) {
    const std::string code = NewRecoveryCode(i, random);
    const auto read = ReadRecoveryCode(code);
    ASSERT_TRUE(read) << code;
    EXPECT_EQ(read->number, i);
    std::string shouted;
    for (char c : code) shouted += c == '-' ? ' ' : static_cast<char>(std::toupper(c));
    EXPECT_EQ(ReadRecoveryCode(shouted)->text, read->text);
    EXPECT_TRUE(seen.insert(read->text.substr(1)).second);
  }
  for (const char* typed : {"", "123456", "a-k7m2-9qxt-4bnz", "3-k7m2-9qxt-4bn", "3-k7m2-9qxt-4bnzz", "3-k7mi-9qxt-4bnz"}) {
    EXPECT_FALSE(ReadRecoveryCode(typed)) << typed;
  }
}

}  // namespace
}  // namespace huiyin::identity
