// SPDX-License-Identifier: EUPL-1.2
// Lists and search. Pieces of names and addresses carry the area in their key, so a search
// reads what lies within reach and nothing else; a text of three characters and more is
// found by its first and last pieces and then looked at whole.
#include "core/text.h"
#include "db/many.h"
#include "modules/households/store.h"

namespace huiyin::households {
namespace {

#define SUMMARY_COLUMNS \
  "h.id, h.register_number, h.head_name, h.area_code, h.address, h.people, h.last_visit_at"
constexpr int kSummaryColumns = 7;
// White space in a name or an address is not what one remembers of it.
#define WITHOUT_SPACES(column) "REPLACE(REPLACE(LOWER(" column "), ' ', ''), '\xE3\x80\x80', '')"

constexpr db::Sql kIn{"households.in",
  "SELECT " SUMMARY_COLUMNS " FROM households h "
  "WHERE h.county = $1 AND h.area_code >= $2 AND h.area_code < $3 AND (h.area_code, h.id) > ($4, $5) "
  "AND h.state = 'living' ORDER BY h.area_code, h.id LIMIT $6"};
constexpr db::Sql kSummary{"households.summary",
  "SELECT " SUMMARY_COLUMNS " FROM households h WHERE h.county = $1 AND h.id = $2 AND h.state = 'living'"};
constexpr db::Sql kSummaries{"households.summaries",
  "SELECT " SUMMARY_COLUMNS " FROM households h "
  "WHERE h.county = $1 AND h.id IN (" HUIYIN_MANY ") AND h.state = 'living'"};
constexpr db::Sql kByNumber{"households.by_number",
  "SELECT " SUMMARY_COLUMNS " FROM households h "
  "WHERE h.county = $1 AND h.register_number >= $2 AND h.register_number < $3 "
  "AND h.area_code >= $4 AND h.area_code < $5 AND h.state = 'living' ORDER BY h.register_number LIMIT $6"};

// Pieces within a range that stand for texts with both terms: $2 drives, $7 is looked up.
#define TERM_CONDITIONS(kind)                                                                     \
  "WHERE t.county = $1 AND t.term = $2 AND t.area_code >= $3 AND t.area_code < $4 "               \
  "AND t.kind = '" kind "' AND (t.area_code, t.kind, t.id) > ($5, '" kind "', $6) "               \
  "AND EXISTS (SELECT 1 FROM search_terms u WHERE u.county = t.county AND u.term = $7 "           \
  "AND u.area_code = t.area_code AND u.kind = t.kind AND u.id = t.id) "
#define TERM_ORDER "ORDER BY t.area_code, t.kind, t.id LIMIT $9"

constexpr db::Sql kByPerson{"households.by_person",
  "SELECT " SUMMARY_COLUMNS ", t.area_code, t.id FROM search_terms t "
  "JOIN residents r ON r.county = t.county AND r.id = t.id "
  "JOIN households h ON h.county = r.county AND h.id = r.household_id "
  TERM_CONDITIONS("resident")
  "AND " WITHOUT_SPACES("r.name") " LIKE $8 ESCAPE '\\' "
  // Once a household: by the first of its people who is so named.
  "AND NOT EXISTS (SELECT 1 FROM residents o WHERE o.county = r.county AND o.household_id = r.household_id "
  "AND o.state = 'living' AND o.id < r.id AND " WITHOUT_SPACES("o.name") " LIKE $8 ESCAPE '\\') "
  TERM_ORDER};
constexpr db::Sql kByAddress{"households.by_address",
  "SELECT " SUMMARY_COLUMNS ", t.area_code, t.id FROM search_terms t "
  "JOIN households h ON h.county = t.county AND h.id = t.id "
  TERM_CONDITIONS("household")
  "AND " WITHOUT_SPACES("h.address") " LIKE $8 ESCAPE '\\' "
  "AND NOT EXISTS (SELECT 1 FROM residents o WHERE o.county = h.county AND o.household_id = h.id "
  "AND o.state = 'living' AND " WITHOUT_SPACES("o.name") " LIKE $8 ESCAPE '\\') "
  TERM_ORDER};

#define PERSON_COLUMNS                                                                            \
  "r.id, r.name, r.sex, r.birth_date, r.relation, r.phone, r.id_number_hash, r.household_id, "    \
  "h.register_number, h.head_name, h.area_code, h.address"
#define PERSON_JOIN "JOIN households h ON h.county = r.county AND h.id = r.household_id "

constexpr db::Sql kPeopleByName{"residents.by_name",
  "SELECT " PERSON_COLUMNS " FROM search_terms t JOIN residents r ON r.county = t.county AND r.id = t.id "
  PERSON_JOIN TERM_CONDITIONS("resident")
  "AND " WITHOUT_SPACES("r.name") " LIKE $8 ESCAPE '\\' " TERM_ORDER};
constexpr db::Sql kPeopleOf{"residents.people_of",
  "SELECT " PERSON_COLUMNS " FROM residents r " PERSON_JOIN
  "WHERE r.county = $1 AND r.household_id = $2 AND r.state = 'living' ORDER BY r.birth_date, r.id"};
constexpr db::Sql kNamesakes{"residents.namesakes",
  "SELECT " PERSON_COLUMNS " FROM residents r " PERSON_JOIN
  "WHERE r.county = $1 AND r.name = $2 AND r.state <> 'dead' ORDER BY r.birth_date, r.id LIMIT $3"};
constexpr db::Sql kNamesakesBorn{"residents.namesakes_born",
  "SELECT " PERSON_COLUMNS " FROM residents r " PERSON_JOIN
  "WHERE r.county = $1 AND r.name = $2 AND r.birth_date = $3 AND r.state <> 'dead' ORDER BY r.id LIMIT $4"};
constexpr db::Sql kByIdNumber{"residents.by_id_number",
  "SELECT " PERSON_COLUMNS " FROM residents r " PERSON_JOIN
  "WHERE r.county = $1 AND r.id_number_hash = $2 AND r.state <> 'dead' ORDER BY r.id"};

Summary ReadSummary(const db::Row& row) {
  Summary s;
  s.id = row.Ref<HouseholdId>(0);
  s.register_number = row.View(1);
  s.head_name = row.View(2);
  s.area_code = row.View(3);
  s.address = row.View(4);
  s.people = row.Int(5);
  s.last_visit_at = row.OptAt(6);
  return s;
}

std::pair<Place, Summary> ReadPlaced(const db::Row& row) {
  return {Place{row.Text(kSummaryColumns), row.Text(kSummaryColumns + 1)}, ReadSummary(row)};
}

PersonLine ReadPerson(const db::Row& row) {
  return {row.Ref<ResidentId>(0), row.Text(1), row.Text(2), row.OptDay(3), row.Text(4), row.Text(5), row.Text(6),
          row.Ref<HouseholdId>(7), row.Text(8), row.Text(9), row.Text(10), row.Text(11)};
}

// The condition is on codes after the place, so the place's own area must stay in range.
std::string_view Later(const AreaCode& begin, const AreaCode& after) { return after > begin ? after : begin; }

}  // namespace

std::vector<Summary> HouseholdsIn(db::Tx& tx, County county, const Range& range, const Place& after, int limit) {
  return tx.All(kIn, ReadSummary, county, Later(range.begin, after.area), range.end, after.area,
                db::Blob{after.id}, limit);
}

std::vector<Summary> SummariesOf(db::Tx& tx, County county, std::span<const HouseholdId> ids) {
  std::vector<Summary> summaries;
  db::RowsOfMany(tx, kSummaries, county, ids, [&](const db::Row& row) { summaries.push_back(ReadSummary(row)); });
  return summaries;
}

std::optional<Summary> FindSummary(db::Tx& tx, County county, const HouseholdId& id) {
  return tx.One(kSummary, ReadSummary, county, id);
}

std::vector<Summary> HouseholdsByNumber(db::Tx& tx, County county, const Range& range, std::string_view prefix,
                                        int limit) {
  const std::string end = std::string(prefix) + "\x7f";
  return tx.All(kByNumber, ReadSummary, county, prefix, end, range.begin, range.end, limit);
}

std::optional<Wanted> ReadWanted(std::string_view typed) {
  std::string visible;
  const auto pieces = Bigrams(typed);
  if (pieces.empty()) return std::nullopt;
  const std::string lower = LowerAscii(typed);
  for (std::string_view c : Characters(lower)) {
    if (c != " " && c != "\t" && c != "\n" && c != "\r" && c != "\xE3\x80\x80") visible += c;
  }
  // The last two characters are the rarer half of a Chinese name, so they drive.
  const auto characters = Characters(visible);
  if (characters.size() < 2) return Wanted{visible, visible, "%" + EscapeLike(visible) + "%"};
  const size_t n = characters.size();
  return Wanted{std::string(characters[n - 2]) + std::string(characters[n - 1]),
                std::string(characters[0]) + std::string(characters[1]), "%" + EscapeLike(visible) + "%"};
}

std::vector<std::pair<Place, Summary>> HouseholdsByPerson(db::Tx& tx, County county, const Range& range,
                                                          const Wanted& wanted, const Place& after, int limit) {
  return tx.All(kByPerson, ReadPlaced, county, wanted.first_term, Later(range.begin, after.area), range.end,
                after.area, db::Blob{after.id}, wanted.last_term, wanted.pattern, limit);
}

std::vector<std::pair<Place, Summary>> HouseholdsByAddress(db::Tx& tx, County county, const Range& range,
                                                           const Wanted& wanted, const Place& after, int limit) {
  return tx.All(kByAddress, ReadPlaced, county, wanted.first_term, Later(range.begin, after.area), range.end,
                after.area, db::Blob{after.id}, wanted.last_term, wanted.pattern, limit);
}

std::vector<PersonLine> PeopleByName(db::Tx& tx, County county, const Range& range, const Wanted& wanted,
                                     const Place& after, int limit) {
  return tx.All(kPeopleByName, ReadPerson, county, wanted.first_term, Later(range.begin, after.area), range.end,
                after.area, db::Blob{after.id}, wanted.last_term, wanted.pattern, limit);
}

std::vector<PersonLine> PeopleOf(db::Tx& tx, County county, const HouseholdId& household) {
  return tx.All(kPeopleOf, ReadPerson, county, household);
}

std::vector<PersonLine> Namesakes(db::Tx& tx, County county, std::string_view name,
                                  const std::optional<Date>& born, int limit) {
  if (born) return tx.All(kNamesakesBorn, ReadPerson, county, name, *born, limit);
  return tx.All(kNamesakes, ReadPerson, county, name, limit);
}

std::vector<PersonLine> PeopleByIdNumber(db::Tx& tx, County county, std::string_view hash) {
  return tx.All(kByIdNumber, ReadPerson, county, db::Blob{hash});
}

}  // namespace huiyin::households
