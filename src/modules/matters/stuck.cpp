// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/stuck.h"

namespace huiyin::matters {
namespace {

bool IsBounced(const Matter& matter, const StuckRule& rule) { return matter.bounces >= rule.bounces; }
bool IsReopened(const Matter& matter, const StuckRule& rule) { return matter.reopened >= rule.reopenings; }

}  // namespace

StuckMark MarkOf(const Matter& matter, const StuckRule& rule) {
  // Once it is answered it waits for the resident, not for an office.
  if (!matter.due_at) return StuckMark::kNo;
  if (IsBounced(matter, rule) || IsReopened(matter, rule) || matter.decisions_missed > 0) return StuckMark::kYes;
  return matter.orders_missed > 0 ? StuckMark::kOnceLate : StuckMark::kNo;
}

bool IsStuck(StuckMark mark, std::optional<Instant> due_at, Instant now) {
  if (!due_at) return false;
  return mark == StuckMark::kYes || (mark == StuckMark::kOnceLate && *due_at < now);
}

std::vector<std::string_view> WhyStuck(const Matter& matter, const StuckRule& rule, Instant now) {
  std::vector<std::string_view> why;
  if (!matter.due_at) return why;
  if (IsBounced(matter, rule)) why.push_back("bounced");
  if (IsReopened(matter, rule)) why.push_back("reopened");
  if (matter.decisions_missed > 0) why.push_back("decision_missed");
  if (matter.orders_missed > 0 && *matter.due_at < now) why.push_back("order_missed");
  return why;
}

}  // namespace huiyin::matters
