// SPDX-License-Identifier: EUPL-1.2
#include "core/text.h"
#include "modules/imports/source.h"
#include "modules/imports/table.h"

namespace huiyin::imports {
namespace {

constexpr size_t kChunk = 256 * 1024;

// RFC 4180, with a lone quote inside an unquoted cell taken as it stands: spreadsheets
// write those.
class CsvReader : public TableReader {
 public:
  CsvReader(std::unique_ptr<ByteSource> source, const Limits& limits)
      : source_(std::move(source)), limits_(limits), buffer_(kChunk) {}

  bool Next(TableRow& row) override {
    if (error_) return false;
    if (!began_) Begin();
    for (;;) {
      ++number_;
      if (number_ > limits_.max_rows) return Fail(number_, "too_many_rows", std::to_string(limits_.max_rows));
      row.number = number_;
      row.cells.clear();
      if (!ReadRecord(row)) return false;
      const bool blank = std::all_of(row.cells.begin(), row.cells.end(),
                                     [](const std::string& cell) { return Trim(cell).empty(); });
      if (!blank) return true;
      if (ended_) return false;
    }
  }

 private:
  int Peek() {
    if (at_ == end_) {
      end_ = source_->Read(buffer_);
      at_ = 0;
      if (end_ == 0) return -1;
    }
    return static_cast<unsigned char>(buffer_[at_]);
  }
  int Take() {
    const int c = Peek();
    if (c >= 0) ++at_;
    return c;
  }

  void Begin() {
    began_ = true;
    Peek();
    std::string_view start(buffer_.data() + at_, end_ - at_);
    if (start.starts_with("\xEF\xBB\xBF")) {
      at_ += 3;
      start.remove_prefix(3);
    }
    start = start.substr(0, start.find_first_of("\r\n"));
    const auto count = [&](char c) { return std::count(start.begin(), start.end(), c); };
    if (count('\t') > count(separator_)) separator_ = '\t';
    if (count(';') > count(separator_)) separator_ = ';';
  }

  bool ReadRecord(TableRow& row) {
    std::string cell;
    bool any = false;
    for (;;) {
      const int c = Take();
      if (c < 0) {
        ended_ = true;
        if (!source_->failure().empty()) return Fail(number_, source_->failure());
        if (!any) return false;
        return EndCell(row, cell);
      }
      any = true;
      if (c == separator_) {
        if (!EndCell(row, cell)) return false;
      } else if (c == '\n') {
        return EndCell(row, cell);
      } else if (c == '\r') {
        if (Peek() == '\n') Take();
        return EndCell(row, cell);
      } else if (c == '"' && cell.empty()) {
        if (!ReadQuoted(row, cell)) return false;
      } else if (!Append(row, cell, c)) {
        return false;
      }
    }
  }

  // After the opening quote, up to the closing one.
  bool ReadQuoted(const TableRow& row, std::string& cell) {
    for (;;) {
      const int c = Take();
      if (c < 0) return Fail(number_, source_->failure().empty() ? "unterminated_quote" : source_->failure());
      if (c == '"') {
        if (Peek() != '"') return true;
        Take();
      }
      if (!Append(row, cell, c)) return false;
    }
  }

  bool Append(const TableRow& row, std::string& cell, int c) {
    if (c == 0) return Fail(number_, "control_character");
    if (cell.size() >= limits_.max_cell_bytes) {
      return Fail(number_, "cell_too_long", fmt::format("column {}, {} bytes", row.cells.size() + 1, limits_.max_cell_bytes));
    }
    cell += static_cast<char>(c);
    return true;
  }

  bool EndCell(TableRow& row, std::string& cell) {
    if (row.cells.size() >= limits_.max_columns) {
      return Fail(number_, "too_many_columns", std::to_string(limits_.max_columns));
    }
    row.cells.push_back(std::move(cell));
    cell.clear();
    return true;
  }

  std::unique_ptr<ByteSource> source_;
  Limits limits_;
  std::vector<char> buffer_;
  size_t at_ = 0;
  size_t end_ = 0;
  char separator_ = ',';
  bool began_ = false;
  bool ended_ = false;
  int64_t number_ = 0;
};

class BrokenTable : public TableReader {
 public:
  explicit BrokenTable(TableError error) { error_ = std::move(error); }
  bool Next(TableRow&) override { return false; }
};

std::unique_ptr<TableReader> Broken(int64_t row, std::string code, std::string detail = "") {
  return std::make_unique<BrokenTable>(TableError{row, "", std::move(code), std::move(detail)});
}

}  // namespace

std::unique_ptr<TableReader> OpenTable(const std::filesystem::path& file, const Limits& limits) {
  std::array<char, 8> head{};
  const auto first = FromFile(file, limits.max_bytes);
  const size_t size = first->Read(head);
  if (!first->failure().empty()) return Broken(1, first->failure());
  const std::string_view begins(head.data(), size);
  if (begins.empty()) return Broken(1, "empty_file");
  if (begins.starts_with("PK\x03\x04")) return OpenXlsx(file, limits);
  if (begins.starts_with("\xD0\xCF\x11\xE0")) return Broken(1, "old_excel", ".xlsx, .csv");
  if (begins.starts_with("\xFF\xFE") || begins.starts_with("\xFE\xFF")) return Broken(1, "utf16", "UTF-8, GB18030");

  const auto whole = FromFile(file, limits.max_bytes);
  const EncodingFound found = FindEncoding(*whole);
  if (!found.failure.empty()) return Broken(1, found.failure);
  if (found.encoding == Encoding::kBroken) return Broken(found.broken_line, "not_utf8");
  auto source = FromFile(file, limits.max_bytes);
  if (found.encoding == Encoding::kGb18030) source = FromGb18030(std::move(source));
  return std::make_unique<CsvReader>(std::move(source), limits);
}

}  // namespace huiyin::imports
