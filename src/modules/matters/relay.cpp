// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/relay.h"

#include "modules/matters/identities.h"
#include "modules/matters/rules.h"
#include "modules/matters/store_relay.h"
#include "modules/matters/story.h"
#include "modules/matters/views.h"
#include "modules/matters/word.h"

namespace huiyin::matters {
namespace {

constexpr size_t kLongestQuestion = 2000;
constexpr size_t kLongestAnswer = 4000;

http::Response PostQuestion(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kRelay);
  Fields in = ctx.Input();
  const auto id = in.Ref<RelayId>("id");
  const auto text = in.NeedText("text", kLongestQuestion);
  in.Done();
  const EventId event = AskByRelay(ctx, seen.matter, id, text);
  return Standing(ctx, seen.matter, event);
}

// Written down at the window by somebody who knows whose it is; for a matter that names
// nobody the receipt is enough, and the window uses it.
http::Response PostAnswerAtWindow(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kRelayAnswer);
  if (seen.matter.is_confidential && !MayName(ctx, ctx.actor, seen.matter)) Forbidden("identities.not_shown");
  const RelayAnswer answer = ReadRelayAnswer(ctx);
  const EventId event = AnswerByRelay(ctx, seen.matter, answer.id, answer.text, "window");
  return Standing(ctx, seen.matter, event);
}

}  // namespace

RelayAnswer ReadRelayAnswer(Context& ctx) {
  Fields in = ctx.Input();
  RelayAnswer answer{in.NeedRef<RelayId>("relay_id"), in.NeedText("text", kLongestAnswer)};
  in.Done();
  return answer;
}

EventId AskByRelay(Context& ctx, Matter& matter, const std::optional<RelayId>& id, std::string_view question) {
  Require(CanHappen(matter.state, Act::kRelay));
  const auto known = RelaysOf(ctx.tx, ctx.county, matter.id);
  for (const Relay& relay : known) {
    if (!id || Uuid(relay.id) != Uuid(*id)) continue;
    if (relay.question != question) Conflict("duplicate_id");
    return EventId(relay.id);
  }
  const auto waiting = std::count_if(known.begin(), known.end(), [](const Relay& relay) { return !relay.answered_at; });
  if (static_cast<size_t>(waiting) >= kMostWaiting) Conflict("relay.too_many_waiting");
  if (known.size() >= kMostAsked) Conflict("relay.too_many");
  Relay relay;
  relay.id = id.value_or(ctx.NewId<RelayId>());
  relay.question = question;
  relay.asked_by = ctx.actor.officer;
  relay.unit = ctx.actor.unit;
  relay.asked_at = ctx.now;
  InsertRelay(ctx.tx, ctx.county, matter.id, relay);
  const EventId event = Tell(ctx, matter, "relay_asked", {{"from_unit_id", FormatUuid(relay.unit)}, {"text", question}});
  SaveMatter(ctx.tx, ctx.county, matter);
  WordOfQuestion(ctx, matter, relay);
  return event;
}

EventId AnswerByRelay(Context& ctx, Matter& matter, const RelayId& id, std::string_view answer, std::string_view way) {
  Require(CanHappen(matter.state, Act::kRelay));
  auto known = RelaysOf(ctx.tx, ctx.county, matter.id);
  const auto found = std::find_if(known.begin(), known.end(), [&](const Relay& relay) { return Uuid(relay.id) == Uuid(id); });
  if (found == known.end()) Invalid("relay_id", "unknown_reference");
  if (found->answered_at) {
    if (found->answer == answer) return EventId(found->id);
    Conflict("relay.already_answered");
  }
  found->answer = answer;
  found->way = way;
  found->answered_at = ctx.now;
  if (ctx.actor.IsOfficer() && way == "window") found->written_by = ctx.actor.officer;
  SaveRelay(ctx.tx, ctx.county, matter.id, *found);
  const EventId event = Tell(ctx, matter, "relay_answered", {{"channel", way}, {"text", answer}});
  SaveMatter(ctx.tx, ctx.county, matter);
  WordOfRelayAnswer(ctx, matter, *found);
  return event;
}

void WriteRelays(Context& ctx, JsonWriter& w, const MatterId& matter, bool shows_people) {
  Names names(ctx);
  w.Key("relay").BeginArray();
  for (const Relay& relay : RelaysOf(ctx.tx, ctx.county, matter)) {
    w.BeginObject().Field("id", relay.id).Field("state", relay.answered_at ? "answered" : "waiting");
    w.Field("question", relay.question).Field("asked_at", relay.asked_at).Field("unit_name", names.Unit(relay.unit));
    if (shows_people) w.Field("asked_by", names.Officer(relay.asked_by));
    if (!relay.answer.empty()) w.Field("answer", relay.answer);
    w.OptField("answered_at", relay.answered_at);
    if (!relay.way.empty()) w.Field("way", relay.way);
    if (shows_people && relay.written_by) w.Field("written_by", names.Officer(*relay.written_by));
    w.EndObject();
  }
  w.EndArray();
}

std::vector<Route> RelayRoutes() {
  return {
      {.method = "POST", .pattern = "/api/v1/matters/{id}/relay", .action = Action::kMattersHandle, .handle = PostQuestion},
      {.method = "POST", .pattern = "/api/v1/matters/{id}/relay_answers", .action = Action::kMattersTake, .handle = PostAnswerAtWindow},
  };
}

}  // namespace huiyin::matters
