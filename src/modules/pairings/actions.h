// SPDX-License-Identifier: EUPL-1.2
// One function a verb. Each checks who may, decides, writes and records.
#pragma once

#include "modules/pairings/store.h"

namespace huiyin::pairings {

// A pairing made although something speaks against it; the office is told, not stopped.
struct Made {
  Pairing pairing;
  std::vector<std::string> warnings;  // above_quota, no_liaison_role_here
};
Made Create(Context& ctx, NewPairing made);
Pairing EndPairing(Context& ctx, const PairingId& id, Date until, const std::string& reason);
// All pairings of a household that is no more.
void EndAll(Context& ctx, const HouseholdId& household, Date on, std::string_view why);

StoredProposal MakeProposal(Context& ctx, const AreaCode& area);
StoredProposal GetProposal(Context& ctx, const ProposalId& id);
// Whether pairings changed since, so that it may no longer be applied.
bool IsStale(Context& ctx, const StoredProposal& stored);
struct Applied {
  int64_t created = 0;
  int64_t kept = 0;
};
Applied ApplyProposal(Context& ctx, const ProposalId& id);

struct HandoverAsked {
  OfficerId from;
  std::optional<OfficerId> to;  // absent: spread
  Date date;
  std::string reason;
};
struct HandoverDone {
  Uuid id;
  int64_t households = 0;
  int64_t promises = 0;
  int64_t matters = 0;
  std::vector<std::pair<HouseholdId, OfficerId>> items;
};
HandoverDone HandOver(Context& ctx, const HandoverAsked& asked);

}  // namespace huiyin::pairings
