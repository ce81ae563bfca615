// SPDX-License-Identifier: EUPL-1.2
// The door of households: the register of households and the people in them. Modules that
// know more about a household (who visits it, what it asks for) stand above this one and
// lend it what it shows of theirs through Connect.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/boundaries.h"
#include "platform/module.h"

namespace huiyin::households {

Module Describe();

// A line of a list of households.
struct Summary {
  HouseholdId id;
  std::string register_number;
  std::string head_name;
  AreaCode area_code;
  std::string area_name;
  std::string address;
  int64_t people = 0;
  std::optional<Instant> last_visit_at;
  // What neighbours fill in.
  std::optional<Instant> next_due_at;
  std::string next_due_kind;  // visit promise matter plan
  int64_t open_matters = 0;
  int64_t open_promises = 0;
  std::optional<OfficerId> paired_officer_id;
  std::string paired_officer_name;
  std::optional<Date> paired_since;  // filled in first: what is due may follow from it

  // Keeps the earlier of what is due.
  void Due(Instant at, std::string_view kind) {
    if (next_due_at && *next_due_at <= at) return;
    next_due_at = at;
    next_due_kind = kind;
  }
};

// Lines of a list, to be filled in by what a statement says of all their households.
class Lines {
 public:
  explicit Lines(std::span<Summary> lines);
  std::span<const HouseholdId> households() const { return ids_; }
  std::span<Summary> all() const { return lines_; }
  // Gives the household's line (each of them, should it stand there twice) to `fill`.
  template <class Fill>
  void Of(const HouseholdId& household, Fill fill) const {
    const auto [from, to] = by_id_.equal_range(household);
    for (auto line = from; line != to; ++line) fill(*line->second);
  }

