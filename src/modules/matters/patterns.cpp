// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/patterns.h"

#include "modules/matters/hands.h"

namespace huiyin::matters {
namespace {

constexpr int64_t kFewest = 3;
constexpr size_t kTownship = 9;

AreaCode PlaceOf(const Matter& matter) { return matter.area.size() < kTownship ? "" : matter.area.substr(0, kTownship); }

// The list says so already.
bool IsListed(Context& ctx, const Proposal& like) {
  const auto entry = EntryFor(ctx.tx, ctx.county, like.category, like.area, ctx.Today());
  return entry && Same(entry->unit, like.to_unit);
}

void ProposeIfOften(Context& ctx, const CameBack& row, const UnitId& to) {
  Proposal like;
  like.is_pattern = true;
  like.category = row.category;
  like.area = row.place;
  like.from_unit = row.from;
  like.to_unit = to;
  const auto latest = LatestOfPattern(ctx.tx, ctx.county, like);
  if ((latest && latest->state == "open") || IsListed(ctx, like)) return;
  if (CountPattern(ctx.tx, ctx.county, like, PatternSince(ctx, like)) < kFewest) return;
  like.id = ctx.NewId<ProposalId>();
  like.made_at = ctx.now;
  InsertProposal(ctx.tx, ctx.county, like);
  ctx.Record("dispatch_proposal.made", "dispatch_proposal", like.id,
             {{"category", like.category}, {"area_code", like.area}, {"from_unit_id", FormatUuid(like.from_unit)},
              {"to_unit_id", FormatUuid(like.to_unit)}});
}

}  // namespace

Instant PatternSince(Context& ctx, const Proposal& like) {
  const Instant window = ctx.now - org::KnownSettings(ctx.tx, ctx.county).pattern_days * kDay;
  const auto latest = LatestOfPattern(ctx.tx, ctx.county, like);
  // What was decided stays decided until as many come anew.
  return latest && latest->decided_at ? std::max(window, *latest->decided_at) : window;
}

void NoteReturn(Context& ctx, const Matter& matter, std::string_view kind, const UnitId& from) {
  if (matter.is_protected || matter.category.empty()) return;
  ForgetDestination(ctx.tx, ctx.county, matter.id, from);
  InsertReturn(ctx.tx, ctx.county, matter.id, ctx.NewId<EventId>(), kind, {from, matter.category, PlaceOf(matter)}, ctx.now);
}

void NoteDestination(Context& ctx, const Matter& matter) {
  if (matter.is_protected || matter.category.empty()) return;
  const CameBack owner{matter.owner_unit, matter.category, PlaceOf(matter)};
  for (const CameBack& row : SetDestination(ctx.tx, ctx.county, matter.id, owner)) ProposeIfOften(ctx, row, owner.from);
}

}  // namespace huiyin::matters
