// SPDX-License-Identifier: EUPL-1.2
// The door of identity: who signs in, with what, and how often they may fail. Officers
// have a login and a password; a household has a card number and a PIN that it chose on
// a sealed first code nobody in the office picked (design.md, section 4).
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "platform/module.h"

namespace huiyin::identity {

Module Describe();

using huiyin::NewPassword;
void SetPassword(db::Tx& tx, County county, const OfficerId& officer, std::string_view password_hash,
                 bool must_change);

// What identity must have done by modules that stand above it; given by app/wiring.cpp.
struct Neighbours {
  // Tells an officer that an administrator took the second step off.
  std::function<void(Context&, const OfficerId&)> tell_second_step_taken_off;
};
void Connect(Neighbours neighbours);

struct IssuedCard {
  std::string card_number;  // "990101-7K3M-9QXT-4"
  std::string first_code;   // shown once, on the sealed slip: "483 920 175 6"
};
// Gives the household a card, or a new first code for the one it has; the PIN it had and
// its open sessions end. `hash` is made by the caller from the code (NewFirstCode), since
// it is slow.
std::string NewFirstCode(Random& random);
std::string IssueCard(Context& ctx, const HouseholdId& household, std::string_view first_code_hash);
// The PIN as stored, for the demo county and for a forgotten PIN at the window.
void SetPin(db::Tx& tx, County county, const HouseholdId& household, std::string_view pin_hash, Instant now);

// Crockford base 32 with a check character, in groups: 8 random characters and 1 check.
std::string NewNumber(Random& random);
// Upper case, I and L read as 1, O as 0, separators dropped, check verified; then grouped
// again. Absent when it is not such a number.
std::optional<std::string> ReadNumber(std::string_view text);

}  // namespace huiyin::identity
