// SPDX-License-Identifier: EUPL-1.2
#include "platform/actor.h"

namespace huiyin {
namespace {

constexpr std::array<std::string_view, kRoleCount> kNames = {
    "liaison", "clerk", "handler", "supervisor", "leader", "auditor", "administrator"};

}  // namespace

std::string_view RoleName(Role role) { return kNames[static_cast<size_t>(role)]; }

std::optional<Role> ParseRole(std::string_view name) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Role>(i);
  }
  return std::nullopt;
}

bool Actor::Has(Role role) const {
  for (const HeldRole& held : roles) {
    if (held.role == role) return true;
  }
  return false;
}

bool Actor::BelongsTo(const UnitId& other) const {
  if (!IsOfficer()) return false;
  if (unit == other) return true;
  for (const HeldRole& held : roles) {
    if (held.unit == other) return true;
  }
  return false;
}

std::string_view Actor::KindName() const {
  switch (kind) {
    case Kind::kOfficer: return "officer";
    case Kind::kResident: return "resident";
    case Kind::kSystem: return "system";
    case Kind::kPublic: break;
  }
  return "public";
}

std::optional<Uuid> Actor::SubjectId() const {
  if (kind == Kind::kOfficer) return officer;
  if (kind == Kind::kResident) return household;
  return std::nullopt;
}

bool IsWithin(std::string_view code, std::string_view area) {
  return !area.empty() && code.starts_with(area);
}

std::string AreaEnd(std::string_view area) { return std::string(area) + ':'; }

}  // namespace huiyin
