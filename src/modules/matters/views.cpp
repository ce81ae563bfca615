// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/views.h"

#include "modules/matters/clocks.h"
#include "modules/matters/conclusion.h"
#include "modules/matters/dispatch_list.h"
#include "modules/matters/drafts.h"
#include "modules/matters/judgements.h"
#include "modules/matters/leads.h"
#include "modules/matters/meetings.h"
#include "modules/matters/members.h"
#include "modules/matters/harm.h"
#include "modules/matters/identities.h"
#include "modules/matters/orders.h"
#include "modules/matters/pauses.h"
#include "modules/matters/relay.h"
#include "modules/matters/story.h"

namespace huiyin::matters {
namespace {

constexpr size_t kEventsShown = 200;

void WriteOwner(JsonWriter& w, Names& names, const Matter& matter, std::optional<Instant> since = {}) {
  w.Key("owner").BeginObject().Field("unit_id", matter.owner_unit).Field("unit_name", names.Unit(matter.owner_unit));
  if (matter.owner_officer) {
    w.Field("officer_id", *matter.owner_officer).Field("officer_name", names.Officer(*matter.owner_officer));
  }
  w.OptField("since", since).EndObject();
}

void WriteUnit(JsonWriter& w, Names& names, const UnitId& id) {
  w.BeginObject().Field("id", id).Field("name", names.Unit(id)).Field("area_code", names.UnitArea(id)).EndObject();
}

void WriteSummaryFields(Context& ctx, JsonWriter& w, Names& names, const Matter& matter, Instant soon_until,
                        int64_t asks, std::optional<Instant> since = {}) {
  w.Field("id", matter.id)
      .Field("receipt", matter.receipt)
      .Field("title", matter.Title())
      .Field("kind", matter.kind)
      .Field("channel", matter.channel)
      .Field("state", StateName(matter.state));
  if (!matter.category.empty()) w.Field("category", matter.category);
  WriteOwner(w, names, matter, since);
  if (matter.pending_unit) {
    w.Key("offered_to");
    WriteUnit(w, names, *matter.pending_unit);
  }
  if (matter.household) {
    if (const auto& household = names.Household(*matter.household)) {
      w.Key("household").BeginObject().Field("id", *matter.household);
      w.Field("register_number", household->register_number).Field("head_name", household->head_name).EndObject();
    }
  }
  if (matter.is_anonymous) w.Field("anonymous", true);
  if (matter.is_confidential) w.Field("confidential", true);
  w.Field("area_code", matter.area).Field("area_name", names.Area(matter.area));
  w.Field("received_at", matter.received_at).OptField("due_at", matter.due_at);
  w.Field("late", matter.IsLate(ctx.now));
  w.Field("soon", matter.due_at && !matter.IsLate(ctx.now) && *matter.due_at <= soon_until);
  w.Field("moves", matter.moves).Field("bounces", matter.bounces).Field("reopened", matter.reopened);
  w.Field("asks_count", asks);
}

void WriteAsks(Context& ctx, JsonWriter& w, Names& names, const MatterId& matter) {
  w.Key("asks").BeginArray();
  for (const Ask& ask : AsksOf(ctx.tx, ctx.county, matter)) WriteAsk(w, names, ask);
  w.EndArray();
}

void WriteReturn(JsonWriter& w, Names& names, const Request& request) {
  w.Key("pending_return").BeginObject().Field("reason", request.reason);
  w.Field("unit_id", request.asked_by_unit).Field("unit_name", names.Unit(request.asked_by_unit));
  w.Field("at", request.asked_at).OptField("decide_by", request.due_at);
  w.Field("decider_unit_name", names.Unit(request.decided_by_unit)).EndObject();
}

void WriteRequests(Context& ctx, JsonWriter& w, Names& names, const MatterId& matter) {
  const auto requests = RequestsOf(ctx.tx, ctx.county, matter);
  for (const Request& request : requests) {
    if (request.kind == "return" && !request.decided_at) WriteReturn(w, names, request);
  }
  w.Key("extensions").BeginArray();
  for (const Request& request : requests) {
    if (request.kind == "extension") WriteExtension(w, names, request, true);
  }
  w.EndArray();
}

void WriteAnswers(Context& ctx, JsonWriter& w, Names& names, const MatterId& matter, bool only_last = false) {
  w.Key("answers").BeginArray();
  const std::vector<Given> answers = AnswersOf(ctx.tx, ctx.county, matter);
  for (const Given& answer : std::span(answers).last(only_last ? std::min<size_t>(answers.size(), 1) : answers.size())) {
    w.BeginObject().Field("at", answer.at).Field("text", answer.text).Field("unit_name", names.Unit(answer.unit));
    // Answers brought in from elsewhere name nobody.
    if (!answer.officer.IsNil()) w.Field("officer_name", names.Officer(answer.officer));
    WritePictureIds(w, answer);
    if (answer.approved_by) w.Field("approved_by", names.Officer(*answer.approved_by));
    w.RawField("asks", answer.asks).EndObject();
  }
  w.EndArray();
}

void WriteMerged(Context& ctx, JsonWriter& w, const Matter& matter) {
  if (matter.merged_into) {
    if (const auto into = FindMatter(ctx.tx, ctx.county, *matter.merged_into)) {
      w.Key("merged_into");
      WriteBrief(w, *into);
    }
  }
  const auto from = MergedInto(ctx.tx, ctx.county, matter.id);
  if (from.empty()) return;
  w.Key("merged_from").BeginArray();
  for (const MatterId& id : from) {
    if (const auto merged = FindMatter(ctx.tx, ctx.county, id)) WriteBrief(w, *merged);
  }
  w.EndArray();
}

void WriteHolds(Context& ctx, JsonWriter& w, Names& names, const MatterId& matter) {
  w.Key("holds").BeginArray();
  for (const Hold& hold : HoldsOf(ctx.tx, ctx.county, matter)) {
    w.BeginObject().Field("unit_id", hold.unit).Field("unit_name", names.Unit(hold.unit));
    w.Field("from", hold.from).OptField("until", hold.until).EndObject();
  }
  w.EndArray();
}

std::optional<UnitId> UnitIn(const json::object& data, std::string_view name) {
  const json::value* value = data.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  const auto id = ParseUuid(value->get_string());
  if (!id) return std::nullopt;
  return UnitId(*id);
}

// Who asked, and where they live: what an edit of before said of it is not repeated.
bool NamesWho(std::string_view field) {
  return field == "household_id" || field == "resident_id" || field == "contact" || field == "area_code";
}

void WriteChanges(JsonWriter& w, Names& names, const Told& told, bool hides_who) {
  const json::value* changes = told.data.if_contains("changes");
  if (changes == nullptr || !changes->is_array()) return;
  w.Key("changes").BeginArray();
  for (const json::value& change : changes->get_array()) {
    w.BeginObject();
    const json::value* field = change.get_object().if_contains("field");
    const bool is_hidden = hides_who && field != nullptr && NamesWho(field->as_string());
    for (const auto& member : change.get_object()) {
      // Events of before a change had two sides say only what it became.
      const std::string_view key = member.key() == "value" ? std::string_view("after") : std::string_view(member.key());
      if (!is_hidden || key == "field") w.Field(key, member.value());
    }
    w.Field("at", told.event.at);
    if (told.event.actor && told.event.actor_kind == "officer") w.Field("by", names.Officer(OfficerId(*told.event.actor)));
    w.EndObject();
  }
  w.EndArray();
}

}  // namespace

void WriteAsk(JsonWriter& w, Names& names, const Ask& ask) {
  w.BeginObject().Field("id", ask.id).Field("text", ask.text);
  if (ask.unit) w.Field("unit_id", *ask.unit).Field("unit_name", names.Unit(*ask.unit));
  const auto opt = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) w.Field(name, text);
  };
  opt("outcome", ask.outcome);
  opt("answer", ask.answer);
  opt("rule", ask.rule);
  opt("appeal", ask.appeal);
  opt("redirected_to", ask.redirected_to);
  if (ask.is_beyond) w.Field("beyond", true);
  opt("who_can", ask.who_can);
  w.OptField("answered_at", ask.answered_at).EndObject();
}

