// SPDX-License-Identifier: EUPL-1.2
// The dispatch list (派单目录): which unit handles what, where. Nothing on it is overwritten: a
// change ends the old entry and makes a new one in one act, so that what the list said on any
// day can be told. Days are the county's own.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "modules/matters/matter.h"
#include "modules/org/org.h"
#include "platform/module.h"

namespace huiyin::matters {

class Names;

using EntryId = Id<struct DispatchEntryTag>;

struct Entry {
  EntryId id;
  std::string category;  // itself and everything below; empty: any
  AreaCode area;         // everything within; empty: the county
  UnitId unit;
  std::string note;
  Date from;
  std::optional<Date> until;  // the first day on which it no longer holds
  Instant made_at;
  OfficerId made_by;
  std::optional<EntryId> replaced_by;
  int64_t revision = 1;

  bool InForce(Date on) const { return from <= on && (!until || on < *until); }
};

// --- Pure

// "water.supply" is of "water" and of itself, "waterway" is not; everything is of "".
bool IsOfCategory(std::string_view code, std::string_view category);
// The entry in force on the day that bears on the category and area: the most specific
// category first, then the most specific area, then the newest. Null when the list is silent.
const Entry* Choose(std::span<const Entry> entries, std::string_view category, std::string_view area, Date on);

// --- Rows (store_dispatch.cpp)

std::optional<Entry> FindEntry(db::Tx& tx, County county, const EntryId& id);
// What was ever said of exactly this category and area, the latest first.
std::vector<Entry> EntriesOf(db::Tx& tx, County county, std::string_view category, std::string_view area);
// What the list says of a category at a place on a day.
std::optional<Entry> EntryFor(db::Tx& tx, County county, std::string_view category, std::string_view area, Date on);
void InsertEntry(db::Tx& tx, County county, const Entry& entry);
// Its end and what replaced it; the revision goes up by one, also in `entry`.
void SaveEntry(db::Tx& tx, County county, Entry& entry);
struct EntryPlace {
  std::string category;
  AreaCode area;
  Uuid id;
};
// In force on the day, in the order of the place, after `after`.
std::vector<Entry> ListEntries(db::Tx& tx, County county, Date on, const EntryPlace& after, int limit);

// --- Acts (actions_dispatch.cpp)

struct EntryInput {
  std::optional<EntryId> id;
  std::string category;
  AreaCode area;
  UnitId unit;
  std::string note;
  Date from;
};
// 403 unless the actor keeps the list there; the area is the county's when empty.
void RequireKeepsList(const Context& ctx, const AreaCode& area);
// 422 on `unit_id` when the unit may not settle what it would be named for; 409
// dispatch_list.already_named, naming the other, when one for the same is in force.
Entry AddEntry(Context& ctx, const EntryInput& input);
// Ends the entry and makes one of another unit for the same, in one act.
Entry ReplaceEntry(Context& ctx, Entry old, const EntryInput& input);
void EndEntry(Context& ctx, Entry& entry, Date on, std::string_view note);

// --- For a matter (named.cpp)

struct NamedUnit {
  Entry entry;
  org::Unit unit;
};
// The unit the list names today. Absent for a protected matter, where the list is silent, and
// where it names a unit that was closed.
std::optional<NamedUnit> NamedFor(Context& ctx, const Matter& matter);
// The entry by which the matter is the unit's, as the list stood on the day it was offered to
// it: such a unit may not give it back.
std::optional<Entry> KeptByList(Context& ctx, const Matter& matter, const UnitId& unit);
// 409 matters.on_your_list with the entry.
void RequireNotKeptByList(Context& ctx, const Matter& matter, const UnitId& unit);
void NoteOffer(Context& ctx, const Matter& matter, const UnitId& unit);

void WriteEntry(Context& ctx, JsonWriter& w, Names& names, const Entry& entry);
// `named_unit`, `can_settle` and `kept_by_list` of a matter that is on its way.
void WriteRouting(Context& ctx, JsonWriter& w, Names& names, const Matter& matter);

std::vector<Route> DispatchListRoutes();

}  // namespace huiyin::matters
