// SPDX-License-Identifier: EUPL-1.2
#include "http/known.h"

#include <fmt/format.h>

#include "http/pack.h"

namespace huiyin::http {

// FNV-1a.
std::string TagOf(std::string_view bytes) {
  uint64_t hash = 0xcbf29ce484222325ULL;
  for (char c : bytes) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  }
  return fmt::format("{:016x}", hash);
}

bool HasCurrent(const Request& request, std::string_view quoted_tag) {
  const auto header = request.Header("if-none-match");
  if (!header) return false;
  bool matches = false;
  ForEachMember(*header, [&](std::string_view member) {
    if (member.starts_with("W/")) member.remove_prefix(2);
    if (member == "*" || member == quoted_tag) matches = true;
  });
  return matches;
}

void LeaveOutKnown(const Request& request, Response& response) {
  if (response.status != 200) return;
  const std::string tag = '"' + TagOf(response.body) + '"';
  // Weak: the same packed or not.
  response.headers.emplace_back("ETag", "W/" + tag);
  response.headers.emplace_back("Cache-Control", "private, no-cache");
  if (!HasCurrent(request, tag)) return;
  response.status = 304;
  response.body.clear();
}

}  // namespace huiyin::http
