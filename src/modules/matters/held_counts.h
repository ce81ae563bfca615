// SPDX-License-Identifier: EUPL-1.2
// The counters of a wall as last read, kept in memory for as long as they are what the database
// holds. Beside them stands their edition, a hash of all that was ever counted there, changed in
// the transaction that changes them; whoever looks reads the edition in their own snapshot, so
// that what is shown is never older than what a reading of the rows would show. Equal editions
// are equal counters whatever database they were read from.
#pragma once

#include <memory>
#include <vector>

#include "modules/matters/open_counts.h"

namespace huiyin::matters {

// What is counted of one unit or of one area below, by when it is due.
struct CountedPart {
  struct Due {
    int64_t at = 0;  // ms; 0: answered
    int64_t value = 0, reopened = 0, bounced = 0, bounced_twice = 0, stuck = 0, stuck_if_late = 0;
  };
  AreaCode child;  // empty: a unit's
  Uuid unit;
  std::vector<Due> dues;

  // Late and soon are a matter of the hour.
  OpenCounts At(Instant now, Instant soon_until) const;
};
struct HeldCounts {
  std::vector<CountedPart> parts;
};
std::shared_ptr<const HeldCounts> CountsOf(db::Tx& tx, County county, const AreaCode& wall);

// The wall's counters are about to change by what `change` tells in full. REQUIRES: called
// before they do.
void ChangeEdition(db::Tx& tx, County county, const AreaCode& wall, std::string_view change);

}  // namespace huiyin::matters
