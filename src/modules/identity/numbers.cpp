// SPDX-License-Identifier: EUPL-1.2
// Numbers that people copy by hand: Crockford's alphabet leaves out I, L, O and U, and the
// check character is a weighted sum over the field of 32 elements, so that every single
// wrong character and every two that changed places are noticed.
#include "core/text.h"
#include "modules/identity/identity.h"

namespace huiyin::identity {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr size_t kDataCharacters = 8;

// Multiplication modulo x^5 + x^2 + 1.
unsigned Times(unsigned a, unsigned b) {
  unsigned product = 0;
  for (; b != 0; b >>= 1) {
    if (b & 1) product ^= a;
    a <<= 1;
    if (a & 32) a ^= 0b100101;
  }
  return product;
}

unsigned CheckOf(const std::array<unsigned, kDataCharacters>& values) {
  unsigned check = 0;
  unsigned weight = 2;
  for (unsigned value : values) {
    check ^= Times(weight, value);
    weight = Times(weight, 2);
  }
  return check;
}

std::string Grouped(const std::array<unsigned, kDataCharacters>& values) {
  std::string text;
  for (size_t i = 0; i < values.size(); ++i) {
    if (i == 4) text += '-';
    text += kAlphabet[values[i]];
  }
  return text + '-' + kAlphabet[CheckOf(values)];
}

std::optional<unsigned> ValueOf(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'I' || c == 'L') c = '1';
  if (c == 'O') c = '0';
  const size_t at = kAlphabet.find(c);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<unsigned>(at);
}

}  // namespace

std::string NewNumber(Random& random) {
  std::array<unsigned, kDataCharacters> values;
  for (unsigned& value : values) value = static_cast<unsigned>(random.Below(32));
  return Grouped(values);
}

std::optional<std::string> ReadNumber(std::string_view text) {
  std::array<unsigned, kDataCharacters + 1> all;
  size_t count = 0;
  for (char c : Trim(text)) {
    if (c == '-' || c == ' ') continue;
    const auto value = ValueOf(c);
    if (!value || count == all.size()) return std::nullopt;
    all[count++] = *value;
  }
  if (count != all.size()) return std::nullopt;
  std::array<unsigned, kDataCharacters> values;
  std::copy_n(all.begin(), values.size(), values.begin());
  if (CheckOf(values) != all.back()) return std::nullopt;
  return Grouped(values);
}

std::string NewFirstCode(Random& random) {
  std::string code;
  for (int i = 0; i < 10; ++i) {
    if (i > 0 && i % 3 == 0 && i < 9) code += ' ';
    code += static_cast<char>('0' + random.Below(10));
  }
  return code;
}

}  // namespace huiyin::identity
