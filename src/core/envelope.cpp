// SPDX-License-Identifier: EUPL-1.2
#include "core/envelope.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/obj_mac.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace huiyin {
namespace {

constexpr size_t kPoint = 65;
constexpr size_t kIv = 12;
constexpr size_t kTag = 16;
constexpr std::string_view kInfo = "huiyin outbox";

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* one) const { Free(one); }
};
using Group = std::unique_ptr<EC_GROUP, Freed<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Freed<EC_POINT_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_clear_free>>;
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;

void Need(bool is_done) {
  if (!is_done) throw std::runtime_error("envelope: the cryptographic library refused");
}

const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

const EC_GROUP* Curve() {
  static const Group group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  Need(group != nullptr);
  return group.get();
}

// Absent when it is not one of the curve's.
Number NumberOf(const Sha256Hash& secret) {
  Number number(BN_bin2bn(secret.data(), static_cast<int>(secret.size()), nullptr));
  Need(number != nullptr);
  BN_set_flags(number.get(), BN_FLG_CONSTTIME);
  if (BN_is_zero(number.get()) || BN_cmp(number.get(), EC_GROUP_get0_order(Curve())) >= 0) return nullptr;
  return number;
}

// The shared point's x: of `raw`, which must lie on the curve, and the secret number. Absent when it does not.
std::optional<Sha256Hash> Shared(std::string_view raw, const BIGNUM* secret) {
  const Point theirs(EC_POINT_new(Curve()));
  const Point shared(EC_POINT_new(Curve()));
  const Number x(BN_new());
  Need(theirs && shared && x);
  if (raw.size() != kPoint || raw[0] != 4 || EC_POINT_oct2point(Curve(), theirs.get(), Bytes(raw), raw.size(), nullptr) != 1) return std::nullopt;
  Need(EC_POINT_mul(Curve(), shared.get(), nullptr, theirs.get(), secret, nullptr) == 1);
  if (EC_POINT_is_at_infinity(Curve(), shared.get()) == 1) return std::nullopt;
  Need(EC_POINT_get_affine_coordinates(Curve(), shared.get(), x.get(), nullptr, nullptr) == 1);
  Sha256Hash bytes{};
  Need(BN_bn2binpad(x.get(), bytes.data(), static_cast<int>(bytes.size())) == static_cast<int>(bytes.size()));
  return bytes;
}

Sha256Hash Hmac(std::string_view key, std::string_view text) {
  Sha256Hash hash{};
  unsigned length = 0;
  Need(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), Bytes(text), text.size(), hash.data(), &length) != nullptr);
  return hash;
}

// HKDF (RFC 5869) of 32 bytes, which is one round of it.
Sha256Hash KeyOf(const Sha256Hash& shared, std::string_view ephemeral, std::string_view open) {
  const Sha256Hash extracted = Hmac(std::string(ephemeral).append(open), AsView(shared));
  return Hmac(AsView(extracted), std::string(kInfo) + '\1');
}

}  // namespace

EnvelopeKey NewEnvelopeKey(Random& random) {
  EnvelopeKey key;
  do random.Fill(key.secret);
  while (!NumberOf(key.secret));
  key.open = OpenKeyOf(key.secret);
  return key;
}

std::string OpenKeyOf(const Sha256Hash& secret) {
  const Number number = NumberOf(secret);
  if (!number) throw std::runtime_error("envelope: not a secret key");
  const Point point(EC_POINT_new(Curve()));
  std::string raw(kPoint, '\0');
  Need(point && EC_POINT_mul(Curve(), point.get(), number.get(), nullptr, nullptr, nullptr) == 1);
  Need(EC_POINT_point2oct(Curve(), point.get(), POINT_CONVERSION_UNCOMPRESSED, Bytes(raw), raw.size(), nullptr) == raw.size());
  return raw;
}

std::optional<std::string> OpenEnvelope(std::string_view closed, const Sha256Hash& secret) {
  const Number number = NumberOf(secret);
  if (!number || closed.size() < kPoint + kIv + kTag) return std::nullopt;
  const std::string_view ephemeral = closed.substr(0, kPoint);
  const std::string_view iv = closed.substr(kPoint, kIv);
  const std::string_view text = closed.substr(kPoint + kIv, closed.size() - kPoint - kIv - kTag);
  std::string tag(closed.substr(closed.size() - kTag));
  const auto shared = Shared(ephemeral, number.get());
  if (!shared) return std::nullopt;
  const Sha256Hash key = KeyOf(*shared, ephemeral, OpenKeyOf(secret));
  const Cipher cipher(EVP_CIPHER_CTX_new());
  std::string plain(text.size(), '\0');
  int length = 0;
  Need(cipher && EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), Bytes(iv)) == 1);
  Need(EVP_DecryptUpdate(cipher.get(), Bytes(plain), &length, Bytes(text), static_cast<int>(text.size())) == 1);
  Need(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTag, tag.data()) == 1);
  int rest = 0;
  if (EVP_DecryptFinal_ex(cipher.get(), Bytes(plain) + length, &rest) != 1) return std::nullopt;
  return plain;
}

std::string CloseEnvelope(std::string_view plain, std::string_view open, Random& random) {
  const EnvelopeKey ephemeral = NewEnvelopeKey(random);
  const auto shared = Shared(open, NumberOf(ephemeral.secret).get());
  if (!shared) throw std::runtime_error("envelope: not a public key");
  const Sha256Hash key = KeyOf(*shared, ephemeral.open, open);
  std::array<uint8_t, kIv> iv{};
  random.Fill(iv);
  const Cipher cipher(EVP_CIPHER_CTX_new());
  std::string text(plain.size(), '\0');
  std::string tag(kTag, '\0');
  int length = 0;
  int rest = 0;
  Need(cipher && EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), iv.data()) == 1);
  Need(EVP_EncryptUpdate(cipher.get(), Bytes(text), &length, Bytes(plain), static_cast<int>(plain.size())) == 1);
  Need(EVP_EncryptFinal_ex(cipher.get(), Bytes(text) + length, &rest) == 1);
  Need(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTag, tag.data()) == 1);
  return ephemeral.open + std::string(reinterpret_cast<const char*>(iv.data()), iv.size()) + text + tag;
}

}  // namespace huiyin
