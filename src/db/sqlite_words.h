// SPDX-License-Identifier: EUPL-1.2
// The index of words as SQLite keeps it.
#pragma once

#include "db/words.h"

namespace huiyin::db {

const WordIndex& SqliteWords();

}  // namespace huiyin::db
