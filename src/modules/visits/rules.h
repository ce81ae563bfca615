// SPDX-License-Identifier: EUPL-1.2
// What may be written down about a visit, and when the next is due: no database, no clock.
#pragma once

#include "core/problem.h"
#include "modules/org/org.h"
#include "modules/visits/visit.h"

namespace huiyin::visits {

// A phone's clock may run ahead of ours by this much.
inline constexpr int64_t kClockSkewMs = 10 * kMinute;
// As long as this the author may correct an entry; afterwards an addendum stands beneath.
inline constexpr int64_t kCorrectionMs = 7 * kDay;

bool IsInFuture(Instant at, Instant now);
// Whether this officer may still change the entry's own text. Counted from when the server
// had it, so that an entry written offline is not closed on arrival.
Ruling CanCorrect(const Visit& visit, const OfficerId& who, Instant now);
// What was said to a plan may change until the visit is made.
Ruling CanReply(const VisitPlan& plan);
Ruling CanFulfil(const Promise& promise);

// How often somebody is to be seen: the closest of the county's duties towards a household
// or an orphan ("household", "orphan"); absent when it has none.
struct Often {
  int64_t times = 1;
  int64_t months = 12;
};
std::optional<Often> HowOften(std::span<const org::VisitDuty> duties, std::string_view whom);
// When a household seen `times` in `months` is next to be visited.
Date NextVisitOn(std::optional<Date> last_visit, Date paired_since, int64_t times, int64_t months);

}  // namespace huiyin::visits
