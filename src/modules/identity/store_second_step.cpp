// SPDX-License-Identifier: EUPL-1.2
#include "modules/identity/second_step.h"

namespace huiyin::identity {
namespace {

constexpr db::Sql kFind{"identity.find_second_step", R"sql(
  SELECT secret_sealed, begun_at, confirmed_at, last_step FROM second_steps WHERE county = $1 AND officer_id = $2
)sql"};
constexpr db::Sql kBegin{"identity.begin_second_step", R"sql(
  INSERT INTO second_steps (county, officer_id, secret_sealed, begun_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (county, officer_id) DO UPDATE SET secret_sealed = excluded.secret_sealed, begun_at = excluded.begun_at,
    confirmed_at = NULL, last_step = 0
)sql"};
constexpr db::Sql kConfirm{"identity.confirm_second_step", R"sql(
  UPDATE second_steps SET confirmed_at = $3 WHERE county = $1 AND officer_id = $2
)sql"};
constexpr db::Sql kTakeStep{"identity.take_step", R"sql(
  UPDATE second_steps SET last_step = $3 WHERE county = $1 AND officer_id = $2 AND last_step < $3
)sql"};
constexpr db::Sql kDrop{"identity.drop_second_step", R"sql(
  DELETE FROM second_steps WHERE county = $1 AND officer_id = $2
)sql"};
constexpr db::Sql kDropCodes{"identity.drop_recovery_codes", R"sql(
  DELETE FROM recovery_codes WHERE county = $1 AND officer_id = $2
)sql"};
constexpr db::Sql kSaveCode{"identity.save_recovery_code", R"sql(
  INSERT INTO recovery_codes (county, officer_id, number, code_hash) VALUES ($1, $2, $3, $4)
)sql"};
constexpr db::Sql kCode{"identity.recovery_code", R"sql(
  SELECT code_hash FROM recovery_codes WHERE county = $1 AND officer_id = $2 AND number = $3 AND used_at IS NULL
)sql"};
constexpr db::Sql kUseCode{"identity.use_recovery_code", R"sql(
  UPDATE recovery_codes SET used_at = $4 WHERE county = $1 AND officer_id = $2 AND number = $3 AND used_at IS NULL
)sql"};
constexpr db::Sql kCodesLeft{"identity.recovery_codes_left", R"sql(
  SELECT COUNT(*) FROM recovery_codes WHERE county = $1 AND officer_id = $2 AND used_at IS NULL
)sql"};

}  // namespace

std::optional<SecondStep> FindSecondStep(db::Tx& tx, County county, const OfficerId& officer) {
  return tx.One(kFind, [](const db::Row& row) {
    return SecondStep{row.Text(0), row.At(1), row.OptAt(2), row.Int(3)};
  }, county, officer);
}

void BeginSecondStep(db::Tx& tx, County county, const OfficerId& officer, std::string_view secret_sealed, Instant now) {
  tx.Run(kBegin, county, officer, db::Blob{secret_sealed}, now);
}

void ConfirmSecondStep(db::Tx& tx, County county, const OfficerId& officer, Instant now) {
  tx.Run(kConfirm, county, officer, now);
}

bool TakeStep(db::Tx& tx, County county, const OfficerId& officer, int64_t step) {
  return tx.Run(kTakeStep, county, officer, step) > 0;
}

void DropSecondStep(db::Tx& tx, County county, const OfficerId& officer) {
  tx.Run(kDrop, county, officer);
  tx.Run(kDropCodes, county, officer);
}

void SaveRecoveryCodes(db::Tx& tx, County county, const OfficerId& officer, const std::vector<std::string>& hashes) {
  tx.Run(kDropCodes, county, officer);
  for (size_t number = 0; number < hashes.size(); ++number) tx.Run(kSaveCode, county, officer, number, hashes[number]);
}

std::optional<std::string> RecoveryHash(db::Tx& tx, County county, const OfficerId& officer, int number) {
  return tx.One(kCode, [](const db::Row& row) { return row.Text(0); }, county, officer, number);
}

bool UseRecoveryCode(db::Tx& tx, County county, const OfficerId& officer, int number, Instant now) {
  return tx.Run(kUseCode, county, officer, number, now) > 0;
}

int64_t RecoveryCodesLeft(db::Tx& tx, County county, const OfficerId& officer) {
  return tx.Number(kCodesLeft, county, officer);
}

}  // namespace huiyin::identity
