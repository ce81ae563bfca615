// SPDX-License-Identifier: EUPL-1.2
#include "demo/visiting.h"

#include "core/crypto.h"
#include "core/text.h"
#include "demo/log.h"
#include "demo/sections.h"

namespace huiyin::demo {
namespace {

constexpr int kYears = 2;
constexpr int kDaysInYear = 365;
constexpr double kPlannedPercent = 22;      // of the visits
constexpr double kRepliedPercent = 60;      // of the plans
constexpr double kOwnWordsPercent = 1.5;
constexpr double kLearntPercent = 5;        // visits after which a section was changed
constexpr double kNextPlannedPercent = 7;   // households with a visit to come
constexpr double kEveningFrom = 19;

std::string_view SeasonOf(Date day) {
  const int month = day.Month();
  if (month >= 3 && month <= 5) return "spring";
  if (month >= 6 && month <= 8) return "summer";
  if (month >= 9 && month <= 11) return "autumn";
  return "winter";
}

}  // namespace

// One household while its visits are told.
struct Visiting::Door {
  const Home& home;
  Family& family;
  Batch& batch;
  Tally& tally;
  Dice dice;
  std::vector<PastVisit> visits;

  const HouseholdRow& household() const { return family.household; }
  bool HasChildren(Date today) const {
    return std::any_of(family.residents.begin(), family.residents.end(),
                       [today](const ResidentRow& p) { return AgeOn(p.birth_date, today) < 18; });
  }
};

std::vector<PastVisit> Visiting::Add(const Home& home, Family& family, Batch& batch, Tally& tally) const {
  Door door{home, family, batch, tally, Dice::For(seed_, "visits", home.door.n), {}};
  Births(door);
  for (const Instant at : DrawTimes(home, door.dice)) {
    const auto helper = home.HelperOn(LocalDate(at, Zone{}));
    const Village& village = ground_.villages[home.door.village];
    if (helper) Call(door, at, *helper);
    else if (!village.officers.empty()) Call(door, at, door.dice.Pick(village.officers));
  }
  PlanNext(door);
  return std::move(door.visits);
}

std::vector<Instant> Visiting::DrawTimes(const Home& home, Dice& dice) const {
  std::vector<Instant> times;
  for (int year = kYears; year > 0; --year) {
    int count = words_.mix.visits_a_year.Draw(dice);
    if (!home.helper) count = static_cast<int>(dice.Between(0, 1));
    if (scale_.visits_share < 1) count = static_cast<int>(count * scale_.visits_share + dice.Real());
    while (count > 0) {
      const Date day = today_ - static_cast<int>(dice.Between((year - 1) * kDaysInYear, year * kDaysInYear - 1));
      // Fewer on a Sunday than on a Monday, and about as many in each month as in the words.
      const double weight = words_.figures.weekdays[static_cast<size_t>(day.Weekday() - 1)];
      if (!dice.Chance(weight * 100)) continue;
      --count;
      const int hour = words_.figures.visit_hours.Draw(dice);
      const Instant at = StartOfDay(day, Zone{}) + hour * kHour + dice.Between(0, 59) * kMinute;
      if (at < now_ - kHour) times.push_back(at);
    }
  }
  std::sort(times.begin(), times.end());
  return times;
}

void Visiting::Call(Door& door, Instant at, size_t officer) const {
  Dice& dice = door.dice;
  const Person& person = ground_.people[officer];
  const Doer by = ByOfficer(person.officer.id, person.officer.unit_id);
  VisitRow visit;
  visit.id = VisitId(dice.NewId(at));
  visit.household = door.home.id;
  visit.officer = person.officer.id;
  visit.unit = person.officer.unit_id;
  visit.at = at;
  visit.met = words_.mix.met.Draw(dice);
  const bool lives_alone = door.family.residents.size() == 1;
  if (visit.met == "member" && lives_alone) visit.met = "head";
  if (visit.met == "head" && door.home.head_is_away) visit.met = lives_alone ? "neighbour" : "member";
  visit.diary = Diary(door, visit);
  visit.received_at = std::min(now_, at + dice.Between(15, 400) * kMinute);
  if (visit.met == "neighbour" && dice.Chance(30)) {
    visit.new_contact = json::serialize(json::object{
        {"phone", fmt::format("199 0000 {:04}", dice.Between(0, 9999))}, {"place", "外地"}, {"from", "邻居"}});
  }
  if (dice.Chance(kPlannedPercent)) visit.plan = PlanAhead(door, visit);
  if (visit.met != "nobody" && dice.Chance(kOwnWordsPercent)) {
    const Instant said = std::min(now_, visit.received_at + dice.Between(2, 90) * kHour);
    visit.words = json::serialize(json::array{json::object{
        {"id", FormatUuid(dice.NewId(said))}, {"at", said.ms}, {"text", dice.Pick(words_.visits.household_words)}}});
    visit.revision = 2;
    LogAct(door.batch, dice, said, ByHousehold(door.home.id), "visit.words_added", "visit", visit.id,
           {{"revision", 2}, {"fields", {"words"}}}, door.home.id);
  }
  LogRead(door.batch, dice, at - dice.Between(20, 90) * kMinute, by, "household.read", "household",
          door.home.id, door.home.id, "visit");

  const bool met_somebody = visit.met == "head" || visit.met == "member";
  const size_t promises = met_somebody && dice.Chance(words_.mix.promise) ? 1 : 0;
  LogAct(door.batch, dice, visit.received_at, by, "visit.created", "visit", visit.id,
         {{"revision", 1}, {"met", visit.met}, {"promises", promises}, {"content", Hex(AsView(Sha256(visit.diary)))}},
         door.home.id);
  door.tally.Add("visits", visit.received_at, door.home.area, visit.unit);
  if (promises > 0) Promise(door, visit);
  if (met_somebody && dice.Chance(kLearntPercent)) Learn(door, visit);
  if (visit.met != "nobody") door.family.household.last_visit_at = at;
  door.visits.push_back({visit.id, at, officer, met_somebody});
  door.batch.visits.push_back(std::move(visit));
}

std::string Visiting::Diary(Door& door, const VisitRow& visit) const {
  Dice& dice = door.dice;
  const VisitWords& words = words_.visits;
  Slots slots(words_.requests, dice);
  std::string text;
  const auto say = [&](const Texts& texts) { text += slots.Fill(dice.Pick(texts)); };
  say(words.arrive.find(visit.met)->second);
  if (visit.met == "nobody") return text;
  if (visit.met == "neighbour") {
    say(dice.Chance(60) ? words.migrant : words.next);
    return text;
  }
  const Date day = LocalDate(visit.at, Zone{});
  if (LocalMinuteOfDay(visit.at, Zone{}) >= kEveningFrom * 60) say(words.night);
  if (door.home.head_is_away && dice.Chance(60)) say(words.migrant);
  static const Texts kTopics = {"livelihood", "health", "housing", "affairs", "work", "children", "season"};
  Texts topics = kTopics;
  if (!door.HasChildren(today_)) std::erase(topics, "children");
  for (int left = std::min(scale_.diary_sentences, words_.mix.diary_sentences.Draw(dice)) - 1; left > 1 && !topics.empty(); --left) {
    const size_t at = static_cast<size_t>(dice.Between(0, static_cast<int64_t>(topics.size()) - 1));
    say(topics[at] == "season" ? words.season.find(SeasonOf(day))->second : words.topics.find(topics[at])->second);
    topics.erase(topics.begin() + static_cast<std::ptrdiff_t>(at));
  }
  if (dice.Chance(50)) say(words.feeling);
  if (dice.Chance(45)) say(words.next);
  return text;
}

void Visiting::Promise(Door& door, const VisitRow& visit) const {
  Dice& dice = door.dice;
  const auto& [days, text] = dice.Pick(words_.visits.promises);
  PromiseRow promise;
  promise.id = PromiseId(dice.NewId(visit.at + 1));
  promise.household = door.home.id;
  promise.visit = visit.id;
  promise.officer = visit.officer;
  promise.text = text;
  promise.due_on = LocalDate(visit.at, Zone{}) + days;
  promise.created_at = visit.received_at;
  std::string fate = words_.mix.promise_kept.Draw(dice);
  // What was left open long ago is rare: somebody would have asked.
  if (fate == "open" && promise.due_on < today_ - 60 && !dice.Chance(10)) fate = "late";
  const int closed_after = fate == "late" ? days + static_cast<int>(dice.Between(1, 25))
                                          : static_cast<int>(dice.Between(1, std::max(1, days)));
  const Instant closed_at = visit.at + closed_after * kDay + dice.Between(0, 3) * kHour;
  if (fate != "open" && closed_at < now_) {
    promise.state = "kept";
    promise.closed_at = closed_at;
    promise.closing_text = dice.Pick(words_.visits.fulfilment);
    const bool is_late = LocalDate(closed_at, Zone{}) > promise.due_on;
    LogAct(door.batch, dice, closed_at, ByOfficer(visit.officer, visit.unit), "promise.kept", "promise", promise.id,
           {{"late", is_late}}, door.home.id);
    door.tally.Add("promises_kept", closed_at, door.home.area, visit.unit);
  } else if (door.home.helper) {
    // Whoever is paired now has taken over what was open.
    promise.officer = ground_.people[*door.home.helper].officer.id;
  }
  door.batch.promises.push_back(std::move(promise));
}

VisitPlanId Visiting::PlanAhead(Door& door, const VisitRow& visit) const {
  Dice& dice = door.dice;
  PlanRow plan;
  plan.created_at = visit.at - dice.Between(2, 9) * kDay;
  plan.id = VisitPlanId(dice.NewId(plan.created_at));
  plan.household = door.home.id;
  plan.officer = visit.officer;
  plan.planned_on = LocalDate(visit.at, Zone{});
  plan.note = dice.Pick(words_.visits.plan_note);
  plan.state = "done";
  plan.visit = visit.id;
  LogAct(door.batch, dice, plan.created_at, ByOfficer(visit.officer, visit.unit), "visit_plan.created", "visit_plan",
         plan.id, {{"on", FormatDate(plan.planned_on)}}, door.home.id);
  if (dice.Chance(kRepliedPercent)) {
    plan.reply = "agreed";
    plan.replied_at = plan.created_at + dice.Between(1, 40) * kHour;
    LogAct(door.batch, dice, *plan.replied_at, ByHousehold(door.home.id), "visit_plan.replied", "visit_plan", plan.id,
           {{"reply", "agreed"}}, door.home.id);
  }
  door.batch.plans.push_back(plan);
  return plan.id;
}

void Visiting::PlanNext(Door& door) const {
  Dice& dice = door.dice;
  if (!door.home.helper || !dice.Chance(kNextPlannedPercent)) return;
  const Person& person = ground_.people[*door.home.helper];
  PlanRow plan;
  plan.created_at = now_ - dice.Between(3, 140) * kHour;
  plan.id = VisitPlanId(dice.NewId(plan.created_at));
  plan.household = door.home.id;
  plan.officer = person.officer.id;
  plan.planned_on = today_ + static_cast<int>(dice.Between(0, 16));
  plan.note = dice.Pick(words_.visits.plan_note);
  LogAct(door.batch, dice, plan.created_at, ByOfficer(person.officer.id, person.officer.unit_id), "visit_plan.created",
         "visit_plan", plan.id, {{"on", FormatDate(plan.planned_on)}}, door.home.id);
  if (dice.Chance(kRepliedPercent)) {
    plan.reply = dice.Chance(82) ? "agreed" : dice.Chance(75) ? "other_time" : "declined";
    plan.replied_at = std::min(now_, plan.created_at + dice.Between(1, 30) * kHour);
    json::object data{{"reply", *plan.reply}};
    if (*plan.reply == "other_time") {
      plan.reply_on = plan.planned_on + static_cast<int>(dice.Between(2, 9));
      plan.reply_note = dice.Pick(words_.visits.plan_other_time);
      data["on"] = FormatDate(*plan.reply_on);
    }
    LogAct(door.batch, dice, *plan.replied_at, ByHousehold(door.home.id), "visit_plan.replied", "visit_plan", plan.id,
           data, door.home.id);
  }
  door.batch.plans.push_back(std::move(plan));
}

// A section is as it is today; what it was before is drawn, so that the history ends there.
void Visiting::Learn(Door& door, const VisitRow& visit) const {
  Dice& dice = door.dice;
  static const Texts kChanging = {"plans", "livestock", "income", "housing"};
  const std::string& name = dice.Pick(kChanging);
  const auto section = std::find_if(door.family.sections.begin(), door.family.sections.end(),
                                    [&](const SectionRow& s) { return s.name == name; });
  if (section == door.family.sections.end()) return;
  std::string after = Revised(name, section->doc, words_, dice);
  if (after == section->doc) return;
  HouseholdRow& household = door.family.household;
  ++household.revision;
  household.updated_at = visit.received_at;
  const auto officer = std::find_if(ground_.people.begin(), ground_.people.end(), [&](const Person& p) {
    return p.officer.id == visit.officer;
  });
  door.batch.section_versions.push_back({household.id, household.revision, name, section->doc, after,
                                         visit.received_at, visit.officer, visit.unit, visit.id});
  LogAct(door.batch, dice, visit.received_at + 1, ByOfficer(visit.officer, visit.unit), "household.section_updated",
         "household", household.id,
         {{"section", name}, {"visit_id", FormatId(ground_.county, visit.id)}, {"revision", household.revision}},
         household.id);
  section->doc = std::move(after);
  section->updated_at = visit.received_at;
  section->updated_by = officer->officer.name;
  section->visit = visit.id;
}

// Children younger than the register came into it by a birth.
void Visiting::Births(Door& door) const {
  HouseholdRow& household = door.family.household;
  for (const ResidentRow& person : door.family.residents) {
    const Instant born = StartOfDay(person.birth_date, Zone{});
    if (born < household.created_at || person.created_at > now_) continue;
    ++household.revision;
    household.updated_at = person.created_at;
    const auto helper = door.home.HelperOn(LocalDate(person.created_at, Zone{}));
    LifeEventRow event;
    event.id = door.dice.NewId(person.created_at);
    event.household = household.id;
    event.kind = "birth";
    event.on_day = person.birth_date;
    event.resident = person.id;
    event.resident_name = person.name;
    event.revision = household.revision;
    event.recorded_at = person.created_at;
    if (helper) event.officer_name = ground_.people[*helper].officer.name;
    LogAct(door.batch, door.dice, person.created_at,
           helper ? ByOfficer(ground_.people[*helper].officer.id, ground_.people[*helper].officer.unit_id) : Doer{},
           "household.life_event", "household", household.id,
           {{"life_event_id", FormatId(ground_.county, event.id)},
            {"resident_id", FormatId(ground_.county, person.id)},
            {"resident_name", person.name}, {"revision", household.revision}},
           household.id);
    door.batch.life_events.push_back(std::move(event));
  }
}

}  // namespace huiyin::demo
