// SPDX-License-Identifier: EUPL-1.2
#include "db/sqlite_words.h"

namespace huiyin::db {
namespace {

// Without content, positions and lengths: a fifth of the size, and all that is asked is
// which numbers have the words. Our words are parted already, so the plainest tokenizer
// does. What is dropped is gone from the pages at once, not at some later merge: erased
// means erased.
constexpr std::string_view kMake = R"sql(
  CREATE VIRTUAL TABLE IF NOT EXISTS word_index
    USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii');
  INSERT INTO word_index (word_index, rank) VALUES ('secure-delete', 1);
)sql";

std::string List(std::span<const std::string> words) {
  std::string list;
  for (const std::string& word : words) {
    if (!list.empty()) list += ' ';
    list += word;
  }
  return list;
}

std::string Match(std::span<const std::string> words, bool last_is_beginning) {
  std::string match;
  for (const std::string& word : words) {
    if (!match.empty()) match += " AND ";
    match += '"' + word + '"';
  }
  if (last_is_beginning) match += '*';
  return match;
}

}  // namespace

const WordIndex& SqliteWords() {
  static const WordIndex index{
      kMake,
      "INSERT INTO word_index (word_index) VALUES ('delete-all')",
      {"words.add", "INSERT INTO word_index (rowid, words) VALUES ($1, $2)"},
      {"words.drop", "INSERT INTO word_index (word_index, rowid, words) VALUES ('delete', $1, $2)"},
      {"words.newest", "SELECT rowid FROM word_index WHERE word_index MATCH $1 AND rowid < $2 ORDER BY rowid DESC LIMIT $3"},
      false,
      List,
      Match};
  return index;
}

}  // namespace huiyin::db
