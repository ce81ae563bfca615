// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/hands.h"

#include "modules/matters/alarms.h"
#include "modules/matters/clocks.h"
#include "modules/matters/dispatch_list.h"
#include "modules/matters/orders.h"

namespace huiyin::matters {
namespace {

// A tree of offices is shallow; a loop in bad data must still end.
constexpr int kDeepest = 12;

bool HasAuditor(Context& ctx, const org::Unit& unit) {
  for (const OfficerId& id : org::OfficersWith(ctx.tx, ctx.county, Role::kAuditor, unit.area_code)) {
    const auto officer = org::FindOfficer(ctx.tx, ctx.county, id);
    if (officer && Same(officer->unit_id, unit.id)) return true;
  }
  return false;
}

// A late matter that changes hands is pressed on again: no order is escaped by passing on.
void PressOn(Context& ctx, const Matter& matter) {
  const auto clock = RunningClock(ClocksOf(ctx.tx, ctx.county, matter.id));
  if (!clock || clock->due_at >= ctx.now) return;
  Clock from_now = *clock;
  from_now.due_at = ctx.now;  // the new owner has as long as anybody after the due day
  ArmAfter(ctx, matter, from_now, Deed::kLate);
}

}  // namespace

bool MayHold(Context& ctx, const Matter& matter, const org::Unit& unit) {
  if (!matter.is_protected) return true;
  const bool is_theirs = matter.about_unit && Same(*matter.about_unit, unit.id);
  // Of somebody known by words alone the townships' auditors know nothing.
  const bool may_be_theirs = !matter.about_unit && unit.area_code.size() > FormatCounty(ctx.county).size();
  return !is_theirs && !may_be_theirs && HasAuditor(ctx, unit);
}

void Offer(Context& ctx, Matter& matter, const UnitId& unit, const UnitId& sender) {
  matter.pending_unit = unit;
  matter.sender_unit = sender;
  NoteOffer(ctx, matter, unit);
  StopClocks(ctx, matter, "accept");
  StopClocks(ctx, matter, "return");
  StartClock(ctx, matter, "accept", ctx.now);
  StartClock(ctx, matter, "return", ctx.now);
}

void HandOver(Context& ctx, Matter& matter, const UnitId& unit, const std::optional<OfficerId>& officer) {
  matter.pending_unit.reset();
  matter.owner_officer = officer;
  StopClocks(ctx, matter, "accept");
  if (Same(unit, matter.owner_unit)) return;
  OvertakeOrders(ctx, matter);
  matter.sender_unit = matter.owner_unit;
  matter.owner_unit = unit;
  ++matter.moves;
  ChangeHold(ctx, matter.id, unit);
  PressOn(ctx, matter);
}

bool MayStillReturn(Context& ctx, const Matter& matter) {
  for (const Clock& clock : ClocksOf(ctx.tx, ctx.county, matter.id)) {
    if (clock.step == "return" && !clock.ended_at) return clock.due_at >= ctx.now;
  }
  // Where no rule sets a term to object there is none to miss.
  return !TermOf(ctx, matter, "return", ctx.now);
}

std::optional<UnitId> UnitAbove(Context& ctx, const Matter& matter, const UnitId& below) {
  std::optional<UnitId> at = below;
  for (int i = 0; at && i < kDeepest; ++i) {
    const auto unit = org::FindUnit(ctx.tx, ctx.county, *at);
    at = unit ? unit->parent_id : std::nullopt;
    const auto parent = at ? org::FindUnit(ctx.tx, ctx.county, *at) : std::nullopt;
    if (parent && parent->is_active && MayHold(ctx, matter, *parent)) return at;
  }
  const Role role = matter.is_protected ? Role::kAuditor : Role::kSupervisor;
  for (const OfficerId& id : org::OfficersWith(ctx.tx, ctx.county, role, FormatCounty(ctx.county))) {
    const auto officer = org::FindOfficer(ctx.tx, ctx.county, id);
    const auto unit = officer ? org::FindUnit(ctx.tx, ctx.county, officer->unit_id) : std::nullopt;
    if (unit && !Same(unit->id, below) && !Same(unit->id, matter.owner_unit) && MayHold(ctx, matter, *unit)) {
      return unit->id;
    }
  }
  return std::nullopt;
}

}  // namespace huiyin::matters
