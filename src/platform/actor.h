// SPDX-License-Identifier: EUPL-1.2
// Who is asking. A request without a session is the public; an officer carries the roles
// held, each in a unit and over an area; a resident session speaks for one household.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/id.h"

namespace huiyin {

enum class Role { kLiaison, kClerk, kHandler, kSupervisor, kLeader, kAuditor, kAdministrator };
inline constexpr int kRoleCount = 7;
std::string_view RoleName(Role role);
std::optional<Role> ParseRole(std::string_view name);

struct HeldRole {
  Role role;
  UnitId unit;
  AreaCode area;  // everything under this code
};

struct Actor {
  enum class Kind { kPublic, kOfficer, kResident, kSystem };
  Kind kind = Kind::kPublic;
  OfficerId officer;      // officers
  UnitId unit;            // officers: where they work
  std::string name;       // officers
  HouseholdId household;  // residents
  std::vector<HeldRole> roles;
  bool must_change_password = false;
  bool must_set_second_step = false;  // the county wants one, and there is none yet

  bool IsOfficer() const { return kind == Kind::kOfficer; }
  bool IsResident() const { return kind == Kind::kResident; }
  bool Has(Role role) const;
  // Whether any role is held in `unit`, or the officer works there.
  bool BelongsTo(const UnitId& unit) const;
  std::string_view KindName() const;
  // The officer's or the household's id; absent for the public and the system.
  std::optional<Uuid> SubjectId() const;
};

// Whether `code` lies in `area` or is it. The empty area holds nothing.
bool IsWithin(std::string_view code, std::string_view area);
// The first code after everything within `area`, so that a range finds what lies in it.
std::string AreaEnd(std::string_view area);

}  // namespace huiyin
