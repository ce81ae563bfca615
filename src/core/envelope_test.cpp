// SPDX-License-Identifier: EUPL-1.2
#include "core/envelope.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace huiyin {
namespace {

Sha256Hash SecretOf(std::string_view text) {
  const auto bytes = FromBase64Url(text);
  Sha256Hash secret{};
  std::copy(bytes->begin(), bytes->end(), secret.begin());
  return secret;
}

// Made by a browser's WebCrypto (deriveBits of ECDH, HKDF with SHA-256, AES-GCM), as the field pages make it.
constexpr std::string_view kSecret = "oVPBai6_39o658TyZhUswUmPn9C-ymE-2Qf8Fo8u_58";
constexpr std::string_view kOpen = "BADA5VfcpY92Q_KIirR54gd6sMnh_PPtxnkDFZW8xX-ED24pFfzFfdKqPjH1XVYGiQ1dcKUIGhPyc2QrJlcXj9I";
constexpr std::string_view kClosed =
    "BGMvixhKZ4F_FyaSNSZuwgyEDrGcNXbOFknXmw57Sy7lQEo-fSWSzdlUrBUxC-EbqY8X7SyZMrjJQoAaUcfkpE4Nr398aFld_2AK20e5UaQWsjcJM_1lOexCe1MhYXNn5GyQVHlw"
    "5QXd8xhvPpuViR07_n5ZmfuVMaACSWQq29ZWirpdMEZysxkSu0wPDrQCGwjpG-zfroCr_NmJ3sp16ZcNwmyUXHZhPtUV8vFAS6VMBThqh_-8Y5sl-eSLUqxzs56s2NtwFuDTED1e";
constexpr std::string_view kPlain =
    R"({"id":"0192f3a4-7c1e-7abc-8def-0123456789ab","method":"POST","path":"/api/v1/visits","body":{"diary":"都好"}})";

TEST(Envelope, OpensWhatABrowserClosed) {
  EXPECT_EQ(Base64Url(OpenKeyOf(SecretOf(kSecret))), kOpen);
  EXPECT_EQ(OpenEnvelope(*FromBase64Url(kClosed), SecretOf(kSecret)), kPlain);
}

TEST(Envelope, OpensOnlyWithItsKeyAndUnchanged) {
  SeededRandom random(5);
  const EnvelopeKey key = NewEnvelopeKey(random);
  EXPECT_EQ(key.open.size(), 65u);
  EXPECT_EQ(OpenKeyOf(key.secret), key.open);
  const std::string closed = CloseEnvelope("一次走访", key.open, random);
  EXPECT_NE(CloseEnvelope("一次走访", key.open, random), closed);
  EXPECT_EQ(OpenEnvelope(closed, key.secret), "一次走访");
  EXPECT_EQ(OpenEnvelope(CloseEnvelope("", key.open, random), key.secret), "");
  EXPECT_FALSE(OpenEnvelope(closed, NewEnvelopeKey(random).secret));
  for (size_t at = 0; at < closed.size(); ++at) {
    std::string other = closed;
    other[at] = static_cast<char>(other[at] ^ 1);
    EXPECT_FALSE(OpenEnvelope(other, key.secret)) << at;
    EXPECT_FALSE(OpenEnvelope(std::string_view(closed).substr(0, at), key.secret)) << at;
  }
}

TEST(Envelope, ANumberThatIsNoKeyIsNone) {
  Sha256Hash zero{};
  Sha256Hash high;
  high.fill(0xff);
  for (const Sha256Hash& secret : {zero, high}) {
    EXPECT_THROW(OpenKeyOf(secret), std::runtime_error);
    EXPECT_FALSE(OpenEnvelope(*FromBase64Url(kClosed), secret));
  }
  SeededRandom random(5);
  EXPECT_THROW(CloseEnvelope("x", "not a point", random), std::runtime_error);
}

}  // namespace
}  // namespace huiyin
