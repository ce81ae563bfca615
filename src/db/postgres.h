// SPDX-License-Identifier: EUPL-1.2
// A county's records on PostgreSQL 15, behind the same door and with the same SQL as in a
// file. Several programs may serve one database: a write holds the database's one turn to
// write until it is committed, so that what it read still holds, and each program commits
// many writes in one turn.
#pragma once

#include "db/database.h"
#include "db/postgres_wire.h"

namespace huiyin::db {

// Throws std::runtime_error when the server cannot be reached or the database cannot be
// used. Later failures are Problem 503 "storage_unavailable": of a write whose commit was
// not answered it is not known whether it is done, and sending it again with its key is
// safe. After a few failures in a row callers are refused at once for some seconds, so that a
// hung server holds nobody up.
std::unique_ptr<Database> OpenPostgres(const PostgresOptions& options);

// "postgres://..." or "postgresql://...".
bool IsPostgresUrl(std::string_view text);

}  // namespace huiyin::db
