// SPDX-License-Identifier: EUPL-1.2
#include "modules/identity/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <qrencode.h>

#include <array>
#include <memory>
#include <stdexcept>

#include "core/crypto.h"

namespace huiyin::identity {
namespace {

constexpr int64_t kStepMs = 30 * kSecond;
constexpr int kTolerance = 1;
constexpr std::string_view kReadable = "0123456789abcdefghjkmnpqrstvwxyz";  // no i, l, o, u
constexpr int kRecoveryLetters = 12;

std::array<uint8_t, 20> HmacSha1(std::string_view key, std::string_view text) {
  std::array<uint8_t, 20> hash{};
  unsigned int size = hash.size();
  const auto* made = HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()),
                          reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data(), &size);
  if (made == nullptr) throw std::runtime_error("HMAC-SHA-1 is not to be had");
  return hash;
}

bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (IsUnreserved(c)) escaped += c;
    else escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return escaped;
}

}  // namespace

std::string NewTotpSecret(Random& random) {
  std::array<uint8_t, 20> bytes{};
  random.Fill(bytes);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string Base32(std::string_view bytes) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  uint32_t bits = 0;
  int held = 0;
  for (const char c : bytes) {
    bits = (bits << 8) | static_cast<uint8_t>(c);
    held += 8;
    for (; held >= 5; held -= 5) text += kLetters[(bits >> (held - 5)) & 31];
  }
  if (held > 0) text += kLetters[(bits << (5 - held)) & 31];
  return text;
}

int64_t TotpStep(Instant now) { return now.ms / kStepMs; }

std::string TotpCode(std::string_view secret, int64_t step, int digits) {
  std::array<char, 8> counter{};
  for (int i = 0; i < 8; ++i) counter[7 - i] = static_cast<char>(static_cast<uint64_t>(step) >> (8 * i));
  const auto hash = HmacSha1(secret, {counter.data(), counter.size()});
  const size_t at = hash[19] & 15;
  const uint32_t number = (static_cast<uint32_t>(hash[at] & 0x7f) << 24) | (static_cast<uint32_t>(hash[at + 1]) << 16) |
                          (static_cast<uint32_t>(hash[at + 2]) << 8) | hash[at + 3];
  uint32_t limit = 1;
  for (int i = 0; i < digits; ++i) limit *= 10;
  return fmt::format("{:0{}}", number % limit, digits);
}

std::optional<int64_t> MatchTotp(std::string_view secret, std::string_view code, Instant now, int64_t last_step) {
  const int64_t current = TotpStep(now);
  std::optional<int64_t> matched;
  // All three are compared whatever the first says: the time taken tells nothing.
  for (int64_t step = current - kTolerance; step <= current + kTolerance; ++step) {
    const bool is_same = SameSecret(TotpCode(secret, step), code);
    if (is_same && step > last_step && !matched) matched = step;
  }
  return matched;
}

std::string TotpAddress(std::string_view secret, std::string_view login, std::string_view issuer) {
  return fmt::format("otpauth://totp/{}:{}?secret={}&issuer={}", Escaped(issuer), Escaped(login), Base32(secret), Escaped(issuer));
}

std::vector<std::string> QrRows(const std::string& text) {
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M), &QRcode_free);
  if (!code) throw std::runtime_error("the text does not fit a QR code");
  std::vector<std::string> rows;
  for (int y = 0; y < code->width; ++y) {
    std::string& row = rows.emplace_back();
    for (int x = 0; x < code->width; ++x) row += (code->data[y * code->width + x] & 1) != 0 ? '1' : '0';
  }
  return rows;
}

std::string NewRecoveryCode(int number, Random& random) {
  std::string code = std::to_string(number);
  for (int i = 0; i < kRecoveryLetters; ++i) {
    if (i % 4 == 0) code += '-';
    code += kReadable[random.Below(kReadable.size())];
  }
  return code;
}

std::optional<RecoveryCode> ReadRecoveryCode(std::string_view typed) {
  std::string text;
  for (char c : typed) {
    if (c == '-' || c == ' ') continue;
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    if (kReadable.find(c) == std::string_view::npos) return std::nullopt;
    text += c;
  }
  if (text.size() != kRecoveryLetters + 1 || text[0] > '9') return std::nullopt;
  return RecoveryCode{text[0] - '0', text};
}

}  // namespace huiyin::identity
