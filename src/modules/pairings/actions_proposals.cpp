// SPDX-License-Identifier: EUPL-1.2
#include "modules/pairings/actions.h"

namespace huiyin::pairings {
namespace {

// What one person can still look through, and one transaction hold.
constexpr size_t kMostHouseholds = 20'000;

// Officers who have a household here but no liaison role keep it and take nobody new.
void AddBondHolders(std::vector<Candidate>& officers, const Register& found) {
  std::set<Uuid> known;
  for (const Candidate& officer : officers) known.insert(officer.id);
  for (const Unpaired& household : found.households) {
    if (household.bond && known.insert(*household.bond).second) officers.push_back({*household.bond, {}, {}, {}, 0, 0});
  }
}

void DescribeBondHolders(Context& ctx, std::vector<Candidate>& officers, const org::CountySettings& settings) {
  for (Candidate& candidate : officers) {
    if (!candidate.reach.empty()) continue;
    const auto officer = org::FindOfficer(ctx.tx, ctx.county, candidate.id);
    if (!officer) continue;
    candidate.languages = officer->languages;
    candidate.quota = static_cast<int>(settings.QuotaOf(officer->post_rank));
    if (const auto unit = org::FindUnit(ctx.tx, ctx.county, officer->unit_id)) candidate.places = {unit->area_code};
    candidate.load = static_cast<int>(LoadOf(ctx.tx, ctx.county, candidate.id));
  }
}

// Loads count every household; those of this proposal are counted by it.
void LeaveOutBondsHere(std::vector<Candidate>& officers, const Register& found) {
  std::map<Uuid, int> here;
  for (const Unpaired& household : found.households) {
    if (household.bond) ++here[*household.bond];
  }
  for (Candidate& officer : officers) officer.load = std::max(0, officer.load - here[officer.id]);
}

}  // namespace

StoredProposal MakeProposal(Context& ctx, const AreaCode& area) {
  RequireMay(ctx.actor, Action::kPairingsManage, {.area = area});
  org::RequireArea(ctx.tx, ctx.county, area, "area_code");
  const Register found = HouseholdsIn(ctx.tx, ctx.county, area, kMostHouseholds + 1);
  if (found.households.size() > kMostHouseholds) Invalid("area_code", "too_large", std::to_string(kMostHouseholds));
  const org::CountySettings settings = org::Settings(ctx.tx, ctx.county);
  auto officers = LiaisonsFor(ctx.tx, ctx.county, area, settings);
  AddBondHolders(officers, found);
  DescribeBondHolders(ctx, officers, settings);
  LeaveOutBondsHere(officers, found);

  StoredProposal stored{ctx.NewId<ProposalId>(), area, false, ctx.now, std::nullopt, {}};
  stored.proposal = Propose(found.households, std::move(officers));
  SaveProposal(ctx.tx, ctx.county, stored, ctx.actor.officer);
  ctx.Record("pairing_proposal.created", "pairing_proposal", stored.id,
             {{"area", area}, {"households", found.households.size()}, {"kept", stored.proposal.kept}});
  return stored;
}

StoredProposal GetProposal(Context& ctx, const ProposalId& id) {
  auto stored = FindProposal(ctx.tx, ctx.county, id);
  if (!stored) NotFound();
  RequireMay(ctx.actor, Action::kPairingsManage, {.area = stored->area});
  return *stored;
}

bool IsStale(Context& ctx, const StoredProposal& stored) {
  std::map<Uuid, std::optional<OfficerId>> bonds;
  for (const Unpaired& household : HouseholdsIn(ctx.tx, ctx.county, stored.area, kMostHouseholds).households) {
    bonds[household.id] = household.bond;
  }
  std::map<Uuid, bool> in_office;
  for (const Match& match : stored.proposal.matches) {
    const auto now = bonds.find(match.household);
    if (now == bonds.end()) return true;  // moved away, or nobody is left
    if (match.kept ? now->second != match.officer : now->second.has_value()) return true;
    const auto [officer, is_new] = in_office.try_emplace(match.officer);
    if (is_new) {
      const auto found = org::FindOfficer(ctx.tx, ctx.county, match.officer);
      officer->second = found && found->is_active;
    }
    if (!officer->second) return true;
  }
  return false;
}

Applied ApplyProposal(Context& ctx, const ProposalId& id) {
  const StoredProposal stored = GetProposal(ctx, id);
  if (stored.is_applied) Conflict("pairing_proposals.already_applied");
  if (IsStale(ctx, stored)) Conflict("pairing_proposals.stale");
  Applied applied;
  const Date today = ctx.Today();
  for (const Match& match : stored.proposal.matches) {
    if (match.kept) {
      ++applied.kept;
      continue;
    }
    const auto home = FindHome(ctx.tx, ctx.county, match.household);
    // Whom the household still had has left the office, or it would have been kept.
    if (auto before = CurrentOf(ctx.tx, ctx.county, match.household)) {
      before->until = std::max(before->from, today - 1);
      before->end_reason = "officer_left";
      End(ctx.tx, ctx.county, *before, home->area_code);
    }
    Pairing pairing;
    pairing.id = ctx.NewId<PairingId>();
    pairing.household = match.household;
    pairing.officer = match.officer;
    pairing.from = today;
    pairing.created_at = ctx.now;
    Insert(ctx.tx, ctx.county, pairing, home->area_code);
    ctx.Record("pairing.created", "pairing", pairing.id,
               {{"officer", FormatUuid(pairing.officer)}, {"kind", "household"}, {"from", FormatDate(today)},
                {"proposal", FormatUuid(id)}},
               home->id);
    ++applied.created;
  }
  MarkApplied(ctx.tx, ctx.county, id, ctx.now);
  ctx.Record("pairing_proposal.applied", "pairing_proposal", id, {{"created", applied.created}, {"kept", applied.kept}});
  return applied;
}

}  // namespace huiyin::pairings
