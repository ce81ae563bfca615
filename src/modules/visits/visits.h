// SPDX-License-Identifier: EUPL-1.2
// The door of visits: what was seen, said and promised at the door, and what is due there.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "modules/attachments/attachments.h"
#include "modules/pairings/pairings.h"
#include "platform/module.h"

namespace huiyin::visits {

Module Describe();

// What others add to a visit; may be left empty. Set once, before serving.
struct Neighbours {
  // Looks up the matters that came of the visits and the actor may see; what comes back
  // writes the array of each.
  std::function<attachments::WriteOfVisit(Context&, std::span<const VisitId>)> matters;
};
void Connect(Neighbours neighbours);

struct VisitBrief {
  HouseholdId household;
  OfficerId officer;
  Instant at;
};
std::optional<VisitBrief> FindVisit(db::Tx& tx, County county, const VisitId& id);
// Throws 404 or 403 unless the actor, an officer or the household itself, may read it.
VisitBrief RequireReadable(Context& ctx, const VisitId& id);
// Throws 404 or 403 unless the actor may add to it.
VisitBrief RequireWritable(Context& ctx, const VisitId& id);

// What this module lends to the register: the members `visits`, `visit_plans` and
// `promises` of the record as the actor may see them (officers who may not read the diary see
// when and by whom), the last two of the household's own page, and what is due.
households::Neighbours Lend();
// Who may see and add pictures of a visit.
attachments::Keeper KeepPictures();

// What is due with a household an officer is paired with or promised something to.
struct Due {
  HouseholdId household;
  std::string what;  // visit, promise, plan
  Date on;
};
// By day. Everything open, however far ahead.
std::vector<Due> DuesOf(Context& ctx, const OfficerId& officer);
// A leaving officer's open promises and plans go to whoever `heir` names for the
// household; returns how many promises went over.
int64_t HandOver(Context& ctx, const OfficerId& from, const pairings::Heir& heir);

}  // namespace huiyin::visits
