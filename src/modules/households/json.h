// SPDX-License-Identifier: EUPL-1.2
// How the register is written for the world (api/openapi.yaml).
#pragma once

#include "modules/households/record.h"

namespace huiyin::households {

// The whole resident, or who they are and no more.
// With the household's revision where the act changed it.
void WriteResident(JsonWriter& w, const Resident& resident, const Sha256Hash& field_key, Opening opening,
                   std::optional<int64_t> household_revision = {});
void WriteSummary(JsonWriter& w, const Summary& summary);
void WritePersonFields(JsonWriter& w, const PersonLine& person, std::string_view place);
void WriteConsent(JsonWriter& w, const ConsentRow& consent);
// Its fields without the braces.
void WriteLifeEventFields(JsonWriter& w, const LifeEvent& event);
void WriteCustomField(JsonWriter& w, const CustomField& field);
// Before and after, those that are there.
void WriteDiffs(JsonWriter& w, const std::vector<FieldDiff>& diffs);
json::array DiffsAsJson(const std::vector<FieldDiff>& diffs);

// "sections", "section_states", "consents" and "residents" of the whole record. One sweep
// over each table: this is the page people open most.
void WriteWhole(Context& ctx, const Household& household, JsonWriter& w);
// The same four for intake: address, telephone and who lives there.
void WriteIdentity(Context& ctx, const Household& household, JsonWriter& w);


}  // namespace huiyin::households
