// SPDX-License-Identifier: EUPL-1.2
// One function a verb of the register.
#pragma once

#include "modules/households/json.h"

namespace huiyin::households {

// --- sections (actions_sections.cpp) ---
struct SectionChanged {
  std::string_view name;
  json::object fields;
  int64_t revision = 0;
};
SectionChanged UpdateSection(Context& ctx, const HouseholdId& id, std::string_view name);
// Writes what has changed of a section, with its event and the version before.
void KeepSection(Context& ctx, Household& household, const SectionSpec& section, const json::object& before,
                 const json::object& after, const std::optional<VisitId>& visit);

// --- consents (actions_consents.cpp) ---
// `household` has been opened to whoever acts.
ConsentRow GiveConsent(Context& ctx, Household household, std::string_view section);
void WithdrawConsent(Context& ctx, Household household, std::string_view section);

// --- people (actions_people.cpp) ---
// A person as sent in a body; what is wrong is refused in `fields`.
NewPerson ReadPerson(Context& ctx, Fields& fields);
struct Match {
  PersonLine person;
  std::vector<std::string_view> why;
  double score = 0;
};
// Who the person may already be, the likeliest first, within the actor's reach.
std::vector<Match> FindMatches(Context& ctx, const NewPerson& person, const std::optional<HouseholdId>& household,
                               bool also_weak);
void WriteMatch(Context& ctx, JsonWriter& w, const Match& match);
// Throws 409 residents.possible_duplicate with those it may be, unless confirmed in `fields`.
void RequireNoDuplicate(Context& ctx, const NewPerson& person, const std::optional<HouseholdId>& household,
                        Fields& fields);
Resident AsResident(const Services& services, const HouseholdId& household, const NewPerson& person);
Household CreateHousehold(Context& ctx);
struct ResidentChanged {
  Resident resident;
  int64_t household_revision = 0;
};
ResidentChanged CreateResident(Context& ctx, const HouseholdId& household);
ResidentChanged UpdateResident(Context& ctx, const ResidentId& id);
// Writes what has changed of a person, with its event; the revisions go up if anything has.
void KeepResident(Context& ctx, Household& household, const Resident& before, Resident& resident,
                  const std::optional<VisitId>& visit);

// --- life events (actions_life.cpp) ---
LifeEvent RecordLifeEvent(Context& ctx, const HouseholdId& household);

// --- lists (lists.cpp) ---
std::vector<Range> ReachOf(Context& ctx, Action action);
http::Response ListHouseholds(Context& ctx);
http::Response SearchResidents(Context& ctx);
http::Response ListDuplicates(Context& ctx);

// --- history (history.cpp) ---
http::Response ListHistory(Context& ctx);
http::Response ListSectionHistory(Context& ctx);
http::Response ListReads(Context& ctx, const HouseholdId& household);

// --- routes ---
void AddPeopleRoutes(std::vector<Route>& routes);
void AddOwnRoutes(std::vector<Route>& routes);
void AddFieldRoutes(std::vector<Route>& routes);
void AddCardRoutes(std::vector<Route>& routes);

}  // namespace huiyin::households
