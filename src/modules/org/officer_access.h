// SPDX-License-Identifier: EUPL-1.2
// Who may change an officer: an administrator over the officer's unit who is over every
// role the officer holds, too. Otherwise a township's administrator could give the county's
// a new password and sign in with it.
#pragma once

#include "modules/org/org.h"

namespace huiyin::org {

// The officer in the path, within the actor's reach for reading; 404 otherwise.
Officer NeedOfficer(Context& ctx);
// NeedOfficerToEdit is in org.h: identity asks it too.
// Within the unit's area and not wider than what the actor is over.
void RequireGrantable(Context& ctx, const Unit& unit, std::string_view area, std::string_view field);

void WriteOfficer(Context& ctx, JsonWriter& w, const Officer& officer);
http::Response OfficerReply(Context& ctx, int status, const Officer& officer);

}  // namespace huiyin::org
