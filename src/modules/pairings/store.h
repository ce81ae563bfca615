// SPDX-License-Identifier: EUPL-1.2
// Rows of pairings, their counts by area, and proposals.
#pragma once

#include <vector>

#include "modules/pairings/pairing.h"
#include "modules/pairings/pairings.h"
#include "modules/pairings/propose.h"

namespace huiyin::pairings {

std::optional<Pairing> FindPairing(db::Tx& tx, County county, const PairingId& id);
// The household's own, now.
std::optional<Pairing> CurrentOf(db::Tx& tx, County county, const HouseholdId& household);
// All that last, of any kind, the household's own first.
std::vector<Pairing> OpenOf(db::Tx& tx, County county, const HouseholdId& household);
std::vector<Pairing> OpenBy(db::Tx& tx, County county, const OfficerId& officer);
// Both keep the counts; `area` is where the household lies.
void Insert(db::Tx& tx, County county, const Pairing& pairing, const AreaCode& area);
void End(db::Tx& tx, County county, const Pairing& pairing, const AreaCode& area);

struct Asked {
  bool with_ended = false;
  Place after;
  int page = 50;
};
std::vector<Pairing> ListOfHousehold(db::Tx& tx, County county, const HouseholdId& household, const Asked& asked);
std::vector<Pairing> ListOfOfficer(db::Tx& tx, County county, const OfficerId& officer, std::string_view from_area,
                                   std::string_view area_end, const Asked& asked);
// By area and household; `after` is the pairing before, and the nil id at the start.
std::vector<Pairing> ListInArea(db::Tx& tx, County county, std::string_view area, std::optional<std::string_view> kind,
                                const Asked& asked);
// Those of the area that began on or before the day, oldest first.
std::vector<Pairing> ListBegunBy(db::Tx& tx, County county, std::string_view area, Date day, const Asked& asked);

struct Coverage {
  AreaCode area;
  std::string name;
  int64_t households = 0;
  int64_t paired = 0;
};
// The areas right below, or the area itself where there is none below.
std::vector<Coverage> CoverageBelow(db::Tx& tx, County county, std::string_view area);

// What a proposal starts from.
struct Register {
  std::vector<Unpaired> households;  // with the bond to whoever is still in office
  std::map<Uuid, AreaCode> areas;
};
Register HouseholdsIn(db::Tx& tx, County county, std::string_view area, size_t at_most);
// Officers with a liaison role in or over the area.
std::vector<Candidate> LiaisonsFor(db::Tx& tx, County county, std::string_view area, const org::CountySettings& settings);

struct StoredProposal {
  ProposalId id;
  AreaCode area;
  bool is_applied = false;
  Instant made_at;
  std::optional<Instant> applied_at;
  Proposal proposal;
};
void SaveProposal(db::Tx& tx, County county, const StoredProposal& stored, const OfficerId& by);
std::optional<StoredProposal> FindProposal(db::Tx& tx, County county, const ProposalId& id);
void MarkApplied(db::Tx& tx, County county, const ProposalId& id, Instant at);

}  // namespace huiyin::pairings
