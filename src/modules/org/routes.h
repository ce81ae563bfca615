// SPDX-License-Identifier: EUPL-1.2
// The routes of org, a file a noun; routes.cpp joins them.
#pragma once

#include "modules/org/store.h"

namespace huiyin::org {

void AddAreaRoutes(std::vector<Route>& routes);
void AddUnitRoutes(std::vector<Route>& routes);
void AddOfficerRoutes(std::vector<Route>& routes);
void AddSettingsRoutes(std::vector<Route>& routes);

// How many households the officer is paired with, as far as a neighbour says.
int64_t PairedHouseholds(db::Tx& tx, County county, const OfficerId& officer);
bool OwnsOpenMatters(db::Tx& tx, County county, const UnitId& unit);

// An area code among the fields or the parameters; refuses what is none.
AreaCode NeedAreaCode(Fields& fields, std::string_view name);
AreaCode QueryArea(const Context& ctx, std::string_view name);

}  // namespace huiyin::org
