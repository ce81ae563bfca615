// SPDX-License-Identifier: EUPL-1.2
#include "modules/attachments/store.h"

#include "db/many.h"

namespace huiyin::attachments {
namespace {

constexpr db::Sql kFind{"attachments.find", R"sql(
  SELECT id, sha256, media_type, size, width, height, name, section, household_id, visit_id, matter_id, created_at,
         actor_kind, actor_id
    FROM attachments WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kInsert{"attachments.insert", R"sql(
  INSERT INTO attachments (county, id, sha256, media_type, size, width, height, name, section, household_id, visit_id,
                           matter_id, created_at, actor_kind, actor_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
)sql"};
constexpr db::Sql kSetVisit{"attachments.set_visit", R"sql(
  UPDATE attachments SET visit_id = $3 WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kOfHousehold{"attachments.of_household", R"sql(
  SELECT id, sha256, media_type, size, width, height, name, section, household_id, visit_id, matter_id, created_at,
         actor_kind, actor_id
    FROM attachments
   WHERE county = $1 AND household_id = $2 AND visit_id IS NULL AND matter_id IS NULL ORDER BY created_at, id
)sql"};
constexpr db::Sql kOfVisit{"attachments.of_visit", R"sql(
  SELECT id, sha256, media_type, size, width, height, name, section, household_id, visit_id, matter_id, created_at,
         actor_kind, actor_id
    FROM attachments WHERE county = $1 AND visit_id = $2 ORDER BY created_at, id
)sql"};
constexpr db::Sql kOfVisits{"attachments.of_visits",
  "SELECT id, sha256, media_type, size, width, height, name, section, household_id, visit_id, matter_id, created_at, "
  "actor_kind, actor_id FROM attachments WHERE county = $1 AND visit_id IN (" HUIYIN_MANY ") AND visit_id IS NOT NULL "
  "ORDER BY visit_id, created_at, id"};
constexpr db::Sql kOfMatter{"attachments.of_matter", R"sql(
  SELECT id, sha256, media_type, size, width, height, name, section, household_id, visit_id, matter_id, created_at,
         actor_kind, actor_id
    FROM attachments WHERE county = $1 AND matter_id = $2 ORDER BY created_at, id
)sql"};

Attachment Read(const db::Row& row) {
  Attachment one;
  one.id = row.Ref<AttachmentId>(0);
  const std::string_view hash = row.View(1);
  std::copy_n(hash.begin(), std::min(hash.size(), one.sha256.size()), one.sha256.begin());
  one.media_type = row.Text(2);
  one.size = row.Int(3);
  one.width = row.Int(4);
  one.height = row.Int(5);
  one.caption = row.Text(6);
  one.section = row.Text(7);
  one.household = row.OptRef<HouseholdId>(8);
  one.visit = row.OptRef<VisitId>(9);
  one.matter = row.OptRef<MatterId>(10);
  one.created_at = row.At(11);
  one.actor_kind = row.Text(12);
  if (one.actor_kind == "officer") one.officer = row.OptRef<OfficerId>(13);
  return one;
}

}  // namespace

std::optional<Attachment> FindAttachment(db::Tx& tx, County county, const AttachmentId& id) {
  return tx.One(kFind, Read, county, id);
}

std::optional<Attachment> FindSame(db::Tx& tx, County county, const Attachment& attachment) {
  const auto beside = attachment.visit    ? ListOfVisit(tx, county, *attachment.visit)
                      : attachment.matter ? ListOfMatter(tx, county, *attachment.matter)
                                          : ListOfHousehold(tx, county, *attachment.household);
  for (const Attachment& other : beside) {
    if (other.sha256 == attachment.sha256 && other.section == attachment.section) return other;
  }
  return std::nullopt;
}

void Insert(db::Tx& tx, County county, const Attachment& one) {
  std::optional<Uuid> actor;
  if (one.officer) actor = *one.officer;
  else if (one.household) actor = *one.household;
  tx.Run(kInsert, county, one.id, db::Blob{AsView(one.sha256)}, one.media_type, one.size, one.width, one.height,
         one.caption, one.section, one.household, one.visit, one.matter, one.created_at, one.actor_kind, actor);
}

void SetVisit(db::Tx& tx, County county, const AttachmentId& id, const VisitId& visit) {
  tx.Run(kSetVisit, county, id, visit);
}

std::vector<Attachment> ListOfHousehold(db::Tx& tx, County county, const HouseholdId& household) {
  return tx.All(kOfHousehold, Read, county, household);
}

std::vector<Attachment> ListOfVisit(db::Tx& tx, County county, const VisitId& visit) {
  return tx.All(kOfVisit, Read, county, visit);
}

std::map<Uuid, std::vector<Attachment>> ListOfVisits(db::Tx& tx, County county, std::span<const VisitId> visits) {
  std::map<Uuid, std::vector<Attachment>> pictures;
  db::RowsOfMany(tx, kOfVisits, county, visits, [&](const db::Row& row) {
    Attachment one = Read(row);
    pictures[*one.visit].push_back(std::move(one));
  });
  return pictures;
}

std::vector<Attachment> ListOfMatter(db::Tx& tx, County county, const MatterId& matter) {
  return tx.All(kOfMatter, Read, county, matter);
}

}  // namespace huiyin::attachments
