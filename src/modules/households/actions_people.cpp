// SPDX-License-Identifier: EUPL-1.2
// People: added after a look at who they may already be, corrected, never deleted.
#include "core/problem.h"
#include "core/text.h"
#include "modules/households/actions.h"
#include "modules/households/family.h"
#include "modules/households/found_by.h"
#include "modules/households/meanwhile.h"
#include "modules/org/org.h"

namespace huiyin::households {
namespace {

constexpr std::string_view kSexes[] = {"male", "female", "unstated"};
constexpr std::string_view kCare[] = {"orphan", "disabled", "left_behind_child", "living_alone", "needs_nursing"};
constexpr std::string_view kPersonFields[] = {
    "id", "name", "sex", "birth_date", "relation", "phone", "languages", "id_number", "care", "away_place", "note",
    "confirm_duplicate", "visit_id"};
// From here on a person is likely the same: name and birthday, name and household.
constexpr double kLikely = 0.65;
constexpr size_t kMostMatches = 10;
constexpr int kMostNamesakes = 200;

bool IsPhone(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || std::string_view("+() ,;#*-").find(c) != std::string_view::npos;
  });
}

// "zh", "bo", "zh-Hans-CN": enough of BCP 47 to keep out anything that is not a tag.
bool IsLanguage(std::string_view tag) {
  size_t part = 0;
  bool first = true;
  for (size_t i = 0; i <= tag.size(); ++i) {
    if (i < tag.size() && tag[i] != '-') {
      const char c = tag[i];
      const bool lower = c >= 'a' && c <= 'z';
      const bool other = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!lower && (first || !other)) return false;
      ++part;
      continue;
    }
    if (part < 2 || part > (first ? 3u : 8u)) return false;
    first = false;
    part = 0;
  }
  return true;
}

std::string ReadIdNumber(Fields& fields) {
  const auto number = NormalIdNumber(fields.Text("id_number", 32).value_or(""));
  if (!number) fields.Refuse("id_number", "not_an_id_number");
  return number.value_or("");
}

std::string ReadPhone(Fields& fields) {
  std::string phone = fields.Text("phone", 40).value_or("");
  if (!IsPhone(phone)) fields.Refuse("phone", "not_a_phone");
  return phone;
}

std::vector<std::string> ReadLanguages(Fields& fields) {
  auto languages = fields.Texts("languages", 20, 35);
  for (const std::string& language : languages) {
    if (!IsLanguage(language)) fields.Refuse("languages", "not_a_language");
  }
  return languages;
}

std::vector<std::string> ReadCare(Fields& fields) {
  auto care = fields.Texts("care", 10, 40);
  for (const std::string& one : care) {
    if (std::find(std::begin(kCare), std::end(kCare), one) == std::end(kCare)) fields.Refuse("care", "unknown_value");
  }
  return care;
}

std::optional<Date> ReadBirthDate(Context& ctx, Fields& fields) {
  const auto born = fields.Day("birth_date");
  if (born && *born > ctx.Today()) fields.Refuse("birth_date", "in_future");
  return born;
}

void RefuseProtectedFields(Context& ctx, Fields& fields) {
  for (const auto& member : fields.object()) {
    const std::string_view name = member.key();
    if (std::find(std::begin(kPersonFields), std::end(kPersonFields), name) != std::end(kPersonFields)) continue;
    RequireUnprotected(ctx, name, {name});
  }
}

std::string LanguagesJson(const std::vector<std::string>& languages) {
  return json::serialize(json::array(languages.begin(), languages.end()));
}

void SetCare(Resident& r, const std::vector<std::string>& care) {
  const auto has = [&care](std::string_view one) { return std::find(care.begin(), care.end(), one) != care.end(); };
  r.is_orphan = has("orphan");
  r.is_disabled = has("disabled");
  r.is_left_behind = has("left_behind_child");
  r.is_alone = has("living_alone");
  r.needs_nursing = has("needs_nursing");
}

json::array CareOf(const Resident& r) {
  json::array care;
  if (r.is_orphan) care.emplace_back("orphan");
  if (r.is_disabled) care.emplace_back("disabled");
  if (r.is_left_behind) care.emplace_back("left_behind_child");
  if (r.is_alone) care.emplace_back("living_alone");
  if (r.needs_nursing) care.emplace_back("needs_nursing");
  return care;
}

