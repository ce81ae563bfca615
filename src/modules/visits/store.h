// SPDX-License-Identifier: EUPL-1.2
// Rows of visits, promises and plans.
#pragma once

#include <limits>
#include <vector>

#include "modules/visits/visit.h"
#include "modules/visits/visits.h"

namespace huiyin::visits {

// Which visits or plans a list asks for; `page` rows after `after`.
struct Window {
  int64_t from = std::numeric_limits<int64_t>::min();
  int64_t until = std::numeric_limits<int64_t>::max();  // exclusive
  std::optional<OfficerId> officer;
  pairings::Place after;
  int page = 50;
};
// The codes a list may show; everything by default.
struct Reach {
  AreaCode from = "";
  AreaCode end = ":";
};

std::optional<Visit> FindVisitById(db::Tx& tx, County county, const VisitId& id);
std::optional<Sha256Hash> ContentHashOf(db::Tx& tx, County county, const VisitId& id);
void InsertVisit(db::Tx& tx, County county, const Visit& visit, const Sha256Hash& content);
// Writes the texts and the revision.
void UpdateVisit(db::Tx& tx, County county, const Visit& visit);
// Latest first.
std::vector<Visit> ListVisitsTo(db::Tx& tx, County county, const HouseholdId& household, const Window& window);
std::vector<Visit> ListVisitsBy(db::Tx& tx, County county, const OfficerId& officer, const Window& window,
                                const Reach& reach);

// A change of a visit since a revision: which texts, by whom, when.
struct VisitEvent {
  int64_t revision;
  std::vector<std::string> fields;
  std::optional<OfficerId> by;
  Instant at;
};
std::vector<VisitEvent> EventsSince(db::Tx& tx, County county, const VisitId& id, int64_t revision);

std::optional<Promise> FindPromise(db::Tx& tx, County county, const PromiseId& id);
void InsertPromise(db::Tx& tx, County county, const Promise& promise);
void ClosePromise(db::Tx& tx, County county, const Promise& promise);
void GivePromise(db::Tx& tx, County county, const PromiseId& id, const OfficerId& to);
std::map<Uuid, std::vector<Promise>> PromisesOfVisits(db::Tx& tx, County county, std::span<const VisitId> visits);
// By due day; those without one last.
std::vector<Promise> ListPromisesTo(db::Tx& tx, County county, const HouseholdId& household,
                                    std::optional<std::string> state, const Window& window);
std::vector<Promise> ListPromisesBy(db::Tx& tx, County county, const OfficerId& officer,
                                    std::optional<std::string> state, const Window& window, const Reach& reach);
int64_t DueNumber(const Promise& promise);  // its place in those lists

struct OpenCount {
  HouseholdId household;
  int64_t count = 0;
  std::optional<Date> first_due;
};
// Of those that have any.
std::vector<OpenCount> CountOpenPromises(db::Tx& tx, County county, std::span<const HouseholdId> households);

std::optional<VisitPlan> FindPlan(db::Tx& tx, County county, const VisitPlanId& id);
void InsertPlan(db::Tx& tx, County county, const VisitPlan& plan);
void UpdatePlan(db::Tx& tx, County county, const VisitPlan& plan);
void GivePlan(db::Tx& tx, County county, const VisitPlanId& id, const OfficerId& to);
// By day.
std::vector<VisitPlan> ListPlansTo(db::Tx& tx, County county, const HouseholdId& household, const Window& window);
std::vector<VisitPlan> ListPlansBy(db::Tx& tx, County county, const OfficerId& officer, const Window& window,
                                   const Reach& reach);
struct NextPlan {
  HouseholdId household;
  Date on;
};
// The first open plan from today on, of those that have one that was not declined.
std::vector<NextPlan> NextPlans(db::Tx& tx, County county, std::span<const HouseholdId> households, Date today);

// Plans not done, of an officer; promises not kept, of an officer: what a handover moves.
std::vector<VisitPlan> OpenPlansBy(db::Tx& tx, County county, const OfficerId& officer);
std::vector<Promise> OpenPromisesBy(db::Tx& tx, County county, const OfficerId& officer);

// What writes the matters that came of each of the visits; empty where nobody lends it.
attachments::WriteOfVisit MattersOf(Context& ctx, std::span<const VisitId> visits);

}  // namespace huiyin::visits
