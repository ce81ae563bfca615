// SPDX-License-Identifier: EUPL-1.2
// Brings a database to the schema this program knows: the numbered files of
// db/migrations, built into the program, applied once each and in order, all in one
// transaction, before serving. Numbers are given out before the work is done, so one that
// arrives late is still applied. A database that is newer than the program is refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "db/database.h"

namespace huiyin::db {

struct Migration {
  int number;
  std::string_view name;
  std::string_view text;
};

// In order, from the files at build time.
const std::vector<Migration>& Migrations();

struct MigrateResult {
  int from = 0;  // 0 for an empty database
  int to = 0;
  int applied = 0;  // how many files
};

// Throws std::runtime_error when the database is newer or a migration fails; then nothing
// of it has happened.
MigrateResult Migrate(Database& database, Instant now, const std::vector<Migration>& migrations = Migrations());

}  // namespace huiyin::db
