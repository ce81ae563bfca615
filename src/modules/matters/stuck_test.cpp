// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/stuck.h"

#include <gtest/gtest.h>

namespace huiyin::matters {
namespace {

struct Case {
  const char* what;
  int64_t bounces, reopened, decisions_missed, orders_missed;
  int64_t due;  // before or after now (100); 0: none runs
  StuckMark mark;
  std::vector<std::string_view> why;
};

const Case kCases[] = {
    {"nothing", 0, 0, 0, 0, 200, StuckMark::kNo, {}},
    {"late alone is not stuck", 0, 0, 0, 0, 50, StuckMark::kNo, {}},
    {"bounced once", 1, 0, 0, 0, 50, StuckMark::kNo, {}},
    {"bounced twice", 2, 0, 0, 0, 200, StuckMark::kYes, {"bounced"}},
    {"bounced thrice", 3, 0, 0, 0, 200, StuckMark::kYes, {"bounced"}},
    {"reopened once", 0, 1, 0, 0, 50, StuckMark::kNo, {}},
    {"reopened twice", 0, 2, 0, 0, 200, StuckMark::kYes, {"reopened"}},
    {"nobody decided the return", 1, 0, 1, 0, 200, StuckMark::kYes, {"decision_missed"}},
    {"an order missed in time", 0, 0, 0, 1, 200, StuckMark::kOnceLate, {}},
    {"an order missed and late", 0, 0, 0, 1, 50, StuckMark::kOnceLate, {"order_missed"}},
    {"due this very instant is in time", 0, 0, 0, 1, 100, StuckMark::kOnceLate, {}},
    {"everything", 2, 2, 1, 1, 50, StuckMark::kYes, {"bounced", "reopened", "decision_missed", "order_missed"}},
    {"answered: it waits for the resident", 5, 5, 1, 1, 0, StuckMark::kNo, {}},
};

TEST(Stuck, ByTheRule) {
  constexpr Instant kNow{100};
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.what);
    Matter matter;
    matter.bounces = c.bounces;
    matter.reopened = c.reopened;
    matter.decisions_missed = c.decisions_missed;
    matter.orders_missed = c.orders_missed;
    if (c.due > 0) matter.due_at = Instant{c.due};
    EXPECT_EQ(MarkOf(matter, {}), c.mark);
    EXPECT_EQ(WhyStuck(matter, {}, kNow), c.why);
    // The mark alone says the same as the reasons.
    EXPECT_EQ(IsStuck(MarkOf(matter, {}), matter.due_at, kNow), !c.why.empty());
  }
}

TEST(Stuck, TheNumbersAreTheCountys) {
  Matter matter;
  matter.due_at = Instant{200};
  matter.bounces = 2;
  EXPECT_EQ(MarkOf(matter, {.bounces = 3}), StuckMark::kNo);
  EXPECT_EQ(MarkOf(matter, {.bounces = 1}), StuckMark::kYes);
}

}  // namespace
}  // namespace huiyin::matters
