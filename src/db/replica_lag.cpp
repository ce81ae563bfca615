// SPDX-License-Identifier: EUPL-1.2
#include "db/replica_lag.h"

#include <algorithm>

namespace huiyin::db {

void ReplicaLag::NoteEnd(Time asked, int64_t timeline, int64_t end) {
  if (timeline_ && *timeline_ != timeline) {
    marks_.clear();
    as_of_.reset();
    to_pass_ = std::max(followed_, end);
  }
  timeline_ = timeline;
  marks_.push_back({asked, end});
  while (marks_.front().asked + longest_ < asked) marks_.pop_front();
}

void ReplicaLag::NoteFollowed(int64_t place) {
  followed_ = place;
  if (place <= to_pass_) return;
  while (!marks_.empty() && marks_.front().end <= place) {
    as_of_ = marks_.front().asked;
    marks_.pop_front();
  }
}

}  // namespace huiyin::db
