// SPDX-License-Identifier: EUPL-1.2
#include "modules/pairings/actions.h"

namespace huiyin::pairings {
namespace {

bool HasLiaisonRole(Context& ctx, const OfficerId& officer, const AreaCode& area) {
  const auto officers = org::OfficersWith(ctx.tx, ctx.county, Role::kLiaison, area);
  return std::find(officers.begin(), officers.end(), officer) != officers.end();
}

bool IsSame(const Pairing& a, const Pairing& b) {
  return a.kind == b.kind && a.household == b.household && a.resident == b.resident && a.officer == b.officer &&
         a.from == b.from;
}

// The household's officer of before gives way on the day before; a pairing lasts a day at
// least.
void Replace(Context& ctx, const Pairing& made, const Home& home) {
  auto before = CurrentOf(ctx.tx, ctx.county, made.household);
  if (!before) return;
  if (before->officer == made.officer) Conflict("pairings.already_paired");
  if (made.from < before->from) Invalid("from", "before_current_pairing", FormatDate(before->from));
  before->until = std::max(before->from, made.from - 1);
  before->end_reason = "replaced";
  End(ctx.tx, ctx.county, *before, home.area_code);
  ctx.Record("pairing.ended", "pairing", before->id, {{"until", FormatDate(*before->until)}, {"reason", "replaced"}},
             home.id);
}

void RequireNoSameBond(Context& ctx, const Pairing& made) {
  for (const Pairing& other : OpenOf(ctx.tx, ctx.county, made.household)) {
    if (other.kind == made.kind && other.resident == made.resident && other.officer == made.officer) {
      Conflict("pairings.already_paired");
    }
  }
}

std::vector<std::string> WarningsOf(Context& ctx, const Pairing& made, const org::Officer& officer, const Home& home) {
  std::vector<std::string> warnings;
  if (made.kind == "household" && LoadOf(ctx.tx, ctx.county, officer.id) >
                                      org::Settings(ctx.tx, ctx.county).QuotaOf(officer.post_rank)) {
    warnings.emplace_back("above_quota");
  }
  if (!HasLiaisonRole(ctx, officer.id, home.area_code)) warnings.emplace_back("no_liaison_role_here");
  return warnings;
}

}  // namespace

Made Create(Context& ctx, NewPairing made) {
  Pairing& pairing = made.pairing;
  const auto of_resident = pairing.resident ? HomeOf(ctx.tx, ctx.county, *pairing.resident) : std::nullopt;
  if (!made.has_household) {
    if (!of_resident) NotFound();
    pairing.household = *of_resident;
  }
  const auto home = FindHome(ctx.tx, ctx.county, pairing.household);
  if (!home) NotFound();
  RequireMay(ctx.actor, Action::kPairingsManage, {.area = home->area_code});
  if (pairing.resident && of_resident != pairing.household) Invalid("resident_id", "unknown_reference");
  const org::Officer officer = org::RequireOfficer(ctx.tx, ctx.county, pairing.officer, "officer_id");
  if (const auto before = FindPairing(ctx.tx, ctx.county, pairing.id)) {
    if (!IsSame(*before, pairing)) Conflict("duplicate_id");
    return {*before, {}};
  }
  if (!home->is_living) Conflict("households.closed");
  if (pairing.kind == "household") Replace(ctx, pairing, *home);
  else RequireNoSameBond(ctx, pairing);
  Insert(ctx.tx, ctx.county, pairing, home->area_code);
  ctx.Record("pairing.created", "pairing", pairing.id,
             {{"officer", FormatUuid(pairing.officer)}, {"kind", pairing.kind}, {"from", FormatDate(pairing.from)}},
             home->id);
  return {pairing, WarningsOf(ctx, pairing, officer, *home)};
}

Pairing EndPairing(Context& ctx, const PairingId& id, Date until, const std::string& reason) {
  auto pairing = FindPairing(ctx.tx, ctx.county, id);
  const auto home = pairing ? FindHome(ctx.tx, ctx.county, pairing->household) : std::nullopt;
  if (!home) NotFound();
  RequireMay(ctx.actor, Action::kPairingsManage, {.area = home->area_code});
  if (pairing->until) Conflict("pairings.already_ended");
  if (until > ctx.Today()) Invalid("until", "in_future");
  if (until < pairing->from) Invalid("until", "before_start", FormatDate(pairing->from));
  pairing->until = until;
  pairing->end_reason = reason;
  End(ctx.tx, ctx.county, *pairing, home->area_code);
  ctx.Record("pairing.ended", "pairing", id, {{"until", FormatDate(until)}, {"reason", reason}}, home->id);
  return *pairing;
}

void EndAll(Context& ctx, const HouseholdId& household, Date on, std::string_view why) {
  const auto home = FindHome(ctx.tx, ctx.county, household);
  if (!home) return;
  for (Pairing& pairing : OpenOf(ctx.tx, ctx.county, household)) {
    pairing.until = std::max(pairing.from, on);
    pairing.end_reason = "household_" + std::string(why);
    End(ctx.tx, ctx.county, pairing, home->area_code);
    ctx.Record("pairing.ended", "pairing", pairing.id,
               {{"until", FormatDate(*pairing.until)}, {"reason", pairing.end_reason}}, household);
  }
}

}  // namespace huiyin::pairings