void SetIdNumber(const Services& services, Resident& r, std::string_view number) {
  r.id_number_sealed = number.empty() ? "" : Seal(number, services.field_key, services.random);
  r.id_number_hash = number.empty() ? "" : KeyedHash(number, services.field_key);
}

bool IsWithinReach(Context& ctx, std::string_view area) {
  return May(ctx.actor, Action::kHouseholdsList, {.area = area}) == Decision::kAllowed;
}

// What is written of a person, for telling two versions apart. Numbers stay out of it.
json::object Told(const Resident& r) {
  json::object told{{"name", r.name}, {"sex", r.sex}, {"relation", r.relation}};
  if (r.birth_date) told["birth_date"] = FormatDate(*r.birth_date);
  if (!r.phone.empty()) told["phone"] = r.phone;
  told["languages"] = json::parse(r.languages);
  if (!r.id_number_hash.empty()) told["id_number"] = "***" + Hex(r.id_number_hash.substr(0, 2));
  told["care"] = CareOf(r);
  if (!r.away_place.empty()) told["away_place"] = r.away_place;
  if (!r.note.empty()) told["note"] = r.note;
  return told;
}

void PatchResident(Context& ctx, Fields& fields, Resident& r) {
  const auto sent = [&fields](std::string_view name) { return fields.object().contains(name); };
  if (sent("name")) r.name = fields.NeedText("name", 100);
  if (sent("sex")) r.sex = fields.NeedOneOf("sex", kSexes);
  if (sent("birth_date")) r.birth_date = ReadBirthDate(ctx, fields);
  if (sent("relation")) {
    const std::string relation = fields.NeedOneOf("relation", kRelations);
    // Who is head changes by a life event, which asks for everybody's new relation.
    if ((relation == "head") != (r.relation == "head")) fields.Refuse("relation", "by_life_event");
    r.relation = relation;
  }
  if (sent("phone")) r.phone = ReadPhone(fields);
  if (sent("languages")) r.languages = LanguagesJson(ReadLanguages(fields));
  if (sent("id_number")) SetIdNumber(ctx.services, r, ReadIdNumber(fields));
  if (sent("care")) SetCare(r, ReadCare(fields));
  if (sent("away_place")) r.away_place = fields.Text("away_place", 200).value_or("");
  if (sent("note")) r.note = fields.Text("note", 2000).value_or("");
}

Problem StaleResident(Context& ctx, const Resident& resident, int64_t seen) {
  const std::string id = FormatId(ctx.county, resident.id);
  Names names(ctx);
  json::array changes;
  for (const EventRow& event : Events(ctx.tx, ctx.county, resident.household_id, std::nullopt, 200)) {
    if (event.act != "household.resident_updated") continue;
    const json::value data = json::parse(event.data);
    if (data.at("resident_id").as_string() != id || data.at("resident_revision").to_number<int64_t>() <= seen) continue;
    for (const json::value& change : data.at("changes").as_array()) {
      json::object told{{"field", change.at("field")}};
      if (const json::value* after = change.as_object().if_contains("after")) told["value"] = *after;
      if (event.officer && event.actor_kind == "officer") told["by"] = names.Officer(*event.officer);
      told["at"] = FormatInstant(event.at);
      changes.push_back(std::move(told));
    }
  }
  Problem stale(412, "stale");
  stale.extra["changes"] = std::move(changes);
  stale.extra["revision"] = resident.revision;
  return stale;
}

}  // namespace

NewPerson ReadPerson(Context& ctx, Fields& fields) {
  RefuseProtectedFields(ctx, fields);
  NewPerson person;
  person.id = fields.Ref<ResidentId>("id").value_or(ctx.NewId<ResidentId>());
  person.name = fields.NeedText("name", 100);
  person.sex = fields.NeedOneOf("sex", kSexes);
  person.birth_date = ReadBirthDate(ctx, fields);
  person.relation = fields.NeedOneOf("relation", kRelations);
  person.phone = ReadPhone(fields);
  person.languages = ReadLanguages(fields);
  person.id_number = ReadIdNumber(fields);
  person.away_place = fields.Text("away_place", 200).value_or("");
  person.care = ReadCare(fields);
  person.note = fields.Text("note", 2000).value_or("");
  return person;
}

