// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/pauses.h"

#include "modules/matters/clocks.h"
#include "modules/matters/neighbours.h"
#include "modules/matters/story.h"

namespace huiyin::matters {
namespace {

constexpr int kMostDays = 60;

constexpr db::Sql kPauses{"pauses.of_matter", R"sql(
  SELECT id, clock_id, kind, from_at, until_at, reason, set_by, set_at, ended_at FROM pauses
   WHERE county = $1 AND matter_id = $2 ORDER BY from_at, id
)sql"};
constexpr db::Sql kInsert{"pauses.insert", R"sql(
  INSERT INTO pauses (county, matter_id, id, clock_id, kind, from_at, until_at, reason, set_by, set_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql"};
constexpr db::Sql kEnd{"pauses.end", R"sql(
  UPDATE pauses SET until_at = $4, ended_at = $5 WHERE county = $1 AND matter_id = $2 AND id = $3
)sql"};

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

Clock RequireRunning(Context& ctx, const MatterId& matter) {
  auto clock = RunningClock(ClocksOf(ctx.tx, ctx.county, matter));
  if (!clock) Conflict("matters.no_clock");
  // Time that is over cannot stand still: that would unmake a fact.
  if (clock->due_at < ctx.now) Conflict("matters.already_late");
  return std::move(*clock);
}

void CheckInput(Context& ctx, const PauseInput& input, const Clock& clock) {
  const auto known = PausesKnown(ctx, clock);
  if (std::find(known.begin(), known.end(), input.kind) == known.end()) Invalid("kind", "unknown_value", Joined(known));
  if (input.from < LocalDate(clock.started_at, ctx.zone)) Invalid("from", "before_the_clock");
  if (input.from > LocalDate(clock.due_at, ctx.zone)) Invalid("from", "after_the_due_day");
  if (input.until <= input.from) Invalid("until", "not_after", "from");
  if (input.until - input.from > kMostDays) Invalid("until", "out_of_range", fmt::format("at most {} days", kMostDays));
}

}  // namespace

std::vector<Pause> PausesOf(db::Tx& tx, County county, const MatterId& matter) {
  return tx.All(kPauses, [](const db::Row& row) {
    return Pause{row.Key(0), row.Ref<ClockId>(1), row.Text(2), row.At(3), row.At(4), row.Text(5),
                 row.Ref<OfficerId>(6), row.At(7), row.OptAt(8)};
  }, county, matter);
}

std::vector<terms::Pause> CountedPauses(db::Tx& tx, County county, const MatterId& matter, const ClockId& clock) {
  std::vector<terms::Pause> counted;
  for (const Pause& pause : PausesOf(tx, county, matter)) {
    if (Uuid(pause.clock) == Uuid(clock)) counted.push_back({pause.kind, pause.from, pause.until});
  }
  return counted;
}

Done SetPause(Context& ctx, Seen seen, const PauseInput& input) {
  Matter& matter = seen.matter;
  Require(CanHappen(matter.state, Act::kPause));
  Clock clock = RequireRunning(ctx, matter.id);
  CheckInput(ctx, input, clock);
  const Uuid id = ctx.NewId<EventId>();
  const Instant from = StartOfDay(input.from, ctx.zone);
  const Instant until = StartOfDay(input.until, ctx.zone);
  ctx.tx.Run(kInsert, ctx.county, matter.id, id, clock.id, input.kind, from, until, input.reason, ctx.actor.officer, ctx.now);
  CountAgain(ctx, matter, clock);
  const EventId event = Tell(ctx, matter, "paused", {{"pause_id", FormatUuid(id)}, {"kind", input.kind},
                                                     {"from", FormatDate(input.from)}, {"until", FormatDate(input.until)},
                                                     {"text", input.reason}, {"due_at", FormatInstant(clock.due_at)}});
  SaveMatter(ctx.tx, ctx.county, matter);
  return {std::move(matter), event};
}

Done EndPause(Context& ctx, Seen seen, const Uuid& id) {
  Matter& matter = seen.matter;
  const auto pauses = PausesOf(ctx.tx, ctx.county, matter.id);
  const auto pause = std::find_if(pauses.begin(), pauses.end(), [&](const Pause& one) { return one.id == id; });
  if (pause == pauses.end()) NotFound();
  if (pause->until <= ctx.now) Conflict("matters.pause_is_over");
  Clock clock = RequireRunning(ctx, matter.id);
  if (Uuid(clock.id) != Uuid(pause->clock)) Conflict("matters.pause_is_over");
  const Instant until = std::max(pause->from, StartOfDay(ctx.Today(), ctx.zone));
  ctx.tx.Run(kEnd, ctx.county, matter.id, id, until, ctx.now);
  CountAgain(ctx, matter, clock);
  const EventId event = Tell(ctx, matter, "pause_ended", {{"pause_id", FormatUuid(id)}, {"kind", pause->kind},
                                                          {"due_at", FormatInstant(clock.due_at)}});
  SaveMatter(ctx.tx, ctx.county, matter);
  return {std::move(matter), event};
}

void WritePauses(Context& ctx, JsonWriter& w, const MatterId& matter) {
  Names names(ctx);
  w.Key("pauses").BeginArray();
  for (const Pause& pause : PausesOf(ctx.tx, ctx.county, matter)) {
    w.BeginObject().Field("id", pause.id).Field("kind", pause.kind);
    w.Field("from", LocalDate(pause.from, ctx.zone)).Field("until", LocalDate(pause.until, ctx.zone));
    w.Field("reason", pause.reason).Field("set_by", names.Officer(pause.set_by)).Field("set_at", pause.set_at);
    w.OptField("ended_at", pause.ended_at).Field("over", pause.until <= ctx.now).EndObject();
  }
  w.EndArray();
  const auto clock = RunningClock(ClocksOf(ctx.tx, ctx.county, matter));
  w.Key("pause_kinds").BeginArray();
  if (clock) {
    for (const std::string& kind : PausesKnown(ctx, *clock)) w.Value(kind);
  }
  w.EndArray();
}

}  // namespace huiyin::matters
