// SPDX-License-Identifier: EUPL-1.2
// Rows of identity.
#pragma once

#include "modules/identity/identity.h"

namespace huiyin::identity {

struct OfficerSecret {
  County county;
  OfficerId officer;
  std::string password_hash;
};
// By the login typed, over the whole installation.
std::optional<OfficerSecret> FindSecret(db::Tx& tx, std::string_view login);
std::optional<OfficerSecret> FindSecretOf(db::Tx& tx, County county, const OfficerId& officer);

struct CardSecret {
  County county;
  HouseholdId household;
  std::string card_number;
  std::string pin_hash;          // empty until the household has chosen one
  std::string first_code_hash;   // empty once it has been used
  std::optional<Instant> first_code_expires_at;
};
std::optional<CardSecret> FindCard(db::Tx& tx, std::string_view card_number);
std::optional<CardSecret> FindCardOf(db::Tx& tx, County county, const HouseholdId& household);
void SaveCard(db::Tx& tx, County county, const HouseholdId& household, std::string_view card_number,
              std::string_view first_code_hash, Instant expires_at, Instant now);

// "990101-7K3M-9QXT-4" however it was typed; absent when it is no card number.
std::optional<std::string> ReadCardNumber(std::string_view text);

std::optional<std::string> CountyName(db::Tx& tx, County county);

}  // namespace huiyin::identity