 private:
  std::span<Summary> lines_;
  std::vector<HouseholdId> ids_;
  std::multimap<Uuid, Summary*> by_id_;
};

// A field of its record that a household says is wrong.
struct Correction {
  HouseholdId household;
  AreaCode area_code;
  std::optional<Uuid> id;  // chosen by the household's device
  std::string section;
  std::string field;  // empty: the whole section
  std::string text;
};

struct Household {
  HouseholdId id;
  std::string register_number;
  AreaCode area_code;
  std::string address;
  std::optional<ResidentId> head_id;
  std::string head_name;
  std::string phone;
  int64_t people = 0;
  std::string state;  // living moved ended
  int64_t revision = 1;
  std::optional<Instant> last_visit_at;
};
// Taken along by a phone: with what is looked up on further pages where there is a network.
struct Along {
  bool is_first = false;    // what a phone that has nothing needs first: without older visits and matters that are over
  bool is_partial = false;  // set by whoever left such a thing out
};
// A record that was opened: loaded, and looked at who asks, once for all who write a part of it.
struct Opened {
  const Household& household;
  bool is_related = false;  // the actor is paired with it or handles an open matter of it
  Along* along = nullptr;   // null: on a page of the desk
};

// What a module above lends to the register. Every member may be empty. Called within the
// request's own transaction.
struct Neighbours {
  // Whether the officer who asks is paired with the household, or works in a unit that
  // handles an open matter of it.
  std::function<bool(Context&, const HouseholdId&)> is_related;
  // Further members of the record's object: pairing, visits, matters, promises, ...
  // `pairing` is owed by the module of pairings (null where there is none).
  std::function<void(Context&, const Opened&, JsonWriter&)> write_record;
  // The same for the household's own view.
  std::function<void(Context&, const Household&, JsonWriter&)> write_own;
  // The households an officer is paired with now.
  std::function<std::vector<HouseholdId>(Context&, const OfficerId&)> paired_with;
  // What is due and open, and who is paired, for all lines at once.
  std::function<void(Context&, const Lines&)> fill;
  // Nobody is left (`why` is "ended") or all have moved away ("moved"): what ends with it.
  std::function<void(Context&, const HouseholdId&, Date on, std::string_view why)> on_ended;
  // All of it moved to another area of the county, and lives on there.
  std::function<void(Context&, const HouseholdId&, const AreaCode& from, const AreaCode& to)> on_moved;
  // Whether the visit exists and was to this household.
  std::function<bool(Context&, const HouseholdId&, const VisitId&)> has_visit;
  // Opens a matter with a deadline for a disputed field and answers with its standing.
  std::function<http::Response(Context&, const Correction&)> open_correction;
};
// Called once by each module while the program is wired, before anything is served.
void Connect(Neighbours neighbours);
// Forgets them: tests that wire anew.
void DisconnectAll();
[[nodiscard]] bool IsConnected();

std::optional<Household> FindHousehold(db::Tx& tx, County county, const HouseholdId& id);
std::optional<Household> FindHouseholdByNumber(db::Tx& tx, County county, std::string_view number);
// Does the resident belong to the household and live?
bool HasResident(db::Tx& tx, County county, const HouseholdId& household, const ResidentId& resident);
std::string ResidentName(db::Tx& tx, County county, const ResidentId& resident);
// The language its head wants to be served in, as a tag; empty when nobody said.
std::string LanguageOf(db::Tx& tx, County county, const HouseholdId& household);

enum class Opening { kIdentity, kFull };
// Whether the actor may read the record, for what purpose; notes the read (`act`). Throws
// 422 without a purpose, 403 access.reason_needed, 404 out of reach. Officers only.
Opening RequireRead(Context& ctx, const Household& household, std::string_view purpose,
                    std::string_view reason, std::string_view act = "household.read");
// The same with `purpose` and `reason` taken from the query, and the household looked up.
std::pair<Household, Opening> RequireReadFromQuery(Context& ctx, const HouseholdId& id);
// Whether the actor may change the record: those related to it, and a clerk with a reason
// given in the query (purpose=other&reason=...), which the household reads.
Household RequireEdit(Context& ctx, const HouseholdId& id);
// Whether the household lies where the actor may see it in lists; 404 otherwise. For acts
// that need no look into the record, such as taking a matter.
Household RequireVisible(Context& ctx, const HouseholdId& id);
// Paired, or handling an open matter of it, as the neighbours say.
bool IsRelated(Context& ctx, const HouseholdId& id);

// A visit took place; the latest one counts.
void Touch(db::Tx& tx, County county, const HouseholdId& household, Instant visited_at);

struct NewPerson {
  ResidentId id;
  std::string name;
  std::string sex = "unstated";  // female male unstated
  std::optional<Date> birth_date;
  std::string relation = "other";
  std::string phone;
  std::vector<std::string> languages;
  std::string id_number;          // sealed before it is stored
  std::string away_place;         // where they live now for work or school
  std::vector<std::string> care;  // orphan disabled left_behind_child living_alone needs_nursing
  std::string note;
};
struct NewHousehold {
  HouseholdId id;
  std::string register_number;
  AreaCode area_code;
  std::string address;
  std::string phone;
  std::vector<NewPerson> people;  // the head first
  // Sections by name, as JSON objects already checked (ReadSection), and the optional
  // ones consented to.
  std::vector<std::pair<std::string, std::string>> sections;
  std::vector<std::string> consents;
};
// Writes the record as an officer who is related to it opens it for a visit, to be kept on their
// phone, and notes that read.
void WriteRecord(Context& ctx, const HouseholdId& id, Along& along, JsonWriter& w);
// The next free number of the village: "990101101001-0042".
std::string NextRegisterNumber(db::Tx& tx, County county, std::string_view area);
// Writes the household, its people and what they are found by, and nothing else: imports
// and the demo county add areas' counts (org::AddHouseholds) once for many and say in one
// event what they did. The number must be free (409 conflict otherwise).
void AddHousehold(db::Tx& tx, const Services& services, County county, const NewHousehold& household,
                  Instant now);
void AddResident(db::Tx& tx, const Services& services, County county, const Household& household,
                 const NewPerson& person, Instant now);

// An identity number as it is kept: capital letters, no spaces or dashes, so that the same
// number has the same hash. Absent when it is none; empty stays empty.
std::optional<std::string> NormalIdNumber(std::string_view typed);
// What a file says of a household that is in the register already: blank cells leave what is
// there, people are added and never taken away, and who is head, where it lies and who left
// change by life events only.
struct Merging {
  bool is_same = false;
  std::string refusal;  // other_area other_head household_moved household_ended; empty: it fits
  std::string column;   // which cell is wrong
  std::string detail;
};
Merging Compare(db::Tx& tx, const Services& services, County county, const Household& known,
                const NewHousehold& said);
// Writes what differs. REQUIRES: Compare refused nothing.
void MergeInto(Context& ctx, const Household& known, const NewHousehold& said);

// A household as the import takes it: the living, without identity numbers.
// How to reach somebody, learnt on a visit: of a person, who then lives at that place, or of
// the household. Goes into the record with its history and the visit it came from; what is
// known already changes nothing.
struct Contact {
  std::optional<ResidentId> resident;
  std::string phone;
  std::string place;
};
void TakeContact(Context& ctx, const HouseholdId& household, const Contact& contact, const VisitId& visit);

struct Exported {
  Household household;
  std::vector<NewPerson> people;  // the head first
};
// The households of the area behind `after` (nullptr: from the beginning), in order. For
// exports, which answer for their own access and write down whom they showed.
// The table's first line, and the lines of one household: a person each.
std::string_view ExportHeading();
std::string ExportLines(const Exported& each);
std::vector<Exported> ExportPiece(db::Tx& tx, County county, std::string_view area, const Household* after,
                                  int limit);

// A section's fields as somebody sent them, checked against the table of sections (and the
// county's own fields) and laid over `before`; what is wrong is refused in `fields`.
// Throws 422 boundaries.protected_category. Imports use it for every row.
std::string ReadSection(Context& ctx, std::string_view section, std::string_view before, Fields& fields);
struct FieldName {
  std::string_view section;
  std::string_view field;
  std::string_view type;  // text phone number fen m2 flag choice list
};
// Every field that can be sent, in order: the columns of the import and of the export.
std::vector<FieldName> SectionFieldNames();

}  // namespace huiyin::households
