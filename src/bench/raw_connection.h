// SPDX-License-Identifier: EUPL-1.2
// SQLite's C interface with as little around it as can be, set up like the server's
// connections (src/db/sqlite.cpp). Beside that file the only one that knows sqlite3.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bench/record.h"

struct sqlite3;
struct sqlite3_stmt;

namespace huiyin::bench {

class RawConnection {
 public:
  RawConnection(const std::filesystem::path& file, bool writes);
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;

  // Runs it to its end and reads every column of every row. Statements stay prepared.
  void Run(const Statement& statement);
  void Run(std::string_view text) { Run(Statement{text, text, {}}); }
  std::string PlanOf(std::string_view text);
  // As the server does, so that neither writes into a longer log than the other.
  void CheckpointWhenLong();
  // Something made of what was read, so that reading is not optimised away.
  int64_t sum() const { return sum_; }

 private:
  struct Prepared {
    sqlite3_stmt* statement = nullptr;
    std::vector<int> places;  // of $1, $2, ...
  };
  static int OnWal(void* self, sqlite3* connection, const char* name, int frames);
  void Must(int code, std::string_view what);
  void Script(const char* text);
  const Prepared& Get(std::string_view text);
  void ReadRow(sqlite3_stmt* statement);

  sqlite3* connection_ = nullptr;
  std::unordered_map<const char*, Prepared> cache_;
  int64_t sum_ = 0;
  int frames_ = 0;
};

}  // namespace huiyin::bench
