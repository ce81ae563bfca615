// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/store.h"

#include <cstring>

#include "db/many.h"
#include "modules/matters/causes.h"
#include "modules/matters/columns.h"
#include "modules/matters/open_counts.h"
#include "modules/matters/rules.h"
#include "modules/matters/stuck_rule.h"
#include "modules/matters/text_index.h"

namespace huiyin::matters {
namespace {

constexpr db::Sql kFind{"matters.find",
                        "SELECT " HUIYIN_MATTER_COLUMNS " FROM matters m WHERE m.county = $1 AND m.id = $2"};
constexpr db::Sql kFindReceipt{"matters.find_receipt", "SELECT matter_id FROM receipts WHERE receipt = $2 AND county = $1"};
constexpr db::Sql kHasExternal{"matters.has_external", R"sql(
  SELECT 1 FROM matters WHERE county = $1 AND external_number = $2 AND external_number <> ''
)sql"};
constexpr db::Sql kInsert{"matters.insert", R"sql(
  INSERT INTO matters (county, id, receipt, state, is_open, channel, kind, category, text, subject, household_id,
    resident_id, area_code, visit_id, contact, is_anonymous, is_protected, about_officer_id, about_unit_id,
    first_unit_id, first_officer_id, owner_unit_id, owner_officer_id, pending_unit_id, sender_unit_id, received_at,
    registered_at, due_at, answered_at, judge_due_at, closed_at, moves, bounces, reopened, was_late, solved, rating,
    judgement_text, merged_into, external_number, events, revision, content_hash, text_number, about_text,
    is_confidential, orders_missed, decisions_missed, stuck)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
    $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49)
)sql"};
constexpr db::Sql kSave{"matters.save", R"sql(
  UPDATE matters SET state = $3, is_open = $4, kind = $5, category = $6, subject = $7, household_id = $8,
    resident_id = $9, area_code = $10, contact = $11, owner_unit_id = $12, owner_officer_id = $13,
    pending_unit_id = $14, sender_unit_id = $15, due_at = $16, answered_at = $17, judge_due_at = $18, closed_at = $19,
    moves = $20, bounces = $21, reopened = $22, was_late = $23, solved = $24, rating = $25, judgement_text = $26,
    merged_into = $27, events = $28, visit_id = $30, is_confidential = $31, orders_missed = $32,
    decisions_missed = $33, stuck = $34, revision = revision + 1
   WHERE county = $1 AND id = $2 AND revision = $29
)sql"};
constexpr db::Sql kReceiptExists{"matters.receipt_exists", "SELECT 1 FROM receipts WHERE receipt = $1"};
constexpr db::Sql kInsertReceipt{"matters.insert_receipt", R"sql(
  INSERT INTO receipts (receipt, county, matter_id) VALUES ($1, $2, $3)
)sql"};

constexpr db::Sql kAsks{"matters.asks", R"sql(
  SELECT id, text, unit_id, outcome, answer, rule, appeal, redirected_to, answered_at, is_beyond, who_can FROM asks
   WHERE county = $1 AND matter_id = $2 ORDER BY position, id
)sql"};
constexpr db::Sql kCountAsks{"matters.count_asks",
  "SELECT matter_id, COUNT(*) FROM asks WHERE county = $1 AND matter_id IN (" HUIYIN_MANY ") GROUP BY matter_id"};
constexpr db::Sql kInsertAsk{"matters.insert_ask", R"sql(
  INSERT INTO asks (county, matter_id, id, position, text, unit_id, outcome, answer, rule, appeal, redirected_to, answered_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
)sql"};
constexpr db::Sql kSaveAsk{"matters.save_ask", R"sql(
  UPDATE asks SET position = $4, text = $5, unit_id = $6, outcome = $7, answer = $8, rule = $9, appeal = $10,
    redirected_to = $11, answered_at = $12, is_beyond = $13, who_can = $14
   WHERE county = $1 AND matter_id = $2 AND id = $3
)sql"};
constexpr db::Sql kDeleteAsk{"matters.delete_ask", R"sql(
  DELETE FROM asks WHERE county = $1 AND matter_id = $2 AND id = $3
)sql"};

constexpr db::Sql kClocks{"matters.clocks", R"sql(
  SELECT id, step, rule_key, rule_version_from, article, started_at, due_at, extended_by, extended_days, working, ended_at
    FROM clocks WHERE county = $1 AND matter_id = $2 ORDER BY started_at, id
)sql"};
constexpr db::Sql kInsertClock{"matters.insert_clock", R"sql(
  INSERT INTO clocks (county, matter_id, id, step, rule_key, rule_version_from, article, started_at, due_at,
    extended_by, extended_days, working, ended_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
)sql"};
constexpr db::Sql kSaveClock{"matters.save_clock", R"sql(
  UPDATE clocks SET due_at = $4, extended_by = $5, extended_days = $6, working = $7, ended_at = $8
   WHERE county = $1 AND matter_id = $2 AND id = $3
)sql"};

constexpr db::Sql kHolds{"matters.holds", R"sql(
  SELECT unit_id, from_at, until_at FROM holds WHERE county = $1 AND matter_id = $2 ORDER BY from_at, id
)sql"};
constexpr db::Sql kEndHold{"matters.end_hold", R"sql(
  UPDATE holds SET until_at = $3 WHERE county = $1 AND matter_id = $2 AND until_at IS NULL
)sql"};
constexpr db::Sql kInsertHold{"matters.insert_hold", R"sql(
  INSERT INTO holds (county, matter_id, id, unit_id, from_at, until_at) VALUES ($1, $2, $3, $4, $5, $6)
)sql"};

constexpr db::Sql kCoHandlers{"matters.co_handlers", R"sql(
  SELECT unit_id, since_at FROM co_handlers
   WHERE county = $1 AND matter_id = $2 AND ended_at IS NULL ORDER BY since_at, unit_id
)sql"};
constexpr db::Sql kAddCoHandler{"matters.add_co_handler", R"sql(
  INSERT INTO co_handlers (county, matter_id, unit_id, since_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (county, matter_id, unit_id) DO UPDATE SET ended_at = NULL
)sql"};
constexpr db::Sql kEndCoHandlers{"matters.end_co_handlers", R"sql(
  UPDATE co_handlers SET ended_at = $3 WHERE county = $1 AND matter_id = $2 AND ended_at IS NULL
)sql"};

constexpr db::Sql kAnswers{"matters.answers", R"sql(
  SELECT at, unit_id, officer_id, text, asks, approved_by, pictures FROM answers WHERE county = $1 AND matter_id = $2 ORDER BY at, id
)sql"};
constexpr db::Sql kInsertAnswer{"matters.insert_answer", R"sql(
  INSERT INTO answers (county, matter_id, id, at, unit_id, officer_id, text, asks, approved_by, pictures)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql"};

constexpr db::Sql kRequests{"matters.requests", R"sql(
  SELECT id, kind, asked_by_unit_id, asked_by_officer_id, decided_by_unit_id, reason, data, asked_at, due_at,
         decided_at, is_granted, note
    FROM requests WHERE county = $1 AND matter_id = $2 ORDER BY asked_at, id
)sql"};
constexpr db::Sql kInsertRequest{"matters.insert_request", R"sql(
  INSERT INTO requests (county, matter_id, id, kind, asked_by_unit_id, asked_by_officer_id, decided_by_unit_id,
    reason, data, asked_at, due_at, decided_at, is_granted, note)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
)sql"};
constexpr db::Sql kMoveRequest{"matters.move_request", R"sql(
  UPDATE requests SET decided_by_unit_id = $4, due_at = $5 WHERE county = $1 AND matter_id = $2 AND id = $3
)sql"};
constexpr db::Sql kDecideRequest{"matters.decide_request", R"sql(
  UPDATE requests SET data = $4, decided_at = $5, is_granted = $6, note = $7
   WHERE county = $1 AND matter_id = $2 AND id = $3
)sql"};

constexpr db::Sql kEvents{"matters.events", R"sql(
  SELECT id, act, at, actor_kind, actor_id, unit_id, data FROM events
   WHERE county = $1 AND resource_id = $2 ORDER BY id
)sql"};

constexpr db::Sql kInsertEvent{"matters.insert_past_event", R"sql(
  INSERT INTO events (county, resource_id, id, resource, act, at, actor_kind, data)
  VALUES ($1, $2, $3, 'matter', $4, $5, 'system', $6)
)sql"};

constexpr db::Sql kOpenWithClock{"matters.open_with_clock", R"sql(
  SELECT id FROM matters WHERE county = $1 AND is_open = 1
)sql"};
constexpr db::Sql kOfOrder{"matters.of_order", "SELECT matter_id FROM orders WHERE county = $1 AND id = $2"};
constexpr db::Sql kOfPicture{"matters.of_picture", "SELECT matter_id FROM attachments WHERE county = $1 AND id = $2"};
constexpr db::Sql kOfLetter{"matters.of_letter", "SELECT matter_id FROM messages WHERE county = $1 AND id = $2"};
constexpr db::Sql kOfReport{"matters.of_report", "SELECT matter_id FROM harm_reports WHERE county = $1 AND id = $2"};
constexpr db::Sql kMergedInto{"matters.merged_into", R"sql(
  SELECT id FROM matters WHERE county = $1 AND merged_into = $2 AND merged_into IS NOT NULL ORDER BY id
)sql"};
constexpr db::Sql kHandles{"matters.handles", R"sql(
  SELECT 1 FROM matters m WHERE m.county = $1 AND m.household_id = $2 AND m.household_id IS NOT NULL AND m.is_open = 1
    AND (m.owner_unit_id = $3 OR m.pending_unit_id = $3 OR EXISTS (
      SELECT 1 FROM co_handlers c WHERE c.county = $1 AND c.matter_id = m.id AND c.unit_id = $3 AND c.ended_at IS NULL))
  UNION ALL
  SELECT 1 FROM members b JOIN matters m ON m.county = b.county AND m.id = b.matter_id
   WHERE b.county = $1 AND b.household_id = $2 AND b.household_id IS NOT NULL AND b.left_at IS NULL AND m.is_open = 1
    AND (m.owner_unit_id = $3 OR m.pending_unit_id = $3)
   LIMIT 1
)sql"};
constexpr db::Sql kOpenOfHouseholds{"matters.open_of_households",
  "SELECT household_id, COUNT(*), MIN(due_at) FROM matters WHERE county = $1 AND household_id IN (" HUIYIN_MANY ") "
  "AND household_id IS NOT NULL AND is_open = 1 AND is_protected = 0 GROUP BY household_id"};
constexpr db::Sql kOwned{"matters.owned", R"sql(
  SELECT 1 FROM matters WHERE county = $1 AND owner_unit_id = $2 AND is_open = 1 LIMIT 1
)sql"};
constexpr db::Sql kOffered{"matters.offered", R"sql(
  SELECT 1 FROM matters WHERE county = $1 AND pending_unit_id = $2 AND pending_unit_id IS NOT NULL LIMIT 1
)sql"};
constexpr db::Sql kPictures{"matters.pictures", R"sql(
  SELECT id, media_type, size, width, height, name, created_at FROM attachments
   WHERE county = $1 AND matter_id = $2 AND matter_id IS NOT NULL ORDER BY created_at, id
)sql"};

Request ReadRequest(const db::Row& row) {
  Request request;
  request.id = row.Key(0);
  request.kind = row.Text(1);
  request.asked_by_unit = row.Ref<UnitId>(2);
  request.asked_by_officer = row.OptRef<OfficerId>(3);
  request.decided_by_unit = row.Ref<UnitId>(4);
  request.reason = row.Text(5);
  request.data = row.Text(6);
  request.asked_at = row.At(7);
  request.due_at = row.OptAt(8);
  request.decided_at = row.OptAt(9);
  if (!row.IsNull(10)) request.is_granted = row.Flag(10);
  request.note = row.Text(11);
  return request;
}

MatterId ReadId(const db::Row& row) { return row.Ref<MatterId>(0); }

std::optional<std::string_view> OrNull(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

}  // namespace

Matter ReadMatter(const db::Row& row) {
  Matter m;
  m.id = row.Ref<MatterId>(0);
  m.receipt = row.Text(1);
  m.state = ParseState(row.View(2)).value_or(State::kReceived);
  m.channel = row.Text(3);
  m.kind = row.Text(4);
  m.category = row.Text(5);
  m.text = row.Text(6);
  m.subject = row.Text(7);
  m.household = row.OptRef<HouseholdId>(8);
  m.resident = row.OptRef<ResidentId>(9);
  m.area = row.Text(10);
  m.visit = row.OptRef<VisitId>(11);
  m.contact = row.Text(12);
  m.is_anonymous = row.Flag(13);
  m.is_protected = row.Flag(14);
  m.about_officer = row.OptRef<OfficerId>(15);
  m.about_unit = row.OptRef<UnitId>(16);
  m.first_unit = row.Ref<UnitId>(17);
  m.first_officer = row.OptRef<OfficerId>(18);
  m.owner_unit = row.Ref<UnitId>(19);
  m.owner_officer = row.OptRef<OfficerId>(20);
  m.pending_unit = row.OptRef<UnitId>(21);
  m.sender_unit = row.OptRef<UnitId>(22);
  m.received_at = row.At(23);
  m.registered_at = row.At(24);
  m.due_at = row.OptAt(25);
  m.answered_at = row.OptAt(26);
  m.judge_due_at = row.OptAt(27);
  m.closed_at = row.OptAt(28);
  m.moves = row.Int(29);
  m.bounces = row.Int(30);
  m.reopened = row.Int(31);
  m.was_late = row.Flag(32);
  if (!row.IsNull(33)) m.solved = row.Flag(33);
  m.rating = row.OptInt(34);
  m.judgement_text = row.Text(35);
  m.merged_into = row.OptRef<MatterId>(36);
  m.external_number = row.Text(37);
  m.events = row.Int(38);
  m.revision = row.Int(39);
  const std::string_view hash = row.View(40);
  std::memcpy(m.content_hash.data(), hash.data(), std::min(hash.size(), m.content_hash.size()));
  m.text_number = row.Int(41);
  m.about_text = row.Text(42);
  m.is_confidential = row.Flag(43);
  m.orders_missed = row.Int(44);
  m.decisions_missed = row.Int(45);
  m.stuck = static_cast<StuckMark>(row.Int(46));
  m.Keep();
  return m;
}

std::optional<Matter> FindMatter(db::Tx& tx, County county, const MatterId& id) {
  return tx.One(kFind, ReadMatter, county, id);
}

std::optional<Matter> FindByReceipt(db::Tx& tx, County county, std::string_view receipt) {
  const auto id = tx.One(kFindReceipt, [](const db::Row& row) { return row.Ref<MatterId>(0); }, county, receipt);
  return id ? FindMatter(tx, county, *id) : std::nullopt;
}

bool HasExternal(db::Tx& tx, County county, std::string_view external_number) {
  return tx.Any(kHasExternal, county, external_number);
}

bool ReceiptExists(db::Tx& tx, std::string_view receipt) { return tx.Any(kReceiptExists, receipt); }

void InsertMatter(db::Tx& tx, County county, Matter& m) {
  m.stuck = MarkOf(m, RuleOfStuck(tx, county));
  AddToIndex(tx, county, m);
  tx.Run(kInsert, county, m.id, m.receipt, StateName(m.state), IsOpen(m.state), m.channel, m.kind, m.category,
         m.text, m.subject, m.household, m.resident, m.area, m.visit, m.contact, m.is_anonymous, m.is_protected,
         m.about_officer, m.about_unit, m.first_unit, m.first_officer, m.owner_unit, m.owner_officer, m.pending_unit,
         m.sender_unit, m.received_at, m.registered_at, m.due_at, m.answered_at, m.judge_due_at, m.closed_at, m.moves,
         m.bounces, m.reopened, m.was_late, m.solved, m.rating, m.judgement_text, m.merged_into, m.external_number,
         m.events, m.revision, db::Blob{AsView(m.content_hash)}, m.text_number, m.about_text, m.is_confidential,
         m.orders_missed, m.decisions_missed, static_cast<int64_t>(m.stuck));
  tx.Run(kInsertReceipt, m.receipt, county, m.id);
  CountOpen(tx, county, m, true);
  CountCause(tx, county, m, true);
  m.Keep();
}

void SaveMatter(db::Tx& tx, County county, Matter& m) {
  m.stuck = MarkOf(m, RuleOfStuck(tx, county));
  const int64_t changed = tx.Run(
      kSave, county, m.id, StateName(m.state), IsOpen(m.state), m.kind, m.category, m.subject, m.household, m.resident,
      m.area, m.contact, m.owner_unit, m.owner_officer, m.pending_unit, m.sender_unit, m.due_at, m.answered_at,
      m.judge_due_at, m.closed_at, m.moves, m.bounces, m.reopened, m.was_late, m.solved, m.rating, m.judgement_text,
      m.merged_into, m.events, m.revision, m.visit, m.is_confidential, m.orders_missed, m.decisions_missed,
      static_cast<int64_t>(m.stuck));
  if (changed != 1) Conflict("conflict");
  ++m.revision;
  UpdateIndex(tx, county, m);
  CountOpen(tx, county, m, false);
  CountCause(tx, county, m, false);
  m.Keep();
}

std::vector<Ask> AsksOf(db::Tx& tx, County county, const MatterId& matter) {
  return tx.All(kAsks, [](const db::Row& row) {
    return Ask{row.Ref<AskId>(0), row.Text(1), row.OptRef<UnitId>(2), row.Text(3), row.Text(4),
               row.Text(5), row.Text(6), row.Text(7), row.OptAt(8), row.Flag(9), row.Text(10)};
  }, county, matter);
}

std::map<Uuid, int64_t> CountAsks(db::Tx& tx, County county, std::span<const MatterId> matters) {
  std::map<Uuid, int64_t> counts;
  db::RowsOfMany(tx, kCountAsks, county, matters, [&](const db::Row& row) { counts[row.Key(0)] = row.Int(1); });
  return counts;
}

void InsertAsk(db::Tx& tx, County county, const MatterId& matter, const Ask& ask, int64_t position) {
  tx.Run(kInsertAsk, county, matter, ask.id, position, ask.text, ask.unit, OrNull(ask.outcome), ask.answer, ask.rule,
         ask.appeal, ask.redirected_to, ask.answered_at);
}

void SaveAsk(db::Tx& tx, County county, const MatterId& matter, const Ask& ask, int64_t position) {
  tx.Run(kSaveAsk, county, matter, ask.id, position, ask.text, ask.unit, OrNull(ask.outcome), ask.answer, ask.rule,
         ask.appeal, ask.redirected_to, ask.answered_at, ask.is_beyond, ask.who_can);
}

void DeleteAsk(db::Tx& tx, County county, const MatterId& matter, const AskId& ask) {
  tx.Run(kDeleteAsk, county, matter, ask);
}

std::vector<Clock> ClocksOf(db::Tx& tx, County county, const MatterId& matter) {
  return tx.All(kClocks, [](const db::Row& row) {
    return Clock{row.Ref<ClockId>(0), row.Text(1), row.Text(2), row.Day(3), row.Text(4), row.At(5),
                 row.At(6), row.Text(7), row.Int(8), row.Text(9), row.OptAt(10)};
  }, county, matter);
}

void InsertClock(db::Tx& tx, County county, const MatterId& matter, const Clock& c) {
  tx.Run(kInsertClock, county, matter, c.id, c.step, c.rule, c.rule_from, c.article, c.started_at, c.due_at,
         c.extended_by, c.extended_days, c.working, c.ended_at);
}

void SaveClock(db::Tx& tx, County county, const MatterId& matter, const Clock& c) {
  tx.Run(kSaveClock, county, matter, c.id, c.due_at, c.extended_by, c.extended_days, c.working, c.ended_at);
}

std::vector<Hold> HoldsOf(db::Tx& tx, County county, const MatterId& matter) {
  return tx.All(kHolds, [](const db::Row& row) {
    return Hold{row.Ref<UnitId>(0), row.At(1), row.OptAt(2)};
  }, county, matter);
}

void ChangeHold(Context& ctx, const MatterId& matter, const std::optional<UnitId>& unit) {
  ctx.tx.Run(kEndHold, ctx.county, matter, ctx.now);
  if (unit) InsertHold(ctx.tx, ctx.county, matter, ctx.NewId<EventId>(), {*unit, ctx.now, {}});
}

void InsertHold(db::Tx& tx, County county, const MatterId& matter, const Uuid& id, const Hold& hold) {
  tx.Run(kInsertHold, county, matter, id, hold.unit, hold.from, hold.until);
}

std::vector<CoHandler> CoHandlersOf(db::Tx& tx, County county, const MatterId& matter) {
  return tx.All(kCoHandlers, [](const db::Row& row) {
    return CoHandler{row.Ref<UnitId>(0), row.At(1)};
  }, county, matter);
}

void AddCoHandler(db::Tx& tx, County county, const MatterId& matter, const UnitId& unit, Instant now) {
  tx.Run(kAddCoHandler, county, matter, unit, now);
}

void EndCoHandlers(db::Tx& tx, County county, const MatterId& matter, Instant now) {
  tx.Run(kEndCoHandlers, county, matter, now);
}

std::vector<Given> AnswersOf(db::Tx& tx, County county, const MatterId& matter) {
  return tx.All(kAnswers, [](const db::Row& row) {
    return Given{row.At(0), row.Ref<UnitId>(1), row.Ref<OfficerId>(2), row.Text(3), row.Text(4), row.OptRef<OfficerId>(5),
                 row.Text(6)};
  }, county, matter);
}

void InsertAnswer(db::Tx& tx, County county, const MatterId& matter, const Uuid& id, const Given& answer) {
  tx.Run(kInsertAnswer, county, matter, id, answer.at, answer.unit, answer.officer, answer.text, answer.asks,
         answer.approved_by, answer.pictures);
}

std::vector<Request> RequestsOf(db::Tx& tx, County county, const MatterId& matter) {
  return tx.All(kRequests, ReadRequest, county, matter);
}

std::optional<Request> OpenRequest(db::Tx& tx, County county, const MatterId& matter, std::string_view kind) {
  for (Request& request : RequestsOf(tx, county, matter)) {
    if (request.kind == kind && !request.decided_at) return std::move(request);
  }
  return std::nullopt;
}

void InsertRequest(db::Tx& tx, County county, const MatterId& matter, const Request& r) {
  tx.Run(kInsertRequest, county, matter, r.id, r.kind, r.asked_by_unit, r.asked_by_officer, r.decided_by_unit,
         r.reason, r.data, r.asked_at, r.due_at, r.decided_at, r.is_granted, r.note);
}

void MoveRequest(db::Tx& tx, County county, const MatterId& matter, const Request& r) {
  tx.Run(kMoveRequest, county, matter, r.id, r.decided_by_unit, r.due_at);
}

void DecideRequest(db::Tx& tx, County county, const MatterId& matter, const Request& r) {
  tx.Run(kDecideRequest, county, matter, r.id, r.data, r.decided_at, r.is_granted, r.note);
}

void InsertPastEvent(db::Tx& tx, County county, const MatterId& matter, const EventId& id, std::string_view act,
                     Instant at, std::string_view data) {
  tx.Run(kInsertEvent, county, matter, id, act, at, data);
}

std::vector<Event> EventsOf(db::Tx& tx, County county, const MatterId& matter) {
  return tx.All(kEvents, [](const db::Row& row) {
    return Event{row.Ref<EventId>(0), row.Text(1), row.At(2), row.Text(3),
                 row.IsNull(4) ? std::nullopt : std::optional(row.Key(4)), row.OptRef<UnitId>(5), row.Text(6)};
  }, county, matter);
}

std::optional<MatterId> MatterBehind(db::Tx& tx, County county, std::string_view resource, const Uuid& id) {
  if (resource == "matter") return MatterId(id);
  const db::Sql* sql = resource == "order" ? &kOfOrder : resource == "attachment" ? &kOfPicture : resource == "letter" ? &kOfLetter
                     : resource == "harm_report" ? &kOfReport : nullptr;
  if (sql == nullptr) return std::nullopt;
  return tx.One(*sql, [](const db::Row& row) { return row.OptRef<MatterId>(0); }, county, id).value_or(std::nullopt);
}

std::vector<MatterId> OpenWithClock(db::Tx& tx, County county) { return tx.All(kOpenWithClock, ReadId, county); }

std::vector<MatterId> MergedInto(db::Tx& tx, County county, const MatterId& into) {
  return tx.All(kMergedInto, ReadId, county, into);
}

bool HandlesOpenMatterOf(db::Tx& tx, County county, const HouseholdId& household, const UnitId& unit) {
  return tx.Any(kHandles, county, household, unit);
}

bool HasOpenOf(db::Tx& tx, County county, const UnitId& unit) {
  return tx.Any(kOwned, county, unit) || tx.Any(kOffered, county, unit);
}

std::vector<OpenCount> OpenMattersOf(db::Tx& tx, County county, std::span<const HouseholdId> households) {
  std::vector<OpenCount> counts;
  db::RowsOfMany(tx, kOpenOfHouseholds, county, households, [&](const db::Row& row) {
    counts.push_back({row.Ref<HouseholdId>(0), row.Int(1), row.OptAt(2)});
  });
  return counts;
}

std::vector<Picture> PicturesOf(db::Tx& tx, County county, const MatterId& matter) {
  return tx.All(kPictures, [](const db::Row& row) {
    return Picture{row.Ref<AttachmentId>(0), row.Text(1), row.Int(2), row.Int(3), row.Int(4), row.Text(5), row.At(6)};
  }, county, matter);
}

}  // namespace huiyin::matters
