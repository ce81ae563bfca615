// SPDX-License-Identifier: EUPL-1.2
// The door of pairings: which officer a household has as its own, and since when.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "modules/households/households.h"
#include "platform/module.h"

namespace huiyin::pairings {

Module Describe();
// What this module lends to the register: the relation, the record's `pairing`, the lists.
households::Neighbours Lend();

// Whether the officer has a pairing of any kind with the household now.
bool IsPaired(db::Tx& tx, County county, const OfficerId& officer, const HouseholdId& household);

struct Bond {
  HouseholdId household;
  OfficerId officer;
  std::string kind;  // household orphan disabled elder
  Date from;
};
// What the officer is paired with now.
std::vector<Bond> BondsOf(db::Tx& tx, County county, const OfficerId& officer);
// The households of these, each once.
std::vector<HouseholdId> PairedWith(db::Tx& tx, County county, const OfficerId& officer);
// Those the officer is or ever was paired with, each once, by id.
std::vector<HouseholdId> EverPairedWith(db::Tx& tx, County county, const OfficerId& officer);
// The officers that these households have as their own.
std::vector<Bond> OfficersOf(db::Tx& tx, County county, std::span<const HouseholdId> households);
// The household's own officer.
std::optional<Bond> OfficerOf(db::Tx& tx, County county, const HouseholdId& household);
// How many households the officer is paired with as their own.
int64_t LoadOf(db::Tx& tx, County county, const OfficerId& officer);

// Writes a pairing of a household, and counts it, without events: imports and made
// counties, which say in one event what they did. 409 when it has an officer already.
void Add(db::Tx& tx, County county, const PairingId& id, const HouseholdId& household, AreaCode area,
         const OfficerId& officer, Date from, Instant now);
// A household has another area: its pairing counts there from now on.
void Moved(db::Tx& tx, County county, const HouseholdId& household, const AreaCode& from, const AreaCode& to);
// Counts the county's pairings anew; returns whether any area's count had been wrong.
bool Recount(db::Tx& tx, County county);

// Who takes over what a leaving officer had open with a household, or without one; absent
// when there is nobody.
using Heir = std::function<std::optional<OfficerId>(const std::optional<HouseholdId>&)>;
// What other modules hand over with the households; each returns how many it handed. Set
// once while the program is wired.
struct HandingOver {
  std::function<int64_t(Context&, const OfficerId& from, const Heir&)> promises;
  std::function<int64_t(Context&, const OfficerId& from, const Heir&)> matters;
};
void Connect(HandingOver handing_over);

}  // namespace huiyin::pairings
