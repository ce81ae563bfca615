// SPDX-License-Identifier: EUPL-1.2
// Texts as they are searched, masked, cut and put into tables.
#include "core/words.h"

#include "core/text.h"
#include "tests/fuzz/fuzz.h"

namespace huiyin::fuzz {

void Try(std::string_view input) {
  if (!IsValidUtf8(input)) return;  // nothing else passes the door
  const std::string folded = FoldText(input);
  Expect(IsValidUtf8(folded), "a folded text is text");
  Expect(FoldText(folded) == folded, "folding twice is folding once");
  for (const std::string& word : WordsOf(input)) {
    Expect(!word.empty() && IsValidUtf8(word), "a word is text");
    Expect(word.find_first_of(" \t\r\n\"'()*:^-+") == std::string::npos, "a word has nothing an index would read");
  }
  const Sought sought = ReadSought(input);
  // Whoever searches for a whole text finds that text.
  if (!sought.words.empty()) Expect(sought.IsIn({folded}), "a text is found by itself");
  for (const std::string& term : SearchTerms(input)) Expect(IsValidUtf8(term) && !term.empty(), "a term is text");
  for (const std::string& pair : Bigrams(input)) Expect(CountCharacters(pair) <= 2, "a pair is two characters at most");
  Expect(IsValidUtf8(FirstCharacters(input, 3)), "a text is cut at an edge");
  Expect(IsValidUtf8(MaskName(input)), "a mask is text");
  Expect(Trim(Trim(input)) == Trim(input), "trimming twice is trimming once");
  const std::string cell = CsvCell(input);
  if (cell.find_first_of("\r\n,\"") != std::string::npos) {
    Expect(cell.size() >= 2 && cell.front() == '"' && cell.back() == '"', "a cell that needs quotes has them");
  }
  const size_t first = cell.starts_with('"') ? 1 : 0;
  if (cell.size() > first) {
    Expect(std::string_view("=@\t\r\n").find(cell[first]) == std::string_view::npos, "a cell is no formula");
    const bool is_signed = cell[first] == '+' || cell[first] == '-';
    Expect(!is_signed || input.find_first_not_of("0123456789+() ,;#*-.") == std::string_view::npos, "a sum names nothing");
  }
  (void)IsLanguageTag(input);
  (void)EscapeLike(input);
}

}  // namespace huiyin::fuzz
