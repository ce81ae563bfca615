// SPDX-License-Identifier: EUPL-1.2
#include "platform/sessions.h"

#include "core/crypto.h"

namespace huiyin {
namespace {

constexpr db::Sql kFind{"sessions.find", R"sql(
  SELECT kind, subject_id, last_used_at, needs_second_step FROM sessions
   WHERE county = $1 AND token_hash = $2 AND expires_at > $3 AND (idle_ms = 0 OR last_used_at + idle_ms > $3)
)sql"};
constexpr db::Sql kOfficer{"sessions.officer", R"sql(
  SELECT o.unit_id, o.name, o.must_change_password, r.role, r.unit_id, r.area_code
    FROM officers o LEFT JOIN roles r ON r.county = o.county AND r.officer_id = o.id
   WHERE o.county = $1 AND o.id = $2 AND o.is_active = 1
)sql"};
constexpr db::Sql kHousehold{"sessions.household", R"sql(
  SELECT head_name FROM households WHERE county = $1 AND id = $2 AND state <> 'ended'
)sql"};
constexpr db::Sql kOpen{"sessions.open", R"sql(
  INSERT INTO sessions (county, token_hash, kind, subject_id, created_at, last_used_at, expires_at, peer, device, idle_ms, needs_second_step)
  VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10)
)sql"};
constexpr db::Sql kUsed{"sessions.used", R"sql(
  UPDATE sessions SET last_used_at = $3 WHERE county = $1 AND token_hash = $2 AND last_used_at < $3
)sql"};
constexpr db::Sql kOf{"sessions.of", R"sql(
  SELECT token_hash, created_at, last_used_at, expires_at, peer, device FROM sessions
   WHERE county = $1 AND subject_id = $2 AND expires_at > $3 AND (idle_ms = 0 OR last_used_at + idle_ms > $3)
   ORDER BY last_used_at DESC, created_at DESC, token_hash
)sql"};
constexpr db::Sql kHashesOf{"sessions.hashes_of", R"sql(
  SELECT token_hash FROM sessions WHERE county = $1 AND subject_id = $2
)sql"};
constexpr db::Sql kCloseOthers{"sessions.close_others", R"sql(
  DELETE FROM sessions WHERE county = $1 AND subject_id = $2 AND token_hash <> $3
)sql"};
constexpr db::Sql kAllow{"sessions.allow", R"sql(
  UPDATE sessions SET needs_second_step = 0 WHERE county = $1 AND subject_id = $2
)sql"};
constexpr db::Sql kClose{"sessions.close", R"sql(
  DELETE FROM sessions WHERE county = $1 AND token_hash = $2
)sql"};
constexpr db::Sql kCloseAll{"sessions.close_all", R"sql(
  DELETE FROM sessions WHERE county = $1 AND subject_id = $2
)sql"};
constexpr db::Sql kBind{"sessions.bind", R"sql(
  UPDATE sessions SET device_id = $3 WHERE county = $1 AND token_hash = $2
)sql"};
constexpr db::Sql kCloseOnDevice{"sessions.close_on_device", R"sql(
  DELETE FROM sessions WHERE county = $1 AND device_id = $2
)sql"};
constexpr db::Sql kDropExpired{"sessions.drop_expired", R"sql(
  DELETE FROM sessions WHERE county = $1 AND (expires_at <= $2 OR (idle_ms > 0 AND last_used_at + idle_ms <= $2))
)sql"};

constexpr int64_t kUseIsNotedEveryMs = kMinute;

// A name for the session that its owner may see and send, of which no token can be made.
Uuid NameOf(std::string_view token_hash) {
  const Sha256Hash hash = Sha256("session " + std::string(token_hash));
  Uuid id;
  std::copy_n(hash.begin(), id.bytes.size(), id.bytes.begin());
  id.bytes[6] = static_cast<uint8_t>((id.bytes[6] & 0x0f) | 0x70);
  id.bytes[8] = static_cast<uint8_t>((id.bytes[8] & 0x3f) | 0x80);
  return id;
}

}  // namespace

std::optional<SessionToken> TokenOf(const http::Request& request) {
  SessionToken token;
  if (const auto header = request.Header("authorization")) {
    constexpr std::string_view kBearer = "Bearer ";
    if (!header->starts_with(kBearer)) return std::nullopt;
    token.text = header->substr(kBearer.size());
  } else if (const auto host_cookie = request.Cookie(kHostCookie)) {
    token.text = *host_cookie;
    token.from_cookie = token.from_host_cookie = true;
  } else if (const auto cookie = request.Cookie(kSessionCookie)) {
    token.text = *cookie;
    token.from_cookie = true;
  } else {
    return std::nullopt;
  }
  if (token.text.size() < 8 || token.text.size() > 100 || token.text[6] != '.') return std::nullopt;
  const auto county = ParseCounty(std::string_view(token.text).substr(0, 6));
  if (!county) return std::nullopt;
  token.county = *county;
  token.hash = Sha256(token.text);
  return token;
}

