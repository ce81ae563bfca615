// SPDX-License-Identifier: EUPL-1.2
#include "http/request.h"

#include "core/text.h"

namespace huiyin::http {
namespace {

std::optional<std::string_view> FirstOf(
    const std::vector<std::pair<std::string, std::string>>& pairs, std::string_view name) {
  for (const auto& [key, value] : pairs) {
    if (key == name) return value;
  }
  return std::nullopt;
}

// Cuts the text up to the next separator off its front.
std::string_view NextPiece(std::string_view& rest, char separator) {
  const size_t end = rest.find(separator);
  const std::string_view piece = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return piece;
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsControl(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::optional<std::string> Decode(std::string_view raw, bool plus_is_space) {
  std::string text;
  text.reserve(raw.size());
  for (size_t i = 0; i < raw.size(); ++i) {
    char c = raw[i];
    if (c == '%') {
      if (i + 2 >= raw.size()) return std::nullopt;
      const int high = HexValue(raw[i + 1]);
      const int low = HexValue(raw[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    } else if (IsControl(c) || c == ' ' || c == '#') {
      return std::nullopt;  // these travel only as escapes
    }
    if (c == '\0') return std::nullopt;
    text += c;
  }
  if (!IsValidUtf8(text)) return std::nullopt;
  return text;
}

bool HasDotSegment(std::string_view path) {
  while (!path.empty()) {
    const std::string_view segment = NextPiece(path, '/');
    if (segment == "." || segment == "..") return true;
  }
  return false;
}

std::optional<std::string> DecodePath(std::string_view raw) {
  if (raw.empty() || raw.front() != '/') return std::nullopt;
  auto path = Decode(raw, false);
  if (!path) return std::nullopt;
  // More slashes than before: one of them was hidden in an escape.
  if (std::count(path->begin(), path->end(), '/') != std::count(raw.begin(), raw.end(), '/')) {
    return std::nullopt;
  }
  for (char c : *path) {
    if (IsControl(c) || c == '\\') return std::nullopt;
  }
  if (HasDotSegment(*path)) return std::nullopt;
  return path;
}

}  // namespace

std::optional<std::string_view> Request::Header(std::string_view lower_case_name) const {
  return FirstOf(headers, lower_case_name);
}

std::optional<std::string_view> Request::Query(std::string_view name) const {
  return FirstOf(query, name);
}

std::optional<std::string_view> Request::Cookie(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key != "cookie") continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      std::string_view text = NextPiece(rest, ';');
      const size_t equals = text.find('=');
      if (equals == std::string_view::npos) continue;
      if (Trim(text.substr(0, equals)) == name) return Trim(text.substr(equals + 1));
    }
  }
  return std::nullopt;
}

std::optional<Target> ParseTarget(std::string_view raw) {
  const size_t mark = raw.find('?');
  auto path = DecodePath(raw.substr(0, mark));
  if (!path) return std::nullopt;
  Target target{std::move(*path), {}};
  std::string_view rest = mark == std::string_view::npos ? "" : raw.substr(mark + 1);
  while (!rest.empty()) {
    std::string_view pair = NextPiece(rest, '&');
    if (pair.empty()) continue;
    auto name = Decode(NextPiece(pair, '='), true);
    auto value = Decode(pair, true);
    if (!name || !value) return std::nullopt;
    target.query.emplace_back(std::move(*name), std::move(*value));
  }
  return target;
}

std::optional<int64_t> ParseRevision(std::string_view if_match) {
  std::string_view text = Trim(if_match);
  if (text.starts_with("W/")) text.remove_prefix(2);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  int64_t revision = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), revision);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return revision;
}

}  // namespace huiyin::http
