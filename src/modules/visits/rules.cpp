// SPDX-License-Identifier: EUPL-1.2
#include "modules/visits/rules.h"

namespace huiyin::visits {

bool IsInFuture(Instant at, Instant now) { return at > now + kClockSkewMs; }

Ruling CanCorrect(const Visit& visit, const OfficerId& who, Instant now) {
  if (visit.officer != who) return Ruling::No("visits.not_the_author");
  if (now > visit.received_at + kCorrectionMs) return Ruling::No("visits.diary_closed");
  return Ruling::Yes();
}

Ruling CanReply(const VisitPlan& plan) {
  return plan.is_done ? Ruling::No("visit_plans.done") : Ruling::Yes();
}

Ruling CanFulfil(const Promise& promise) {
  return promise.state == "open" ? Ruling::Yes() : Ruling::No("promises.already_kept");
}

std::optional<Often> HowOften(std::span<const org::VisitDuty> duties, std::string_view whom) {
  std::optional<Often> closest;
  for (const org::VisitDuty& duty : duties) {
    if (duty.whom != whom) continue;
    // months / times, compared without dividing; a visit is a contact too.
    if (!closest || duty.months * closest->times < closest->months * duty.times) closest = {duty.times, duty.months};
  }
  return closest;
}

Date NextVisitOn(std::optional<Date> last_visit, Date paired_since, int64_t times, int64_t months) {
  constexpr double kDaysOfMonth = 365.25 / 12;
  const int apart = static_cast<int>(kDaysOfMonth * static_cast<double>(months) / static_cast<double>(times));
  // A new pairing starts its own count: the officer before may have let years pass.
  const Date from = last_visit && *last_visit > paired_since ? *last_visit : paired_since;
  return from + apart;
}

}  // namespace huiyin::visits
