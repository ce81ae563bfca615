// SPDX-License-Identifier: EUPL-1.2
// Carries a whole database from one engine to another and shows that nothing was lost on the
// way: each table is read again from both and must come to the same count and hash.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/crypto.h"
#include "core/id.h"
#include "db/database.h"

namespace huiyin::db {

struct MovedTable {
  std::string name;
  int64_t rows = 0;
  Sha256Hash hash{};  // over every row in the order of the key
};

// `to` has the same schema and no rows. Rows travel in groups, so a move that was cut off
// leaves `to` half full and `from` as it was: begin again with an empty one. Throws
// std::runtime_error naming the table when the schemas differ, `to` is not empty, or a table
// is not the same afterwards.
// The index of words does not travel: it is made anew of the matters' texts.
// `fixed` is called once it is decided what will be in `to`.
std::vector<MovedTable> Move(Database& from, Database& to, const std::function<void(const MovedTable&)>& moved,
                             const std::function<void()>& fixed = {});

// The same of one county, which `to` does not have yet, beside those it has.
std::vector<MovedTable> MoveCounty(Database& from, Database& to, County county, const std::function<void(const MovedTable&)>& moved);

// Whatever rows the county has, of every table. The index of words is not one of them.
void EraseCounty(Tx& tx, County county);

}  // namespace huiyin::db
