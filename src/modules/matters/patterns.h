// SPDX-License-Identifier: EUPL-1.2
// Patterns of returns: matters of one category and place that went to one unit and came out at
// another, again and again, say that the dispatch list is wrong. They are counted by category,
// place and units, never by person, and never of a protected matter; at three within the
// county's days (settings: pattern_days) they are a proposed change. An officer may propose one
// by hand too. Who keeps the list takes or declines it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "modules/matters/dispatch_list.h"

namespace huiyin::matters {

struct Proposal {
  ProposalId id;
  bool is_pattern = false;
  std::string category;
  AreaCode area;  // a township of a pattern; empty: the county
  UnitId from_unit;
  UnitId to_unit;
  std::string reason;  // by hand
  Instant made_at;
  std::string state = "open";  // open taken declined
  std::optional<Instant> decided_at;
  std::string note;
  std::optional<EntryId> entry;  // that came of it
  int64_t revision = 1;
};

// --- Told by the acts on a matter, in their transaction. Protected ones leave nothing.

// It came back from `from`, or `from` passed it up.
void NoteReturn(Context& ctx, const Matter& matter, std::string_view kind, const UnitId& from);
// Its owner took it, or answered it: there it belongs. What was proposed by that is told.
void NoteDestination(Context& ctx, const Matter& matter);

// --- Rows (store_patterns.cpp)

std::optional<Proposal> FindProposal(db::Tx& tx, County county, const ProposalId& id);
void InsertProposal(db::Tx& tx, County county, const Proposal& proposal);
void SaveProposal(db::Tx& tx, County county, Proposal& proposal);  // 409 when somebody was faster
struct ProposalPlace {
  Instant made_at;
  Uuid id;
};
// In that state, the latest first, before `before`; of one unit's making, or all.
std::vector<Proposal> ListProposals(db::Tx& tx, County county, std::string_view state, const ProposalPlace& before, int limit);
// The latest of that pattern.
std::optional<Proposal> LatestOfPattern(db::Tx& tx, County county, const Proposal& like);
// Matters that went that way since; at most a thousand are looked at.
int64_t CountPattern(db::Tx& tx, County county, const Proposal& like, Instant since);

struct CameBack {
  UnitId from;
  std::string category;
  AreaCode place;
};
void InsertReturn(db::Tx& tx, County county, const MatterId& matter, const EventId& id, std::string_view kind,
                  const CameBack& row, Instant at);
// It did not belong there after all.
void ForgetDestination(db::Tx& tx, County county, const MatterId& matter, const UnitId& unit);
// Every return of the matter led to its owner, whatever was thought before; those of the owner
// itself lead nowhere. Returns those that led somewhere.
std::vector<CameBack> SetDestination(db::Tx& tx, County county, const MatterId& matter, const CameBack& owner);

// Of how many days returns are looked at together.
Instant PatternSince(Context& ctx, const Proposal& like);

// The category and area of an entry; the county's own code is no area.
void ReadPlaceOnList(Context& ctx, Fields& in, std::string& category, AreaCode& area);
std::vector<Route> ProposalRoutes();

}  // namespace huiyin::matters
