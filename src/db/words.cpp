// SPDX-License-Identifier: EUPL-1.2
#include "db/words.h"

namespace huiyin::db {

void AddWords(Tx& tx, County county, int64_t number, std::span<const std::string> words) {
  if (words.empty()) return;
  const WordIndex& index = tx.words();
  if (index.asks_county) tx.Run(index.add, number, index.list(words), county);
  else tx.Run(index.add, number, index.list(words));
}

void DropWords(Tx& tx, County county, int64_t number, std::span<const std::string> words) {
  if (words.empty()) return;
  const WordIndex& index = tx.words();
  if (index.asks_county) tx.Run(index.drop, number, index.list(words), county);
  else tx.Run(index.drop, number, index.list(words));
}

std::vector<int64_t> NewestWithWords(Tx& tx, County county, std::span<const std::string> words, bool last_is_beginning,
                                     int64_t below, int limit) {
  if (words.empty()) return {};
  const WordIndex& index = tx.words();
  const auto number = [](const Row& row) { return row.Int(0); };
  const std::string match = index.match(words, last_is_beginning);
  if (index.asks_county) return tx.All(index.newest, number, match, below, limit, county);
  return tx.All(index.newest, number, match, below, limit);
}

}  // namespace huiyin::db
