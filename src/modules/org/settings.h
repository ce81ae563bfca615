// SPDX-License-Identifier: EUPL-1.2
// Settings of a county as JSON: the same reader takes what was stored and what is sent.
#pragma once

#include "modules/org/org.h"

namespace huiyin::org {

// Reads the fields that are there into `settings`; a list replaces the list it names.
// Wrong fields are refused through `fields`.
void ReadSettings(Fields& fields, CountySettings& settings);
// The members of the API's Settings but county, zone and revision.
void WriteSettings(JsonWriter& w, const CountySettings& settings);
// The languages alone, as a list.
void WriteLanguages(JsonWriter& w, const CountySettings& settings);
void SaveSettings(db::Tx& tx, County county, const CountySettings& settings);
// "Asia/Shanghai" for the offset it has, else "Etc/GMT-5" and the like.
std::string ZoneName(Zone zone);

}  // namespace huiyin::org
