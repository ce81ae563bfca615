// SPDX-License-Identifier: EUPL-1.2
// Migrations that fail, on counties of other days (tests/data/schemas) with their rows: what was
// there is there, the older program still opens it, and the next try goes through.
#include "db/migrate.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <deque>
#include <set>

#include "core/crypto.h"
#include "db/move.h"
#include "db/test_engine.h"

namespace huiyin::db {
namespace {

namespace fs = std::filesystem;

constexpr Sql kApplied{"t.applied", "SELECT number FROM schema_migrations ORDER BY number"};
constexpr Sql kObjects{"t.objects", R"sql(
  SELECT name, COALESCE(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' AND name NOT LIKE 'word_index%' ORDER BY name
)sql"};
constexpr Sql kPostgresObjects{"t.postgres_objects", R"sql(
  SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname
)sql"};
constexpr Sql kForeign{"t.foreign", "PRAGMA foreign_key_check"};

std::vector<fs::path> Counties() {
  std::vector<fs::path> all;
  for (const auto& each : fs::directory_iterator(fs::path(HUIYIN_SOURCE_DIR) / "tests/data/schemas")) {
    const std::string name = each.path().filename().string();
    if (name.ends_with(".tar.xz") && !name.ends_with("-postgres.tar.xz")) all.push_back(each.path());
  }
  std::sort(all.begin(), all.end());
  return all;
}

// Semicolons end statements; the migrations have none in texts or comments that matter here.
std::vector<std::string> Statements(std::string_view text) {
  std::vector<std::string> all;
  std::string one;
  bool is_comment = false, is_text = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!is_text && text.substr(i, 2) == "--") is_comment = true;
    if (text[i] == '\n') is_comment = false;
    if (is_comment) continue;
    if (text[i] == '\'') is_text = !is_text;
    one += text[i];
    if (text[i] == ';' && !is_text) all.push_back(std::exchange(one, {}));
  }
  return all;
}

// Every table, column, index and row.
struct Picture {
  std::vector<std::string> schema;
  std::map<std::string, std::pair<int64_t, std::string>> rows;
  bool operator==(const Picture&) const = default;
};

Picture PictureOf(Database& database) {
  static std::deque<std::string> texts;  // statements are kept prepared by the address of their text
  Picture picture;
  database.Read([&](Tx& tx) {
    for (const Table& table : tx.Tables()) {
      std::string line = table.name, list, key;
      for (const auto& column : table.columns) {
        line += fmt::format(" {}:{}", column.name, static_cast<int>(column.type));
        list += (list.empty() ? "" : ", ") + column.name;
      }
      for (const auto& column : table.key) key += (key.empty() ? " ORDER BY " : ", ") + column;
      picture.schema.push_back(line + key);
      Sha256Stream hash;
      int64_t count = 0;
      tx.Rows(Sql{"t.picture", texts.emplace_back("SELECT " + list + " FROM " + table.name + key)}, [&](const Row& row) {
        ++count;
        for (size_t i = 0; i < table.columns.size(); ++i) {
          const int c = static_cast<int>(i);
          const bool is_number = table.columns[i].type == Table::Type::kWhole || table.columns[i].type == Table::Type::kReal;
          const std::string value = row.IsNull(c) ? "-" : is_number ? fmt::format("{}|{}", row.Int(c), row.Real(c)) : row.Text(c);
          hash.Add(fmt::format("{}:", value.size()) + value);
        }
      });
      picture.rows[table.name] = {count, Hex(AsView(hash.Finish()))};
    }
    tx.Rows(TestsRunOnPostgres() ? kPostgresObjects : kObjects, [&](const Row& row) { picture.schema.push_back(row.Text(0) + " " + row.Text(1)); });
  });
  return picture;
}


class OldCounty : public ::testing::TestWithParam<fs::path> {
 protected:
  void SetUp() override {
    dir_ = fs::temp_directory_path() / fmt::format("huiyin-migrate-{}", ::getpid());
    fs::remove_all(dir_);
    fs::create_directories(dir_);
    ASSERT_EQ(std::system(fmt::format("tar -xJf '{}' -C '{}'", GetParam().string(), dir_.string()).c_str()), 0);
    database_ = OpenSqlite({.file = dir_ / "huiyin.db", .readers = 1, .sync = false});
    std::set<int> applied;
    database_->Read([&](Tx& tx) {
      for (const int64_t number : tx.All(kApplied, [](const Row& row) { return row.Int(0); })) applied.insert(static_cast<int>(number));
    });
    for (const Migration& each : Migrations()) (applied.contains(each.number) ? known_ : pending_).push_back(each);
  }
  void TearDown() override {
    database_.reset();
    fs::remove_all(dir_);
  }
  // The same county on PostgreSQL, as a program of that day would have had it there.
  bool CarryOver() {
    auto there = OpenEmptyForTest(dir_ / "there.db");
    Migrate(*there, Instant{0}, known_);
    try {
      Move(*database_, *there, [](const MovedTable&) {});
    } catch (const std::exception& error) {
      why_not_ = error.what();
      return false;
    }
    database_ = std::move(there);
    return true;
  }
  std::vector<Migration> With(const Migration& more) const {
    std::vector<Migration> all = known_;
    all.push_back(more);
    std::sort(all.begin(), all.end(), [](const Migration& a, const Migration& b) { return a.number < b.number; });
    return all;
  }

