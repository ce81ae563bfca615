// SPDX-License-Identifier: EUPL-1.2
#include "core/json.h"

#include <array>
#include <charconv>
#include <cstring>

#include "core/problem.h"
#include "core/text.h"

namespace huiyin {

json::value ParseJson(std::string_view text) {
  json::parse_options options;
  options.max_depth = 32;
  boost::system::error_code error;
  json::value value = json::parse(text, error, json::storage_ptr(), options);
  if (error) throw Problem(400, "malformed_json", {{"", "syntax", error.message()}});
  return value;
}

json::object ParseJsonObject(std::string_view text) {
  json::value value = ParseJson(text.empty() ? std::string_view("{}") : text);
  if (!value.is_object()) throw Problem(400, "malformed_json", {{"", "not_an_object", ""}});
  return std::move(value.as_object());
}

Fields::Fields(const json::object& object, County county)
    : Fields(object, county, "", std::make_shared<std::vector<FieldError>>()) {}

Fields::Fields(const json::object& object, County county, std::string path,
               std::shared_ptr<std::vector<FieldError>> errors)
    : object_(object), county_(county), path_(std::move(path)), errors_(std::move(errors)) {}

const json::value* Fields::Find(std::string_view name) const {
  const json::value* value = object_.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

bool Fields::Has(std::string_view name) const { return Find(name) != nullptr; }

bool Fields::IsNull(std::string_view name) const {
  const json::value* value = object_.if_contains(name);
  return value != nullptr && value->is_null();
}

void Fields::Refuse(std::string_view name, std::string_view code, std::string_view detail) {
  errors_->push_back({path_ + std::string(name), std::string(code), std::string(detail)});
}

void Fields::Done() const {
  if (!errors_->empty()) throw Problem(422, "invalid_input", *errors_);
}

std::optional<std::string> Fields::CleanText(
    std::string_view name, const json::value& value, size_t max_chars
) {
  if (!value.is_string()) {
    Refuse(name, "wrong_type", "text");
    return std::nullopt;
  }
  const std::string_view raw(value.get_string());
  if (HasControlCharacters(raw)) {
    Refuse(name, "control_character");
    return std::nullopt;
  }
  std::string text(Trim(raw));
  if (CountCharacters(text) > max_chars) {
    Refuse(name, "too_long", std::to_string(max_chars));
    return std::nullopt;
  }
  return text;
}

std::optional<std::string> Fields::Text(std::string_view name, size_t max_chars) {
  const json::value* value = Find(name);
  if (value == nullptr) return std::nullopt;
  auto text = CleanText(name, *value, max_chars);
  if (!text || text->empty()) return std::nullopt;
  return text;
}

std::string Fields::NeedText(std::string_view name, size_t max_chars) {
  const size_t before = errors_->size();
  auto text = Text(name, max_chars);
  if (!text && errors_->size() == before) Refuse(name, "required");
  return text.value_or("");
}

namespace {

// A number with a point in it that is whole all the same, such as 12.0. The parser makes no
// number of "0e400", which is neither smaller nor larger than any bound.
std::optional<int64_t> WholeOf(const json::value& value) {
  const double* number = value.if_double();
  if (number == nullptr || !(*number >= -9e15 && *number <= 9e15)) return std::nullopt;
  const auto whole = static_cast<int64_t>(*number);
  return static_cast<double>(whole) == *number ? std::optional(whole) : std::nullopt;
}

}  // namespace

std::optional<int64_t> Fields::Int(std::string_view name, int64_t min, int64_t max) {
  const json::value* value = Find(name);
  if (value == nullptr) return std::nullopt;
  int64_t number = 0;
  if (value->is_int64()) {
    number = value->get_int64();
  } else if (const auto whole = WholeOf(*value)) {
    number = *whole;
  } else {
    Refuse(name, value->is_uint64() ? "out_of_range" : "wrong_type", "whole number");
    return std::nullopt;
  }
  if (number < min || number > max) {
    Refuse(name, "out_of_range", std::to_string(min) + " to " + std::to_string(max));
    return std::nullopt;
  }
  return number;
}

int64_t Fields::NeedInt(std::string_view name, int64_t min, int64_t max) {
  if (!Has(name)) Refuse(name, "required");
  return Int(name, min, max).value_or(min);
}

std::optional<bool> Fields::Bool(std::string_view name) {
  const json::value* value = Find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_bool()) {
    Refuse(name, "wrong_type", "true or false");
    return std::nullopt;
  }
  return value->get_bool();
}

std::optional<Date> Fields::Day(std::string_view name) {
  const json::value* value = Find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) {
    if (value->get_string().empty()) return std::nullopt;
    if (auto date = ParseDate(value->get_string())) return date;
  }
  Refuse(name, "not_a_date", "YYYY-MM-DD");
  return std::nullopt;
}

