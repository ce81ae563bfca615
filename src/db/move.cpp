// SPDX-License-Identifier: EUPL-1.2
#include "db/move.h"

#include <deque>
#include <stdexcept>

namespace huiyin::db {
namespace {

constexpr size_t kGroup = 2000;  // rows a commit
constexpr std::string_view kSchema = "schema_migrations";  // both have it already

// A row as it is hashed and carried: each value with its length before it.
using Cell = std::variant<std::monostate, int64_t, double, std::string>;
using Cells = std::vector<Cell>;

Cells ReadCells(const Table& table, const Row& row) {
  Cells cells;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const int c = static_cast<int>(i);
    if (row.IsNull(c)) cells.emplace_back();
    else if (table.columns[i].type == Table::Type::kWhole) cells.emplace_back(row.Int(c));
    else if (table.columns[i].type == Table::Type::kReal) cells.emplace_back(row.Real(c));
    else cells.emplace_back(row.Text(c));
  }
  return cells;
}

class Hasher {
 public:
  void Add(const Cells& cells) {
    for (const Cell& cell : cells) {
      std::string_view bytes;
      const int64_t* whole = std::get_if<int64_t>(&cell);
      const double* real = std::get_if<double>(&cell);
      if (whole != nullptr) bytes = {reinterpret_cast<const char*>(whole), sizeof *whole};
      else if (real != nullptr) bytes = {reinterpret_cast<const char*>(real), sizeof *real};
      else if (const auto* text = std::get_if<std::string>(&cell)) bytes = *text;
      const uint64_t head = cell.index() << 56 | bytes.size();
      waiting_.append(reinterpret_cast<const char*>(&head), sizeof head);
      waiting_ += bytes;
    }
    if (waiting_.size() > (1U << 20)) Turn();
  }
  Sha256Hash Done() {
    Turn();
    return hash_;
  }

