// SPDX-License-Identifier: EUPL-1.2
// A visit with its diary entry, the promises made at it, and the plans for the next.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/crypto.h"
#include "core/json.h"
#include "modules/attachments/attachments.h"
#include "modules/pairings/home.h"

namespace huiyin::visits {

// What is put beneath an entry: the officer's addendum, or the household's own words, from the household
// itself or as an officer took them down.
struct Note {
  Uuid id;
  Instant at;
  std::string text;
  std::optional<OfficerId> by;  // who wrote it; absent for the household itself
};
std::string WriteNotes(const std::vector<Note>& notes);  // as stored
std::vector<Note> ReadNotes(std::string_view text);

// How to reach somebody who is away.
struct NewContact {
  std::optional<ResidentId> resident;
  std::string phone;
  std::string place;
  std::string from;
};

struct Visit {
  VisitId id;
  HouseholdId household;
  OfficerId officer;
  UnitId unit;
  Instant at;
  std::string met;
  std::string diary;
  std::vector<Note> addenda;
  std::vector<Note> words;
  std::optional<NewContact> new_contact;
  std::string reason;  // of an officer with no relation to the household; the household reads it
  std::optional<VisitPlanId> plan;
  int64_t revision = 1;
  Instant received_at;
};

struct Promise {
  PromiseId id;
  HouseholdId household;
  std::optional<VisitId> visit;
  OfficerId officer;
  std::string text;
  std::optional<Date> due;
  std::string state = "open";  // open kept
  std::optional<Instant> closed_at;
  std::string closing_text;
  Instant created_at;
};
bool IsLate(const Promise& promise, Date today, Zone zone);

struct VisitPlan {
  VisitPlanId id;
  HouseholdId household;
  OfficerId officer;
  Date on;
  std::string note;
  bool is_done = false;
  std::optional<std::string> reply;  // agreed declined other_time
  std::optional<Date> reply_on;
  std::string reply_note;
  std::optional<Instant> replied_at;
  std::optional<VisitId> visit;
  Instant created_at;
};

// What a request asks to write down. Reading throws one Problem with every wrong field.
struct NewVisit {
  Visit visit;
  std::vector<Promise> promises;
  std::vector<AttachmentId> attachments;
  Sha256Hash content;  // of what was sent, to tell a retry from another visit
};
NewVisit ReadNewVisit(Context& ctx);

struct VisitChange {
  std::optional<std::string> diary;
  std::optional<std::string> met;
  std::optional<std::string> addendum;
};
VisitChange ReadVisitChange(Context& ctx);
// What is put beneath an entry: {text}.
std::string ReadWords(Context& ctx);

struct PlanReply {
  std::string reply;
  std::optional<Date> on;
  std::string note;
};
PlanReply ReadPlanReply(Context& ctx);

void WritePromise(Context& ctx, pairings::Names& names, const Promise& promise, JsonWriter& w);
void WritePlan(pairings::Names& names, const VisitPlan& plan, JsonWriter& w);
// What hangs on some visits, looked up for all of them together.
class Hanging {
 public:
  Hanging(Context& ctx, std::span<const Visit> visits);
  const std::vector<Promise>& Promises(const VisitId& visit) const;
  void WritePictures(const VisitId& visit, JsonWriter& w) const { pictures_(visit, w); }
  void WriteMatters(const VisitId& visit, JsonWriter& w) const;

 private:
  std::map<Uuid, std::vector<Promise>> promises_;
  attachments::WriteOfVisit pictures_;
  attachments::WriteOfVisit matters_;
};
// Without the diary, its addenda and words when `with_diary` is false.
struct VisitView {
  const Visit& visit;
  const Hanging& hanging;
  bool with_diary = true;
};
void WriteVisit(Context& ctx, pairings::Names& names, const VisitView& view, JsonWriter& w);

}  // namespace huiyin::visits
