// SPDX-License-Identifier: EUPL-1.2
#include <charconv>

#include "modules/matters/leads.h"
#include "modules/matters/neighbours.h"
#include "modules/matters/story.h"
#include "modules/matters/views.h"
#include "modules/org/org.h"

namespace huiyin::matters {
namespace {

constexpr size_t kMostMeasures = 20;
constexpr size_t kMostSteps = 30;

StepInput ReadStep(Fields& in) {
  StepInput step;
  step.id = in.Ref<StepId>("id");
  step.text = in.NeedText("text", 1000);
  step.due = in.NeedDay("due");
  step.officer = in.Ref<OfficerId>("officer_id");
  return step;
}

std::vector<std::string> NeedMeasures(Fields& in) { return in.NeedTexts("measures", kMostMeasures, 1000); }

http::Response PostLead(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kLead);
  Fields in = ctx.Input();
  LeadInput input;
  input.leader = in.NeedRef<OfficerId>("leader_id");
  input.measures = NeedMeasures(in);
  input.until = in.NeedDay("until");
  input.responsible = in.NeedRef<OfficerId>("responsible_id");
  in.Each("steps", kMostSteps, [&](Fields& step) { input.steps.push_back(ReadStep(step)); });
  in.Done();
  const Done done = PutUnderLead(ctx, std::move(seen), input);
  return Standing(ctx, done.matter, done.event);
}

[[noreturn]] void Stale(const Lead& lead) {
  Problem stale(412, "stale");
  stale.extra["changes"] = json::array{json::object{{"field", "until"}, {"value", FormatDate(lead.until)}}};
  stale.extra["revision"] = lead.revision;
  throw stale;
}

http::Response PatchLead(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kLead);
  const int64_t revision = ctx.IfMatch();
  auto lead = FindLead(ctx.tx, ctx.county, seen.matter.id);
  if (!lead) Conflict("matters.not_led");
  if (revision != lead->revision) Stale(*lead);
  Fields in = ctx.Input();
  LeadChange change;
  change.leader = in.Ref<OfficerId>("leader_id");
  if (in.Has("measures")) change.measures = NeedMeasures(in);
  change.until = in.Day("until");
  change.responsible = in.Ref<OfficerId>("responsible_id");
  change.reason = in.NeedText("reason", 2000);
  in.Done();
  const Done done = ChangeLead(ctx, std::move(seen), std::move(*lead), change);
  return Standing(ctx, done.matter, done.event, 200);
}

http::Response PostRelease(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kLead);
  Fields in = ctx.Input();
  const auto reason = in.NeedText("reason", 2000);
  in.Done();
  const Done done = ReleaseLead(ctx, std::move(seen), reason);
  return Standing(ctx, done.matter, done.event);
}

http::Response PostStep(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kStep);
  Fields in = ctx.Input();
  const StepInput input = ReadStep(in);
  in.Done();
  const Done done = AddStepTo(ctx, std::move(seen), input);
  return Standing(ctx, done.matter, done.event);
}

http::Response PostStepEnd(Context& ctx) {
  constexpr std::array<std::string_view, 2> kEndings = {"done", "dropped"};
  Seen seen = GetFor(ctx, Verb::kStep);
  const auto step = ctx.PathId<StepId>("step_id");
  Fields in = ctx.Input();
  const auto ending = in.NeedOneOf("ending", kEndings);
  const auto note = in.Text("note", 4000).value_or("");
  if (ending == "dropped" && note.empty()) in.Refuse("note", "required", "why it is not done");
  in.Done();
  const Done done = EndStep(ctx, std::move(seen), step, ending, note);
  return Standing(ctx, done.matter, done.event);
}

// A day and an id, the place in both lists.
std::pair<Date, Uuid> ReadPlace(Context& ctx) {
  std::pair<Date, Uuid> place{Date{INT32_MIN}, {}};
  const auto cursor = ctx.Query("cursor", 500);
  if (!cursor) return place;
  const std::string plain = DecodeCursor(*cursor);
  const size_t space = plain.find(' ');
  const auto id = space == std::string::npos ? std::nullopt : ParseUuid(plain.substr(space + 1));
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), place.first.days);
  if (error != std::errc() || !id) Invalid("cursor", "not_a_cursor");
  place.second = *id;
  return place;
}

void WriteStep(Context& ctx, JsonWriter& w, Names& names, const Step& step) {
  w.BeginObject().Field("id", step.id).Field("text", step.text).Field("due", step.due);
  w.Field("officer_id", step.officer).Field("officer_name", names.Officer(step.officer));
  w.Field("state", step.ended_at ? std::string_view(step.ending) : "open");
  w.Field("late", step.was_late || (!step.ended_at && step.due < ctx.Today()));
  w.OptField("meeting_id", step.meeting).Field("made_at", step.made_at).OptField("ended_at", step.ended_at);
  if (step.ended_by) w.Field("ended_by", names.Officer(*step.ended_by));
  if (!step.note.empty()) w.Field("note", step.note);
}

void WriteFour(Context& ctx, JsonWriter& w, Names& names, const Matter& matter, const Lead& lead) {
  w.BeginObject().Field("leader_id", lead.leader).Field("leader_name", names.Officer(lead.leader));
  const auto leader = org::FindOfficer(ctx.tx, ctx.county, lead.leader);
  if (leader && !leader->post.empty()) w.Field("leader_post", leader->post);
  // Gone without handing over: nobody leads it.
  w.Field("leader_left", !leader || !leader->is_active);
  w.Key("measures").BeginArray();
  for (const std::string& measure : lead.measures) w.Value(measure);
  w.EndArray().Field("until", lead.until);
  w.Field("responsible_id", lead.responsible).Field("responsible_name", names.Officer(lead.responsible));
  // The matter went to other hands: somebody else is to be named.
  w.Field("responsible_left", !IsOfOwner(ctx, matter, lead.responsible));
  w.Field("set_by", names.Officer(lead.set_by)).Field("set_at", lead.set_at);
  w.Field("late", lead.was_late || lead.until < ctx.Today()).Field("revision", lead.revision).EndObject();
}

