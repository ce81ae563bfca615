// SPDX-License-Identifier: EUPL-1.2
// One's own second step: begin (the secret is shown), confirm with a code (recovery codes are
// shown), make new recovery codes, take it off; and the administrator's way to take it off for
// an officer who lost the telephone. Whoever changes it says the password again.
#include "modules/identity/checking.h"
#include "modules/identity/routes.h"
#include "modules/identity/store.h"
#include "modules/identity/totp.h"
#include "modules/org/org.h"
#include "platform/attempts.h"
#include "platform/sessions.h"

namespace huiyin::identity {
namespace {

Neighbours neighbours;

// What was made before the transaction: codes and their hashes, ten times as slow as a password.
struct Prepared {
  Checked checked;
  std::vector<std::string> codes;
  std::vector<std::string> hashes;
};

Prepared WithRecoveryCodes(const Services& services, Checked checked) {
  Prepared made{.checked = std::move(checked)};
  for (int number = 0; number < kRecoveryCodes; ++number) {
    made.codes.push_back(NewRecoveryCode(number, services.random));
    made.hashes.push_back(HashPassword(ReadRecoveryCode(made.codes.back())->text));
  }
  return made;
}

std::any PrepareConfirmation(const Services& services, const http::Request& request, const json::object* body) {
  auto checked = std::any_cast<Checked>(CheckOwnCode(services, request, body));
  if (checked.code.kind != TypedCode::Kind::kTelephone) return Prepared{.checked = checked};
  return WithRecoveryCodes(services, checked);
}

std::any PrepareNewCodes(const Services& services, const http::Request& request, const json::object* body) {
  auto checked = std::any_cast<Checked>(CheckOwnCode(services, request, body));
  const auto kind = checked.code.kind;
  if (kind != TypedCode::Kind::kTelephone && kind != TypedCode::Kind::kRecovery) return Prepared{.checked = checked};
  return WithRecoveryCodes(services, checked);
}

http::Response Wrong(Context& ctx, const Checked& checked, std::string field, std::string code) {
  attempts::Failed(ctx.tx, ctx.county, checked.account, ctx.now, attempts::kFreeTriesOfAccount);
  return ProblemReply(Problem(422, "invalid_input", {{std::move(field), std::move(code), ""}}), ctx.request.request_id);
}

http::Response GetSecondStep(Context& ctx) {
  const OfficerId& id = ctx.actor.officer;
  const auto step = FindSecondStep(ctx.tx, ctx.county, id);
  const bool is_on = step && step->confirmed_at;
  JsonWriter w = ctx.Writer();
  w.BeginObject().Field("active", is_on).Field("required", NeedsSecondStep(ctx.tx, ctx.county, id));
  if (is_on) w.Field("since", *step->confirmed_at).Field("recovery_codes_left", RecoveryCodesLeft(ctx.tx, ctx.county, id));
  w.EndObject();
  return JsonReply(200, w);
}

http::Response BeginSetUp(Context& ctx) {
  const auto& checked = std::any_cast<const Checked&>(ctx.prepared);
  if (!checked.right) return Wrong(ctx, checked, "password", "wrong_password");
  const OfficerId& id = ctx.actor.officer;
  const auto known = FindSecondStep(ctx.tx, ctx.county, id);
  if (known && known->confirmed_at) Conflict("second_step.already_on");
  const std::string secret = NewTotpSecret(ctx.random());
  BeginSecondStep(ctx.tx, ctx.county, id, Seal(secret, ctx.services.field_key, ctx.random()), ctx.now);
  const auto officer = org::FindOfficer(ctx.tx, ctx.county, id);
  const std::string address = TotpAddress(secret, officer->login, CountyName(ctx.tx, ctx.county).value_or("") + " 回音");
  JsonWriter w = ctx.Writer();
  w.BeginObject().Field("secret", Base32(secret)).Field("address", address).Key("qr").BeginArray();
  for (const std::string& row : QrRows(address)) w.Value(row);
  w.EndArray().EndObject();
  return JsonReply(201, w);
}

http::Response Codes(Context& ctx, const Prepared& prepared) {
  SaveRecoveryCodes(ctx.tx, ctx.county, ctx.actor.officer, prepared.hashes);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("recovery_codes").BeginArray();
  for (const std::string& code : prepared.codes) w.Value(code);
  w.EndArray().EndObject();
  return JsonReply(201, w);
}

http::Response Confirm(Context& ctx) {
  const auto& prepared = std::any_cast<const Prepared&>(ctx.prepared);
  const Checked& checked = prepared.checked;
  if (!checked.right) return Wrong(ctx, checked, "password", "wrong_password");
  const OfficerId& id = ctx.actor.officer;
  const auto step = FindSecondStep(ctx.tx, ctx.county, id);
  if (!step) Conflict("second_step.not_begun");
  if (step->confirmed_at) Conflict("second_step.already_on");
  if (checked.code.kind != TypedCode::Kind::kTelephone || !UseCode(ctx, id, checked.code)) return Wrong(ctx, checked, "code", "wrong_code");
  attempts::Cleared(ctx.tx, ctx.county, checked.account);
  ConfirmSecondStep(ctx.tx, ctx.county, id, ctx.now);
  // Whoever came in with the password alone is out; this session opens everything from now on.
  if (const auto token = TokenOf(ctx.request)) CloseOtherSessions(ctx.tx, ctx.county, id, *token);
  AllowSessionsOf(ctx.tx, ctx.county, id);
  ctx.Record("officer.second_step_on", "officer", id);
  return Codes(ctx, prepared);
}

// Of one's own second step that is on: 409 when there is none, 422 when a secret was wrong.
std::optional<http::Response> Doubt(Context& ctx, const Checked& checked) {
  if (!checked.right) return Wrong(ctx, checked, "password", "wrong_password");
  const auto step = FindSecondStep(ctx.tx, ctx.county, ctx.actor.officer);
  if (!step || !step->confirmed_at) Conflict("second_step.not_on");
  if (!UseCode(ctx, ctx.actor.officer, checked.code)) return Wrong(ctx, checked, "code", "wrong_code");
  attempts::Cleared(ctx.tx, ctx.county, checked.account);
  return std::nullopt;
}

http::Response NewCodes(Context& ctx) {
  const auto& prepared = std::any_cast<const Prepared&>(ctx.prepared);
  if (auto doubt = Doubt(ctx, prepared.checked)) return *std::move(doubt);
  ctx.Record("officer.recovery_codes_made", "officer", ctx.actor.officer);
  return Codes(ctx, prepared);
}

http::Response Remove(Context& ctx) {
  const auto& checked = std::any_cast<const Checked&>(ctx.prepared);
  if (NeedsSecondStep(ctx.tx, ctx.county, ctx.actor.officer)) Conflict("second_step.required");
  if (auto doubt = Doubt(ctx, checked)) return *std::move(doubt);
  DropSecondStep(ctx.tx, ctx.county, ctx.actor.officer);
  ctx.Record("officer.second_step_off", "officer", ctx.actor.officer);
  return NoContent();
}

http::Response TakeOff(Context& ctx) {
  const org::Officer officer = org::NeedOfficerToEdit(ctx);
  // Two people decide: an administrator who lost the telephone asks another.
  if (officer.id == ctx.actor.officer) Forbidden("officers.not_to_oneself");
  if (!FindSecondStep(ctx.tx, ctx.county, officer.id)) return NoContent();
  DropSecondStep(ctx.tx, ctx.county, officer.id);
  CloseSessionsOf(ctx.tx, ctx.county, officer.id);  // whoever found the telephone has them too
  ctx.Record("officer.second_step_taken_off", "officer", officer.id);
  if (neighbours.tell_second_step_taken_off) neighbours.tell_second_step_taken_off(ctx, officer.id);
  return NoContent();
}

}  // namespace

void Connect(Neighbours given) { neighbours = std::move(given); }

void AddSecondStepRoutes(std::vector<Route>& routes) {
  routes.insert(routes.end(), {
      {.method = "GET", .pattern = "/api/v1/sessions/current/second_step", .handle = GetSecondStep, .before_second_step = true},
      {.method = "POST", .pattern = "/api/v1/sessions/current/second_step", .handle = BeginSetUp, .prepare = CheckOwnPassword,
       .has_secret_reply = true, .before_second_step = true},
      {.method = "POST", .pattern = "/api/v1/sessions/current/second_step/confirmation", .handle = Confirm,
       .prepare = PrepareConfirmation, .has_secret_reply = true, .before_second_step = true},
      {.method = "POST", .pattern = "/api/v1/sessions/current/second_step/recovery_codes", .handle = NewCodes,
       .prepare = PrepareNewCodes, .has_secret_reply = true},
      {.method = "POST", .pattern = "/api/v1/sessions/current/second_step/removal", .handle = Remove, .prepare = CheckOwnCode},
      {.method = "DELETE", .pattern = "/api/v1/officers/{id}/second_step", .action = Action::kOfficersEdit, .handle = TakeOff},
  });
}

}  // namespace huiyin::identity
