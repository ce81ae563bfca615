// SPDX-License-Identifier: EUPL-1.2
// What every fuzz target is made of. A target is one file that defines Try; bin/fuzz builds
// and runs them. Try must come back whatever the bytes are: what the program refuses, it
// refuses by its own Problem, and what it accepts must hold what the target expects of it.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace huiyin::fuzz {

void Try(std::string_view input);

// Ends the run with the sentence when it does not hold; libFuzzer keeps the input.
inline void Expect(bool holds, const char* sentence) {
  if (holds) return;
  std::fprintf(stderr, "NOT SO: %s\n", sentence);
  std::abort();
}

// Cuts up to the next `end` off the front of the input.
inline std::string_view TakeUntil(std::string_view& rest, char end) {
  const size_t at = rest.find(end);
  const std::string_view piece = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view{} : rest.substr(at + 1);
  return piece;
}

}  // namespace huiyin::fuzz
