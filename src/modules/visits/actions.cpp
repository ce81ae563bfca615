// SPDX-License-Identifier: EUPL-1.2
#include "modules/visits/actions.h"

#include "modules/pairings/pairings.h"
#include "modules/visits/rules.h"

namespace huiyin::visits {
namespace {

constexpr size_t kNotesOfOneVisit = 50;

json::array FieldsOf(const VisitChange& change) {
  json::array fields;
  if (change.diary) fields.emplace_back("diary");
  if (change.met) fields.emplace_back("met");
  if (change.addendum) fields.emplace_back("addenda");
  return fields;
}

[[noreturn]] void Stale(Context& ctx, const Visit& visit, int64_t seen) {
  Problem problem(412, "visits.stale");
  json::array changes;
  for (const VisitEvent& event : EventsSince(ctx.tx, ctx.county, visit.id, seen)) {
    for (const std::string& field : event.fields) {
      json::object change{{"field", field}, {"at", FormatInstant(event.at)}};
      if (field == "diary") change["value"] = visit.diary;
      if (field == "met") change["value"] = visit.met;
      if (event.by) change["by"] = pairings::Names(ctx).Officer(*event.by);
      changes.push_back(std::move(change));
    }
  }
  problem.extra["changes"] = std::move(changes);
  problem.extra["revision"] = visit.revision;
  throw problem;
}

// One to write beneath: a household's own, or one the officer may write of.
Visit RequireVisit(Context& ctx, const VisitId& id) {
  auto visit = FindVisitById(ctx.tx, ctx.county, id);
  if (!visit) NotFound();
  if (!ctx.actor.IsResident()) Open(ctx, Action::kVisitsWrite, visit->household, visit->officer == ctx.actor.officer, false);
  else if (visit->household != ctx.actor.household) NotFound();
  return std::move(*visit);
}

std::optional<OfficerId> WriterOf(const Context& ctx) {
  return ctx.actor.IsOfficer() ? std::optional(ctx.actor.officer) : std::nullopt;
}

Visit Added(Context& ctx, Visit visit, const char* act, const char* field) {
  ++visit.revision;
  UpdateVisit(ctx.tx, ctx.county, visit);
  ctx.Record(act, "visit", visit.id, {{"revision", visit.revision}, {"fields", json::array{field}}}, visit.household);
  return visit;
}

// A plan that is not of this household is as unknown as one that is not there.
void FinishPlan(Context& ctx, const Visit& visit) {
  if (!visit.plan) return;
  auto plan = FindPlan(ctx.tx, ctx.county, *visit.plan);
  if (!plan || plan->household != visit.household) Invalid("plan_id", "unknown_reference");
  if (plan->is_done) Conflict("visit_plans.done");
  plan->is_done = true;
  plan->visit = visit.id;
  UpdatePlan(ctx.tx, ctx.county, *plan);
}

}  // namespace

pairings::Home Open(Context& ctx, Action action, const HouseholdId& household, bool is_own, bool has_reason) {
  const auto home = pairings::FindHome(ctx.tx, ctx.county, household);
  if (!home) NotFound();
  const bool own = is_own || households::IsRelated(ctx, household);
  RequireMay(ctx.actor, action, {.area = home->area_code, .is_own = own, .has_reason = has_reason});
  return *home;
}

Visit Create(Context& ctx, const NewVisit& made) {
  const Visit& visit = made.visit;
  const auto home = Open(ctx, Action::kVisitsWrite, visit.household, false, !visit.reason.empty());
  if (const auto before = ContentHashOf(ctx.tx, ctx.county, visit.id)) {
    if (*before != made.content) Conflict("duplicate_id");
    return *FindVisitById(ctx.tx, ctx.county, visit.id);
  }
  const auto& contact = visit.new_contact;
  if (contact && contact->resident && !households::HasResident(ctx.tx, ctx.county, home.id, *contact->resident)) {
    Invalid("new_contact.resident_id", "unknown_reference");
  }
  InsertVisit(ctx.tx, ctx.county, visit, made.content);
  for (const Promise& promise : made.promises) InsertPromise(ctx.tx, ctx.county, promise);
  FinishPlan(ctx, visit);
  attachments::GiveToVisit(ctx, made.attachments, home.id, visit.id);
  if (contact) households::TakeContact(ctx, home.id, {contact->resident, contact->phone, contact->place}, visit.id);
  // Knocking at a closed door is no visit: the household stays as long unvisited as it was.
  if (visit.met != "nobody") households::Touch(ctx.tx, ctx.county, home.id, visit.at);
  ctx.Record("visit.created", "visit", visit.id,
             {{"revision", 1}, {"met", visit.met}, {"promises", made.promises.size()},
              {"content", Hex(AsView(made.content))}},
             home.id);
  ctx.Count("visits", home.area_code, visit.unit);
  return visit;
}

Visit Change(Context& ctx, const VisitId& id, const VisitChange& change, int64_t revision) {
  auto visit = FindVisitById(ctx.tx, ctx.county, id);
  if (!visit) NotFound();
  Open(ctx, Action::kVisitsWrite, visit->household, visit->officer == ctx.actor.officer, false);
  if (visit->revision != revision) Stale(ctx, *visit, revision);
  json::object old;
  if (change.diary || change.met) {
    const Ruling ruling = CanCorrect(*visit, ctx.actor.officer, ctx.now);
    if (ruling.refusal == "visits.not_the_author") Forbidden(ruling.refusal);
    Require(ruling);
  }
  if (change.diary) {
    old["diary"] = visit->diary;
    visit->diary = *change.diary;
  }
  if (change.met) {
    old["met"] = visit->met;
    visit->met = *change.met;
    if (visit->met != "nobody") households::Touch(ctx.tx, ctx.county, visit->household, visit->at);
  }
  if (change.addendum) {
    visit->addenda.push_back({ctx.NewId<EventId>(), ctx.now, *change.addendum, ctx.actor.officer});
  }
  json::array fields = FieldsOf(change);
  if (fields.empty()) return *visit;
  ++visit->revision;
  UpdateVisit(ctx.tx, ctx.county, *visit);
  ctx.Record("visit.changed", "visit", id,
             {{"revision", visit->revision}, {"fields", std::move(fields)}, {"old", std::move(old)}},
             visit->household);
  return *visit;
}

Visit AddWords(Context& ctx, const VisitId& id, const std::string& text) {
  Visit visit = RequireVisit(ctx, id);
  if (visit.words.size() >= kNotesOfOneVisit) Conflict("visits.too_many_words");
  visit.words.push_back({ctx.NewId<EventId>(), ctx.now, text, WriterOf(ctx)});
  return Added(ctx, std::move(visit), "visit.words_added", "words");
}

Visit AddAddendum(Context& ctx, const VisitId& id, const std::string& text) {
  Visit visit = RequireVisit(ctx, id);
  if (visit.addenda.size() >= kNotesOfOneVisit) Conflict("visits.too_many_addenda");
  visit.addenda.push_back({ctx.NewId<EventId>(), ctx.now, text, WriterOf(ctx)});
  return Added(ctx, std::move(visit), "visit.changed", "addenda");
}

}  // namespace huiyin::visits