Resident AsResident(const Services& services, const HouseholdId& household, const NewPerson& person) {
  Resident r;
  r.id = person.id;
  r.household_id = household;
  r.name = person.name;
  r.sex = person.sex;
  r.birth_date = person.birth_date;
  r.relation = person.relation;
  r.phone = person.phone;
  r.languages = LanguagesJson(person.languages);
  SetIdNumber(services, r, person.id_number);
  r.away_place = person.away_place;
  SetCare(r, person.care);
  r.note = person.note;
  return r;
}

namespace {

void WriteHousehold(db::Tx& tx, const Services& services, County county, const NewHousehold& n, Instant now) {
  Household household{n.id, n.register_number, n.area_code, n.address, std::nullopt, "", n.phone,
                      static_cast<int64_t>(n.people.size()), "living", 1, std::nullopt};
  if (!n.people.empty()) {
    household.head_id = n.people.front().id;
    household.head_name = n.people.front().name;
  }
  InsertHousehold(tx, county, household, now);
  for (const NewPerson& person : n.people) InsertResident(tx, county, AsResident(services, n.id, person), std::nullopt, now);
  for (const auto& [name, doc] : n.sections) SaveSection(tx, county, n.id, name, doc, now, "", std::nullopt);
  if (n.consents.empty()) return;
  for (const org::SectionPurpose& purpose : org::Settings(tx, county).purposes) {
    if (std::find(n.consents.begin(), n.consents.end(), purpose.section) == n.consents.end()) continue;
    SaveConsent(tx, county, n.id, {purpose.section, purpose.purpose_zh, purpose.purpose_en, "written",
                                   household.head_name, now, {}});
  }
}

}  // namespace

void AddHousehold(db::Tx& tx, const Services& services, County county, const NewHousehold& n, Instant now) {
  WriteHousehold(tx, services, county, n, now);
  AddAddressTerms(tx, county, n.id, n.area_code, n.address);
  for (const NewPerson& person : n.people) AddNameTerms(tx, county, person.id, n.area_code, person.name);
}

void AddHousehold(db::Tx& tx, const Services& services, County county, const NewHousehold& n, Instant now,
                  FoundBy& found_by) {
  WriteHousehold(tx, services, county, n, now);
  found_by.Hold(n);
}

void AddResident(db::Tx& tx, const Services& services, County county, const Household& household,
                 const NewPerson& person, Instant now) {
  InsertResident(tx, county, AsResident(services, household.id, person), std::nullopt, now);
  AddNameTerms(tx, county, person.id, household.area_code, person.name);
  Household more = household;
  ++more.people;
  SaveHousehold(tx, county, more, now);
}

std::vector<Match> FindMatches(Context& ctx, const NewPerson& person, const std::optional<HouseholdId>& household,
                               bool also_weak) {
  std::map<Uuid, Match> found;
  const auto consider = [&](const std::vector<PersonLine>& lines, bool by_number) {
    for (const PersonLine& line : lines) {
      if (line.id == person.id) continue;
      Match match{line, {}, 0};
      const auto agree = [&match](std::string_view what, double weight) {
        match.why.push_back(what);
        match.score += weight;
      };
      if (by_number) agree("id_number", 1);
      if (line.name == person.name) agree("name", 0.4);
      if (person.birth_date && line.birth_date == person.birth_date) agree("birth_date", 0.35);
      if (!person.phone.empty() && line.phone == person.phone) agree("phone", 0.2);
      if (household && line.household_id == *household) agree("same_household", 0.3);
      match.score = std::min(match.score, 1.0);
      found.try_emplace(line.id, std::move(match));
    }
  };
  if (!person.id_number.empty()) {
    consider(PeopleByIdNumber(ctx.tx, ctx.county, KeyedHash(person.id_number, ctx.services.field_key)), true);
  }
  if (household) {
    auto members = PeopleOf(ctx.tx, ctx.county, *household);
    std::erase_if(members, [&](const PersonLine& line) { return line.name != person.name; });
    consider(members, false);
  }
  if (person.birth_date) {
    consider(Namesakes(ctx.tx, ctx.county, person.name, person.birth_date, kMostNamesakes), false);
  }
  if (also_weak) consider(Namesakes(ctx.tx, ctx.county, person.name, std::nullopt, kMostNamesakes), false);

  std::vector<Match> matches;
  for (auto& [id, match] : found) {
    if (!IsWithinReach(ctx, match.person.area_code)) continue;
    if (also_weak || match.score > kLikely) matches.push_back(std::move(match));
  }
  std::sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) {
    return a.score != b.score ? a.score > b.score : a.person.id < b.person.id;
  });
  if (matches.size() > kMostMatches) matches.resize(kMostMatches);
  return matches;
}

