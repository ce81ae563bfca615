// SPDX-License-Identifier: EUPL-1.2
// Matters in the index of words. Beside the words of its text, a matter is put under each
// area it ever lay in and each unit that ever owned it, so that a search within a reach
// reads little else; whether it still lies there, and whether the text holds what was
// asked for, is told by the matter itself. Protected matters stand apart: only who may know
// of them ever looks there, so that neither an answer nor its time tells of them.
#pragma once

#include "core/words.h"
#include "modules/matters/store.h"

namespace huiyin::matters {

// Puts a new matter in; gives it its place. Before its row is written.
void AddToIndex(db::Tx& tx, County county, Matter& matter);
// What has changed since the row was read.
void UpdateIndex(db::Tx& tx, County county, const Matter& matter);
// Takes the words out: the text is about to be erased.
void RemoveFromIndex(db::Tx& tx, County county, const Matter& matter);
// The words of all the county's matters out, and their places: the county is about to leave.
void RemoveCountyFromIndex(db::Tx& tx, County county);
// Puts in at most `limit` matters that are in the county but not in the index; returns how
// many there were.
int IndexWhatIsMissing(db::Tx& tx, County county, int limit);

// Where to look: one of these.
struct Within {
  AreaCode area;               // empty or the county: everywhere
  std::optional<UnitId> unit;  // owned by it
  bool is_protected = false;   // among protected matters
};
// The places of at most `limit` candidates below `below`, the latest first.
std::vector<int64_t> Candidates(db::Tx& tx, County county, const Within& within, const Sought& sought, int64_t below,
                                int limit);
std::optional<Matter> FindByTextNumber(db::Tx& tx, County county, int64_t number);

}  // namespace huiyin::matters
