// SPDX-License-Identifier: EUPL-1.2
// Levels (层级): what a group, a village, a township, the county and the prefecture may settle,
// and who can where one may not. A unit's level is that of its area. Complaints about officers
// and units follow a rule of their own (auditors of the level above) and know no levels.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "modules/matters/dispatch_list.h"

namespace huiyin::matters {

// "group" to "prefecture", the lowest first: what a category's `settled_from` may say.
std::span<const std::string_view> SettlingLevels();
// Higher is more; -1 for what is no level.
int RankOf(std::string_view level);
std::string_view LevelOfUnit(const org::Unit& unit);
// Whether a unit of the level may settle what is settled from `from` up; empty: any may.
bool MaySettle(std::string_view level, std::string_view from);

// The lowest level that may settle it: of the category, or of the nearest above that says so.
// Empty: any.
std::string SettledFrom(Context& ctx, std::string_view category);

struct WhoCan {
  org::Unit unit;
  std::string level;     // from which it may be settled; empty: any
  std::string_view why;  // on_the_list, above
};
// Who can settle it when `here` cannot: whom the list names, else the nearest above. Absent when
// nobody is above.
std::optional<WhoCan> WhoCanSettle(Context& ctx, const Matter& matter, const UnitId& here);
// The same only where the unit's level may not settle it.
std::optional<WhoCan> WhoCanInstead(Context& ctx, const Matter& matter, const UnitId& here);

// Whether the matter may be put into the unit's hands. 422 on `field`: cannot_settle_here, with
// the name of who can; not_on_the_list, where the county lets nothing be pushed down to villages
// beside the list (settings: push_down). Not asked of the unit that received it.
void RequireMayBeGiven(Context& ctx, const Matter& matter, const org::Unit& unit, std::string_view field);
// The second of the two alone: of a unit that only works along.
void RequireNotPushedDown(Context& ctx, const Matter& matter, const org::Unit& unit, std::string_view field);
// 409 matters.cannot_settle_here, with who can: of a unit that would take it on itself.
void RequireMaySettleHere(Context& ctx, const Matter& matter, const UnitId& unit);

}  // namespace huiyin::matters
