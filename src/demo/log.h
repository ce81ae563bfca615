// SPDX-License-Identifier: EUPL-1.2
// What happened, as the program itself would have written it down: an event on the record
// and an entry of the audit log beside it.
#pragma once

#include "core/json.h"
#include "demo/dice.h"
#include "demo/rows.h"

namespace huiyin::demo {

inline Doer ByOfficer(const OfficerId& officer, const UnitId& unit) { return {"officer", officer, unit}; }
inline Doer ByHousehold(const HouseholdId& household) { return {"resident", household, {}}; }
inline Doer ByPublic() { return {"public", {}, {}}; }

EventId LogAct(Batch& batch, Dice& dice, Instant at, const Doer& by, std::string_view act,
               std::string_view resource, const Uuid& id, const json::object& data,
               std::optional<HouseholdId> household);

void LogRead(Batch& batch, Dice& dice, Instant at, const Doer& by, std::string_view act,
             std::string_view resource, const Uuid& id, const HouseholdId& household,
             std::string_view purpose, std::string_view reason = "");

}  // namespace huiyin::demo
