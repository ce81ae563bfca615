// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/alarms.h"

#include "modules/matters/deeds.h"
#include "modules/matters/leads.h"
#include "modules/matters/store.h"
#include "modules/terms/terms.h"

namespace huiyin::matters {
namespace {

constexpr int64_t kMorning = 8 * kHour + 30 * kMinute;  // when an office opens
constexpr int64_t kPutOff = kHour;
constexpr std::string_view kSoonRule = "clock.soon";

constexpr db::Sql kSet{"alarms.set", R"sql(
  INSERT INTO alarms (county, id, subject, matter_id, deed, at, turn)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (county, id) DO UPDATE SET deed = excluded.deed, at = excluded.at, failures = 0
)sql"};
// Apart from the insertion: Citus takes no query in the values of a row.
constexpr db::Sql kNextTurn{"alarms.next_turn", "SELECT COALESCE(MAX(turn), 0) + 1 FROM alarms WHERE county = $1"};
constexpr db::Sql kDrop{"alarms.drop", "DELETE FROM alarms WHERE county = $1 AND id = $2"};
constexpr db::Sql kFind{"alarms.find", R"sql(
  SELECT id, subject, matter_id, deed, at FROM alarms WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kDue{"alarms.due", R"sql(
  SELECT id, subject, matter_id, deed, at FROM alarms WHERE county = $1 AND at <= $2 ORDER BY at, turn, id LIMIT $3
)sql"};
constexpr db::Sql kPutOffOne{"alarms.put_off", R"sql(
  UPDATE alarms SET at = $3, failures = failures + 1 WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kUnarmed{"alarms.unarmed", R"sql(
  SELECT c.matter_id, c.id FROM clocks c
   WHERE c.county = $1 AND c.ended_at IS NULL
     AND NOT EXISTS (SELECT 1 FROM alarms a WHERE a.county = c.county AND a.id = c.id)
)sql"};

constexpr db::Sql kUnderRule{"alarms.under_rule", R"sql(
  SELECT COUNT(*) FROM alarms a JOIN clocks c ON c.county = a.county AND c.matter_id = a.matter_id AND c.id = a.id
   WHERE a.county = $1 AND a.matter_id IS NOT NULL AND c.rule_key = $2
)sql"};

std::string_view SubjectOf(const Alarm& alarm) {
  if (alarm.is_order) return "order";
  if (alarm.deed == Deed::kStepLate) return "step";
  return alarm.deed == Deed::kLeadLate ? "lead" : "clock";
}

Alarm ReadAlarm(const db::Row& row) {
  return {row.Key(0), row.View(1) == "order", row.OptRef<MatterId>(2), ParseDeed(row.View(3)).value_or(Deed::kLate),
          row.At(4)};
}

// The moment a reminder goes out: the morning of the day `clock.soon` names.
std::optional<Instant> RemindAt(const terms::Terms& held, const Clock& clock, Zone zone) {
  const Date due = LocalDate(clock.due_at, zone);
  const terms::Rule* rule = terms::FindRule(held.rules, kSoonRule, due);
  if (rule == nullptr) return std::nullopt;
  const Instant at = rule->unit == terms::Unit::kHour
                         ? clock.due_at - rule->amount * kHour
                         : StartOfDay(terms::DayBefore(*rule, due, held.calendar), zone) + kMorning;
  return at > clock.started_at && at < clock.due_at ? std::optional(at) : std::nullopt;
}

std::optional<Instant> TermAfter(Context& ctx, const terms::Terms& held, const Matter& matter, std::string_view step,
                                 Instant from) {
  const terms::Rule* rule = terms::Choose(held.rules, {.step = step, .kind = matter.kind, .category = matter.category,
                                                       .channel = matter.channel, .region = matter.area,
                                                       .on = LocalDate(from, ctx.zone)});
  if (rule == nullptr) return std::nullopt;
  return terms::DueAt(*rule, from, held.calendar, ctx.zone).due;
}

Moments MomentsOf(Context& ctx, const Matter& matter, const Clock& clock) {
  const auto held = terms::Of(ctx.tx, ctx.county);
  Moments moments{.started = clock.started_at, .due = clock.due_at, .remind = RemindAt(*held, clock, ctx.zone),
                  .order = TermAfter(ctx, *held, matter, "late_order", clock.due_at)};
  const auto ask = TermAfter(ctx, *held, matter, "ask_judgement", clock.started_at);
  if (ask && *ask < clock.due_at) moments.ask = ask;
  return moments;
}

void SetStage(Context& ctx, const Matter& matter, const Clock& clock, const std::optional<Stage>& stage) {
  if (!stage) return Disarm(ctx.tx, ctx.county, clock.id);
  SetAlarm(ctx.tx, ctx.county, {.id = clock.id, .matter = matter.id, .deed = stage->deed, .at = stage->at});
}

std::optional<Clock> Running(Context& ctx, const MatterId& matter, const Uuid& id) {
  for (Clock& clock : ClocksOf(ctx.tx, ctx.county, matter)) {
    if (Uuid(clock.id) == id && !clock.ended_at) return std::move(clock);
  }
  return std::nullopt;
}

// Does it and sets what follows.
void Perform(Context& ctx, const Alarm& alarm) {
  Disarm(ctx.tx, ctx.county, alarm.id);
  if (alarm.is_order) return DoOrderLate(ctx, OrderId(alarm.id));
  if (alarm.deed == Deed::kStepLate) return DoStepLate(ctx, alarm);
  if (alarm.deed == Deed::kLeadLate) return DoLeadLate(ctx, alarm);
  auto matter = alarm.matter ? FindMatter(ctx.tx, ctx.county, *alarm.matter) : std::nullopt;
  const auto clock = matter ? Running(ctx, matter->id, alarm.id) : std::nullopt;
  if (!clock) return;  // it ended; an alarm left behind does nothing
  // First the next, so that a deed which ends the clock disarms it again.
  ArmAfter(ctx, *matter, *clock, alarm.deed);
  DoDeed(ctx, *matter, *clock, alarm.deed);
  SaveMatter(ctx.tx, ctx.county, *matter);
}

}  // namespace

void Arm(Context& ctx, const Matter& matter, const Clock& clock) {
  Moments moments = MomentsOf(ctx, matter, clock);
  // Nobody is reminded of a day before today: the clock started late, or was moved.
  if (moments.remind && *moments.remind < ctx.now) moments.remind.reset();
  SetStage(ctx, matter, clock, FirstStage(clock.step, moments));
}

void ArmAfter(Context& ctx, const Matter& matter, const Clock& clock, Deed done) {
  SetStage(ctx, matter, clock, NextStage(clock.step, done, MomentsOf(ctx, matter, clock)));
}

void SetAlarm(db::Tx& tx, County county, const Alarm& alarm) {
  tx.Run(kSet, county, alarm.id, SubjectOf(alarm), alarm.matter, DeedName(alarm.deed), alarm.at, tx.Number(kNextTurn, county));
}

void Disarm(db::Tx& tx, County county, const Uuid& id) { tx.Run(kDrop, county, id); }

std::optional<Alarm> FindAlarm(db::Tx& tx, County county, const Uuid& id) {
  return tx.One(kFind, ReadAlarm, county, id);
}

std::vector<Alarm> DueAlarms(db::Tx& tx, County county, Instant now, int limit) {
  return tx.All(kDue, ReadAlarm, county, now, limit);
}

int RunAlarms(Context& ctx, int limit) {
  int done = 0;
  // One deed may bring on the next within a downtime; the earliest always goes first.
  while (done < limit) {
    const auto due = DueAlarms(ctx.tx, ctx.county, ctx.now, limit - done);
    if (due.empty()) break;
    for (size_t i = 0; i < due.size(); ++i) {
      Perform(ctx, due[i]);
      ++done;
      if (i + 1 == due.size()) break;
      const auto next = FindAlarm(ctx.tx, ctx.county, due[i].id);
      if (next && next->at <= due[i + 1].at) break;  // what follows comes before the rest
    }
  }
  return done;
}

void PostponeFirst(Context& ctx) {
  for (const Alarm& alarm : DueAlarms(ctx.tx, ctx.county, ctx.now, 1)) {
    ctx.tx.Run(kPutOffOne, ctx.county, alarm.id, ctx.now + kPutOff);
  }
}

int64_t RunningUnder(Context& ctx, std::string_view rule) { return ctx.tx.Number(kUnderRule, ctx.county, rule); }

int64_t ArmMissing(Context& ctx) {
  const auto unarmed = ctx.tx.All(kUnarmed, [](const db::Row& row) {
    return std::pair(row.Ref<MatterId>(0), row.Key(1));
  }, ctx.county);
  for (const auto& [id, clock_id] : unarmed) {
    const auto matter = FindMatter(ctx.tx, ctx.county, id);
    const auto clock = matter ? Running(ctx, id, clock_id) : std::nullopt;
    if (clock) Arm(ctx, *matter, *clock);
  }
  return static_cast<int64_t>(unarmed.size());
}

}  // namespace huiyin::matters
