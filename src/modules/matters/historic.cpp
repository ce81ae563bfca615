// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/actions.h"
#include "modules/matters/clocks.h"
#include "modules/matters/story.h"
#include "modules/matters/views.h"
#include "modules/org/org.h"
#include "modules/terms/due_json.h"
#include "platform/counters.h"

namespace huiyin::matters {
namespace {

// Writes what happened in its order, each at its own time.
class Past {
 public:
  Past(Context& ctx, Matter& matter) : ctx_(ctx), matter_(matter) {}

  void Tell(Instant at, std::string_view kind, const std::optional<UnitId>& unit, json::object data = {}) {
    data["seq"] = ++matter_.events;
    if (unit) data["to_unit_id"] = FormatUuid(*unit);
    InsertPastEvent(ctx_.tx, ctx_.county, matter_.id, EventId(NewUuid(at, ctx_.random())),
                    "matter." + std::string(kind), at, json::serialize(data));
  }
  void Count(Instant at, std::string_view name, int64_t by = 1) {
    counters::Add(ctx_.tx, ctx_.county, name, LocalDate(at, ctx_.zone), matter_.area, matter_.owner_unit, by);
  }

 private:
  Context& ctx_;
  Matter& matter_;
};

Matter AsItWas(Context& ctx, const Historic& past) {
  Matter matter;
  matter.id = past.id;
  matter.receipt = past.receipt.empty() ? NewReceipt(ctx.tx, ctx.random()) : past.receipt;
  matter.channel = past.channel;
  matter.kind = past.kind;
  matter.category = past.category;
  matter.text = past.text;
  matter.subject = past.title;
  matter.household = past.household;
  matter.visit = past.visit;
  matter.area = past.area;
  matter.first_unit = past.first_unit;
  matter.first_officer = past.first_officer;
  matter.owner_unit = past.accepted_at || past.answered_at ? past.owner_unit : past.first_unit;
  matter.owner_officer = past.owner_officer;
  matter.received_at = past.received_at;
  matter.registered_at = ctx.now;
  matter.answered_at = past.answered_at;
  matter.closed_at = past.closed_at;
  matter.solved = past.solved;
  matter.rating = past.rating;
  matter.judgement_text = past.judgement;
  matter.external_number = past.external_number;
  matter.moves = Uuid(matter.owner_unit) == Uuid(past.first_unit) ? 0 : 1;
  matter.content_hash = Sha256(past.external_number + past.text);
  matter.state = past.closed_at     ? State::kSettled
                 : past.answered_at ? State::kAnswered
                 : past.accepted_at ? State::kAssigned
                                    : State::kReceived;
  return matter;
}

void WriteHolds(Context& ctx, const Matter& matter, const Historic& past) {
  const auto add = [&](const UnitId& unit, Instant from, std::optional<Instant> until) {
    InsertHold(ctx.tx, ctx.county, matter.id, NewUuid(from, ctx.random()), {unit, from, until});
  };
  const Instant handed = past.accepted_at.value_or(past.answered_at.value_or(past.received_at));
  if (matter.moves == 0) return add(past.first_unit, past.received_at, past.closed_at);
  add(past.first_unit, past.received_at, handed);
  add(past.owner_unit, handed, past.closed_at);
}

void WriteAsks(Context& ctx, const Matter& matter, const Historic& past) {
  std::vector<Ask> asks;
  const auto add = [&](const std::string& text) {
    Ask ask;
    ask.id = AskId(NewUuid(past.received_at, ctx.random()));
    ask.text = text;
    if (past.answered_at) {
      ask.outcome = past.outcome;
      ask.answer = past.answer;
      ask.rule = past.rule;
      ask.answered_at = past.answered_at;
    }
    asks.push_back(ask);
    InsertAsk(ctx.tx, ctx.county, matter.id, ask, static_cast<int64_t>(asks.size()));
  };
  if (past.asks.empty()) add(past.text);
  for (const std::string& text : past.asks) add(text);
  if (!past.answered_at) return;
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginArray();
  for (const Ask& ask : asks) WriteAsk(w, names, ask);
  w.EndArray();
  InsertAnswer(ctx.tx, ctx.county, matter.id, NewUuid(*past.answered_at, ctx.random()),
               {*past.answered_at, matter.owner_unit, past.answered_by, past.answer, w.Take()});
}

void TellPast(Context& ctx, Matter& matter, const Historic& past) {
  Past story(ctx, matter);
  story.Tell(past.received_at, "received", past.first_unit, {{"channel", matter.channel}});
  story.Count(past.received_at, "matters.received");
  if (past.accepted_at) story.Tell(*past.accepted_at, "accepted", matter.owner_unit);
  if (past.answered_at) {
    story.Tell(*past.answered_at, "answered", {}, {{"late", matter.was_late}});
    story.Count(*past.answered_at, "matters.answered");
    story.Count(*past.answered_at, matter.was_late ? "matters.answered_late" : "matters.answered_in_time");
    story.Count(*past.answered_at, "matters.answer_hours", (past.answered_at->ms - past.received_at.ms) / kHour);
  }
  if (!past.closed_at) return;
  if (past.solved) {
    json::object data = {{"solved", *past.solved}, {"text", past.judgement}, {"channel", "web"}};
    if (past.rating) data["rating"] = *past.rating;
    story.Tell(*past.closed_at, "judged", {}, data);
    story.Count(*past.closed_at, "matters.judged");
    story.Count(*past.closed_at, *past.solved ? "matters.solved" : "matters.unsolved");
  } else {
    story.Tell(*past.closed_at, "silence_passed", {});
    story.Count(*past.closed_at, "matters.silent");
  }
  story.Tell(*past.closed_at, "settled", {});
}

}  // namespace

void InsertHistoric(Context& ctx, const Historic& past) {
  Matter matter = AsItWas(ctx, past);
  // The clock starts where the words were said and stops where they were answered.
  const auto clock = StartClock(ctx, matter, "answer", past.received_at);
  if (clock && past.answered_at) {
    Clock stopped = *clock;
    stopped.ended_at = past.answered_at;
    KeepClock(ctx, matter, stopped);
    matter.was_late = *past.answered_at > clock->due_at;
  }
  if (past.answered_at) matter.due_at.reset();
  if (matter.state == State::kAnswered) {
    const auto judge = StartClock(ctx, matter, "judge", *past.answered_at);
    if (judge) matter.judge_due_at = judge->due_at;
  }
  TellPast(ctx, matter, past);
  InsertMatter(ctx.tx, ctx.county, matter);
  WriteAsks(ctx, matter, past);
  WriteHolds(ctx, matter, past);
}

}  // namespace huiyin::matters