void SessionUses::Note(County county, const Sha256Hash& hash, Instant now) {
  const std::lock_guard lock(mutex_);
  noted_[county][hash] = now;
}

void SessionUses::Write(db::Tx& tx, County county) {
  std::map<Sha256Hash, Instant> uses;
  {
    const std::lock_guard lock(mutex_);
    const auto found = noted_.find(county);
    if (found == noted_.end()) return;
    uses = std::move(found->second);
    noted_.erase(found);
  }
  for (const auto& [hash, at] : uses) tx.Run(kUsed, county, db::Blob{AsView(hash)}, at);
}

std::optional<Actor> Authenticate(db::Tx& tx, const SessionToken& token, Instant now, SessionUses* uses) {
  const Sha256Hash& hash = token.hash;
  std::string kind;
  Uuid subject;
  Instant last_used_at;
  bool needs_second_step = false;
  tx.Rows(kFind, [&](const db::Row& row) {
    kind = row.Text(0);
    subject = row.Key(1);
    last_used_at = row.At(2);
    needs_second_step = row.Flag(3);
  }, token.county, db::Blob{AsView(hash)}, now);
  if (kind.empty()) return std::nullopt;
  if (uses != nullptr && last_used_at + kUseIsNotedEveryMs <= now) uses->Note(token.county, hash, now);

  Actor actor;
  bool found = false;
  if (kind == "resident") {
    actor.kind = Actor::Kind::kResident;
    actor.household = HouseholdId(subject);
    tx.Rows(kHousehold, [&](const db::Row& row) {
      found = true;
      actor.name = row.Text(0);
    }, token.county, subject);
  } else {
    actor.kind = Actor::Kind::kOfficer;
    actor.officer = OfficerId(subject);
    actor.must_set_second_step = needs_second_step;
    tx.Rows(kOfficer, [&](const db::Row& row) {
      found = true;
      actor.unit = row.Ref<UnitId>(0);
      actor.name = row.Text(1);
      actor.must_change_password = row.Flag(2);
      if (const auto role = ParseRole(row.View(3))) {
        actor.roles.push_back({*role, row.Ref<UnitId>(4), row.Text(5)});
      }
    }, token.county, subject);
  }
  if (!found) return std::nullopt;
  return actor;
}

std::string OpenSession(db::Tx& tx, County county, std::string_view kind, const Uuid& subject,
                        Instant now, int64_t lifetime_ms, std::string_view peer, Random& random,
                        const SessionTraits& traits) {
  std::string token = FormatCounty(county) + "." + NewToken(random);
  const Sha256Hash hash = Sha256(token);
  tx.Run(kOpen, county, db::Blob{AsView(hash)}, kind, subject, now, now + lifetime_ms, peer, traits.device,
         traits.idle_ms, traits.needs_second_step);
  return token;
}

std::vector<OpenSessionRow> SessionsOf(db::Tx& tx, County county, const Uuid& subject, const SessionToken& current, Instant now) {
  return tx.All(kOf, [&](const db::Row& row) {
    return OpenSessionRow{.id = NameOf(row.View(0)), .since = row.At(1),
                          .last_used_at = std::max(row.At(1), row.At(2)),  // one from before uses were kept has none
                          .expires_at = row.At(3), .peer = row.Text(4), .device = row.Text(5),
                          .is_current = row.View(0) == AsView(current.hash)};
  }, county, subject, now);
}

bool CloseSessionOf(db::Tx& tx, County county, const Uuid& subject, const Uuid& id) {
  std::string found;
  tx.Rows(kHashesOf, [&](const db::Row& row) {
    if (NameOf(row.View(0)) == id) found = row.Text(0);
  }, county, subject);
  return !found.empty() && tx.Run(kClose, county, db::Blob{found}) > 0;
}

int64_t CloseOtherSessions(db::Tx& tx, County county, const Uuid& subject, const SessionToken& current) {
  return tx.Run(kCloseOthers, county, subject, db::Blob{AsView(current.hash)});
}

void AllowSessionsOf(db::Tx& tx, County county, const Uuid& subject) { tx.Run(kAllow, county, subject); }

void CloseSession(db::Tx& tx, const SessionToken& token) {
  tx.Run(kClose, token.county, db::Blob{AsView(token.hash)});
}

int64_t CloseSessionsOf(db::Tx& tx, County county, const Uuid& subject) {
  return tx.Run(kCloseAll, county, subject);
}

void BindSession(db::Tx& tx, const SessionToken& token, const Uuid& device) {
  tx.Run(kBind, token.county, db::Blob{AsView(token.hash)}, device);
}

void CloseSessionsOnDevice(db::Tx& tx, County county, const Uuid& device) { tx.Run(kCloseOnDevice, county, device); }

void DropExpiredSessions(db::Tx& tx, County county, Instant now) {
  tx.Run(kDropExpired, county, now);
}

}  // namespace huiyin
