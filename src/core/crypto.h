// SPDX-License-Identifier: EUPL-1.2
// Hashes, password verifiers, tokens and field encryption, all from libsodium.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/random.h"

namespace huiyin {

using Sha256Hash = std::array<uint8_t, 32>;

Sha256Hash Sha256(std::string_view bytes);
// The same of bytes that come in pieces.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  void Add(std::string_view bytes);
  Sha256Hash Finish();  // once

 private:
  struct State;
  std::unique_ptr<State> state_;
};
std::string Hex(std::string_view bytes);
inline std::string_view AsView(const Sha256Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}
// Without padding.
std::string Base64Url(std::string_view bytes);
[[nodiscard]] std::optional<std::string> FromBase64Url(std::string_view text);

// argon2id, 2 passes over 19 MiB (OWASP's second recommended setting): about 30 ms, so
// callers bound how many run at once. `pepper` is none: the database stays whole alone.
std::string HashPassword(std::string_view password);
bool VerifyPassword(const std::string& hash, std::string_view password);

// 256 bits as URL-safe text.
std::string NewToken(Random& random);
// A password that nobody chose, readable aloud: four groups of letters and digits (80 bits).
std::string NewPassword(Random& random);
// Equal in time that does not depend on where they differ.
bool SameSecret(std::string_view a, std::string_view b);

// XSalsa20-Poly1305 under a 32 byte key; the nonce stands in front.
std::string Seal(std::string_view plain, const Sha256Hash& key, Random& random);
// Absent when the key is wrong or the text was changed.
[[nodiscard]] std::optional<std::string> Unseal(std::string_view sealed, const Sha256Hash& key);

// Keyed BLAKE2b, to find an encrypted number again without reading it.
std::string KeyedHash(std::string_view text, const Sha256Hash& key);

}  // namespace huiyin
