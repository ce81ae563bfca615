// SPDX-License-Identifier: EUPL-1.2
#include "modules/org/routes.h"

namespace huiyin::org {
namespace {

Neighbours& Known() {
  static Neighbours neighbours;
  return neighbours;
}

}  // namespace

void Connect(Neighbours neighbours) { Known() = std::move(neighbours); }

int64_t PairedHouseholds(db::Tx& tx, County county, const OfficerId& officer) {
  return Known().paired_households ? Known().paired_households(tx, county, officer) : 0;
}

bool OwnsOpenMatters(db::Tx& tx, County county, const UnitId& unit) {
  return Known().owns_open_matters && Known().owns_open_matters(tx, county, unit);
}

AreaCode NeedAreaCode(Fields& fields, std::string_view name) {
  AreaCode code = fields.NeedText(name, 15);
  if (!code.empty() && LevelOf(code).empty()) fields.Refuse(name, "not_an_area_code", "2, 4, 6, 9, 12, 15 digits");
  return code;
}

AreaCode QueryArea(const Context& ctx, std::string_view name) {
  AreaCode code = ctx.Query(name, 15).value_or("");
  if (!code.empty() && LevelOf(code).empty()) Invalid(std::string(name), "not_an_area_code");
  return code;
}

Module Describe() {
  Module module{.name = "org"};
  AddAreaRoutes(module.routes);
  AddUnitRoutes(module.routes);
  AddOfficerRoutes(module.routes);
  AddSettingsRoutes(module.routes);
  return module;
}

}  // namespace huiyin::org
