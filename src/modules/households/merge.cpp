// SPDX-License-Identifier: EUPL-1.2
// What a file says of a household that is in the register already.
#include "core/crypto.h"
#include "modules/households/store.h"
#include "platform/revision.h"

namespace huiyin::households {
namespace {

// What an update leaves in the numbers' place: only that they changed is told.
constexpr std::string_view kNumberField = "id_number";

// A person of the file and the one of the register, if it is there.
struct Pair {
  const NewPerson* said;
  const Resident* known;
};

std::vector<Pair> PairUp(const std::vector<Resident>& known, const NewHousehold& said) {
  std::vector<Pair> pairs;
  for (const NewPerson& person : said.people) {
    const auto found = std::find_if(known.begin(), known.end(), [&](const Resident& resident) {
      const bool same_day = !person.birth_date || !resident.birth_date || resident.birth_date == person.birth_date;
      return resident.name == person.name && same_day;
    });
    pairs.push_back({&person, found == known.end() ? nullptr : &*found});
  }
  return pairs;
}

// The resident as the file has them. What the file leaves blank stays, and so does who is
// head and who left: those change by a life event.
Resident Updated(const Services& services, const Resident& known, const NewPerson& said) {
  Resident updated = known;
  if (known.state != "living") return updated;
  if (said.sex != "unstated") updated.sex = said.sex;
  if (said.birth_date) updated.birth_date = said.birth_date;
  if (known.relation != "head" && said.relation != "head") updated.relation = said.relation;
  if (!said.phone.empty()) updated.phone = said.phone;
  if (!said.away_place.empty()) updated.away_place = said.away_place;
  if (!said.note.empty()) updated.note = said.note;
  if (!said.languages.empty()) updated.languages = json::serialize(json::array(said.languages.begin(), said.languages.end()));
  if (!said.id_number.empty()) {
    const std::string hash = KeyedHash(said.id_number, services.field_key);
    if (hash != known.id_number_hash) {
      updated.id_number_hash = hash;
      updated.id_number_sealed = Seal(said.id_number, services.field_key, services.random);
    }
  }
  for (const std::string& care : said.care) {
    if (care == "orphan") updated.is_orphan = true;
    if (care == "disabled") updated.is_disabled = true;
    if (care == "left_behind_child") updated.is_left_behind = true;
    if (care == "living_alone") updated.is_alone = true;
    if (care == "needs_nursing") updated.needs_nursing = true;
  }
  return updated;
}

json::object Changes(const Resident& before, const Resident& after) {
  json::object changes;
  const auto put = [&](std::string_view field, const auto& old_value, const auto& new_value) {
    if (old_value != new_value) changes.emplace(field, new_value);
  };
  put("sex", before.sex, after.sex);
  put("relation", before.relation, after.relation);
  put("phone", before.phone, after.phone);
  put("away_place", before.away_place, after.away_place);
  put("note", before.note, after.note);
  put("is_orphan", before.is_orphan, after.is_orphan);
  put("is_disabled", before.is_disabled, after.is_disabled);
  put("is_left_behind", before.is_left_behind, after.is_left_behind);
  put("is_alone", before.is_alone, after.is_alone);
  put("needs_nursing", before.needs_nursing, after.needs_nursing);
  if (before.id_number_hash != after.id_number_hash) changes.emplace(kNumberField, nullptr);
  if (before.birth_date != after.birth_date && after.birth_date) changes["birth_date"] = FormatDate(*after.birth_date);
  if (json::parse(before.languages) != json::parse(after.languages)) changes["languages"] = json::parse(after.languages);
  return changes;
}

json::object DoorChanges(const Household& known, const NewHousehold& said) {
  json::object changes;
  if (!said.address.empty() && said.address != known.address) changes["address"] = said.address;
  if (!said.phone.empty() && said.phone != known.phone) changes["phone"] = said.phone;
  return changes;
}

}  // namespace

std::optional<std::string> NormalIdNumber(std::string_view typed) {
  constexpr size_t kShortest = 6;
  std::string number;
  for (char c : typed) {
    if (c == ' ' || c == '-') continue;
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (!((upper >= '0' && upper <= '9') || (upper >= 'A' && upper <= 'Z'))) return std::nullopt;
    number += upper;
  }
  if (!number.empty() && number.size() < kShortest) return std::nullopt;
  return number;
}

Merging Compare(db::Tx& tx, const Services& services, County county, const Household& known, const NewHousehold& said) {
  Merging merging;
  if (known.area_code != said.area_code) {
    return {.refusal = "other_area", .column = "area_code", .detail = known.area_code};
  }
  if (known.state != "living") return {.refusal = "household_" + known.state, .column = "register_number", .detail = said.register_number};
  const auto residents = Residents(tx, county, known.id);
  merging.is_same = DoorChanges(known, said).empty();
  for (const Pair& pair : PairUp(residents, said)) {
    if (pair.known == nullptr && pair.said->relation == "head") {
      return {.refusal = "other_head", .column = "name", .detail = known.head_name};
    }
    if (pair.known == nullptr || !Changes(*pair.known, Updated(services, *pair.known, *pair.said)).empty()) merging.is_same = false;
  }
  return merging;
}

void MergeInto(Context& ctx, const Household& before, const NewHousehold& said) {
  Household household = before;
  const auto residents = Residents(ctx.tx, ctx.county, household.id);
  json::object changes = DoorChanges(household, said);
  for (const Pair& pair : PairUp(residents, said)) {
    if (pair.known == nullptr) {
      AddResident(ctx.tx, ctx.services, ctx.county, household, *pair.said, ctx.now);
      ++household.people;
      ctx.Record("resident.added", "resident", pair.said->id, {{"name", pair.said->name}}, household.id);
      continue;
    }
    Resident updated = Updated(ctx.services, *pair.known, *pair.said);
    json::object changed = Changes(*pair.known, updated);
    if (changed.empty()) continue;
    ++updated.revision;
    SaveResident(ctx.tx, ctx.county, updated);
    ctx.Record("resident.changed", "resident", updated.id, ChangeData(updated.revision, std::move(changed)), household.id);
  }
  if (!said.address.empty() && said.address != household.address) {
    DropAddressTerms(ctx.tx, ctx.county, household.id, household.area_code, household.address);
    AddAddressTerms(ctx.tx, ctx.county, household.id, household.area_code, said.address);
    household.address = said.address;
  }
  if (!said.phone.empty()) household.phone = said.phone;
  ++household.revision;
  SaveHousehold(ctx.tx, ctx.county, household, ctx.now);
  SetRevision(ctx.tx, ctx.county, household.id, household.revision, ctx.now);
  ctx.Record("household.imported", "household", household.id, ChangeData(household.revision, std::move(changes)), household.id);
}

}  // namespace huiyin::households