  fs::path dir_;
  std::unique_ptr<Database> database_;
  std::vector<Migration> known_, pending_;
  std::string why_not_;
};

TEST_P(OldCounty, IsLeftAsItIsByAMigrationThatFailsAnywhere) {
  if (TestsRunOnPostgres() && !CarryOver()) GTEST_SKIP() << "this schema never was on PostgreSQL: " << why_not_;
  ASSERT_FALSE(pending_.empty());
  Migrate(*database_, Instant{0}, known_);  // as the program of that day left it, planned and indexed
  // Each migration is broken on the county that was there just before it: the first that it lacks.
  const Migration& next = pending_.front();
  const Picture before = PictureOf(*database_);
  const auto statements = Statements(next.text);
  std::string done;
  for (size_t i = 0; i <= statements.size(); ++i) {
    SCOPED_TRACE(fmt::format("{} broken at statement {}", next.name, i + 1));
    // The engine refuses a row; the file ends in the middle of a word; the step throws.
    const std::string refused = done + "INSERT INTO schema_migrations (number, name, applied_at) VALUES (1, 'twice', 0);";
    EXPECT_ANY_THROW(Migrate(*database_, Instant{1}, With({next.number, next.name, refused})));
    if (i < statements.size()) {
      const std::string cut = done + statements[i].substr(0, statements[i].size() / 2) + " (";
      EXPECT_ANY_THROW(Migrate(*database_, Instant{1}, With({next.number, next.name, cut})));
    } else {
      const auto step = +[](Tx&) { throw std::runtime_error("broken"); };
      EXPECT_ANY_THROW(Migrate(*database_, Instant{1}, With({next.number, next.name, next.text, step})));
    }
    EXPECT_TRUE(PictureOf(*database_) == before);
    if (i < statements.size()) done += statements[i];
  }
  const MigrateResult older = Migrate(*database_, Instant{2}, known_);
  EXPECT_EQ(older.applied, 0) << "the program of that day opens it";
  EXPECT_EQ(Migrate(*database_, Instant{3}).applied, static_cast<int>(pending_.size()));
}

TEST_P(OldCounty, ComesToTheSchemaOfANewCountyWithEveryRow) {
  if (TestsRunOnPostgres() && !CarryOver()) GTEST_SKIP() << "this schema never was on PostgreSQL: " << why_not_;
  const Picture before = PictureOf(*database_);
  Migrate(*database_, Instant{1});
  const Picture after = PictureOf(*database_);
  for (const auto& [table, rows] : before.rows) {
    if (table == "schema_migrations" || table == "open_counts") continue;  // counted anew by the program (schemas_test.py)
    ASSERT_TRUE(after.rows.contains(table)) << table << " is gone";
    EXPECT_GE(after.rows.at(table).first, rows.first) << table << " lost rows";
  }
  if (!TestsRunOnPostgres()) {
    database_->Read([](Tx& tx) { EXPECT_FALSE(tx.Any(kForeign)); });
  }
  auto fresh = OpenEmptyForTest(dir_ / "fresh.db");
  Migrate(*fresh, Instant{1});
  const Picture wanted = PictureOf(*fresh);
  // The texts of statements differ by their layout.
  std::set<std::string> here, there;
  for (const std::string& line : after.schema) here.insert(line.substr(0, line.find(" CREATE")));
  for (const std::string& line : wanted.schema) there.insert(line.substr(0, line.find(" CREATE")));
  for (const std::string& line : here) EXPECT_TRUE(there.contains(line)) << "more: " << line;
  for (const std::string& line : there) {
    // Tables made with and without a row id have their keys in other places, and answer the same.
    EXPECT_TRUE(here.contains(line) || line.starts_with("sqlite_autoindex")) << "less: " << line;
  }
}

INSTANTIATE_TEST_SUITE_P(Migrate, OldCounty, ::testing::ValuesIn(Counties()), [](const auto& info) {
  std::string name = info.param.filename().string();
  name.resize(name.find('.'));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace huiyin::db
