// SPDX-License-Identifier: EUPL-1.2
// Search of what matters say, the latest first, within what the actor may know.
#pragma once

#include "modules/matters/store.h"

namespace huiyin::matters {

struct SearchPage {
  std::vector<Matter> items;
  std::optional<int64_t> next;  // where the next page begins
};
// Matters below the place `below` whose text, title or number from elsewhere holds
// `filter.text`, and which the filter lets through. `areas` is the actor's reach and `units`
// are the actor's own. A page may be short of `limit` while there is more: a request looks at
// a bounded number of candidates.
SearchPage Search(Context& ctx, const Filter& filter, const std::vector<AreaCode>& areas,
                  const std::vector<UnitId>& units, int64_t below, size_t limit);

}  // namespace huiyin::matters
