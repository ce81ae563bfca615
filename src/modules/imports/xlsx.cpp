// SPDX-License-Identifier: EUPL-1.2
// The first sheet of an XLSX file, row by row, in constant memory but for the shared
// strings. What a file says of its own sizes is not believed: bytes are counted as they are
// unpacked. No document type is taken, so there are no entities to expand.
#include <expat.h>
#include <zip.h>

#include <cmath>
#include <deque>

#include "core/text.h"
#include "core/time.h"
#include "modules/imports/table.h"

namespace huiyin::imports {
namespace {

constexpr size_t kChunk = 64 * 1024;
constexpr zip_int64_t kMaxEntries = 2000;
constexpr uint64_t kFreeRatioBytes = 1 << 20;
constexpr uint64_t kMaxSharedBytes = 256ULL << 20;
constexpr size_t kMaxShared = 5'000'000;

struct ZipCloser {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct EntryCloser {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using Archive = std::unique_ptr<zip_t, ZipCloser>;
using Entry = std::unique_ptr<zip_file_t, EntryCloser>;

// All that is unpacked from one archive, counted against its limits.
class Unpacker {
 public:
  Unpacker(const std::filesystem::path& file, const Limits& limits) : limits_(limits) {
    int code = 0;
    archive_.reset(zip_open(file.c_str(), ZIP_RDONLY, &code));
    std::error_code ignored;
    packed_ = std::filesystem::file_size(file, ignored);
    if (!archive_) failure_ = "broken_archive";
    else if (zip_get_num_entries(archive_.get(), 0) > kMaxEntries) failure_ = "broken_archive";
  }
  Entry Open(const std::string& name) {
    if (!failure_.empty()) return nullptr;
    return Entry(zip_fopen(archive_.get(), name.c_str(), 0));
  }
  // 0 at the end and at a failure.
  size_t Read(zip_file_t* entry, std::span<char> to) {
    const zip_int64_t size = zip_fread(entry, to.data(), to.size());
    if (size < 0) failure_ = "broken_archive";
    if (size <= 0) return 0;
    unpacked_ += static_cast<uint64_t>(size);
    const bool too_dense = unpacked_ > kFreeRatioBytes && unpacked_ / std::max<uint64_t>(packed_, 1) > limits_.max_ratio;
    if (too_dense || unpacked_ > limits_.max_bytes) {
      failure_ = too_dense ? "zip_bomb" : "too_large";
      return 0;
    }
    return static_cast<size_t>(size);
  }
  const std::string& failure() const { return failure_; }

 private:
  Limits limits_;
  Archive archive_;
  uint64_t packed_ = 0;
  uint64_t unpacked_ = 0;
  std::string failure_;
};

// "x:row" and "row" alike: the names of this format are unambiguous without their prefix.
std::string_view LocalName(const char* name) {
  const std::string_view text(name);
  const size_t colon = text.rfind(':');
  return colon == std::string_view::npos ? text : text.substr(colon + 1);
}

std::string_view Attribute(const char** attributes, std::string_view name) {
  for (size_t i = 0; attributes[i] != nullptr; i += 2) {
    if (attributes[i] == name || LocalName(attributes[i]) == name) return attributes[i + 1];
  }
  return {};
}

// One XML part, fed in pieces.
class Part {
 public:
  virtual ~Part() {
    if (parser_ != nullptr) XML_ParserFree(parser_);
  }
  Part() : parser_(XML_ParserCreate(nullptr)) {
    XML_SetUserData(parser_, this);
    XML_SetElementHandler(
        parser_, [](void* self, const char* name, const char** attributes) {
          static_cast<Part*>(self)->Start(LocalName(name), attributes);
        },
        [](void* self, const char* name) { static_cast<Part*>(self)->End(LocalName(name)); });
    XML_SetCharacterDataHandler(parser_, [](void* self, const char* text, int size) {
      static_cast<Part*>(self)->Text({text, static_cast<size_t>(size)});
    });
    XML_SetStartDoctypeDeclHandler(parser_, [](void* self, const char*, const char*, const char*, int) {
      static_cast<Part*>(self)->Stop("not_xlsx");
    });
  }
  Part(const Part&) = delete;

