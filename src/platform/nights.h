// SPDX-License-Identifier: EUPL-1.2
// Night work: what proves and tidies while the county sleeps, each piece once a night. What
// the last run found stays to be looked at until the next.
#pragma once

#include "platform/module.h"

namespace huiyin {

// Runs what is due: not yet run on this local day and between two and five in the morning,
// or missed for a day and a half. A piece that fails is logged, noted as odd, and does not
// keep the others from running.
void RunNights(const Services& services, const std::vector<Night>& nights, bool even_if_not_due,
               const std::function<bool()>& is_stopping);

struct NightRun {
  std::string name;
  Instant started_at;
  Instant ended_at;
  bool is_odd = false;
  std::string data;  // JSON
};
std::vector<NightRun> NightRunsOf(db::Tx& tx, County county);

}  // namespace huiyin
