// SPDX-License-Identifier: EUPL-1.2
// What a file's heading and cells mean: columns known by Chinese and English names, and
// cells read as what they should hold, every mistake told with its row and column.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "modules/imports/table.h"

namespace huiyin::imports {

// The first thousand mistakes, and how many there are.
class Errors {
 public:
  void Add(TableError error) {
    ++count_;
    if (items_.size() < kKept) items_.push_back(std::move(error));
  }
  const std::vector<TableError>& items() const { return items_; }
  int64_t count() const { return count_; }

 private:
  static constexpr size_t kKept = 1000;
  std::vector<TableError> items_;
  int64_t count_ = 0;
};

struct Column {
  std::string_view key;
  bool needed = false;
  std::vector<std::string_view> names;  // besides the key; compared without case, spaces and marks
};

// A code and the words people write for it.
struct Choice {
  std::string_view code;
  std::vector<std::string_view> names;
};

class Heading {
 public:
  // Refuses columns that name a protected category, are unknown, come twice, or are missing.
  // A running number (序号, No.) is passed over.
  Heading(const TableRow& row, std::span<const Column> columns, Errors& errors, bool in_english);
  // Where the column stands in a row; -1 when the file does not have it.
  int PlaceOf(std::string_view key) const;
  // Its heading in this file; the key when the file does not have it.
  std::string TitleOf(std::string_view key) const;
  bool Has(std::string_view key) const { return PlaceOf(key) >= 0; }
  size_t width() const { return titles_.size(); }

 private:
  std::vector<std::pair<std::string_view, int>> places_;
  std::vector<std::string> titles_;
};

// The cells of one row. Blank cells are absent.
class Cells {
 public:
  Cells(const Heading& heading, const TableRow& row, Errors& errors)
      : heading_(heading), row_(row), errors_(errors) {}

  bool Has(std::string_view key) const { return !Raw(key).empty(); }
  std::optional<std::string> Text(std::string_view key, size_t max_chars);
  std::string NeedText(std::string_view key, size_t max_chars);
  // 2001-02-03, 2001/2/3, 2001.2.3, 2001年2月3日, 20010203.
  std::optional<Date> Day(std::string_view key);
  // One of the choices by code or name; absent when blank or wrong.
  std::optional<std::string> OneOf(std::string_view key, std::span<const Choice> choices);
  // Parts between ; , 、 and the like.
  std::vector<std::string> List(std::string_view key, size_t max_items, size_t max_chars);
  std::string Phone(std::string_view key);
  std::string NeedAreaCode(std::string_view key);

  void Refuse(std::string_view key, std::string code, std::string detail = "");
  // The same at another row, which need not be wrong itself: `ok` stays as it is.
  void RefuseAt(int64_t row, std::string_view key, std::string code, std::string detail = "");
  bool ok() const { return ok_; }
  int64_t number() const { return row_.number; }

 private:
  std::string_view Raw(std::string_view key) const;

  const Heading& heading_;
  const TableRow& row_;
  Errors& errors_;
  bool ok_ = true;
};

std::optional<Date> ReadLooseDate(std::string_view text);

}  // namespace huiyin::imports
