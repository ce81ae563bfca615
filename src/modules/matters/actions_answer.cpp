// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/actions.h"
#include "modules/matters/clocks.h"
#include "modules/matters/conclusion.h"
#include "modules/matters/drafts.h"
#include "modules/matters/leads.h"
#include "modules/matters/levels.h"
#include "modules/matters/orders.h"
#include "modules/matters/patterns.h"
#include "modules/matters/story.h"
#include "modules/matters/views.h"
#include "modules/matters/word.h"

namespace huiyin::matters {
namespace {

// What every refusal says of the way to go on, when the answer does not; empty where the
// county's rules name none.
std::string WayToAppeal(Context& ctx, const Matter& matter) {
  if (matter.state == State::kFinalReview) return std::string(kAfterFinalReviewZh);
  const auto held = terms::Of(ctx.tx, ctx.county);
  const std::string_view step = matter.state == State::kReview ? "ask_final_review" : "ask_review";
  const terms::Rule* rule = terms::Choose(held->rules, {.step = step, .kind = matter.kind, .category = matter.category,
                                                        .channel = matter.channel, .region = matter.area,
                                                        .on = ctx.Today()});
  return rule == nullptr ? "" : rule->text_zh;
}

void Write(Context& ctx, const Matter& matter, std::vector<Ask>& asks, const std::vector<AskAnswer>& answers) {
  for (size_t i = 0; i < asks.size(); ++i) {
    Ask& ask = asks[i];
    const auto given = std::find_if(answers.begin(), answers.end(),
                                    [&](const AskAnswer& answer) { return Uuid(answer.id) == Uuid(ask.id); });
    if (given == answers.end()) continue;
    ask.outcome = given->outcome;
    ask.answer = given->text;
    ask.rule = given->rule;
    ask.appeal = given->appeal;
    if (ask.outcome == "refused" && ask.appeal.empty()) ask.appeal = WayToAppeal(ctx, matter);
    ask.redirected_to = given->redirected_to;
    ask.is_beyond = given->is_beyond;
    ask.who_can = given->is_beyond ? given->who_can : "";
    ask.answered_at = ctx.now;
    SaveAsk(ctx.tx, ctx.county, matter.id, ask, static_cast<int64_t>(i) + 1);
  }
}

std::string PicturesJson(const std::vector<Uuid>& pictures) {
  json::array ids;
  for (const Uuid& id : pictures) ids.emplace_back(FormatUuid(id));
  return json::serialize(ids);
}

void Keep(Context& ctx, const Matter& matter, const UnitId& unit, const AnswerInput& input, const Signed& by,
          const std::vector<Ask>& asks) {
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginArray();
  for (const Ask& ask : asks) WriteAsk(w, names, ask);
  w.EndArray();
  InsertAnswer(ctx.tx, ctx.county, matter.id, ctx.NewId<EventId>(),
               {ctx.now, unit, by.officer, input.text, w.Take(), by.approved_by, PicturesJson(input.pictures)});
}

// Every ask that is owed has its outcome, what goes with it is the matter's own, and a refusal
// never ends without a way to go on.
void Check(Context& ctx, const Matter& matter, const std::vector<Ask>& due, const AnswerInput& input) {
  auto errors = CheckAnswers(due, input.asks);
  for (size_t i = 0; i < input.asks.size(); ++i) {
    const AskAnswer& answer = input.asks[i];
    if (answer.outcome != "refused" || !answer.appeal.empty() || !WayToAppeal(ctx, matter).empty()) continue;
    errors.push_back({fmt::format("asks[{}].appeal", i), "required", "a refusal names the way to appeal"});
  }
  const auto pictures = input.pictures.empty() ? std::vector<Picture>{} : PicturesOf(ctx.tx, ctx.county, matter.id);
  for (size_t i = 0; i < input.pictures.size(); ++i) {
    const bool is_there = std::any_of(pictures.begin(), pictures.end(),
                                      [&](const Picture& picture) { return Uuid(picture.id) == input.pictures[i]; });
    if (!is_there) errors.push_back({fmt::format("attachment_ids[{}]", i), "unknown_reference", ""});
  }
  if (!errors.empty()) throw Problem(422, "invalid_input", std::move(errors));
}

std::vector<Ask> Owed(const std::vector<Ask>& asks) {
  std::vector<Ask> due;
  std::copy_if(asks.begin(), asks.end(), std::back_inserter(due), [](const Ask& ask) { return ask.outcome.empty(); });
  return due;
}

// Whether one of them settles it, by doing or by refusing: then the level must be right.
bool Settles(const std::vector<AskAnswer>& answers) {
  return std::any_of(answers.begin(), answers.end(), [](const AskAnswer& answer) {
    return answer.outcome == "done" || answer.outcome == "partly" || answer.outcome == "refused";
  });
}

// A co-handling unit says its part; the owner answers for the whole.
Done AnswerPart(Context& ctx, Seen seen, std::vector<Ask> asks, const AnswerInput& input) {
  Matter& matter = seen.matter;
  Require(CanHappen(matter.state, Act::kAnswerPart));
  std::vector<Ask> due;
  for (const Ask& ask : asks) {
    if (ask.unit && ctx.actor.BelongsTo(*ask.unit) && ask.outcome.empty()) due.push_back(ask);
  }
  Check(ctx, matter, due, input);
  if (due.empty()) Conflict("matters.already_answered");
  const UnitId unit = *due.front().unit;
  Write(ctx, matter, asks, input.asks);
  std::erase_if(asks, [&](const Ask& ask) {
    return std::none_of(due.begin(), due.end(), [&](const Ask& given) { return Uuid(given.id) == Uuid(ask.id); });
  });
  Keep(ctx, matter, unit, input, {ctx.actor.officer, {}}, asks);
  const EventId event = Tell(ctx, matter, "part_answered", {{"from_unit_id", FormatUuid(unit)}, {"text", input.text}});
  SaveMatter(ctx.tx, ctx.county, matter);
  return {std::move(matter), event};
}

}  // namespace

void CloseRequests(Context& ctx, const MatterId& matter) {
  for (const std::string_view kind : {"extension", "return"}) {
    auto waiting = OpenRequest(ctx.tx, ctx.county, matter, kind);
    if (!waiting) continue;
    waiting->decided_at = ctx.now;
    waiting->is_granted = false;
    DecideRequest(ctx.tx, ctx.county, matter, *waiting);
  }
}

Done Answer(Context& ctx, Seen seen, const AnswerInput& input) {
  const Matter& matter = seen.matter;
  auto asks = AsksOf(ctx.tx, ctx.county, matter.id);
  if (!seen.ties.owner) return AnswerPart(ctx, std::move(seen), std::move(asks), input);
  if (matter.state == State::kReview && matter.judge_due_at) Conflict("matters.already_answered");
  Require(CanHappen(matter.state, Act::kAnswer));
  Check(ctx, matter, Owed(asks), input);
  // A review is answered by whom the appeal went to, whatever its level.
  const bool is_review = matter.state == State::kReview || matter.state == State::kFinalReview;
  if (!is_review && Settles(input.asks)) RequireMaySettleHere(ctx, matter, matter.owner_unit);
  if (NeedsSecond(ctx, matter, ctx.actor.officer)) return KeepDraft(ctx, std::move(seen), input);
  return GiveAnswer(ctx, std::move(seen), input, {ctx.actor.officer, {}});
}

Done GiveAnswer(Context& ctx, Seen seen, const AnswerInput& input, const Signed& by) {
  Matter& matter = seen.matter;
  auto asks = AsksOf(ctx.tx, ctx.county, matter.id);
  Require(CanHappen(matter.state, Act::kAnswer));
  Check(ctx, matter, Owed(asks), input);
  Write(ctx, matter, asks, input.asks);
  Keep(ctx, matter, matter.owner_unit, input, by, asks);
  EndDrafts(ctx.tx, ctx.county, matter.id);
  if (matter.bounces > 0) NoteDestination(ctx, matter);
  const bool is_late = matter.IsLate(ctx.now);
  const bool is_first = !matter.answered_at;
  const State before = matter.state;
  matter.was_late = matter.was_late || is_late;
  matter.state = *Next(before, Act::kAnswer);
  matter.pending_unit.reset();
  matter.answered_at = ctx.now;
  StopClocks(ctx, matter);
  matter.due_at.reset();
  EndCoHandlers(ctx.tx, ctx.county, matter.id, ctx.now);
  AnswerOrdersByAnswer(ctx, matter);
  CloseRequests(ctx, matter.id);
  // Then it is the resident's turn: to judge, or to go a level higher.
  if (matter.state == State::kConcluded) {
    matter.closed_at = ctx.now;
    EndLead(ctx, matter);
    ChangeHold(ctx, matter.id, {});
  } else {
    const std::string_view step = matter.state == State::kReview ? "ask_final_review" : "judge";
    const auto clock = StartClock(ctx, matter, step, ctx.now);
    matter.judge_due_at = clock ? clock->due_at : EndOfDay(ctx.Today() + 15, ctx.zone);
  }
  json::object told = {{"from_unit_id", FormatUuid(matter.owner_unit)}, {"late", is_late}};
  if (by.approved_by) told["drafted_by"] = FormatUuid(by.officer);
  const EventId event = Tell(ctx, matter, "answered", told);
  CountMatter(ctx, matter, "matters.answered");
  CountMatter(ctx, matter, is_late ? "matters.answered_late" : "matters.answered_in_time");
  if (is_first) CountMatter(ctx, matter, "matters.answer_hours", (ctx.now.ms - matter.received_at.ms) / kHour);
  SaveMatter(ctx.tx, ctx.county, matter);
  WordOfAnswer(ctx, matter, before, input.text);
  return {std::move(matter), event};
}

Done AskExtension(Context& ctx, Seen seen, std::string_view rule, int64_t days, std::string_view reason) {
  Matter& matter = seen.matter;
  Require(CanHappen(matter.state, Act::kAskExtension));
  if (OpenRequest(ctx.tx, ctx.county, matter.id, "extension")) Conflict("matters.extension_waits");
  auto clock = RunningClock(ClocksOf(ctx.tx, ctx.county, matter.id));
  if (!clock) Conflict("matters.no_clock");
  // Time that is over cannot be lengthened: that would unmake a fact.
  if (clock->due_at < ctx.now) Conflict("matters.already_late");
  const Longer longer = LengthenBy(ctx, matter.id, *clock, rule, days);

  Request request;
  request.id = ctx.NewId<EventId>();
  request.kind = "extension";
  request.asked_by_unit = matter.owner_unit;
  request.asked_by_officer = ctx.actor.officer;
  request.decided_by_unit = matter.owner_unit;
  request.reason = reason;
  request.asked_at = ctx.now;
  json::object data = {{"rule", rule}, {"days", days}, {"article", longer.article},
                       {"unit", std::string(terms::UnitText(longer.unit)) + "s"}};
  if (!longer.needs_approval) {
    data["due_at"] = longer.due_at.ms;
    request.decided_at = ctx.now;
    request.is_granted = true;
    clock->due_at = longer.due_at;
    clock->extended_by = rule;
    clock->extended_days = days;
    clock->working = longer.working;
    KeepClock(ctx, matter, *clock);
    matter.due_at = longer.due_at;
  }
  request.data = json::serialize(data);
  InsertRequest(ctx.tx, ctx.county, matter.id, request);
  const std::string_view kind = longer.needs_approval ? "extension_asked" : "extension_decided";
  json::object told = {{"text", reason}, {"rule", rule}, {"days", days}};
  if (!longer.needs_approval) told["granted"] = true;
  const EventId event = Tell(ctx, matter, kind, told);
  SaveMatter(ctx.tx, ctx.county, matter);
  if (!longer.needs_approval) WordOfExtension(ctx, matter, longer.article, reason);
  return {std::move(matter), event};
}

Done DecideExtension(Context& ctx, Seen seen, bool granted, std::string_view note) {
  Matter& matter = seen.matter;
  Require(CanHappen(matter.state, Act::kDecideExtension));
  auto waiting = OpenRequest(ctx.tx, ctx.county, matter.id, "extension");
  if (!waiting) Conflict("matters.no_extension_waits");
  if (waiting->asked_by_officer && Uuid(*waiting->asked_by_officer) == Uuid(ctx.actor.officer)) {
    Forbidden("matters.own_request");
  }
  json::object data = json::parse(waiting->data).as_object();
  const std::string rule(data.at("rule").as_string());
  const int64_t days = data.at("days").to_number<int64_t>();
  if (granted) {
    auto clock = RunningClock(ClocksOf(ctx.tx, ctx.county, matter.id));
    if (!clock) Conflict("matters.no_clock");
    const Longer longer = LengthenBy(ctx, matter.id, *clock, rule, days);
    clock->due_at = longer.due_at;
    clock->extended_by = rule;
    clock->extended_days = days;
    clock->working = longer.working;
    KeepClock(ctx, matter, *clock);
    matter.due_at = longer.due_at;
    data["due_at"] = longer.due_at.ms;
  }
  data["decided_by"] = ctx.actor.name;
  waiting->data = json::serialize(data);
  waiting->decided_at = ctx.now;
  waiting->is_granted = granted;
  waiting->note = note;
  DecideRequest(ctx.tx, ctx.county, matter.id, *waiting);
  // The resident is told the reason that was given for it.
  const EventId event = Tell(ctx, matter, "extension_decided", {{"granted", granted},
                                                                {"text", granted ? waiting->reason : std::string(note)},
                                                                {"rule", rule},
                                                                {"days", days}});
  SaveMatter(ctx.tx, ctx.county, matter);
  if (granted) WordOfExtension(ctx, matter, data.contains("article") ? std::string_view(data.at("article").as_string()) : "", waiting->reason);
  return {std::move(matter), event};
}

}  // namespace huiyin::matters
