// SPDX-License-Identifier: EUPL-1.2
// One function a verb. Each checks who may, decides, writes and records.
#pragma once

#include "modules/visits/store.h"

namespace huiyin::visits {

// The household, when it exists for the actor and the action is allowed there; throws
// otherwise. `is_own` adds to a relation, such as having written the entry.
pairings::Home Open(Context& ctx, Action action, const HouseholdId& household, bool is_own, bool has_reason);

Visit Create(Context& ctx, const NewVisit& made);
Visit Change(Context& ctx, const VisitId& id, const VisitChange& change, int64_t revision);
// The household's own words beside an entry about it: from the household, or taken down by an officer.
Visit AddWords(Context& ctx, const VisitId& id, const std::string& text);
// An officer's, beneath an entry. It takes nothing away, so no revision need be seen first.
Visit AddAddendum(Context& ctx, const VisitId& id, const std::string& text);

VisitPlan Plan(Context& ctx, const VisitPlan& plan, const std::string& reason);
// By an officer for the household, or by the household itself.
VisitPlan Reply(Context& ctx, const VisitPlanId& id, const PlanReply& reply);

Promise Fulfil(Context& ctx, const PromiseId& id, const std::string& text);

}  // namespace huiyin::visits
