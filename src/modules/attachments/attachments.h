// SPDX-License-Identifier: EUPL-1.2
// The door of attachments: photographs of a household, a visit or a matter.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "modules/households/households.h"
#include "platform/module.h"

namespace huiyin::attachments {

Module Describe();

// A picture is as open as what it hangs on. Whoever keeps visits or matters says so: each
// throws 404 or 403 unless the actor (an officer, or the household itself) may read or add
// to the record, and answers with the household it belongs to, if any and if that may be
// known: nothing is written down under the household of a complaint.
struct Keeper {
  std::function<std::optional<HouseholdId>(Context&, const Uuid& id)> require_readable;
  std::function<std::optional<HouseholdId>(Context&, const Uuid& id)> require_writable;
  // Told of each new picture; may be empty.
  std::function<void(Context&, const Uuid& id, const AttachmentId&)> added;
};
// Once each while the program is wired.
void ConnectVisits(Keeper keeper);
void ConnectMatters(Keeper keeper);

// Write the array of what hangs on the record; the caller has decided that the actor may
// see it. Visits are looked up together: what comes back writes the array of each.
using WriteOfVisit = std::function<void(const VisitId&, JsonWriter&)>;
WriteOfVisit OfVisits(Context& ctx, std::span<const VisitId> visits);
void WriteOfMatter(Context& ctx, const MatterId& matter, JsonWriter& w);

// Hangs pictures that were sent for the household onto a visit to it. 422 on `attachments`
// when one is not there, or hangs on something else.
void GiveToVisit(Context& ctx, const std::vector<AttachmentId>& ids, const HouseholdId& household,
                 const VisitId& visit);

// The household's own pictures, for its record and its own page.
households::Neighbours Lend();

}  // namespace huiyin::attachments
