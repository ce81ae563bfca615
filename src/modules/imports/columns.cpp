// SPDX-License-Identifier: EUPL-1.2
#include "modules/imports/columns.h"

#include "core/text.h"
#include "modules/org/org.h"
#include "platform/boundaries.h"

namespace huiyin::imports {
namespace {

constexpr std::string_view kPassedOver[] = {"序号", "编号", "no", "#", "nr", "行号", "row"};
constexpr size_t kShownChars = 60;

// Without case, white space and what stands between words; a star marks needed columns.
std::string Normal(std::string_view title) {
  std::string normal;
  const std::string lower = LowerAscii(Trim(title));  // what the characters are views of
  for (std::string_view c : Characters(lower)) {
    static constexpr std::string_view kMarks[] = {" ", "_", "-", ".", "*", "\t", "\r", "\n", ":", "/", "(", ")",
                                                  "（", "）", "：", "　", "＊", "、", "\xEF\xBB\xBF", "\xC2\xA0"};
    if (std::find(std::begin(kMarks), std::end(kMarks), c) == std::end(kMarks)) normal += c;
  }
  return normal;
}

std::string Shown(std::string_view text) { return std::string(FirstCharacters(text, kShownChars)); }

}  // namespace

Heading::Heading(const TableRow& row, std::span<const Column> columns, Errors& errors, bool in_english) {
  std::map<std::string, std::string_view> known;
  std::string all;
  for (const Column& column : columns) {
    known.emplace(Normal(column.key), column.key);
    for (std::string_view name : column.names) known.emplace(Normal(name), column.key);
    if (!all.empty()) all += ", ";
    all += in_english || column.names.empty() ? column.key : column.names.front();
  }
  for (size_t i = 0; i < row.cells.size(); ++i) {
    const std::string_view cell = IsValidUtf8(row.cells[i]) ? Trim(row.cells[i]) : "?";
    const std::string title(cell.starts_with("\xEF\xBB\xBF") ? cell.substr(3) : cell);
    titles_.push_back(title);
    const std::string normal = Normal(title);
    if (normal.empty() || std::find(std::begin(kPassedOver), std::end(kPassedOver), normal) != std::end(kPassedOver)) {
      continue;
    }
    const auto found = known.find(normal);
    if (found != known.end()) {
      if (Has(found->second)) errors.Add({row.number, title, "duplicate_column", std::string(found->second)});
      else places_.emplace_back(found->second, static_cast<int>(i));
    } else if (const ProtectedCategory* category = FindProtected(title)) {
      errors.Add({row.number, title, "boundaries.protected_category",
                  std::string(in_english ? category->reason_en : category->reason_zh)});
    } else {
      errors.Add({row.number, Shown(title), "unknown_column", all});
    }
  }
  for (const Column& column : columns) {
    if (column.needed && !Has(column.key)) {
      errors.Add({row.number, std::string(in_english || column.names.empty() ? column.key : column.names.front()),
                  "missing_column", std::string(column.key)});
    }
  }
}

int Heading::PlaceOf(std::string_view key) const {
  for (const auto& [known, place] : places_) {
    if (known == key) return place;
  }
  return -1;
}

std::string Heading::TitleOf(std::string_view key) const {
  const int place = PlaceOf(key);
  return place < 0 ? std::string(key) : titles_[static_cast<size_t>(place)];
}

std::string_view Cells::Raw(std::string_view key) const {
  const int place = heading_.PlaceOf(key);
  if (place < 0 || static_cast<size_t>(place) >= row_.cells.size()) return {};
  return Trim(row_.cells[static_cast<size_t>(place)]);
}

void Cells::Refuse(std::string_view key, std::string code, std::string detail) {
  ok_ = false;
  errors_.Add({row_.number, key.empty() ? "" : heading_.TitleOf(key), std::move(code), std::move(detail)});
}

void Cells::RefuseAt(int64_t row, std::string_view key, std::string code, std::string detail) {
  errors_.Add({row, key.empty() ? "" : heading_.TitleOf(key), std::move(code), std::move(detail)});
}

std::optional<std::string> Cells::Text(std::string_view key, size_t max_chars) {
  const std::string_view raw = Raw(key);
  if (raw.empty()) return std::nullopt;
  if (!IsValidUtf8(raw)) {
    Refuse(key, "not_utf8");
    return std::nullopt;
  }
  if (HasControlCharacters(raw)) {
    Refuse(key, "control_character");
    return std::nullopt;
  }
  if (CountCharacters(raw) > max_chars) {
    Refuse(key, "too_long", std::to_string(max_chars));
    return std::nullopt;
  }
  return std::string(raw);
}

std::string Cells::NeedText(std::string_view key, size_t max_chars) {
  if (!Has(key)) {
    Refuse(key, "required");
    return "";
  }
  return Text(key, max_chars).value_or("");
}

std::optional<Date> Cells::Day(std::string_view key) {
  const auto text = Text(key, 100);
  if (!text) return std::nullopt;
  const auto day = ReadLooseDate(*text);
  if (!day) Refuse(key, "not_a_date", Shown(*text) + " (YYYY-MM-DD)");
  return day;
}

std::optional<std::string> Cells::OneOf(std::string_view key, std::span<const Choice> choices) {
  const auto text = Text(key, 100);
  if (!text) return std::nullopt;
  // As it stands in most files: nothing to set straight.
  for (const Choice& choice : choices) {
    if (choice.code == *text || std::find(choice.names.begin(), choice.names.end(), *text) != choice.names.end()) {
      return std::string(choice.code);
    }
  }
  const std::string wanted = Normal(*text);
  std::string all;
  for (const Choice& choice : choices) {
    if (Normal(choice.code) == wanted) return std::string(choice.code);
    for (std::string_view name : choice.names) {
      if (Normal(name) == wanted) return std::string(choice.code);
    }
    if (!all.empty()) all += ", ";
    all += choice.names.empty() ? choice.code : choice.names.front();
  }
  Refuse(key, "unknown_value", Shown(*text) + " (" + all + ")");
  return std::nullopt;
}

std::vector<std::string> Cells::List(std::string_view key, size_t max_items, size_t max_chars) {
  const auto text = Text(key, max_items * (max_chars + 2));
  std::vector<std::string> parts;
  if (!text) return parts;
  std::string part;
  const auto end = [&] {
    const std::string_view trimmed = Trim(part);
    if (!trimmed.empty()) parts.emplace_back(trimmed);
    part.clear();
  };
  for (std::string_view c : Characters(*text)) {
    if (c == ";" || c == "," || c == "/" || c == "|" || c == "、" || c == "；" || c == "，") end();
    else part += c;
  }
  end();
  if (parts.size() > max_items) Refuse(key, "too_many", std::to_string(max_items));
  for (const std::string& each : parts) {
    if (CountCharacters(each) > max_chars) Refuse(key, "too_long", std::to_string(max_chars));
  }
  return parts;
}

std::string Cells::Phone(std::string_view key) {
  auto text = Text(key, 40);
  if (text && !IsPhone(*text)) Refuse(key, "not_a_phone", Shown(*text));
  return text.value_or("");
}

std::string Cells::NeedAreaCode(std::string_view key) {
  std::string code = NeedText(key, 20);
  if (!code.empty() && org::LevelOf(code).empty()) {
    Refuse(key, "not_an_area_code", Shown(code));
    code.clear();
  }
  return code;
}

std::optional<Date> ReadLooseDate(std::string_view text) {
  std::array<std::string, 3> parts;
  size_t part = 0;
  for (std::string_view c : Characters(Trim(text))) {
    const bool is_digit = c.size() == 1 && c[0] >= '0' && c[0] <= '9';
    if (is_digit) {
      parts[part] += c;
    } else if (c == "-" || c == "/" || c == "." || c == "年" || c == "月") {
      if (parts[part].empty() || part == 2) return std::nullopt;
      ++part;
    } else if (c == "日" || c == "号") {
      if (part != 2) return std::nullopt;
    } else if (c == " " || c == "T") {
      break;  // the time of day that some spreadsheets add
    } else {
      return std::nullopt;
    }
  }
  if (part == 0 && parts[0].size() == 8) {
    parts = {parts[0].substr(0, 4), parts[0].substr(4, 2), parts[0].substr(6, 2)};
  }
  if (parts[0].size() != 4 || parts[1].empty() || parts[2].empty() || parts[1].size() > 2 || parts[2].size() > 2) {
    return std::nullopt;
  }
  for (size_t i : {1, 2}) parts[i].insert(0, 2 - parts[i].size(), '0');
  return ParseDate(parts[0] + "-" + parts[1] + "-" + parts[2]);
}

}  // namespace huiyin::imports
