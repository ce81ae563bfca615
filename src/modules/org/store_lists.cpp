// SPDX-License-Identifier: EUPL-1.2
#include "core/text.h"
#include "modules/org/store.h"

namespace huiyin::org {
namespace {

constexpr db::Sql kListAreas{"org.list_areas", R"sql(
  SELECT code, name, level, parent_code, households, revision FROM areas
   WHERE county = $1 AND code > $2 AND ($3 = '' OR parent_code = $3) AND ($4 = '' OR level = $4)
     AND ($5 = '' OR name LIKE $5 ESCAPE '\') AND is_active = 1
   ORDER BY code LIMIT $6
)sql"};
constexpr db::Sql kRenameArea{"org.rename_area", R"sql(
  UPDATE areas SET name = $3, revision = $4 WHERE county = $1 AND code = $2
)sql"};
constexpr db::Sql kListUnits{"org.list_units", R"sql(
  SELECT id, name, area_code, parent_id, kind, phone, address, is_active, revision FROM units
   WHERE county = $1 AND area_code >= $2 AND area_code < $3
     AND (area_code > $4 OR (area_code = $4 AND name > $5))
     AND ($6 = '' OR name LIKE $6 ESCAPE '\') AND (is_active = 1 OR $7 = 1)
   ORDER BY area_code, name LIMIT $8
)sql"};
constexpr db::Sql kListOfficers{"org.list_officers", R"sql(
  SELECT o.id, o.name, u.area_code FROM officers o
    JOIN units u ON u.county = o.county AND u.id = o.unit_id
   WHERE o.county = $1 AND (o.name > $2 OR (o.name = $2 AND o.id > $3))
     AND (o.unit_id = $4 OR $4 IS NULL)
     AND ($5 = '' OR o.name LIKE $5 ESCAPE '\' OR o.login LIKE $5 ESCAPE '\')
   ORDER BY o.name, o.id LIMIT $6
)sql"};
constexpr db::Sql kMustChange{"org.must_change_password", R"sql(
  SELECT must_change_password FROM officers WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kUpdateOfficer{"org.update_officer", R"sql(
  UPDATE officers SET unit_id = $3, name = $4, post = $5, post_rank = $6, phone = $7, languages = $8,
                      is_active = $9, revision = $10
   WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kDeleteRole{"org.delete_role", "DELETE FROM roles WHERE county = $1 AND id = $2"};
constexpr db::Sql kOtherAdministrators{"org.other_administrators", R"sql(
  SELECT COUNT(DISTINCT r.officer_id) FROM roles r
    JOIN officers o ON o.county = r.county AND o.id = r.officer_id AND o.is_active = 1
   WHERE r.county = $1 AND r.role = 'administrator' AND r.area_code IN ($2, $3, $4) AND r.officer_id <> $5
)sql"};

std::string Containing(std::string_view q) { return q.empty() ? "" : "%" + EscapeLike(q) + "%"; }

}  // namespace

std::vector<Area> ListAreas(db::Tx& tx, County county, const AreaFilter& filter, int limit) {
  return tx.All(kListAreas, [](const db::Row& row) {
    return Area{row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Int(4), row.Int(5)};
  }, county, filter.after, filter.parent, filter.level, Containing(filter.q), limit);
}

void RenameArea(db::Tx& tx, County county, std::string_view code, std::string_view name, int64_t revision) {
  tx.Run(kRenameArea, county, code, name, revision);
}

std::vector<Unit> ListUnits(db::Tx& tx, County county, const UnitFilter& filter, int limit) {
  // After every code: digits end before ':'.
  const std::string end = filter.area.empty() ? ":" : AreaEnd(filter.area);
  return tx.All(kListUnits, [](const db::Row& row) {
    return Unit{row.Ref<UnitId>(0), row.Text(1), row.Text(2), row.OptRef<UnitId>(3), row.Text(4),
                row.Text(5), row.Text(6), row.Flag(7), row.Int(8)};
  }, county, filter.area, end, filter.after_area, filter.after_name, Containing(filter.q),
                filter.with_closed, limit);
}

std::vector<OfficerPlace> ListOfficersEverywhere(db::Tx& tx, County county, const OfficerFilter& filter, int limit) {
  return tx.All(kListOfficers, [](const db::Row& row) {
    return OfficerPlace{row.Ref<OfficerId>(0), row.Text(1), row.Text(2)};
  }, county, filter.after_name, filter.after, filter.unit, Containing(filter.q), limit);
}

bool MustChangePassword(db::Tx& tx, County county, const OfficerId& officer) {
  return tx.Number(kMustChange, county, officer) != 0;
}

void UpdateOfficer(db::Tx& tx, County county, const Officer& officer) {
  const json::array languages(officer.languages.begin(), officer.languages.end());
  tx.Run(kUpdateOfficer, county, officer.id, officer.unit_id, officer.name, officer.post, officer.post_rank,
         officer.phone, json::serialize(languages), officer.is_active, officer.revision);
}

void DeleteRole(db::Tx& tx, County county, const RoleId& id) { tx.Run(kDeleteRole, county, id); }

int64_t CountOtherAdministrators(db::Tx& tx, County county, const OfficerId& except) {
  const std::string code = FormatCounty(county);
  return tx.Number(kOtherAdministrators, county, code.substr(0, 2), code.substr(0, 4), code, except);
}

}  // namespace huiyin::org
