// SPDX-License-Identifier: EUPL-1.2
#include "platform/keys.h"

namespace huiyin {
namespace {

constexpr db::Sql kFind{"platform.find_idempotency_key", R"sql(
  SELECT request_hash, status, body FROM idempotency_keys
   WHERE county = $1 AND actor = $2 AND idempotency_key = $3
)sql"};
constexpr db::Sql kSave{"platform.save_idempotency_key", R"sql(
  INSERT INTO idempotency_keys (county, actor, idempotency_key, request_hash, status, body, at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
)sql"};
constexpr db::Sql kUseUp{"platform.use_up_idempotency_key", R"sql(
  INSERT INTO idempotency_keys (county, actor, idempotency_key, request_hash, status, body, at)
  VALUES ($1, $2, $3, $4, 0, '', $5)
  ON CONFLICT (county, actor, idempotency_key) DO UPDATE SET request_hash = excluded.request_hash, body = ''
)sql"};

constexpr db::Sql kIsUsed{"platform.is_used_idempotency_key", R"sql(
  SELECT 1 FROM idempotency_keys WHERE county = $1 AND actor = $2 AND idempotency_key = $3
)sql"};

std::string WhoOf(const OfficerId& officer) {
  Actor actor;
  actor.kind = Actor::Kind::kOfficer;
  return std::string(actor.KindName()) + FormatUuid(officer);
}

// Without a session the address stands in.
std::string WhoOf(const Context& ctx) {
  const auto subject = ctx.actor.SubjectId();
  return std::string(ctx.actor.KindName()) + (subject ? FormatUuid(*subject) : ctx.request.peer);
}

Sha256Hash HashOf(const http::Request& request) { return Sha256(request.method + " " + request.target + "\n" + request.body); }

}  // namespace

std::optional<http::Response> AnswerOf(Context& ctx, std::string_view key) {
  if (key.empty() || key.size() > 200) throw Problem(400, "idempotency_key_malformed");
  const Sha256Hash hash = HashOf(ctx.request);
  std::optional<http::Response> stored;
  ctx.tx.Rows(kFind, [&](const db::Row& row) {
    if (row.View(0) != AsView(hash)) throw Problem(422, "idempotency_key_reused");
    stored.emplace();
    stored->status = static_cast<int>(row.Int(1));
    stored->body = row.Text(2);
    stored->headers.emplace_back("Idempotency-Replayed", "true");
  }, ctx.county, WhoOf(ctx), key);
  return stored;
}

void KeepAnswer(Context& ctx, std::string_view key, const http::Response& response) {
  const Sha256Hash hash = HashOf(ctx.request);
  ctx.tx.Run(kSave, ctx.county, WhoOf(ctx), key, db::Blob{AsView(hash)}, response.status, response.body, ctx.now);
}

void UseUpKey(Context& ctx, std::string_view key) {
  const Sha256Hash none{};
  ctx.tx.Run(kUseUp, ctx.county, WhoOf(ctx), key, db::Blob{AsView(none)}, ctx.now);
}

void UseUpKeyOf(Context& ctx, const OfficerId& officer, std::string_view key) {
  const Sha256Hash none{};
  ctx.tx.Run(kUseUp, ctx.county, WhoOf(officer), key, db::Blob{AsView(none)}, ctx.now);
}

bool IsUsedKeyOf(Context& ctx, const OfficerId& officer, std::string_view key) {
  return ctx.tx.Any(kIsUsed, ctx.county, WhoOf(officer), key);
}

}  // namespace huiyin
