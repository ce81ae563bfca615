// SPDX-License-Identifier: EUPL-1.2
#include "modules/org/org.h"

namespace huiyin::org {
namespace {

constexpr db::Sql kUnitNames{"org.unit_names", "SELECT id, name FROM units WHERE county = $1 ORDER BY id"};
constexpr db::Sql kFindArea{"org.find_area", R"sql(
  SELECT code, name, level, parent_code, households, revision FROM areas WHERE county = $1 AND code = $2
)sql"};
constexpr db::Sql kPlaceNames{"org.place_names", R"sql(
  SELECT name FROM areas WHERE county = $1 AND code IN ($2, $3, $4) ORDER BY code
)sql"};
constexpr db::Sql kPathNames{"org.path_names", R"sql(
  SELECT name FROM areas WHERE county = $1 AND code IN ($2, $3, $4, $5) ORDER BY code
)sql"};
constexpr db::Sql kSaveArea{"org.save_area", R"sql(
  INSERT INTO areas (county, code, name, level, parent_code) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (county, code) DO UPDATE SET name = excluded.name, revision = areas.revision + 1
   WHERE areas.name <> excluded.name
)sql"};
constexpr db::Sql kAddHouseholds{"org.add_households", R"sql(
  UPDATE areas SET households = households + $3 WHERE county = $1 AND code = $2
)sql"};

constexpr db::Sql kFindUnit{"org.find_unit", R"sql(
  SELECT id, name, area_code, parent_id, kind, phone, address, is_active, revision
    FROM units WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kFindUnitByName{"org.find_unit_by_name", R"sql(
  SELECT id, name, area_code, parent_id, kind, phone, address, is_active, revision
    FROM units WHERE county = $1 AND area_code = $2 AND name = $3
)sql"};
constexpr db::Sql kFindUnitsByName{"org.find_units_by_name", R"sql(
  SELECT id, name, area_code, parent_id, kind, phone, address, is_active, revision
    FROM units WHERE county = $1 AND name = $2 ORDER BY area_code
)sql"};
constexpr db::Sql kCountyNames{"org.county_names", "SELECT county, name, name_en FROM counties ORDER BY county"};
constexpr db::Sql kFindLogin{"org.find_login", "SELECT county, officer_id FROM logins WHERE login = $1"};
constexpr db::Sql kSaveUnit{"org.save_unit", R"sql(
  INSERT INTO units (county, id, name, area_code, parent_id, kind, phone, address, is_active, revision)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  ON CONFLICT (county, id) DO UPDATE SET name = excluded.name, area_code = excluded.area_code,
    parent_id = excluded.parent_id, kind = excluded.kind, phone = excluded.phone,
    address = excluded.address, is_active = excluded.is_active, revision = excluded.revision
)sql"};
constexpr db::Sql kServicePoint{"org.service_point", R"sql(
  SELECT id FROM units WHERE county = $1 AND area_code = $2 AND kind = 'window' AND is_active = 1
   ORDER BY id LIMIT 1
)sql"};
constexpr db::Sql kAnyUnit{"org.any_unit", R"sql(
  SELECT id FROM units WHERE county = $1 AND is_active = 1 ORDER BY area_code, id LIMIT 1
)sql"};

constexpr db::Sql kFindOfficer{"org.find_officer", R"sql(
  SELECT id, unit_id, login, name, post, post_rank, phone, languages, is_active, revision
    FROM officers WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kSaveOfficer{"org.save_officer", R"sql(
  INSERT INTO officers (county, id, unit_id, login, name, post, post_rank, phone, languages,
                        password_hash, must_change_password, is_active, revision, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
  ON CONFLICT (county, id) DO UPDATE SET unit_id = excluded.unit_id, name = excluded.name,
    post = excluded.post, post_rank = excluded.post_rank, phone = excluded.phone,
    languages = excluded.languages, is_active = excluded.is_active, revision = excluded.revision
)sql"};
constexpr db::Sql kSaveLogin{"org.save_login", R"sql(
  INSERT INTO logins (login, county, officer_id) VALUES ($1, $2, $3)
)sql"};
constexpr db::Sql kAddRole{"org.add_role", R"sql(
  INSERT INTO roles (county, id, officer_id, role, unit_id, area_code) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (county, officer_id, role, unit_id, area_code) DO NOTHING
)sql"};
constexpr db::Sql kRolesOf{"org.roles_of", R"sql(
  SELECT id, role, unit_id, area_code FROM roles WHERE county = $1 AND officer_id = $2 ORDER BY id
)sql"};
constexpr db::Sql kSetPassword{"org.set_password", R"sql(
  UPDATE officers SET password_hash = $3, must_change_password = $4 WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kOfficersWith{"org.officers_with", R"sql(
  SELECT r.officer_id FROM roles r
    JOIN officers o ON o.county = r.county AND o.id = r.officer_id AND o.is_active = 1
   WHERE r.county = $1 AND r.role = $2 AND r.area_code IN ($3, $4, $5, $6, $7, $8)
   ORDER BY LENGTH(r.area_code) DESC, r.officer_id
)sql"};
constexpr db::Sql kOfficersIn{"org.officers_in", R"sql(
  SELECT DISTINCT r.officer_id FROM roles r
    JOIN officers o ON o.county = r.county AND o.id = r.officer_id AND o.is_active = 1
   WHERE r.county = $1 AND r.unit_id = $2 AND (r.role = $3 OR $3 IS NULL)
   ORDER BY r.officer_id
)sql"};

Area ReadArea(const db::Row& row) {
  return {row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Int(4), row.Int(5)};
}

Unit ReadUnit(const db::Row& row) {
  return {row.Ref<UnitId>(0), row.Text(1), row.Text(2), row.OptRef<UnitId>(3), row.Text(4),
          row.Text(5), row.Text(6), row.Flag(7), row.Int(8)};
}

}  // namespace

std::string_view LevelOf(std::string_view code) {
  for (char c : code) {
    if (c < '0' || c > '9') return "";
  }
  switch (code.size()) {
    case 2: return "province";
    case 4: return "prefecture";
    case 6: return "county";
    case 9: return "township";
    case 12: return "village";
    case 15: return "group";
    default: return "";
  }
}

AreaCode ParentOf(std::string_view code) {
  switch (code.size()) {
    case 4: return AreaCode(code.substr(0, 2));
    case 6: return AreaCode(code.substr(0, 4));
    case 9: return AreaCode(code.substr(0, 6));
    case 12: return AreaCode(code.substr(0, 9));
    case 15: return AreaCode(code.substr(0, 12));
    default: return "";
  }
}

std::vector<CountyName> Counties(db::Tx& tx) {
  return tx.All(kCountyNames, [](const db::Row& row) {
    return CountyName{County{static_cast<int32_t>(row.Int(0))}, row.Text(1), row.Text(2)};
  });
}

std::optional<Area> FindArea(db::Tx& tx, County county, std::string_view code) {
  return tx.One(kFindArea, ReadArea, county, code);
}

std::string AreaName(db::Tx& tx, County county, std::string_view code) {
  const auto area = FindArea(tx, county, code);
  return area ? area->name : std::string(code);
}

// The names of the areas that the code lies in, of these lengths of code, from above.
template <class... Lengths>
std::string NamesAbove(db::Tx& tx, County county, const db::Sql& sql, std::string_view code, Lengths... lengths) {
  const auto part = [code](size_t length) { return code.size() >= length ? code.substr(0, length) : std::string_view(); };
  std::string names;
  tx.Rows(sql, [&names](const db::Row& row) {
    if (!names.empty()) names += ' ';
    names += row.View(0);
  }, county, part(lengths)...);
  return names;
}

std::string AreaPath(db::Tx& tx, County county, std::string_view code) {
  return NamesAbove(tx, county, kPathNames, code, 6, 9, 12, 15);
}

std::string PlaceName(db::Tx& tx, County county, std::string_view code) {
  const std::string place = NamesAbove(tx, county, kPlaceNames, code, 9, 12, 15);
  return place.empty() ? AreaName(tx, county, code) : place;
}

void RequireArea(db::Tx& tx, County county, std::string_view code, std::string_view field) {
  if (!FindArea(tx, county, code)) Invalid(std::string(field), "unknown_area", std::string(code));
}

bool SaveArea(db::Tx& tx, County county, const Area& area) {
  return tx.Run(kSaveArea, county, area.code, area.name, area.level, area.parent_code) > 0;
}

void AddHouseholds(db::Tx& tx, County county, std::string_view code, int64_t by) {
  for (AreaCode at(code); at.size() >= 6; at = ParentOf(at)) tx.Run(kAddHouseholds, county, at, by);
}

std::map<Uuid, std::string> UnitNames(db::Tx& tx, County county) {
  std::map<Uuid, std::string> names;
  tx.Rows(kUnitNames, [&](const db::Row& row) { names.emplace_hint(names.end(), row.Key(0), row.Text(1)); }, county);
  return names;
}

std::optional<Unit> FindUnit(db::Tx& tx, County county, const UnitId& id) {
  return tx.One(kFindUnit, ReadUnit, county, id);
}

std::optional<Unit> FindUnitByName(db::Tx& tx, County county, std::string_view area, std::string_view name) {
  return tx.One(kFindUnitByName, ReadUnit, county, area, name);
}

std::vector<Unit> FindUnitsByName(db::Tx& tx, County county, std::string_view name) {
  return tx.All(kFindUnitsByName, ReadUnit, county, name);
}

std::string UnitName(db::Tx& tx, County county, const UnitId& id) {
  const auto unit = FindUnit(tx, county, id);
  return unit ? unit->name : "";
}

Unit RequireUnit(db::Tx& tx, County county, const UnitId& id, std::string_view field) {
  auto unit = FindUnit(tx, county, id);
  if (!unit || !unit->is_active) Invalid(std::string(field), "unknown_reference");
  return *unit;
}

void SaveUnit(db::Tx& tx, County county, const Unit& unit) {
  tx.Run(kSaveUnit, county, unit.id, unit.name, unit.area_code, unit.parent_id, unit.kind, unit.phone,
         unit.address, unit.is_active, unit.revision);
}

std::optional<UnitId> CommonSuperior(db::Tx& tx, County county, const UnitId& a, const UnitId& b) {
  // A tree of offices is shallow; a loop in bad data must still end.
  constexpr int kDeepest = 12;
  std::vector<UnitId> above_a;
  std::optional<UnitId> at = a;
  for (int i = 0; at && i < kDeepest; ++i) {
    const auto unit = FindUnit(tx, county, *at);
    at = unit ? unit->parent_id : std::nullopt;
    if (at) above_a.push_back(*at);
  }
  at = b;
  for (int i = 0; at && i < kDeepest; ++i) {
    const auto unit = FindUnit(tx, county, *at);
    at = unit ? unit->parent_id : std::nullopt;
    if (at && std::find(above_a.begin(), above_a.end(), *at) != above_a.end()) return at;
  }
  return std::nullopt;
}

std::optional<UnitId> IntakeUnit(db::Tx& tx, County county, std::string_view area) {
  const auto read = [](const db::Row& row) { return row.Ref<UnitId>(0); };
  for (AreaCode at(area.substr(0, std::min<size_t>(area.size(), 9))); at.size() >= 6; at = ParentOf(at)) {
    if (auto unit = tx.One(kServicePoint, read, county, at)) return unit;
  }
  if (auto unit = tx.One(kServicePoint, read, county, FormatCounty(county))) return unit;
  return tx.One(kAnyUnit, read, county);
}

bool IsLogin(std::string_view text) {
  constexpr std::string_view kTaken = "abcdefghijklmnopqrstuvwxyz0123456789._-";
  return text.size() >= 2 && text.size() <= 64 && text.find_first_not_of(kTaken) == std::string_view::npos &&
         text.find_first_of("._-") != 0;
}

std::optional<LoginPlace> FindLogin(db::Tx& tx, std::string_view login) {
  return tx.One(kFindLogin, [](const db::Row& row) {
    return LoginPlace{County{static_cast<int32_t>(row.Int(0))}, row.Ref<OfficerId>(1)};
  }, login);
}

std::optional<Officer> FindOfficer(db::Tx& tx, County county, const OfficerId& id) {
  return tx.One(kFindOfficer, [](const db::Row& row) {
    Officer officer{row.Ref<OfficerId>(0), row.Ref<UnitId>(1), row.Text(2), row.Text(3), row.Text(4),
                    row.Text(5), row.Text(6), {}, row.Flag(8), row.Int(9)};
    officer.languages.clear();
    const json::value languages = json::parse(row.View(7));
    for (const json::value& language : languages.as_array()) {
      officer.languages.emplace_back(language.as_string());
    }
    return officer;
  }, county, id);
}

Officer RequireOfficer(db::Tx& tx, County county, const OfficerId& id, std::string_view field) {
  auto officer = FindOfficer(tx, county, id);
  if (!officer || !officer->is_active) Invalid(std::string(field), "unknown_reference");
  return *officer;
}

std::string OfficerName(db::Tx& tx, County county, const OfficerId& id) {
  const auto officer = FindOfficer(tx, county, id);
  return officer ? officer->name : "";
}

void SaveOfficer(db::Tx& tx, County county, const Officer& officer, std::string_view password_hash,
                 bool must_change_password, Instant now) {
  json::array languages(officer.languages.begin(), officer.languages.end());
  const bool is_new = !FindOfficer(tx, county, officer.id);
  tx.Run(kSaveOfficer, county, officer.id, officer.unit_id, officer.login, officer.name, officer.post,
         officer.post_rank, officer.phone, json::serialize(languages), password_hash,
         must_change_password, officer.is_active, officer.revision, now);
  if (is_new) tx.Run(kSaveLogin, officer.login, county, officer.id);
}

void AddRole(db::Tx& tx, County county, const RoleId& id, const OfficerId& officer, const HeldRole& role) {
  tx.Run(kAddRole, county, id, officer, RoleName(role.role), role.unit, role.area);
}

std::vector<OfficerId> OfficersWith(db::Tx& tx, County county, Role role, std::string_view area) {
  std::array<std::string_view, 6> codes{};
  const std::array<size_t, 6> lengths = {2, 4, 6, 9, 12, 15};
  for (size_t i = 0; i < lengths.size(); ++i) {
    codes[i] = area.size() >= lengths[i] ? area.substr(0, lengths[i]) : std::string_view();
  }
  return tx.All(kOfficersWith, [](const db::Row& row) { return row.Ref<OfficerId>(0); }, county,
                RoleName(role), codes[0], codes[1], codes[2], codes[3], codes[4], codes[5]);
}

std::vector<OfficerId> OfficersIn(db::Tx& tx, County county, const UnitId& unit, std::optional<Role> role) {
  const auto name = role ? std::optional(RoleName(*role)) : std::nullopt;
  return tx.All(kOfficersIn, [](const db::Row& row) { return row.Ref<OfficerId>(0); }, county, unit, name);
}

std::vector<RoleRow> RolesOf(db::Tx& tx, County county, const OfficerId& officer) {
  std::vector<RoleRow> roles;
  tx.Rows(kRolesOf, [&](const db::Row& row) {
    if (const auto role = ParseRole(row.View(1))) {
      roles.push_back({row.Ref<RoleId>(0), {*role, row.Ref<UnitId>(2), row.Text(3)}});
    }
  }, county, officer);
  return roles;
}

void SetPassword(db::Tx& tx, County county, const OfficerId& officer, std::string_view password_hash,
                 bool must_change) {
  tx.Run(kSetPassword, county, officer, password_hash, must_change);
}

}  // namespace huiyin::org
