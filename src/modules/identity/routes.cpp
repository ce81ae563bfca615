// SPDX-License-Identifier: EUPL-1.2
#include "modules/identity/routes.h"

#include "core/text.h"
#include "modules/identity/checking.h"
#include "modules/identity/device.h"
#include "modules/identity/store.h"
#include "modules/org/org.h"
#include "modules/terms/terms.h"
#include "platform/attempts.h"
#include "platform/sessions.h"

namespace huiyin::identity {
namespace {

http::Response Refused(Context& ctx, const Checked& checked, std::string code, std::string_view act) {
  attempts::Failed(ctx.tx, checked.county, checked.account, ctx.now, attempts::kFreeTriesOfAccount);
  attempts::Failed(ctx.tx, checked.county, checked.address, ctx.now, attempts::kFreeTriesOfAddress);
  AuditEntry entry{.act = std::string(act), .resource = "session"};
  if (checked.known) entry.resource_id = checked.subject;
  ctx.county = checked.county;
  ctx.Audit(entry);
  return ProblemReply(Problem(401, std::move(code)), ctx.request.request_id);
}

std::string DeviceOfRequest(const Context& ctx) {
  return DeviceText(DeviceOf(ctx.request.Header("user-agent").value_or("")));
}

// Whoever learnt the old secret is out when it is changed; the one who changed it stays.
void EndOtherSessions(Context& ctx) {
  if (const auto token = TokenOf(ctx.request)) CloseOtherSessions(ctx.tx, ctx.county, *ctx.actor.SubjectId(), *token);
}

std::string CookieLine(const Services& services, std::string_view token, int64_t seconds) {
  const bool https = services.cookies_need_https;
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", https ? kHostCookie : kSessionCookie, token, seconds,
                     https ? "; Secure" : "");
}

http::Response Opened(Context& ctx, const std::string& token, int64_t lifetime_ms, JsonWriter& w) {
  const bool web = ctx.request.Header("x-huiyin") == "web";
  if (!web) w.Field("token", token);
  w.Field("expires_at", ctx.now + lifetime_ms).EndObject();
  http::Response response = JsonReply(201, w);
  if (web) response.headers.emplace_back("Set-Cookie", CookieLine(ctx.services, token, lifetime_ms / kSecond));
  return response;
}

void WriteOfficer(Context& ctx, JsonWriter& w, const org::Officer& officer) {
  w.BeginObject().Field("id", officer.id).Field("name", officer.name).Field("post", officer.post);
  w.Field("phone", officer.phone);
  w.Key("languages").BeginArray();
  for (const auto& language : officer.languages) w.Value(language);
  w.EndArray();
  if (const auto unit = org::FindUnit(ctx.tx, ctx.county, officer.unit_id)) {
    w.Key("unit").BeginObject().Field("id", unit->id).Field("name", unit->name).Field("area_code", unit->area_code).EndObject();
  }
  w.Key("roles").BeginArray();
  for (const org::RoleRow& row : org::RolesOf(ctx.tx, ctx.county, officer.id)) {
    w.BeginObject().Field("id", row.id).Field("role", RoleName(row.held.role)).Field("unit_id", row.held.unit)
        .Field("area_code", row.held.area).EndObject();
  }
  w.EndArray().EndObject();
}

http::Response CreateSession(Context& ctx) {
  const auto& checked = std::any_cast<const Checked&>(ctx.prepared);
  if (!checked.right) return Refused(ctx, checked, "sessions.wrong_password", "session.refused");
  const OfficerId id(checked.subject);
  if (checked.needs_code) {
    // Only who knows the password learns that there is a second step.
    if (checked.code.kind == TypedCode::Kind::kNone) return ProblemReply(Problem(401, "sessions.code_needed"), ctx.request.request_id);
    ctx.county = checked.county;
    if (!UseCode(ctx, id, checked.code)) return Refused(ctx, checked, "sessions.wrong_code", "session.code_refused");
  }
  ctx.county = checked.county;
  attempts::Cleared(ctx.tx, ctx.county, checked.account);
  ctx.actor.kind = Actor::Kind::kOfficer;
  ctx.actor.officer = id;
  const auto officer = org::FindOfficer(ctx.tx, ctx.county, id);
  ctx.actor.unit = officer->unit_id;
  const std::string device = DeviceOfRequest(ctx);
  const bool must_set_up = !checked.needs_code && NeedsSecondStep(ctx.tx, ctx.county, id);
  const std::string token =
      OpenSession(ctx.tx, ctx.county, "officer", id, ctx.now, kOfficerSessionMs, ctx.request.peer, ctx.random(),
                  {.device = device, .idle_ms = kOfficerIdleMs, .needs_second_step = must_set_up});
  ctx.Audit({.act = "session.opened", .resource = "session", .resource_id = id});
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("officer");
  WriteOfficer(ctx, w, *officer);
  return Opened(ctx, token, kOfficerSessionMs, w);
}

// Today, and the last day whose holidays are known: a page warns before a term runs past it.
void WriteDay(Context& ctx, JsonWriter& w) {
  w.Field("today", ctx.Today());
  const auto known_until = terms::CalendarKnownUntil(ctx.tx, ctx.county, ctx.Today());
  w.Field("calendar_known_until", known_until.value_or(ctx.Today() - 1));
}

http::Response GetSession(Context& ctx) {
  const auto officer = org::FindOfficer(ctx.tx, ctx.county, ctx.actor.officer);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("officer");
  WriteOfficer(ctx, w, *officer);
  w.Key("county").BeginObject().Field("code", FormatCounty(ctx.county))
      .Field("name", CountyName(ctx.tx, ctx.county).value_or("")).EndObject();
  w.Field("must_change_password", ctx.actor.must_change_password);
  w.Field("must_set_second_step", ctx.actor.must_set_second_step);
  WriteDay(ctx, w);
  w.EndObject();
  return JsonReply(200, w);
}

http::Response DeleteSession(Context& ctx) {
  if (const auto token = TokenOf(ctx.request)) CloseSession(ctx.tx, *token);
  ctx.Audit({.act = "session.closed", .resource = "session", .resource_id = ctx.actor.SubjectId()});
  http::Response response = NoContent();
  response.headers.emplace_back("Set-Cookie", CookieLine(ctx.services, "", 0));
  return response;
}

http::Response RefusedChange(Context& ctx, const Checked& checked) {
  attempts::Failed(ctx.tx, ctx.county, checked.account, ctx.now, attempts::kFreeTriesOfAccount);
  return ProblemReply(Problem(422, "invalid_input", {{"old", "wrong_password", ""}}), ctx.request.request_id);
}

http::Response ChangePassword(Context& ctx) {
  const auto& checked = std::any_cast<const Checked&>(ctx.prepared);
  if (!checked.right) return RefusedChange(ctx, checked);
  SetPassword(ctx.tx, ctx.county, ctx.actor.officer, checked.new_hash, false);
  EndOtherSessions(ctx);
  ctx.Record("officer.password_changed", "officer", ctx.actor.officer);
  return NoContent();
}

http::Response ChangePin(Context& ctx) {
  const auto& checked = std::any_cast<const Checked&>(ctx.prepared);
  if (!checked.right) return RefusedChange(ctx, checked);
  SetPin(ctx.tx, ctx.county, ctx.actor.household, checked.new_hash, ctx.now);
  EndOtherSessions(ctx);
  ctx.Record("household.pin_changed", "household", ctx.actor.household, {}, ctx.actor.household);
  return NoContent();
}

http::Response OpenResident(Context& ctx, const Checked& checked) {
  ctx.county = checked.county;
  attempts::Cleared(ctx.tx, ctx.county, checked.account);
  const HouseholdId household(checked.subject);
  ctx.actor.kind = Actor::Kind::kResident;
  ctx.actor.household = household;
  const std::string device = DeviceOfRequest(ctx);
  const std::string token = OpenSession(ctx.tx, ctx.county, "resident", household, ctx.now, kResidentSessionMs,
                                        ctx.request.peer, ctx.random(), {.device = device});
  ctx.Audit({.act = "session.opened", .resource = "session", .resource_id = household, .household = household});
  JsonWriter w = ctx.Writer();
  w.BeginObject().Field("household_id", household);
  return Opened(ctx, token, kResidentSessionMs, w);
}

http::Response CreateResidentSession(Context& ctx) {
  const auto& checked = std::any_cast<const Checked&>(ctx.prepared);
  if (checked.not_activated) Conflict("card.not_activated");
  if (!checked.right) return Refused(ctx, checked, "sessions.wrong_pin", "session.refused");
  return OpenResident(ctx, checked);
}

http::Response ActivateCard(Context& ctx) {
  const auto& checked = std::any_cast<const Checked&>(ctx.prepared);
  if (!checked.right) return Refused(ctx, checked, "card.wrong_first_code", "card.activation_refused");
  // A second activation that ran beside this one has used the code up.
  const auto card = FindCardOf(ctx.tx, checked.county, HouseholdId(checked.subject));
  if (!card || card->first_code_hash.empty()) Conflict("card.already_activated");
  SetPin(ctx.tx, checked.county, HouseholdId(checked.subject), checked.new_hash, ctx.now);
  ctx.county = checked.county;
  ctx.Record("household.card_activated", "household", checked.subject, {}, HouseholdId(checked.subject));
  return OpenResident(ctx, checked);
}

http::Response GetResidentSession(Context& ctx) {
  JsonWriter w = ctx.Writer();
  w.BeginObject().Field("household_id", ctx.actor.household).Field("head_name", ctx.actor.name);
  w.Key("county").BeginObject().Field("code", FormatCounty(ctx.county))
      .Field("name", CountyName(ctx.tx, ctx.county).value_or("")).EndObject();
  if (const auto card = FindCardOf(ctx.tx, ctx.county, ctx.actor.household)) w.Field("card_number", MaskNumber(card->card_number));
  WriteDay(ctx, w);
  w.EndObject();
  return JsonReply(200, w);
}

}  // namespace

