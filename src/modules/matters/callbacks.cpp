// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/callbacks.h"

#include "modules/matters/clocks.h"
#include "modules/matters/columns.h"
#include "modules/matters/judgements.h"
#include "modules/matters/story.h"
#include "modules/outbox/outbox.h"

namespace huiyin::matters {
namespace {

constexpr std::string_view kAgainStep = "call_again";

constexpr db::Sql kInsert{"callbacks.insert", R"sql(
  INSERT INTO callbacks (county, id, matter_id, state, made_at, next_at, until_at) VALUES ($1, $2, $3, 'waiting', $4, $5, $6)
)sql"};
constexpr db::Sql kFind{"callbacks.find", R"sql(
  SELECT id, matter_id, state, made_at, next_at, until_at, attempts FROM callbacks WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kEnd{"callbacks.end", R"sql(
  UPDATE callbacks SET state = $3, ended_at = $4 WHERE county = $1 AND matter_id = $2 AND state = 'waiting'
)sql"};
constexpr db::Sql kTried{"callbacks.tried", R"sql(
  UPDATE callbacks SET state = $3, next_at = $4, attempts = attempts + 1, ended_at = $5 WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kAttempts{"callbacks.attempts", R"sql(
  SELECT id, at, officer_id, outcome, again_at FROM call_attempts WHERE county = $1 AND callback_id = $2 ORDER BY at, id
)sql"};
constexpr db::Sql kInsertAttempt{"callbacks.insert_attempt", R"sql(
  INSERT INTO call_attempts (county, callback_id, id, at, officer_id, outcome, again_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
)sql"};
constexpr db::Sql kWaiting{"callbacks.waiting",
                           "SELECT " HUIYIN_MATTER_COLUMNS
                           ", c.id, c.matter_id, c.state, c.made_at, c.next_at, c.until_at, c.attempts FROM callbacks c"
                           " JOIN matters m ON m.county = c.county AND m.id = c.matter_id"
                           " WHERE c.county = $1 AND c.state = 'waiting'"
                           " AND (c.next_at > $2 OR (c.next_at = $2 AND c.id > $3)) ORDER BY c.next_at, c.id LIMIT $4"};

Callback ReadCallback(const db::Row& row, int from = 0) {
  return {row.Ref<CallbackId>(from),  row.Ref<MatterId>(from + 1), row.Text(from + 2), row.At(from + 3),
          row.At(from + 4), row.At(from + 5),           row.Int(from + 6)};
}

}  // namespace

bool IsAskedByCall(const Matter& matter) { return outbox::IsCalled({matter.household, matter.contact}); }

void AskByCall(Context& ctx, const Matter& matter, Instant judge_until) {
  const auto term = TermOf(ctx, matter, "call_back", matter.answered_at.value_or(ctx.now));
  // Asked late, by a machine that stood still, they are called within the term to judge.
  const Instant until = term && *term > ctx.now ? std::min(*term, judge_until) : judge_until;
  EndCalls(ctx, matter.id, "over");
  ctx.tx.Run(kInsert, ctx.county, ctx.NewId<CallbackId>(), matter.id, ctx.now, ctx.now, until);
}

void EndCalls(Context& ctx, const MatterId& matter, std::string_view state) {
  ctx.tx.Run(kEnd, ctx.county, matter, state, ctx.now);
}

std::optional<Callback> FindCallback(db::Tx& tx, County county, const CallbackId& id) {
  return tx.One(kFind, [](const db::Row& row) { return ReadCallback(row); }, county, id);
}

std::vector<Attempt> AttemptsOf(db::Tx& tx, County county, const CallbackId& callback) {
  return tx.All(kAttempts, [](const db::Row& row) {
    return Attempt{row.Key(0), row.At(1), row.Ref<OfficerId>(2), row.Text(3), row.OptAt(4)};
  }, county, callback);
}

std::vector<Call> WaitingCalls(db::Tx& tx, County county, const CallPlace& after, int limit) {
  return tx.All(kWaiting, [](const db::Row& row) { return Call{ReadCallback(row, kMatterColumns), ReadMatter(row)}; },
                county, after.next, after.id, limit);
}

Decision MayCall(Context& ctx, const Matter& matter) {
  if (!MayKnow(ctx.actor, matter)) return Decision::kHidden;
  const Ties ties = TiesOf(ctx, matter);
  const Decision may_read = May(ctx.actor, Action::kMattersRead, ResourceOf(matter, ties.Any()));
  if (may_read != Decision::kAllowed) return may_read;
  // Those whose work it was do not ask.
  if (!SeesGrades(ctx, matter, ties)) return Decision::kForbidden;
  return May(ctx.actor, Action::kMattersJudge, ResourceOf(matter, false));
}

void RecordAttempt(Context& ctx, Call& call, const Attempt& attempt) {
  for (const Attempt& known : AttemptsOf(ctx.tx, ctx.county, call.callback.id)) {
    if (known.id != attempt.id) continue;
    if (known.outcome != attempt.outcome || known.again_at != attempt.again_at) Conflict("duplicate_id");
    return;
  }
  if (call.callback.state != "waiting" || !CanJudge(call.matter).allowed()) Conflict("matters.call_over");
  const bool is_asked_again = attempt.outcome == "call_again";
  // Where no rule says when to try again, nobody does.
  const auto again = is_asked_again ? attempt.again_at : TermOf(ctx, call.matter, kAgainStep, ctx.now);
  const Instant next = again.value_or(call.callback.until_at + 1);
  // What the resident asked for holds, as long as they may still judge.
  const bool is_last = attempt.outcome == "declined" || (!is_asked_again && next > call.callback.until_at);
  const std::string_view state = attempt.outcome == "declined" ? "declined" : is_last ? "not_reached" : "waiting";
  ctx.tx.Run(kInsertAttempt, ctx.county, call.callback.id, attempt.id, ctx.now, ctx.actor.officer, attempt.outcome,
             attempt.again_at);
  ctx.tx.Run(kTried, ctx.county, call.callback.id, state, next, is_last ? std::optional(ctx.now) : std::nullopt);
  Tell(ctx, call.matter, "called", {{"outcome", attempt.outcome}});
  SaveMatter(ctx.tx, ctx.county, call.matter);
}

}  // namespace huiyin::matters
