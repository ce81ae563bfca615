// SPDX-License-Identifier: EUPL-1.2
// The parts of other modules' pages that visits provide.
#include "modules/pairings/pairings.h"
#include "modules/visits/actions.h"
#include "modules/visits/rules.h"

namespace huiyin::visits {
namespace {

constexpr int kShown = 10;
constexpr int kAll = 400;

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

// The open ones, then those kept last.
void WritePromises(Context& ctx, pairings::Names& names, const HouseholdId& household, JsonWriter& w) {
  const Window window{.after = pairings::FirstPlace(), .page = kAll};
  auto promises = ListPromisesTo(ctx.tx, ctx.county, household, std::nullopt, window);
  std::erase_if(promises, [](const Promise& promise) { return promise.state == "dropped"; });
  const auto kept = std::stable_partition(promises.begin(), promises.end(),
                                          [](const Promise& promise) { return promise.state == "open"; });
  std::sort(kept, promises.end(), [](const Promise& a, const Promise& b) { return a.closed_at > b.closed_at; });
  const auto shown = kept + std::min<std::ptrdiff_t>(promises.end() - kept, kShown);
  w.Key("promises").BeginArray();
  for (auto promise = promises.begin(); promise != shown; ++promise) WritePromise(ctx, names, *promise, w);
  w.EndArray();
}

// By the county's duties; absent when it has none towards such a pairing.
std::optional<Date> NextVisitTo(Context& ctx, std::span<const org::VisitDuty> duties, std::optional<Instant> last_visit_at,
                                const pairings::Bond& bond) {
  const auto often = HowOften(duties, bond.kind == "orphan" ? "orphan" : "household");
  if (!often) return std::nullopt;
  std::optional<Date> last;
  if (last_visit_at) last = LocalDate(*last_visit_at, ctx.zone);
  return NextVisitOn(last, bond.from, often->times, often->months);
}

void WriteToCome(Context& ctx, pairings::Names& names, const HouseholdId& household, JsonWriter& w) {
  WritePlansToCome(ctx, names, household, w);
  WritePromises(ctx, names, household, w);
}

void WriteOwn(Context& ctx, const households::Household& household, JsonWriter& w) {
  pairings::Names names(ctx);
  names.Know(household);
  WriteToCome(ctx, names, household.id, w);
}

void WriteRecord(Context& ctx, const households::Opened& record, JsonWriter& w) {
  pairings::Names names(ctx);
  names.Know(record.household);
  const bool with_diary = May(ctx.actor, Action::kVisitsRead,
                              {.area = record.household.area_code, .is_own = record.is_related}) == Decision::kAllowed;
  const Window window{.after = pairings::LastPlace(), .page = kShown};
  auto visits = ListVisitsTo(ctx.tx, ctx.county, record.household.id, window);
  if (record.along != nullptr && record.along->is_first && visits.size() > 1) {
    visits.resize(1);
    record.along->is_partial = true;
  }
  const Hanging hanging(ctx, visits);
  w.Key("visits").BeginArray();
  for (const Visit& visit : visits) {
    WriteVisit(ctx, names, {visit, hanging, with_diary || visit.officer == ctx.actor.officer}, w);
  }
  w.EndArray();
  WriteToCome(ctx, names, record.household.id, w);
}

// What is due at the lines' households: the next visit of their own officer, the first open
// promise, the next plan.
void Fill(Context& ctx, const households::Lines& lines) {
  const auto often = HowOften(org::KnownSettings(ctx.tx, ctx.county).visit_duties, "household");
  for (households::Summary& line : lines.all()) {
    if (!line.paired_since || !often) continue;
    std::optional<Date> last;
    if (line.last_visit_at) last = LocalDate(*line.last_visit_at, ctx.zone);
    line.Due(EndOfDay(NextVisitOn(last, *line.paired_since, often->times, often->months), ctx.zone), "visit");
  }
  for (const OpenCount& promises : CountOpenPromises(ctx.tx, ctx.county, lines.households())) {
    lines.Of(promises.household, [&](households::Summary& line) {
      line.open_promises = promises.count;
      if (promises.first_due) line.Due(EndOfDay(*promises.first_due, ctx.zone), "promise");
    });
  }
  for (const NextPlan& plan : NextPlans(ctx.tx, ctx.county, lines.households(), ctx.Today())) {
    lines.Of(plan.household, [&](households::Summary& line) { line.Due(EndOfDay(plan.on, ctx.zone), "plan"); });
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

attachments::WriteOfVisit MattersOf(Context& ctx, std::span<const VisitId> visits) {
  return Connected().matters ? Connected().matters(ctx, visits) : nullptr;
}

std::vector<Due> DuesOf(Context& ctx, const OfficerId& officer) {
  const auto& duties = org::KnownSettings(ctx.tx, ctx.county).visit_duties;
  std::vector<Due> dues;
  for (const pairings::Bond& bond : pairings::BondsOf(ctx.tx, ctx.county, officer)) {
    const auto home = pairings::FindHome(ctx.tx, ctx.county, bond.household);
    if (!home || !home->is_living) continue;
    if (const auto next = NextVisitTo(ctx, duties, home->last_visit_at, bond)) dues.push_back({bond.household, "visit", *next});
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
  lent.fill = Fill;
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
