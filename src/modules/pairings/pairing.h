// SPDX-License-Identifier: EUPL-1.2
// A pairing: one officer, one household (or one person of it), from a day until a day.
#pragma once

#include <optional>
#include <string>

#include "modules/pairings/home.h"

namespace huiyin::pairings {

struct Pairing {
  PairingId id;
  std::string kind = "household";  // household orphan disabled elder
  HouseholdId household;
  std::optional<ResidentId> resident;  // those of a person
  OfficerId officer;
  Date from;
  std::optional<Date> until;  // the last day
  std::string end_reason;
  Instant created_at;
};

// The day of the month after so many months; the month's last day where it has no such day.
Date AddMonths(Date date, int months);

struct NewPairing {
  Pairing pairing;
  bool has_household = false;
};
NewPairing ReadNewPairing(Context& ctx);

void WritePairing(Names& names, const org::CountySettings& settings, const Pairing& pairing, JsonWriter& w);
// The members of it, without the braces.
void WritePairingMembers(Names& names, const org::CountySettings& settings, const Pairing& pairing, JsonWriter& w);
// What the household is told of its officer.
void WriteMyOfficer(Names& names, const Pairing& pairing, JsonWriter& w);

}  // namespace huiyin::pairings
