// SPDX-License-Identifier: EUPL-1.2
// The table of who may do what is the one in docs/access.md; HUIYIN_WRITE_DOCS=1 writes it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "core/problem.h"
#include "platform/access.h"

namespace huiyin {
namespace {

constexpr const char* kHeading =
    "# Who may do what\n\nPrinted from the program's one table (`src/platform/access.cpp`); a test compares the two.\n\n"
    "- *area*: whatever lies under the role's area. *own*: what is paired with the officer, held by the role's unit or\n"
    "  written by them. *own, else with a reason*: the rest of the area too, with a written reason the household can read.\n"
    "- Outside the area nothing exists (404). A complaint about an officer or a unit exists for auditors only, and never\n"
    "  for the officer it is about or anybody of that unit; about somebody known by words alone, for the county's auditors only.\n"
    "- What a phone sent in its stead when its officer could not (quarantine) is kept from the same people as the matter it\n"
    "  is about; where names are kept apart, it is for the county's auditors only.\n"
    "- A name that was to be kept apart (identities) is known to a small circle: own is who took it down, and whoever was shown\n"
    "  it, for as long as that lasts; the auditor looks and decides, and never decides what they asked themselves.\n"
    "- A report of harm to a child or of violence at home: own is who made it, and the unit it was passed to.\n\n";

TEST(Access, TheDocumentedTableIsTheOneInForce) {
  const std::string file = std::string(HUIYIN_SOURCE_DIR) + "/docs/access.md";
  const std::string wanted = kHeading + AccessTable();
  if (std::getenv("HUIYIN_WRITE_DOCS") != nullptr) std::ofstream(file) << wanted;
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  EXPECT_EQ(text.str(), wanted);
}

Actor With(Role role, std::string area) {
  Actor actor;
  actor.kind = Actor::Kind::kOfficer;
  actor.officer.bytes[0] = 1;
  actor.unit.bytes[0] = 2;
  actor.roles.push_back({role, actor.unit, std::move(area)});
  return actor;
}

TEST(Access, NothingExistsOutsideTheArea) {
  for (int role = 0; role < kRoleCount; ++role) {
    for (int action = 0; action < static_cast<int>(Action::kCount); ++action) {
      const Actor actor = With(static_cast<Role>(role), "990101101");
      EXPECT_EQ(May(actor, static_cast<Action>(action), {.area = "990101102001", .has_reason = true}), Decision::kHidden);
      // A neighbour whose code merely begins alike lies outside too.
      EXPECT_EQ(May(With(static_cast<Role>(role), "990101102001"), static_cast<Action>(action), {.area = "990101102"}), Decision::kHidden);
    }
  }
}

TEST(Access, AComplaintExistsForAuditorsWhoAreNotConcerned) {
  const UnitId accused_unit(Uuid{{9}});
  const OfficerId accused(Uuid{{8}});
  for (int role = 0; role < kRoleCount; ++role) {
    for (int action = 0; action < static_cast<int>(Action::kCount); ++action) {
      Actor actor = With(static_cast<Role>(role), "990101");
      Resource resource{.area = "990101101", .is_own = true, .has_reason = true, .is_protected = true,
                        .about_officer = &accused, .about_unit = &accused_unit};
      const Decision decision = May(actor, static_cast<Action>(action), resource);
      if (static_cast<Role>(role) != Role::kAuditor) {
        EXPECT_EQ(decision, Decision::kHidden);
      }
      actor.unit = accused_unit;
      EXPECT_EQ(May(actor, static_cast<Action>(action), resource), Decision::kHidden);
      actor = With(static_cast<Role>(role), "990101");
      actor.officer = accused;
      EXPECT_EQ(May(actor, static_cast<Action>(action), resource), Decision::kHidden);
      // An auditor's other roles, held in the accused's unit, do not open it either.
      actor = With(Role::kAuditor, "990101");
      actor.roles.push_back({static_cast<Role>(role), accused_unit, "990101"});
      EXPECT_EQ(May(actor, static_cast<Action>(action), resource), Decision::kHidden);
    }
  }
}

TEST(Access, ARecordOfTheAreaOpensWithAReasonOnly) {
  const Actor liaison = With(Role::kLiaison, "990101101");
  EXPECT_EQ(May(liaison, Action::kHouseholdsRead, {.area = "990101101001"}), Decision::kNeedsReason);
  EXPECT_EQ(May(liaison, Action::kHouseholdsRead, {.area = "990101101001", .has_reason = true}), Decision::kAllowed);
  EXPECT_EQ(May(liaison, Action::kHouseholdsRead, {.area = "990101101001", .is_own = true}), Decision::kAllowed);
  EXPECT_EQ(May(liaison, Action::kHouseholdsEdit, {.area = "990101101001", .has_reason = true}), Decision::kForbidden);
}

TEST(Access, TheWidestAreasAreListedOnce) {
  Actor actor = With(Role::kSupervisor, "990101101");
  actor.roles.push_back({Role::kSupervisor, actor.unit, "990101"});
  actor.roles.push_back({Role::kLeader, actor.unit, "990101102"});
  EXPECT_EQ(AreasOf(actor, Action::kWallRead), std::vector<AreaCode>{"990101"});
  EXPECT_EQ(AreaFor(actor, Action::kWallRead, "990101101"), "990101101");
  EXPECT_THROW(AreaFor(actor, Action::kWallRead, "990102"), Problem);
}

}  // namespace
}  // namespace huiyin
