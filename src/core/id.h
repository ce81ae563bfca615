// SPDX-License-Identifier: EUPL-1.2
// Keys. Every record is found by its county and a UUIDv7 that whoever made the record
// chose (the server, or a phone without a network), so that sending it twice is the same
// record. Ids are typed: a matter's id is not a household's.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/random.h"
#include "core/time.h"

namespace huiyin {

// The six digit code of a county: the tenant, and the first part of every key. 0 is none.
struct County {
  int32_t code = 0;
  friend auto operator<=>(const County&, const County&) = default;
};

// Six digits not beginning with 0; absent otherwise.
[[nodiscard]] std::optional<County> ParseCounty(std::string_view text);
std::string FormatCounty(County county);

struct Uuid {
  std::array<uint8_t, 16> bytes{};
  friend auto operator<=>(const Uuid&, const Uuid&) = default;
  bool IsNil() const { return *this == Uuid{}; }
  std::string_view View() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
};

// RFC 9562 version 7: 48 bits of milliseconds, then random.
Uuid NewUuid(Instant now, Random& random);
// The canonical 36 characters, either case.
[[nodiscard]] std::optional<Uuid> ParseUuid(std::string_view text);
std::string FormatUuid(const Uuid& uuid);

template <class Tag>
struct Id : Uuid {
  Id() = default;
  explicit Id(const Uuid& uuid) : Uuid(uuid) {}
};

using AreaCode = std::string;
using UnitId = Id<struct UnitTag>;
using OfficerId = Id<struct OfficerTag>;
using RoleId = Id<struct RoleTag>;
using HouseholdId = Id<struct HouseholdTag>;
using ResidentId = Id<struct ResidentTag>;
using PairingId = Id<struct PairingTag>;
using VisitId = Id<struct VisitTag>;
using VisitPlanId = Id<struct VisitPlanTag>;
using PromiseId = Id<struct PromiseTag>;
using MatterId = Id<struct MatterTag>;
using AskId = Id<struct AskTag>;
using ClockId = Id<struct ClockTag>;
using EventId = Id<struct EventTag>;
using AttachmentId = Id<struct AttachmentTag>;
using ImportId = Id<struct ImportTag>;
using ProposalId = Id<struct ProposalTag>;
using FieldId = Id<struct FieldTag>;
using NoticeId = Id<struct NoticeTag>;
using OrderId = Id<struct OrderTag>;

// What the API shows: "990101-0192f3a4-7c1e-7abc-8def-0123456789ab".
std::string FormatId(County county, const Uuid& id);

struct AddressedId {
  County county;  // 0 when the text carried none
  Uuid id;
};
// With or without the county in front; absent when it is neither.
[[nodiscard]] std::optional<AddressedId> ParseId(std::string_view text);

}  // namespace huiyin
