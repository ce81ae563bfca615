// SPDX-License-Identifier: EUPL-1.2
#include "db/migrate.h"

#include <stdexcept>

namespace huiyin::db {
namespace {

constexpr Sql kRecord{"db.record_migration", R"sql(
  INSERT INTO schema_migrations (number, name, applied_at) VALUES ($1, $2, $3)
)sql"};
constexpr Sql kIsApplied{"db.is_migration_applied", R"sql(
  SELECT 1 FROM schema_migrations WHERE number = $1
)sql"};
constexpr Sql kNewest{"db.newest_migration", R"sql(
  SELECT COALESCE(MAX(number), 0) FROM schema_migrations
)sql"};

}  // namespace

MigrateResult Migrate(Database& database, Instant now, const std::vector<Migration>& migrations, const AfterMigrations& after) {
  MigrateResult result;
  const int newest = migrations.empty() ? 0 : migrations.back().number;
  database.Write([&](Tx& tx) {
    tx.Script("CREATE TABLE IF NOT EXISTS schema_migrations "
              "(number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL)");
    result.from = static_cast<int>(tx.Number(kNewest));
    if (result.from > newest) {
      throw std::runtime_error(fmt::format(
          "the database has schema {}, this program knows up to {}: use the newer program",
          result.from, newest));
    }
    for (const Migration& migration : migrations) {
      if (tx.Any(kIsApplied, migration.number)) continue;
      tx.Script(migration.text);
      if (migration.step != nullptr) migration.step(tx);
      ++result.applied;
      tx.Run(kRecord, migration.number, migration.name, now);
    }
    result.to = newest;
    if (after && result.from > 0 && result.applied > 0) after(tx, result);
  });
  database.Settle();
  return result;
}

}  // namespace huiyin::db
