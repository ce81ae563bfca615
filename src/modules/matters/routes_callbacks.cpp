// SPDX-License-Identifier: EUPL-1.2
#include "modules/households/households.h"
#include "modules/matters/callbacks.h"
#include "modules/matters/judgements.h"
#include "modules/matters/store.h"
#include "modules/matters/story.h"

namespace huiyin::matters {
namespace {

constexpr std::array<std::string_view, 3> kOutcomes = {"not_reached", "call_again", "declined"};
constexpr int kScanned = 200;

Call RequireCall(Context& ctx) {
  const auto callback = FindCallback(ctx.tx, ctx.county, ctx.PathId<CallbackId>());
  if (!callback) NotFound();
  auto matter = FindMatter(ctx.tx, ctx.county, callback->matter);
  if (!matter) NotFound();
  switch (MayCall(ctx, *matter)) {
    case Decision::kAllowed: break;
    case Decision::kHidden: NotFound();
    default: Forbidden("matters.own_work");
  }
  return {*callback, std::move(*matter)};
}

// Without a name and a number: opening one is a read that is written down.
void WriteLine(JsonWriter& w, Names& names, const Call& call) {
  w.Field("id", call.callback.id).Field("state", call.callback.state).Key("matter");
  WriteBrief(w, call.matter);
  w.Field("unit_name", names.Unit(call.matter.owner_unit)).OptField("answered_at", call.matter.answered_at);
  w.Field("next_at", call.callback.next_at).Field("until_at", call.callback.until_at);
  w.Field("attempts", call.callback.attempts);
}

CallPlace ReadPlace(Context& ctx) {
  CallPlace place;
  const auto cursor = ctx.Query("cursor", 500);
  if (!cursor) return place;
  const std::string plain = DecodeCursor(*cursor);
  const size_t space = plain.find(' ');
  const auto id = space == std::string::npos ? std::nullopt : ParseUuid(plain.substr(space + 1));
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), place.next.ms);
  if (error != std::errc() || !id) Invalid("cursor", "not_a_cursor");
  place.id = *id;
  return place;
}

http::Response ListCallbacks(Context& ctx) {
  const auto limit = static_cast<size_t>(ctx.QueryLimit());
  CallPlace place = ReadPlace(ctx);
  std::vector<Call> shown;
  for (bool is_end = false; !is_end && shown.size() <= limit;) {
    const auto rows = WaitingCalls(ctx.tx, ctx.county, place, kScanned);
    is_end = rows.size() < kScanned;
    for (const Call& row : rows) {
      place = {row.callback.next_at, row.callback.id};
      const bool is_over = (row.callback.until_at < ctx.now && row.callback.next_at < row.callback.until_at) || !CanJudge(row.matter).allowed();
      if (shown.size() <= limit && !is_over && MayCall(ctx, row.matter) == Decision::kAllowed) shown.push_back(row);
    }
  }
  const bool is_more = shown.size() > limit;
  if (is_more) shown.resize(limit);
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const Call& call : shown) {
    w.BeginObject();
    WriteLine(w, names, call);
    w.EndObject();
  }
  w.EndArray().Key("next_cursor");
  if (is_more) {
    const Callback& last = shown.back().callback;
    w.Value(EncodeCursor(fmt::format("{} {}", last.next_at.ms, FormatUuid(last.id))));
  } else {
    w.Null();
  }
  w.EndObject();
  return JsonReply(200, w);
}

std::string TextIn(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

http::Response Reply(Context& ctx, const Call& call, int status) {
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject();
  WriteLine(w, names, call);
  const json::value parsed = call.matter.contact.empty() ? json::value(json::object{}) : json::parse(call.matter.contact);
  const json::object& contact = parsed.as_object();
  const auto opt = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) w.Field(name, text);
  };
  // Once nobody has to be called any more the number is not for callers.
  if (call.callback.state == "waiting") {
    opt("name", TextIn(contact, "name"));
    opt("phone", TextIn(contact, "phone"));
  }
  if (const json::value* languages = contact.if_contains("languages")) {
    w.Field("languages", *languages);
  } else if (call.matter.household) {
    w.Key("languages").BeginArray();
    if (const std::string one = households::LanguageOf(ctx.tx, ctx.county, *call.matter.household); !one.empty()) w.Value(one);
    w.EndArray();
  }
  w.Field("text", call.matter.text).Key("asks").BeginArray();
  for (const Ask& ask : AsksOf(ctx.tx, ctx.county, call.matter.id)) WriteAsk(w, names, ask);
  w.EndArray();
  if (const auto answers = AnswersOf(ctx.tx, ctx.county, call.matter.id); !answers.empty()) w.Field("answer", answers.back().text);
  w.Field("beyond", IsBeyond(AsksOf(ctx.tx, ctx.county, call.matter.id)));
  w.Key("tries").BeginArray();
  for (const Attempt& attempt : AttemptsOf(ctx.tx, ctx.county, call.callback.id)) {
    w.BeginObject().Field("at", attempt.at).Field("outcome", attempt.outcome).Field("by", names.Officer(attempt.officer));
    w.OptField("again_at", attempt.again_at).EndObject();
  }
  w.EndArray().EndObject();
  return JsonReply(status, w);
}

http::Response ShowCallback(Context& ctx) {
  const Call call = RequireCall(ctx);
  NoteMatterRead(ctx, call.matter);
  return Reply(ctx, call, 200);
}

http::Response PostAttempt(Context& ctx) {
  Call call = RequireCall(ctx);
  Fields in = ctx.Input();
  Attempt attempt;
  attempt.id = in.Ref<EventId>("id").value_or(ctx.NewId<EventId>());
  attempt.outcome = in.NeedOneOf("outcome", kOutcomes);
  attempt.again_at = in.At("again_at");
  if (attempt.again_at && attempt.outcome != "call_again") in.Refuse("again_at", "not_with_outcome", attempt.outcome);
  if (!attempt.again_at && attempt.outcome == "call_again") in.Refuse("again_at", "required");
  if (attempt.again_at && *attempt.again_at <= ctx.now) in.Refuse("again_at", "in_the_past");
  if (attempt.again_at && call.matter.judge_due_at && *attempt.again_at > *call.matter.judge_due_at) in.Refuse("again_at", "after_the_term");
  in.Done();
  RecordAttempt(ctx, call, attempt);
  call.callback = *FindCallback(ctx.tx, ctx.county, call.callback.id);
  return Reply(ctx, call, 201);
}

}  // namespace

std::vector<Route> CallbackRoutes() {
  return {
      {.method = "GET", .pattern = "/api/v1/callbacks", .action = Action::kMattersJudge, .handle = ListCallbacks},
      {.method = "GET", .pattern = "/api/v1/callbacks/{id}", .action = Action::kMattersJudge, .handle = ShowCallback},
      {.method = "POST", .pattern = "/api/v1/callbacks/{id}/attempts", .action = Action::kMattersJudge, .handle = PostAttempt},
  };
}

}  // namespace huiyin::matters
