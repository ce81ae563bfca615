// SPDX-License-Identifier: EUPL-1.2
// Sessions: a token is the county's code, a dot, and 256 random bits; the database keeps
// its SHA-256 only.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/crypto.h"
#include "db/tx.h"
#include "http/request.h"
#include "platform/actor.h"

namespace huiyin {

inline constexpr std::string_view kSessionCookie = "huiyin_session";
// Where browsers come by TLS: a browser takes it only from this very host, and only by TLS.
inline constexpr std::string_view kHostCookie = "__Host-huiyin_session";
inline constexpr int64_t kOfficerSessionMs = 12 * kHour;
inline constexpr int64_t kOfficerIdleMs = 3 * kHour;  // a morning's visits without a network
inline constexpr int64_t kResidentSessionMs = 30 * kMinute;

struct SessionToken {
  County county;
  std::string text;         // the whole token
  Sha256Hash hash{};        // what the database keeps of it
  bool from_cookie = false;
  bool from_host_cookie = false;
};
// The token of the request: Authorization: Bearer, else the cookie. Absent when there is
// none or it does not look like one.
std::optional<SessionToken> TokenOf(const http::Request& request);

// When sessions were last used: noted in memory by whoever reads, written by the next tick.
// Safe from any thread.
class SessionUses {
 public:
  void Note(County county, const Sha256Hash& hash, Instant now);
  // Writes what was noted of the county's sessions since the last time.
  void Write(db::Tx& tx, County county);

 private:
  std::mutex mutex_;
  std::map<County, std::map<Sha256Hash, Instant>> noted_;
};

// Who the token speaks for. Absent when it is unknown, expired, or its subject was disabled.
// A use is noted once a minute.
std::optional<Actor> Authenticate(db::Tx& tx, const SessionToken& token, Instant now, SessionUses* uses = nullptr);

struct SessionTraits {
  std::string_view device = "";    // what opened it, in two words: "edge/windows"
  int64_t idle_ms = 0;             // it ends when it was not used for so long; 0: only at its time
  bool needs_second_step = false;  // it opens nothing but the way to set one up
};
// Stores a new session and returns its token.
std::string OpenSession(db::Tx& tx, County county, std::string_view kind, const Uuid& subject,
                        Instant now, int64_t lifetime_ms, std::string_view peer, Random& random,
                        const SessionTraits& traits = {});

// An open session as its owner sees it.
struct OpenSessionRow {
  Uuid id;  // says nothing of the token
  Instant since;
  Instant last_used_at;  // to the minute
  Instant expires_at;
  std::string peer;
  std::string device;
  bool is_current = false;
};
// Those of the token's subject, the one used last first.
std::vector<OpenSessionRow> SessionsOf(db::Tx& tx, County county, const Uuid& subject, const SessionToken& current, Instant now);
// False when the subject has no such open session.
bool CloseSessionOf(db::Tx& tx, County county, const Uuid& subject, const Uuid& id);
// All but the token's own; returns how many there were.
int64_t CloseOtherSessions(db::Tx& tx, County county, const Uuid& subject, const SessionToken& current);
// The second step has been set up: the subject's sessions open everything again.
void AllowSessionsOf(db::Tx& tx, County county, const Uuid& subject);

// The session was opened on a phone that is known by this id, and ends with it.
void BindSession(db::Tx& tx, const SessionToken& token, const Uuid& device);
void CloseSessionsOnDevice(db::Tx& tx, County county, const Uuid& device);

void CloseSession(db::Tx& tx, const SessionToken& token);
// Returns how many there were.
int64_t CloseSessionsOf(db::Tx& tx, County county, const Uuid& subject);
void DropExpiredSessions(db::Tx& tx, County county, Instant now);

}  // namespace huiyin
