// SPDX-License-Identifier: EUPL-1.2
#include "demo/rows.h"

#include "core/crypto.h"
#include "modules/matters/matters.h"
#include "platform/counters.h"

namespace huiyin::demo {
namespace {

constexpr size_t kBatchRows = 300000;
constexpr size_t kMostWaiting = 1;

constexpr db::Sql kHouseholds{"demo.households", R"sql(
  INSERT INTO households (
    county, id, register_number, area_code, address, head_id, head_name, phone, people, state,
    revision, last_visit_at, created_at, updated_at)
  VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
)sql"};

constexpr db::Sql kResidents{"demo.residents", R"sql(
  INSERT INTO residents (
    county, id, household_id, name, sex, birth_date, relation, phone, languages, is_away,
    away_place, is_left_behind, is_orphan, is_disabled, is_alone, needs_nursing, note, state,
    left_on, created_at)
  VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
)sql"};

constexpr db::Sql kHouseholdSections{"demo.household_sections", R"sql(
  INSERT INTO household_sections (
    county, household_id, name, doc, updated_at, updated_by, visit_id)
  VALUES (
    $1, $2, $3, $4, $5, $6, $7)
)sql"};

constexpr db::Sql kSectionVersions{"demo.section_versions", R"sql(
  INSERT INTO section_versions (
    county, household_id, revision, name, old_doc, new_doc, at, actor_kind, actor_id, unit_id,
    visit_id)
  VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
)sql"};

constexpr db::Sql kLifeEvents{"demo.life_events", R"sql(
  INSERT INTO life_events (
    county, id, household_id, kind, on_day, resident_id, resident_name, new_head_id, to_area_code,
    note, revision, recorded_at, officer_name)
  VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
)sql"};

constexpr db::Sql kConsents{"demo.consents", R"sql(
  INSERT INTO consents (
    county, household_id, section, purpose, purpose_en, how, resident_name, given_at, withdrawn_at)
  VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};

constexpr db::Sql kHouseholdCards{"demo.household_cards", R"sql(
  INSERT INTO household_cards (
    county, household_id, card_number, first_code_hash, first_code_expires_at, pin_hash, issued_at,
    activated_at)
  VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8)
)sql"};

constexpr db::Sql kSearchTerms{"demo.search_terms", R"sql(
  INSERT INTO search_terms (
    county, term, area_code, kind, id)
  VALUES (
    $1, $2, $3, $4, $5)
  ON CONFLICT (county, term, area_code, kind, id) DO NOTHING
)sql"};

constexpr db::Sql kPairings{"demo.pairings", R"sql(
  INSERT INTO pairings (
    county, id, kind, household_id, resident_id, officer_id, from_on, until_on, end_reason,
    created_at)
  VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql"};

constexpr db::Sql kVisitPlans{"demo.visit_plans", R"sql(
  INSERT INTO visit_plans (
    county, id, household_id, officer_id, planned_on, note, state, reply, reply_on, reply_note,
    replied_at, visit_id, created_at)
  VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
)sql"};

constexpr db::Sql kVisits{"demo.visits", R"sql(
  INSERT INTO visits (
    county, id, household_id, officer_id, unit_id, at, met, diary, words, new_contact, reason,
    plan_id, revision, received_at, content_hash)
  VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
)sql"};

constexpr db::Sql kPromises{"demo.promises", R"sql(
  INSERT INTO promises (
    county, id, household_id, visit_id, officer_id, text, due_on, state, closed_at, closing_text,
    created_at)
  VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
)sql"};

constexpr db::Sql kMatters{"demo.matters", R"sql(
  INSERT INTO matters (
    county, id, receipt, state, is_open, channel, kind, category, text, household_id, resident_id,
    area_code, visit_id, contact, is_anonymous, is_protected, about_officer_id, about_unit_id,
    subject, first_unit_id, first_officer_id, owner_unit_id, owner_officer_id, pending_unit_id,
    sender_unit_id, received_at, registered_at, due_at, answered_at, judge_due_at, closed_at, moves,
    bounces, reopened, was_late, solved, rating, judgement_text, merged_into, events, revision,
    content_hash, text_number)
  VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
    $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40,
    $41, $42, $43)
)sql"};

constexpr db::Sql kAsks{"demo.asks", R"sql(
  INSERT INTO asks (
    county, matter_id, id, position, text, unit_id, outcome, answer, rule, appeal, redirected_to,
    answered_at)
  VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
)sql"};

constexpr db::Sql kClocks{"demo.clocks", R"sql(
  INSERT INTO clocks (
    county, matter_id, id, step, rule_key, rule_version_from, article, started_at, due_at,
    extended_by, extended_days, working, ended_at)
  VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
)sql"};

constexpr db::Sql kHolds{"demo.holds", R"sql(
  INSERT INTO holds (
    county, matter_id, id, unit_id, from_at, until_at)
  VALUES (
    $1, $2, $3, $4, $5, $6)
)sql"};

constexpr db::Sql kCoHandlers{"demo.co_handlers", R"sql(
  INSERT INTO co_handlers (
    county, matter_id, unit_id, since_at, ended_at)
  VALUES (
    $1, $2, $3, $4, $5)
)sql"};

constexpr db::Sql kAnswers{"demo.answers", R"sql(
  INSERT INTO answers (
    county, matter_id, id, at, unit_id, officer_id, text, asks)
  VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8)
)sql"};

