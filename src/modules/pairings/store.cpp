// SPDX-License-Identifier: EUPL-1.2
#include "modules/pairings/store.h"

#include "db/many.h"
#include "platform/changes.h"

namespace huiyin::pairings {
namespace {

constexpr db::Sql kIsPaired{"pairings.is_paired", R"sql(
  SELECT 1 FROM pairings WHERE county = $1 AND officer_id = $2 AND until_on IS NULL AND household_id = $3
)sql"};
constexpr db::Sql kBondsOf{"pairings.bonds_of", R"sql(
  SELECT household_id, officer_id, kind, from_on FROM pairings
   WHERE county = $1 AND officer_id = $2 AND until_on IS NULL ORDER BY household_id
)sql"};
constexpr db::Sql kPairedWith{"pairings.paired_with", R"sql(
  SELECT DISTINCT household_id FROM pairings WHERE county = $1 AND officer_id = $2 AND until_on IS NULL
)sql"};
constexpr db::Sql kEverPairedWith{"pairings.ever_paired_with", R"sql(
  SELECT DISTINCT household_id FROM pairings WHERE county = $1 AND officer_id = $2 ORDER BY household_id
)sql"};
constexpr db::Sql kOfficerOf{"pairings.officer_of", R"sql(
  SELECT household_id, officer_id, kind, from_on FROM pairings
   WHERE county = $1 AND household_id = $2 AND until_on IS NULL AND kind = 'household'
)sql"};
constexpr db::Sql kOfficersOf{"pairings.officers_of",
  "SELECT household_id, officer_id, kind, from_on FROM pairings "
  "WHERE county = $1 AND household_id IN (" HUIYIN_MANY ") AND until_on IS NULL AND kind = 'household'"};
constexpr db::Sql kLoadOf{"pairings.load_of", R"sql(
  SELECT COUNT(*) FROM pairings
   WHERE county = $1 AND officer_id = $2 AND until_on IS NULL AND kind = 'household'
)sql"};

constexpr db::Sql kFind{"pairings.find", R"sql(
  SELECT id, kind, household_id, resident_id, officer_id, from_on, until_on, end_reason, created_at
    FROM pairings WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kCurrentOf{"pairings.current_of", R"sql(
  SELECT id, kind, household_id, resident_id, officer_id, from_on, until_on, end_reason, created_at
    FROM pairings WHERE county = $1 AND household_id = $2 AND until_on IS NULL AND kind = 'household'
)sql"};
constexpr db::Sql kOpenOf{"pairings.open_of", R"sql(
  SELECT id, kind, household_id, resident_id, officer_id, from_on, until_on, end_reason, created_at
    FROM pairings WHERE county = $1 AND household_id = $2 AND until_on IS NULL
   ORDER BY CASE WHEN kind = 'household' THEN 0 ELSE 1 END, id
)sql"};
constexpr db::Sql kOpenBy{"pairings.open_by", R"sql(
  SELECT id, kind, household_id, resident_id, officer_id, from_on, until_on, end_reason, created_at
    FROM pairings WHERE county = $1 AND officer_id = $2 AND until_on IS NULL ORDER BY household_id, id
)sql"};
constexpr db::Sql kInsert{"pairings.insert", R"sql(
  INSERT INTO pairings (county, id, kind, household_id, resident_id, officer_id, from_on, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql"};
constexpr db::Sql kEnd{"pairings.end", R"sql(
  UPDATE pairings SET until_on = $3, end_reason = $4 WHERE county = $1 AND id = $2
)sql"};

constexpr db::Sql kListOfHousehold{"pairings.list_of_household", R"sql(
  SELECT id, kind, household_id, resident_id, officer_id, from_on, until_on, end_reason, created_at
    FROM pairings
   WHERE county = $1 AND household_id = $2 AND ($3 = 1 OR until_on IS NULL) AND (from_on, id) > ($4, $5)
   ORDER BY from_on, id LIMIT $6
)sql"};
constexpr db::Sql kListOfOfficer{"pairings.list_of_officer", R"sql(
  SELECT p.id, p.kind, p.household_id, p.resident_id, p.officer_id, p.from_on, p.until_on, p.end_reason,
         p.created_at
    FROM pairings p JOIN households h ON h.county = p.county AND h.id = p.household_id
   WHERE p.county = $1 AND p.officer_id = $2 AND ($3 = 1 OR p.until_on IS NULL) AND (p.from_on, p.id) > ($4, $5)
     AND h.area_code >= $6 AND h.area_code < $7
   ORDER BY p.from_on, p.id LIMIT $8
)sql"};
constexpr db::Sql kListInArea{"pairings.list_in_area", R"sql(
  SELECT p.id, p.kind, p.household_id, p.resident_id, p.officer_id, p.from_on, p.until_on, p.end_reason,
         p.created_at
    FROM households h JOIN pairings p ON p.county = h.county AND p.household_id = h.id
   WHERE h.county = $1 AND h.area_code >= $2 AND h.area_code < $3
     AND (h.area_code, h.id, p.from_on, p.id) > ($4, $5, $6, $7)
     AND ($8 = 1 OR p.until_on IS NULL) AND (p.kind = $9 OR $9 IS NULL)
   ORDER BY h.area_code, h.id, p.from_on, p.id LIMIT $10
)sql"};
constexpr db::Sql kListBegunBy{"pairings.list_begun_by", R"sql(
  SELECT p.id, p.kind, p.household_id, p.resident_id, p.officer_id, p.from_on, p.until_on, p.end_reason,
         p.created_at
    FROM pairings p JOIN households h ON h.county = p.county AND h.id = p.household_id
   WHERE p.county = $1 AND p.until_on IS NULL AND p.kind = 'household' AND p.from_on <= $2
     AND (p.from_on, p.id) > ($3, $4) AND h.area_code >= $5 AND h.area_code < $6
   ORDER BY p.from_on, p.id LIMIT $7
)sql"};

constexpr db::Sql kCount{"pairings.count", R"sql(
  INSERT INTO pairing_counts (county, area_code, paired) VALUES ($1, $2, $3)
  ON CONFLICT (county, area_code) DO UPDATE SET paired = pairing_counts.paired + excluded.paired
)sql"};
constexpr db::Sql kCounts{"pairings.counts", R"sql(
  SELECT area_code, paired FROM pairing_counts WHERE county = $1
)sql"};
constexpr db::Sql kPairedAreas{"pairings.paired_areas", R"sql(
  SELECT h.area_code, COUNT(*) FROM pairings p
    JOIN households h ON h.county = p.county AND h.id = p.household_id
   WHERE p.county = $1 AND p.until_on IS NULL AND p.kind = 'household' GROUP BY h.area_code
)sql"};
constexpr db::Sql kDropCounts{"pairings.drop_counts", "DELETE FROM pairing_counts WHERE county = $1"};
constexpr db::Sql kCoverageBelow{"pairings.coverage_below", R"sql(
  SELECT a.code, a.name, a.households, COALESCE(c.paired, 0) FROM areas a
    LEFT JOIN pairing_counts c ON c.county = a.county AND c.area_code = a.code
   WHERE a.county = $1 AND a.parent_code = $2 AND a.is_active = 1 ORDER BY a.code
)sql"};
constexpr db::Sql kCoverageOf{"pairings.coverage_of", R"sql(
  SELECT a.code, a.name, a.households, COALESCE(c.paired, 0) FROM areas a
    LEFT JOIN pairing_counts c ON c.county = a.county AND c.area_code = a.code
   WHERE a.county = $1 AND a.code = $2
)sql"};

Pairing ReadPairing(const db::Row& row) {
  return {row.Ref<PairingId>(0), row.Text(1), row.Ref<HouseholdId>(2), row.OptRef<ResidentId>(3),
          row.Ref<OfficerId>(4), row.Day(5), row.OptDay(6), row.Text(7), row.At(8)};
}

Bond ReadBond(const db::Row& row) {
  return {row.Ref<HouseholdId>(0), row.Ref<OfficerId>(1), row.Text(2), row.Day(3)};
}

Coverage ReadCoverage(const db::Row& row) { return {row.Text(0), row.Text(1), row.Int(2), row.Int(3)}; }

void CountIn(db::Tx& tx, County county, AreaCode area, int64_t by) {
  for (; area.size() >= 6; area = org::ParentOf(area)) tx.Run(kCount, county, area, by);
}

}  // namespace

bool IsPaired(db::Tx& tx, County county, const OfficerId& officer, const HouseholdId& household) {
  return tx.Any(kIsPaired, county, officer, household);
}

std::vector<Bond> BondsOf(db::Tx& tx, County county, const OfficerId& officer) {
  return tx.All(kBondsOf, ReadBond, county, officer);
}

std::vector<HouseholdId> EverPairedWith(db::Tx& tx, County county, const OfficerId& officer) {
  return tx.All(kEverPairedWith, [](const db::Row& row) { return row.Ref<HouseholdId>(0); }, county, officer);
}

std::vector<HouseholdId> PairedWith(db::Tx& tx, County county, const OfficerId& officer) {
  return tx.All(kPairedWith, [](const db::Row& row) { return row.Ref<HouseholdId>(0); }, county, officer);
}

std::vector<Bond> OfficersOf(db::Tx& tx, County county, std::span<const HouseholdId> households) {
  std::vector<Bond> bonds;
  db::RowsOfMany(tx, kOfficersOf, county, households, [&](const db::Row& row) { bonds.push_back(ReadBond(row)); });
  return bonds;
}

std::optional<Bond> OfficerOf(db::Tx& tx, County county, const HouseholdId& household) {
  return tx.One(kOfficerOf, ReadBond, county, household);
}

int64_t LoadOf(db::Tx& tx, County county, const OfficerId& officer) { return tx.Number(kLoadOf, county, officer); }

void Add(db::Tx& tx, County county, const PairingId& id, const HouseholdId& household, AreaCode area,
         const OfficerId& officer, Date from, Instant now) {
  Pairing pairing;
  pairing.id = id;
  pairing.household = household;
  pairing.officer = officer;
  pairing.from = from;
  pairing.created_at = now;
  Insert(tx, county, pairing, area);
}

void Moved(db::Tx& tx, County county, const HouseholdId& household, const AreaCode& from, const AreaCode& to) {
  if (!OfficerOf(tx, county, household)) return;
  CountIn(tx, county, from, -1);
  CountIn(tx, county, to, 1);
}

bool Recount(db::Tx& tx, County county) {
  std::map<AreaCode, int64_t> right;
  tx.Rows(kPairedAreas, [&](const db::Row& row) {
    for (AreaCode area = row.Text(0); area.size() >= 6; area = org::ParentOf(area)) right[area] += row.Int(1);
  }, county);
  std::map<AreaCode, int64_t> stored;
  tx.Rows(kCounts, [&](const db::Row& row) {
    if (row.Int(1) != 0) stored[row.Text(0)] = row.Int(1);
  }, county);
  if (right == stored) return false;
  tx.Run(kDropCounts, county);
  for (const auto& [area, paired] : right) tx.Run(kCount, county, area, paired);
  return true;
}

std::optional<Pairing> FindPairing(db::Tx& tx, County county, const PairingId& id) {
  return tx.One(kFind, ReadPairing, county, id);
}

std::optional<Pairing> CurrentOf(db::Tx& tx, County county, const HouseholdId& household) {
  return tx.One(kCurrentOf, ReadPairing, county, household);
}

std::vector<Pairing> OpenOf(db::Tx& tx, County county, const HouseholdId& household) {
  return tx.All(kOpenOf, ReadPairing, county, household);
}

std::vector<Pairing> OpenBy(db::Tx& tx, County county, const OfficerId& officer) {
  return tx.All(kOpenBy, ReadPairing, county, officer);
}

void Insert(db::Tx& tx, County county, const Pairing& pairing, const AreaCode& area) {
  tx.Run(kInsert, county, pairing.id, pairing.kind, pairing.household, pairing.resident, pairing.officer,
         pairing.from, pairing.created_at);
  NoteChanged(tx, county, pairing.household);
  if (pairing.kind == "household") CountIn(tx, county, area, 1);
}

void End(db::Tx& tx, County county, const Pairing& pairing, const AreaCode& area) {
  tx.Run(kEnd, county, pairing.id, pairing.until, pairing.end_reason);
  NoteChanged(tx, county, pairing.household);
  if (pairing.kind == "household") CountIn(tx, county, area, -1);
}

std::vector<Pairing> ListOfHousehold(db::Tx& tx, County county, const HouseholdId& household, const Asked& asked) {
  return tx.All(kListOfHousehold, ReadPairing, county, household, asked.with_ended, asked.after.number,
                asked.after.id, asked.page);
}

std::vector<Pairing> ListOfOfficer(db::Tx& tx, County county, const OfficerId& officer, std::string_view from_area,
                                   std::string_view area_end, const Asked& asked) {
  return tx.All(kListOfOfficer, ReadPairing, county, officer, asked.with_ended, asked.after.number, asked.after.id,
                from_area, area_end, asked.page);
}

std::vector<Pairing> ListInArea(db::Tx& tx, County county, std::string_view area, std::optional<std::string_view> kind,
                                const Asked& asked) {
  const auto last = FindPairing(tx, county, PairingId(asked.after.id));
  const auto home = last ? FindHome(tx, county, last->household) : std::nullopt;
  const auto after = home ? *last : Pairing{};
  return tx.All(kListInArea, ReadPairing, county, area, AreaEnd(area), home ? home->area_code : "", after.household,
                after.from, after.id, asked.with_ended, kind, asked.page);
}

std::vector<Pairing> ListBegunBy(db::Tx& tx, County county, std::string_view area, Date day, const Asked& asked) {
  return tx.All(kListBegunBy, ReadPairing, county, day, asked.after.number, asked.after.id, area, AreaEnd(area),
                asked.page);
}

std::vector<Coverage> CoverageBelow(db::Tx& tx, County county, std::string_view area) {
  auto rows = tx.All(kCoverageBelow, ReadCoverage, county, area);
  if (rows.empty()) rows = tx.All(kCoverageOf, ReadCoverage, county, area);
  return rows;
}

}  // namespace huiyin::pairings
