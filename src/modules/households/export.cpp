// SPDX-License-Identifier: EUPL-1.2
#include "core/text.h"
#include "modules/households/store.h"

namespace huiyin::households {
namespace {

NewPerson AsPerson(const Resident& resident) {
  NewPerson person{.id = resident.id, .name = resident.name, .sex = resident.sex, .birth_date = resident.birth_date,
                   .relation = resident.relation, .phone = resident.phone};
  const json::value languages = json::parse(resident.languages);
  for (const json::value& language : languages.as_array()) person.languages.emplace_back(language.as_string());
  person.away_place = resident.away_place;
  if (resident.is_orphan) person.care.emplace_back("orphan");
  if (resident.is_disabled) person.care.emplace_back("disabled");
  if (resident.is_left_behind) person.care.emplace_back("left_behind_child");
  if (resident.is_alone) person.care.emplace_back("living_alone");
  if (resident.needs_nursing) person.care.emplace_back("needs_nursing");
  person.note = resident.note;
  return person;
}

std::string Joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ";") + part;
  return text;
}

}  // namespace

std::string_view ExportHeading() {
  return "\xEF\xBB\xBFregister_number,area_code,address,household_phone,name,relation,sex,birth_date,phone,languages,"
         "away_place,care,note\r\n";
}

std::string ExportLines(const Exported& each) {
  const Household& h = each.household;
  std::string text;
  for (const NewPerson& p : each.people) {
    const std::string born = p.birth_date ? FormatDate(*p.birth_date) : "";
    bool first = true;
    for (std::string_view cell : std::initializer_list<std::string_view>{h.register_number, h.area_code, h.address,
             h.phone, p.name, p.relation, p.sex, born, p.phone, Joined(p.languages), p.away_place, Joined(p.care), p.note}) {
      if (!first) text += ',';
      first = false;
      text += CsvCell(cell);
    }
    text += "\r\n";
  }
  return text;
}


std::vector<Exported> ExportPiece(db::Tx& tx, County county, std::string_view area, const Household* after, int limit) {
  Place place;
  if (after != nullptr) place = {after->area_code, std::string(after->id.View())};
  std::vector<Exported> piece;
  for (const Summary& summary : HouseholdsIn(tx, county, {AreaCode(area), AreaEnd(area)}, place, limit)) {
    auto household = FindHousehold(tx, county, summary.id);
    if (!household) continue;
    Exported exported{std::move(*household), {}};
    for (const Resident& resident : Residents(tx, county, summary.id)) {
      if (resident.state == "living") exported.people.push_back(AsPerson(resident));
    }
    piece.push_back(std::move(exported));
  }
  return piece;
}

}  // namespace huiyin::households
