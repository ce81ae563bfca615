// SPDX-License-Identifier: EUPL-1.2
// The index of words as SQLite keeps it.
#pragma once

#include <functional>
#include <vector>

#include "db/words.h"

namespace huiyin::db {

const WordIndex& SqliteWords();

// The words that the jobs of one group add, held back so that they enter the index together,
// in the order of their numbers, just before the group commits: FTS5 writes out what it has
// gathered at every savepoint, and each such piece is merged with others again and again. In
// one piece a long text costs a third of what it costs alone. Whoever looks into the index
// or takes words out has them written first.
class HeldWords {
 public:
  using Write = std::function<void(int64_t number, std::string_view list)>;
  explicit HeldWords(Write write) : write_(std::move(write)) {}

  void Begin();      // a group
  void BeginJob();   // one of its jobs, a savepoint
  void UndoJob();    // the savepoint was rolled back to, and what it wrote with it
  void End();        // of the group, however it ended

  bool is_open() const { return is_open_; }
  void Add(int64_t number, std::string_view list);
  // Writes what is held.
  void Flush();

 private:
  struct Entry {
    int64_t number;
    std::string list;
  };
  Write write_;
  bool is_open_ = false;
  std::vector<Entry> entries_;   // of earlier jobs, then of this one
  size_t written_ = 0;           // so many from the front are in the index
  size_t bytes_ = 0;             // of those that are not
  size_t job_size_ = 0;          // of entries_ when the job began
  size_t job_written_ = 0;
};

}  // namespace huiyin::db