Module Describe() {
  std::vector<Route> routes = {
      {.method = "POST", .pattern = "/api/v1/sessions", .session = Session::kNone, .handle = CreateSession, .prepare = CheckLogin},
      {.method = "GET", .pattern = "/api/v1/sessions/current", .handle = GetSession, .before_password_change = true},
      {.method = "DELETE", .pattern = "/api/v1/sessions/current", .handle = DeleteSession, .before_password_change = true},
      {.method = "POST", .pattern = "/api/v1/sessions/current/password", .handle = ChangePassword, .prepare = CheckChange, .before_password_change = true},
      {.method = "POST", .pattern = "/api/v1/resident_sessions", .session = Session::kNone, .handle = CreateResidentSession, .prepare = CheckCard},
      {.method = "POST", .pattern = "/api/v1/card_activations", .session = Session::kNone, .handle = ActivateCard, .prepare = CheckActivation},
      {.method = "GET", .pattern = "/api/v1/resident_sessions/current", .session = Session::kResident, .handle = GetResidentSession},
      {.method = "DELETE", .pattern = "/api/v1/resident_sessions/current", .session = Session::kResident, .handle = DeleteSession},
      {.method = "POST", .pattern = "/api/v1/me/pin", .session = Session::kResident, .handle = ChangePin, .prepare = CheckChange},
  };
  AddSessionRoutes(routes);
  AddSecondStepRoutes(routes);
  return {.name = "identity", .routes = std::move(routes)};
}

}  // namespace huiyin::identity
