// SPDX-License-Identifier: EUPL-1.2
#include "modules/visits/erase.h"
#include "modules/visits/actions.h"

namespace huiyin::visits {
namespace {

using pairings::CursorAt;
using pairings::FirstPlace;
using pairings::LastPlace;
using pairings::Names;
using pairings::PlaceAsked;

// Reading one's own entry again is not a look into somebody's life.
void NoteRead(Context& ctx, const Visit& visit) {
  if (ctx.actor.IsOfficer() && visit.officer == ctx.actor.officer) return;
  ctx.NoteRead({.act = "visit.read", .resource = "visit", .resource_id = visit.id, .household = visit.household,
                .purpose = "visit"});
}

http::Response Answer(Context& ctx, int status, const Visit& visit) {
  JsonWriter w = ctx.Writer();
  Names names(ctx);
  WriteVisit(ctx, names, {visit, Hanging(ctx, std::span(&visit, 1))}, w);
  return JsonReply(status, w, visit.revision);
}

http::Response AnswerPlan(Context& ctx, int status, const VisitPlan& plan) {
  JsonWriter w = ctx.Writer();
  Names names(ctx);
  WritePlan(names, plan, w);
  return JsonReply(status, w);
}

http::Response AnswerPromise(Context& ctx, int status, const Promise& promise) {
  JsonWriter w = ctx.Writer();
  Names names(ctx);
  WritePromise(ctx, names, promise, w);
  return JsonReply(status, w);
}

// Whose records a list shows: those of the officer named, else the actor's own.
struct Asked {
  std::optional<HouseholdId> household;
  std::optional<OfficerId> officer;
  Reach reach;
};

// One's own are shown wherever they lie; a household's to those who may read there; another
// officer's to those who read the whole of an area.
Asked ReadAsked(Context& ctx) {
  Asked asked;
  if (const auto id = ctx.QueryId("household_id")) asked.household = HouseholdId(*id);
  if (const auto id = ctx.QueryId("officer_id")) asked.officer = OfficerId(*id);
  if (asked.household) {
    Open(ctx, Action::kVisitsRead, *asked.household, false, false);
    return asked;
  }
  if (!asked.officer) asked.officer = ctx.actor.officer;
  if (*asked.officer != ctx.actor.officer) {
    const AreaCode area = AreaFor(ctx.actor, Action::kVisitsRead, "");
    asked.reach = {area, AreaEnd(area)};
  }
  return asked;
}

template <class Item, class Write, class PlaceOf>
http::Response Page(Context& ctx, std::vector<Item> items, int limit, PlaceOf place_of, Write write) {
  JsonWriter w = ctx.Writer();
  std::optional<std::string> next;
  if (static_cast<int>(items.size()) > limit) {
    items.resize(static_cast<size_t>(limit));
    next = CursorAt(place_of(items.back()));
  }
  w.BeginObject().Key("items").BeginArray();
  for (const Item& item : items) write(item, w);
  w.EndArray().Field("next_cursor", next).EndObject();
  return JsonReply(200, w);
}

http::Response PageOfVisits(Context& ctx, std::vector<Visit> visits, int limit) {
  Names names(ctx);
  const Hanging hanging(ctx, visits);
  return Page(ctx, std::move(visits), limit,
              [](const Visit& visit) { return pairings::Place{visit.at.ms, visit.id}; },
              [&](const Visit& visit, JsonWriter& w) {
                NoteRead(ctx, visit);
                WriteVisit(ctx, names, {visit, hanging}, w);
              });
}

http::Response ListVisits(Context& ctx) {
  const Asked asked = ReadAsked(ctx);
  const int limit = ctx.QueryLimit();
  Window window{.officer = asked.officer, .after = PlaceAsked(ctx, LastPlace()), .page = limit + 1};
  if (const auto day = ctx.QueryDay("from")) window.from = StartOfDay(*day, ctx.zone).ms;
  if (const auto day = ctx.QueryDay("until")) window.until = StartOfDay(*day + 1, ctx.zone).ms;
  return PageOfVisits(ctx,
                      asked.household ? ListVisitsTo(ctx.tx, ctx.county, *asked.household, window)
                                      : ListVisitsBy(ctx.tx, ctx.county, *asked.officer, window, asked.reach),
                      limit);
}

http::Response PostVisit(Context& ctx) { return Answer(ctx, 201, Create(ctx, ReadNewVisit(ctx))); }

http::Response GetVisit(Context& ctx) {
  const auto visit = FindVisitById(ctx.tx, ctx.county, ctx.PathId<VisitId>());
  if (!visit) NotFound();
  Open(ctx, Action::kVisitsRead, visit->household, visit->officer == ctx.actor.officer, false);
  NoteRead(ctx, *visit);
  return Answer(ctx, 200, *visit);
}

http::Response PatchVisit(Context& ctx) {
  const auto id = ctx.PathId<VisitId>();
  const int64_t revision = ctx.IfMatch();
  const VisitChange change = ReadVisitChange(ctx);
  return Answer(ctx, 200, Change(ctx, id, change, revision));
}

http::Response ListMyVisits(Context& ctx) {
  const int limit = ctx.QueryLimit();
  const Window window{.after = PlaceAsked(ctx, LastPlace()), .page = limit + 1};
  Names names(ctx);
  auto visits = ListVisitsTo(ctx.tx, ctx.county, ctx.actor.household, window);
  const Hanging hanging(ctx, visits);
  return Page(ctx, std::move(visits), limit,
              [](const Visit& visit) { return pairings::Place{visit.at.ms, visit.id}; },
              [&](const Visit& visit, JsonWriter& w) {
                WriteVisit(ctx, names, {visit, hanging}, w);
              });
}

http::Response PostWords(Context& ctx) {
  const auto id = ctx.PathId<VisitId>();
  return Answer(ctx, 201, AddWords(ctx, id, ReadWords(ctx)));
}

http::Response PostAddendum(Context& ctx) {
  const auto id = ctx.PathId<VisitId>();
  return Answer(ctx, 201, AddAddendum(ctx, id, ReadWords(ctx)));
}

http::Response ListPlans(Context& ctx) {
  const Asked asked = ReadAsked(ctx);
  const int limit = ctx.QueryLimit();
  Window window{.officer = asked.officer, .after = PlaceAsked(ctx, FirstPlace()), .page = limit + 1};
  if (const auto day = ctx.QueryDay("from")) window.from = day->days;
  if (const auto day = ctx.QueryDay("until")) window.until = day->days + 1;
  auto plans = asked.household ? ListPlansTo(ctx.tx, ctx.county, *asked.household, window)
                               : ListPlansBy(ctx.tx, ctx.county, *asked.officer, window, asked.reach);
  Names names(ctx);
  return Page(ctx, std::move(plans), limit,
              [](const VisitPlan& plan) { return pairings::Place{plan.on.days, plan.id}; },
              [&](const VisitPlan& plan, JsonWriter& w) { WritePlan(names, plan, w); });
}

http::Response PostPlan(Context& ctx) {
  Fields in = ctx.Input();
  VisitPlan plan;
  plan.id = in.Ref<VisitPlanId>("id").value_or(ctx.NewId<VisitPlanId>());
  plan.household = in.NeedRef<HouseholdId>("household_id");
  plan.officer = ctx.actor.officer;
  plan.on = in.NeedDay("on");
  plan.note = in.Text("note", 2000).value_or("");
  plan.created_at = ctx.now;
  const std::string reason = in.Text("reason", 500).value_or("");
  in.Done();
  return AnswerPlan(ctx, 201, Plan(ctx, plan, reason));
}

http::Response PostReply(Context& ctx) {
  const auto id = ctx.PathId<VisitPlanId>();
  return AnswerPlan(ctx, 201, Reply(ctx, id, ReadPlanReply(ctx)));
}

http::Response ListPromises(Context& ctx) {
  const Asked asked = ReadAsked(ctx);
  const int limit = ctx.QueryLimit();
  const Window window{.officer = asked.officer, .after = PlaceAsked(ctx, FirstPlace()), .page = limit + 1};
  std::optional<std::string> state;
  if (ctx.Query("open")) state = ctx.QueryFlag("open") ? "open" : "kept";
  auto promises = asked.household
                      ? visits::ListPromisesTo(ctx.tx, ctx.county, *asked.household, state, window)
                      : visits::ListPromisesBy(ctx.tx, ctx.county, *asked.officer, state, window, asked.reach);
  Names names(ctx);
  return Page(ctx, std::move(promises), limit,
              [](const Promise& promise) { return pairings::Place{DueNumber(promise), promise.id}; },
              [&](const Promise& promise, JsonWriter& w) { WritePromise(ctx, names, promise, w); });
}

http::Response PostFulfilment(Context& ctx) {
  const auto id = ctx.PathId<PromiseId>();
  Fields in = ctx.Input();
  const std::string text = in.NeedText("text", 2000);
  in.Done();
  return AnswerPromise(ctx, 201, Fulfil(ctx, id, text));
}

}  // namespace

std::optional<VisitBrief> FindVisit(db::Tx& tx, County county, const VisitId& id) {
  const auto visit = FindVisitById(tx, county, id);
  if (!visit) return std::nullopt;
  return VisitBrief{visit->household, visit->officer, visit->at};
}

VisitBrief RequireReadable(Context& ctx, const VisitId& id) {
  const auto visit = FindVisit(ctx.tx, ctx.county, id);
  if (!visit) NotFound();
  if (ctx.actor.IsResident()) {
    if (visit->household != ctx.actor.household) NotFound();
  } else {
    Open(ctx, Action::kVisitsRead, visit->household, visit->officer == ctx.actor.officer, false);
  }
  return *visit;
}

VisitBrief RequireWritable(Context& ctx, const VisitId& id) {
  const auto visit = FindVisit(ctx.tx, ctx.county, id);
  if (!visit) NotFound();
  Open(ctx, Action::kVisitsWrite, visit->household, visit->officer == ctx.actor.officer, false);
  return *visit;
}

Module Describe() {
  return {.name = "visits", .routes = {
    {.method = "GET", .pattern = "/api/v1/visits", .action = Action::kVisitsRead, .handle = ListVisits},
    {.method = "POST", .pattern = "/api/v1/visits", .action = Action::kVisitsWrite, .handle = PostVisit, .may_wait = true},
    {.method = "GET", .pattern = "/api/v1/visits/{id}", .action = Action::kVisitsRead, .handle = GetVisit},
    {.method = "PATCH", .pattern = "/api/v1/visits/{id}", .action = Action::kVisitsWrite, .handle = PatchVisit, .may_wait = true},
    {.method = "POST", .pattern = "/api/v1/visits/{id}/words", .action = Action::kVisitsWrite, .handle = PostWords, .may_wait = true},
    {.method = "POST", .pattern = "/api/v1/visits/{id}/addenda", .action = Action::kVisitsWrite, .handle = PostAddendum, .may_wait = true},
    {.method = "GET", .pattern = "/api/v1/visit_plans", .action = Action::kVisitsRead, .handle = ListPlans},
    {.method = "POST", .pattern = "/api/v1/visit_plans", .action = Action::kVisitsWrite, .handle = PostPlan, .may_wait = true},
    {.method = "POST", .pattern = "/api/v1/visit_plans/{id}/reply", .action = Action::kVisitsWrite,
     .handle = PostReply, .may_wait = true},
    {.method = "GET", .pattern = "/api/v1/promises", .action = Action::kVisitsRead, .handle = ListPromises},
    {.method = "POST", .pattern = "/api/v1/promises/{id}/fulfilment", .action = Action::kVisitsWrite,
     .handle = PostFulfilment, .may_wait = true},
    {.method = "GET", .pattern = "/api/v1/me/visits", .session = Session::kResident, .handle = ListMyVisits},
    {.method = "POST", .pattern = "/api/v1/me/visits/{id}/words", .session = Session::kResident,
     .handle = PostWords},
    {.method = "POST", .pattern = "/api/v1/me/visit_plans/{id}/reply", .session = Session::kResident,
     .handle = PostReply},
  }, .retained = {DiariesKeptForATime()}};
}

}  // namespace huiyin::visits
