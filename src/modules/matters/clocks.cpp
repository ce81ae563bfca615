// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/clocks.h"

#include "modules/matters/categories.h"
#include "modules/matters/story.h"
#include "modules/terms/due_json.h"

namespace huiyin::matters {
namespace {

// Where no rule of a county's fits: a matter without a clock would be lost.
constexpr std::string_view kLastResort = "hotline.answer";

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
  if (rule == nullptr && step == "answer") rule = terms::FindRule(held.rules, kLastResort, on);
  return rule;
}

// Counts the clock again by the version it started under and the calendar of now.
std::optional<terms::Working> WorkingOf(const terms::Terms& held, const Clock& clock, Zone zone) {
  const terms::Rule* rule = terms::FindRule(held.rules, clock.rule, clock.rule_from);
  if (rule == nullptr) return std::nullopt;
  terms::Working working = terms::DueAt(*rule, clock.started_at, held.calendar, zone);
  if (clock.extended_by.empty()) return working;
  const terms::Rule* extension = terms::FindRule(held.rules, clock.extended_by, LocalDate(clock.started_at, zone));
  if (extension == nullptr) return working;
  return terms::Extend(working, *extension, static_cast<int>(clock.extended_days), held.calendar);
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
  const terms::Working working = terms::DueAt(*rule, from, held->calendar, ctx.zone);
  Clock clock;
  clock.id = ctx.NewId<ClockId>();
  clock.step = step;
  clock.rule = rule->key;
  clock.rule_from = rule->version_from;
  clock.article = rule->article;
  clock.started_at = from;
  clock.due_at = working.due;
  clock.working = terms::WorkingJson(working);
  InsertClock(ctx.tx, ctx.county, matter.id, clock);
  if (IsResidents(clock)) matter.due_at = clock.due_at;
  return clock;
}

void StopClocks(Context& ctx, const Matter& matter, std::string_view step) {
  for (Clock& clock : ClocksOf(ctx.tx, ctx.county, matter.id)) {
    if (clock.ended_at || (!step.empty() && clock.step != step)) continue;
    clock.ended_at = ctx.now;
    SaveClock(ctx.tx, ctx.county, matter.id, clock);
  }
}

std::optional<Instant> TermOf(Context& ctx, const Matter& matter, std::string_view step, Instant from) {
  const auto held = terms::Of(ctx.tx, ctx.county);
  const terms::Rule* rule = RuleOf(ctx, *held, matter, step, from);
  if (rule == nullptr) return std::nullopt;
  return terms::DueAt(*rule, from, held->calendar, ctx.zone).due;
}

Longer LengthenBy(Context& ctx, const Clock& clock, std::string_view rule, int64_t days) {
  const auto held = terms::Of(ctx.tx, ctx.county);
  if (!clock.extended_by.empty()) Conflict("matters.already_extended");
  const terms::Rule* first = terms::FindRule(held->rules, clock.rule, clock.rule_from);
  const terms::Rule* extension =
      terms::FindRule(held->rules, rule, LocalDate(clock.started_at, ctx.zone));
  if (first == nullptr || extension == nullptr || first->extends_by != rule) {
    Invalid("rule", "unknown_rule", first == nullptr ? "" : first->extends_by);
  }
  if (days < 1 || days > extension->amount) Invalid("days", "out_of_range", fmt::format("1 to {}", extension->amount));
  const terms::Working working = terms::Extend(terms::DueAt(*first, clock.started_at, held->calendar, ctx.zone),
                                               *extension, static_cast<int>(days), held->calendar);
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
      const auto working = WorkingOf(*held, clock, ctx.zone);
      if (!working || working->due == clock.due_at) continue;
      const Instant before = clock.due_at;
      clock.due_at = working->due;
      clock.working = terms::WorkingJson(*working);
      SaveClock(ctx.tx, ctx.county, id, clock);
      if (IsResidents(clock)) matter->due_at = clock.due_at;
      if (clock.step == "judge") matter->judge_due_at = clock.due_at;
      Tell(ctx, *matter, "recounted", {{"step", clock.step}, {"from", FormatInstant(before)}, {"due_at", FormatInstant(clock.due_at)}});
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