void WriteClock(JsonWriter& w, const Clock& clock, Instant now) {
  w.BeginObject().Field("step", clock.step).Field("rule", clock.rule).Field("article", clock.article);
  w.Field("started_at", clock.started_at).Field("due_at", clock.due_at).OptField("stopped_at", clock.ended_at);
  w.Field("late", clock.ended_at.value_or(now) > clock.due_at);
  if (!clock.extended_by.empty()) w.Field("extended_days", clock.extended_days);
  w.RawField("working", clock.working).EndObject();
}

void WriteExtension(JsonWriter& w, Names& names, const Request& request, bool shows_people) {
  const json::value parsed = json::parse(request.data);
  const json::object& data = parsed.get_object();
  w.BeginObject().Field("id", request.id);
  for (const char* name : {"rule", "days", "unit", "article"}) {
    if (const json::value* value = data.if_contains(name)) w.Field(name, *value);
  }
  w.Field("reason", request.reason);
  w.Field("state", !request.decided_at ? "asked" : *request.is_granted ? "granted" : "refused");
  w.Field("asked_at", request.asked_at);
  if (shows_people && request.asked_by_officer) w.Field("asked_by", names.Officer(*request.asked_by_officer));
  w.OptField("decided_at", request.decided_at);
  if (const json::value* by = data.if_contains("decided_by"); by != nullptr && shows_people) w.Field("decided_by", *by);
  if (!request.note.empty()) w.Field("note", request.note);
  if (const json::value* due = data.if_contains("due_at")) w.Field("due_at", Instant{due->to_number<int64_t>()});
  w.EndObject();
}

