// SPDX-License-Identifier: EUPL-1.2
#include "modules/terms/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/text.h"

namespace huiyin::terms {
namespace {

constexpr size_t kMostBytes = 4 << 20;
constexpr size_t kMostErrors = 200;  // enough to work on; more is the wrong file

// Splits the text into records, keeping empty ones so that rows keep their numbers.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  bool AtEnd() const { return pos_ >= text_.size(); }

  // The next record; `is_broken` tells of a quote that never closes or closes too early.
  std::vector<std::string> Next(bool* is_broken) {
    std::vector<std::string> cells;
    *is_broken = false;
    do {
      cells.push_back(Cell(is_broken));
    } while (Take(','));
    Take('\r');
    Take('\n');
    return cells;
  }

 private:
  bool Take(char c) {
    if (AtEnd() || text_[pos_] != c) return false;
    ++pos_;
    return true;
  }

  std::string Cell(bool* is_broken) {
    std::string quoted;
    const bool is_quoted = Take('"');
    if (is_quoted) quoted = Quoted(is_broken);
    const size_t end = std::min(text_.find_first_of(",\r\n", pos_), text_.size());
    const std::string plain(Trim(text_.substr(pos_, end - pos_)));
    pos_ = end;
    if (!is_quoted) return plain;
    if (!plain.empty()) *is_broken = true;
    return std::string(Trim(quoted));
  }

  std::string Quoted(bool* is_broken) {
    std::string cell;
    while (!AtEnd()) {
      const char c = text_[pos_++];
      if (c != '"') {
        cell += c;
      } else if (!Take('"')) {
        return cell;
      } else {
        cell += '"';
      }
    }
    *is_broken = true;
    return cell;
  }

  std::string_view text_;
  size_t pos_ = 0;
};

// For each column asked for its place in the heading.
std::vector<size_t> Places(const std::vector<std::string>& heading,
                           std::span<const std::string_view> columns,
                           std::vector<RowError>& errors) {
  std::vector<size_t> places;
  for (const std::string_view column : columns) {
    const auto found = std::find(heading.begin(), heading.end(), column);
    if (found == heading.end()) errors.push_back({1, std::string(column), "missing_column", ""});
    places.push_back(static_cast<size_t>(found - heading.begin()));
  }
  for (auto name = heading.begin(); name != heading.end(); ++name) {
    if (std::find(columns.begin(), columns.end(), *name) == columns.end()) {
      errors.push_back({1, *name, "unknown_column", ""});
    } else if (std::find(heading.begin(), name, *name) != name) {
      errors.push_back({1, *name, "duplicate", ""});
    }
  }
  return places;
}

}  // namespace

Table ReadTable(std::string_view text, std::span<const std::string_view> columns) {
  Table table;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // spreadsheets write one
  if (text.size() > kMostBytes) {
    table.errors.push_back({0, "", "too_large", fmt::format("at most {} bytes", kMostBytes)});
    return table;
  }
  if (!IsValidUtf8(text) || HasControlCharacters(text)) {
    table.errors.push_back({0, "", "not_text", "the file must be plain text in UTF-8"});
    return table;
  }
  Splitter splitter(text);
  bool is_broken = false;
  const std::vector<std::string> heading = splitter.Next(&is_broken);
  const std::vector<size_t> places = Places(heading, columns, table.errors);
  if (!table.errors.empty()) return table;

  for (int row = 2; !splitter.AtEnd() && table.errors.size() < kMostErrors; ++row) {
    const std::vector<std::string> cells = splitter.Next(&is_broken);
    if (is_broken) {
      table.errors.push_back({row, "", "broken_quotes", ""});
    } else if (cells.size() == 1 && cells[0].empty()) {
      continue;
    } else if (cells.size() != heading.size()) {
      const auto detail = fmt::format("{} cells, not {}", cells.size(), heading.size());
      table.errors.push_back({row, "", "wrong_cell_count", detail});
    } else {
      TableRow& read = table.rows.emplace_back(TableRow{row, {}});
      for (const size_t place : places)
        read.cells.push_back(cells[place]);
    }
  }
  return table;
}

std::vector<std::string> SplitList(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const size_t end = std::min(text.find(separator), text.size());
    const std::string_view part = Trim(text.substr(0, end));
    if (!part.empty()) parts.emplace_back(part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

int ParseCount(std::string_view text, int least, int most) {
  int value = -1;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) return -1;
  return value < least || value > most ? -1 : value;
}

}  // namespace huiyin::terms