Date Fields::NeedDay(std::string_view name) {
  if (!Has(name)) Refuse(name, "required");
  return Day(name).value_or(Date{});
}

std::optional<Instant> Fields::At(std::string_view name) {
  const json::value* value = Find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) {
    if (auto at = ParseInstant(value->get_string())) return at;
  }
  Refuse(name, "not_an_instant", "RFC 3339");
  return std::nullopt;
}

std::optional<std::string> Fields::OneOf(
    std::string_view name, std::span<const std::string_view> allowed
) {
  const json::value* value = Find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) {
    const std::string_view text(value->get_string());
    if (std::find(allowed.begin(), allowed.end(), text) != allowed.end()) return std::string(text);
  }
  std::string choices;
  for (std::string_view choice : allowed) choices.append(choices.empty() ? "" : " ").append(choice);
  Refuse(name, "unknown_value", choices);
  return std::nullopt;
}

std::string Fields::NeedOneOf(std::string_view name, std::span<const std::string_view> allowed) {
  if (!Has(name)) Refuse(name, "required");
  return OneOf(name, allowed).value_or("");
}

std::vector<std::string> Fields::Texts(std::string_view name, size_t max_items, size_t max_chars) {
  std::vector<std::string> texts;
  const json::value* value = Find(name);
  if (value == nullptr) return texts;
  if (!value->is_array()) {
    Refuse(name, "wrong_type", "list");
    return texts;
  }
  if (value->get_array().size() > max_items) {
    Refuse(name, "too_many", std::to_string(max_items));
    return texts;
  }
  for (const json::value& item : value->get_array()) {
    auto text = CleanText(name, item, max_chars);
    if (text && !text->empty()) texts.push_back(std::move(*text));
  }
  return texts;
}

std::optional<Uuid> Fields::Reference(std::string_view name) {
  const json::value* value = Find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) {
    if (value->get_string().empty()) return std::nullopt;
    if (const auto id = ParseId(value->get_string())) {
      if (id->county.code == 0 || id->county == county_) return id->id;
      Refuse(name, "unknown_reference");
      return std::nullopt;
    }
  }
  Refuse(name, "not_an_id");
  return std::nullopt;
}

std::vector<std::string> Fields::NeedTexts(std::string_view name, size_t max_items, size_t max_chars) {
  const size_t before = errors_->size();
  auto texts = Texts(name, max_items, max_chars);
  if (texts.empty() && errors_->size() == before) Refuse(name, "required");
  return texts;
}

std::vector<Uuid> Fields::References(std::string_view name, size_t max_items) {
  std::vector<Uuid> ids;
  for (const std::string& text : Texts(name, max_items, 64)) {
    const auto id = ParseId(text);
    if (!id) {
      Refuse(name, "not_an_id");
    } else if (id->county.code != 0 && id->county != county_) {
      Refuse(name, "unknown_reference");
    } else {
      ids.push_back(id->id);
    }
  }
  return ids;
}

void Fields::Each(
    std::string_view name, size_t max_items, const std::function<void(Fields&)>& read
) {
  const json::value* value = Find(name);
  if (value == nullptr) return;
  if (!value->is_array()) {
    Refuse(name, "wrong_type", "list");
    return;
  }
  const json::array& items = value->get_array();
  if (items.size() > max_items) {
    Refuse(name, "too_many", std::to_string(max_items));
    return;
  }
  for (size_t i = 0; i < items.size(); ++i) {
    const std::string path = std::string(name) + "[" + std::to_string(i) + "]";
    if (!items[i].is_object()) {
      Refuse(path, "wrong_type", "object");
      continue;
    }
    Fields item(items[i].get_object(), county_, path_ + path + ".", errors_);
    read(item);
  }
}

bool Fields::Within(std::string_view name, const std::function<void(Fields&)>& read) {
  const json::value* value = Find(name);
  if (value == nullptr) return false;
  if (!value->is_object()) {
    Refuse(name, "wrong_type", "object");
    return false;
  }
  Fields inner(value->get_object(), county_, path_ + std::string(name) + ".", errors_);
  read(inner);
  return true;
}

