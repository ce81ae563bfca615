// SPDX-License-Identifier: EUPL-1.2
// The door of org: areas, units and the officers who work in them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "platform/module.h"

namespace huiyin::org {

Module Describe();

struct CountyName {
  County county;
  std::string name;
  std::string name_en;  // may be empty
};
// Every county of this database, in the order of their codes.
std::vector<CountyName> Counties(db::Tx& tx);

struct Area {
  AreaCode code;
  std::string name;
  std::string level;  // province prefecture county township village group
  AreaCode parent_code;
  int64_t households = 0;
  int64_t revision = 1;
};
// The id an area has in events and in the audit log: its code, packed.
Uuid AreaEventId(std::string_view code);

// The level a code's length stands for (2, 4, 6, 9, 12 or 15 digits); empty for any other.
std::string_view LevelOf(std::string_view code);
// The code of the area above; empty for a province.
AreaCode ParentOf(std::string_view code);

std::optional<Area> FindArea(db::Tx& tx, County county, std::string_view code);
// "云岭县 清水镇 双河村", from the county down; the code itself where an area is unknown.
std::string AreaPath(db::Tx& tx, County county, std::string_view code);
// "清水镇 双河村 一组": below the county, where everything lies in one anyway.
std::string PlaceName(db::Tx& tx, County county, std::string_view code);
std::string AreaName(db::Tx& tx, County county, std::string_view code);
// 422 on `field` when the area is not there.
void RequireArea(db::Tx& tx, County county, std::string_view code, std::string_view field);
// Writes the area, or its new name; returns whether anything changed.
bool SaveArea(db::Tx& tx, County county, const Area& area);
void AddHouseholds(db::Tx& tx, County county, std::string_view code, int64_t by);

struct Unit {
  UnitId id;
  std::string name;
  AreaCode area_code;
  std::optional<UnitId> parent_id;
  std::string kind;
  std::string phone;
  std::string address;
  bool is_active = true;
  int64_t revision = 1;
};
std::optional<Unit> FindUnit(db::Tx& tx, County county, const UnitId& id);
std::optional<Unit> FindUnitByName(db::Tx& tx, County county, std::string_view area, std::string_view name);
// Of every unit, for a page that names most of them.
std::map<Uuid, std::string> UnitNames(db::Tx& tx, County county);
// In every area, the nearest to the county first.
std::vector<Unit> FindUnitsByName(db::Tx& tx, County county, std::string_view name);
std::string UnitName(db::Tx& tx, County county, const UnitId& id);
// 422 on `field` when the unit is not there or closed.
Unit RequireUnit(db::Tx& tx, County county, const UnitId& id, std::string_view field);
void SaveUnit(db::Tx& tx, County county, const Unit& unit);
// The nearest unit above both, by their parents; absent when there is none.
std::optional<UnitId> CommonSuperior(db::Tx& tx, County county, const UnitId& a, const UnitId& b);
// The unit that takes what residents bring by themselves (web, phone) in an area: the
// closest window at or above it, else any at the county.
std::optional<UnitId> IntakeUnit(db::Tx& tx, County county, std::string_view area);

struct Officer {
  OfficerId id;
  UnitId unit_id;
  std::string login;
  std::string name;
  std::string post;
  std::string post_rank = "staff";  // a code of the settings' quotas: leader head staff
  std::string phone;
  std::vector<std::string> languages = {"zh"};
  bool is_active = true;
  int64_t revision = 1;
};
// 2 to 64 of a-z 0-9 . _ -, beginning with a letter or digit.
bool IsLogin(std::string_view text);
struct LoginPlace {
  County county;
  OfficerId officer;
};
// Over the whole installation.
std::optional<LoginPlace> FindLogin(db::Tx& tx, std::string_view login);
std::optional<Officer> FindOfficer(db::Tx& tx, County county, const OfficerId& id);
Officer RequireOfficer(db::Tx& tx, County county, const OfficerId& id, std::string_view field);
std::string OfficerName(db::Tx& tx, County county, const OfficerId& id);
// `password_hash` may be empty: the officer cannot sign in until one is set.
void SaveOfficer(db::Tx& tx, County county, const Officer& officer, std::string_view password_hash,
                 bool must_change_password, Instant now);
void AddRole(db::Tx& tx, County county, const RoleId& id, const OfficerId& officer,
             const HeldRole& role);
// Officers who hold the role over an area that holds `area`, the closest first.
std::vector<OfficerId> OfficersWith(db::Tx& tx, County county, Role role, std::string_view area);
// Officers who hold the role in the unit; without a role, any.
std::vector<OfficerId> OfficersIn(db::Tx& tx, County county, const UnitId& unit, std::optional<Role> role = {});

struct RoleRow {
  RoleId id;
  HeldRole held;
};
std::vector<RoleRow> RolesOf(db::Tx& tx, County county, const OfficerId& officer);
void SetPassword(db::Tx& tx, County county, const OfficerId& officer, std::string_view password_hash,
                 bool must_change);

// The officer in the path, whom the actor may change: an administrator over the officer's unit
// and over every role the officer holds. 404 or 403 otherwise.
Officer NeedOfficerToEdit(Context& ctx);

struct Quota {
  std::string rank, label_zh, label_en;
  int64_t households = 0;
};
struct VisitDuty {
  std::string key, label_zh, label_en;
  std::string whom;  // household orphan
  std::string act;   // visit contact
  int64_t times = 1;
  int64_t months = 12;
};
struct SectionPurpose {
  std::string section;
  bool consent = false;  // kept only while the household consents
  std::string purpose_zh, purpose_en;
};
// A language people are served in; its names are the county's, who knows its dialects.
struct SpokenLanguage {
  std::string code, label_zh, label_en;
};
// How long a kind of record is kept.
struct RetentionPeriod {
  std::string kind;  // matter_contacts matter_texts visit_diaries attachments imports messages operations
  int64_t days = 0;
};
// What a county decides for itself; what it has not decided is as the mission says.
struct CountySettings {
  std::string county_name;
  Zone zone;
  std::vector<Quota> quotas;
  std::vector<VisitDuty> visit_duties;
  std::vector<SectionPurpose> purposes;
  std::vector<SpokenLanguage> languages;
  std::vector<RetentionPeriod> retention;
  int64_t rotation_months = 24;
  int64_t soon_days = 3;
  int64_t silence_days = 15;
  // From how many of each a matter is stuck: units that said it was not theirs, and the
  // resident saying unsolved.
  int64_t stuck_bounces = 2;
  int64_t stuck_reopenings = 2;
  // When nobody's telephone is made to ring, as minutes of the local day; the same twice: never.
  int quiet_from = 21 * 60;
  int quiet_until = 8 * 60;
  // What may be given down to villages: any; where_listed, where the dispatch list says something
  // of such a matter only what it names; only_listed, nothing else ever.
  std::string push_down = "where_listed";
  int64_t pattern_days = 90;  // within which returns are looked at together
  // Whoever holds one of these signs in with a second step, and sets one up before anything else.
  std::vector<Role> second_step_roles;
  int64_t revision = 1;

  // Households an officer of that rank is paired with; 0 for an unknown rank.
  int64_t QuotaOf(std::string_view rank) const;
  bool NeedsConsent(std::string_view section) const;
  // Days that kind is kept; absent for an unknown kind.
  std::optional<int64_t> DaysKept(std::string_view kind) const;
};
CountySettings Settings(db::Tx& tx, County county);
// The same without a copy, for what is asked again and again; holds until the thread asks
// the next time.
const CountySettings& KnownSettings(db::Tx& tx, County county);

// What org must know of modules that stand above it, given by app/wiring.cpp.
struct Neighbours {
  std::function<bool(db::Tx&, County, const UnitId&)> owns_open_matters;
  std::function<int64_t(db::Tx&, County, const OfficerId&)> paired_households;
};
void Connect(Neighbours neighbours);

}  // namespace huiyin::org