constexpr db::Sql kRequests{"demo.requests", R"sql(
  INSERT INTO requests (
    county, matter_id, id, kind, asked_by_unit_id, asked_by_officer_id, decided_by_unit_id, reason,
    data, asked_at, due_at, decided_at, is_granted, note)
  VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
)sql"};

constexpr db::Sql kEvents{"demo.events", R"sql(
  INSERT INTO events (
    county, resource_id, id, resource, act, at, actor_kind, actor_id, unit_id, data)
  VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql"};

constexpr db::Sql kAuditPending{"demo.audit_pending", R"sql(
  INSERT INTO audit_pending (
    county, id, at, actor_kind, actor_id, unit_id, act, resource, resource_id, household_id,
    purpose, reason, peer, content_hash)
  VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
)sql"};

constexpr db::Sql kJudgements{"demo.judgements", R"sql(
  INSERT INTO judgement_counts (county, unit_id, month, category, subject, judged, solved, rated, rated_sum, silent)
    VALUES ($1, $2, $3, $4, 'work', $5, $6, $7, $8, $9)
)sql"};
constexpr db::Sql kCounters{"demo.counters", R"sql(
  INSERT INTO counters (
    county, name, month, area_code, unit_id, value)
  VALUES (
    $1, $2, $3, $4, $5, $6)
)sql"};

constexpr db::Sql kCard{"demo.card", R"sql(
  INSERT INTO cards (card_number, county, household_id) VALUES ($1, $2, $3)
)sql"};

constexpr db::Sql kReceipt{"demo.receipt", R"sql(
  INSERT INTO receipts (receipt, county, matter_id) VALUES ($1, $2, $3)
)sql"};

constexpr db::Sql kCounty{"demo.county", R"sql(
  INSERT INTO counties (county, name, name_en, zone_minutes, settings, created_at)
  VALUES ($1, $2, 'Yunling County', 480, $3, $4)
)sql"};

constexpr db::Sql kArea{"demo.area", R"sql(
  INSERT INTO areas (county, code, name, level, parent_code, households) VALUES ($1, $2, $3, $4, $5, $6)
)sql"};

constexpr db::Sql kHasCounty{"demo.has_county", "SELECT 1 FROM counties LIMIT 1"};

std::optional<std::string> NoneIfEmpty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

void Write(db::Tx& tx, County county, const std::vector<HouseholdRow>& rows) {
  for (const HouseholdRow& r : rows) {
    tx.Run(kHouseholds, county, r.id, r.register_number, r.area_code, r.address, r.head_id,
           r.head_name, r.phone, r.people, r.state, r.revision, r.last_visit_at, r.created_at,
           r.updated_at);
  }
}

void Write(db::Tx& tx, County county, const std::vector<ResidentRow>& rows) {
  for (const ResidentRow& r : rows) {
    tx.Run(kResidents, county, r.id, r.household, r.name, r.sex, r.birth_date, r.relation,
           r.phone, r.languages, r.is_away, r.away_place, r.is_left_behind, r.is_orphan,
           r.is_disabled, r.is_alone, r.needs_nursing, r.note, r.state, r.left_on, r.created_at);
  }
}

void Write(db::Tx& tx, County county, const std::vector<SectionRow>& rows) {
  for (const SectionRow& r : rows) {
    tx.Run(kHouseholdSections, county, r.household, r.name, r.doc, r.updated_at,
           r.updated_by, r.visit);
  }
}

void Write(db::Tx& tx, County county, const std::vector<SectionVersionRow>& rows) {
  for (const SectionVersionRow& r : rows) {
    tx.Run(kSectionVersions, county, r.household, r.revision, r.name, r.old_doc, r.new_doc,
           r.at, "officer", r.officer, r.unit, r.visit);
  }
}

void Write(db::Tx& tx, County county, const std::vector<LifeEventRow>& rows) {
  for (const LifeEventRow& r : rows) {
    tx.Run(kLifeEvents, county, r.id, r.household, r.kind, r.on_day, r.resident,
           r.resident_name, r.new_head, r.to_area_code, r.note, r.revision, r.recorded_at,
           r.officer_name);
  }
}

void Write(db::Tx& tx, County county, const std::vector<ConsentRow>& rows) {
  for (const ConsentRow& r : rows) {
    tx.Run(kConsents, county, r.household, r.section, r.purpose, r.purpose_en, r.how,
           r.resident_name, r.given_at, r.withdrawn_at);
  }
}

void Write(db::Tx& tx, County county, const std::vector<CardRow>& rows) {
  for (const CardRow& r : rows) {
    tx.Run(kHouseholdCards, county, r.household, r.card_number, r.first_code_hash,
           r.first_code_expires_at, r.pin_hash, r.issued_at, r.activated_at);
    tx.Run(kCard, r.card_number, county, r.household);
  }
}

void Write(db::Tx& tx, County county, const std::vector<TermRow>& rows) {
  for (const TermRow& r : rows) {
    tx.Run(kSearchTerms, county, r.term, r.area_code, r.kind, r.id);
  }
}

void Write(db::Tx& tx, County county, const std::vector<PairingRow>& rows) {
  for (const PairingRow& r : rows) {
    tx.Run(kPairings, county, r.id, r.kind, r.household, r.resident, r.officer, r.from_on,
           r.until_on, r.end_reason, r.created_at);
  }
}

void Write(db::Tx& tx, County county, const std::vector<PlanRow>& rows) {
  for (const PlanRow& r : rows) {
    tx.Run(kVisitPlans, county, r.id, r.household, r.officer, r.planned_on, r.note, r.state,
           r.reply, r.reply_on, r.reply_note, r.replied_at, r.visit, r.created_at);
  }
}

void Write(db::Tx& tx, County county, const std::vector<VisitRow>& rows) {
  for (const VisitRow& r : rows) {
    const Sha256Hash hash = Sha256(r.diary);
    tx.Run(kVisits, county, r.id, r.household, r.officer, r.unit, r.at, r.met, r.diary,
           r.words, r.new_contact, r.reason, r.plan, r.revision, r.received_at,
           db::Blob{AsView(hash)});
  }
}

void Write(db::Tx& tx, County county, const std::vector<PromiseRow>& rows) {
  for (const PromiseRow& r : rows) {
    tx.Run(kPromises, county, r.id, r.household, r.visit, r.officer, r.text, r.due_on,
           r.state, r.closed_at, r.closing_text, r.created_at);
  }
}

void Write(db::Tx& tx, County county, const std::vector<MatterRow>& rows) {
  for (const MatterRow& r : rows) {
    const Sha256Hash hash = Sha256(r.text);
    const int64_t text_number = matters::IndexWords(tx, county, {.received_at = r.received_at, .text = r.text, .title = r.subject,
                                                                 .area = r.area_code, .owner_unit = r.owner_unit,
                                                                 .is_protected = r.is_protected});
    tx.Run(kMatters, county, r.id, r.receipt, r.state, r.is_open, r.channel, r.kind,
           r.category, r.text, r.household, r.resident, r.area_code, r.visit, r.contact,
           r.is_anonymous, r.is_protected, r.about_officer, r.about_unit, r.subject, r.first_unit,
           r.first_officer, r.owner_unit, r.owner_officer, r.pending_unit, r.sender_unit,
           r.received_at, r.registered_at, r.due_at, r.answered_at, r.judge_due_at, r.closed_at,
           r.moves, r.bounces, r.reopened, r.was_late, r.solved, r.rating, r.judgement_text,
           r.merged_into, r.events, r.revision, db::Blob{AsView(hash)}, text_number);
    tx.Run(kReceipt, r.receipt, county, r.id);
  }
}

void Write(db::Tx& tx, County county, const std::vector<AskRow>& rows) {
  for (const AskRow& r : rows) {
    tx.Run(kAsks, county, r.matter, r.id, r.position, r.text, r.unit, r.outcome, r.answer,
           r.rule, r.appeal, r.redirected_to, r.answered_at);
  }
}

void Write(db::Tx& tx, County county, const std::vector<ClockRow>& rows) {
  for (const ClockRow& r : rows) {
    tx.Run(kClocks, county, r.matter, r.id, r.step, r.rule_key, r.rule_version_from,
           r.article, r.started_at, r.due_at, r.extended_by, r.extended_days, r.working, r.ended_at);
  }
}

void Write(db::Tx& tx, County county, const std::vector<HoldRow>& rows) {
  for (const HoldRow& r : rows) {
    tx.Run(kHolds, county, r.matter, r.id, r.unit, r.from_at, r.until_at);
  }
}

void Write(db::Tx& tx, County county, const std::vector<CoHandlerRow>& rows) {
  for (const CoHandlerRow& r : rows) {
    tx.Run(kCoHandlers, county, r.matter, r.unit, r.since_at, r.ended_at);
  }
}

void Write(db::Tx& tx, County county, const std::vector<AnswerRow>& rows) {
  for (const AnswerRow& r : rows) {
    tx.Run(kAnswers, county, r.matter, r.id, r.at, r.unit, r.officer, r.text, r.asks);
  }
}

void Write(db::Tx& tx, County county, const std::vector<RequestRow>& rows) {
  for (const RequestRow& r : rows) {
    tx.Run(kRequests, county, r.matter, r.id, r.kind, r.asked_by_unit, r.asked_by_officer,
           r.decided_by_unit, r.reason, r.data, r.asked_at, r.due_at, r.decided_at, r.is_granted,
           r.note);
  }
}

void Write(db::Tx& tx, County county, const std::vector<EventRow>& rows) {
  for (const EventRow& r : rows) {
    tx.Run(kEvents, county, r.resource_id, r.id, r.resource, r.act, r.at, r.by.kind, r.by.id,
           r.by.unit, r.data);
  }
}

void Write(db::Tx& tx, County county, const std::vector<AuditRow>& rows) {
  for (const AuditRow& r : rows) {
    const Sha256Hash digest = r.hashed ? Sha256(*r.hashed) : Sha256Hash{};
    const auto hash = r.hashed ? db::Value(db::Blob{AsView(digest)}) : db::Value();
    tx.Run(kAuditPending, county, r.id, r.at, r.by.kind, r.by.id, r.by.unit, r.act,
           r.resource, r.resource_id, r.household, NoneIfEmpty(r.purpose), NoneIfEmpty(r.reason),
           "demo", hash);
  }
}

void Write(db::Tx& tx, County county, const std::vector<CounterRow>& rows) {
  for (const CounterRow& r : rows) {
    tx.Run(kCounters, county, r.name, r.month, r.area_code, r.unit, r.value);
  }
}

void Write(db::Tx& tx, County county, const std::vector<JudgementRow>& rows) {
  for (const JudgementRow& r : rows) {
    tx.Run(kJudgements, county, r.unit, r.month, r.category, r.judged, r.solved, r.rated, r.rated_sum, r.silent);
  }
}

// Calls `each` with every list of rows, those that others point to first.
template <class BatchType, class Each>
void ForEach(BatchType& batch, Each&& each) {
  each(batch.households);
  each(batch.residents);
  each(batch.sections);
  each(batch.section_versions);
  each(batch.life_events);
  each(batch.consents);
  each(batch.cards);
  each(batch.terms);
  each(batch.pairings);
  each(batch.plans);
  each(batch.visits);
  each(batch.promises);
  each(batch.matters);
  each(batch.asks);
  each(batch.clocks);
  each(batch.holds);
  each(batch.co_handlers);
  each(batch.answers);
  each(batch.requests);
  each(batch.events);
  each(batch.audit);
  each(batch.counters);
  each(batch.judgements);
}

}  // namespace

