// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/store_identities.h"

#include <cstring>

#include "modules/matters/columns.h"

namespace huiyin::matters {
namespace {

constexpr db::Sql kSealed{"identities.sealed", "SELECT sealed FROM identities WHERE county = $1 AND matter_id = $2"};
constexpr db::Sql kPut{"identities.put", R"sql(
  INSERT INTO identities (county, matter_id, sealed, household_mark, has_contact) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (county, matter_id) DO UPDATE SET sealed = excluded.sealed, household_mark = excluded.household_mark,
    has_contact = excluded.has_contact
)sql"};
constexpr db::Sql kDrop{"identities.drop", "DELETE FROM identities WHERE county = $1 AND matter_id = $2"};
constexpr db::Sql kUnname{"identities.unname_opener", R"sql(
  UPDATE members SET household_id = NULL, contact = '' WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kDropAskingReasons{"identities.drop_asking_reasons", R"sql(
  UPDATE unmaskings SET reason = '', ground = '', note = '' WHERE county = $1 AND matter_id = $2
)sql"};
constexpr db::Sql kDropLookingReasons{"identities.drop_looking_reasons", R"sql(
  UPDATE identity_looks SET reason = '' WHERE county = $1 AND matter_id = $2
)sql"};
constexpr db::Sql kIsMarked{"identities.is_marked", R"sql(
  SELECT 1 FROM identities WHERE county = $1 AND matter_id = $2 AND household_mark = $3
)sql"};
constexpr db::Sql kOfMark{"identities.of_mark",
    "SELECT " HUIYIN_MATTER_COLUMNS " FROM identities i JOIN matters m ON m.county = i.county AND m.id = i.matter_id"
    " WHERE i.county = $1 AND i.household_mark = $2 AND i.household_mark IS NOT NULL ORDER BY m.received_at DESC, m.id DESC"};
constexpr db::Sql kOldContact{"identities.old_contact", R"sql(
  SELECT m.id FROM identities i JOIN matters m ON m.county = i.county AND m.id = i.matter_id
   WHERE i.county = $1 AND i.has_contact = 1 AND m.is_open = 0 AND m.closed_at < $2 LIMIT $3
)sql"};

#define HUIYIN_UNMASKING                                                                                    \
  "SELECT id, matter_id, asked_by, asked_by_unit_id, ground, reason, asked_at, decided_by, decided_at, "    \
  "is_granted, note, rule_key, article, until_at, ended_at, content_hash FROM unmaskings "
constexpr db::Sql kFind{"identities.find_unmasking", HUIYIN_UNMASKING "WHERE county = $1 AND id = $2"};
constexpr db::Sql kOfMatter{"identities.unmaskings_of",
                            HUIYIN_UNMASKING "WHERE county = $1 AND matter_id = $2 ORDER BY asked_at, id"};
constexpr db::Sql kWaiting{"identities.unmaskings_waiting",
    HUIYIN_UNMASKING "WHERE county = $1 AND decided_at IS NULL AND (asked_at, id) > ($2, $3) ORDER BY asked_at, id LIMIT $4"};
constexpr db::Sql kOver{"identities.unmaskings_over",
    HUIYIN_UNMASKING "WHERE county = $1 AND mask_at <= $2 AND mask_at IS NOT NULL ORDER BY mask_at, id LIMIT $3"};
constexpr db::Sql kInsert{"identities.insert_unmasking", R"sql(
  INSERT INTO unmaskings (county, id, matter_id, asked_by, asked_by_unit_id, ground, reason, asked_at, content_hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};
constexpr db::Sql kSave{"identities.save_unmasking", R"sql(
  UPDATE unmaskings SET decided_by = $3, decided_at = $4, is_granted = $5, note = $6, rule_key = $7, article = $8,
    until_at = $9, ended_at = $10, mask_at = $11
   WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kPostpone{"identities.postpone", "UPDATE unmaskings SET mask_at = $3 WHERE county = $1 AND id = $2"};
constexpr db::Sql kInsertLook{"identities.insert_look", R"sql(
  INSERT INTO identity_looks (county, matter_id, id, at, officer_id, unit_id, reason, unmasking_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql"};
constexpr db::Sql kLooks{"identities.looks", R"sql(
  SELECT at, officer_id, unit_id, reason FROM identity_looks WHERE county = $1 AND matter_id = $2 ORDER BY at, id
)sql"};

Unmasking Read(const db::Row& row) {
  Unmasking u;
  u.id = row.Ref<UnmaskingId>(0);
  u.matter = row.Ref<MatterId>(1);
  u.asked_by = row.Ref<OfficerId>(2);
  u.asked_by_unit = row.Ref<UnitId>(3);
  u.ground = row.Text(4);
  u.reason = row.Text(5);
  u.asked_at = row.At(6);
  u.decided_by = row.OptRef<OfficerId>(7);
  u.decided_at = row.OptAt(8);
  if (!row.IsNull(9)) u.is_granted = row.Flag(9);
  u.note = row.Text(10);
  u.rule = row.Text(11);
  u.article = row.Text(12);
  u.until = row.OptAt(13);
  u.ended_at = row.OptAt(14);
  const std::string_view hash = row.View(15);
  std::memcpy(u.content_hash.data(), hash.data(), std::min(hash.size(), u.content_hash.size()));
  return u;
}

}  // namespace

std::optional<std::string> FindSealed(db::Tx& tx, County county, const MatterId& matter) {
  return tx.One(kSealed, [](const db::Row& row) { return row.Text(0); }, county, matter);
}

void PutSealed(db::Tx& tx, County county, const MatterId& matter, const SealedIdentity& identity) {
  tx.Run(kPut, county, matter, db::Blob{identity.sealed}, identity.household_mark, identity.has_contact);
}

void DropSealed(db::Tx& tx, County county, const MatterId& matter) { tx.Run(kDrop, county, matter); }

void DropReasons(db::Tx& tx, County county, const MatterId& matter) {
  for (const db::Sql* sql : {&kDropAskingReasons, &kDropLookingReasons}) tx.Run(*sql, county, matter);
}

void UnnameOpener(db::Tx& tx, County county, const MatterId& matter) { tx.Run(kUnname, county, matter); }

bool IsMarked(db::Tx& tx, County county, const MatterId& matter, std::string_view household_mark) {
  return tx.Any(kIsMarked, county, matter, household_mark);
}

std::vector<Matter> OfMark(db::Tx& tx, County county, std::string_view household_mark) {
  return tx.All(kOfMark, ReadMatter, county, household_mark);
}

std::vector<Uuid> IdentitiesWithOldContact(db::Tx& tx, County county, Instant before, int limit) {
  return tx.All(kOldContact, [](const db::Row& row) { return row.Key(0); }, county, before, limit);
}

std::optional<Unmasking> FindUnmasking(db::Tx& tx, County county, const UnmaskingId& id) {
  return tx.One(kFind, Read, county, id);
}

void InsertUnmasking(db::Tx& tx, County county, const Unmasking& u) {
  tx.Run(kInsert, county, u.id, u.matter, u.asked_by, u.asked_by_unit, u.ground, u.reason, u.asked_at,
         db::Blob{AsView(u.content_hash)});
}

void SaveUnmasking(db::Tx& tx, County county, const Unmasking& u) {
  tx.Run(kSave, county, u.id, u.decided_by, u.decided_at, u.is_granted, u.note, u.rule, u.article, u.until, u.ended_at,
         u.ended_at ? std::nullopt : u.until);
}

std::vector<Unmasking> UnmaskingsOf(db::Tx& tx, County county, const MatterId& matter) {
  return tx.All(kOfMatter, Read, county, matter);
}

std::vector<Unmasking> UnmaskingsWaiting(db::Tx& tx, County county, Instant after_at, const Uuid& after, int limit) {
  return tx.All(kWaiting, Read, county, after_at, after, limit);
}

std::vector<Unmasking> UnmaskingsOver(db::Tx& tx, County county, Instant now, int limit) {
  return tx.All(kOver, Read, county, now, limit);
}

void PostponeMask(db::Tx& tx, County county, const UnmaskingId& id, Instant at) { tx.Run(kPostpone, county, id, at); }

void InsertLook(db::Tx& tx, County county, const MatterId& matter, const Uuid& id, const Look& look,
                const std::optional<UnmaskingId>& unmasking) {
  tx.Run(kInsertLook, county, matter, id, look.at, look.officer, look.unit, look.reason, unmasking);
}

std::vector<Look> LooksOf(db::Tx& tx, County county, const MatterId& matter) {
  return tx.All(kLooks, [](const db::Row& row) {
    return Look{row.At(0), row.Ref<OfficerId>(1), row.Ref<UnitId>(2), row.Text(3)};
  }, county, matter);
}

}  // namespace huiyin::matters
