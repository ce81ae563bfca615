// SPDX-License-Identifier: EUPL-1.2
// What the generator writes, a struct a row, and the writer that takes it in bulk: batches
// of thousands of rows a transaction, written while the next batch is being thought up.
// Only the columns that are not at their defaults are here. All SQL of the demo county is
// in rows.cpp and the bulk is its reason: the modules' own doors work one request at a time.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/id.h"
#include "core/time.h"
#include "db/database.h"

namespace huiyin::demo {

struct HouseholdRow {
  HouseholdId id;
  std::string register_number, area_code, address, head_name, phone;
  ResidentId head_id;
  int people = 0;
  std::string state = "living";
  int64_t revision = 1;
  std::optional<Instant> last_visit_at;
  Instant created_at, updated_at;
};

struct ResidentRow {
  ResidentId id;
  HouseholdId household;
  std::string name, sex, relation, phone, languages, away_place, note;
  Date birth_date;
  bool is_away = false, is_left_behind = false, is_orphan = false, is_disabled = false, is_alone = false,
       needs_nursing = false;
  std::string state = "living";
  std::optional<Date> left_on;
  Instant created_at;
};

struct SectionRow {
  HouseholdId household;
  std::string name, doc;
  Instant updated_at;
  std::string updated_by;
  std::optional<VisitId> visit;
};

struct SectionVersionRow {
  HouseholdId household;
  int64_t revision = 0;
  std::string name, old_doc, new_doc;
  Instant at;
  OfficerId officer;
  UnitId unit;
  std::optional<VisitId> visit;
};

struct LifeEventRow {
  Uuid id;
  HouseholdId household;
  std::string kind;
  Date on_day;
  std::optional<ResidentId> resident, new_head;
  std::string resident_name, to_area_code, note, officer_name;
  int64_t revision = 1;
  Instant recorded_at;
};

struct ConsentRow {
  HouseholdId household;
  std::string section, purpose, purpose_en, how = "spoken", resident_name;
  Instant given_at;
  std::optional<Instant> withdrawn_at;
};

struct CardRow {
  HouseholdId household;
  std::string card_number;
  std::optional<std::string> first_code_hash, pin_hash;
  std::optional<Instant> first_code_expires_at, activated_at;
  Instant issued_at;
};

struct TermRow {
  std::string term, area_code, kind;
  Uuid id;
};

struct PairingRow {
  PairingId id;
  std::string kind = "household";
  HouseholdId household;
  std::optional<ResidentId> resident;
  OfficerId officer;
  Date from_on;
  std::optional<Date> until_on;
  std::optional<std::string> end_reason;
  Instant created_at;
};

struct PlanRow {
  VisitPlanId id;
  HouseholdId household;
  OfficerId officer;
  Date planned_on;
  std::string note, state = "planned", reply_note;
  std::optional<std::string> reply;
  std::optional<Date> reply_on;
  std::optional<Instant> replied_at;
  std::optional<VisitId> visit;
  Instant created_at;
};

struct VisitRow {
  VisitId id;
  HouseholdId household;
  OfficerId officer;
  UnitId unit;
  Instant at;
  std::string met, diary, words = "[]", new_contact, reason;
  std::optional<VisitPlanId> plan;
  int64_t revision = 1;
  Instant received_at;
};

struct PromiseRow {
  PromiseId id;
  HouseholdId household;
  VisitId visit;
  OfficerId officer;
  std::string text, state = "open", closing_text;
  Date due_on;
  std::optional<Instant> closed_at;
  Instant created_at;
};

struct MatterRow {
  MatterId id;
  std::string receipt, state, channel, kind, category, text, area_code, contact, subject;
  bool is_open = true;
  std::optional<HouseholdId> household;
  std::optional<ResidentId> resident;
  std::optional<VisitId> visit;
  bool is_anonymous = false, is_protected = false;
  std::optional<OfficerId> about_officer;
  std::optional<UnitId> about_unit;
  UnitId first_unit;
  std::optional<OfficerId> first_officer;
  UnitId owner_unit;
  std::optional<OfficerId> owner_officer;
  std::optional<UnitId> pending_unit, sender_unit;
  Instant received_at, registered_at;
  std::optional<Instant> due_at, answered_at, judge_due_at, closed_at;
  int moves = 0, bounces = 0, reopened = 0;
  bool was_late = false;
  std::optional<bool> solved;
  std::optional<int> rating;
  std::string judgement_text;
  std::optional<MatterId> merged_into;
  int64_t events = 0;
  int64_t revision = 1;
};

struct AskRow {
  MatterId matter;
  AskId id;
  int position = 0;
  std::string text;
  std::optional<UnitId> unit;
  std::optional<std::string> outcome;
  std::string answer, rule, appeal, redirected_to;
  std::optional<Instant> answered_at;
};

struct ClockRow {
  MatterId matter;
  ClockId id;
  std::string step, rule_key, article, working, extended_by;
  int extended_days = 0;
  Date rule_version_from;
  Instant started_at, due_at;
  std::optional<Instant> ended_at;
};

struct HoldRow {
  MatterId matter;
  Uuid id;
  UnitId unit;
  Instant from_at;
  std::optional<Instant> until_at;
};

struct CoHandlerRow {
  MatterId matter;
  UnitId unit;
  Instant since_at;
  std::optional<Instant> ended_at;
};

struct AnswerRow {
  MatterId matter;
  Uuid id;
  Instant at;
  UnitId unit;
  OfficerId officer;
  std::string text, asks;
};

struct RequestRow {
  MatterId matter;
  Uuid id;
  std::string kind;
  UnitId asked_by_unit;
  std::optional<OfficerId> asked_by_officer;
  UnitId decided_by_unit;
  std::string reason, data = "{}", note;
  Instant asked_at;
  std::optional<Instant> due_at, decided_at;
  std::optional<bool> is_granted;
};

// Who did something: nobody for the system and the public.
struct Doer {
  std::string_view kind = "system";
  std::optional<Uuid> id;
  std::optional<UnitId> unit;
};

struct EventRow {
  Uuid resource_id;
  EventId id;
  std::string_view resource;
  std::string act;
  Instant at;
  Doer by;
  std::string data = "{}";
};

// Goes into the audit log; those of acts stand beside their event.
struct AuditRow {
  EventId id;
  Instant at;
  Doer by;
  std::string act;
  std::string_view resource;
  std::optional<Uuid> resource_id;
  std::optional<HouseholdId> household;
  std::string purpose, reason;
  std::optional<std::string> hashed;  // the text whose hash it carries
};

struct CounterRow {
  std::string name;
  int month = 0;  // 202611
  std::string area_code;
  UnitId unit;
  int64_t value = 0;
};

// What residents said of a unit's answers in a month.
struct JudgementRow {
  UnitId unit;
  int month = 0;
  std::string category;
  int64_t judged = 0, solved = 0, rated = 0, rated_sum = 0, silent = 0;
};

struct Batch {
  std::vector<HouseholdRow> households;
  std::vector<ResidentRow> residents;
  std::vector<SectionRow> sections;
  std::vector<SectionVersionRow> section_versions;
  std::vector<LifeEventRow> life_events;
  std::vector<ConsentRow> consents;
  std::vector<CardRow> cards;
  std::vector<TermRow> terms;
  std::vector<PairingRow> pairings;
  std::vector<PlanRow> plans;
  std::vector<VisitRow> visits;
  std::vector<PromiseRow> promises;
  std::vector<MatterRow> matters;
  std::vector<AskRow> asks;
  std::vector<ClockRow> clocks;
  std::vector<HoldRow> holds;
  std::vector<CoHandlerRow> co_handlers;
  std::vector<AnswerRow> answers;
  std::vector<RequestRow> requests;
  std::vector<EventRow> events;
  std::vector<AuditRow> audit;
  std::vector<CounterRow> counters;
  std::vector<JudgementRow> judgements;
  Instant audit_from;  // what was done before is not in the audit log

  size_t size() const;
};

class Writer {
 public:
  Writer(db::Database& database, County county) : database_(database), county_(county) {}
  ~Writer();

  // Takes the batch when it has grown to a transaction's worth, and leaves it empty.
  void TakeIfLarge(Batch& batch);
  void Take(Batch& batch);
  // Waits until everything taken is written; throws what went wrong.
  void Finish();

 private:
  void Wait(size_t at_most);

  db::Database& database_;
  County county_;
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t waiting_ = 0;
  std::exception_ptr failure_;
};

// Rows there are few of.
void WriteCounty(db::Tx& tx, County county, std::string_view name, std::string_view settings, Instant at);
void WriteArea(db::Tx& tx, County county, std::string_view code, std::string_view name,
               std::string_view level, std::string_view parent, int64_t households);
// Whether the database holds a county already.
bool HasCounty(db::Tx& tx);

}  // namespace huiyin::demo
