// SPDX-License-Identifier: EUPL-1.2
#include "db/words.h"

namespace huiyin::db {

void AddWords(Tx& tx, int64_t number, std::span<const std::string> words) {
  if (words.empty()) return;
  const WordIndex& index = tx.words();
  tx.Run(index.add, number, index.list(words));
}

void DropWords(Tx& tx, int64_t number, std::span<const std::string> words) {
  if (words.empty()) return;
  const WordIndex& index = tx.words();
  tx.Run(index.drop, number, index.list(words));
}

std::vector<int64_t> NewestWithWords(Tx& tx, std::span<const std::string> words, bool last_is_beginning,
                                     int64_t below, int limit) {
  if (words.empty()) return {};
  const WordIndex& index = tx.words();
  return tx.All(index.newest, [](const Row& row) { return row.Int(0); }, index.match(words, last_is_beginning), below, limit);
}

}  // namespace huiyin::db
