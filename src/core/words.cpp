// SPDX-License-Identifier: EUPL-1.2
#include "core/words.h"

#include <algorithm>
#include <compare>
#include <iterator>

#include "core/text.h"

namespace huiyin {
namespace {

constexpr size_t kLongestWord = 24;     // characters; the rest of a longer one is not looked at
constexpr size_t kMostSoughtWords = 8;  // enough to narrow; the text decides
constexpr size_t kShortestBeginning = 3;

char32_t CodePoint(std::string_view c) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(c[i]); };
  switch (c.size()) {
    case 1: return byte(0);
    case 2: return static_cast<char32_t>((byte(0) & 0x1F) << 6 | (byte(1) & 0x3F));
    case 3: return static_cast<char32_t>((byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F));
    default:
      return static_cast<char32_t>((byte(0) & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 |
                                   (byte(3) & 0x3F));
  }
}

struct Range {
  char32_t first;
  char32_t last;
};

template <size_t N>
bool IsIn(const Range (&ranges)[N], char32_t c) {
  return std::any_of(std::begin(ranges), std::end(ranges), [c](const Range& r) { return c >= r.first && c <= r.last; });
}

enum class Sort { kSeparator, kLetter, kSign };  // a sign counts by itself and with the next

// Written without spaces between words: Han with its radicals and extensions, kana,
// bopomofo, Yi, and pictures.
constexpr Range kSigns[] = {{0x2E80, 0x2FDF}, {0x3005, 0x3007}, {0x3021, 0x3029}, {0x3040, 0x312F},
                            {0x3190, 0x9FFF}, {0xA000, 0xA4CF}, {0xF900, 0xFAFF}, {0x1F000, 0x1FAFF},
                            {0x20000, 0x3FFFF}};
// Punctuation and the like beyond ASCII; the Tibetan tsheg parts syllables.
constexpr Range kSeparators[] = {{0x80, 0xA9},     {0xAB, 0xB4},     {0xB6, 0xB9},     {0xBB, 0xBF},
                                 {0xD7, 0xD7},     {0xF7, 0xF7},     {0x0F01, 0x0F14}, {0x0F3A, 0x0F3D},
                                 {0x1680, 0x1680}, {0x180E, 0x180E}, {0x2000, 0x2BFF}, {0x2E00, 0x2E7F},
                                 {0x3000, 0x3004}, {0x3008, 0x3020}, {0x302A, 0x303F}, {0xE000, 0xF8FF},
                                 {0xFE00, 0xFE6F}, {0xFEFF, 0xFEFF}, {0xFF00, 0xFF0F}, {0xFF1A, 0xFF20},
                                 {0xFF3B, 0xFF40}, {0xFF5B, 0xFF65}, {0xFFE0, 0xFFFF}, {0xE0000, 0x10FFFF}};

Sort SortOf(char32_t c) {
  if (c < 0x80) {
    const bool is_letter = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return is_letter ? Sort::kLetter : Sort::kSeparator;
  }
  if (c >= 0x4E00 && c <= 0x9FFF) return Sort::kSign;  // what most texts are made of
  if (IsIn(kSigns, c)) return Sort::kSign;
  return IsIn(kSeparators, c) ? Sort::kSeparator : Sort::kLetter;
}

bool IsSpace(char32_t c) { return c <= 0x20 || c == 0x7F || c == 0xA0 || c == 0x3000; }

// Calls `sign(character, one_before_or_empty)` and `word(word)` in the order of the text.
template <class OnSign, class OnWord>
void Walk(std::string_view folded, OnSign&& sign, OnWord&& word) {
  std::string current;
  size_t length = 0;
  std::string_view before;
  const auto end_word = [&] {
    if (!current.empty()) word(std::move(current));
    current.clear();
    length = 0;
  };
  for (const std::string_view c : Characters(folded)) {
    const Sort sort = SortOf(CodePoint(c));
    if (sort == Sort::kLetter) {
      if (length++ < kLongestWord) current += c;
    } else {
      end_word();
    }
    if (sort == Sort::kSign) sign(c, before);
    before = sort == Sort::kSign ? c : std::string_view();
  }
  end_word();
}

}  // namespace

std::string FoldText(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for (const std::string_view c : Characters(text)) {
    const char32_t point = CodePoint(c);
    if (IsSpace(point)) {
      if (!folded.empty() && folded.back() != ' ') folded += ' ';
    } else if (point >= 0xFF01 && point <= 0xFF5E) {
      folded += LowerAscii(std::string(1, static_cast<char>(point - 0xFEE0)));
    } else if (point < 0x80) {
      folded += LowerAscii(c);
    } else {
      folded += c;
    }
  }
  if (!folded.empty() && folded.back() == ' ') folded.pop_back();
  return folded;
}

