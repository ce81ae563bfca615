// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/actions.h"
#include "modules/matters/clocks.h"
#include "modules/matters/hands.h"
#include "modules/matters/levels.h"
#include "modules/matters/patterns.h"
#include "modules/matters/story.h"
#include "modules/matters/word.h"

namespace huiyin::matters {
namespace {

constexpr int kDeepest = 12;

// Of a higher level, or one that stands above it in the tree of offices.
bool IsAbove(Context& ctx, const org::Unit& unit, const org::Unit& here) {
  if (RankOf(LevelOfUnit(unit)) > RankOf(LevelOfUnit(here))) return true;
  std::optional<UnitId> at = here.parent_id;
  for (int i = 0; at && i < kDeepest; ++i) {
    if (Same(*at, unit.id)) return true;
    const auto parent = org::FindUnit(ctx.tx, ctx.county, *at);
    at = parent ? parent->parent_id : std::nullopt;
  }
  return false;
}

org::Unit Chosen(Context& ctx, const Matter& matter, const org::Unit& here, const std::optional<UnitId>& wanted) {
  if (!wanted) {
    auto who = WhoCanSettle(ctx, matter, here.id);
    if (!who) Conflict("matters.nobody_above");
    return std::move(who->unit);
  }
  org::Unit unit = org::RequireUnit(ctx.tx, ctx.county, *wanted, "unit_id");
  if (!MayHold(ctx, matter, unit)) Invalid("unit_id", "not_an_auditors_unit");
  const auto named = NamedFor(ctx, matter);
  const bool is_named = named && Same(named->unit.id, unit.id);
  if (Same(unit.id, here.id) || (!is_named && !IsAbove(ctx, unit, here))) Invalid("unit_id", "not_above");
  RequireMayBeGiven(ctx, matter, unit, "unit_id");
  return unit;
}

}  // namespace

Done PassUp(Context& ctx, Seen seen, const std::optional<UnitId>& wanted, std::string_view reason) {
  Matter& matter = seen.matter;
  Require(CanHappen(matter.state, Act::kPassUp));
  if (OpenRequest(ctx.tx, ctx.county, matter.id, "return")) Conflict("matters.return_waits");
  const UnitId here_id = seen.ties.pending && matter.pending_unit ? *matter.pending_unit : matter.owner_unit;
  const org::Unit here = org::RequireUnit(ctx.tx, ctx.county, here_id, "unit_id");
  const org::Unit to = Chosen(ctx, matter, here, wanted);
  matter.state = *Next(matter.state, Act::kPassUp);
  if (Same(to.id, matter.owner_unit)) {
    // It was only offered here, by who can.
    StopClocks(ctx, matter, "return");
    HandOver(ctx, matter, to.id, {});
  } else {
    Offer(ctx, matter, to.id, matter.owner_unit);
  }
  NoteReturn(ctx, matter, "passing_up", here.id);
  if (Same(to.id, matter.owner_unit)) NoteDestination(ctx, matter);
  const EventId event = Tell(ctx, matter, "sent_up", {{"from_unit_id", FormatUuid(here.id)},
                                                      {"to_unit_id", FormatUuid(to.id)},
                                                      {"text", reason}});
  SaveMatter(ctx.tx, ctx.county, matter);
  WordOfPassingUp(ctx, matter, here.id, to.id, reason);
  return {std::move(matter), event};
}

}  // namespace huiyin::matters
