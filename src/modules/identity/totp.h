// SPDX-License-Identifier: EUPL-1.2
// Codes that an officer's telephone shows (RFC 6238): six digits of a shared secret and the
// half-minute it is. Pure: the time and the secret come in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/random.h"
#include "core/time.h"

namespace huiyin::identity {

// 160 bits, as long as the hash that uses it.
std::string NewTotpSecret(Random& random);
// RFC 4648 without padding: how authenticator programs want a secret typed.
std::string Base32(std::string_view bytes);

// Half-minutes since 1970.
int64_t TotpStep(Instant now);
// HMAC-SHA-1, which is what authenticator programs know.
std::string TotpCode(std::string_view secret, int64_t step, int digits = 6);
// The step whose code it is: this one, or one on either side for a clock that is off; never
// `last_step` or one before it, so that a code seen over somebody's shoulder is worth nothing.
std::optional<int64_t> MatchTotp(std::string_view secret, std::string_view code, Instant now, int64_t last_step);

// otpauth://totp/... for the program on the telephone.
std::string TotpAddress(std::string_view secret, std::string_view login, std::string_view issuer);
// The rows of a QR code of the text, '1' for a dark module; throws std::runtime_error when it is too long.
std::vector<std::string> QrRows(const std::string& text);

// A code for the day the telephone is lost: its number and 60 random bits, such as "3-k7m2-9qxt-4bnz".
inline constexpr int kRecoveryCodes = 10;
std::string NewRecoveryCode(int number, Random& random);  // number: 0 to 9
struct RecoveryCode {
  int number;
  std::string text;  // as it is hashed: lower case, without dashes
};
// However it was typed; absent when it is no such code.
std::optional<RecoveryCode> ReadRecoveryCode(std::string_view typed);

}  // namespace huiyin::identity
