// SPDX-License-Identifier: EUPL-1.2
// What anybody can close and only the holder of a key can open: how a phone keeps for the server what
// it must not be able to read itself any more. P-256, HKDF-SHA-256 and AES-256-GCM, since every
// browser has these (web/src/field/keeping closes what is opened here):
//
//   ephemeral public key, 65 bytes raw | iv, 12 | ciphertext with its tag, 16
//   key = HKDF-SHA-256(ikm: x of the shared point, salt: ephemeral | server's public key, info: "huiyin outbox")
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/crypto.h"
#include "core/random.h"

namespace huiyin {

struct EnvelopeKey {
  Sha256Hash secret{};  // 32 bytes, a number below the order of the curve
  std::string open;     // the public key, 65 bytes raw; may be shown to anybody
};
EnvelopeKey NewEnvelopeKey(Random& random);
// The public key of a secret one; throws std::runtime_error when it is none.
std::string OpenKeyOf(const Sha256Hash& secret);

// Absent when it was closed for another key, was changed, or is no envelope.
[[nodiscard]] std::optional<std::string> OpenEnvelope(std::string_view closed, const Sha256Hash& secret);
// For tests and the command line; phones do this by themselves. `open` is NewEnvelopeKey's.
std::string CloseEnvelope(std::string_view plain, std::string_view open, Random& random);

}  // namespace huiyin
