// SPDX-License-Identifier: EUPL-1.2
// What anybody may know: the categories in use, and where a matter stands for whoever
// holds its receipt.
#include "modules/identity/identity.h"
#include "modules/matters/categories.h"
#include "modules/matters/matters.h"
#include "modules/matters/neighbours.h"
#include "modules/matters/rules.h"
#include "modules/matters/store.h"

namespace huiyin::matters {

std::vector<PublicCategory> PublicCategories(Context& ctx) {
  std::vector<PublicCategory> all;
  for (Category& category : AllCategories(ctx.tx, ctx.county)) {
    if (!category.is_active) continue;
    all.push_back({std::move(category.code), std::move(category.parent), std::move(category.zh), std::move(category.en)});
  }
  return all;
}

std::optional<PublicStatus> FindPublic(Context& ctx, std::string_view receipt) {
  const auto number = identity::ReadNumber(receipt);
  const auto matter = number ? FindByReceipt(ctx.tx, ctx.county, *number) : std::nullopt;
  if (!matter) return std::nullopt;
  Names names(ctx);
  // Under the number that was asked for: of several who share it each has their own.
  PublicStatus status{.receipt = *number, .state = std::string(StateName(matter->state)),
                      .is_open = IsOpen(matter->state), .category = matter->category,
                      .unit_name = names.Unit(matter->owner_unit), .received_at = matter->received_at,
                      .updated_at = matter->closed_at.value_or(matter->answered_at.value_or(matter->registered_at)),
                      .due_at = matter->due_at};
  if (status.category.empty()) status.category = "other.general";
  if (const auto category = FindCategory(ctx.tx, ctx.county, status.category)) status.category_zh = category->zh;
  return status;
}

}  // namespace huiyin::matters
