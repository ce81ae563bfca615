// SPDX-License-Identifier: EUPL-1.2
// How many matters are open, late, soon late, reopened, bounced, stuck: for the walls of the
// county and of each township, without counting. Protected matters are in none of them.
#pragma once

#include "modules/matters/matters.h"
#include "modules/matters/store.h"

namespace huiyin::matters {

// What the counters know of one open matter.
struct OpenOne {
  AreaCode area;
  UnitId unit;
  std::optional<Instant> due_at;
  int64_t reopened = 0;
  int64_t bounces = 0;
  StuckMark stuck = StuckMark::kNo;

  bool operator==(const OpenOne& other) const {
    return area == other.area && Uuid(unit) == Uuid(other.unit) && due_at == other.due_at && reopened == other.reopened &&
           bounces == other.bounces && stuck == other.stuck;
  }
};

struct OpenCounts {
  int64_t open = 0;
  int64_t late = 0;
  int64_t soon = 0;
  int64_t answered = 0;  // the resident's word is waited for
  int64_t reopened = 0;
  int64_t bounced = 0;        // a unit said it was not theirs, once or more
  int64_t bounced_twice = 0;  // or more
  int64_t stuck = 0;

  void Add(const OpenCounts& other);
  void Add(const OpenOne& one, Instant now, Instant soon_until);
};

// A wall: the whole, by the areas right below, by the units that own them.
struct Wall {
  OpenCounts total;
  std::map<AreaCode, OpenCounts> by_area;
  std::map<Uuid, OpenCounts> by_unit;
};
// Of the county or wider from its counters, of a township from its own; a village's few
// are looked at one by one.
Wall WallOf(db::Tx& tx, County county, const AreaCode& area, Instant now, Instant soon_until);

// Moves the counters from what the row was to what it is. `is_new`: there was no row.
void CountOpen(db::Tx& tx, County county, const Matter& matter, bool is_new);
// Puts what was due before that instant, which no later hour will tell apart, into one row
// each: a wall then reads the days to come and no more. Does nothing when it is done.
void FoldOpenCounts(db::Tx& tx, County county, Instant before);

std::vector<Difference> VerifyOpenCounts(db::Tx& tx, County county);
void RebuildOpenCounts(db::Tx& tx, County county);
// Makes the counters of a county that has matters and none of them counted yet.
void CountFirstTime(db::Tx& tx, County county);

}  // namespace huiyin::matters
