// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/hands.h"
#include "modules/matters/leads.h"
#include "modules/org/org.h"

namespace huiyin::matters {
namespace {

bool HoldsOver(const Actor& actor, Role role, std::string_view area) {
  return std::any_of(actor.roles.begin(), actor.roles.end(),
                     [&](const HeldRole& held) { return held.role == role && IsWithin(area, held.area); });
}

bool IsComplainedOf(const Matter& matter, const Actor& actor) {
  if (matter.about_officer && Uuid(*matter.about_officer) == Uuid(actor.officer)) return true;
  return matter.about_unit && actor.BelongsTo(*matter.about_unit);
}

}  // namespace

Actor ActorOf(Context& ctx, const org::Officer& officer) {
  Actor actor;
  actor.kind = Actor::Kind::kOfficer;
  actor.officer = officer.id;
  actor.unit = officer.unit_id;
  actor.name = officer.name;
  for (const auto& row : org::RolesOf(ctx.tx, ctx.county, officer.id)) actor.roles.push_back(row.held);
  return actor;
}

org::Officer RequireKnowing(Context& ctx, const Matter& matter, const OfficerId& id, std::string_view field) {
  org::Officer officer = org::RequireOfficer(ctx.tx, ctx.county, id, field);
  // The same word for who is gone and who may not know: it says nothing of the matter.
  if (!officer.is_active || !MayKnow(ActorOf(ctx, officer), matter)) Invalid(std::string(field), "unknown_reference");
  return officer;
}

org::Officer RequireLeader(Context& ctx, const Matter& matter, const OfficerId& id, std::string_view field) {
  org::Officer officer = RequireKnowing(ctx, matter, id, field);
  const Actor actor = ActorOf(ctx, officer);
  const Role role = matter.is_protected ? Role::kAuditor : Role::kLeader;
  if (!HoldsOver(actor, role, matter.area) || IsComplainedOf(matter, actor)) Invalid(std::string(field), "not_a_leader_here");
  return officer;
}

bool IsOfOwner(Context& ctx, const Matter& matter, const OfficerId& id) {
  const auto officer = org::FindOfficer(ctx.tx, ctx.county, id);
  return officer && officer->is_active && ActorOf(ctx, *officer).BelongsTo(matter.owner_unit);
}

org::Officer RequireOfOwner(Context& ctx, const Matter& matter, const OfficerId& id, std::string_view field) {
  org::Officer officer = RequireKnowing(ctx, matter, id, field);
  if (!IsOfOwner(ctx, matter, id)) Invalid(std::string(field), "not_of_the_unit");
  return officer;
}

}  // namespace huiyin::matters
