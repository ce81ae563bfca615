// SPDX-License-Identifier: EUPL-1.2
// One transaction on one engine. SQL is written once, in the dialect that SQLite and
// PostgreSQL both take (docs/database.md lists it); parameters are $1, $2, ... and are
// bound by name, since SQLite numbers them by first appearance otherwise.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/id.h"
#include "core/time.h"

namespace huiyin::db {

struct WordIndex;

// A named statement: the name appears in logs and slow-query counts. Statements are
// constants; the connection keeps them prepared by the address of their text.
struct Sql {
  std::string_view name;
  std::string_view text;
};

// What a parameter may be. Text and blobs are views that must outlive the call.
struct Blob {
  std::string_view bytes;
};
using Value = std::variant<std::monostate, int64_t, double, std::string_view, Blob>;

// Turns what the program holds into what an engine binds.
inline Value ToValue(std::nullptr_t) { return {}; }
inline Value ToValue(int64_t v) { return v; }
inline Value ToValue(int v) { return static_cast<int64_t>(v); }
inline Value ToValue(size_t v) { return static_cast<int64_t>(v); }
inline Value ToValue(bool v) { return static_cast<int64_t>(v ? 1 : 0); }
inline Value ToValue(double v) { return v; }
inline Value ToValue(std::string_view v) { return v; }
inline Value ToValue(const std::string& v) { return std::string_view(v); }
inline Value ToValue(const char* v) { return std::string_view(v); }
inline Value ToValue(County v) { return static_cast<int64_t>(v.code); }
inline Value ToValue(Instant v) { return v.ms; }
inline Value ToValue(Date v) { return static_cast<int64_t>(v.days); }
inline Value ToValue(const Uuid& v) { return Blob{v.View()}; }
inline Value ToValue(Blob v) { return v; }
inline Value ToValue(const Value& v) { return v; }
template <class T>
Value ToValue(const std::optional<T>& v) {
  return v ? ToValue(*v) : Value{};
}

// The current row of a running statement; views last until the next row. Columns count
// from 0. Reading NULL gives 0, empty text or the nil id; ask IsNull or an Opt… first
// where the difference matters.
class Row {
 public:
  virtual ~Row() = default;
  virtual bool IsNull(int column) const = 0;
  virtual int64_t Int(int column) const = 0;
  virtual double Real(int column) const = 0;
  virtual std::string_view View(int column) const = 0;

  std::string Text(int column) const { return std::string(View(column)); }
  bool Flag(int column) const { return Int(column) != 0; }
  Instant At(int column) const { return {Int(column)}; }
  Date Day(int column) const { return {static_cast<int32_t>(Int(column))}; }
  Uuid Key(int column) const;
  template <class IdType>
  IdType Ref(int column) const {
    return IdType(Key(column));
  }
  std::optional<std::string> OptText(int c) const {
    return IsNull(c) ? std::nullopt : std::optional(Text(c));
  }
  std::optional<int64_t> OptInt(int c) const {
    return IsNull(c) ? std::nullopt : std::optional(Int(c));
  }
  std::optional<Instant> OptAt(int c) const {
    return IsNull(c) ? std::nullopt : std::optional(At(c));
  }
  std::optional<Date> OptDay(int c) const {
    return IsNull(c) ? std::nullopt : std::optional(Day(c));
  }
  template <class IdType>
  std::optional<IdType> OptRef(int c) const {
    return IsNull(c) ? std::nullopt : std::optional(Ref<IdType>(c));
  }
};

// A table as the engine knows it; for what copies whole databases.
struct Table {
  enum class Type { kWhole, kReal, kText, kBytes };
  struct Column {
    std::string name;
    Type type;
  };
  std::string name;
  std::vector<Column> columns;
  std::vector<std::string> key;  // the columns of its primary key, in order
};

// Engine errors arrive as Problem: 409 "conflict" (a unique key), 503 "busy" or
// "storage_unavailable", std::logic_error for a statement that is wrong.
class Tx {
 public:
  virtual ~Tx() = default;

  // Runs a statement; returns how many rows it changed.
  template <class... Args>
  int64_t Run(const Sql& sql, const Args&... args) {
    const Value values[] = {ToValue(args)..., Value{}};
    return Execute(sql, std::span(values, sizeof...(Args)), nullptr);
  }

  // Calls `each` for every row.
  template <class Each, class... Args>
  void Rows(const Sql& sql, Each&& each, const Args&... args) {
    const Value values[] = {ToValue(args)..., Value{}};
    const std::function<void(const Row&)> call = std::ref(each);
    Execute(sql, std::span(values, sizeof...(Args)), &call);
  }

  // Every row, mapped.
  template <class Map, class... Args>
  auto All(const Sql& sql, Map&& map, const Args&... args) {
    std::vector<std::decay_t<std::invoke_result_t<Map, const Row&>>> all;
    Rows(sql, [&](const Row& row) { all.push_back(map(row)); }, args...);
    return all;
  }

  // The first row, mapped; absent when there is none.
  template <class Map, class... Args>
  auto One(const Sql& sql, Map&& map, const Args&... args) {
    std::optional<std::decay_t<std::invoke_result_t<Map, const Row&>>> one;
    Rows(sql, [&](const Row& row) { if (!one) one.emplace(map(row)); }, args...);
    return one;
  }

  // The first column of the first row as a number; 0 when there is no row.
  template <class... Args>
  int64_t Number(const Sql& sql, const Args&... args) {
    return One(sql, [](const Row& row) { return row.Int(0); }, args...).value_or(0);
  }

  // Whether any row answers.
  template <class... Args>
  bool Any(const Sql& sql, const Args&... args) {
    return One(sql, [](const Row&) { return true; }, args...).has_value();
  }

  virtual int64_t Execute(const Sql& sql, std::span<const Value> values,
                          const std::function<void(const Row&)>* each) = 0;
  // Rows of a statement without parameters, however many: they are never held all at once.
  // Within `each` the transaction runs nothing else.
  virtual void Stream(const Sql& sql, const std::function<void(const Row&)>& each) = 0;
  // Every table of the schema in the order they were made, so that none refers to a later one;
  // without what the engine keeps for itself and without the index of words.
  virtual std::vector<Table> Tables() = 0;
  // Several statements without parameters: migrations only.
  virtual void Script(std::string_view text) = 0;
  // How this engine indexes words (db/words.h).
  virtual const WordIndex& words() const = 0;
};

}  // namespace huiyin::db
