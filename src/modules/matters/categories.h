// SPDX-License-Identifier: EUPL-1.2
// The category tree of matters: what is shipped, and what the county added or changed.
#pragma once

#include <string>
#include <vector>

#include "platform/module.h"

namespace huiyin::matters {

struct Category {
  std::string code;
  std::string parent;
  std::string zh;
  std::string en;
  int64_t position = 0;
  std::optional<UnitId> unit;  // that usually handles it
  std::string rule;            // key of the rule whose term runs; empty: as the rules say
  bool is_active = true;
  int64_t revision = 1;
  std::string settled_from;    // the lowest level that may settle it; empty: as above, else any
};
std::vector<Category> AllCategories(db::Tx& tx, County county);
std::optional<Category> FindCategory(db::Tx& tx, County county, std::string_view code);
void SaveCategory(db::Tx& tx, County county, const Category& category);
// 422 on `field` when it is not there or no longer used.
void RequireCategory(Context& ctx, std::string_view code, std::string_view field);
// The rule of the category or of the nearest above that names one; empty for none.
std::string RuleOfCategory(Context& ctx, std::string_view code);

std::vector<Route> CategoryRoutes();

}  // namespace huiyin::matters
