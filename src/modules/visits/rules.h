// SPDX-License-Identifier: EUPL-1.2
// What may be written down about a visit, and when the next is due: no database, no clock.
#pragma once

#include "core/problem.h"
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

// When a household seen `times` in `months` is next to be visited.
Date NextVisitOn(std::optional<Date> last_visit, Date paired_since, int times, int months);

}  // namespace huiyin::visits