void WriteJudgement(JsonWriter& w, const Told& told, JudgementFor whom) {
  const bool is_handler = whom == JudgementFor::kHandler;
  const bool is_solved = told.data.at("solved").as_bool();
  w.BeginObject().Field("at", told.event.at).Field("solved", is_solved);
  const auto copy = [&](const char* name, std::string_view as) {
    if (const json::value* value = told.data.if_contains(name)) w.Field(as, *value);
  };
  if (!is_handler) copy("rating", "rating"), copy("treated", "treated");
  // What is not solved somebody must put right; praise and grades are nobody's to trace.
  const json::value* text = told.data.if_contains("text");
  if (text != nullptr && !text->get_string().empty() && !(is_handler && is_solved)) w.Field("text", *text);
  // Whose word an officer wrote down knows who did; those whose work it was do not.
  if (!is_handler) copy("channel", "asked_by_channel"), copy("asked_by", "asked_by");
  if (told.kind == "judgement_corrected") {
    w.Field("corrects", true);
    if (told.data.contains("after_contact")) w.Field("changed_after_contact", true);
  }
  w.EndObject();
}

http::Response Standing(Context& ctx, const Matter& matter, const std::optional<EventId>& event, int status) {
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject()
      .Field("id", matter.id)
      .Field("receipt", matter.receipt)
      .Field("state", StateName(matter.state));
  WriteOwner(w, names, matter);
  if (matter.pending_unit) {
    w.Key("offered_to");
    WriteUnit(w, names, *matter.pending_unit);
  }
  if (const auto clock = RunningClock(ClocksOf(ctx.tx, ctx.county, matter.id))) {
    w.Key("clock");
    WriteClock(w, *clock, ctx.now);
  }
  WriteAsks(ctx, w, names, matter.id);
  WriteRouting(ctx, w, names, matter);
  if (const auto draft = LiveDraft(ctx.tx, ctx.county, matter)) w.Field("draft_id", draft->id);
  w.OptField("event_id", event).Field("revision", matter.revision).EndObject();
  return JsonReply(status, w, matter.revision);
}

void WriteSummaries(Context& ctx, JsonWriter& w, Names& names, std::span<const Matter> matters,
                    bool is_taken_along) {
  if (matters.empty()) return;
  std::vector<MatterId> ids;
  for (const Matter& matter : matters) ids.push_back(matter.id);
  auto asks = CountAsks(ctx.tx, ctx.county, ids);
  const Instant soon = SoonUntil(ctx);
  for (const Matter& matter : matters) {
    w.BeginObject();
    WriteSummaryFields(ctx, w, names, matter, soon, asks[matter.id]);
    const auto waiting = matter.bounces > 0 ? OpenRequest(ctx.tx, ctx.county, matter.id, "return") : std::nullopt;
    w.Field("returned", waiting.has_value());
    if (is_taken_along) {
      if (const auto clock = RunningClock(ClocksOf(ctx.tx, ctx.county, matter.id))) {
        w.Key("clock");
        WriteClock(w, *clock, ctx.now);
      }
      WriteAsks(ctx, w, names, matter.id);
      WriteAnswers(ctx, w, names, matter.id, true);
    }
    w.EndObject();
  }
}

