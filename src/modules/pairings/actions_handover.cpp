// SPDX-License-Identifier: EUPL-1.2
// An officer leaves: households, promises, plans and matters go to whoever comes, in one
// transaction, so that nothing is between two desks.
#include "modules/pairings/actions.h"

namespace huiyin::pairings {
namespace {

HandingOver& Connected() {
  static HandingOver handing_over;
  return handing_over;
}

using Heirs = std::map<Uuid, OfficerId>;  // by household

// The unit's own liaison officers, or all of the county where the unit has none in reach.
std::vector<Candidate> ColleaguesOf(Context& ctx, const org::Officer& from, bool of_unit) {
  auto officers = LiaisonsFor(ctx.tx, ctx.county, FormatCounty(ctx.county), org::Settings(ctx.tx, ctx.county));
  std::erase_if(officers, [&](const Candidate& candidate) {
    if (candidate.id == from.id) return true;
    const auto officer = org::FindOfficer(ctx.tx, ctx.county, candidate.id);
    return of_unit && (!officer || officer->unit_id != from.unit_id);
  });
  return officers;
}

Heirs Spread(Context& ctx, const org::Officer& from, const std::vector<Pairing>& open) {
  std::vector<Unpaired> households;
  std::set<Uuid> seen;
  for (const Pairing& pairing : open) {
    const auto home = FindHome(ctx.tx, ctx.county, pairing.household);
    if (!home || !seen.insert(home->id).second) continue;
    households.push_back({home->id, home->area_code, {}, std::nullopt});
  }
  Heirs heirs;
  for (bool of_unit : {true, false}) {
    const Proposal proposal = Propose(households, ColleaguesOf(ctx, from, of_unit));
    for (const Match& match : proposal.matches) heirs[match.household] = match.officer;
    std::erase_if(households, [&](const Unpaired& household) { return heirs.contains(household.id); });
    if (households.empty()) return heirs;
  }
  Conflict("pairings.nobody_to_take_over");
}

void Give(Context& ctx, Pairing before, const OfficerId& to, const HandoverAsked& asked, const Home& home) {
  Pairing after = before;
  before.until = std::max(before.from, asked.date - 1);
  before.end_reason = asked.reason.empty() ? "handover" : asked.reason;
  End(ctx.tx, ctx.county, before, home.area_code);
  ctx.Record("pairing.ended", "pairing", before.id,
             {{"until", FormatDate(*before.until)}, {"reason", before.end_reason}, {"to", FormatUuid(to)}}, home.id);
  after.id = ctx.NewId<PairingId>();
  after.officer = to;
  after.from = std::max(before.from, asked.date);
  after.created_at = ctx.now;
  Insert(ctx.tx, ctx.county, after, home.area_code);
  ctx.Record("pairing.created", "pairing", after.id,
             {{"officer", FormatUuid(to)}, {"kind", after.kind}, {"from", FormatDate(after.from)},
              {"handed_over_by", FormatUuid(before.officer)}},
             home.id);
}

// Whoever takes over the household; else its own officer now; else the first to take over
// anything.
Heir HeirsInOrder(Context& ctx, const Heirs& heirs, const HandoverAsked& asked) {
  return [&ctx, heirs, asked](const std::optional<HouseholdId>& household) -> std::optional<OfficerId> {
    if (asked.to) return asked.to;
    if (household) {
      const auto heir = heirs.find(*household);
      if (heir != heirs.end()) return heir->second;
      const auto own = OfficerOf(ctx.tx, ctx.county, *household);
      if (own && own->officer != asked.from) return own->officer;
    }
    if (!heirs.empty()) return heirs.begin()->second;
    return std::nullopt;
  };
}

}  // namespace

void Connect(HandingOver handing_over) {
  if (handing_over.promises) Connected().promises = std::move(handing_over.promises);
  if (handing_over.matters) Connected().matters = std::move(handing_over.matters);
}

HandoverDone HandOver(Context& ctx, const HandoverAsked& asked) {
  const auto from = org::FindOfficer(ctx.tx, ctx.county, asked.from);
  if (!from) Invalid("from_officer_id", "unknown_reference");
  const auto unit = org::FindUnit(ctx.tx, ctx.county, from->unit_id);
  RequireMay(ctx.actor, Action::kPairingsManage, {.area = unit ? std::string_view(unit->area_code) : ""});
  if (asked.to) org::RequireOfficer(ctx.tx, ctx.county, *asked.to, "to_officer_id");

  const auto open = OpenBy(ctx.tx, ctx.county, asked.from);
  const Heirs heirs = asked.to ? Heirs{} : Spread(ctx, *from, open);
  const Heir heir_of = HeirsInOrder(ctx, heirs, asked);
  HandoverDone done{.id = NewUuid(ctx.now, ctx.random())};
  std::set<Uuid> households;
  for (const Pairing& pairing : open) {
    const auto home = FindHome(ctx.tx, ctx.county, pairing.household);
    if (!home) continue;
    RequireMay(ctx.actor, Action::kPairingsManage, {.area = home->area_code});
    const auto to = heir_of(home->id);
    if (!to) Conflict("pairings.nobody_to_take_over");
    Give(ctx, pairing, *to, asked, *home);
    if (households.insert(home->id).second) done.items.emplace_back(home->id, *to);
  }
  done.households = static_cast<int64_t>(done.items.size());
  if (Connected().promises) done.promises = Connected().promises(ctx, asked.from, heir_of);
  if (Connected().matters) done.matters = Connected().matters(ctx, asked.from, heir_of);
  ctx.Record("pairing_handover.created", "pairing_handover", done.id,
             {{"from", FormatUuid(asked.from)}, {"households", done.households}, {"promises", done.promises},
              {"matters", done.matters}});
  return done;
}

}  // namespace huiyin::pairings
