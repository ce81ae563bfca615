// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/story.h"

namespace huiyin::matters {
namespace {

std::optional<HouseholdId> Named(const Matter& matter) {
  return matter.is_protected ? std::nullopt : matter.household;
}

}  // namespace

EventId Tell(Context& ctx, Matter& matter, std::string_view kind, json::object data) {
  data["seq"] = ++matter.events;
  const Actor actor = ctx.actor;
  // Who asked not to be named is not named by having signed in.
  if ((matter.is_anonymous || matter.is_confidential) && actor.IsResident()) ctx.actor = Actor{};
  const EventId event = ctx.Record("matter." + std::string(kind), "matter", matter.id, data, Named(matter));
  ctx.actor = actor;
  return event;
}

bool IsTold(std::string_view kind) {
  constexpr auto kInternal = std::to_array<std::string_view>({
      "noted",          "updated",        "extension_asked", "soon",
      "order_answered", "order_accepted", "order_refused",   "acceptance_late", "not_same",
      "answer_drafted", "answer_sent_back", "contacted",     "called",
      "unmasking_asked", "harm_reported", "step_added"});
  return std::find(kInternal.begin(), kInternal.end(), kind) == kInternal.end();
}

void NoteMatterRead(Context& ctx, const Matter& matter) {
  ctx.NoteRead({.act = "matter.read", .resource = "matter", .resource_id = matter.id, .household = Named(matter),
                .purpose = "matter"});
}

void CountMatter(Context& ctx, const Matter& matter, std::string_view name, int64_t by) {
  if (matter.is_protected) return;
  ctx.Count(name, matter.area, matter.owner_unit, by);
}

}  // namespace huiyin::matters
