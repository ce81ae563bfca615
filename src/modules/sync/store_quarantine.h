// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "modules/sync/quarantine.h"

namespace huiyin::sync {

// One that is there already stays as it is; false then.
bool PutQuarantined(db::Tx& tx, County county, const Quarantined& one);
std::optional<Quarantined> FindQuarantined(db::Tx& tx, County county, const Uuid& id);
// The act that opens this matter.
std::optional<Quarantined> FindQuarantinedMatter(db::Tx& tx, County county, const MatterId& matter);
// Open ones of officers whose unit lies in the area, by id, after `after`.
std::vector<Quarantined> OpenQuarantined(db::Tx& tx, County county, std::string_view area, const Uuid& after, int limit);
void CloseQuarantined(db::Tx& tx, County county, const Uuid& id, Instant now, const OfficerId& by, std::string_view closing);
struct Received {
  int64_t items = 0;
  int64_t bytes = 0;
};
Received ReceivedOf(db::Tx& tx, County county, const Uuid& device, Instant since);

}  // namespace huiyin::sync