const Step* NextOf(const std::vector<Step>& steps) {
  const auto next = std::find_if(steps.begin(), steps.end(), [](const Step& step) { return !step.ended_at; });
  return next == steps.end() ? nullptr : &*next;
}

// A page of rows the actor may know of: `fetch(place, limit)`, `place_of(row)`, `write(row, matter)`.
template <class Fetch, class PlaceOf, class Write>
http::Response Page(Context& ctx, Fetch fetch, PlaceOf place_of, Write write) {
  const auto limit = static_cast<size_t>(ctx.QueryLimit());
  auto place = ReadPlace(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  size_t count = 0;
  bool is_more = false;
  for (bool is_end = false; !is_end && !is_more;) {
    const auto rows = fetch(place, static_cast<int>(limit) + 1);
    is_end = rows.size() <= limit;
    for (const auto& row : rows) {
      const auto matter = FindMatter(ctx.tx, ctx.county, row.matter);
      if (!matter || !IsOpen(matter->state) || !MayKnow(ctx.actor, *matter) || !MayRead(ctx, *matter)) {
        place = place_of(row);
        continue;
      }
      is_more = count == limit;
      if (is_more) break;
      place = place_of(row);
      write(w, row, *matter);
      ++count;
    }
  }
  w.EndArray().Key("next_cursor");
  if (is_more) w.Value(EncodeCursor(fmt::format("{} {}", place.first.days, FormatUuid(place.second))));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

http::Response ListLeads(Context& ctx) {
  Names names(ctx);
  return Page(
      ctx,
      [&](const std::pair<Date, Uuid>& place, int limit) {
        return LeadsOf(ctx.tx, ctx.county, ctx.actor.officer, {place.first, place.second}, limit);
      },
      [](const Lead& lead) { return std::pair<Date, Uuid>(lead.until, lead.matter); },
      [&](JsonWriter& w, const Lead& lead, const Matter& matter) {
        w.BeginObject().Key("matter");
        WriteSummaryAlone(ctx, w, names, matter);
        w.Key("lead");
        WriteFour(ctx, w, names, matter, lead);
        const auto steps = StepsOf(ctx.tx, ctx.county, matter.id);
        if (const Step* next = NextOf(steps)) {
          w.Key("next_step");
          WriteStep(ctx, w, names, *next);
          w.EndObject();
        }
        w.EndObject();
      });
}

http::Response ListSteps(Context& ctx) {
  Names names(ctx);
  return Page(
      ctx,
      [&](const std::pair<Date, Uuid>& place, int limit) {
        return OpenStepsOf(ctx.tx, ctx.county, ctx.actor.officer, {place.first, place.second}, limit);
      },
      [](const Step& step) { return std::pair<Date, Uuid>(step.due, step.id); },
      [&](JsonWriter& w, const Step& step, const Matter& matter) {
        WriteStep(ctx, w, names, step);
        w.Field("matter_id", matter.id).Field("matter_title", matter.Title()).Field("receipt", matter.receipt).EndObject();
      });
}

}  // namespace

void WriteLead(Context& ctx, JsonWriter& w, const Seen& seen) {
  Names names(ctx);
  const Matter& matter = seen.matter;
  if (const auto lead = FindLead(ctx.tx, ctx.county, matter.id)) {
    w.Key("lead");
    WriteFour(ctx, w, names, matter, *lead);
  }
  w.Key("steps").BeginArray();
  for (const Step& step : StepsOf(ctx.tx, ctx.county, matter.id)) {
    WriteStep(ctx, w, names, step);
    w.EndObject();
  }
  w.EndArray();
}

void WriteLeadForResident(Context& ctx, JsonWriter& w, const Matter& matter) {
  const auto lead = FindLead(ctx.tx, ctx.county, matter.id);
  const auto steps = StepsOf(ctx.tx, ctx.county, matter.id);
  if (lead) {
    w.Key("lead").BeginObject();
    if (const auto leader = org::FindOfficer(ctx.tx, ctx.county, lead->leader)) {
      w.Field("leader_name", leader->name).Field("unit_name", org::UnitName(ctx.tx, ctx.county, leader->unit_id));
      if (!leader->post.empty()) w.Field("leader_post", leader->post);
    }
    w.Field("until", lead->until).EndObject();
  }
  if (const Step* next = NextOf(steps)) w.Field("next_step_on", next->due);
}

std::vector<Route> LeadRoutes() {
  return {
      {.method = "POST", .pattern = "/api/v1/matters/{id}/lead", .action = Action::kMattersSupervise, .handle = PostLead},
      {.method = "PATCH", .pattern = "/api/v1/matters/{id}/lead", .action = Action::kMattersSupervise, .handle = PatchLead},
      {.method = "POST", .pattern = "/api/v1/matters/{id}/lead_release", .action = Action::kMattersSupervise, .handle = PostRelease},
      {.method = "POST", .pattern = "/api/v1/matters/{id}/steps", .action = Action::kMattersMeet, .handle = PostStep},
      {.method = "POST", .pattern = "/api/v1/matters/{id}/steps/{step_id}/end", .action = Action::kMattersMeet, .handle = PostStepEnd},
      {.method = "GET", .pattern = "/api/v1/leads", .action = Action::kMattersRead, .handle = ListLeads},
      {.method = "GET", .pattern = "/api/v1/steps", .action = Action::kMattersRead, .handle = ListSteps},
  };
}

}  // namespace huiyin::matters