void WriteSummaryAlone(Context& ctx, JsonWriter& w, Names& names, const Matter& matter) {
  WriteSummaries(ctx, w, names, std::span(&matter, 1));
}

void WriteBrief(JsonWriter& w, const Matter& matter) {
  w.BeginObject()
      .Field("id", matter.id)
      .Field("receipt", matter.receipt)
      .Field("title", matter.Title())
      .Field("state", StateName(matter.state))
      .EndObject();
}

std::vector<Told> StoryOf(Context& ctx, const MatterId& matter) {
  constexpr std::string_view kPrefix = "matter.";
  std::vector<Told> story;
  for (Event& event : EventsOf(ctx.tx, ctx.county, matter)) {
    Told told;
    told.kind = event.act.starts_with(kPrefix) ? event.act.substr(kPrefix.size()) : event.act;
    told.data = json::parse(event.data).as_object();
    if (const json::value* seq = told.data.if_contains("seq")) told.seq = seq->to_number<int64_t>();
    told.event = std::move(event);
    story.push_back(std::move(told));
  }
  std::stable_sort(story.begin(), story.end(), [](const Told& a, const Told& b) {
    return std::tie(a.event.at, a.seq) < std::tie(b.event.at, b.seq);
  });
  for (size_t i = 0; i < story.size(); ++i) story[i].seq = static_cast<int64_t>(i) + 1;
  return story;
}

void WriteEvent(JsonWriter& w, Names& names, const Told& told, bool shows_grades, bool hides_who) {
  const Event& event = told.event;
  w.BeginObject().Field("id", event.id).Field("seq", told.seq).Field("at", event.at).Field("kind", told.kind);
  w.Key("actor").BeginObject().Field("kind", event.actor_kind);
  // Whoever wrote it down works with few households: that too says who asked.
  const bool is_unnamed = hides_who && told.kind == "received";
  if (event.actor_kind == "officer" && event.actor && !is_unnamed) {
    w.Field("id", *event.actor).Field("name", names.Officer(OfficerId(*event.actor)));
    if (event.unit) w.Field("unit_name", names.Unit(*event.unit));
  }
  w.EndObject();
  const json::value* solved = told.data.if_contains("solved");
  const bool is_hidden = !shows_grades && solved != nullptr && solved->is_bool() && solved->get_bool();
  if (const json::value* text = told.data.if_contains("text"); text != nullptr && !is_hidden && !text->get_string().empty()) {
    w.Field("text", *text);
  }
  if (const auto unit = UnitIn(told.data, "from_unit_id")) w.Field("from_unit_name", names.Unit(*unit));
  if (const auto unit = UnitIn(told.data, "to_unit_id")) w.Field("to_unit_name", names.Unit(*unit));
  WriteChanges(w, names, told, hides_who);
  w.Field("told", IsTold(told.kind)).EndObject();
}

void WritePictureIds(JsonWriter& w, const Given& answer) {
  const json::value ids = json::parse(answer.pictures);
  if (ids.as_array().empty()) return;
  w.Key("attachment_ids").BeginArray();
  for (const json::value& id : ids.as_array()) {
    if (const auto uuid = ParseUuid(id.as_string())) w.Value(*uuid);
  }
  w.EndArray();
}

void WritePictures(Context& ctx, JsonWriter& w, std::string_view name, const MatterId& matter) {
  w.Key(name).BeginArray();
  for (const Picture& picture : PicturesOf(ctx.tx, ctx.county, matter)) {
    w.BeginObject().Field("id", picture.id).Field("media_type", picture.media_type).Field("bytes", picture.bytes);
    w.Field("width", picture.width).Field("height", picture.height);
    if (!picture.caption.empty()) w.Field("caption", picture.caption);
    w.Field("created_at", picture.created_at).EndObject();
  }
  w.EndArray();
}

