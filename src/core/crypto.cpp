// SPDX-License-Identifier: EUPL-1.2
#include "core/crypto.h"

#include <sodium.h>

#include <new>
#include <vector>

namespace huiyin {
namespace {

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

const bool kReady = sodium_init() >= 0;

constexpr unsigned long long kPasses = 2;
constexpr size_t kMemory = 19 * 1024 * 1024;

}  // namespace

Sha256Hash Sha256(std::string_view bytes) {
  Sha256Hash hash;
  crypto_hash_sha256(hash.data(), Bytes(bytes), bytes.size());
  return hash;
}

struct Sha256Stream::State {
  crypto_hash_sha256_state hash;
};
Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) { crypto_hash_sha256_init(&state_->hash); }
Sha256Stream::~Sha256Stream() = default;
void Sha256Stream::Add(std::string_view bytes) { crypto_hash_sha256_update(&state_->hash, Bytes(bytes), bytes.size()); }
Sha256Hash Sha256Stream::Finish() {
  Sha256Hash hash;
  crypto_hash_sha256_final(&state_->hash, hash.data());
  return hash;
}

std::string Hex(std::string_view bytes) {
  std::string hex(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), Bytes(bytes), bytes.size());
  hex.pop_back();
  return hex;
}

std::string Base64Url(std::string_view bytes) {
  constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), Bytes(bytes), bytes.size(), kVariant);
  text.pop_back();
  return text;
}

std::optional<std::string> FromBase64Url(std::string_view text) {
  std::string bytes(text.size(), '\0');
  size_t length = 0;
  const char* end = nullptr;
  const int bad = sodium_base642bin(
      reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(),
      nullptr, &length, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING
  );
  if (bad != 0 || end != text.data() + text.size()) return std::nullopt;
  bytes.resize(length);
  // The library takes some bytes beyond ASCII for letters: only what it would write itself counts.
  if (Base64Url(bytes) != text) return std::nullopt;
  return bytes;
}

std::string HashPassword(std::string_view password) {
  std::string hash(crypto_pwhash_STRBYTES, '\0');
  const int failed = crypto_pwhash_str_alg(
      hash.data(), password.data(), password.size(), kPasses, kMemory, crypto_pwhash_ALG_ARGON2ID13
  );
  if (failed != 0) throw std::bad_alloc();
  hash.resize(hash.find('\0'));
  return hash;
}

bool VerifyPassword(const std::string& hash, std::string_view password) {
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

std::string NewToken(Random& random) {
  std::array<uint8_t, 32> bytes;
  random.Fill(bytes);
  return Base64Url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string NewPassword(Random& random) {
  constexpr std::string_view kReadable = "0123456789abcdefghjkmnpqrstvwxyz";  // no i, l, o, u
  std::string password;
  for (int i = 0; i < 16; ++i) {
    if (i > 0 && i % 4 == 0) password += '-';
    password += kReadable[random.Below(kReadable.size())];
  }
  return password;
}

bool SameSecret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string Seal(std::string_view plain, const Sha256Hash& key, Random& random) {
  std::string sealed(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + plain.size(), '\0');
  auto* out = reinterpret_cast<unsigned char*>(sealed.data());
  random.Fill({out, crypto_secretbox_NONCEBYTES});
  crypto_secretbox_easy(out + crypto_secretbox_NONCEBYTES, Bytes(plain), plain.size(), out, key.data());
  return sealed;
}

std::optional<std::string> Unseal(std::string_view sealed, const Sha256Hash& key) {
  constexpr size_t kOverhead = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
  if (sealed.size() < kOverhead) return std::nullopt;
  std::string plain(sealed.size() - kOverhead, '\0');
  const auto* in = Bytes(sealed);
  const int failed = crypto_secretbox_open_easy(
      reinterpret_cast<unsigned char*>(plain.data()), in + crypto_secretbox_NONCEBYTES,
      sealed.size() - crypto_secretbox_NONCEBYTES, in, key.data()
  );
  if (failed != 0) return std::nullopt;
  return plain;
}

std::string KeyedHash(std::string_view text, const Sha256Hash& key) {
  std::string hash(32, '\0');
  crypto_generichash(
      reinterpret_cast<unsigned char*>(hash.data()), hash.size(), Bytes(text), text.size(),
      key.data(), key.size()
  );
  return hash;
}

}  // namespace huiyin
