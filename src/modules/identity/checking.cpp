// SPDX-License-Identifier: EUPL-1.2
#include "modules/identity/checking.h"

#include "core/text.h"
#include "modules/identity/easy_password.h"
#include "modules/identity/store.h"
#include "modules/org/org.h"
#include "platform/attempts.h"
#include "platform/sessions.h"

namespace huiyin::identity {
namespace {

// Verified when nobody has that login, so that the answer takes as long as for one who has.
const std::string& DecoyHash() {
  static const std::string hash = HashPassword("nobody has this password");
  return hash;
}

Checked Unlocked(const Services& services, Checked checked) {
  const Instant now = services.clock.Now();
  services.database.Read([&](db::Tx& tx) {
    attempts::RequireUnlocked(tx, checked.county, checked.account, now);
    attempts::RequireUnlocked(tx, checked.county, checked.address, now);
  });
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

// Empty when it is not there.
std::string MaybeText(const json::object* body, std::string_view name, size_t max_bytes) {
  const json::value* value = body ? body->if_contains(name) : nullptr;
  if (value == nullptr || !value->is_string()) return "";
  if (value->get_string().size() > max_bytes) Invalid(std::string(name), "too_long");
  return std::string(value->get_string());
}

// Who is signed in, with what `change:` tries they have left, and the hash of their password.
struct Own {
  Checked checked;
  OfficerId officer;
  std::string hash;
};
Own OwnSecret(const Services& services, const http::Request& request) {
  const auto token = TokenOf(request);
  if (!token) Unauthenticated();
  const Instant now = services.clock.Now();
  Own own{.checked = {.county = token->county}};
  services.database.Read([&](db::Tx& tx) {
    const auto actor = Authenticate(tx, *token, now);
    if (!actor || !actor->IsOfficer()) Unauthenticated();
    own.officer = actor->officer;
    own.checked.subject = actor->officer;
    own.checked.account = "change:" + FormatUuid(own.checked.subject);
    attempts::RequireUnlocked(tx, own.checked.county, own.checked.account, now);
    if (const auto secret = FindSecretOf(tx, token->county, actor->officer)) own.hash = secret->password_hash;
  });
  return own;
}

}  // namespace

std::string NeedSecret(const json::object* body, std::string_view name, size_t max_bytes) {
  static const json::object kNone;
  const json::value* value = (body ? *body : kNone).if_contains(name);
  if (value == nullptr || !value->is_string() || value->get_string().empty()) Invalid(std::string(name), "required");
  if (value->get_string().size() > max_bytes) Invalid(std::string(name), "too_long");
  return std::string(value->get_string());
}

std::any CheckLogin(const Services& services, const http::Request& request, const json::object* body) {
  const std::string login = LowerAscii(Trim(NeedSecret(body, "login", 200)));
  const std::string password = NeedSecret(body, "password", 1024);
  std::optional<OfficerSecret> secret;
  services.database.Read([&](db::Tx& tx) { secret = FindSecret(tx, login); });
  Checked checked = Unlocked(services, {.account = "login:" + Hex(AsView(Sha256(login))),
                                        .address = "addr:login:" + request.peer,
                                        .county = secret ? secret->county : services.default_county});
  const bool usable = secret && !secret->password_hash.empty();
  checked.right = VerifyPassword(usable ? secret->password_hash : DecoyHash(), password) && usable;
  checked.known = secret.has_value();
  if (!secret) return checked;
  checked.subject = secret->officer;
  if (!checked.right) return checked;
  services.database.Read([&](db::Tx& tx) {
    const auto step = FindSecondStep(tx, secret->county, secret->officer);
    checked.needs_code = step && step->confirmed_at;
  });
  if (checked.needs_code) checked.code = CheckCode(services, secret->county, secret->officer, MaybeText(body, "code", 64));
  return checked;
}

std::any CheckCard(const Services& services, const http::Request& request, const json::object* body) {
  const std::string typed = NeedSecret(body, "card_number", 64);
  const std::string pin = NeedSecret(body, "pin", 64);
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

std::any CheckActivation(const Services& services, const http::Request& request, const json::object* body) {
  const std::string typed = NeedSecret(body, "card_number", 64);
  const std::string code = PlainCode(NeedSecret(body, "first_code", 64));
  const std::string pin = NeedSecret(body, "pin", 64);
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

// Checks the old secret of whoever is signed in, and hashes the new one.
std::any CheckChange(const Services& services, const http::Request& request, const json::object* body) {
  const auto token = TokenOf(request);
  if (!token) Unauthenticated();
  const std::string old_secret = NeedSecret(body, "old", 1024);
  const std::string new_secret = NeedSecret(body, "new", 1024);
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
      const auto officer = org::FindOfficer(tx, token->county, actor->officer);
      if (officer && IsEasyPassword(new_secret, officer->login)) Invalid("new", "too_easy");
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

std::any CheckOwnPassword(const Services& services, const http::Request& request, const json::object* body) {
  const std::string password = NeedSecret(body, "password", 1024);
  Own own = OwnSecret(services, request);
  own.checked.right = !own.hash.empty() && VerifyPassword(own.hash, password);
  return own.checked;
}

std::any CheckOwnCode(const Services& services, const http::Request& request, const json::object* body) {
  const std::string password = NeedSecret(body, "password", 1024);
  const std::string code = NeedSecret(body, "code", 64);
  Own own = OwnSecret(services, request);
  own.checked.right = !own.hash.empty() && VerifyPassword(own.hash, password);
  own.checked.needs_code = true;
  if (own.checked.right) own.checked.code = CheckCode(services, own.checked.county, own.officer, code);
  return own.checked;
}

}  // namespace huiyin::identity
