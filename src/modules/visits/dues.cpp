// SPDX-License-Identifier: EUPL-1.2
// The parts of other modules' pages that visits provide.
#include "modules/pairings/pairings.h"
#include "modules/visits/actions.h"
#include "modules/visits/rules.h"

namespace huiyin::visits {
namespace {

constexpr int kShown = 10;
constexpr int kAll = 200;
// Defaults of the duties: home visits to each paired household, visits to an orphan.
constexpr int kVisitsAYear = 3;
constexpr int kOrphanVisitsAYear = 6;

Neighbours& Connected() {
  static Neighbours neighbours;
  return neighbours;
}

void WritePlansToCome(Context& ctx, pairings::Names& names, const HouseholdId& household, JsonWriter& w) {
  Window window{.from = ctx.Today().days, .after = pairings::FirstPlace(), .page = kShown};
  w.Key("visit_plans").BeginArray();
  for (const VisitPlan& plan : ListPlansTo(ctx.tx, ctx.county, household, window)) {
    if (!plan.is_done) WritePlan(names, plan, w);
  }
  w.EndArray();
}

void WritePromises(Context& ctx, pairings::Names& names, const HouseholdId& household, JsonWriter& w) {
  const Window window{.after = pairings::FirstPlace(), .page = kAll};
  w.Key("promises").BeginArray();
  for (const Promise& promise : ListPromisesTo(ctx.tx, ctx.county, household, "open", window)) {
    WritePromise(ctx, names, promise, w);
  }
  auto kept = ListPromisesTo(ctx.tx, ctx.county, household, "kept", window);
  std::sort(kept.begin(), kept.end(), [](const Promise& a, const Promise& b) { return a.closed_at > b.closed_at; });
  for (size_t i = 0; i < std::min<size_t>(kept.size(), kShown); ++i) WritePromise(ctx, names, kept[i], w);
  w.EndArray();
}

Date NextVisitTo(Context& ctx, const pairings::Home& home, const pairings::Bond& bond) {
  std::optional<Date> last;
  if (home.last_visit_at) last = LocalDate(*home.last_visit_at, ctx.zone);
  return NextVisitOn(last, bond.from, bond.kind == "orphan" ? kOrphanVisitsAYear : kVisitsAYear, 12);
}

void WriteOwn(Context& ctx, const HouseholdId& household, JsonWriter& w) {
  pairings::Names names(ctx);
  WritePlansToCome(ctx, names, household, w);
  WritePromises(ctx, names, household, w);
}

void WriteRecord(Context& ctx, const HouseholdId& household, JsonWriter& w) {
  pairings::Names names(ctx);
  const auto* home = names.Household(household);
  const bool with_diary = home != nullptr && MayReadDiary(ctx, *home);
  const Window window{.after = pairings::LastPlace(), .page = kShown};
  w.Key("visits").BeginArray();
  for (const Visit& visit : ListVisitsTo(ctx.tx, ctx.county, household, window)) {
    const auto promises = PromisesOfVisit(ctx.tx, ctx.county, visit.id);
    WriteVisit(ctx, names, {visit, promises, with_diary || visit.officer == ctx.actor.officer}, w);
  }
  w.EndArray();
  WriteOwn(ctx, household, w);
}

// What is due at a line's household: the next visit of its own officer, the first open
// promise, the next plan.
void FillLine(Context& ctx, households::Summary& line) {
  if (const auto bond = pairings::OfficerOf(ctx.tx, ctx.county, line.id)) {
    std::optional<Date> last;
    if (line.last_visit_at) last = LocalDate(*line.last_visit_at, ctx.zone);
    line.Due(EndOfDay(NextVisitOn(last, bond->from, kVisitsAYear, 12), ctx.zone), "visit");
  }
  const OpenCount promises = CountOpenPromises(ctx.tx, ctx.county, line.id);
  line.open_promises = promises.count;
  if (promises.first_due) line.Due(EndOfDay(*promises.first_due, ctx.zone), "promise");
  if (const auto plan = NextPlanOn(ctx.tx, ctx.county, line.id, ctx.Today())) {
    line.Due(EndOfDay(*plan, ctx.zone), "plan");
  }
}

// A promise belongs to somebody at every moment.
OfficerId NeedHeir(const pairings::Heir& heir, const HouseholdId& household) {
  const auto to = heir(household);
  if (!to) Conflict("pairings.nobody_to_take_over");
  return *to;
}

}  // namespace

void Connect(Neighbours neighbours) { Connected() = std::move(neighbours); }

void WriteMattersOf(Context& ctx, const VisitId& visit, JsonWriter& w) {
  if (!Connected().matters) return;
  w.Key("matters");
  Connected().matters(ctx, visit, w);
}

std::vector<Due> DuesOf(Context& ctx, const OfficerId& officer) {
  std::vector<Due> dues;
  for (const pairings::Bond& bond : pairings::BondsOf(ctx.tx, ctx.county, officer)) {
    const auto home = pairings::FindHome(ctx.tx, ctx.county, bond.household);
    if (home && home->is_living) dues.push_back({bond.household, "visit", NextVisitTo(ctx, *home, bond)});
  }
  for (const Promise& promise : OpenPromisesBy(ctx.tx, ctx.county, officer)) {
    if (promise.due) dues.push_back({promise.household, "promise", *promise.due});
  }
  for (const VisitPlan& plan : OpenPlansBy(ctx.tx, ctx.county, officer)) {
    if (plan.reply != "declined") dues.push_back({plan.household, "plan", plan.on});
  }
  std::stable_sort(dues.begin(), dues.end(), [](const Due& a, const Due& b) { return a.on < b.on; });
  return dues;
}

int64_t HandOver(Context& ctx, const OfficerId& from, const pairings::Heir& heir) {
  int64_t handed = 0;
  for (const Promise& promise : OpenPromisesBy(ctx.tx, ctx.county, from)) {
    const OfficerId to = NeedHeir(heir, promise.household);
    GivePromise(ctx.tx, ctx.county, promise.id, to);
    ctx.Record("promise.handed_over", "promise", promise.id,
               {{"from", FormatUuid(from)}, {"to", FormatUuid(to)}}, promise.household);
    ++handed;
  }
  for (const VisitPlan& plan : OpenPlansBy(ctx.tx, ctx.county, from)) {
    const OfficerId to = NeedHeir(heir, plan.household);
    GivePlan(ctx.tx, ctx.county, plan.id, to);
    ctx.Record("visit_plan.handed_over", "visit_plan", plan.id,
               {{"from", FormatUuid(from)}, {"to", FormatUuid(to)}}, plan.household);
  }
  return handed;
}

households::Neighbours Lend() {
  households::Neighbours lent;
  lent.write_record = WriteRecord;
  lent.write_own = WriteOwn;
  lent.fill = [](Context& ctx, std::span<households::Summary> lines) {
    for (households::Summary& line : lines) FillLine(ctx, line);
  };
  lent.has_visit = [](Context& ctx, const HouseholdId& household, const VisitId& id) {
    const auto visit = FindVisit(ctx.tx, ctx.county, id);
    return visit && visit->household == household;
  };
  return lent;
}

attachments::Keeper KeepPictures() {
  return {.require_readable = [](Context& ctx, const Uuid& id) -> std::optional<HouseholdId> {
            return RequireReadable(ctx, VisitId(id)).household;
          },
          .require_writable = [](Context& ctx, const Uuid& id) -> std::optional<HouseholdId> {
            return RequireWritable(ctx, VisitId(id)).household;
          }};
}

}  // namespace huiyin::visits
