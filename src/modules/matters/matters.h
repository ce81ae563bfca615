// SPDX-License-Identifier: EUPL-1.2
// The door of matters: what residents ask for, from the first words to their own judgement
// of the answer.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "modules/attachments/attachments.h"
#include "modules/households/households.h"
#include "modules/pairings/pairings.h"
#include "platform/module.h"

namespace huiyin::matters {

Module Describe();

// A matter as somebody brings it. The text is enough.
struct Input {
  std::optional<MatterId> id;  // chosen by whoever made it: a retry is the same matter
  std::string channel = "counter";
  std::string kind;  // empty: help, or complaint when it is about somebody
  std::string text;
  std::string title;
  std::vector<std::string> asks;  // empty: the text is the one ask
  std::string category;
  std::optional<HouseholdId> household;
  std::optional<ResidentId> resident;
  AreaCode area;  // empty: the household's, or the receiving unit's
  std::optional<VisitId> visit;
  std::string contact;  // a JSON object, or empty
  bool anonymous = false;
  bool confidential = false;  // the name is kept apart from the matter
  std::optional<OfficerId> about_officer;
  std::optional<UnitId> about_unit;
  std::string about_text;  // whom it is about, in words
  std::optional<Instant> first_words_at;  // now when absent; the clock starts here
  std::string receipt;                    // made on a phone without a network, as ReadNumber gives it; else one is made
  std::optional<MatterId> follows;        // a concluded one; it says it is about new facts
};
struct Opened {
  MatterId id;
  std::string receipt;
  bool is_new = true;
};
// Opens it in the request's transaction: owner, clock, receipt, event. The same id with
// the same content answers as the first time, with other content 409 duplicate_id.
// References are the caller's to check.
Opened Open(Context& ctx, const Input& input);
// Open, then the reply of POST /matters.
http::Response OpenAndReply(Context& ctx, const Input& input);
// Whether a unit of the officer asking handles an open matter of the household.
bool IsHandling(Context& ctx, const HouseholdId& household);
// What matters lend to the register: the member `matters` of a record (the open ones, then
// the latest 10, without those the reader may not see), who is related by handling one,
// what is due, and corrections.
households::Neighbours Lend();
// Whether the unit owns an open matter or is offered one: it cannot be closed then.
bool OwnsOpenMatters(db::Tx& tx, County county, const UnitId& unit);
// What came of the visits: writes the array of each, as briefs {id, receipt, title, state}.
attachments::WriteOfVisit MattersOfVisits(Context& ctx, std::span<const VisitId> visits);

struct PublicCategory {
  std::string code;
  std::string parent;  // empty at the top
  std::string zh;
  std::string en;
};
std::vector<PublicCategory> PublicCategories(Context& ctx);
// Where a matter stands, for whoever holds its receipt, however it was typed; absent when
// there is no such receipt. Slow guessing is the caller's to do (platform/tries.h).
struct PublicStatus {
  std::string receipt;
  std::string state;
  bool is_open = true;
  std::string category;
  std::string category_zh;
  std::string unit_name;
  Instant received_at;
  Instant updated_at;
  std::optional<Instant> due_at;  // while an office owes an answer
};
std::optional<PublicStatus> FindPublic(Context& ctx, std::string_view receipt);

// From whom a matter is kept (MayKnowOfProtected, May). Known by words alone: about nobody here.
struct Secrecy {
  bool is_protected = false;
  std::optional<OfficerId> about_officer;
  std::optional<UnitId> about_unit;
};
// Absent when there is no such matter.
std::optional<Secrecy> SecrecyOf(Context& ctx, const MatterId& id);
// Of the matter that POST /matters would open with this body, whatever else may be wrong with it.
Secrecy SecrecyOf(Context& ctx, const json::object& body);
// Whether the actor may know of what an entry of the audit log is about: a matter, or an
// order, a picture, a letter or a report that hangs on one. True for anything else.
bool MayKnowOf(Context& ctx, std::string_view resource, const Uuid& id);
// The same of somebody else; false for what is no matter.
bool MayLearnOf(Context& ctx, const Actor& actor, const MatterId& id);
// Whether somebody may know who asked, where that is kept apart.
bool MayNameFor(Context& ctx, const Actor& actor, const MatterId& id);
// The unit whose window prints and reads out what is for the resident: the nearest to the
// place, or, when the matter is protected, the one that handles it and nobody else.
std::optional<UnitId> WindowOf(Context& ctx, const MatterId& id);
// Throws 404 or 403 unless the actor may read the matter, or, for a resident, it is theirs.
struct MatterBrief {
  MatterId id;
  std::optional<HouseholdId> household;
  bool is_protected = false;
  bool is_open = true;
};
MatterBrief RequireReadable(Context& ctx, const MatterId& id);

// Who may see and add pictures of a matter.
attachments::Keeper KeepPictures();
// Gives every running clock that has none its alarm: after matters were brought in as rows.
int64_t ArmClocks(Context& ctx);
// Does what clocks ask for by now, at most about `limit` deeds; returns how many. The server
// does so by itself.
int ActOnClocks(Context& ctx, int limit);
// A leaving officer's open matters: to the heir who works in the unit that owns them, else
// they wait for whom the unit names. Returns how many.
int64_t HandOver(Context& ctx, const OfficerId& from, const pairings::Heir& heir);

// A matter of the past, with the dates it had, for imports. Writes rows, counters and its
// story at its own times, but no audit entries: say in one event what was brought in.
struct Historic {
  MatterId id;
  std::string receipt;  // empty: a new one
  std::string channel = "counter";
  std::string kind = "help";
  std::string category;
  std::string text;
  std::string title;
  std::vector<std::string> asks;
  std::optional<HouseholdId> household;
  std::optional<VisitId> visit;
  AreaCode area;
  UnitId first_unit;
  std::optional<OfficerId> first_officer;
  UnitId owner_unit;  // who handles it; the same as first_unit when it stayed there
  std::optional<OfficerId> owner_officer;
  Instant received_at;
  std::optional<Instant> accepted_at;  // absent: still with the first receiver
  std::optional<Instant> answered_at;
  std::string answer;
  std::string outcome = "done";  // of every ask
  std::string rule;              // for refused
  OfficerId answered_by;
  std::optional<Instant> closed_at;  // settled: by the resident, or by silence when not judged
  std::optional<bool> solved;
  std::optional<int> rating;
  std::string judgement;
  std::string external_number;
};
void InsertHistoric(Context& ctx, const Historic& matter);

// Matters received in an area as lines of CSV, the latest first, without who asked and never a
// protected one; `each` is told whose it was. Returns how many there are, at most one more
// than `most`, of which `most` are told.
std::string_view ExportHeading();
int64_t EachExported(Context& ctx, std::string_view area, int most,
                     const std::function<void(std::string_view line, const std::optional<HouseholdId>&)>& each);

// A counted figure of a month and an area, with what it is made of so that several can be put together.
struct CountedFigure {
  std::string_view name;
  std::string_view title_zh;
  std::string_view title_en;
  std::string_view unit;         // count, share or hours: the last two are numerator / denominator
  int64_t numerator = 0;         // a count: the figure itself
  int64_t denominator = 0;       // a count: 0
  bool is_of_people = false;     // what residents said: a group of fewer than five is not shown
};
// Which there are, with nothing counted, in the order they are shown.
std::vector<CountedFigure> FigureKinds();
// In that order. Reads counters only. `month` is any day of it.
std::vector<CountedFigure> CountedFigures(db::Tx& tx, County county, std::string_view area, Date month);

// Where a counter and what it counts disagree.
struct Difference {
  std::string what;  // for people
  int64_t counted = 0;
  int64_t real = 0;
};
// Reads every open matter and every event.
std::vector<Difference> VerifyCounters(db::Tx& tx, County county, Zone zone);
// Counts anew what the walls show.
void RebuildCounters(db::Tx& tx, County county);

// What a matter says, put into the index of words by a writer of rows in bulk. Returns its
// place there, which is the row's `text_number`.
struct Said {
  Instant received_at;
  std::string_view text;
  std::string_view title;
  AreaCode area;
  UnitId owner_unit;
  bool is_protected = false;
};
int64_t IndexWords(db::Tx& tx, County county, const Said& said);

// Requests of New York's 311 as its open data gives them (CSV): agencies become units of
// the county, complaint types categories below "nyc311", dates are kept as the county's
// own. A request that is there already, by its number, is left alone. With any error
// nothing is brought in.
struct ImportError {
  int row = 0;
  std::string column;
  std::string code;
  std::string detail;
};
struct ImportResult {
  int64_t rows = 0;
  int64_t added = 0;
  int64_t same = 0;
  std::vector<ImportError> errors;
  std::vector<ImportError> notes;  // what was put right while reading
};
ImportResult ImportNyc311(Context& ctx, std::string_view csv);
// What that would do, without doing it.
ImportResult CheckNyc311(db::Tx& tx, County county, Zone zone, std::string_view csv);
// Whether a matter with that number from elsewhere is there.
bool IsImported(db::Tx& tx, County county, std::string_view external_number);
bool IsCategory(db::Tx& tx, County county, std::string_view code);

// Writes an entry of the dispatch list as a row, without an event: a county made from nothing.
struct Naming {
  std::string category;
  AreaCode area;  // empty: the county
  UnitId unit;
  std::string note;
  Date from;
  OfficerId by;
};
void NameUnit(db::Tx& tx, County county, const Uuid& id, const Naming& naming, Instant at);

}  // namespace huiyin::matters
