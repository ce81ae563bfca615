// SPDX-License-Identifier: EUPL-1.2
// All SQL of the register.
#pragma once

#include "modules/households/households.h"
#include "modules/households/sections.h"

namespace huiyin::households {

// --- households, sections and their versions (store.cpp) ---

void InsertHousehold(db::Tx& tx, County county, const Household& household, Instant now);
// Everything but the number and the revision.
void SaveHousehold(db::Tx& tx, County county, const Household& household, Instant now);
void SetRevision(db::Tx& tx, County county, const HouseholdId& id, int64_t revision, Instant now);
// What the request that made it said, to tell a retry from another record of the same id.
void SetHouseholdContent(db::Tx& tx, County county, const HouseholdId& id, const Sha256Hash& hash);
std::optional<Sha256Hash> HouseholdContent(db::Tx& tx, County county, const HouseholdId& id);

std::string LoadSection(db::Tx& tx, County county, const HouseholdId& household, std::string_view name);
void SaveSection(db::Tx& tx, County county, const HouseholdId& household, std::string_view name,
                 std::string_view doc, Instant now, std::string_view by, const std::optional<VisitId>& visit);
struct SectionRow {
  std::string_view name;
  std::string_view doc;
  Instant updated_at;
  std::string_view updated_by;
  std::optional<Uuid> visit_id;
};
// Views last until the next call of `each`.
void EachSection(db::Tx& tx, County county, const HouseholdId& household,
                 const std::function<void(const SectionRow&)>& each);

struct Version {
  int64_t revision = 0;
  std::string name;
  std::string old_doc;
  std::string new_doc;
  Instant at;
  std::string actor_kind;
  std::optional<OfficerId> officer;
  std::optional<UnitId> unit;
  std::optional<VisitId> visit;
  bool is_erased = false;
};
void AddVersion(db::Tx& tx, const Actor& actor, County county, const HouseholdId& household,
                const Version& version);
// Newest first, below `before_revision`; of one section when `name` is not empty.
std::vector<Version> Versions(db::Tx& tx, County county, const HouseholdId& household, std::string_view name,
                              int64_t before_revision, int limit);
std::optional<Version> FindVersion(db::Tx& tx, County county, const HouseholdId& household, int64_t revision,
                                   std::string_view name);
// The section and every version's content; the versions' rows stay.
void EraseSection(db::Tx& tx, County county, const HouseholdId& household, std::string_view name);

struct EventRow {
  EventId id;
  std::string act;
  Instant at;
  std::string actor_kind;
  std::optional<OfficerId> officer;
  std::optional<UnitId> unit;
  std::string data;
};
// What happened to the record (not to its card's PIN), newest first, before the one with this id.
std::vector<EventRow> Events(db::Tx& tx, County county, const HouseholdId& household,
                             const std::optional<EventId>& before, int limit);

struct Card {
  std::optional<Instant> issued_at;
  bool is_activated = false;
};
Card FindCard(db::Tx& tx, County county, const HouseholdId& household);
std::optional<HouseholdId> FindCardHolder(db::Tx& tx, County county, std::string_view card_number);

struct ConsentRow {
  std::string section;
  std::string purpose_zh;
  std::string purpose_en;
  std::string how;
  std::string resident_name;
  Instant given_at;
  std::optional<Instant> withdrawn_at;
};
std::vector<ConsentRow> Consents(db::Tx& tx, County county, const HouseholdId& household);
std::optional<ConsentRow> FindConsent(db::Tx& tx, County county, const HouseholdId& household,
                                      std::string_view section);
void SaveConsent(db::Tx& tx, County county, const HouseholdId& household, const ConsentRow& consent);

// --- fields of the county's own (store_fields.cpp) ---

std::vector<CustomField> CustomFields(db::Tx& tx, County county, std::string_view section);  // "": all
void InsertCustomField(db::Tx& tx, County county, const CustomField& field, Instant now);
std::optional<CustomField> FindCustomField(db::Tx& tx, County county, const FieldId& id);
void RemoveCustomField(db::Tx& tx, County county, const FieldId& id, Instant now);
// Erases values of removed fields, some hundred households a call.
void EraseRemovedFields(db::Tx& tx, County county);

// --- residents (store_people.cpp) ---

struct Resident {
  ResidentId id;
  HouseholdId household_id;
  std::string name;
  std::string sex;
  std::optional<Date> birth_date;
  std::string relation;
  std::string phone;
  std::string languages = "[]";  // JSON
  std::string id_number_sealed;
  std::string id_number_hash;
  std::string away_place;
  bool is_left_behind = false;
  bool is_orphan = false;
  bool is_disabled = false;
  bool is_alone = false;
  bool needs_nursing = false;
  std::string note;
  std::string state = "living";  // living moved dead
  std::optional<Date> left_on;
  int64_t revision = 1;
};
std::optional<Resident> FindResident(db::Tx& tx, County county, const ResidentId& id);
// The living first, the head before the others; then those who left.
std::vector<Resident> Residents(db::Tx& tx, County county, const HouseholdId& household);
void InsertResident(db::Tx& tx, County county, const Resident& resident,
                    const std::optional<Sha256Hash>& content_hash, Instant now);
void SaveResident(db::Tx& tx, County county, const Resident& resident);
std::optional<Sha256Hash> ResidentContent(db::Tx& tx, County county, const ResidentId& id);

// What people and doors are found by. The caller passes the text that was indexed.
void AddNameTerms(db::Tx& tx, County county, const ResidentId& id, std::string_view area, std::string_view name);
void DropNameTerms(db::Tx& tx, County county, const ResidentId& id, std::string_view area, std::string_view name);
void AddAddressTerms(db::Tx& tx, County county, const HouseholdId& id, std::string_view area,
                     std::string_view address);
void DropAddressTerms(db::Tx& tx, County county, const HouseholdId& id, std::string_view area,
                      std::string_view address);
// A piece of a name or an address that `id` is found by.
struct Term {
  std::string_view term;
  std::string_view area;
  bool is_address = false;
  Uuid id;
};
// Those that are there already stay.
void AddTerms(db::Tx& tx, County county, std::span<const Term> terms);
// Of the households from one id to another, those that somebody changed after they were added.
std::vector<HouseholdId> ChangedSinceAdded(db::Tx& tx, County county, const HouseholdId& first, const HouseholdId& last);

struct LifeEvent {
  Uuid id;
  HouseholdId household_id;
  std::string kind;
  Date date;
  std::optional<ResidentId> resident_id;
  std::string resident_name;
  std::optional<ResidentId> new_head_id;
  std::optional<HouseholdId> new_household_id;
  std::optional<HouseholdId> from_household_id;
  std::vector<ResidentId> members;
  AreaCode to_area_code;
  std::string note;
  std::optional<VisitId> visit_id;
  bool is_closing = false;
  int64_t revision = 0;
  Instant recorded_at;
  std::string officer_name;
  std::string content_hash;
};
void InsertLifeEvent(db::Tx& tx, County county, const LifeEvent& event);
std::optional<LifeEvent> FindLifeEvent(db::Tx& tx, County county, const Uuid& id);

// --- lists and search (store_search.cpp) ---

// Codes from `begin` up to, not including, `end`.
struct Range {
  AreaCode begin;
  AreaCode end;
};
// Where a page ends: the next begins behind it.
struct Place {
  AreaCode area;
  std::string id;  // 16 bytes, or none
};
std::vector<Summary> HouseholdsIn(db::Tx& tx, County county, const Range& range, const Place& after, int limit);
// Those that live on, in no order.
std::vector<Summary> SummariesOf(db::Tx& tx, County county, std::span<const HouseholdId> ids);
std::optional<Summary> FindSummary(db::Tx& tx, County county, const HouseholdId& id);
std::vector<Summary> HouseholdsByNumber(db::Tx& tx, County county, const Range& range, std::string_view prefix,
                                        int limit);

// What is typed, taken apart once.
struct Wanted {
  std::string first_term;  // drives the search
  std::string last_term;   // is looked up for each hit
  std::string pattern;  // for LIKE ... ESCAPE '\'
};
// Absent when nothing visible was typed.
std::optional<Wanted> ReadWanted(std::string_view typed);

// Households one of whose people is so named; each once, placed by that person's id.
std::vector<std::pair<Place, Summary>> HouseholdsByPerson(db::Tx& tx, County county, const Range& range,
                                                          const Wanted& wanted, const Place& after, int limit);
// Households at such an address and not found by a person.
std::vector<std::pair<Place, Summary>> HouseholdsByAddress(db::Tx& tx, County county, const Range& range,
                                                           const Wanted& wanted, const Place& after, int limit);

struct PersonLine {
  ResidentId id;
  std::string name;
  std::string sex;
  std::optional<Date> birth_date;
  std::string relation;
  std::string phone;
  std::string id_number_hash;
  HouseholdId household_id;
  std::string register_number;
  std::string head_name;
  AreaCode area_code;
  std::string address;
};
std::vector<PersonLine> PeopleByName(db::Tx& tx, County county, const Range& range, const Wanted& wanted,
                                     const Place& after, int limit);
std::vector<PersonLine> PeopleOf(db::Tx& tx, County county, const HouseholdId& household);
// Of exactly this name; born that day when one is given. The dead left out.
std::vector<PersonLine> Namesakes(db::Tx& tx, County county, std::string_view name,
                                  const std::optional<Date>& born, int limit);
std::vector<PersonLine> PeopleByIdNumber(db::Tx& tx, County county, std::string_view hash);

}  // namespace huiyin::households
