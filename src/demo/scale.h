// SPDX-License-Identifier: EUPL-1.2
// How much is told of a county. A demo county is told in full; one of hundreds of thousands
// of households, made to measure the program on, has the same tables, sizes of lists and
// states, but fewer visits, shorter texts, and an audit log of the last weeks only, so that
// it is made in minutes.
#pragma once

#include "core/time.h"
#include "demo/ground.h"

namespace huiyin::demo {

struct Scale {
  GroundSize ground;
  double visits_share = 1;      // of the visits there would be
  int diary_sentences = 100;    // at most
  double request_length = 1600;  // at most, in characters
  bool keeps_workings = true;   // of clocks that have ended
  Instant audit_from;           // what was done before is not in the audit log

  static Scale Of(int households, bool is_brief, Instant now);
};

// From how many households on a county is told in brief.
inline constexpr int kLargeCounty = 60000;

}  // namespace huiyin::demo
