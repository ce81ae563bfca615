// SPDX-License-Identifier: EUPL-1.2
// Brings a database to the schema this program knows: the numbered files of
// db/migrations, built into the program, applied once each and in order, all in one
// transaction, before serving. Numbers are given out before the work is done, so one that
// arrives late is still applied. A database that is newer than the program is refused.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "db/database.h"

namespace huiyin::db {

// Done right after the text of its migration, in the same transaction; null for none.
using MigrationStep = void (*)(Tx&);
MigrationStep StepOf(int number);

struct Migration {
  int number;
  std::string_view name;
  std::string_view text;
  MigrationStep step = nullptr;
};

// In order, from the files at build time.
const std::vector<Migration>& Migrations();

struct MigrateResult {
  int from = 0;  // 0 for an empty database
  int to = 0;
  int applied = 0;  // how many files
};

// What the program itself has to do when an older database was brought up to date, such as to count
// anew; in the same transaction.
using AfterMigrations = std::function<void(Tx&, const MigrateResult&)>;

// Throws std::runtime_error when the database is newer or a migration fails; then nothing
// of it has happened.
MigrateResult Migrate(Database& database, Instant now, const std::vector<Migration>& migrations = Migrations(),
                      const AfterMigrations& after = {});

}  // namespace huiyin::db
