// SPDX-License-Identifier: EUPL-1.2
#include "modules/identity/second_step.h"

#include "modules/identity/totp.h"
#include "modules/org/org.h"

namespace huiyin::identity {

TypedCode CheckCode(const Services& services, County county, const OfficerId& officer, std::string_view typed) {
  using Kind = TypedCode::Kind;
  std::string code;
  for (const char c : typed) {
    if (c != ' ') code += c;  // programs show "123 456"
  }
  if (code.empty()) return {};
  const auto recovery = ReadRecoveryCode(code);
  std::optional<SecondStep> step;
  std::optional<std::string> hash;
  services.database.Read([&](db::Tx& tx) {
    step = FindSecondStep(tx, county, officer);
    if (recovery) hash = RecoveryHash(tx, county, officer, recovery->number);
  });
  if (!step) return {.kind = Kind::kWrong};
  if (recovery) {
    const bool is_right = step->confirmed_at && hash && VerifyPassword(*hash, recovery->text);
    return {.kind = is_right ? Kind::kRecovery : Kind::kWrong, .number = recovery->number};
  }
  const auto secret = Unseal(step->secret_sealed, services.field_key);
  if (!secret) throw std::runtime_error("the secret of a second step does not open with this key");
  const auto matched = MatchTotp(*secret, code, services.clock.Now(), step->last_step);
  if (!matched) return {.kind = Kind::kWrong};
  return {.kind = Kind::kTelephone, .step = *matched};
}

bool UseCode(Context& ctx, const OfficerId& officer, const TypedCode& code) {
  switch (code.kind) {
    case TypedCode::Kind::kTelephone: return TakeStep(ctx.tx, ctx.county, officer, code.step);
    case TypedCode::Kind::kRecovery:
      if (!UseRecoveryCode(ctx.tx, ctx.county, officer, code.number, ctx.now)) return false;
      ctx.Record("officer.recovery_code_used", "officer", officer, {{"left", RecoveryCodesLeft(ctx.tx, ctx.county, officer)}});
      return true;
    case TypedCode::Kind::kNone:
    case TypedCode::Kind::kWrong: break;
  }
  return false;
}

bool NeedsSecondStep(db::Tx& tx, County county, const OfficerId& officer) {
  const auto wanted = org::KnownSettings(tx, county).second_step_roles;
  if (wanted.empty()) return false;
  for (const org::RoleRow& row : org::RolesOf(tx, county, officer)) {
    if (std::find(wanted.begin(), wanted.end(), row.held.role) != wanted.end()) return true;
  }
  return false;
}

}  // namespace huiyin::identity
