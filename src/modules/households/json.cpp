// SPDX-License-Identifier: EUPL-1.2
#include "modules/households/json.h"

#include "core/crypto.h"
#include "core/text.h"

namespace huiyin::households {
namespace {

constexpr size_t kSectionCount = 10;
enum class ConsentState : char { kNotNeeded, kMissing, kGiven, kWithdrawn };

std::string_view StateName(ConsentState state) {
  switch (state) {
    case ConsentState::kNotNeeded: return "not_needed";
    case ConsentState::kMissing: return "missing";
    case ConsentState::kGiven: return "given";
    case ConsentState::kWithdrawn: return "withdrawn";
  }
  return "";
}

size_t IndexOf(std::string_view name) {
  const auto sections = Sections();
  for (size_t i = 0; i < sections.size(); ++i) {
    if (sections[i].name == name) return i;
  }
  return sections.size();
}

// The first digit and the last character: enough to check a document that is on the
// table, and nothing to rebuild the number from (the first four and the last four with a
// date of birth are all of it).
std::string MaskIdNumber(std::string_view number) {
  std::string masked(number.size(), '*');
  if (number.size() >= 4) {
    masked.front() = number.front();
    masked.back() = number.back();
  }
  return masked;
}

struct People {
  int64_t residents = 0, male = 0, female = 0, children = 0, elders = 0, working_age = 0, away = 0, left_behind = 0,
          orphans = 0, disabled = 0;