size_t Batch::size() const {
  size_t rows = 0;
  ForEach(*this, [&rows](const auto& list) { rows += list.size(); });
  return rows;
}

Writer::~Writer() { Wait(0); }

void Writer::TakeIfLarge(Batch& batch) {
  if (batch.size() >= kBatchRows) Take(batch);
}

void Writer::Take(Batch& batch) {
  Wait(kMostWaiting);
  const Instant audit_from = batch.audit_from;
  auto taken = std::make_shared<Batch>(std::move(batch));
  batch = Batch();
  batch.audit_from = audit_from;
  // Pieces of text lie all over their table; in order they touch each page once.
  std::sort(taken->terms.begin(), taken->terms.end(), [](const TermRow& a, const TermRow& b) {
    return std::tie(a.term, a.area_code, a.kind, a.id) < std::tie(b.term, b.area_code, b.kind, b.id);
  });
  {
    const std::lock_guard lock(mutex_);
    if (failure_) std::rethrow_exception(failure_);
    ++waiting_;
  }
  database_.WriteLater(
      [taken, county = county_](db::Tx& tx) {
        ForEach(*taken, [&](const auto& rows) { Write(tx, county, rows); });
      },
      db::Durability::kLog,
      [this](std::exception_ptr failure) {
        const std::lock_guard lock(mutex_);
        if (failure && !failure_) failure_ = failure;
        --waiting_;
        changed_.notify_all();
      });
}

void Writer::Wait(size_t at_most) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return waiting_ <= at_most; });
}

void Writer::Finish() {
  Wait(0);
  {
    const std::lock_guard lock(mutex_);
    if (failure_) std::rethrow_exception(failure_);
  }
  database_.Write([county = county_](db::Tx& tx) { counters::RebuildSums(tx, county); });
}

void WriteCounty(db::Tx& tx, County county, std::string_view name, std::string_view settings, Instant at) {
  tx.Run(kCounty, county, name, settings, at);
}

void WriteArea(db::Tx& tx, County county, std::string_view code, std::string_view name,
               std::string_view level, std::string_view parent, int64_t households) {
  tx.Run(kArea, county, code, name, level, parent, households);
}

bool HasCounty(db::Tx& tx) { return tx.Any(kHasCounty); }

}  // namespace huiyin::demo
