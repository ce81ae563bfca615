// SPDX-License-Identifier: EUPL-1.2
// The story of a matter: every act is told once as an event, numbered within the matter.
#pragma once

#include "modules/matters/matter.h"
#include "platform/context.h"

namespace huiyin::matters {

// Writes the event "matter.<kind>"; SaveMatter afterwards, since the number goes up. What
// is said of a protected matter names no household, so that no list of reads or acts of
// the household shows it.
EventId Tell(Context& ctx, Matter& matter, std::string_view kind, json::object data = {});
// Whether the resident is shown events of this kind.
bool IsTold(std::string_view kind);
void NoteMatterRead(Context& ctx, const Matter& matter);
// Counts in this month, in the matter's area; protected matters are not counted.
void CountMatter(Context& ctx, const Matter& matter, std::string_view name, int64_t by = 1);

}  // namespace huiyin::matters
