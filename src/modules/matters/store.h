// SPDX-License-Identifier: EUPL-1.2
// Rows of matters.
#pragma once

#include <functional>
#include <map>
#include <span>

#include "modules/matters/matter.h"
#include "platform/context.h"

namespace huiyin::matters {

std::optional<Matter> FindMatter(db::Tx& tx, County county, const MatterId& id);
std::optional<Matter> FindByReceipt(db::Tx& tx, County county, std::string_view receipt);
bool HasExternal(db::Tx& tx, County county, std::string_view external_number);
// Writes the new matter, its receipt into the directory of receipts and its words into
// their index.
void InsertMatter(db::Tx& tx, County county, Matter& matter);
// Writes what can change; the revision goes up by one, also in `matter`. Throws 409 when
// somebody else was faster.
void SaveMatter(db::Tx& tx, County county, Matter& matter);
bool ReceiptExists(db::Tx& tx, std::string_view receipt);

std::vector<Ask> AsksOf(db::Tx& tx, County county, const MatterId& matter);
// Of those that have any.
std::map<Uuid, int64_t> CountAsks(db::Tx& tx, County county, std::span<const MatterId> matters);
void InsertAsk(db::Tx& tx, County county, const MatterId& matter, const Ask& ask, int64_t position);
void SaveAsk(db::Tx& tx, County county, const MatterId& matter, const Ask& ask, int64_t position);
void DeleteAsk(db::Tx& tx, County county, const MatterId& matter, const AskId& ask);

std::vector<Clock> ClocksOf(db::Tx& tx, County county, const MatterId& matter);
void InsertClock(db::Tx& tx, County county, const MatterId& matter, const Clock& clock);
void SaveClock(db::Tx& tx, County county, const MatterId& matter, const Clock& clock);

std::vector<Hold> HoldsOf(db::Tx& tx, County county, const MatterId& matter);
// Ends the hold that runs, if any, and begins one of `unit` unless it is absent.
void ChangeHold(Context& ctx, const MatterId& matter, const std::optional<UnitId>& unit);
void InsertHold(db::Tx& tx, County county, const MatterId& matter, const Uuid& id, const Hold& hold);

struct CoHandler {
  UnitId unit;
  Instant since;
};
std::vector<CoHandler> CoHandlersOf(db::Tx& tx, County county, const MatterId& matter);
void AddCoHandler(db::Tx& tx, County county, const MatterId& matter, const UnitId& unit, Instant now);
void EndCoHandlers(db::Tx& tx, County county, const MatterId& matter, Instant now);

std::vector<Given> AnswersOf(db::Tx& tx, County county, const MatterId& matter);
void InsertAnswer(db::Tx& tx, County county, const MatterId& matter, const Uuid& id, const Given& answer);

std::vector<Request> RequestsOf(db::Tx& tx, County county, const MatterId& matter);
// The one that waits, of that kind.
std::optional<Request> OpenRequest(db::Tx& tx, County county, const MatterId& matter, std::string_view kind);
void InsertRequest(db::Tx& tx, County county, const MatterId& matter, const Request& request);
// Another unit is to decide it, by another day.
void MoveRequest(db::Tx& tx, County county, const MatterId& matter, const Request& request);
void DecideRequest(db::Tx& tx, County county, const MatterId& matter, const Request& request);

// An event of the past, without an audit entry: imports.
void InsertPastEvent(db::Tx& tx, County county, const MatterId& matter, const EventId& id, std::string_view act,
                     Instant at, std::string_view data);
std::vector<Event> EventsOf(db::Tx& tx, County county, const MatterId& matter);

// The matter that the record hangs on, or is; absent when there is none.
std::optional<MatterId> MatterBehind(db::Tx& tx, County county, std::string_view resource, const Uuid& id);

// Every open matter that a calendar can move.
std::vector<MatterId> OpenWithClock(db::Tx& tx, County county);
std::vector<MatterId> MergedInto(db::Tx& tx, County county, const MatterId& into);


// Whether one of the units handles an open matter of the household.
bool HandlesOpenMatterOf(db::Tx& tx, County county, const HouseholdId& household, const UnitId& unit);
bool HasOpenOf(db::Tx& tx, County county, const UnitId& unit);
struct OpenCount {
  HouseholdId household;
  int64_t open = 0;
  std::optional<Instant> next_due_at;
};
// Of those that have any; protected ones left out.
std::vector<OpenCount> OpenMattersOf(db::Tx& tx, County county, std::span<const HouseholdId> households);

struct Picture {
  AttachmentId id;
  std::string media_type;
  int64_t bytes;
  int64_t width;
  int64_t height;
  std::string caption;
  Instant created_at;
};
std::vector<Picture> PicturesOf(db::Tx& tx, County county, const MatterId& matter);

// --- Lists (store_list.cpp)

// Where rows of a list come from, each ordered as the list is.
enum class Source {
  kOwnerUnit, kPendingUnit, kCoHandled, kOwnerOfficer, kFirstOfficer, kReturned, kArea, kProtected
};
struct Filter {
  Instant due_from{INT64_MIN};
  Instant due_until{INT64_MAX};
  std::optional<State> state;
  std::optional<UnitId> unit;
  AreaCode area;  // empty: all
  std::optional<HouseholdId> household;
  int64_t reopened = 0;  // at least
  int64_t bounces = 0;   // at least
  std::optional<Instant> stuck_at;  // stuck by then
  bool waits_for_word = false;      // open, and no office owes an answer
  bool only_here = false;           // right in the area, not below it
  Instant received_from{INT64_MIN};
  Instant received_until{INT64_MAX};
  std::string text;  // part of title or text; empty: all
  std::optional<std::string> category;
  bool with_protected = false;
};
struct Place {
  Instant at;
  Uuid id;
};
// Open matters with a running clock, by due date, after `after`. `key` is the unit's or
// the officer's id, as the source asks; kArea takes its area from the filter.
std::vector<Matter> ListByDue(db::Tx& tx, County county, Source source, const Uuid& key, const Filter& filter,
                              const Place& after, int limit);
// All matters, latest received first: of an area (or the county), a unit, a household, or
// protected ones. kArea, kOwnerUnit or kProtected.
std::vector<Matter> ListByReceived(db::Tx& tx, County county, Source source, const Uuid& key, const Filter& filter,
                                   const Place& before, int limit);
std::vector<Matter> ListOfHousehold(db::Tx& tx, County county, const HouseholdId& household, const Place& before,
                                    int limit, bool with_protected);
// Open ones that the officer handles, with or without a running clock.
std::vector<Matter> OpenOfOfficer(db::Tx& tx, County county, const OfficerId& officer);
std::vector<Matter> ListOfVisits(db::Tx& tx, County county, std::span<const VisitId> visits);

struct WallRow {
  AreaCode area;
  UnitId unit;
  State state;
  int64_t reopened;
  std::optional<Instant> due_at;
  int64_t bounces;
  StuckMark stuck;
};
void EachOpen(db::Tx& tx, County county, std::string_view area, const std::function<void(const WallRow&)>& each);

}  // namespace huiyin::matters
