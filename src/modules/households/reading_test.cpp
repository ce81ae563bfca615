// SPDX-License-Identifier: EUPL-1.2
#include "modules/households/reading.h"

#include <gtest/gtest.h>

namespace huiyin::households {
namespace {

Actor With(Role role) {
  Actor actor;
  actor.kind = Actor::Kind::kOfficer;
  actor.officer.bytes[0] = 1;
  actor.unit.bytes[0] = 2;
  actor.roles.push_back({role, actor.unit, "990101101"});
  return actor;
}

std::string Say(const ReadRuling& ruling) {
  switch (ruling.decision) {
    case Decision::kAllowed: return ruling.opening == Opening::kFull ? "full" : "identity";
    case Decision::kNeedsReason: return "reason";
    case Decision::kForbidden: return "forbidden";
    case Decision::kHidden: return "hidden";
  }
  return "";
}

TEST(Reading, WhoOpensWhatForWhichPurpose) {
  constexpr std::string_view kHere = "990101101001";
  constexpr std::string_view kElsewhere = "990101102001";
  const struct {
    Role role;
    std::string_view area, purpose;
    bool reason, related;
    std::string_view says;
  } cases[] = {
      {Role::kLiaison, kHere, "visit", false, true, "full"},
      {Role::kLiaison, kHere, "visit", false, false, "reason"},
      {Role::kLiaison, kHere, "other", true, false, "full"},
      {Role::kLiaison, kHere, "other", false, false, "reason"},
      {Role::kLiaison, kHere, "intake", false, false, "reason"},
      {Role::kLiaison, kHere, "intake", false, true, "identity"},
      {Role::kLiaison, kHere, "audit", false, true, "reason"},
      {Role::kLiaison, kElsewhere, "visit", false, true, "full"},  // paired across the border
      {Role::kLiaison, kElsewhere, "visit", false, false, "hidden"},
      {Role::kLiaison, kElsewhere, "other", true, false, "hidden"},
      {Role::kClerk, kHere, "intake", false, false, "identity"},
      {Role::kClerk, kElsewhere, "intake", false, false, "hidden"},
      {Role::kClerk, kHere, "matter", false, false, "reason"},
      {Role::kHandler, kHere, "matter", false, true, "full"},
      {Role::kHandler, kHere, "matter", false, false, "reason"},
      {Role::kSupervisor, kHere, "matter", false, false, "reason"},
      {Role::kLeader, kHere, "other", true, false, "full"},
      {Role::kAuditor, kHere, "audit", false, false, "full"},
      {Role::kAuditor, kHere, "visit", false, false, "reason"},
      {Role::kAuditor, kElsewhere, "audit", false, false, "hidden"},
      {Role::kAdministrator, kHere, "visit", false, false, "reason"},
      {Role::kAdministrator, kHere, "other", true, false, "full"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Say(DecideRead(With(c.role), c.area, {c.purpose, c.reason, c.related})), c.says)
        << RoleName(c.role) << " " << c.area << " " << c.purpose << " " << c.reason << c.related;
  }
  // The public has no way in, whatever it says.
  EXPECT_EQ(Say(DecideRead(Actor{}, kHere, {"other", true, false})), "hidden");
}

}  // namespace
}  // namespace huiyin::households
