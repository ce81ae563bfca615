// SPDX-License-Identifier: EUPL-1.2
// The matter and what belongs to it, as rows and words.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/crypto.h"
#include "core/id.h"
#include "core/time.h"

namespace huiyin::matters {

enum class State {
  kReceived, kAssigned, kAnswered, kSettled, kReview, kFinalReview, kConcluded, kMerged, kWithdrawn
};
inline constexpr int kStateCount = 9;
std::string_view StateName(State state);
std::optional<State> ParseState(std::string_view name);

std::span<const std::string_view> Kinds();
std::span<const std::string_view> Channels();
std::span<const std::string_view> Outcomes();

// What the rule of stuck matters (stuck.h) says of one whatever the hour; kept with the row,
// so that walls can count it.
enum class StuckMark { kNo = 0, kYes = 1, kOnceLate = 2 };

struct Matter {
  MatterId id;
  std::string receipt;
  State state = State::kReceived;
  std::string channel;
  std::string kind;
  std::string category;
  std::string text;
  std::string subject;  // a title somebody gave it
  std::optional<HouseholdId> household;
  std::optional<ResidentId> resident;
  AreaCode area;
  std::optional<VisitId> visit;
  std::string contact;  // a JSON object, or empty
  bool is_anonymous = false;
  bool is_protected = false;
  bool is_confidential = false;  // who asked is kept apart: identities.h
  std::optional<OfficerId> about_officer;
  std::optional<UnitId> about_unit;
  std::string about_text;  // whom it is about, in the resident's words
  UnitId first_unit;  // where it was received
  std::optional<OfficerId> first_officer;
  UnitId owner_unit;
  std::optional<OfficerId> owner_officer;
  std::optional<UnitId> pending_unit;  // offered to, not yet accepted
  std::optional<UnitId> sender_unit;   // who offered it last, or handed it over
  Instant received_at;                 // the resident's first words
  Instant registered_at;
  std::optional<Instant> due_at;  // of the clock that runs for the resident
  std::optional<Instant> answered_at;
  std::optional<Instant> judge_due_at;
  std::optional<Instant> closed_at;
  int64_t moves = 0;    // times it changed hands
  int64_t bounces = 0;  // times a unit said it was not theirs
  int64_t reopened = 0;
  int64_t orders_missed = 0;     // since it was last opened
  int64_t decisions_missed = 0;  // of the return that waits
  StuckMark stuck = StuckMark::kNo;
  bool was_late = false;
  std::optional<bool> solved;
  std::optional<int64_t> rating;
  std::string judgement_text;
  std::optional<MatterId> merged_into;
  std::string external_number;
  int64_t events = 0;  // how many have been written: the order within the matter
  int64_t revision = 1;
  Sha256Hash content_hash{};
  int64_t text_number = 0;  // its place in the index of words; 0: not there yet

  // What indexes and counters were told of it last: as its row was read or written.
  struct Kept {
    std::string subject;
    AreaCode area;
    UnitId owner_unit;
    std::optional<Instant> due_at;
    int64_t reopened = 0;
    int64_t bounces = 0;
    StuckMark stuck = StuckMark::kNo;
    bool is_open = false;
    std::string category;
    bool was_late = false;
  };
  Kept kept;
  void Keep();

  // What it is called where there is no room for its text.
  std::string Title() const;
  bool IsLate(Instant now) const { return due_at && *due_at < now; }
};

struct Ask {
  AskId id;
  std::string text;
  std::optional<UnitId> unit;  // the co-handling unit; absent: the owner's
  std::string outcome;         // empty: not answered
  std::string answer;
  std::string rule;
  std::string appeal;
  std::string redirected_to;
  std::optional<Instant> answered_at;
  bool is_beyond = false;  // outside the power of who answered
  std::string who_can;     // and whose power it is then
};

struct Clock {
  ClockId id;
  std::string step;
  std::string rule;
  Date rule_from;  // the version it started under
  std::string article;
  Instant started_at;
  Instant due_at;
  std::string extended_by;
  int64_t extended_days = 0;
  std::string working;  // JSON as the API gives it
  std::optional<Instant> ended_at;
};

struct Hold {
  UnitId unit;
  Instant from;
  std::optional<Instant> until;
};

struct Given {  // an answer
  Instant at;
  UnitId unit;
  OfficerId officer;
  std::string text;
  std::string asks;  // JSON: the asks as answered then
  std::optional<OfficerId> approved_by;  // the second officer, where the rule asks for one
  std::string pictures = "[]";           // JSON: ids of the pictures that go with it
};

struct Request {  // a return or an extension that waits for a decision, or did
  Uuid id;
  std::string kind;
  UnitId asked_by_unit;
  std::optional<OfficerId> asked_by_officer;
  UnitId decided_by_unit;
  std::string reason;
  std::string data;  // JSON
  Instant asked_at;
  std::optional<Instant> due_at;
  std::optional<Instant> decided_at;
  std::optional<bool> is_granted;
  std::string note;
};

struct Event {
  EventId id;
  std::string act;
  Instant at;
  std::string actor_kind;
  std::optional<Uuid> actor;
  std::optional<UnitId> unit;
  std::string data;  // JSON
};

}  // namespace huiyin::matters
