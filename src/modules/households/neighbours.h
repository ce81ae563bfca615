// SPDX-License-Identifier: EUPL-1.2
// What the modules above lend (see households.h), asked together.
#pragma once

#include "modules/households/households.h"

namespace huiyin::households {

void WriteRecordParts(Context& ctx, const Opened& record, JsonWriter& w);
void WriteOwnParts(Context& ctx, const Household& household, JsonWriter& w);
std::vector<HouseholdId> PairedWith(Context& ctx, const OfficerId& officer);
void Fill(Context& ctx, std::span<Summary> lines);
void TellEnded(Context& ctx, const HouseholdId& household, Date on, std::string_view why);
void TellMoved(Context& ctx, const HouseholdId& household, const AreaCode& from, const AreaCode& to);
// True where nobody could say.
bool HasVisit(Context& ctx, const HouseholdId& household, const VisitId& visit);
// 503 where nobody takes corrections.
http::Response OpenCorrection(Context& ctx, const Correction& correction);
// Whether anybody writes `pairing` into the record, which the contract always shows.
bool AnybodyWritesRecords();
bool AnybodyWritesOwn();

}  // namespace huiyin::households