void WriteMatch(Context& ctx, JsonWriter& w, const Match& match) {
  w.BeginObject();
  WritePersonFields(w, match.person, org::PlaceName(ctx.tx, ctx.county, match.person.area_code));
  w.Key("why").BeginArray();
  for (std::string_view why : match.why) w.Value(why);
  w.EndArray().Field("score", match.score).EndObject();
}

void RequireNoDuplicate(Context& ctx, const NewPerson& person, const std::optional<HouseholdId>& household,
                        Fields& fields) {
  if (fields.Bool("confirm_duplicate").value_or(false)) return;
  const auto matches = FindMatches(ctx, person, household, false);
  // A number that is known where the actor may not look still speaks of a double.
  const bool is_elsewhere =
      matches.empty() && !person.id_number.empty() &&
      !PeopleByIdNumber(ctx.tx, ctx.county, KeyedHash(person.id_number, ctx.services.field_key)).empty();
  if (matches.empty() && !is_elsewhere) return;
  JsonWriter w = ctx.Writer();
  w.BeginArray();
  for (const Match& match : matches) WriteMatch(ctx, w, match);
  w.EndArray();
  Problem doubled(409, "residents.possible_duplicate");
  doubled.extra["duplicates"] = json::parse(w.Take());
  throw doubled;
}

http::Response ListDuplicates(Context& ctx) {
  NewPerson person;
  const auto name = ctx.Query("name", 100);
  if (!name) Invalid("name", "required");
  person.name = *name;
  person.birth_date = ctx.QueryDay("birth_date");
  std::optional<HouseholdId> household;
  if (const auto id = ctx.QueryId("household_id")) household = RequireVisible(ctx, HouseholdId(*id)).id;
  ctx.NoteRead({.act = "resident.search", .resource = "resident"});
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const Match& match : FindMatches(ctx, person, household, true)) WriteMatch(ctx, w, match);
  w.EndArray().Key("next_cursor").Null().EndObject();
  return JsonReply(200, w);
}

Household CreateHousehold(Context& ctx) {
  Fields input = ctx.Input();
  NewHousehold n;
  const auto sent_id = input.Ref<HouseholdId>("id");
  n.id = sent_id.value_or(ctx.NewId<HouseholdId>());
  n.area_code = input.NeedText("area_code", 20);
  n.address = input.Text("address", 200).value_or("");
  n.register_number = input.Text("register_number", 40).value_or("");
  const bool is_number = std::all_of(n.register_number.begin(), n.register_number.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
  });
  if (!is_number) input.Refuse("register_number", "not_a_number");
  if (!n.area_code.empty() && (n.area_code.size() < 12 || !org::FindArea(ctx.tx, ctx.county, n.area_code) ||
                               May(ctx.actor, Action::kHouseholdsCreate, {.area = n.area_code}) != Decision::kAllowed)) {
    input.Refuse("area_code", "unknown_area");
  }
  if (!input.Has("head")) input.Refuse("head", "required");
  const auto read = [&](Fields& fields, bool is_head) {
    n.people.push_back(ReadPerson(ctx, fields));
    if ((n.people.back().relation == "head") != is_head) fields.Refuse("relation", is_head ? "must_be_head" : "must_not_be_head");
  };
  input.Within("head", [&](Fields& fields) { read(fields, true); });
  input.Each("residents", 100, [&](Fields& fields) { read(fields, false); });
  input.Done();

  const Sha256Hash content = BodyHash(ctx);
  if (sent_id) {
    if (auto known = FindHousehold(ctx.tx, ctx.county, *sent_id)) {
      if (HouseholdContent(ctx.tx, ctx.county, *sent_id) != content) Conflict("duplicate_id");
      return std::move(*known);
    }
  }
  for (const NewPerson& person : n.people) {
    if (FindResident(ctx.tx, ctx.county, person.id)) Conflict("duplicate_id");
  }
  size_t i = 0;
  const auto check = [&](Fields& fields) { RequireNoDuplicate(ctx, n.people[i++], std::nullopt, fields); };
  input.Within("head", check);
  input.Each("residents", 100, check);

  if (n.register_number.empty()) n.register_number = NextRegisterNumber(ctx.tx, ctx.county, n.area_code);
  else if (FindHouseholdByNumber(ctx.tx, ctx.county, n.register_number)) Conflict("households.number_taken");
  AddHousehold(ctx.tx, ctx.services, ctx.county, n, ctx.now);
  SetHouseholdContent(ctx.tx, ctx.county, n.id, content);
  org::AddHouseholds(ctx.tx, ctx.county, n.area_code, 1);
  ctx.Record("household.household_created", "household", n.id, {{"revision", 1}}, n.id);
  return *FindHousehold(ctx.tx, ctx.county, n.id);
}

