// SPDX-License-Identifier: EUPL-1.2
// A few matters that are done by the program's own acts, as people would do them: one under a
// lead official with steps and a meeting, one of several households, one whose household keeps
// its name apart, and a joint meeting on what is stuck.
#pragma once

#include "db/database.h"
#include "demo/census.h"
#include "demo/demo.h"

namespace huiyin::demo {

// The matters, in the days before `options.now`, before the clocks have lived through them.
// `quiet` is the home that keeps its name apart.
struct Played {
  int64_t matters = 0;
  std::string hard;  // the id of the one under a lead official
};
Played PlayMatters(db::Database& database, const Ground& ground, const std::vector<Home>& homes, size_t quiet, const Options& options);
// The joint meeting, called at `options.now`: its agenda is what has got stuck by then, and the hard matter beside it.
void CallJointMeeting(db::Database& database, const Ground& ground, const std::string& hard, const Options& options);

}  // namespace huiyin::demo
