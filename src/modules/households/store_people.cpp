// SPDX-License-Identifier: EUPL-1.2
#include "core/text.h"
#include "modules/households/store.h"

namespace huiyin::households {
namespace {

#define RESIDENT_COLUMNS                                                                            \
  "id, household_id, name, sex, birth_date, relation, phone, languages, id_number_sealed, "         \
  "id_number_hash, away_place, is_left_behind, is_orphan, is_disabled, is_alone, needs_nursing, "   \
  "note, state, left_on, revision"

constexpr db::Sql kFind{"residents.find",
  "SELECT " RESIDENT_COLUMNS " FROM residents WHERE county = $1 AND id = $2"};
constexpr db::Sql kOfHousehold{"residents.of_household",
  "SELECT " RESIDENT_COLUMNS " FROM residents WHERE county = $1 AND household_id = $2 "
  "ORDER BY CASE state WHEN 'living' THEN 0 ELSE 1 END, CASE relation WHEN 'head' THEN 0 ELSE 1 END, "
  "birth_date, id"};
constexpr db::Sql kLanguagesOfHead{"residents.languages_of_head", R"sql(
  SELECT r.languages FROM households h
    JOIN residents r ON r.county = h.county AND r.id = h.head_id
   WHERE h.county = $1 AND h.id = $2
)sql"};
constexpr db::Sql kInsert{"residents.insert", R"sql(
  INSERT INTO residents (county, id, household_id, name, sex, birth_date, relation, phone, languages,
                         id_number_sealed, id_number_hash, is_away, away_place, is_left_behind, is_orphan,
                         is_disabled, is_alone, needs_nursing, note, state, left_on, revision, content_hash,
                         created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
          $23, $24)
)sql"};
constexpr db::Sql kSave{"residents.save", R"sql(
  UPDATE residents SET household_id = $3, name = $4, sex = $5, birth_date = $6, relation = $7, phone = $8,
         languages = $9, id_number_sealed = $10, id_number_hash = $11, is_away = $12, away_place = $13,
         is_left_behind = $14, is_orphan = $15, is_disabled = $16, is_alone = $17, needs_nursing = $18,
         note = $19, state = $20, left_on = $21, revision = $22
   WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kContent{"residents.content", R"sql(
  SELECT content_hash FROM residents WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kName{"residents.name", R"sql(
  SELECT name FROM residents WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kIsOf{"residents.is_of", R"sql(
  SELECT 1 FROM residents WHERE county = $1 AND id = $2 AND household_id = $3 AND state = 'living'
)sql"};

constexpr db::Sql kInsertLifeEvent{"households.insert_life_event", R"sql(
  INSERT INTO life_events (county, id, household_id, kind, on_day, resident_id, resident_name, new_head_id,
                           new_household_id, from_household_id, members, to_area_code, note, visit_id, is_closing,
                           revision, recorded_at, officer_name, content_hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
)sql"};
constexpr db::Sql kLifeEvent{"households.life_event", R"sql(
  SELECT id, household_id, kind, on_day, resident_id, resident_name, new_head_id, new_household_id,
         from_household_id, members, to_area_code, note, visit_id, is_closing, revision, recorded_at,
         officer_name, content_hash
    FROM life_events WHERE county = $1 AND id = $2
)sql"};

Resident ReadResident(const db::Row& row) {
  Resident r;
  r.id = row.Ref<ResidentId>(0);
  r.household_id = row.Ref<HouseholdId>(1);
  r.name = row.View(2);
  r.sex = row.View(3);
  r.birth_date = row.OptDay(4);
  r.relation = row.View(5);
  r.phone = row.View(6);
  r.languages = row.View(7);
  r.id_number_sealed = row.View(8);
  r.id_number_hash = row.View(9);
  r.away_place = row.View(10);
  r.is_left_behind = row.Flag(11);
  r.is_orphan = row.Flag(12);
  r.is_disabled = row.Flag(13);
  r.is_alone = row.Flag(14);
  r.needs_nursing = row.Flag(15);
  r.note = row.View(16);
  r.state = row.View(17);
  r.left_on = row.OptDay(18);
  r.revision = row.Int(19);
  return r;
}

db::Value BlobOrNull(const std::string& bytes) {
  return bytes.empty() ? db::Value() : db::Value(db::Blob{bytes});
}

}  // namespace

std::optional<Resident> FindResident(db::Tx& tx, County county, const ResidentId& id) {
  return tx.One(kFind, ReadResident, county, id);
}

std::vector<Resident> Residents(db::Tx& tx, County county, const HouseholdId& household) {
  return tx.All(kOfHousehold, ReadResident, county, household);
}

void InsertResident(db::Tx& tx, County county, const Resident& r, const std::optional<Sha256Hash>& content_hash,
                    Instant now) {
  const db::Value hash = content_hash ? db::Value(db::Blob{AsView(*content_hash)}) : db::Value();
  tx.Run(kInsert, county, r.id, r.household_id, r.name, r.sex, r.birth_date, r.relation, r.phone, r.languages,
         BlobOrNull(r.id_number_sealed), BlobOrNull(r.id_number_hash), !r.away_place.empty(), r.away_place,
         r.is_left_behind, r.is_orphan, r.is_disabled, r.is_alone, r.needs_nursing, r.note, r.state, r.left_on,
         r.revision, hash, now);
}

void SaveResident(db::Tx& tx, County county, const Resident& r) {
  tx.Run(kSave, county, r.id, r.household_id, r.name, r.sex, r.birth_date, r.relation, r.phone, r.languages,
         BlobOrNull(r.id_number_sealed), BlobOrNull(r.id_number_hash), !r.away_place.empty(), r.away_place,
         r.is_left_behind, r.is_orphan, r.is_disabled, r.is_alone, r.needs_nursing, r.note, r.state, r.left_on,
         r.revision);
}

std::optional<Sha256Hash> ResidentContent(db::Tx& tx, County county, const ResidentId& id) {
  std::optional<Sha256Hash> hash;
  tx.Rows(kContent, [&hash](const db::Row& row) {
    const std::string_view bytes = row.View(0);
    if (bytes.size() != std::tuple_size_v<Sha256Hash>) return;
    std::copy(bytes.begin(), bytes.end(), hash.emplace().begin());
  }, county, id);
  return hash;
}

std::string LanguageOf(db::Tx& tx, County county, const HouseholdId& household) {
  const auto stored = tx.One(kLanguagesOfHead, [](const db::Row& row) { return row.Text(0); }, county, household);
  const json::value languages = json::parse(stored.value_or("[]"));
  return languages.as_array().empty() ? "" : std::string(languages.as_array()[0].as_string());
}

std::string ResidentName(db::Tx& tx, County county, const ResidentId& id) {
  return tx.One(kName, [](const db::Row& row) { return row.Text(0); }, county, id).value_or("");
}

bool HasResident(db::Tx& tx, County county, const HouseholdId& household, const ResidentId& resident) {
  return tx.Any(kIsOf, county, resident, household);
}

void InsertLifeEvent(db::Tx& tx, County county, const LifeEvent& e) {
  json::array members;
  for (const ResidentId& member : e.members) members.emplace_back(FormatUuid(member));
  tx.Run(kInsertLifeEvent, county, e.id, e.household_id, e.kind, e.date, e.resident_id, e.resident_name,
         e.new_head_id, e.new_household_id, e.from_household_id, json::serialize(members), e.to_area_code, e.note,
         e.visit_id, e.is_closing, e.revision, e.recorded_at, e.officer_name, BlobOrNull(e.content_hash));
}

std::optional<LifeEvent> FindLifeEvent(db::Tx& tx, County county, const Uuid& id) {
  return tx.One(kLifeEvent, [](const db::Row& row) {
    LifeEvent e;
    e.id = row.Key(0);
    e.household_id = row.Ref<HouseholdId>(1);
    e.kind = row.View(2);
    e.date = row.Day(3);
    e.resident_id = row.OptRef<ResidentId>(4);
    e.resident_name = row.View(5);
    e.new_head_id = row.OptRef<ResidentId>(6);
    e.new_household_id = row.OptRef<HouseholdId>(7);
    e.from_household_id = row.OptRef<HouseholdId>(8);
    const json::value members = json::parse(row.View(9));
    for (const json::value& member : members.as_array()) {
      if (const auto uuid = ParseUuid(member.as_string())) e.members.emplace_back(*uuid);
    }
    e.to_area_code = row.View(10);
    e.note = row.View(11);
    e.visit_id = row.OptRef<VisitId>(12);
    e.is_closing = row.Flag(13);
    e.revision = row.Int(14);
    e.recorded_at = row.At(15);
    e.officer_name = row.View(16);
    e.content_hash = row.View(17);
    return e;
  }, county, id);
}

}  // namespace huiyin::households
