// SPDX-License-Identifier: EUPL-1.2
// JSON in and out. Input is parsed whole by Boost.JSON under a depth limit and then read
// through Fields, which turns every wrong field into an entry of one Problem, so a person
// sees all mistakes at once. Output is written front to back by JsonWriter.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/id.h"
#include "core/time.h"

namespace huiyin {

namespace json = boost::json;
struct FieldError;

// Throws Problem 400 "malformed_json": not JSON, not UTF-8, or nested deeper than 32.
json::value ParseJson(std::string_view text);
// The same, and the value must be an object (400 "malformed_json" otherwise).
json::object ParseJsonObject(std::string_view text);

// Text limits count characters (code points), not bytes.
class Fields {
 public:
  // `object` must outlive this. Ids of another county are unknown references.
  Fields(const json::object& object, County county);
  Fields(const Fields&) = delete;

  bool Has(std::string_view name) const;      // present and not null
  bool IsNull(std::string_view name) const;   // present and null

  // Trimmed; absent when missing, null or blank. Refuses NUL and other control
  // characters but tab and line breaks.
  std::optional<std::string> Text(std::string_view name, size_t max_chars);
  std::string NeedText(std::string_view name, size_t max_chars);
  std::optional<int64_t> Int(std::string_view name, int64_t min, int64_t max);
  int64_t NeedInt(std::string_view name, int64_t min, int64_t max);
  std::optional<bool> Bool(std::string_view name);
  std::optional<Date> Day(std::string_view name);
  Date NeedDay(std::string_view name);
  std::optional<Instant> At(std::string_view name);
  // One of `allowed`.
  std::optional<std::string> OneOf(std::string_view name, std::span<const std::string_view> allowed);
  std::string NeedOneOf(std::string_view name, std::span<const std::string_view> allowed);
  // Strings, each like Text; absent is empty.
  std::vector<std::string> Texts(std::string_view name, size_t max_items, size_t max_chars);
  // The same, and "required" when nothing is left of it.
  std::vector<std::string> NeedTexts(std::string_view name, size_t max_items, size_t max_chars);
  std::optional<Uuid> Reference(std::string_view name);
  std::vector<Uuid> References(std::string_view name, size_t max_items);

  template <class IdType>
  std::optional<IdType> Ref(std::string_view name) {
    const auto uuid = Reference(name);
    if (!uuid) return std::nullopt;
    return IdType(*uuid);
  }
  template <class IdType>
  IdType NeedRef(std::string_view name) {
    if (auto id = Ref<IdType>(name)) return *id;
    if (!Has(name)) Refuse(name, "required");
    return IdType{};
  }

  // Reads each object of an array; absent is none.
  void Each(std::string_view name, size_t max_items, const std::function<void(Fields&)>& read);
  // Reads the object under `name`; false when absent.
  bool Within(std::string_view name, const std::function<void(Fields&)>& read);

  void Refuse(std::string_view name, std::string_view code, std::string_view detail = "");
  const json::object& object() const { return object_; }
  County county() const { return county_; }
  const json::value* Find(std::string_view name) const;  // nullptr when missing or null

  // Throws Problem 422 "invalid_input" when anything was refused.
  void Done() const;

 private:
  Fields(const json::object& object, County county, std::string path,
         std::shared_ptr<std::vector<FieldError>> errors);
  std::optional<std::string> CleanText(std::string_view name, const json::value& value,
                                       size_t max_chars);

  const json::object& object_;
  County county_;
  std::string path_;
  std::shared_ptr<std::vector<FieldError>> errors_;
};

// Writes JSON into one growing string. Keys and values must alternate rightly; it does
// not check. Ids are written with the county given at construction.
class JsonWriter {
 public:
  explicit JsonWriter(County county = {}) : county_(county) { out_.reserve(1024); }

  JsonWriter& BeginObject();
  JsonWriter& EndObject();
  JsonWriter& BeginArray();
  JsonWriter& EndArray();
  JsonWriter& Key(std::string_view name);

  JsonWriter& Value(std::string_view text);
  JsonWriter& Value(const std::string& text) { return Value(std::string_view(text)); }
  JsonWriter& Value(const char* text) { return Value(std::string_view(text)); }
  JsonWriter& Value(int64_t number);
  JsonWriter& Value(int number) { return Value(static_cast<int64_t>(number)); }
  JsonWriter& Value(size_t number) { return Value(static_cast<int64_t>(number)); }
  JsonWriter& Value(double number);
  JsonWriter& Value(bool flag);
  JsonWriter& Value(Instant at);
  JsonWriter& Value(Date date);
  JsonWriter& Value(const Uuid& id);
  JsonWriter& Value(const json::value& value) { return Raw(json::serialize(value)); }
  JsonWriter& Null();
  // Text that is JSON already.
  JsonWriter& Raw(std::string_view json_text);
  template <class T>
  JsonWriter& Value(const std::optional<T>& value) {
    return value ? Value(*value) : Null();
  }

  template <class T>
  JsonWriter& Field(std::string_view name, const T& value) {
    return Key(name).Value(value);
  }
  // Leaves the field out when there is no value.
  template <class T>
  JsonWriter& OptField(std::string_view name, const std::optional<T>& value) {
    return value ? Key(name).Value(*value) : *this;
  }
  JsonWriter& RawField(std::string_view name, std::string_view json_text) {
    return Key(name).Raw(json_text);
  }

  County county() const { return county_; }
  std::string Take() { return std::move(out_); }

 private:
  void Comma();

  County county_;
  std::string out_;
};

}  // namespace huiyin
