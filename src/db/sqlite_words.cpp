// SPDX-License-Identifier: EUPL-1.2
#include "db/sqlite_words.h"

#include <algorithm>

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

// More is not held back: a county brought in, or the index made anew.
constexpr size_t kMostHeldBytes = 8 * 1024 * 1024;

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

void HeldWords::Begin() {
  End();
  is_open_ = true;
}

void HeldWords::BeginJob() {
  job_size_ = entries_.size();
  job_written_ = written_;
}

void HeldWords::UndoJob() {
  entries_.resize(std::min(entries_.size(), job_size_));
  // What the job had written of earlier ones was undone with it, and is held again.
  written_ = job_written_;
  bytes_ = 0;
  for (size_t i = written_; i < entries_.size(); ++i) bytes_ += entries_[i].list.size();
}

void HeldWords::End() {
  is_open_ = false;
  entries_.clear();
  written_ = bytes_ = job_size_ = job_written_ = 0;
}

void HeldWords::Add(int64_t number, std::string_view list) {
  entries_.push_back({number, std::string(list)});
  bytes_ += list.size();
  if (bytes_ > kMostHeldBytes) Flush();
}

void HeldWords::Flush() {
  if (written_ == entries_.size()) return;
  // A smaller number than the last, or the same once more, would make FTS5 write out.
  std::vector<const Entry*> sorted;
  for (size_t i = written_; i < entries_.size(); ++i) sorted.push_back(&entries_[i]);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Entry* a, const Entry* b) { return a->number < b->number; });
  for (size_t i = 0; i < sorted.size();) {
    const int64_t number = sorted[i]->number;
    size_t end = i + 1;
    while (end < sorted.size() && sorted[end]->number == number) ++end;
    if (end == i + 1) {
      write_(number, sorted[i]->list);
    } else {
      std::string list;
      for (size_t at = i; at < end; ++at) list.append(list.empty() ? "" : " ").append(sorted[at]->list);
      write_(number, list);
    }
    i = end;
  }
  // Only what earlier jobs added may have to be held again.
  entries_.resize(std::min(entries_.size(), job_size_));
  written_ = entries_.size();
  bytes_ = 0;
}

}  // namespace huiyin::db
