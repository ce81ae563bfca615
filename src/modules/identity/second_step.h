// SPDX-License-Identifier: EUPL-1.2
// The second step of an officer's signing in: rows, and what a typed code is worth. A code is
// one from the telephone or one of the recovery codes; either works once.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "modules/identity/identity.h"

namespace huiyin::identity {

struct SecondStep {
  std::string secret_sealed;
  Instant begun_at;
  std::optional<Instant> confirmed_at;  // absent while it is being set up
  int64_t last_step = 0;                // the last code taken was this half-minute's
};
std::optional<SecondStep> FindSecondStep(db::Tx& tx, County county, const OfficerId& officer);
// In place of one that was there.
void BeginSecondStep(db::Tx& tx, County county, const OfficerId& officer, std::string_view secret_sealed, Instant now);
void ConfirmSecondStep(db::Tx& tx, County county, const OfficerId& officer, Instant now);
// False when a code of that half-minute or a later one was taken before.
bool TakeStep(db::Tx& tx, County county, const OfficerId& officer, int64_t step);
// With its recovery codes.
void DropSecondStep(db::Tx& tx, County county, const OfficerId& officer);

// In place of those that were there; each by its number from 0.
void SaveRecoveryCodes(db::Tx& tx, County county, const OfficerId& officer, const std::vector<std::string>& hashes);
// Absent when there is none of that number or it was used.
std::optional<std::string> RecoveryHash(db::Tx& tx, County county, const OfficerId& officer, int number);
bool UseRecoveryCode(db::Tx& tx, County county, const OfficerId& officer, int number, Instant now);
int64_t RecoveryCodesLeft(db::Tx& tx, County county, const OfficerId& officer);

// What a typed code turned out to be, found before the transaction that uses it up.
struct TypedCode {
  enum class Kind { kNone, kTelephone, kRecovery, kWrong };
  Kind kind = Kind::kNone;
  int64_t step = 0;  // kTelephone
  int number = 0;    // kRecovery
};
// Slow: a recovery code is hashed like a password. An empty `typed` is kNone.
TypedCode CheckCode(const Services& services, County county, const OfficerId& officer, std::string_view typed);
// False when it is wrong, or was used meanwhile.
bool UseCode(Context& ctx, const OfficerId& officer, const TypedCode& code);

// Whether the county wants a second step of somebody with the roles this officer holds.
bool NeedsSecondStep(db::Tx& tx, County county, const OfficerId& officer);

}  // namespace huiyin::identity
