// SPDX-License-Identifier: EUPL-1.2
// Who could be paired with whom: near before far, a language in common, an even load
// against the quota of each rank, and nobody taken from an officer they know. Pure: the
// same input gives the same proposal, whatever its order.
//
// Quotas are targets, not limits. A county has more households than its officers' quotas
// add up to; what lies above is spread evenly, so that no officer stands further above the
// quota than another who could help.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/id.h"

namespace huiyin::pairings {

struct Unpaired {
  HouseholdId id;
  AreaCode area;
  std::vector<std::string> languages;  // those its people want to be served in
  std::optional<OfficerId> bond;       // the officer it has
};

struct Candidate {
  OfficerId id;
  std::vector<AreaCode> reach;   // liaison roles; none: keeps bonds, takes nobody new
  std::vector<AreaCode> places;  // where the officer is at home: the unit's area
  std::vector<std::string> languages;
  int quota = 0;
  int load = 0;  // households outside of this proposal
};

// Each from 0 to 1, 1 best.
struct Weighed {
  double distance = 0;
  double language = 0;
  double load = 0;
  double quota = 0;
  double bond = 0;
};

struct Match {
  HouseholdId household;
  OfficerId officer;
  bool kept = false;
  Weighed weighed;
};

struct Unplaced {
  HouseholdId household;
  std::string reason;  // no_officer_in_reach no_quota_left
};

struct Proposal {
  std::vector<Match> matches;      // by area, then by household
  std::vector<Unplaced> unplaced;
  int kept = 0;
  int officers = 0;  // with a household at the end
  int largest_load = 0;
  double mean_load = 0;
};

Proposal Propose(std::vector<Unpaired> households, std::vector<Candidate> officers);

// How much of the way down from the county two places share: 1 for the same group, 0 for
// different townships.
double Nearness(std::string_view household_area, std::string_view place);

}  // namespace huiyin::pairings