  // False when the part is broken or stopped.
  bool Feed(std::string_view bytes, bool last) {
    if (!failure_.empty()) return false;
    if (XML_Parse(parser_, bytes.data(), static_cast<int>(bytes.size()), last) != XML_STATUS_OK && failure_.empty()) {
      failure_ = "not_xlsx";
    }
    return failure_.empty();
  }
  void Stop(std::string code) {
    if (failure_.empty()) failure_ = std::move(code);
    XML_StopParser(parser_, XML_FALSE);
  }
  const std::string& failure() const { return failure_; }

 protected:
  virtual void Start(std::string_view name, const char** attributes) = 0;
  virtual void End(std::string_view name) = 0;
  virtual void Text(std::string_view) {}

  XML_Parser parser_;
  std::string failure_;
};

// Feeds the whole entry. True when it is not there and need not be.
bool ReadPart(Unpacker& zip, const std::string& name, Part& part, bool needed) {
  const Entry entry = zip.Open(name);
  if (!entry) return !needed;
  std::vector<char> buffer(kChunk);
  while (const size_t size = zip.Read(entry.get(), buffer)) {
    if (!part.Feed({buffer.data(), size}, false)) return false;
  }
  return zip.failure().empty() && part.Feed("", true);
}

class Workbook : public Part {
 public:
  std::string first_sheet;  // its relation
  bool is_1904 = false;

 protected:
  void Start(std::string_view name, const char** attributes) override {
    if (name == "sheet" && first_sheet.empty()) first_sheet = Attribute(attributes, "r:id");
    if (name == "workbookPr") {
      const auto flag = Attribute(attributes, "date1904");
      is_1904 = flag == "1" || flag == "true";
    }
  }
  void End(std::string_view) override {}
};

class Relations : public Part {
 public:
  std::map<std::string, std::string, std::less<>> targets;

 protected:
  void Start(std::string_view name, const char** attributes) override {
    if (name == "Relationship") targets.emplace(Attribute(attributes, "Id"), Attribute(attributes, "Target"));
  }
  void End(std::string_view) override {}
};

// Which cell styles show a number as a date.
class Styles : public Part {
 public:
  bool IsDate(size_t style) const { return style < is_date_.size() && is_date_[style]; }

 protected:
  void Start(std::string_view name, const char** attributes) override {
    if (name == "numFmt") {
      own_.emplace(Number(Attribute(attributes, "numFmtId")), ShowsDay(Attribute(attributes, "formatCode")));
    }
    if (name == "cellXfs") in_cells_ = true;
    if (name == "xf" && in_cells_) {
      const int format = Number(Attribute(attributes, "numFmtId"));
      const auto own = own_.find(format);
      const bool built_in = (format >= 14 && format <= 17) || format == 22 || (format >= 27 && format <= 31) ||
                            format == 36 || (format >= 50 && format <= 58);
      is_date_.push_back(own != own_.end() ? own->second : built_in);
    }
  }
  void End(std::string_view name) override {
    if (name == "cellXfs") in_cells_ = false;
  }

 private:
  static int Number(std::string_view text) {
    int value = -1;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  }
  // A format code with a year or a day outside quotes and brackets.
  static bool ShowsDay(std::string_view code) {
    char closing = 0;
    for (size_t i = 0; i < code.size(); ++i) {
      const char c = code[i];
      if (closing != 0) {
        if (c == closing) closing = 0;
      } else if (c == '"') {
        closing = '"';
      } else if (c == '[') {
        closing = ']';
      } else if (c == '\\' || c == '_' || c == '*') {
        ++i;
      } else if (c == 'y' || c == 'Y' || c == 'd' || c == 'D') {
        return true;
      }
    }
    return false;
  }

  std::map<int, bool> own_;
  std::vector<bool> is_date_;
  bool in_cells_ = false;
};

class SharedStrings : public Part {
 public:
  const std::string* At(size_t index) const { return index < strings_.size() ? &strings_[index] : nullptr; }

