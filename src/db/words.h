// SPDX-License-Identifier: EUPL-1.2
// An index of words over numbered texts: a number is found by words it was added with. It
// holds no text, only which number has which word, and answers newest (largest) first. The
// one place where the engines need different SQL: SQLite keeps an FTS5 table without
// content, PostgreSQL a column of tsvector under GIN.
//
// Words are letters, digits and anything beyond ASCII, no blanks and no punctuation. The
// caller puts county and purpose into them, since the index knows only words; a number may
// be given further words later. The county is told besides, so that an engine with many
// machines knows on which of them to look.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "db/tx.h"

namespace huiyin::db {

// How an engine does it.
struct WordIndex {
  std::string_view make;   // a script that makes what is not there
  std::string_view empty;  // a script that takes everything out
  Sql add;                // $1 number, $2 the words as `list` writes them, $3 county
  Sql drop;               // the same: exactly words that were added
  Sql newest;             // $1 what must match as `match` writes it, $2 below, $3 limit, $4 county
  bool asks_county;       // whether the statements take the county; otherwise they have one parameter less
  std::string (*list)(std::span<const std::string> words);
  // Every word, the last by its beginning if so said.
  std::string (*match)(std::span<const std::string> words, bool last_is_beginning);
};

void AddWords(Tx& tx, County county, int64_t number, std::span<const std::string> words);
void DropWords(Tx& tx, County county, int64_t number, std::span<const std::string> words);
// At most `limit` numbers below `below` that have every word, the largest first.
std::vector<int64_t> NewestWithWords(Tx& tx, County county, std::span<const std::string> words, bool last_is_beginning,
                                     int64_t below, int limit);

}  // namespace huiyin::db
