// SPDX-License-Identifier: EUPL-1.2
#include "platform/sessions.h"

#include "core/crypto.h"

namespace huiyin {
namespace {

constexpr db::Sql kFind{"sessions.find", R"sql(
  SELECT kind, subject_id FROM sessions WHERE county = $1 AND token_hash = $2 AND expires_at > $3
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
  INSERT INTO sessions (county, token_hash, kind, subject_id, created_at, expires_at, peer)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
)sql"};
constexpr db::Sql kClose{"sessions.close", R"sql(
  DELETE FROM sessions WHERE county = $1 AND token_hash = $2
)sql"};
constexpr db::Sql kCloseAll{"sessions.close_all", R"sql(
  DELETE FROM sessions WHERE county = $1 AND subject_id = $2
)sql"};
constexpr db::Sql kDropExpired{"sessions.drop_expired", R"sql(
  DELETE FROM sessions WHERE county = $1 AND expires_at <= $2
)sql"};

}  // namespace

std::optional<SessionToken> TokenOf(const http::Request& request) {
  SessionToken token;
  if (const auto header = request.Header("authorization")) {
    constexpr std::string_view kBearer = "Bearer ";
    if (!header->starts_with(kBearer)) return std::nullopt;
    token.text = header->substr(kBearer.size());
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
  return token;
}

std::optional<Actor> Authenticate(db::Tx& tx, const SessionToken& token, Instant now) {
  const Sha256Hash hash = Sha256(token.text);
  std::string kind;
  Uuid subject;
  tx.Rows(kFind, [&](const db::Row& row) {
    kind = row.Text(0);
    subject = row.Key(1);
  }, token.county, db::Blob{AsView(hash)}, now);
  if (kind.empty()) return std::nullopt;

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
                        Instant now, int64_t lifetime_ms, std::string_view peer, Random& random) {
  std::string token = FormatCounty(county) + "." + NewToken(random);
  const Sha256Hash hash = Sha256(token);
  tx.Run(kOpen, county, db::Blob{AsView(hash)}, kind, subject, now, now + lifetime_ms, peer);
  return token;
}

void CloseSession(db::Tx& tx, const SessionToken& token) {
  const Sha256Hash hash = Sha256(token.text);
  tx.Run(kClose, token.county, db::Blob{AsView(hash)});
}

void CloseSessionsOf(db::Tx& tx, County county, const Uuid& subject) {
  tx.Run(kCloseAll, county, subject);
}

void DropExpiredSessions(db::Tx& tx, County county, Instant now) {
  tx.Run(kDropExpired, county, now);
}

}  // namespace huiyin
