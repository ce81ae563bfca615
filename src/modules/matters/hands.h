// SPDX-License-Identifier: EUPL-1.2
// Through whose hands a matter goes: offers, changes of owner, and who stands above whom.
#pragma once

#include <optional>
#include <string_view>

#include "modules/matters/matter.h"
#include "modules/org/org.h"
#include "platform/context.h"

namespace huiyin::matters {

inline bool Same(const UnitId& a, const UnitId& b) { return Uuid(a) == Uuid(b); }

// Whether the unit may hold this matter: for a complaint, one with an auditor that is not
// the unit complained of.
bool MayHold(Context& ctx, const Matter& matter, const org::Unit& unit);
// The unit is asked to take it; the owner stays until it does. The terms to accept and to
// object begin.
void Offer(Context& ctx, Matter& matter, const UnitId& unit, const UnitId& sender);
// The unit owns it from now on. Orders to the one before are overtaken.
void HandOver(Context& ctx, Matter& matter, const UnitId& unit, const std::optional<OfficerId>& officer);
// The term to object is over: whoever has it keeps it.
bool MayStillReturn(Context& ctx, const Matter& matter);

// The unit that steps in above `below`: its parent, else the supervisors' of the county. Of
// a complaint only units that may hold it. Absent at the top.
std::optional<UnitId> UnitAbove(Context& ctx, const Matter& matter, const UnitId& below);

}  // namespace huiyin::matters