namespace {

constexpr size_t kUsual = 8192;  // bytes of a reply, so that most never grow

// Where the first character from `from` on is that JSON wants escaped; eight are looked at
// together, since hardly any is.
size_t FindEscaped(std::string_view text, size_t from) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr uint64_t kHigh = 0x8080808080808080;
  const auto has_zero = [](uint64_t bytes) { return (bytes - kOnes) & ~bytes & kHigh; };
  for (; from + 8 <= text.size(); from += 8) {
    uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + from, 8);
    const uint64_t control = (bytes - kOnes * 0x20) & ~bytes & kHigh;
    if ((control | has_zero(bytes ^ (kOnes * '"')) | has_zero(bytes ^ (kOnes * '\\'))) != 0) break;
  }
  for (; from < text.size(); ++from) {
    const auto c = static_cast<unsigned char>(text[from]);
    if (c < 0x20 || c == '"' || c == '\\') break;
  }
  return from;
}

}  // namespace

void JsonWriter::Comma() {
  if (out_.empty()) return;
  const char last = out_.back();
  if (last != '{' && last != '[' && last != ':') out_ += ',';
}

JsonWriter& JsonWriter::BeginObject() {
  if (out_.empty()) out_.reserve(kUsual);
  Comma();
  out_ += '{';
  return *this;
}

JsonWriter& JsonWriter::EndObject() {
  out_ += '}';
  return *this;
}

JsonWriter& JsonWriter::BeginArray() {
  Comma();
  out_ += '[';
  return *this;
}

JsonWriter& JsonWriter::EndArray() {
  out_ += ']';
  return *this;
}

JsonWriter& JsonWriter::Key(std::string_view name) {
  Comma();
  out_ += '"';
  out_ += name;
  out_ += "\":";
  return *this;
}

JsonWriter& JsonWriter::Value(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  Comma();
  out_ += '"';
  size_t plain_from = 0;
  for (size_t i = FindEscaped(text, 0); i < text.size(); i = FindEscaped(text, plain_from)) {
    const auto c = static_cast<unsigned char>(text[i]);
    out_.append(text.substr(plain_from, i - plain_from));
    plain_from = i + 1;
    switch (c) {
      case '"': out_ += "\\\""; break;
      case '\\': out_ += "\\\\"; break;
      case '\n': out_ += "\\n"; break;
      case '\r': out_ += "\\r"; break;
      case '\t': out_ += "\\t"; break;
      default:
        out_ += "\\u00";
        out_ += kHex[c >> 4];
        out_ += kHex[c & 15];
    }
  }
  out_.append(text.substr(plain_from));
  out_ += '"';
  return *this;
}

JsonWriter& JsonWriter::Value(int64_t number) {
  Comma();
  char digits[20];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
  out_.append(digits, end);
  return *this;
}

JsonWriter& JsonWriter::Value(double number) {
  Comma();
  fmt::format_to(std::back_inserter(out_), "{}", number);
  return *this;
}

JsonWriter& JsonWriter::Value(bool flag) {
  Comma();
  out_ += flag ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::Value(Instant at) { return Value(FormatInstant(at)); }
JsonWriter& JsonWriter::Value(Date date) { return Value(FormatDate(date)); }

// As FormatId writes it.
JsonWriter& JsonWriter::Value(const Uuid& id) {
  static constexpr char kHex[] = "0123456789abcdef";
  constexpr size_t kCountyDigits = 6;
  if (county_.code < 100'000 || county_.code > 999'999) return Value(FormatId(county_, id));
  Comma();
  std::array<char, 1 + kCountyDigits + 1 + 36 + 1> piece;
  piece.fill('-');
  piece.front() = piece.back() = '"';
  int32_t rest = county_.code;
  for (size_t i = kCountyDigits; i > 0; --i, rest /= 10) piece[i] = static_cast<char>('0' + rest % 10);
  size_t at = 1 + kCountyDigits + 1;
  for (size_t i = 0; i < id.bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) ++at;
    piece[at++] = kHex[id.bytes[i] >> 4];
    piece[at++] = kHex[id.bytes[i] & 15];
  }
  out_.append(piece.data(), piece.size());
  return *this;
}

JsonWriter& JsonWriter::Null() {
  Comma();
  out_ += "null";
  return *this;
}

JsonWriter& JsonWriter::Raw(std::string_view json_text) {
  Comma();
  out_ += json_text;
  return *this;
}

}  // namespace huiyin
