// SPDX-License-Identifier: EUPL-1.2
// Rows of org that no other module asks for: lists, and what only its own acts change.
#pragma once

#include "modules/org/org.h"

namespace huiyin::org {

struct AreaFilter {
  std::string after;  // the code of the last one seen
  std::string parent;
  std::string level;
  std::string q;
};
std::vector<Area> ListAreas(db::Tx& tx, County county, const AreaFilter& filter, int limit);
void RenameArea(db::Tx& tx, County county, std::string_view code, std::string_view name, int64_t revision);

struct UnitFilter {
  AreaCode after_area;
  std::string after_name;
  AreaCode area;  // this one and all below
  std::string q;
  bool with_closed = false;
};
std::vector<Unit> ListUnits(db::Tx& tx, County county, const UnitFilter& filter, int limit);

struct OfficerFilter {
  std::string after_name;
  OfficerId after;
  std::optional<UnitId> unit;
  std::string q;
};
struct OfficerPlace {
  OfficerId id;
  std::string name;
  AreaCode area;  // of the unit
};
// By name, whatever the reach: the caller leaves out what the actor may not see.
std::vector<OfficerPlace> ListOfficersEverywhere(db::Tx& tx, County county, const OfficerFilter& filter, int limit);

bool MustChangePassword(db::Tx& tx, County county, const OfficerId& officer);
// Everything but the login and the secrets.
void UpdateOfficer(db::Tx& tx, County county, const Officer& officer);
void DeleteRole(db::Tx& tx, County county, const RoleId& id);
// Active officers, other than `except`, who are administrators of the whole county.
int64_t CountOtherAdministrators(db::Tx& tx, County county, const OfficerId& except);

}  // namespace huiyin::org
