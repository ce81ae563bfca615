// SPDX-License-Identifier: EUPL-1.2
#include "modules/identity/easy_password.h"

#include <array>
#include <string>

#include "core/text.h"

namespace huiyin::identity {
namespace {

constexpr std::array<std::string_view, 20> kWords = {
    "回音",   "huiyin",  "password", "passw0rd", "p@ssw0rd", "p@ssword", "mima",   "admin",    "root",   "qwerty",
    "asdfgh", "woaini",  "iloveyou", "letmein",  "welcome",  "abc123",   "123456", "12345678", "111111", "888888"};
// What is left beside a listed word and the login must be worth guessing.
constexpr size_t kFewest = 6;
constexpr size_t kShortestLogin = 3;

std::string Without(std::string text, std::string_view word) {
  for (size_t at; (at = text.find(word)) != std::string::npos;) text.erase(at, word.size());
  return text;
}

// The next character of a run that goes up, down or stays; the digits of a keyboard go on from 9 to 0.
bool Follows(char before, char after, int step) {
  if (after - before == step) return true;
  return (step == 1 && before == '9' && after == '0') || (step == -1 && before == '0' && after == '9');
}

// "aaaaaaaaaa", "abcdefghij", "0987654321".
bool IsRun(std::string_view text) {
  for (const int step : {0, 1, -1}) {
    bool is_run = true;
    for (size_t i = 1; i < text.size() && is_run; ++i) is_run = Follows(text[i - 1], text[i], step);
    if (is_run) return true;
  }
  return false;
}

// "abcabcabcabc": a piece of up to four characters, again and again.
bool IsRepeated(std::string_view text) {
  for (size_t piece = 1; piece <= 4 && piece * 2 <= text.size(); ++piece) {
    bool is_same = true;
    for (size_t i = piece; i < text.size() && is_same; ++i) is_same = text[i] == text[i - piece];
    if (is_same) return true;
  }
  return false;
}

}  // namespace

bool IsEasyPassword(std::string_view password, std::string_view login) {
  const std::string typed = LowerAscii(password);
  if (IsRun(typed) || IsRepeated(typed)) return true;
  if (login.size() >= kShortestLogin && typed.find(LowerAscii(login)) != std::string::npos) return true;
  for (const std::string_view word : kWords) {
    if (typed.find(word) == std::string::npos) continue;
    const std::string rest = Without(typed, word);
    if (CountCharacters(rest) < kFewest || IsRun(rest) || IsRepeated(rest)) return true;
  }
  return false;
}

}  // namespace huiyin::identity
