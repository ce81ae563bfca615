// SPDX-License-Identifier: EUPL-1.2
// Keeps a reader's memory mapping of the database file from one snapshot to the next. SQLite
// unmaps the file for every snapshot that is newer than the last, since on some systems another
// process may have cut the file and made it whole again meanwhile; on Linux a shared mapping
// stays what the file is. With a group committed several times a second each reader otherwise
// spends a tenth and more of its time on unmapping gigabytes and on faulting pages in again.
#pragma once

#include <sqlite3.h>

#include <memory>

namespace huiyin::db {

class KeptMapping {
 public:
  // REQUIRES: outlives the connection, which has only read so far. Does nothing where there is
  // no file or no mapping.
  void Keep(sqlite3* connection);

 private:
  static int Unfetch(sqlite3_file* file, sqlite3_int64 at, void* page);

  sqlite3_io_methods methods_{};  // first: a file's methods are found here, and so is the rest
  const sqlite3_io_methods* inner_ = nullptr;
  sqlite3_int64 size_ = -1;  // of the file when it was last unmapped
};

}  // namespace huiyin::db
