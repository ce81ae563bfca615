// SPDX-License-Identifier: EUPL-1.2
// One statement about many keys: what a list needs of each of its lines, asked once. Both
// engines take a list of parameters, and a list of fixed length stays prepared; more keys
// are asked for in pieces, and the rest of the last piece repeats its last key.
#pragma once

#include <algorithm>
#include <array>

#include "db/tx.h"

// The keys in a statement, as in "id IN (" HUIYIN_MANY ")". $1 is the county; further
// parameters follow from $34 on.
#define HUIYIN_MANY                                                                    \
  "$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, " \
  "$20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33"

namespace huiyin::db {

constexpr size_t kMany = 32;

// Calls `each` for every row about one of the keys. An order in the statement holds within a
// piece: order by the key, or sort what came.
template <class Key, class Each, class... More>
void RowsOfMany(Tx& tx, const Sql& sql, County county, std::span<const Key> keys, Each&& each, const More&... more) {
  const std::function<void(const Row&)> call = std::ref(each);
  while (!keys.empty()) {
    std::array<Value, 1 + kMany + sizeof...(More)> values = {ToValue(county)};
    for (size_t i = 0; i < kMany; ++i) values[1 + i] = ToValue(keys[std::min(i, keys.size() - 1)]);
    size_t at = 1 + kMany;
    ((values[at++] = ToValue(more)), ...);
    tx.Execute(sql, values, &call);
    keys = keys.subspan(std::min(kMany, keys.size()));
  }
}

}  // namespace huiyin::db
