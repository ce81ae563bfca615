// SPDX-License-Identifier: EUPL-1.2
// Wrong tries at a secret slow down and lock, for each account and for each address
// (design.md, section 4). A subject is such as "login:wangfang", "card:9901…" or
// "addr:login:192.0.2.7". Tries are forgotten after a quiet quarter of an hour.
#pragma once

#include <cstdint>
#include <string_view>

#include "db/tx.h"

namespace huiyin::attempts {

// How many wrong tries pass before the lock begins; then 30 s, doubling, an hour at most.
inline constexpr int kFreeTriesOfAccount = 5;
inline constexpr int kFreeTriesOfAddress = 40;  // an office shares one address

// Seconds until the subject may try again; 0 when it may now.
int64_t LockedFor(db::Tx& tx, County county, std::string_view subject, Instant now);
// Throws 429 with Retry-After when it may not.
void RequireUnlocked(db::Tx& tx, County county, std::string_view subject, Instant now);
void Failed(db::Tx& tx, County county, std::string_view subject, Instant now, int free_tries);
void Cleared(db::Tx& tx, County county, std::string_view subject);

}  // namespace huiyin::attempts
