// SPDX-License-Identifier: EUPL-1.2
#include "core/id.h"

#include <cstring>

namespace huiyin {
namespace {

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool HyphenAt(size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

}  // namespace

std::optional<County> ParseCounty(std::string_view text) {
  if (text.size() != 6 || text[0] < '1' || text[0] > '9') return std::nullopt;
  int32_t code = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    code = code * 10 + (c - '0');
  }
  return County{code};
}

std::string FormatCounty(County county) { return std::to_string(county.code); }

Uuid NewUuid(Instant now, Random& random) {
  Uuid uuid;
  random.Fill(std::span(uuid.bytes).subspan(6));
  for (int i = 0; i < 6; ++i) {
    uuid.bytes[static_cast<size_t>(i)] = static_cast<uint8_t>(now.ms >> (8 * (5 - i)));
  }
  uuid.bytes[6] = static_cast<uint8_t>(0x70 | (uuid.bytes[6] & 0x0f));
  uuid.bytes[8] = static_cast<uint8_t>(0x80 | (uuid.bytes[8] & 0x3f));
  return uuid;
}

std::optional<Uuid> ParseUuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Uuid uuid;
  size_t nibble = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (HyphenAt(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const int value = HexValue(text[i]);
    if (value < 0) return std::nullopt;
    auto& byte = uuid.bytes[nibble / 2];
    byte = static_cast<uint8_t>(nibble % 2 == 0 ? value << 4 : byte | value);
    ++nibble;
  }
  return uuid;
}

std::string FormatUuid(const Uuid& uuid) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text(36, '-');
  size_t at = 0;
  for (size_t i = 0; i < uuid.bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) ++at;
    text[at++] = kHex[uuid.bytes[i] >> 4];
    text[at++] = kHex[uuid.bytes[i] & 15];
  }
  return text;
}

std::string FormatId(County county, const Uuid& id) {
  return FormatCounty(county) + '-' + FormatUuid(id);
}

std::optional<AddressedId> ParseId(std::string_view text) {
  if (text.size() == 36) {
    const auto id = ParseUuid(text);
    if (!id) return std::nullopt;
    return AddressedId{County{}, *id};
  }
  if (text.size() != 43 || text[6] != '-') return std::nullopt;
  const auto county = ParseCounty(text.substr(0, 6));
  const auto id = ParseUuid(text.substr(7));
  if (!county || !id) return std::nullopt;
  return AddressedId{*county, *id};
}

}  // namespace huiyin