bool HidesWho(Context& ctx, const Matter& matter) {
  return matter.is_confidential && !MayName(ctx, ctx.actor, matter);
}

http::Response Story(Context& ctx, const Seen& seen, int status) {
  const Matter& matter = seen.matter;
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  const auto holds = HoldsOf(ctx.tx, ctx.county, matter.id);
  w.BeginObject();
  WriteSummaryFields(ctx, w, names, matter, SoonUntil(ctx),
                     CountAsks(ctx.tx, ctx.county, std::span(&matter.id, 1))[matter.id],
                     holds.empty() ? std::nullopt : std::optional(holds.back().from));
  w.Field("text", matter.text);
  if (!matter.contact.empty()) w.RawField("contact", matter.contact);
  if (matter.resident) w.Field("resident_name", ResidentName(ctx, *matter.resident));
  w.OptField("visit_id", matter.visit);
  if (matter.about_officer) w.Field("about_officer_name", names.Officer(*matter.about_officer));
  if (!matter.about_text.empty()) w.Field("about_text", matter.about_text);
  if (matter.about_unit) w.Field("about_unit_name", names.Unit(*matter.about_unit));
  w.Field("first_words_at", matter.received_at);
  const bool hides_who = HidesWho(ctx, matter);
  if (matter.first_officer && !hides_who) w.Field("entered_by", names.Officer(*matter.first_officer));
  WriteAsks(ctx, w, names, matter.id);
  const auto clocks = ClocksOf(ctx.tx, ctx.county, matter.id);
  if (const auto clock = RunningClock(clocks)) {
    w.Key("clock");
    WriteClock(w, *clock, ctx.now);
  }
  w.Key("clocks").BeginArray();
  for (const Clock& clock : clocks) WriteClock(w, clock, ctx.now);
  w.EndArray();
  WriteRouting(ctx, w, names, matter);
  WriteHolds(ctx, w, names, matter.id);
  w.Key("co_handlers").BeginArray();
  for (const CoHandler& co : CoHandlersOf(ctx.tx, ctx.county, matter.id)) WriteUnit(w, names, co.unit);
  w.EndArray();
  WriteRequests(ctx, w, names, matter.id);
  WriteOrders(ctx, w, matter.id);
  WritePauses(ctx, w, matter.id);
  WriteLead(ctx, w, seen);
  WriteMeetings(ctx, w, matter.id);
  WriteAnswers(ctx, w, names, matter.id);
  WriteDraft(ctx, w, seen);
  const auto story = StoryOf(ctx, matter.id);
  const bool shows_grades = SeesGrades(ctx, matter, seen.ties);
  w.Key("judgements").BeginArray();
  for (const Told& told : story) {
    if (told.kind == "judged" || told.kind == "judgement_corrected") {
      WriteJudgement(w, told, shows_grades ? JudgementFor::kReader : JudgementFor::kHandler);
    }
  }
  w.EndArray();
  if (matter.judge_due_at) w.Field("judge_until", LocalDate(*matter.judge_due_at, ctx.zone));
  WriteMerged(ctx, w, matter);
  WriteMembersOf(ctx, w, matter);
  WriteConclusion(ctx, w, names, matter, true);
  WriteFollows(ctx, w, matter);
  WritePictures(ctx, w, "attachments", matter.id);
  WriteRelays(ctx, w, matter.id, true);
  if (matter.is_confidential) WriteUnmaskings(ctx, w, matter);
  WriteReportsOf(ctx, w, matter);
  w.Key("events").BeginArray();
  for (size_t i = story.size() > kEventsShown ? story.size() - kEventsShown : 0; i < story.size(); ++i) {
    WriteEvent(w, names, story[i], shows_grades, hides_who);
  }
  w.EndArray();
  w.Key("may").BeginArray();
  for (const std::string_view verb : OpenVerbs(ctx, matter, seen.ties)) w.Value(verb);
  w.EndArray();
  w.Field("revision", matter.revision).EndObject();
  return JsonReply(status, w, matter.revision);
}

}  // namespace huiyin::matters
