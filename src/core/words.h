// SPDX-License-Identifier: EUPL-1.2
// What a text is found by. Chinese has no spaces, so its characters count one by one and in
// pairs; everything else counts by words, in lower case. An index of these finds candidates
// cheaply; whether a text really holds what was asked for is told by the text itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace huiyin {

// ASCII in lower case, full-width letters and digits as plain ones, any run of white space
// and controls as one space. REQUIRES valid UTF-8.
std::string FoldText(std::string_view text);

// The words of a text, each once. Punctuation is in none of them.
std::vector<std::string> WordsOf(std::string_view text);

// What somebody typed into a search.
struct Sought {
  std::vector<std::string> parts;  // folded; a text must hold each of them
  std::vector<std::string> words;  // which an index must have for it; empty: nothing is found
  bool last_is_beginning = false;  // the last word is still being typed

  // Whether one of the texts holds each part.
  bool IsIn(std::initializer_list<std::string_view> texts) const;
};
Sought ReadSought(std::string_view typed);

}  // namespace huiyin
