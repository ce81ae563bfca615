// SPDX-License-Identifier: EUPL-1.2
// Everything that is encrypted in a database, from one key to another. In batches, each a
// transaction of its own: what is under the new key already is passed over, so that a run that
// was killed is finished by another. One list says where encrypted values stand; a test walks the
// schema against it.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "core/crypto.h"
#include "db/database.h"

namespace huiyin::app {

// A column that holds what Seal made, and the one beside it that a keyed hash stands in.
struct SealedColumn {
  std::string_view table;
  std::string_view column;
  std::string_view hash_column;  // empty where there is none
};
std::span<const SealedColumn> SealedColumns();

struct Resealed {
  int64_t seen = 0;        // values there are
  int64_t changed = 0;     // of those, under the old key until now
  int64_t unreadable = 0;  // open with neither key; left as they are
};
// `told` is called after each batch with what was done so far; what it throws ends the run between
// two batches.
Resealed Reseal(db::Database& database, const Sha256Hash& from, const Sha256Hash& to, Random& random, int batch,
                const std::function<void(const Resealed&)>& told = {});

}  // namespace huiyin::app
