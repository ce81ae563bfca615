// SPDX-License-Identifier: EUPL-1.2
#include "core/text.h"
#include "modules/identity/store.h"
#include "modules/org/org.h"
#include "modules/terms/terms.h"
#include "platform/attempts.h"
#include "platform/sessions.h"

namespace huiyin::identity {
namespace {

// What the slow step found out; the transaction after it decides and writes it down.
struct Checked {
  std::string account;      // attempts' subject
  std::string address;
  County county;
  Uuid subject;
  bool known = false;
  bool right = false;
  bool not_activated = false;
  std::string new_hash;     // of the new password or PIN, when one was given
};

// Verified when nobody has that login, so that the answer takes as long as for one who has.
const std::string& DecoyHash() {
  static const std::string hash = HashPassword("nobody has this password");
  return hash;
}

std::string Reading(const json::object* body, std::string_view name, size_t max_bytes) {
  static const json::object kNone;
  const json::value* value = (body ? *body : kNone).if_contains(name);
  if (value == nullptr || !value->is_string() || value->get_string().empty()) Invalid(std::string(name), "required");
  if (value->get_string().size() > max_bytes) Invalid(std::string(name), "too_long");
  return std::string(value->get_string());
}

Checked Unlocked(const Services& services, Checked checked) {
  const Instant now = services.clock.Now();
  services.database.Read([&](db::Tx& tx) {
    attempts::RequireUnlocked(tx, checked.county, checked.account, now);
    attempts::RequireUnlocked(tx, checked.county, checked.address, now);
  });
  return checked;
}

std::any CheckLogin(const Services& services, const http::Request& request, const json::object* body) {
  const std::string login = LowerAscii(Trim(Reading(body, "login", 200)));
  const std::string password = Reading(body, "password", 1024);
  std::optional<OfficerSecret> secret;
  services.database.Read([&](db::Tx& tx) { secret = FindSecret(tx, login); });
  Checked checked = Unlocked(services, {.account = "login:" + Hex(AsView(Sha256(login))),
                                        .address = "addr:login:" + request.peer,
                                        .county = secret ? secret->county : services.default_county});
  const bool usable = secret && !secret->password_hash.empty();
  checked.right = VerifyPassword(usable ? secret->password_hash : DecoyHash(), password) && usable;
  checked.known = secret.has_value();
  if (secret) checked.subject = secret->officer;
  return checked;
}

std::any CheckCard(const Services& services, const http::Request& request, const json::object* body) {
  const std::string typed = Reading(body, "card_number", 64);
  const std::string pin = Reading(body, "pin", 64);
  const auto number = ReadCardNumber(typed);
  if (!number) Invalid("card_number", "not_a_card_number");
  std::optional<CardSecret> card;
  services.database.Read([&](db::Tx& tx) { card = FindCard(tx, *number); });
  Checked checked = Unlocked(services, {.account = "card:" + *number, .address = "addr:card:" + request.peer,
                                        .county = card ? card->county : services.default_county});
  const bool usable = card && !card->pin_hash.empty();
  checked.right = VerifyPassword(usable ? card->pin_hash : DecoyHash(), pin) && usable;
  checked.not_activated = card && card->pin_hash.empty() && !card->first_code_hash.empty();
  checked.known = card.has_value();
  if (card) checked.subject = card->household;
  return checked;
}

bool IsWeakPin(std::string_view pin) {
  bool same = true;
  bool up = true;
  bool down = true;
  for (size_t i = 1; i < pin.size(); ++i) {
    same &= pin[i] == pin[0];
    up &= pin[i] == pin[i - 1] + 1;
    down &= pin[i] == pin[i - 1] - 1;
  }
  return same || up || down;
}

void RequireGoodPin(std::string_view pin, std::string_view field) {
  const bool digits = std::all_of(pin.begin(), pin.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || pin.size() < 6 || pin.size() > 12) Invalid(std::string(field), "not_a_pin", "6 to 12 digits");
  if (IsWeakPin(pin)) Invalid(std::string(field), "too_easy");
}

// Digits only, as the slip groups them for reading.
std::string PlainCode(std::string_view code) {
  std::string digits;
  for (char c : code) {
    if (c >= '0' && c <= '9') digits += c;
  }
  return digits;
}

std::any CheckActivation(const Services& services, const http::Request& request, const json::object* body) {
  const std::string typed = Reading(body, "card_number", 64);
  const std::string code = PlainCode(Reading(body, "first_code", 64));
  const std::string pin = Reading(body, "pin", 64);
  const auto number = ReadCardNumber(typed);
  if (!number) Invalid("card_number", "not_a_card_number");
  RequireGoodPin(pin, "pin");
  std::optional<CardSecret> card;
  services.database.Read([&](db::Tx& tx) { card = FindCard(tx, *number); });
  Checked checked = Unlocked(services, {.account = "card:" + *number, .address = "addr:card:" + request.peer,
                                        .county = card ? card->county : services.default_county});
  const bool usable = card && !card->first_code_hash.empty() && card->first_code_expires_at &&
                      *card->first_code_expires_at > services.clock.Now();
  checked.right = VerifyPassword(usable ? card->first_code_hash : DecoyHash(), code) && usable;
  checked.known = card.has_value();
  if (card) checked.subject = card->household;
  if (checked.right) checked.new_hash = HashPassword(pin);
  return checked;
}

http::Response Refused(Context& ctx, const Checked& checked, std::string code, std::string_view act) {
  attempts::Failed(ctx.tx, checked.county, checked.account, ctx.now, attempts::kFreeTriesOfAccount);
  attempts::Failed(ctx.tx, checked.county, checked.address, ctx.now, attempts::kFreeTriesOfAddress);
  AuditEntry entry{.act = std::string(act), .resource = "session"};
  if (checked.known) entry.resource_id = checked.subject;
  ctx.county = checked.county;
  ctx.Audit(entry);
  return ProblemReply(Problem(401, std::move(code)), ctx.request.request_id);
}

http::Response Opened(Context& ctx, const std::string& token, int64_t lifetime_ms, JsonWriter& w) {
  const bool web = ctx.request.Header("x-huiyin") == "web";
  if (!web) w.Field("token", token);
  w.Field("expires_at", ctx.now + lifetime_ms).EndObject();
  http::Response response = JsonReply(201, w);
  if (web) {
    response.headers.emplace_back(
        "Set-Cookie", fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", kSessionCookie, token,
                                  lifetime_ms / kSecond, ctx.services.cookies_need_https ? "; Secure" : ""));
  }
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
  ctx.county = checked.county;
  attempts::Cleared(ctx.tx, ctx.county, checked.account);
  const OfficerId id(checked.subject);
  ctx.actor.kind = Actor::Kind::kOfficer;
  ctx.actor.officer = id;
  const auto officer = org::FindOfficer(ctx.tx, ctx.county, id);
  ctx.actor.unit = officer->unit_id;
  const std::string token =
      OpenSession(ctx.tx, ctx.county, "officer", id, ctx.now, kOfficerSessionMs, ctx.request.peer, ctx.random());
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
  WriteDay(ctx, w);
  w.EndObject();
  return JsonReply(200, w);
}

http::Response DeleteSession(Context& ctx) {
  if (const auto token = TokenOf(ctx.request)) CloseSession(ctx.tx, *token);
  ctx.Audit({.act = "session.closed", .resource = "session", .resource_id = ctx.actor.SubjectId()});
  http::Response response = NoContent();
  response.headers.emplace_back(
      "Set-Cookie", fmt::format("{}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0", kSessionCookie));
  return response;
}

// Checks the old secret of whoever is signed in, and hashes the new one.
std::any CheckChange(const Services& services, const http::Request& request, const json::object* body) {
  const auto token = TokenOf(request);
  if (!token) Unauthenticated();
  const std::string old_secret = Reading(body, "old", 1024);
  const std::string new_secret = Reading(body, "new", 1024);
  const Instant now = services.clock.Now();
  Checked checked{.county = token->county};
  std::string hash;
  services.database.Read([&](db::Tx& tx) {
    const auto actor = Authenticate(tx, *token, now);
    if (!actor) Unauthenticated();
    checked.subject = *actor->SubjectId();
    checked.account = "change:" + FormatUuid(checked.subject);
    attempts::RequireUnlocked(tx, checked.county, checked.account, now);
    if (actor->IsOfficer()) {
      const auto secret = FindSecretOf(tx, token->county, actor->officer);
      if (secret) hash = secret->password_hash;
      if (CountCharacters(new_secret) < 10) Invalid("new", "too_short", "10");
      if (new_secret == old_secret) Invalid("new", "unchanged");
    } else {
      const auto card = FindCardOf(tx, token->county, actor->household);
      if (card) hash = card->pin_hash;
      RequireGoodPin(new_secret, "new");
    }
  });
  checked.right = !hash.empty() && VerifyPassword(hash, old_secret);
  if (checked.right) checked.new_hash = HashPassword(new_secret);
  return checked;
}

http::Response RefusedChange(Context& ctx, const Checked& checked) {
  attempts::Failed(ctx.tx, ctx.county, checked.account, ctx.now, attempts::kFreeTriesOfAccount);
  return ProblemReply(Problem(422, "invalid_input", {{"old", "wrong_password", ""}}), ctx.request.request_id);
}

http::Response ChangePassword(Context& ctx) {
  const auto& checked = std::any_cast<const Checked&>(ctx.prepared);
  if (!checked.right) return RefusedChange(ctx, checked);
  SetPassword(ctx.tx, ctx.county, ctx.actor.officer, checked.new_hash, false);
  ctx.Record("officer.password_changed", "officer", ctx.actor.officer);
  return NoContent();
}

http::Response ChangePin(Context& ctx) {
  const auto& checked = std::any_cast<const Checked&>(ctx.prepared);
  if (!checked.right) return RefusedChange(ctx, checked);
  SetPin(ctx.tx, ctx.county, ctx.actor.household, checked.new_hash, ctx.now);
  ctx.Record("household.pin_changed", "household", ctx.actor.household, {}, ctx.actor.household);
  return NoContent();
}

http::Response OpenResident(Context& ctx, const Checked& checked) {
  ctx.county = checked.county;
  attempts::Cleared(ctx.tx, ctx.county, checked.account);
  const HouseholdId household(checked.subject);
  ctx.actor.kind = Actor::Kind::kResident;
  ctx.actor.household = household;
  const std::string token = OpenSession(ctx.tx, ctx.county, "resident", household, ctx.now, kResidentSessionMs,
                                        ctx.request.peer, ctx.random());
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
  return {
      .name = "identity",
      .routes = {
          {.method = "POST", .pattern = "/api/v1/sessions", .session = Session::kNone, .handle = CreateSession, .prepare = CheckLogin},
          {.method = "GET", .pattern = "/api/v1/sessions/current", .handle = GetSession, .before_password_change = true},
          {.method = "DELETE", .pattern = "/api/v1/sessions/current", .handle = DeleteSession, .before_password_change = true},
          {.method = "POST", .pattern = "/api/v1/sessions/current/password", .handle = ChangePassword, .prepare = CheckChange, .before_password_change = true},
          {.method = "POST", .pattern = "/api/v1/resident_sessions", .session = Session::kNone, .handle = CreateResidentSession, .prepare = CheckCard},
          {.method = "POST", .pattern = "/api/v1/card_activations", .session = Session::kNone, .handle = ActivateCard, .prepare = CheckActivation},
          {.method = "GET", .pattern = "/api/v1/resident_sessions/current", .session = Session::kResident, .handle = GetResidentSession},
          {.method = "DELETE", .pattern = "/api/v1/resident_sessions/current", .session = Session::kResident, .handle = DeleteSession},
          {.method = "POST", .pattern = "/api/v1/me/pin", .session = Session::kResident, .handle = ChangePin, .prepare = CheckChange},
      },
  };
}

}  // namespace huiyin::identity