  void Count(const Resident& r, Date today) {
    if (r.state != "living") return;
    ++residents;
    male += r.sex == "male";
    female += r.sex == "female";
    away += !r.away_place.empty();
    left_behind += r.is_left_behind;
    orphans += r.is_orphan;
    disabled += r.is_disabled;
    if (!r.birth_date) return;
    const Date born = *r.birth_date;
    int age = today.Year() - born.Year();
    if (std::pair(today.Month(), today.Day()) < std::pair(born.Month(), born.Day())) --age;
    children += age < 16;
    working_age += age >= 16 && age < 60;
    elders += age >= 60;
  }
};

// What is inside the braces of a stored document.
std::string_view Inside(std::string_view doc) { return doc.size() < 2 ? "" : doc.substr(1, doc.size() - 2); }

void WritePopulation(JsonWriter& w, const People& p, std::string_view doc) {
  w.Key("population").BeginObject();
  w.Field("residents", p.residents).Field("male", p.male).Field("female", p.female).Field("children", p.children)
      .Field("elders", p.elders).Field("working_age", p.working_age).Field("away", p.away)
      .Field("left_behind_children", p.left_behind).Field("orphans", p.orphans).Field("disabled", p.disabled);
  if (!Inside(doc).empty()) w.Raw(Inside(doc));
  w.EndObject();
}

void WriteResidence(JsonWriter& w, const Household& household, std::string_view doc) {
  w.Key("residence").BeginObject();
  if (!household.address.empty()) w.Field("address", household.address);
  if (!household.phone.empty()) w.Field("phone", household.phone);
  if (!Inside(doc).empty()) w.Raw(Inside(doc));
  w.EndObject();
}

}  // namespace

void WriteResident(JsonWriter& w, const Resident& r, const Sha256Hash& field_key, Opening opening,
                   std::optional<int64_t> household_revision) {
  w.BeginObject()
      .Field("id", static_cast<const Uuid&>(r.id))
      .Field("household_id", static_cast<const Uuid&>(r.household_id))
      .Field("name", r.name)
      .Field("sex", r.sex);
  w.OptField("birth_date", r.birth_date);
  w.Field("relation", r.relation);
  w.Field("state", r.state == "living" ? "present" : r.state == "dead" ? "dead" : "moved_out");
  w.OptField("until", r.left_on);
  if (opening == Opening::kFull) {
    if (!r.phone.empty()) w.Field("phone", r.phone);
    w.RawField("languages", r.languages);
    if (!r.id_number_sealed.empty()) {
      w.Field("id_number_masked", MaskIdNumber(Unseal(r.id_number_sealed, field_key).value_or("****")));
    }
    w.Key("care").BeginArray();
    if (r.is_orphan) w.Value("orphan");
    if (r.is_disabled) w.Value("disabled");
    if (r.is_left_behind) w.Value("left_behind_child");
    if (r.is_alone) w.Value("living_alone");
    if (r.needs_nursing) w.Value("needs_nursing");
    w.EndArray();
    if (!r.away_place.empty()) w.Field("away_place", r.away_place);
    if (!r.note.empty()) w.Field("note", r.note);
  }
  w.Field("revision", r.revision).OptField("household_revision", household_revision).EndObject();
}

void WriteSummary(JsonWriter& w, const Summary& s) {
  w.BeginObject()
      .Field("id", static_cast<const Uuid&>(s.id))
      .Field("register_number", s.register_number)
      .Field("head_name", s.head_name)
      .Field("area_code", s.area_code)
      .Field("area_name", s.area_name);
  if (!s.address.empty()) w.Field("address", s.address);
  w.Field("residents", s.people);
  w.OptField("last_visit_at", s.last_visit_at);
  if (s.next_due_at) w.Field("next_due_at", *s.next_due_at).Field("next_due_kind", s.next_due_kind);
  w.Field("open_matters", s.open_matters).Field("open_promises", s.open_promises);
  if (s.paired_officer_id) {
    w.Field("paired_officer_id", static_cast<const Uuid&>(*s.paired_officer_id))
        .Field("paired_officer_name", s.paired_officer_name);
  }
  w.EndObject();
}

void WritePersonFields(JsonWriter& w, const PersonLine& p, std::string_view place) {
  w.Field("id", static_cast<const Uuid&>(p.id)).Field("name", p.name).Field("sex", p.sex);
  if (p.birth_date) w.Field("birth_year", p.birth_date->Year());
  w.Field("relation", p.relation)
      .Field("household_id", static_cast<const Uuid&>(p.household_id))
      .Field("register_number", p.register_number)
      .Field("head_name", p.head_name)
      .Field("area_code", p.area_code)
      .Field("area_name", place);
  if (!p.address.empty()) w.Field("address", p.address);
}

void WriteConsent(JsonWriter& w, const ConsentRow& c) {
  w.BeginObject()
      .Field("section", c.section)
      .Field("state", c.withdrawn_at ? "withdrawn" : "given")
      .Field("purpose_zh", c.purpose_zh)
      .Field("purpose_en", c.purpose_en)
      .Field("how", c.how);
  if (!c.resident_name.empty()) w.Field("resident_name", c.resident_name);
  w.Field("given_at", c.given_at).OptField("withdrawn_at", c.withdrawn_at).EndObject();
}

void WriteLifeEventFields(JsonWriter& w, const LifeEvent& e) {
  const auto id = [&w](std::string_view name, const auto& value) {
    if (value) w.Field(name, static_cast<const Uuid&>(*value));
  };
  w.Field("id", e.id).Field("household_id", static_cast<const Uuid&>(e.household_id)).Field("kind", e.kind)
      .Field("date", e.date);
  id("resident_id", e.resident_id);
  if (!e.resident_name.empty()) w.Field("resident_name", e.resident_name);
  id("new_head_id", e.new_head_id);
  id("new_household_id", e.new_household_id);
  id("from_household_id", e.from_household_id);
  if (!e.members.empty()) {
    w.Key("members").BeginArray();
    for (const ResidentId& member : e.members) w.Value(static_cast<const Uuid&>(member));
    w.EndArray();
  }
  if (!e.to_area_code.empty()) w.Field("to_area_code", e.to_area_code);
  if (!e.note.empty()) w.Field("note", e.note);
  w.Field("recorded_at", e.recorded_at);
  if (!e.officer_name.empty()) w.Field("officer_name", e.officer_name);
  w.Field("household_closed", e.is_closing).Field("revision", e.revision);
}

void WriteCustomField(JsonWriter& w, const CustomField& f) {
  w.BeginObject()
      .Field("id", static_cast<const Uuid&>(f.id))
      .Field("section", f.section)
      .Field("name", f.name)
      .Field("label_zh", f.label_zh)
      .Field("label_en", f.label_en)
      .Field("type", f.type);
  if (f.type == "choice") w.RawField("choices", f.choices);
  w.EndObject();
}

void WriteDiffs(JsonWriter& w, const std::vector<FieldDiff>& diffs) {
  w.Value(json::value(DiffsAsJson(diffs)));
}

json::array DiffsAsJson(const std::vector<FieldDiff>& diffs) {
  json::array all;
  for (const FieldDiff& diff : diffs) {
    json::object one{{"field", diff.field}};
    if (!diff.before.is_null()) one["before"] = diff.before;
    if (!diff.after.is_null()) one["after"] = diff.after;
    all.push_back(std::move(one));
  }
  return all;
}

void WriteWhole(Context& ctx, const Household& household, JsonWriter& w) {
  const auto specs = Sections();
  const org::CountySettings& settings = org::KnownSettings(ctx.tx, ctx.county);
  std::array<ConsentState, kSectionCount> consent{};
  for (size_t i = 0; i < specs.size(); ++i) {
    consent[i] = NeedsConsent(settings, specs[i]) ? ConsentState::kMissing : ConsentState::kNotNeeded;
  }
  w.Key("consents").BeginArray();
  for (const ConsentRow& row : Consents(ctx.tx, ctx.county, household.id)) {
    const size_t i = IndexOf(row.section);
    if (i < kSectionCount) consent[i] = row.withdrawn_at ? ConsentState::kWithdrawn : ConsentState::kGiven;
    WriteConsent(w, row);
  }
  w.EndArray();

  People people;
  const Date today = ctx.Today();
  w.Key("residents").BeginArray();
  for (const Resident& resident : Residents(ctx.tx, ctx.county, household.id)) {
    people.Count(resident, today);
    WriteResident(w, resident, ctx.services.field_key, Opening::kFull);
  }
  w.EndArray();

  // The states come after the sections and are gathered in the same sweep.
  JsonWriter states(ctx.county);
  states.BeginObject();
  std::array<bool, kSectionCount> written{};
  w.Key("sections").BeginObject();
  EachSection(ctx.tx, ctx.county, household.id, [&](const SectionRow& row) {
    const size_t i = IndexOf(row.name);
    if (i >= kSectionCount) return;
    written[i] = true;
    if (row.name == "residence") WriteResidence(w, household, row.doc);
    else if (row.name == "population") WritePopulation(w, people, row.doc);
    else w.RawField(row.name, row.doc);
    states.Key(row.name).BeginObject().Field("changed_at", row.updated_at);
    if (!row.updated_by.empty()) states.Field("changed_by", row.updated_by);
    states.OptField("visit_id", row.visit_id).Field("consent", StateName(consent[i])).EndObject();
  });
  for (size_t i = 0; i < specs.size(); ++i) {
    if (written[i]) continue;
    if (specs[i].name == "residence") WriteResidence(w, household, "");
    else if (specs[i].name == "population") WritePopulation(w, people, "");
    else if (consent[i] != ConsentState::kWithdrawn) w.RawField(specs[i].name, "{}");
    states.Key(specs[i].name).BeginObject().Field("consent", StateName(consent[i])).EndObject();
  }
  w.EndObject();
  states.EndObject();
  w.RawField("section_states", states.Take());
}

void WriteIdentity(Context& ctx, const Household& household, JsonWriter& w) {
  w.Key("sections").BeginObject();
  WriteResidence(w, household, "");
  w.EndObject();
  w.Key("residents").BeginArray();
  for (const Resident& resident : Residents(ctx.tx, ctx.county, household.id)) {
    if (resident.state == "living") WriteResident(w, resident, ctx.services.field_key, Opening::kIdentity);
  }
  w.EndArray();
}

}  // namespace huiyin::households
