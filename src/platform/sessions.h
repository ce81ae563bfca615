// SPDX-License-Identifier: EUPL-1.2
// Sessions: a token is the county's code, a dot, and 256 random bits; the database keeps
// its SHA-256 only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "db/tx.h"
#include "http/request.h"
#include "platform/actor.h"

namespace huiyin {

inline constexpr std::string_view kSessionCookie = "huiyin_session";
inline constexpr int64_t kOfficerSessionMs = 12 * kHour;
inline constexpr int64_t kResidentSessionMs = 30 * kMinute;

struct SessionToken {
  County county;
  std::string text;         // the whole token
  bool from_cookie = false;
};
// The token of the request: Authorization: Bearer, else the cookie. Absent when there is
// none or it does not look like one.
std::optional<SessionToken> TokenOf(const http::Request& request);

// Who the token speaks for. Absent when it is unknown, expired, or its subject was disabled.
std::optional<Actor> Authenticate(db::Tx& tx, const SessionToken& token, Instant now);

// Stores a new session and returns its token.
std::string OpenSession(db::Tx& tx, County county, std::string_view kind, const Uuid& subject,
                        Instant now, int64_t lifetime_ms, std::string_view peer, Random& random);
void CloseSession(db::Tx& tx, const SessionToken& token);
void CloseSessionsOf(db::Tx& tx, County county, const Uuid& subject);
void DropExpiredSessions(db::Tx& tx, County county, Instant now);

}  // namespace huiyin
