// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/clocks.h"

#include "modules/matters/alarms.h"
#include "modules/matters/categories.h"
#include "modules/matters/orders.h"
#include "modules/matters/pauses.h"
#include "modules/matters/story.h"
#include "modules/matters/word.h"
#include "modules/terms/due_json.h"

namespace huiyin::matters {
namespace {

// Where no rule of a county's fits: a matter without a clock would be lost.
constexpr std::string_view kLastResort = "hotline.answer";

// Its newest version that sets a term, even when the county has repealed it.
const terms::Rule* LastResort(const terms::Terms& held) {
  const terms::Rule* newest = nullptr;
  for (const terms::Rule& rule : held.rules) {
    if (rule.key != kLastResort || rule.is_repealed) continue;
    if (newest == nullptr || rule.version_from > newest->version_from) newest = &rule;
  }
  return newest;
}

const terms::Rule* RuleOf(Context& ctx, const terms::Terms& held, const Matter& matter, std::string_view step,
                          Instant from) {
  const Date on = LocalDate(from, ctx.zone);
  if (step == "answer") {
    const std::string key = RuleOfCategory(ctx, matter.category);
    if (const terms::Rule* rule = key.empty() ? nullptr : terms::FindRule(held.rules, key, on)) return rule;
  }
  const terms::Rule* rule = terms::Choose(held.rules, {.step = step,
                                                       .kind = matter.kind,
                                                       .category = matter.category,
                                                       .channel = matter.channel,
                                                       .region = matter.area,
                                                       .on = on});
  const bool is_owed = step == "answer" || step == "review" || step == "final_review";
  return rule == nullptr && is_owed ? LastResort(held) : rule;
}

// Counts the clock again by the version it started under and the calendar of now.
std::optional<terms::Working> WorkingOf(Context& ctx, const terms::Terms& held, const MatterId& matter,
                                        const Clock& clock) {
  const terms::Rule* rule = terms::FindRule(held.rules, clock.rule, clock.rule_from);
  if (rule == nullptr) return std::nullopt;
  const auto pauses = CountedPauses(ctx.tx, ctx.county, matter, clock.id);
  terms::Working working = terms::DueAt(*rule, clock.started_at, held.calendar, ctx.zone, pauses);
  if (clock.extended_by.empty()) return working;
  const terms::Rule* extension = terms::FindRule(held.rules, clock.extended_by, LocalDate(clock.started_at, ctx.zone));
  if (extension == nullptr) return working;
  return terms::Extend(working, *extension, static_cast<int>(clock.extended_days), held.calendar, pauses);
}

// How often this clock was called late, and others of the matter were.
struct Lateness {
  int this_clock = 0;
  int others = 0;
};
Lateness LatenessOf(Context& ctx, const MatterId& matter, const ClockId& clock) {
  Lateness lateness;
  for (const Event& event : EventsOf(ctx.tx, ctx.county, matter)) {
    const int by = event.act == "matter.late" ? 1 : event.act == "matter.late_corrected" ? -1 : 0;
    if (by == 0) continue;
    const json::value data = json::parse(event.data);
    const bool is_this = data.at("clock_id").as_string() == FormatUuid(clock);
    (is_this ? lateness.this_clock : lateness.others) += by;
  }
  return lateness;
}

// The calendar moved the due date. A lateness that is none by the new one is taken back, by
// another event; what was done by the old one is not done twice.
void Move(Context& ctx, Matter& matter, const Clock& clock) {
  SaveClock(ctx.tx, ctx.county, matter.id, clock);
  const Lateness lateness = LatenessOf(ctx, matter.id, clock.id);
  if (lateness.this_clock == 0) return Arm(ctx, matter, clock);
  if (clock.due_at < ctx.now) {
    if (FindAlarm(ctx.tx, ctx.county, clock.id)) ArmAfter(ctx, matter, clock, Deed::kLate);
    return;
  }
  Arm(ctx, matter, clock);
  OvertakeOrders(ctx, matter);
  matter.was_late = lateness.others > 0;
  Tell(ctx, matter, "late_corrected", {{"clock_id", FormatUuid(clock.id)}, {"due_at", FormatInstant(clock.due_at)}});
  CountMatter(ctx, matter, "matters.missed", -1);
}

Clock Start(Context& ctx, Matter& matter, std::string_view step, const terms::Terms& held, const terms::Rule& rule,
            Instant from) {
  const terms::Working working = terms::DueAt(rule, from, held.calendar, ctx.zone);
  Clock clock;
  clock.id = ctx.NewId<ClockId>();
  clock.step = step;
  clock.rule = rule.key;
  clock.rule_from = rule.version_from;
  clock.article = rule.article;
  clock.started_at = from;
  clock.due_at = working.due;
  clock.working = terms::WorkingJson(working);
  InsertClock(ctx.tx, ctx.county, matter.id, clock);
  Arm(ctx, matter, clock);
  if (IsResidents(clock)) matter.due_at = clock.due_at;
  return clock;
}

}  // namespace

bool IsResidents(const Clock& clock) {
  return clock.step == "answer" || clock.step == "review" || clock.step == "final_review";
}

std::optional<Clock> RunningClock(const std::vector<Clock>& clocks) {
  for (auto at = clocks.rbegin(); at != clocks.rend(); ++at) {
    if (IsResidents(*at) && !at->ended_at) return *at;
  }
  return std::nullopt;
}

std::optional<Clock> StartClock(Context& ctx, Matter& matter, std::string_view step, Instant from) {
  const auto held = terms::Of(ctx.tx, ctx.county);
  const terms::Rule* rule = RuleOf(ctx, *held, matter, step, from);
  if (rule == nullptr) return std::nullopt;
  return Start(ctx, matter, step, *held, *rule, from);
}

std::optional<Clock> StartClockAnew(Context& ctx, Matter& matter) {
  const auto held = terms::Of(ctx.tx, ctx.county);
  const terms::Rule* rule = RuleOf(ctx, *held, matter, "reopened", ctx.now);
  if (rule == nullptr) return StartClock(ctx, matter, "answer", ctx.now);
  return Start(ctx, matter, "answer", *held, *rule, ctx.now);
}

bool CountAgain(Context& ctx, Matter& matter, Clock& clock) {
  const auto working = WorkingOf(ctx, *terms::Of(ctx.tx, ctx.county), matter.id, clock);
  if (!working) return false;
  const bool has_moved = working->due != clock.due_at;
  clock.due_at = working->due;
  clock.working = terms::WorkingJson(*working);
  KeepClock(ctx, matter, clock);
  if (IsResidents(clock)) matter.due_at = clock.due_at;
  return has_moved;
}

std::vector<std::string> PausesKnown(Context& ctx, const Clock& clock) {
  const auto held = terms::Of(ctx.tx, ctx.county);
  const terms::Rule* rule = terms::FindRule(held->rules, clock.rule, clock.rule_from);
  return rule == nullptr ? std::vector<std::string>{} : rule->pauses;
}

void KeepClock(Context& ctx, const Matter& matter, const Clock& clock) {
  SaveClock(ctx.tx, ctx.county, matter.id, clock);
  if (clock.ended_at) Disarm(ctx.tx, ctx.county, clock.id);
  else Arm(ctx, matter, clock);
}

void StopClocks(Context& ctx, const Matter& matter, std::string_view step) {
  for (Clock& clock : ClocksOf(ctx.tx, ctx.county, matter.id)) {
    if (clock.ended_at || (!step.empty() && clock.step != step)) continue;
    clock.ended_at = ctx.now;
    KeepClock(ctx, matter, clock);
  }
}

void ResumeClock(Context& ctx, Matter& matter, Clock clock, const std::optional<Alarm>& next) {
  const auto held = terms::Of(ctx.tx, ctx.county);
  clock.ended_at.reset();
  const Instant before = clock.due_at;
  if (const auto working = WorkingOf(ctx, *held, matter.id, clock)) {
    clock.due_at = working->due;
    clock.working = terms::WorkingJson(*working);
  }
  SaveClock(ctx.tx, ctx.county, matter.id, clock);
  // Nobody is reminded afterwards of what is already nearly due.
  if (next && next->deed == Deed::kRemind && next->at < ctx.now) ArmAfter(ctx, matter, clock, Deed::kRemind);
  else if (next) SetAlarm(ctx.tx, ctx.county, *next);
  if (clock.due_at != before) Move(ctx, matter, clock);
  if (IsResidents(clock)) matter.due_at = clock.due_at;
}

std::optional<Instant> TermOf(Context& ctx, const Matter& matter, std::string_view step, Instant from) {
  const auto held = terms::Of(ctx.tx, ctx.county);
  const terms::Rule* rule = RuleOf(ctx, *held, matter, step, from);
  if (rule == nullptr) return std::nullopt;
  return terms::DueAt(*rule, from, held->calendar, ctx.zone).due;
}

Longer LengthenBy(Context& ctx, const MatterId& matter, const Clock& clock, std::string_view rule, int64_t days) {
  const auto held = terms::Of(ctx.tx, ctx.county);
  if (!clock.extended_by.empty()) Conflict("matters.already_extended");
  const terms::Rule* first = terms::FindRule(held->rules, clock.rule, clock.rule_from);
  const terms::Rule* extension =
      terms::FindRule(held->rules, rule, LocalDate(clock.started_at, ctx.zone));
  if (first == nullptr || extension == nullptr || first->extends_by != rule) {
    Invalid("rule", "unknown_rule", first == nullptr ? "" : first->extends_by);
  }
  if (days < 1 || days > extension->amount) Invalid("days", "out_of_range", fmt::format("1 to {}", extension->amount));
  const auto pauses = CountedPauses(ctx.tx, ctx.county, matter, clock.id);
  const terms::Working working = terms::Extend(terms::DueAt(*first, clock.started_at, held->calendar, ctx.zone, pauses),
                                               *extension, static_cast<int>(days), held->calendar, pauses);
  return {working.due, terms::WorkingJson(working), extension->article, extension->needs_approval, extension->unit,
          extension->amount};
}

void RecountAll(Context& ctx) {
  const auto held = terms::Of(ctx.tx, ctx.county);
  for (const MatterId& id : OpenWithClock(ctx.tx, ctx.county)) {
    auto matter = FindMatter(ctx.tx, ctx.county, id);
    if (!matter) continue;
    bool has_moved = false;
    for (Clock& clock : ClocksOf(ctx.tx, ctx.county, id)) {
      if (clock.ended_at) continue;
      const auto working = WorkingOf(ctx, *held, id, clock);
      if (!working || working->due == clock.due_at) continue;
      const Instant before = clock.due_at;
      clock.due_at = working->due;
      clock.working = terms::WorkingJson(*working);
      Move(ctx, *matter, clock);
      if (IsResidents(clock)) matter->due_at = clock.due_at;
      if (clock.step == "judge") matter->judge_due_at = clock.due_at;
      Tell(ctx, *matter, "recounted", {{"step", clock.step}, {"from", FormatInstant(before)}, {"due_at", FormatInstant(clock.due_at)}, {"clock_id", FormatUuid(clock.id)}});
      if (IsResidents(clock)) WordOfRecount(ctx, *matter, before);
      has_moved = true;
    }
    if (has_moved) SaveMatter(ctx.tx, ctx.county, *matter);
  }
}

Instant SoonUntil(Context& ctx) {
  const auto held = terms::Of(ctx.tx, ctx.county);
  const terms::Rule* rule = terms::FindRule(held->rules, "clock.soon", ctx.Today());
  if (rule == nullptr) return EndOfDay(ctx.Today() + 1, ctx.zone);
  return terms::DueAt(*rule, ctx.now, held->calendar, ctx.zone).due;
}

}  // namespace huiyin::matters
