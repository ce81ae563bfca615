// SPDX-License-Identifier: EUPL-1.2
#include "core/text.h"

#include <algorithm>

namespace huiyin {
namespace {

constexpr std::string_view kIdeographicSpace = "\xE3\x80\x80";

size_t SequenceLength(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f'; }

void AddOnce(std::vector<std::string>& terms, std::string term) {
  if (std::find(terms.begin(), terms.end(), term) == terms.end()) terms.push_back(std::move(term));
}

std::vector<std::string_view> VisibleCharacters(std::string_view text) {
  auto characters = Characters(text);
  std::erase_if(characters, [](std::string_view c) {
    return c == kIdeographicSpace || (c.size() == 1 && IsSpace(c[0]));
  });
  return characters;
}

}  // namespace

std::string_view Trim(std::string_view text) {
  for (;;) {
    if (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
    else if (text.starts_with(kIdeographicSpace)) text.remove_prefix(kIdeographicSpace.size());
    else break;
  }
  for (;;) {
    if (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
    else if (text.ends_with(kIdeographicSpace)) text.remove_suffix(kIdeographicSpace.size());
    else break;
  }
  return text;
}

bool IsValidUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const size_t length = SequenceLength(lead);
    if (length == 0 || i + length > text.size()) return false;
    for (size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
    }
    const auto second = length > 1 ? static_cast<unsigned char>(text[i + 1]) : 0;
    const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
    const bool surrogate = lead == 0xED && second > 0x9F;
    const bool beyond = lead == 0xF4 && second > 0x8F;
    if (overlong || surrogate || beyond) return false;
    i += length;
  }
  return true;
}

size_t CountCharacters(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

bool HasControlCharacters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return (u < 0x20 && c != '\t' && c != '\n' && c != '\r') || u == 0x7F;
  });
}

std::string_view FirstCharacters(std::string_view text, size_t max) {
  size_t count = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80 && count++ == max) {
      return text.substr(0, i);
    }
  }
  return text;
}

std::vector<std::string_view> Characters(std::string_view text) {
  std::vector<std::string_view> characters;
  for (size_t i = 0; i < text.size();) {
    const size_t length = std::max<size_t>(1, SequenceLength(static_cast<unsigned char>(text[i])));
    characters.push_back(text.substr(i, length));
    i += length;
  }
  return characters;
}

std::string LowerAscii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::vector<std::string> SearchTerms(std::string_view text) {
  const std::string lower = LowerAscii(text);
  const auto characters = VisibleCharacters(lower);
  std::vector<std::string> terms;
  for (std::string_view c : characters) AddOnce(terms, std::string(c));
  for (size_t i = 0; i + 1 < characters.size(); ++i) {
    AddOnce(terms, std::string(characters[i]) + std::string(characters[i + 1]));
  }
  return terms;
}

std::vector<std::string> Bigrams(std::string_view text) {
  const std::string lower = LowerAscii(text);
  const auto characters = VisibleCharacters(lower);
  std::vector<std::string> terms;
  if (characters.size() == 1) terms.emplace_back(characters[0]);
  for (size_t i = 0; i + 1 < characters.size(); ++i) {
    AddOnce(terms, std::string(characters[i]) + std::string(characters[i + 1]));
  }
  return terms;
}

std::string MaskName(std::string_view name) {
  const auto characters = Characters(name);
  if (characters.empty()) return "";
  std::string masked(characters[0]);
  for (size_t i = 1; i < characters.size(); ++i) masked += '*';
  return masked;
}

std::string MaskNumber(std::string_view number) {
  if (number.size() <= 8) return std::string(number.size(), '*');
  std::string masked(number.size(), '*');
  masked.replace(0, 4, number.substr(0, 4));
  masked.replace(number.size() - 4, 4, number.substr(number.size() - 4));
  return masked;
}

std::string CsvCell(std::string_view text) {
  // Spreadsheets pass over white space in front; a number and a telephone number stay.
  const bool is_formula = !text.empty() && (std::string_view("=@\t\r\n").find(text[0]) != std::string_view::npos ||
      ((text[0] == '+' || text[0] == '-') &&
       (text.size() < 2 || text[1] < '0' || text[1] > '9' || text.find_first_not_of("0123456789+() ,;#*-.") != std::string_view::npos)));
  std::string cell = is_formula ? "'" : "";
  for (char c : text) {
    if (c == '"') cell += '"';
    cell += c;
  }
  return cell.find_first_of(",\"\r\n") == std::string::npos ? cell : '"' + cell + '"';
}

std::string EscapeLike(std::string_view text) {
  std::string escaped;
  for (char c : text) {
    if (c == '%' || c == '_' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

bool IsPhone(std::string_view text) {
  return !text.empty() && text.size() <= 40 &&
         text.find_first_not_of("0123456789+() ,;#*-") == std::string_view::npos;
}

bool IsLanguageTag(std::string_view text) {
  if (text.size() > 35) return false;
  for (size_t from = 0, part = 0; from <= text.size(); ++part) {
    const size_t dash = std::min(text.find('-', from), text.size());
    const std::string_view piece = text.substr(from, dash - from);
    const bool is_first = part == 0;
    if (piece.size() < 2 || piece.size() > (is_first ? 3U : 8U)) return false;
    for (char c : piece) {
      const bool is_lower = c >= 'a' && c <= 'z';
      const bool is_other = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!is_lower && (is_first || !is_other)) return false;
    }
    from = dash + 1;
  }
  return true;
}

}  // namespace huiyin
