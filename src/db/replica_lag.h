// SPDX-License-Identifier: EUPL-1.2
// How far a replica is behind, without comparing two clocks and whether or not anything is being
// written: the database is asked where its log ends, the replica up to where it has followed. What
// had been acknowledged when a place of the log was its end is in every replica that has passed it.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

namespace huiyin::db {

class ReplicaLag {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Marks older than that are of no use to anybody.
  explicit ReplicaLag(std::chrono::milliseconds longest) : longest_(longest) {}

  // At `asked` or later the log ended at `end`, as the history `timeline` has it. After another
  // server has taken over, a replica has to pass its first end: one that followed the lost server
  // further than the new one had it can never do so.
  void NoteEnd(Time asked, int64_t timeline, int64_t end);
  // The replica has followed up to `place`.
  void NoteFollowed(int64_t place);

  // Everything acknowledged before is there; absent when that is not known.
  std::optional<Time> as_of() const { return as_of_; }

 private:
  struct Mark {
    Time asked;
    int64_t end;
  };
  const std::chrono::milliseconds longest_;
  std::deque<Mark> marks_;
  std::optional<Time> as_of_;
  std::optional<int64_t> timeline_;
  int64_t followed_ = 0;
  int64_t to_pass_ = -1;
};

}  // namespace huiyin::db