ResidentChanged CreateResident(Context& ctx, const HouseholdId& id) {
  Household household = RequireEdit(ctx, id);
  Fields input = ctx.Input();
  const NewPerson person = ReadPerson(ctx, input);
  if (person.relation == "head") input.Refuse("relation", "by_life_event");
  const auto visit = input.Ref<VisitId>("visit_id");
  input.Done();
  RequireVisit(ctx, id, visit);
  const Sha256Hash content = BodyHash(ctx);
  if (auto known = FindResident(ctx.tx, ctx.county, person.id)) {
    if (known->household_id != id || ResidentContent(ctx.tx, ctx.county, person.id) != content) Conflict("duplicate_id");
    return {std::move(*known), household.revision};
  }
  RequireNoDuplicate(ctx, person, id, input);

  Resident resident = AsResident(ctx.services, id, person);
  InsertResident(ctx.tx, ctx.county, resident, content, ctx.now);
  AddNameTerms(ctx.tx, ctx.county, resident.id, household.area_code, resident.name);
  ++household.people;
  SaveHousehold(ctx.tx, ctx.county, household, ctx.now);
  json::object data{{"resident_id", FormatId(ctx.county, resident.id)}, {"resident_name", resident.name}};
  if (visit) data["visit_id"] = FormatId(ctx.county, *visit);
  Changed(ctx, household, "household.resident_added", std::move(data));
  return {std::move(resident), household.revision};
}

ResidentChanged UpdateResident(Context& ctx, const ResidentId& id) {
  auto found = FindResident(ctx.tx, ctx.county, id);
  if (!found) NotFound();
  Household household = RequireEdit(ctx, found->household_id);
  if (found->state != "living") Conflict("residents.gone");
  const int64_t seen = ctx.IfMatch();
  const json::object* base = ctx.body != nullptr ? BaseOf(*ctx.body) : nullptr;
  if (base == nullptr && seen != found->revision) throw StaleResident(ctx, *found, seen);
  Fields input = ctx.Input();
  RefuseProtectedFields(ctx, input);
  Resident resident = *found;
  PatchResident(ctx, input, resident);
  const auto visit = input.Ref<VisitId>("visit_id");
  input.Done();
  RequireVisit(ctx, household.id, visit);
  if (base != nullptr && seen != found->revision) {
    if (const auto clashes = Clashes(*ctx.body, *base, Told(*found), Told(resident)); !clashes.empty()) {
      Problem stale = StaleResident(ctx, *found, seen);
      TellClashes(stale, clashes);
      throw stale;
    }
  }

  KeepResident(ctx, household, *found, resident, visit);
  return {std::move(resident), household.revision};
}

void KeepResident(Context& ctx, Household& household, const Resident& before, Resident& resident,
                  const std::optional<VisitId>& visit) {
  const auto diffs = Differences(Told(before), Told(resident));
  if (diffs.empty()) return;
  ++resident.revision;
  SaveResident(ctx.tx, ctx.county, resident);
  const ResidentId& id = resident.id;
  if (resident.name != before.name) {
    DropNameTerms(ctx.tx, ctx.county, id, household.area_code, before.name);
    AddNameTerms(ctx.tx, ctx.county, id, household.area_code, resident.name);
    if (household.head_id == id) {
      household.head_name = resident.name;
      SaveHousehold(ctx.tx, ctx.county, household, ctx.now);
    }
  }
  json::object data{{"resident_id", FormatId(ctx.county, id)}, {"resident_name", resident.name},
                    {"resident_revision", resident.revision}, {"changes", DiffsAsJson(diffs)}};
  if (visit) data["visit_id"] = FormatId(ctx.county, *visit);
  Changed(ctx, household, "household.resident_updated", std::move(data));
}

}  // namespace huiyin::households
