// SPDX-License-Identifier: EUPL-1.2
#include "modules/identity/store.h"

#include "modules/org/org.h"
#include "platform/sessions.h"

namespace huiyin::identity {
namespace {

constexpr int64_t kFirstCodeLifetimeMs = 90 * kDay;

// Directories by what is typed lie elsewhere than what they name, where there are several machines.
constexpr db::Sql kFindLogin{"identity.find_login", "SELECT county, officer_id FROM logins WHERE login = $1"};
constexpr db::Sql kFindSecretOf{"identity.find_secret_of", R"sql(
  SELECT county, id, password_hash FROM officers WHERE county = $1 AND id = $2 AND is_active = 1
)sql"};
constexpr db::Sql kFindCardNumber{"identity.find_card_number", "SELECT county, household_id FROM cards WHERE card_number = $1"};
constexpr db::Sql kFindCardOf{"identity.find_card_of", R"sql(
  SELECT county, household_id, card_number, pin_hash, first_code_hash, first_code_expires_at
    FROM household_cards WHERE county = $1 AND household_id = $2
)sql"};
constexpr db::Sql kSaveCard{"identity.save_card", R"sql(
  INSERT INTO household_cards (county, household_id, card_number, first_code_hash, first_code_expires_at, issued_at)
  VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (county, household_id) DO UPDATE SET first_code_hash = excluded.first_code_hash,
    first_code_expires_at = excluded.first_code_expires_at, pin_hash = NULL, activated_at = NULL,
    issued_at = excluded.issued_at
)sql"};
constexpr db::Sql kSaveCardNumber{"identity.save_card_number", R"sql(
  INSERT INTO cards (card_number, county, household_id) VALUES ($1, $2, $3)
)sql"};
constexpr db::Sql kSetPin{"identity.set_pin", R"sql(
  UPDATE household_cards SET pin_hash = $3, activated_at = $4, first_code_hash = NULL, first_code_expires_at = NULL
   WHERE county = $1 AND household_id = $2
)sql"};
constexpr db::Sql kCountyName{"identity.county_name", "SELECT name FROM counties WHERE county = $1"};

OfficerSecret ReadSecret(const db::Row& row) {
  return {County{static_cast<int32_t>(row.Int(0))}, row.Ref<OfficerId>(1), row.Text(2)};
}

CardSecret ReadCard(const db::Row& row) {
  return {County{static_cast<int32_t>(row.Int(0))}, row.Ref<HouseholdId>(1), row.Text(2), row.Text(3),
          row.Text(4), row.OptAt(5)};
}

}  // namespace

std::optional<OfficerSecret> FindSecret(db::Tx& tx, std::string_view login) {
  const auto place = tx.One(kFindLogin, [](const db::Row& row) {
    return std::pair(County{static_cast<int32_t>(row.Int(0))}, row.Ref<OfficerId>(1));
  }, login);
  return place ? FindSecretOf(tx, place->first, place->second) : std::nullopt;
}

std::optional<OfficerSecret> FindSecretOf(db::Tx& tx, County county, const OfficerId& officer) {
  return tx.One(kFindSecretOf, ReadSecret, county, officer);
}

void SetPassword(db::Tx& tx, County county, const OfficerId& officer, std::string_view password_hash,
                 bool must_change) {
  org::SetPassword(tx, county, officer, password_hash, must_change);
}

std::optional<CardSecret> FindCard(db::Tx& tx, std::string_view card_number) {
  const auto place = tx.One(kFindCardNumber, [](const db::Row& row) {
    return std::pair(County{static_cast<int32_t>(row.Int(0))}, row.Ref<HouseholdId>(1));
  }, card_number);
  return place ? FindCardOf(tx, place->first, place->second) : std::nullopt;
}

std::optional<CardSecret> FindCardOf(db::Tx& tx, County county, const HouseholdId& household) {
  return tx.One(kFindCardOf, ReadCard, county, household);
}

void SaveCard(db::Tx& tx, County county, const HouseholdId& household, std::string_view card_number,
              std::string_view first_code_hash, Instant expires_at, Instant now) {
  const bool is_new = !FindCardOf(tx, county, household);
  tx.Run(kSaveCard, county, household, card_number, first_code_hash, expires_at, now);
  if (is_new) tx.Run(kSaveCardNumber, card_number, county, household);
}

std::string IssueCard(Context& ctx, const HouseholdId& household, std::string_view first_code_hash) {
  const auto known = FindCardOf(ctx.tx, ctx.county, household);
  const std::string number =
      known ? known->card_number : FormatCounty(ctx.county) + "-" + NewNumber(ctx.random());
  SaveCard(ctx.tx, ctx.county, household, number, first_code_hash, ctx.now + kFirstCodeLifetimeMs, ctx.now);
  CloseSessionsOf(ctx.tx, ctx.county, household);
  ctx.Record("household.card_issued", "household", household, {}, household);
  return number;
}

void SetPin(db::Tx& tx, County county, const HouseholdId& household, std::string_view pin_hash, Instant now) {
  tx.Run(kSetPin, county, household, pin_hash, now);
}

std::optional<std::string> ReadCardNumber(std::string_view text) {
  if (text.size() < 7) return std::nullopt;
  const auto county = ParseCounty(text.substr(0, 6));
  if (!county) return std::nullopt;
  const auto number = ReadNumber(text.substr(6));
  if (!number) return std::nullopt;
  return FormatCounty(*county) + "-" + *number;
}

std::optional<std::string> CountyName(db::Tx& tx, County county) {
  return tx.One(kCountyName, [](const db::Row& row) { return row.Text(0); }, county);
}

}  // namespace huiyin::identity
