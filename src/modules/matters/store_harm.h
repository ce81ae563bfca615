// SPDX-License-Identifier: EUPL-1.2
// Rows of reports of harm; ForgetHarmReports is told in harm.h.
#pragma once

#include "modules/matters/harm.h"

namespace huiyin::matters {

std::optional<HarmReport> FindHarmReport(db::Tx& tx, County county, const HarmReportId& id);
void InsertHarmReport(db::Tx& tx, County county, const HarmReport& report);
// That it was taken up.
void SaveHarmReport(db::Tx& tx, County county, const HarmReport& report);
std::vector<HarmReport> HarmReportsOf(db::Tx& tx, County county, const MatterId& matter);
// Newest first, before the id: those to a unit, and those within an area.
std::vector<HarmReport> HarmReportsTo(db::Tx& tx, County county, const UnitId& unit, const Uuid& before, int limit);
std::vector<HarmReport> HarmReportsIn(db::Tx& tx, County county, const AreaCode& area, const Uuid& before, int limit);

}  // namespace huiyin::matters