std::vector<std::string> WordsOf(std::string_view text) {
  const std::string folded = FoldText(text);
  // Signs are sorted as numbers: the order of code points is that of their bytes, and a sign by
  // itself, with nothing behind it, comes before its pairs.
  struct Sign {
    uint64_t key;
    uint32_t at, size;  // in the folded text, where a pair stands together
    auto operator<=>(const Sign& other) const { return key <=> other.key; }
    bool operator==(const Sign& other) const { return key == other.key; }
  };
  std::vector<Sign> signs;
  signs.reserve(folded.size());
  std::vector<std::string> others;
  uint64_t point_before = 0;
  Walk(
      folded,
      [&](std::string_view c, std::string_view before) {
        const uint64_t point = CodePoint(c);
        const auto at = static_cast<uint32_t>(c.data() - folded.data());
        const auto size = static_cast<uint32_t>(c.size());
        signs.push_back({point << 32, at, size});
        if (!before.empty()) {
          const auto more = static_cast<uint32_t>(before.size());
          signs.push_back({point_before << 32 | point, at - more, more + size});
        }
        point_before = point;
      },
      [&](std::string word) { others.push_back(std::move(word)); });
  std::sort(signs.begin(), signs.end());
  signs.erase(std::unique(signs.begin(), signs.end()), signs.end());
  std::sort(others.begin(), others.end());
  others.erase(std::unique(others.begin(), others.end()), others.end());
  std::vector<std::string> words;
  words.reserve(signs.size() + others.size());
  auto other = others.begin();
  for (const Sign& sign : signs) {
    const std::string_view word = std::string_view(folded).substr(sign.at, sign.size);
    for (; other != others.end() && *other < word; ++other) words.push_back(std::move(*other));
    words.emplace_back(word);
  }
  words.insert(words.end(), std::make_move_iterator(other), std::make_move_iterator(others.end()));
  return words;
}

Sought ReadSought(std::string_view typed) {
  Sought sought;
  const std::string folded = FoldText(typed);
  for (size_t from = 0; from < folded.size();) {
    const size_t space = std::min(folded.find(' ', from), folded.size());
    sought.parts.push_back(folded.substr(from, space - from));
    from = space + 1;
  }
  std::vector<std::string> words;
  std::vector<std::string_view> run;  // signs that stand together
  const auto end_run = [&] {
    if (run.size() == 1) words.emplace_back(run[0]);
    // Every other pair has every sign, and the index walks one list less for each that is left
    // out; of three signs both pairs are needed. Whether the text holds them together it tells itself.
    for (size_t i = 0; i + 1 < run.size(); i += 2) {
      words.push_back(std::string(run[i]) + std::string(run[i + 1]));
      if (i + 3 == run.size()) words.push_back(std::string(run[i + 1]) + std::string(run[i + 2]));
    }
    run.clear();
  };
  bool ends_with_word = false;
  Walk(
      folded,
      [&](std::string_view c, std::string_view before) {
        if (before.empty()) end_run();
        run.push_back(c);
        ends_with_word = false;
      },
      [&](std::string word) {
        end_run();
        words.push_back(std::move(word));
        ends_with_word = true;
      });
  end_run();
  // A word still being typed is the last, and the text ends with it.
  sought.last_is_beginning = ends_with_word && words.back().size() >= kShortestBeginning && folded.ends_with(words.back());
  const std::string last = ends_with_word ? words.back() : std::string();
  for (std::string& word : words) {
    if (sought.words.size() == kMostSoughtWords) break;
    if (std::find(sought.words.begin(), sought.words.end(), word) == sought.words.end()) sought.words.push_back(std::move(word));
  }
  if (sought.words.empty() || sought.words.back() != last) sought.last_is_beginning = false;
  return sought;
}

bool Sought::IsIn(std::initializer_list<std::string_view> texts) const {
  // Chinese is mostly written as it is sought: then nothing need be folded.
  const bool is_plain = std::all_of(parts.begin(), parts.end(), [&](const std::string& part) {
    return std::any_of(texts.begin(), texts.end(), [&](std::string_view text) { return text.find(part) != std::string_view::npos; });
  });
  if (is_plain) return true;
  std::vector<std::string> folded;
  for (const std::string_view text : texts) folded.push_back(FoldText(text));
  return std::all_of(parts.begin(), parts.end(), [&](const std::string& part) {
    return std::any_of(folded.begin(), folded.end(), [&](const std::string& text) { return text.find(part) != std::string::npos; });
  });
}

}  // namespace huiyin
