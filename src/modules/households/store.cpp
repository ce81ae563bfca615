// SPDX-License-Identifier: EUPL-1.2
#include "modules/households/store.h"

namespace huiyin::households {
namespace {

#define HOUSEHOLD_COLUMNS \
  "id, register_number, area_code, address, head_id, head_name, phone, people, state, revision, last_visit_at"

constexpr db::Sql kFind{"households.find",
  "SELECT " HOUSEHOLD_COLUMNS " FROM households WHERE county = $1 AND id = $2"};
constexpr db::Sql kFindByNumber{"households.find_by_number",
  "SELECT " HOUSEHOLD_COLUMNS " FROM households WHERE county = $1 AND register_number = $2"};
constexpr db::Sql kInsert{"households.insert", R"sql(
  INSERT INTO households (county, id, register_number, area_code, address, head_id, head_name, phone, people,
                          state, revision, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
)sql"};
constexpr db::Sql kSave{"households.save", R"sql(
  UPDATE households SET area_code = $3, address = $4, head_id = $5, head_name = $6, phone = $7, people = $8,
                        state = $9, updated_at = $10
   WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kSetRevision{"households.set_revision", R"sql(
  UPDATE households SET revision = $3, updated_at = $4 WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kContent{"households.content", R"sql(
  SELECT content_hash FROM households WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kSetContent{"households.set_content", R"sql(
  UPDATE households SET content_hash = $3 WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kTouch{"households.touch", R"sql(
  UPDATE households SET last_visit_at = $3
   WHERE county = $1 AND id = $2 AND (last_visit_at IS NULL OR last_visit_at < $3)
)sql"};
constexpr db::Sql kLastNumber{"households.last_number", R"sql(
  SELECT register_number FROM households
   WHERE county = $1 AND register_number >= $2 AND register_number < $3
   ORDER BY LENGTH(register_number) DESC, register_number DESC LIMIT 1
)sql"};

constexpr db::Sql kSection{"households.section", R"sql(
  SELECT doc FROM household_sections WHERE county = $1 AND household_id = $2 AND name = $3
)sql"};
constexpr db::Sql kSections{"households.sections", R"sql(
  SELECT name, doc, updated_at, updated_by, visit_id FROM household_sections
   WHERE county = $1 AND household_id = $2
)sql"};
constexpr db::Sql kSaveSection{"households.save_section", R"sql(
  INSERT INTO household_sections (county, household_id, name, doc, updated_at, updated_by, visit_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (county, household_id, name) DO UPDATE SET doc = excluded.doc,
    updated_at = excluded.updated_at, updated_by = excluded.updated_by, visit_id = excluded.visit_id
)sql"};
constexpr db::Sql kAddVersion{"households.add_version", R"sql(
  INSERT INTO section_versions (county, household_id, revision, name, old_doc, new_doc, at, actor_kind,
                                actor_id, unit_id, visit_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
)sql"};

#define VERSION_COLUMNS \
  "revision, name, old_doc, new_doc, at, actor_kind, actor_id, unit_id, visit_id, is_erased"
constexpr db::Sql kVersions{"households.versions",
  "SELECT " VERSION_COLUMNS " FROM section_versions "
  "WHERE county = $1 AND household_id = $2 AND revision < $3 AND (name = $4 OR $4 = '') "
  "ORDER BY revision DESC, name LIMIT $5"};
constexpr db::Sql kVersion{"households.version",
  "SELECT " VERSION_COLUMNS " FROM section_versions "
  "WHERE county = $1 AND household_id = $2 AND revision = $3 AND name = $4"};
constexpr db::Sql kEraseSection{"households.erase_section", R"sql(
  DELETE FROM household_sections WHERE county = $1 AND household_id = $2 AND name = $3
)sql"};
constexpr db::Sql kEraseVersions{"households.erase_versions", R"sql(
  UPDATE section_versions SET old_doc = '{}', new_doc = '{}', is_erased = 1
   WHERE county = $1 AND household_id = $2 AND name = $3
)sql"};

constexpr db::Sql kEvents{"households.events", R"sql(
  SELECT id, act, at, actor_kind, actor_id, unit_id, data FROM events
   WHERE county = $1 AND resource_id = $2 AND id < $3 AND resource = 'household'
     AND act IN ('household.household_created', 'household.section_updated', 'household.resident_added',
                 'household.resident_updated', 'household.life_event', 'household.consent_given',
                 'household.consent_withdrawn', 'household.card_issued', 'household.attachment_added',
                 'household.imported')
   ORDER BY id DESC LIMIT $4
)sql"};

constexpr db::Sql kCard{"households.card", R"sql(
  SELECT issued_at, activated_at FROM household_cards WHERE county = $1 AND household_id = $2
)sql"};
constexpr db::Sql kCardHolder{"households.card_holder", R"sql(
  SELECT county, household_id FROM cards WHERE card_number = $1
)sql"};

#define CONSENT_COLUMNS "section, purpose, purpose_en, how, resident_name, given_at, withdrawn_at"
constexpr db::Sql kConsents{"households.consents",
  "SELECT " CONSENT_COLUMNS " FROM consents WHERE county = $1 AND household_id = $2 ORDER BY section"};
constexpr db::Sql kConsent{"households.consent",
  "SELECT " CONSENT_COLUMNS " FROM consents WHERE county = $1 AND household_id = $2 AND section = $3"};
constexpr db::Sql kSaveConsent{"households.save_consent", R"sql(
  INSERT INTO consents (county, household_id, section, purpose, purpose_en, how, resident_name, given_at,
                        withdrawn_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT (county, household_id, section) DO UPDATE SET purpose = excluded.purpose,
    purpose_en = excluded.purpose_en, how = excluded.how, resident_name = excluded.resident_name,
    given_at = excluded.given_at, withdrawn_at = excluded.withdrawn_at
)sql"};

Household ReadHousehold(const db::Row& row) {
  return {row.Ref<HouseholdId>(0), row.Text(1), row.Text(2), row.Text(3), row.OptRef<ResidentId>(4),
          row.Text(5), row.Text(6), row.Int(7), row.Text(8), row.Int(9), row.OptAt(10)};
}

Version ReadVersion(const db::Row& row) {
  return {row.Int(0), row.Text(1), row.Text(2), row.Text(3), row.At(4), row.Text(5),
          row.OptRef<OfficerId>(6), row.OptRef<UnitId>(7), row.OptRef<VisitId>(8), row.Flag(9)};
}

ConsentRow ReadConsent(const db::Row& row) {
  return {row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.At(5), row.OptAt(6)};
}

std::optional<Sha256Hash> ReadHash(const db::Row& row) {
  const std::string_view bytes = row.View(0);
  Sha256Hash hash{};
  if (bytes.size() != hash.size()) return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

}  // namespace

std::optional<Household> FindHousehold(db::Tx& tx, County county, const HouseholdId& id) {
  return tx.One(kFind, ReadHousehold, county, id);
}

std::optional<Household> FindHouseholdByNumber(db::Tx& tx, County county, std::string_view number) {
  return tx.One(kFindByNumber, ReadHousehold, county, number);
}

void InsertHousehold(db::Tx& tx, County county, const Household& h, Instant now) {
  tx.Run(kInsert, county, h.id, h.register_number, h.area_code, h.address, h.head_id, h.head_name, h.phone,
         h.people, h.state, h.revision, now);
}

void SaveHousehold(db::Tx& tx, County county, const Household& h, Instant now) {
  tx.Run(kSave, county, h.id, h.area_code, h.address, h.head_id, h.head_name, h.phone, h.people, h.state, now);
}

void SetRevision(db::Tx& tx, County county, const HouseholdId& id, int64_t revision, Instant now) {
  tx.Run(kSetRevision, county, id, revision, now);
}

void SetHouseholdContent(db::Tx& tx, County county, const HouseholdId& id, const Sha256Hash& hash) {
  tx.Run(kSetContent, county, id, db::Blob{AsView(hash)});
}

std::optional<Sha256Hash> HouseholdContent(db::Tx& tx, County county, const HouseholdId& id) {
  const auto found = tx.One(kContent, ReadHash, county, id);
  return found ? *found : std::nullopt;
}

void Touch(db::Tx& tx, County county, const HouseholdId& household, Instant visited_at) {
  tx.Run(kTouch, county, household, visited_at);
}

std::string NextRegisterNumber(db::Tx& tx, County county, std::string_view area) {
  const std::string village(area.substr(0, std::min<size_t>(area.size(), 12)));
  const auto last = tx.One(kLastNumber, [](const db::Row& row) { return row.Text(0); }, county, village + "-",
                           village + ".");
  int64_t next = 1;
  if (last) {
    const char* begin = last->data() + village.size() + 1;
    int64_t number = 0;
    std::from_chars(begin, last->data() + last->size(), number);
    next = number + 1;
  }
  return fmt::format("{}-{:04}", village, next);
}

std::string LoadSection(db::Tx& tx, County county, const HouseholdId& household, std::string_view name) {
  return tx.One(kSection, [](const db::Row& row) { return row.Text(0); }, county, household, name)
      .value_or("{}");
}

void SaveSection(db::Tx& tx, County county, const HouseholdId& household, std::string_view name,
                 std::string_view doc, Instant now, std::string_view by, const std::optional<VisitId>& visit) {
  tx.Run(kSaveSection, county, household, name, doc, now, by, visit);
}

void EachSection(db::Tx& tx, County county, const HouseholdId& household,
                 const std::function<void(const SectionRow&)>& each) {
  tx.Rows(kSections, [&each](const db::Row& row) {
    each({row.View(0), row.View(1), row.At(2), row.View(3), row.OptRef<Uuid>(4)});
  }, county, household);
}

void AddVersion(db::Tx& tx, const Actor& actor, County county, const HouseholdId& household, const Version& v) {
  const auto unit = actor.IsOfficer() ? std::optional(actor.unit) : std::nullopt;
  tx.Run(kAddVersion, county, household, v.revision, v.name, v.old_doc, v.new_doc, v.at, actor.KindName(),
         actor.SubjectId(), unit, v.visit);
}

std::vector<Version> Versions(db::Tx& tx, County county, const HouseholdId& household, std::string_view name,
                              int64_t before_revision, int limit) {
  return tx.All(kVersions, ReadVersion, county, household, before_revision, name, limit);
}

std::optional<Version> FindVersion(db::Tx& tx, County county, const HouseholdId& household, int64_t revision,
                                   std::string_view name) {
  return tx.One(kVersion, ReadVersion, county, household, revision, name);
}

void EraseSection(db::Tx& tx, County county, const HouseholdId& household, std::string_view name) {
  tx.Run(kEraseSection, county, household, name);
  tx.Run(kEraseVersions, county, household, name);
}

std::vector<EventRow> Events(db::Tx& tx, County county, const HouseholdId& household,
                             const std::optional<EventId>& before, int limit) {
  Uuid last;
  last.bytes.fill(0xff);
  const auto read = [](const db::Row& row) {
    return EventRow{row.Ref<EventId>(0), row.Text(1), row.At(2), row.Text(3), row.OptRef<OfficerId>(4),
                    row.OptRef<UnitId>(5), row.Text(6)};
  };
  return tx.All(kEvents, read, county, household, before ? static_cast<const Uuid&>(*before) : last, limit);
}

Card FindCard(db::Tx& tx, County county, const HouseholdId& household) {
  return tx.One(kCard, [](const db::Row& row) { return Card{row.OptAt(0), !row.IsNull(1)}; }, county, household)
      .value_or(Card{});
}

std::optional<HouseholdId> FindCardHolder(db::Tx& tx, County county, std::string_view card_number) {
  std::optional<HouseholdId> holder;
  tx.Rows(kCardHolder, [&](const db::Row& row) {
    if (row.Int(0) == county.code) holder = row.Ref<HouseholdId>(1);
  }, card_number);
  return holder;
}

std::vector<ConsentRow> Consents(db::Tx& tx, County county, const HouseholdId& household) {
  return tx.All(kConsents, ReadConsent, county, household);
}

std::optional<ConsentRow> FindConsent(db::Tx& tx, County county, const HouseholdId& household,
                                      std::string_view section) {
  return tx.One(kConsent, ReadConsent, county, household, section);
}

void SaveConsent(db::Tx& tx, County county, const HouseholdId& household, const ConsentRow& c) {
  tx.Run(kSaveConsent, county, household, c.section, c.purpose_zh, c.purpose_en, c.how, c.resident_name,
         c.given_at, c.withdrawn_at);
}

}  // namespace huiyin::households
