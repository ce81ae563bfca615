// SPDX-License-Identifier: EUPL-1.2
#include "modules/visits/visit.h"

#include "modules/visits/rules.h"
#include "modules/visits/store.h"

namespace huiyin::visits {
namespace {

constexpr std::array<std::string_view, 4> kMet = {"head", "member", "neighbour", "nobody"};
constexpr std::array<std::string_view, 3> kReplies = {"agreed", "declined", "other_time"};
constexpr size_t kDiaryChars = 20'000;
constexpr size_t kWordsChars = 8'000;
constexpr size_t kPromises = 50;
constexpr size_t kAttachments = 50;

NewContact ReadNewContact(Fields& in) {
  NewContact contact;
  contact.resident = in.Ref<ResidentId>("resident_id");
  contact.phone = in.Text("phone", 40).value_or("");
  contact.place = in.Text("place", 200).value_or("");
  contact.from = in.Text("from", 200).value_or("");
  if (contact.phone.empty() && contact.place.empty()) in.Refuse("phone", "required", "phone or place");
  return contact;
}

// Everything that was sent, each part with its length, so that no two visits read the same.
Sha256Hash ContentOf(const NewVisit& made) {
  std::string all;
  const auto add = [&](std::string_view part) {
    fmt::format_to(std::back_inserter(all), "{}:", part.size());
    all += part;
  };
  const Visit& visit = made.visit;
  add(visit.officer.View());
  add(visit.household.View());
  add(std::to_string(visit.at.ms));
  for (const std::string* text : {&visit.met, &visit.diary, &visit.reason}) add(*text);
  add(visit.plan ? visit.plan->View() : "");
  if (visit.new_contact) {
    add(visit.new_contact->resident ? visit.new_contact->resident->View() : "");
    for (const auto* text : {&visit.new_contact->phone, &visit.new_contact->place, &visit.new_contact->from}) add(*text);
  }
  // A promise without an id of its own gets a new one at each try, so ids are left out.
  for (const Promise& promise : made.promises) {
    add(promise.text);
    add(promise.due ? FormatDate(*promise.due) : "");
  }
  for (const AttachmentId& id : made.attachments) add(id.View());
  for (const Note& words : visit.words) add(words.text);
  return Sha256(all);
}

void WriteNoteList(pairings::Names& names, const std::vector<Note>& notes, JsonWriter& w) {
  w.BeginArray();
  for (const Note& note : notes) {
    w.BeginObject().Field("id", note.id).Field("at", note.at).Field("text", note.text);
    if (note.by) w.Field("by", names.Officer(*note.by));
    w.EndObject();
  }
  w.EndArray();
}

void WriteContact(const NewContact& contact, JsonWriter& w) {
  w.BeginObject();
  if (contact.resident) w.Field("resident_id", *contact.resident);
  if (!contact.phone.empty()) w.Field("phone", contact.phone);
  if (!contact.place.empty()) w.Field("place", contact.place);
  if (!contact.from.empty()) w.Field("from", contact.from);
  w.EndObject();
}

}  // namespace

std::string WriteNotes(const std::vector<Note>& notes) {
  json::array all;
  for (const Note& note : notes) {
    json::object one{{"id", FormatUuid(note.id)}, {"at", note.at.ms}, {"text", note.text}};
    if (note.by) one["by"] = FormatUuid(*note.by);
    all.push_back(std::move(one));
  }
  return json::serialize(all);
}

std::vector<Note> ReadNotes(std::string_view text) {
  std::vector<Note> notes;
  if (text == "[]") return notes;
  const json::value all = json::parse(text);
  for (const json::value& value : all.as_array()) {
    const json::object& one = value.as_object();
    Note note{*ParseUuid(one.at("id").as_string()), {one.at("at").as_int64()},
              std::string(one.at("text").as_string()), std::nullopt};
    if (const json::value* by = one.if_contains("by")) note.by = OfficerId(*ParseUuid(by->as_string()));
    notes.push_back(std::move(note));
  }
  return notes;
}

bool IsLate(const Promise& promise, Date today, Zone zone) {
  if (!promise.due) return false;
  if (promise.state == "open") return today > *promise.due;
  return promise.closed_at && LocalDate(*promise.closed_at, zone) > *promise.due;
}

NewVisit ReadNewVisit(Context& ctx) {
  Fields in = ctx.Input();
  NewVisit made;
  Visit& visit = made.visit;
  visit.id = in.Ref<VisitId>("id").value_or(ctx.NewId<VisitId>());
  visit.household = in.NeedRef<HouseholdId>("household_id");
  visit.officer = ctx.actor.officer;
  visit.unit = ctx.actor.unit;
  if (!in.Has("at")) in.Refuse("at", "required");
  visit.at = in.At("at").value_or(ctx.now);
  if (IsInFuture(visit.at, ctx.now)) in.Refuse("at", "in_future");
  visit.met = in.NeedOneOf("met", kMet);
  visit.diary = in.Text("diary", kDiaryChars).value_or("");
  visit.reason = in.Text("reason", 500).value_or("");
  visit.plan = in.Ref<VisitPlanId>("plan_id");
  visit.received_at = ctx.now;
  if (auto words = in.Text("words", kWordsChars); words && !words->empty()) {
    visit.words.push_back({ctx.NewId<EventId>(), visit.at, std::move(*words), visit.officer});
  }
  in.Within("new_contact", [&](Fields& contact) { visit.new_contact = ReadNewContact(contact); });
  const Date day = LocalDate(visit.at, ctx.zone);
  in.Each("promises", kPromises, [&](Fields& one) {
    Promise promise;
    promise.id = one.Ref<PromiseId>("id").value_or(ctx.NewId<PromiseId>());
    promise.household = visit.household;
    promise.visit = visit.id;
    promise.officer = visit.officer;
    promise.text = one.NeedText("text", 2000);
    promise.due = one.Day("due");
    promise.created_at = ctx.now;
    if (!one.Has("due")) one.Refuse("due", "required");
    if (promise.due && *promise.due < day) one.Refuse("due", "before_visit");
    made.promises.push_back(std::move(promise));
  });
  for (const Uuid& id : in.References("attachments", kAttachments)) made.attachments.emplace_back(id);
  in.Done();
  made.content = ContentOf(made);
  return made;
}

std::string ReadWords(Context& ctx) {
  Fields in = ctx.Input();
  std::string text = in.NeedText("text", kWordsChars);
  in.Done();
  return text;
}

VisitChange ReadVisitChange(Context& ctx) {
  Fields in = ctx.Input();
  VisitChange change;
  if (in.Has("diary") || in.IsNull("diary")) change.diary = in.Text("diary", kDiaryChars).value_or("");
  if (in.IsNull("met")) in.Refuse("met", "required");
  change.met = in.OneOf("met", kMet);
  change.addendum = in.Text("addendum", kDiaryChars);
  in.Done();
  return change;
}

PlanReply ReadPlanReply(Context& ctx) {
  Fields in = ctx.Input();
  PlanReply reply;
  reply.reply = in.NeedOneOf("reply", kReplies);
  reply.on = in.Day("on");
  reply.note = in.Text("note", 500).value_or("");
  if (reply.reply == "other_time" && !in.Has("on")) in.Refuse("on", "required");
  if (reply.reply == "other_time" && reply.on && *reply.on < ctx.Today()) in.Refuse("on", "in_past");
  if (reply.reply != "other_time") reply.on.reset();
  in.Done();
  return reply;
}

void WritePromise(Context& ctx, pairings::Names& names, const Promise& promise, JsonWriter& w) {
  w.BeginObject().Field("id", promise.id).Field("household_id", promise.household);
  if (const auto* home = names.Household(promise.household)) w.Field("head_name", home->head_name);
  w.OptField("visit_id", promise.visit)
      .Field("officer_id", promise.officer)
      .Field("officer_name", names.Officer(promise.officer))
      .Field("text", promise.text)
      .OptField("due", promise.due)
      .Field("state", promise.state)
      .Field("late", IsLate(promise, ctx.Today(), ctx.zone))
      .OptField("fulfilled_at", promise.closed_at);
  if (!promise.closing_text.empty()) w.Field("fulfilment", promise.closing_text);
  w.Field("created_at", promise.created_at).EndObject();
}

void WritePlan(pairings::Names& names, const VisitPlan& plan, JsonWriter& w) {
  w.BeginObject().Field("id", plan.id).Field("household_id", plan.household);
  if (const auto* home = names.Household(plan.household)) {
    w.Field("head_name", home->head_name).Field("area_name", names.Area(home->area_code));
    if (!home->address.empty()) w.Field("address", home->address);
  }
  w.Field("officer_id", plan.officer).Field("officer_name", names.Officer(plan.officer)).Field("on", plan.on);
  if (!plan.note.empty()) w.Field("note", plan.note);
  w.OptField("reply", plan.reply).OptField("reply_on", plan.reply_on);
  if (!plan.reply_note.empty()) w.Field("reply_note", plan.reply_note);
  w.OptField("replied_at", plan.replied_at).OptField("visit_id", plan.visit);
  w.Field("created_at", plan.created_at).EndObject();
}

Hanging::Hanging(Context& ctx, std::span<const Visit> visits) {
  std::vector<VisitId> ids;
  for (const Visit& visit : visits) ids.push_back(visit.id);
  promises_ = PromisesOfVisits(ctx.tx, ctx.county, ids);
  pictures_ = attachments::OfVisits(ctx, ids);
  matters_ = MattersOf(ctx, ids);
}

const std::vector<Promise>& Hanging::Promises(const VisitId& visit) const {
  static const std::vector<Promise> kNone;
  const auto found = promises_.find(visit);
  return found != promises_.end() ? found->second : kNone;
}

void Hanging::WriteMatters(const VisitId& visit, JsonWriter& w) const {
  if (!matters_) return;
  w.Key("matters");
  matters_(visit, w);
}

void WriteVisit(Context& ctx, pairings::Names& names, const VisitView& view, JsonWriter& w) {
  const Visit& visit = view.visit;
  w.BeginObject().Field("id", visit.id).Field("household_id", visit.household);
  if (const auto* home = names.Household(visit.household)) {
    w.Field("register_number", home->register_number)
        .Field("head_name", home->head_name)
        .Field("area_name", names.Area(home->area_code));
  }
  w.Field("officer_id", visit.officer)
      .Field("officer_name", names.Officer(visit.officer))
      .Field("unit_name", names.Unit(visit.unit))
      .Field("at", visit.at)
      .Field("received_at", visit.received_at)
      .Field("met", visit.met)
      .Field("diary", view.with_diary ? std::string_view(visit.diary) : std::string_view());
  if (!view.with_diary) w.Field("diary_withheld", true);
  if (view.with_diary) {
    w.Key("addenda");
    WriteNoteList(names, visit.addenda, w);
    w.Key("words");
    WriteNoteList(names, visit.words, w);
    if (visit.new_contact) {
      w.Key("new_contact");
      WriteContact(*visit.new_contact, w);
    }
  }
  if (!visit.reason.empty()) w.Field("reason", visit.reason);
  w.Key("promises").BeginArray();
  for (const Promise& promise : view.hanging.Promises(visit.id)) WritePromise(ctx, names, promise, w);
  w.EndArray();
  if (view.with_diary) {
    w.Key("attachments");
    view.hanging.WritePictures(visit.id, w);
    view.hanging.WriteMatters(visit.id, w);
  }
  w.OptField("plan_id", visit.plan).Field("revision", visit.revision).EndObject();
}

}  // namespace huiyin::visits
