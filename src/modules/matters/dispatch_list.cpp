// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/dispatch_list.h"

#include <tuple>

namespace huiyin::matters {

bool IsOfCategory(std::string_view code, std::string_view category) {
  if (category.empty() || code == category) return true;
  return code.starts_with(category) && code[category.size()] == '.';
}

const Entry* Choose(std::span<const Entry> entries, std::string_view category, std::string_view area, Date on) {
  const auto rank = [](const Entry& entry) {
    return std::tuple(entry.category.size(), entry.area.size(), entry.made_at, Uuid(entry.id));
  };
  const Entry* best = nullptr;
  for (const Entry& entry : entries) {
    if (!entry.InForce(on) || !IsOfCategory(category, entry.category) || !area.starts_with(entry.area)) continue;
    if (best == nullptr || rank(*best) < rank(entry)) best = &entry;
  }
  return best;
}

}  // namespace huiyin::matters