 private:
  // The hash so far and what came since make the next.
  void Turn() {
    waiting_.insert(0, reinterpret_cast<const char*>(hash_.data()), hash_.size());
    hash_ = Sha256(waiting_);
    waiting_.clear();
  }
  Sha256Hash hash_{};
  std::string waiting_;
};

std::string List(const std::vector<Table::Column>& columns) {
  std::string list;
  for (const auto& column : columns) list += (list.empty() ? "" : ", ") + column.name;
  return list;
}

// The texts of statements outlive the connections that keep them prepared.
const std::string& Kept(std::string text) {
  static std::deque<std::string> kept;
  return kept.emplace_back(std::move(text));
}

// The rows that are carried: all, or a county's.
std::string Where(std::optional<County> only) { return only ? fmt::format(" WHERE county = {}", only->code) : ""; }

Sql Select(const Table& table, std::optional<County> only) {
  std::string order;
  for (const std::string& column : table.key) order += (order.empty() ? " ORDER BY " : ", ") + column;
  return {"db.move_read", Kept("SELECT " + List(table.columns) + " FROM " + table.name + Where(only) + order)};
}

Sql Insert(const Table& table) {
  std::string places;
  for (size_t i = 1; i <= table.columns.size(); ++i) places += fmt::format("{}${}", i == 1 ? "" : ", ", i);
  return {"db.move_write", Kept("INSERT INTO " + table.name + " (" + List(table.columns) + ") VALUES (" + places + ")")};
}

MovedTable Measured(Tx& tx, const Table& table, const Sql& select) {
  MovedTable result{.name = table.name};
  Hasher hasher;
  tx.Stream(select, [&](const Row& row) {
    ++result.rows;
    hasher.Add(ReadCells(table, row));
  });
  result.hash = hasher.Done();
  return result;
}

void Put(Database& to, const Table& table, const Sql& insert, std::vector<Cells>& group) {
  to.Write([&](Tx& tx) {
    std::vector<Value> values;
    for (const Cells& cells : group) {
      values.clear();
      for (size_t i = 0; i < cells.size(); ++i) {
        if (const auto* whole = std::get_if<int64_t>(&cells[i])) values.emplace_back(*whole);
        else if (const auto* real = std::get_if<double>(&cells[i])) values.emplace_back(*real);
        else if (const auto* text = std::get_if<std::string>(&cells[i])) {
          if (table.columns[i].type == Table::Type::kBytes) values.emplace_back(Blob{*text});
          else values.emplace_back(std::string_view(*text));
        } else values.emplace_back();
      }
      tx.Execute(insert, values, nullptr);
    }
  }, Durability::kLog);
  group.clear();
}

// The tables of `from` as `to` has them too, columns in the order of `from`.
std::vector<Table> Common(Database& from, Database& to) {
  std::vector<Table> theirs;
  std::vector<Table> tables;
  to.Read([&](Tx& tx) { theirs = tx.Tables(); });
  from.Read([&](Tx& tx) { tables = tx.Tables(); });
  std::erase_if(tables, [](const Table& table) { return table.name == kSchema; });
  for (const Table& table : tables) {
    const auto same = std::find_if(theirs.begin(), theirs.end(), [&](const Table& one) { return one.name == table.name; });
    const auto names = [](const Table& one) {
      std::vector<std::string> all;
      for (const auto& column : one.columns) all.push_back(column.name);
      std::sort(all.begin(), all.end());
      return all;
    };
    if (same == theirs.end() || names(*same) != names(table)) {
      throw std::runtime_error(table.name + ": the two databases do not have the same schema");
    }
    if (table.key.empty()) throw std::runtime_error(table.name + ": has no key to order it by");
  }
  return tables;
}

bool SaysCounty(const Table& table) {
  return std::any_of(table.columns.begin(), table.columns.end(), [](const Table::Column& column) { return column.name == "county"; });
}

std::vector<MovedTable> MoveRows(Database& from, Database& to, std::optional<County> only, const std::function<void(const MovedTable&)>& moved,
                                 const std::function<void()>& fixed) {
  const std::vector<Table> tables = Common(from, to);
  for (const Table& table : tables) {
    if (only && !SaysCounty(table)) throw std::logic_error(table.name + ": does not say whose its rows are");
  }
  to.Read([&](Tx& tx) {
    for (const Table& table : tables) {
      if (tx.Any({"db.move_any", Kept("SELECT 1 FROM " + table.name + Where(only) + " LIMIT 1")})) {
        throw std::runtime_error(table.name + (only ? ": the county has rows there already" : ": the database to move to is not empty"));
      }
    }
  });
  std::vector<MovedTable> all;
  from.Read([&](Tx& tx) {
    tx.Any({"db.move_look", "SELECT 1 FROM schema_migrations"});  // from here on it stands still
    if (fixed) fixed();
    for (const Table& table : tables) {
      const Sql select = Select(table, only);
      const Sql insert = Insert(table);
      std::vector<Cells> group;
      MovedTable sent{.name = table.name};
      Hasher hasher;
      tx.Stream(select, [&](const Row& row) {
        group.push_back(ReadCells(table, row));
        hasher.Add(group.back());
        ++sent.rows;
        if (group.size() == kGroup) Put(to, table, insert, group);
      });
      if (!group.empty()) Put(to, table, insert, group);
      sent.hash = hasher.Done();
      MovedTable arrived;
      to.Read([&](Tx& other) { arrived = Measured(other, table, select); });
      if (arrived.rows != sent.rows || arrived.hash != sent.hash) {
        throw std::runtime_error(fmt::format("{}: {} rows left and {} arrived, or not as they were", table.name, sent.rows, arrived.rows));
      }
      moved(sent);
      all.push_back(std::move(sent));
    }
  });
  to.Write([](Tx&) {});  // the last groups are on disk now
  return all;
}

}  // namespace

std::vector<MovedTable> Move(Database& from, Database& to, const std::function<void(const MovedTable&)>& moved,
                             const std::function<void()>& fixed) {
  return MoveRows(from, to, {}, moved, fixed);
}

std::vector<MovedTable> MoveCounty(Database& from, Database& to, County county, const std::function<void(const MovedTable&)>& moved) {
  return MoveRows(from, to, county, moved, {});
}

void EraseCounty(Tx& tx, County county) {
  auto tables = tx.Tables();
  // What refers to another was made after it.
  for (auto table = tables.rbegin(); table != tables.rend(); ++table) {
    // As a script, which may take longer than a statement.
    if (SaysCounty(*table)) tx.Script("DELETE FROM " + table->name + Where(county));
  }
}

}  // namespace huiyin::db
