// SPDX-License-Identifier: EUPL-1.2
// Births, deaths, marriages, moves, splits and new heads: acts with a date, never edits.
// Whoever leaves goes out of lists and search and stays in the history; a household always
// has a head among the living, or it ends.
#include "core/problem.h"
#include "modules/households/actions.h"
#include "modules/households/family.h"
#include "modules/org/org.h"
#include "platform/sessions.h"

namespace huiyin::households {
namespace {

constexpr std::string_view kKinds[] = {"birth", "death", "marriage_in", "move_in", "move_out", "split", "new_head"};
constexpr size_t kVillageDigits = 12;

// One act being done: the household, who lives in it, and what is going to be told of it.
struct Act {
  Context& ctx;
  Fields& input;
  Household home;
  std::vector<Resident> living;
  LifeEvent event;
  std::string to_address;
  std::map<Uuid, std::string> relations;  // as sent, to the head there will be

  Resident* Find(const ResidentId& id) {
    for (Resident& resident : living) {
      if (resident.id == id) return &resident;
    }
    return nullptr;
  }
  std::string RelationOf(const ResidentId& id, std::string_view otherwise) const {
    const auto sent = relations.find(id);
    return sent != relations.end() ? sent->second : std::string(otherwise);
  }
};

std::vector<Resident> LivingOf(Context& ctx, const HouseholdId& household) {
  auto people = Residents(ctx.tx, ctx.county, household);
  std::erase_if(people, [](const Resident& r) { return r.state != "living"; });
  return people;
}

void Touched(Context& ctx, Resident& resident) {
  ++resident.revision;
  SaveResident(ctx.tx, ctx.county, resident);
}

void Leave(Act& act, Resident& resident, std::string_view state) {
  resident.state = state;
  resident.left_on = act.event.date;
  DropNameTerms(act.ctx.tx, act.ctx.county, resident.id, act.home.area_code, resident.name);
  Touched(act.ctx, resident);
}

// Nobody lives there any more.
void Close(Context& ctx, Household& home, Date on, std::string_view why) {
  home.state = why;
  home.head_id.reset();
  home.people = 0;
  DropAddressTerms(ctx.tx, ctx.county, home.id, home.area_code, home.address);
  org::AddHouseholds(ctx.tx, ctx.county, home.area_code, -1);
  CloseSessionsOf(ctx.tx, ctx.county, home.id);
  TellEnded(ctx, home.id, on, why);
}

void TakeHead(Household& home, const Resident& head) {
  home.head_id = head.id;
  home.head_name = head.name;
}

// The new head, and everybody's relation to them, as told or as it follows.
void SetHead(Act& act, Household& home, std::vector<Resident>& living, const ResidentId& new_head) {
  const auto found = std::find_if(living.begin(), living.end(), [&](const Resident& r) { return r.id == new_head; });
  const std::string head_was = found->relation;
  for (Resident& resident : living) {
    std::string relation;
    if (resident.id == new_head) relation = "head";
    else if (resident.relation == "head") relation = act.RelationOf(resident.id, OldHeadAfter(head_was));
    else relation = act.RelationOf(resident.id, RelationAfter(head_was, resident.relation));
    if (relation == resident.relation) continue;
    resident.relation = relation;
    Touched(act.ctx, resident);
  }
  TakeHead(home, *found);
}

// The head is not among `living` any more: who follows was sent, or nobody is left.
void Succeed(Act& act, Household& home, std::vector<Resident>& living) {
  if (!act.event.new_head_id) Conflict("life_events.head_needed");
  const bool is_one = std::any_of(living.begin(), living.end(),
                                  [&](const Resident& r) { return r.id == *act.event.new_head_id; });
  if (!is_one) Invalid("new_head_id", "not_a_member");
  SetHead(act, home, living, *act.event.new_head_id);
}

Resident& RequireMember(Act& act, std::string_view field) {
  const auto id = act.input.Ref<ResidentId>(field);
  if (!id) {
    if (!act.input.Has(field)) act.input.Refuse(field, "required");
    act.input.Done();
  }
  Resident* member = act.Find(*id);
  if (member == nullptr) Invalid(std::string(field), "not_a_member");
  return *member;
}

void RequireBornBefore(const Act& act, const Resident& resident) {
  if (resident.birth_date && *resident.birth_date > act.event.date) Invalid("date", "before_birth");
}

void Name(Act& act, const Resident& resident) {
  act.event.resident_id = resident.id;
  act.event.resident_name = resident.name;
}

void Add(Act& act, Resident resident) {
  InsertResident(act.ctx.tx, act.ctx.county, resident, std::nullopt, act.ctx.now);
  AddNameTerms(act.ctx.tx, act.ctx.county, resident.id, act.home.area_code, resident.name);
  ++act.home.people;
  Name(act, resident);
}

// A person not yet on any register.
void AddNew(Act& act, bool is_birth) {
  NewPerson person;
  act.input.Within("resident", [&](Fields& fields) {
    person = ReadPerson(act.ctx, fields);
    if (person.relation == "head") fields.Refuse("relation", "must_not_be_head");
    if (is_birth && !person.birth_date) person.birth_date = act.event.date;
    if (is_birth && *person.birth_date != act.event.date) fields.Refuse("birth_date", "not_the_date");
    if (!is_birth && person.birth_date && *person.birth_date > act.event.date) fields.Refuse("birth_date", "after_date");
  });
  act.input.Done();
  if (FindResident(act.ctx.tx, act.ctx.county, person.id)) Conflict("duplicate_id");
  act.input.Within("resident", [&](Fields& fields) { RequireNoDuplicate(act.ctx, person, act.home.id, fields); });
  Add(act, AsResident(act.ctx.services, act.home.id, person));
}

void Birth(Act& act) {
  if (!act.input.Has("resident")) Invalid("resident", "required");
  AddNew(act, true);
}

void Death(Act& act) {
  Resident& dead = RequireMember(act, "resident_id");
  RequireBornBefore(act, dead);
  Name(act, dead);
  const bool was_head = dead.relation == "head";
  if (act.event.new_head_id && !was_head) Invalid("new_head_id", "head_lives");
  Leave(act, dead, "dead");
  std::erase_if(act.living, [](const Resident& r) { return r.state == "dead"; });
  --act.home.people;
  if (act.living.empty()) {
    act.event.is_closing = true;
    act.event.new_head_id.reset();
    Close(act.ctx, act.home, act.event.date, "ended");
  } else if (was_head) {
    Succeed(act, act.home, act.living);
  }
}

// Takes the person out of the household they lived in until now.
void TakeFrom(Act& act, const Household& from, Resident& person) {
  Context& ctx = act.ctx;
  Household old = from;
  auto left = LivingOf(ctx, old.id);
  std::erase_if(left, [&](const Resident& r) { return r.id == person.id; });
  DropNameTerms(ctx.tx, ctx.county, person.id, old.area_code, person.name);
  --old.people;
  if (left.empty()) Close(ctx, old, act.event.date, "moved");
  else if (person.relation == "head") Succeed(act, old, left);
  SaveHousehold(ctx.tx, ctx.county, old, ctx.now);
  Changed(ctx, old, "household.life_event",
          {{"life_event_id", FormatId(ctx.county, act.event.id)},
           {"resident_id", FormatId(ctx.county, person.id)}, {"resident_name", person.name}});
}

void Come(Act& act) {
  const auto id = act.input.Ref<ResidentId>("resident_id");
  if (!id) {
    if (!act.input.Has("resident")) Invalid("resident", "required");
    return AddNew(act, false);
  }
  Context& ctx = act.ctx;
  auto person = FindResident(ctx.tx, ctx.county, *id);
  const auto from = person ? FindHousehold(ctx.tx, ctx.county, person->household_id) : std::nullopt;
  // Only who can be found in a list can be taken from there.
  if (!from || person->state == "dead" ||
      May(ctx.actor, Action::kHouseholdsList, {.area = from->area_code}) != Decision::kAllowed) {
    Invalid("resident_id", "unknown_reference");
  }
  RequireBornBefore(act, *person);
  if (person->state == "living") {
    if (from->id == act.home.id) Conflict("life_events.already_member");
    TakeFrom(act, *from, *person);
    act.event.from_household_id = from->id;
  } else if (from->id != act.home.id) {
    act.event.from_household_id = from->id;
  }
  person->household_id = act.home.id;
  person->state = "living";
  person->left_on.reset();
  person->relation = act.RelationOf(person->id, "other");
  if (person->relation == "head") Invalid("relations", "must_not_be_head");
  Touched(ctx, *person);
  AddNameTerms(ctx.tx, ctx.county, person->id, act.home.area_code, person->name);
  ++act.home.people;
  Name(act, *person);
}

// Who goes, as sent: `resident_id`, `members`, or both.
std::vector<ResidentId> ReadLeavers(Act& act) {
  std::vector<ResidentId> leavers;
  for (const Uuid& id : act.input.References("members", 100)) leavers.emplace_back(id);
  if (const auto id = act.input.Ref<ResidentId>("resident_id")) leavers.push_back(*id);
  act.input.Done();
  std::sort(leavers.begin(), leavers.end());
  leavers.erase(std::unique(leavers.begin(), leavers.end()), leavers.end());
  if (leavers.empty()) Invalid("members", "required");
  for (const ResidentId& id : leavers) {
    const Resident* member = act.Find(id);
    if (member == nullptr) Invalid("members", "not_a_member");
    RequireBornBefore(act, *member);
  }
  return leavers;
}

// The area moved to: known here, or in another county.
bool IsInCounty(const Act& act) { return act.event.to_area_code.starts_with(FormatCounty(act.ctx.county)); }

void ReadTarget(Act& act) {
  if (act.event.to_area_code.empty()) return;
  if (org::LevelOf(act.event.to_area_code).empty() ||
      (IsInCounty(act) && !org::FindArea(act.ctx.tx, act.ctx.county, act.event.to_area_code))) {
    Invalid("to_area_code", "unknown_area");
  }
}

// Everybody moves within the county: the record goes with them.
void Relocate(Act& act) {
  Context& ctx = act.ctx;
  if (act.event.to_area_code.size() < kVillageDigits) Invalid("to_area_code", "village_needed");
  const json::object before = SectionDoc(ctx.tx, ctx.county, act.home, "residence");
  DropAddressTerms(ctx.tx, ctx.county, act.home.id, act.home.area_code, act.home.address);
  for (const Resident& r : act.living) {
    DropNameTerms(ctx.tx, ctx.county, r.id, act.home.area_code, r.name);
    AddNameTerms(ctx.tx, ctx.county, r.id, act.event.to_area_code, r.name);
  }
  org::AddHouseholds(ctx.tx, ctx.county, act.home.area_code, -1);
  org::AddHouseholds(ctx.tx, ctx.county, act.event.to_area_code, 1);
  TellMoved(ctx, act.home.id, act.home.area_code, act.event.to_area_code);
  act.home.area_code = act.event.to_area_code;
  act.home.address = act.to_address;
  AddAddressTerms(ctx.tx, ctx.county, act.home.id, act.home.area_code, act.home.address);
  const json::object after = SectionDoc(ctx.tx, ctx.county, act.home, "residence");
  if (before == after) return;
  AddVersion(ctx.tx, ctx.actor, ctx.county, act.home.id,
             {.revision = act.home.revision + 1, .name = "residence", .old_doc = json::serialize(before),
              .new_doc = json::serialize(after), .at = ctx.now, .visit = act.event.visit_id});
}

void MoveOut(Act& act) {
  const auto leavers = ReadLeavers(act);
  ReadTarget(act);
  act.event.members = leavers;
  if (leavers.size() == 1) Name(act, *act.Find(leavers[0]));
  if (leavers.size() == act.living.size() && IsInCounty(act)) {
    if (act.event.new_head_id) Invalid("new_head_id", "not_needed");
    return Relocate(act);
  }
  bool head_goes = false;
  for (const ResidentId& id : leavers) {
    Resident& member = *act.Find(id);
    head_goes |= member.relation == "head";
    Leave(act, member, "moved");
    --act.home.people;
  }
  std::erase_if(act.living, [](const Resident& r) { return r.state != "living"; });
  if (act.living.empty()) {
    act.event.is_closing = true;
    Close(act.ctx, act.home, act.event.date, "moved");
  } else if (head_goes) {
    Succeed(act, act.home, act.living);
  } else if (act.event.new_head_id) {
    Invalid("new_head_id", "head_stays");
  }
}

void Split(Act& act) {
  const auto leavers = ReadLeavers(act);
  ReadTarget(act);
  Context& ctx = act.ctx;
  if (!act.event.new_head_id) Conflict("life_events.head_needed");
  if (std::find(leavers.begin(), leavers.end(), *act.event.new_head_id) == leavers.end()) {
    Invalid("new_head_id", "not_a_member");
  }
  for (const ResidentId& id : leavers) {
    // Another head first, or the others leave: a household does not lose its head on the way.
    if (act.Find(id)->relation == "head") Invalid("members", "head_stays");
  }
  Household fresh;
  fresh.id = ctx.NewId<HouseholdId>();
  fresh.area_code = act.event.to_area_code.empty() ? act.home.area_code : act.event.to_area_code;
  if (!fresh.area_code.starts_with(FormatCounty(ctx.county)) || fresh.area_code.size() < kVillageDigits) {
    Invalid("to_area_code", "village_needed");
  }
  const bool is_same_place = fresh.area_code == act.home.area_code;
  fresh.address = !act.to_address.empty() || !is_same_place ? act.to_address : act.home.address;
  fresh.register_number = NextRegisterNumber(ctx.tx, ctx.county, fresh.area_code);
  fresh.state = "living";
  fresh.people = static_cast<int64_t>(leavers.size());
  InsertHousehold(ctx.tx, ctx.county, fresh, ctx.now);
  AddAddressTerms(ctx.tx, ctx.county, fresh.id, fresh.area_code, fresh.address);
  org::AddHouseholds(ctx.tx, ctx.county, fresh.area_code, 1);

  std::vector<Resident> members;
  for (const ResidentId& id : leavers) {
    Resident& member = *act.Find(id);
    member.household_id = fresh.id;
    Touched(ctx, member);
    if (!is_same_place) {
      DropNameTerms(ctx.tx, ctx.county, id, act.home.area_code, member.name);
      AddNameTerms(ctx.tx, ctx.county, id, fresh.area_code, member.name);
    }
    members.push_back(member);
  }
  SetHead(act, fresh, members, *act.event.new_head_id);
  SaveHousehold(ctx.tx, ctx.county, fresh, ctx.now);
  act.home.people -= fresh.people;
  act.event.members = leavers;
  act.event.new_household_id = fresh.id;
  ctx.Record("household.household_created", "household", fresh.id,
             {{"revision", 1}, {"life_event_id", FormatId(ctx.county, act.event.id)}}, fresh.id);
}

void NewHead(Act& act) {
  if (!act.event.new_head_id) Invalid("new_head_id", "required");
  const Resident* head = act.Find(*act.event.new_head_id);
  if (head == nullptr) Invalid("new_head_id", "not_a_member");
  if (act.home.head_id == act.event.new_head_id) Conflict("life_events.already_head");
  Name(act, *head);
  SetHead(act, act.home, act.living, *act.event.new_head_id);
}

void Do(Act& act) {
  const std::string_view kind = act.event.kind;
  if (kind == "birth") Birth(act);
  else if (kind == "death") Death(act);
  else if (kind == "marriage_in" || kind == "move_in") Come(act);
  else if (kind == "move_out") MoveOut(act);
  else if (kind == "split") Split(act);
  else NewHead(act);
}

void ReadAct(Act& act) {
  Fields& input = act.input;
  LifeEvent& e = act.event;
  e.kind = input.NeedOneOf("kind", kKinds);
  e.date = input.NeedDay("date");
  if (e.date > act.ctx.Today()) input.Refuse("date", "in_future");
  e.new_head_id = input.Ref<ResidentId>("new_head_id");
  e.to_area_code = input.Text("to_area_code", 20).value_or("");
  act.to_address = input.Text("to_address", 200).value_or("");
  e.note = input.Text("note", 2000).value_or("");
  e.visit_id = input.Ref<VisitId>("visit_id");
  input.Each("relations", 100, [&act](Fields& item) {
    const auto id = item.NeedRef<ResidentId>("resident_id");
    act.relations[id] = item.NeedOneOf("relation", kRelations);
  });
  input.Done();
}

}  // namespace

LifeEvent RecordLifeEvent(Context& ctx, const HouseholdId& id) {
  Household home = RequireEditEvenClosed(ctx, id);
  Fields input = ctx.Input();
  Act act{ctx, input, std::move(home), {}, {}, "", {}};
  const auto sent_id = input.Reference("id");
  act.event.id = sent_id.value_or(NewUuid(ctx.now, ctx.random()));
  act.event.household_id = id;
  ReadAct(act);
  const Sha256Hash content = BodyHash(ctx);
  if (sent_id) {
    if (auto known = FindLifeEvent(ctx.tx, ctx.county, *sent_id)) {
      if (known->household_id != id || known->content_hash != AsView(content)) Conflict("duplicate_id");
      return std::move(*known);
    }
  }
  if (act.home.state != "living") Conflict("households.closed");
  RequireFreshIfSaid(ctx, act.home);
  RequireVisit(ctx, id, act.event.visit_id);
  act.living = LivingOf(ctx, id);
  Do(act);

  SaveHousehold(ctx.tx, ctx.county, act.home, ctx.now);
  json::object data{{"life_event_id", FormatId(ctx.county, act.event.id)}};
  if (act.event.resident_id) {
    data["resident_id"] = FormatId(ctx.county, *act.event.resident_id);
    data["resident_name"] = act.event.resident_name;
  }
  if (act.event.visit_id) data["visit_id"] = FormatId(ctx.county, *act.event.visit_id);
  Changed(ctx, act.home, "household.life_event", std::move(data));
  act.event.revision = act.home.revision;
  act.event.recorded_at = ctx.now;
  act.event.officer_name = ctx.actor.name;
  act.event.content_hash = std::string(AsView(content));
  InsertLifeEvent(ctx.tx, ctx.county, act.event);
  return std::move(act.event);
}

}  // namespace huiyin::households
