// SPDX-License-Identifier: EUPL-1.2
// Rows of identities, of who was shown them and of looks.
#pragma once

#include "modules/matters/identities.h"

namespace huiyin::matters {

struct SealedIdentity {
  std::string sealed;
  std::optional<std::string> household_mark;
  bool has_contact = false;
};
std::optional<std::string> FindSealed(db::Tx& tx, County county, const MatterId& matter);
void PutSealed(db::Tx& tx, County county, const MatterId& matter, const SealedIdentity& identity);
void DropSealed(db::Tx& tx, County county, const MatterId& matter);
// What was written for asking and for looking.
void DropReasons(db::Tx& tx, County county, const MatterId& matter);
// The row of whoever brought it as one of several, if there is one, names nobody.
void UnnameOpener(db::Tx& tx, County county, const MatterId& matter);
bool IsMarked(db::Tx& tx, County county, const MatterId& matter, std::string_view household_mark);
std::vector<Matter> OfMark(db::Tx& tx, County county, std::string_view household_mark);

std::optional<Unmasking> FindUnmasking(db::Tx& tx, County county, const UnmaskingId& id);
void InsertUnmasking(db::Tx& tx, County county, const Unmasking& unmasking);
void SaveUnmasking(db::Tx& tx, County county, const Unmasking& unmasking);
std::vector<Unmasking> UnmaskingsOf(db::Tx& tx, County county, const MatterId& matter);
// That wait for a decision, the oldest first, after the place.
std::vector<Unmasking> UnmaskingsWaiting(db::Tx& tx, County county, Instant after_at, const Uuid& after, int limit);
// Whose end is still to be said.
std::vector<Unmasking> UnmaskingsOver(db::Tx& tx, County county, Instant now, int limit);
void PostponeMask(db::Tx& tx, County county, const UnmaskingId& id, Instant at);

void InsertLook(db::Tx& tx, County county, const MatterId& matter, const Uuid& id, const Look& look,
                const std::optional<UnmaskingId>& unmasking);
std::vector<Look> LooksOf(db::Tx& tx, County county, const MatterId& matter);

}  // namespace huiyin::matters
