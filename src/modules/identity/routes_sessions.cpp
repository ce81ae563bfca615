// SPDX-License-Identifier: EUPL-1.2
// Where one is signed in, and how to end it: officers and households see their own sessions
// and nobody else's; the administrator ends all of an officer's without seeing them.
#include "modules/identity/device.h"
#include "modules/identity/routes.h"
#include "modules/org/org.h"
#include "platform/sessions.h"

namespace huiyin::identity {
namespace {

// The session of the request; it is there, since the actor is.
SessionToken CurrentToken(const Context& ctx) {
  auto token = TokenOf(ctx.request);
  if (!token) Unauthenticated();
  return *std::move(token);
}

http::Response GetSessions(Context& ctx) {
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const OpenSessionRow& row : SessionsOf(ctx.tx, ctx.county, *ctx.actor.SubjectId(), CurrentToken(ctx), ctx.now)) {
    const Device device = ReadDevice(row.device);
    w.BeginObject().Field("id", FormatId(ctx.county, row.id)).Field("since", row.since)
        .Field("last_used_at", row.last_used_at).Field("expires_at", row.expires_at)
        .Field("browser", device.browser).Field("system", device.system).Field("address", row.peer)
        .Field("current", row.is_current).EndObject();
  }
  w.EndArray().EndObject();
  return JsonReply(200, w);
}

std::optional<HouseholdId> HouseholdOf(const Actor& actor) {
  return actor.IsResident() ? std::optional(actor.household) : std::nullopt;
}

http::Response DeleteSessionById(Context& ctx) {
  const auto id = ctx.PathId<Uuid>();
  const Uuid subject = *ctx.actor.SubjectId();
  if (!CloseSessionOf(ctx.tx, ctx.county, subject, id)) NotFound();
  ctx.Audit({.act = "session.closed", .resource = "session", .resource_id = subject, .household = HouseholdOf(ctx.actor)});
  return NoContent();
}

http::Response Closed(Context& ctx, int64_t closed) {
  JsonWriter w = ctx.Writer();
  w.BeginObject().Field("closed", closed).EndObject();
  return JsonReply(200, w);
}

http::Response DeleteOtherSessions(Context& ctx) {
  const Uuid subject = *ctx.actor.SubjectId();
  const int64_t closed = CloseOtherSessions(ctx.tx, ctx.county, subject, CurrentToken(ctx));
  if (closed > 0) {
    ctx.Audit({.act = "session.others_closed", .resource = "session", .resource_id = subject, .household = HouseholdOf(ctx.actor)});
  }
  return Closed(ctx, closed);
}

http::Response DeleteOfficersSessions(Context& ctx) {
  const org::Officer officer = org::NeedOfficerToEdit(ctx);
  const int64_t closed = CloseSessionsOf(ctx.tx, ctx.county, officer.id);
  if (closed > 0) ctx.Record("officer.signed_out", "officer", officer.id, {{"closed", closed}});
  return Closed(ctx, closed);
}

}  // namespace

void AddSessionRoutes(std::vector<Route>& routes) {
  routes.insert(routes.end(), {
      {.method = "GET", .pattern = "/api/v1/sessions", .session = Session::kEither, .handle = GetSessions},
      {.method = "DELETE", .pattern = "/api/v1/sessions/{id}", .session = Session::kEither, .handle = DeleteSessionById},
      {.method = "DELETE", .pattern = "/api/v1/sessions/others", .session = Session::kEither, .handle = DeleteOtherSessions},
      {.method = "DELETE", .pattern = "/api/v1/officers/{id}/sessions", .action = Action::kOfficersEdit,
       .handle = DeleteOfficersSessions},
  });
}

}  // namespace huiyin::identity
