// SPDX-License-Identifier: EUPL-1.2
// Text in UTF-8: what is blank, how long it is, which short pieces of it can be searched
// for, and how names and numbers are masked.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace huiyin {

// Without white space at either end, the ideographic space included.
std::string_view Trim(std::string_view text);
bool IsValidUtf8(std::string_view text);
// Code points; REQUIRES valid UTF-8.
size_t CountCharacters(std::string_view text);
// C0 controls but tab and line breaks, and DEL.
bool HasControlCharacters(std::string_view text);
// At most `max` characters, cut at a character's edge.
std::string_view FirstCharacters(std::string_view text, size_t max);
std::vector<std::string_view> Characters(std::string_view text);
// ASCII letters in lower case, everything else as it is.
std::string LowerAscii(std::string_view text);

// The one and two character pieces a name or an address is found by, without repeats and
// without white space; ASCII folded to lower case. "王小明" gives 王 小 明 王小 小明.
std::vector<std::string> SearchTerms(std::string_view text);
// Only the two character pieces (a text of one character gives that character).
std::vector<std::string> Bigrams(std::string_view text);

// "王**": the first character, the rest as stars.
std::string MaskName(std::string_view name);
// All but the first and the last four as stars; short numbers wholly.
std::string MaskNumber(std::string_view number);
// 1 to 40 characters as a number is dialled: digits and + ( ) , ; # * - and spaces.
bool IsPhone(std::string_view text);
// A language tag as of BCP 47, such as "zh" or "zh-Hans".
bool IsLanguageTag(std::string_view text);
// A cell of CSV, quoted where it must be. One that a spreadsheet would take for a formula
// gets an apostrophe in front; a telephone number does not look like one.
std::string CsvCell(std::string_view text);
// %, _ and \ escaped for LIKE ... ESCAPE '\'.
std::string EscapeLike(std::string_view text);

}  // namespace huiyin