 protected:
  void Start(std::string_view name, const char**) override {
    if (name == "si") strings_.emplace_back();
    if (name == "rPh") in_phonetic_ = true;
    in_text_ = name == "t" && !in_phonetic_;
  }
  void End(std::string_view name) override {
    if (name == "rPh") in_phonetic_ = false;
    in_text_ = false;
    if (name == "si" && strings_.size() > kMaxShared) Stop("too_large");
  }
  void Text(std::string_view text) override {
    if (!in_text_ || strings_.empty()) return;
    bytes_ += text.size();
    if (bytes_ > kMaxSharedBytes) return Stop("too_large");
    strings_.back() += text;
  }

 private:
  std::vector<std::string> strings_;
  uint64_t bytes_ = 0;
  bool in_text_ = false;
  bool in_phonetic_ = false;
};

// "BC12" is column 54; -1 when there are no letters.
int ColumnOf(std::string_view reference) {
  int column = 0;
  for (char c : reference) {
    if (c < 'A' || c > 'Z' || column > 100'000) break;
    column = column * 26 + (c - 'A' + 1);
  }
  return column - 1;
}

// Days since 1899-12-30, which makes every date after February 1900 right.
std::string DateText(double serial, bool is_1904) {
  const auto days = static_cast<int>(std::floor(serial)) + (is_1904 ? 1462 : 0);
  return FormatDate(Date::Of(1899, 12, 30) + days);
}

class Sheet : public Part {
 public:
  Sheet(const SharedStrings& strings, const Styles& styles, bool is_1904, const Limits& limits)
      : strings_(strings), styles_(styles), is_1904_(is_1904), limits_(limits) {}
  std::deque<TableRow> rows;
  int64_t failed_row = 1;
  std::string failed_detail;

 protected:
  void Start(std::string_view name, const char** attributes) override {
    in_value_ = false;
    if (name == "row") {
      StartRow(Attribute(attributes, "r"));
    } else if (name == "c") {
      const int column = ColumnOf(Attribute(attributes, "r"));
      column_ = column >= 0 ? static_cast<size_t>(column) : next_column_;
      next_column_ = column_ + 1;
      type_ = Attribute(attributes, "t");
      const auto style = Attribute(attributes, "s");
      style_ = 0;
      std::from_chars(style.data(), style.data() + style.size(), style_);
      value_.clear();
      if (column_ >= limits_.max_columns) FailAt("too_many_columns", std::to_string(limits_.max_columns));
    } else if (name == "rPh") {
      in_phonetic_ = true;
    } else {
      in_value_ = (name == "v" || name == "t") && !in_phonetic_;
    }
  }
  void End(std::string_view name) override {
    in_value_ = false;
    if (name == "rPh") in_phonetic_ = false;
    if (name == "c") EndCell();
    if (name == "row") EndRow();
  }
  void Text(std::string_view text) override {
    if (!in_value_) return;
    if (value_.size() + text.size() > limits_.max_cell_bytes) {
      return FailAt("cell_too_long", fmt::format("column {}, {} bytes", column_ + 1, limits_.max_cell_bytes));
    }
    value_ += text;
  }

 private:
  void FailAt(std::string code, std::string detail) {
    failed_row = row_.number;
    failed_detail = std::move(detail);
    Stop(std::move(code));
  }
  void StartRow(std::string_view number) {
    int64_t said = 0;
    std::from_chars(number.data(), number.data() + number.size(), said);
    const int64_t next = row_.number + 1;
    row_.number = std::max(said, next);
    row_.cells.clear();
    next_column_ = 0;
    if (row_.number > limits_.max_rows) FailAt("too_many_rows", std::to_string(limits_.max_rows));
  }
  void EndCell() {
    if (!failure_.empty()) return;
    if (row_.cells.size() <= column_) row_.cells.resize(column_ + 1);
    row_.cells[column_] = Shown();
  }
  void EndRow() {
    const bool blank = std::all_of(row_.cells.begin(), row_.cells.end(),
                                   [](const std::string& cell) { return Trim(cell).empty(); });
    if (!blank && failure_.empty()) rows.push_back(row_);
  }
  std::string Shown() const {
    if (type_ == "s") {
      size_t index = SIZE_MAX;
      std::from_chars(value_.data(), value_.data() + value_.size(), index);
      const std::string* text = strings_.At(index);
      return text != nullptr ? *text : std::string();
    }
    if (type_ == "b") return value_ == "1" ? "TRUE" : "FALSE";
    if (!type_.empty() && type_ != "n") return value_;  // inlineStr, str, e, d
    return ShownNumber();
  }
  // As a person sees it: a date, a whole number without exponent, else as it stands.
  std::string ShownNumber() const {
    double number = 0;
    const auto [end, error] = std::from_chars(value_.data(), value_.data() + value_.size(), number);
    if (error != std::errc() || end != value_.data() + value_.size()) return value_;
    if (styles_.IsDate(style_) && number > -20'000 && number < 110'000) return DateText(number, is_1904_);
    if (number == std::floor(number) && std::abs(number) < 1e15) return std::to_string(static_cast<int64_t>(number));
    return value_;
  }

  const SharedStrings& strings_;
  const Styles& styles_;
  bool is_1904_;
  const Limits& limits_;
  TableRow row_;
  size_t column_ = 0;
  size_t next_column_ = 0;
  size_t style_ = 0;
  std::string type_;
  std::string value_;
  bool in_value_ = false;
  bool in_phonetic_ = false;
};

class XlsxReader : public TableReader {
 public:
  XlsxReader(const std::filesystem::path& file, const Limits& limits) : limits_(limits), zip_(file, limits) {
    if (!zip_.failure().empty()) Fail(1, zip_.failure());
    else Begin();
  }

  bool Next(TableRow& row) override {
    while (!error_ && sheet_ && sheet_->rows.empty() && !ended_) Pump();
    if (error_ || !sheet_ || sheet_->rows.empty()) return false;
    row = std::move(sheet_->rows.front());
    sheet_->rows.pop_front();
    return true;
  }

 private:
  void Begin() {
    Workbook book;
    Relations relations;
    if (!ReadPart(zip_, "xl/workbook.xml", book, true)) return FailWith(book);
    if (!ReadPart(zip_, "xl/_rels/workbook.xml.rels", relations, true)) return FailWith(relations);
    const auto target = relations.targets.find(book.first_sheet);
    if (target == relations.targets.end()) return static_cast<void>(Fail(1, "not_xlsx", "no sheet"));
    if (!ReadPart(zip_, "xl/sharedStrings.xml", strings_, false)) return FailWith(strings_);
    if (!ReadPart(zip_, "xl/styles.xml", styles_, false)) return FailWith(styles_);
    const std::string& name = target->second;
    entry_ = zip_.Open(name.starts_with('/') ? name.substr(1) : "xl/" + name);
    if (!entry_) return static_cast<void>(Fail(1, "not_xlsx", "no sheet"));
    sheet_ = std::make_unique<Sheet>(strings_, styles_, book.is_1904, limits_);
  }
  void FailWith(const Part& part) {
    Fail(1, !zip_.failure().empty() ? zip_.failure() : part.failure().empty() ? "not_xlsx" : part.failure());
  }
  void Pump() {
    const size_t size = zip_.Read(entry_.get(), buffer_);
    if (size == 0) ended_ = true;
    if (!zip_.failure().empty()) return static_cast<void>(Fail(1, zip_.failure()));
    if (!sheet_->Feed({buffer_.data(), size}, ended_)) {
      Fail(sheet_->failed_row, sheet_->failure(), sheet_->failed_detail);
    }
  }

  Limits limits_;
  Unpacker zip_;
  SharedStrings strings_;
  Styles styles_;
  std::unique_ptr<Sheet> sheet_;
  Entry entry_;
  std::vector<char> buffer_ = std::vector<char>(kChunk);
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<TableReader> OpenXlsx(const std::filesystem::path& file, const Limits& limits) {
  return std::make_unique<XlsxReader>(file, limits);
}

}  // namespace huiyin::imports
