// SPDX-License-Identifier: EUPL-1.2
// A database spread over the nodes of a Citus cluster: every table by county, so that a request
// is answered by one of them.
#pragma once

#include "db/database.h"

namespace huiyin::db {

struct Distribution {
  int by_county = 0;   // tables, with the directories that lie by what is typed
  int everywhere = 0;  // small ones, a copy on every node
  int added = 0;       // of both, just now
};

// Whether the tables of this PostgreSQL were distributed before: new ones then have to be too.
bool IsDistributed(Tx& tx);
// Distributes every table that is not yet, with what is in it, all or none. Throws
// std::runtime_error when the extension is not there.
Distribution Distribute(Database& database);

}  // namespace huiyin::db
