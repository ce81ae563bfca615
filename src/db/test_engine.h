// SPDX-License-Identifier: EUPL-1.2
// The database of a test: a file in the test's folder or, when HUIYIN_POSTGRES names a
// server (bin/postgres), a database of its own there. What a store's test shows thus holds
// on both engines.
#pragma once

#include "db/database.h"

namespace huiyin::db {

// Opened again for a file that is still there, it is the same database; otherwise an empty one.
std::unique_ptr<Database> OpenForTest(const std::filesystem::path& file, int readers = 2);

// Without even a schema, and nobody else's; gone with what it returns.
std::unique_ptr<Database> OpenEmptyForTest(const std::filesystem::path& file);

// Whether tests run on PostgreSQL now.
bool TestsRunOnPostgres();
// Whether, besides, its tables are spread by Citus, and a statement that asks several shards is an error.
bool TestsRunOnCitus();
// The address of the database that OpenForTest makes of `file`; empty when it is a file.
std::string TestUrl(const std::filesystem::path& file);

// A test may count over the whole database where the program may not: in this transaction it is no error.
void AskEveryShard(Tx& tx);

}  // namespace huiyin::db
