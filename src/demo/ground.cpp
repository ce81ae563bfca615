// SPDX-License-Identifier: EUPL-1.2
#include "demo/ground.h"

#include <cmath>
#include <set>

#include "demo/rows.h"
#include "modules/matters/matters.h"

namespace huiyin::demo {
namespace {

constexpr int kFirstVillage = 200;
constexpr double kCommunityPercent = 25;  // of the villages of a town
constexpr size_t kTownshipsSigningIn = 6;
constexpr int kLeaderQuota = 5;
constexpr int kQuota = 60;

class Surveyor {
 public:
  Surveyor(const Words& words, uint64_t seed, GroundSize size, Instant founded)
      : words_(words), dice_(Dice::For(seed, "ground")), size_(size), founded_(founded) {}

  Ground Run() {
    const PlaceWords& places = words_.places;
    ground_.county = *ParseCounty(places.county_code);
    ground_.name = places.county_name;
    ground_.ancestors = places.ancestors;
    for (const TownshipWords& from : places.townships) {
      if (static_cast<int>(ground_.townships.size()) < size_.townships) AddTownship(from);
    }
    for (const UnitWords& from : places.units) {
      if (from.level == "county") AddCountyOffice(from);
    }
    for (size_t t = 0; t < ground_.townships.size(); ++t) AddTownshipOffices(t);
    SendOut();
    return std::move(ground_);
  }

 private:
  void AddTownship(const TownshipWords& from) {
    const size_t index = ground_.townships.size();
    ground_.townships.push_back({from.code, from.name, from.km});
    const int count = std::max(2, static_cast<int>(from.villages * size_.villages_share));
    int communities = 0;
    for (int i = 0; i < count; ++i) {
      const bool is_town = from.kind == "town" && dice_.Chance(kCommunityPercent);
      const int number = is_town ? ++communities : kFirstVillage + i - communities;
      AddVillage(index, number, is_town);
    }
  }

  void AddVillage(size_t township, int number, bool is_town) {
    Village village;
    village.township = township;
    village.is_town = is_town;
    village.code = ground_.townships[township].code + fmt::format("{:03}", number);
    village.name = NewVillageName() + (is_town ? "社区" : "村");
    village.weight = 0.5 + dice_.Real() + (is_town ? 0.8 : 0.0);
    const int groups = static_cast<int>(dice_.Between(4, 9));
    for (int g = 1; g <= groups; ++g) {
      village.groups.push_back({village.code + fmt::format("{:03}", g), ChineseNumber(g) + "组"});
    }
    ground_.townships[township].villages.push_back(ground_.villages.size());
    ground_.villages.push_back(std::move(village));
  }

  std::string NewVillageName() {
    for (;;) {
      const std::string& first = dice_.Pick(words_.places.name_first);
      const std::string& second = dice_.Pick(words_.places.name_second);
      if (first != second && names_.insert(first + second).second) return first + second;
    }
  }

  size_t AddOffice(const UnitWords& from, std::string name, const AreaCode& area,
                   std::optional<UnitId> parent, std::string_view kind) {
    // The first office made is the first by id: the centre, which takes what has no place.
    Office office;
    office.key = from.key;
    office.unit = {UnitId(dice_.NewId(NextMoment())), std::move(name), area, parent, std::string(kind),
                   Phone(), "", true, 1};
    ground_.offices.push_back(std::move(office));
    return ground_.offices.size() - 1;
  }

  static std::string_view KindOf(std::string_view key) {
    if (key == "gov") return "leadership";
    if (key == "centre" || key == "t_service") return "window";
    if (key == "audit") return "audit";
    if (key == "t_gov") return "township";
    if (key == "v_office") return "village";
    if (key == "archive" || key == "power" || key == "telecom" || key == "post" || key == "hospital") return "other";
    return "department";
  }

  void AddCountyOffice(const UnitWords& from) {
    std::optional<UnitId> parent;
    if (from.key != "gov") parent = ground_.offices[ground_.county_units.at("gov")].unit.id;
    const size_t office = AddOffice(from, from.name, words_.places.county_code, parent, KindOf(from.key));
    ground_.county_units[from.key] = office;
    Staff(from, office, from.key, words_.places.county_code, true);
  }

  void AddTownshipOffices(size_t t) {
    std::optional<UnitId> government;
    const std::string number = ground_.townships[t].code.substr(6);
    for (const UnitWords& from : words_.places.units) {
      if (from.level != "township") continue;
      const std::optional<UnitId> parent =
          government ? government : std::optional(ground_.offices[ground_.county_units.at("gov")].unit.id);
      const size_t office = AddOffice(from, Named(from.name, "{township}", ground_.townships[t].name),
                                      ground_.townships[t].code, parent, KindOf(from.key));
      if (!government) government = ground_.offices[office].unit.id;
      ground_.townships[t].units[from.key] = office;
      const std::string_view desk = from.key == "t_gov" ? "township" : std::string_view(from.key).substr(2);
      Staff(from, office, fmt::format("{}.{}", desk, number), ground_.townships[t].code, t < kTownshipsSigningIn);
    }
    for (const size_t v : ground_.townships[t].villages) AddVillageOffice(v, *government, number);
  }

  void AddVillageOffice(size_t v, const UnitId& government, const std::string& township) {
    Village& village = ground_.villages[v];
    for (const UnitWords& from : words_.places.units) {
      if (from.level != "village") continue;
      std::string name = Named(from.name, "{village}", village.name);
      if (village.is_town) name = village.name + "居民委员会";
      const size_t office = AddOffice(from, name, village.code, government, KindOf(from.key));
      village.units[from.key] = office;
      const size_t before = ground_.people.size();
      Staff(from, office, "village." + township + "." + village.code.substr(9), village.code, false);
      for (size_t p = before; p < ground_.people.size(); ++p) ground_.people[p].village = v;
    }
  }

  static std::string Named(std::string_view pattern, std::string_view slot, std::string_view name) {
    std::string text(pattern);
    if (const size_t at = text.find(slot); at != std::string::npos) text.replace(at, slot.size(), name);
    return text;
  }

  void Staff(const UnitWords& from, size_t office, const std::string& login, const AreaCode& area,
             bool some_sign_in) {
    // More villages bring more of their own officers already.
    const bool is_village = from.level == "village";
    const double share = is_village ? std::max(1.0, size_.staff_share / size_.villages_share) : size_.staff_share;
    const auto count = static_cast<int>(std::lround(share * static_cast<double>(dice_.Between(from.officers_from, from.officers_to))));
    for (int i = 0; i < count; ++i) Employ(from, office, fmt::format("{}.{}", login, i + 1), area, i, some_sign_in);
  }

  void Employ(const UnitWords& from, size_t office, std::string login, const AreaCode& area, int i,
              bool some_sign_in) {
    const std::string_view sex = dice_.Chance(42) ? "female" : "male";
    const int born = static_cast<int>(dice_.Between(1967, 2001));
    Person person;
    person.office = office;
    org::Officer& officer = person.officer;
    officer.id = OfficerId(dice_.NewId(NextMoment()));
    officer.unit_id = ground_.offices[office].unit.id;
    officer.login = std::move(login);
    officer.name = PersonName(words_, dice_, sex, born, words_.surnames.Draw(dice_));
    officer.post = from.posts[std::min<size_t>(static_cast<size_t>(i), from.posts.size() - 1)];
    if (from.key == "t_gov" && !ground_.offices[office].unit.name.ends_with("镇人民政府") &&
        officer.post.ends_with("镇长")) {
      officer.post.replace(officer.post.find("镇长"), 6, "乡长");
    }
    const bool leads = officer.post.ends_with("县长") || officer.post.ends_with("镇长") || officer.post.ends_with("乡长");
    officer.post_rank = leads ? "leader" : i == 0 ? "head" : "staff";
    officer.phone = Phone();
    officer.languages = {"zh"};
    if (dice_.Chance(80)) officer.languages.push_back("zh-yunling");
    if (dice_.Chance(15)) officer.languages.push_back("zh-gaoshan");
    person.roles = RolesOf(from.key, officer, area, i);
    person.quota = QuotaOf(from.key, officer);
    person.signs_in = some_sign_in && SignsIn(from, i);
    ground_.offices[office].officers.push_back(ground_.people.size());
    ground_.people.push_back(std::move(person));
  }

  std::vector<HeldRole> RolesOf(std::string_view key, const org::Officer& officer, const AreaCode& area,
                                int i) const {
    const auto named = words_.places.roles.find(key);
    const Texts& roles = named != words_.places.roles.end() ? named->second : words_.places.roles.at("default");
    std::vector<HeldRole> held;
    const auto hold = [&](Role role) { held.push_back({role, officer.unit_id, area}); };
    if (named == words_.places.roles.end()) {
      hold(Role::kHandler);  // whoever works in a department handles what is its own
      return held;
    }
    hold(*ParseRole(roles[std::min<size_t>(static_cast<size_t>(i), roles.size() - 1)]));
    if (officer.post == "督查员") held = {{Role::kSupervisor, officer.unit_id, area}};
    if (key == "archive") hold(Role::kHandler);
    return held;
  }

  static int QuotaOf(std::string_view key, const org::Officer& officer) {
    if (key == "audit" || key == "archive" || key == "centre") return 0;
    return officer.post_rank == "leader" ? kLeaderQuota : kQuota;
  }

  static bool SignsIn(const UnitWords& from, int i) {
    if (from.key == "centre") return true;
    if (from.level == "county") return i == 0 || ((from.key == "gov" || from.key == "audit") && i == 1);
    return i == 0 || (from.key == "t_gov" && i == 1);
  }

  // Sends every officer with a quota to a village: those of a village to their own, those
  // of a township within it, those of the county anywhere; each to where the fewest are.
  void SendOut() {
    for (const size_t reach : {12, 9, 6}) {
      for (size_t p = 0; p < ground_.people.size(); ++p) {
        Person& person = ground_.people[p];
        const AreaCode& area = ground_.offices[person.office].unit.area_code;
        if (person.quota == 0 || area.size() != reach) continue;
        if (!person.village) person.village = EmptiestIn(area);
        Village& village = ground_.villages[*person.village];
        village.officers.push_back(p);
        const bool has = std::any_of(person.roles.begin(), person.roles.end(),
                                     [](const HeldRole& held) { return held.role == Role::kLiaison; });
        if (!has) {
          person.roles.push_back({Role::kLiaison, person.officer.unit_id, ground_.townships[village.township].code});
        }
      }
    }
  }

  // Leaders visit so few that they count for little.
  double Load(const Village& village) const {
    double officers = 0;
    for (const size_t p : village.officers) officers += ground_.people[p].quota;
    return officers / village.weight;
  }

  size_t EmptiestIn(std::string_view area) const {
    size_t best = ground_.villages.size();
    for (size_t v = 0; v < ground_.villages.size(); ++v) {
      if (!IsWithin(ground_.villages[v].code, area)) continue;
      if (best == ground_.villages.size() || Load(ground_.villages[v]) < Load(ground_.villages[best])) best = v;
    }
    return best;
  }

  std::string Phone() { return fmt::format("0990-880{:04}", dice_.Between(0, 9999)); }
  Instant NextMoment() { return founded_ = founded_ + 1; }

  const Words& words_;
  Dice dice_;
  GroundSize size_;
  Instant founded_;
  Ground ground_;
  std::set<std::string> names_;
};

}  // namespace

const Office& Ground::OfficeAt(std::string_view key, const Village* village) const {
  if (village != nullptr) {
    const auto own = village->units.find(key);
    // A village whose office nobody sits in is looked after by its township.
    if (own != village->units.end() && !offices[own->second].officers.empty()) return offices[own->second];
    if (own != village->units.end()) key = "t_gov";
    const Township& township = townships[village->township];
    if (const auto at = township.units.find(key); at != township.units.end()) return offices[at->second];
  }
  if (const auto at = county_units.find(key); at != county_units.end()) return offices[at->second];
  return Centre();
}

Ground LayOut(const Words& words, uint64_t seed, GroundSize size, Instant founded) {
  return Surveyor(words, seed, size, founded).Run();
}

std::string PersonName(const Words& words, Dice& dice, std::string_view sex, int born,
                       std::string_view surname) {
  const auto& generations = words.given.find(sex)->second;
  const auto g = std::find_if(generations.begin(), generations.end(),
                              [born](const GivenNames& names) { return born <= names.born_to; });
  std::string name(surname);
  if (dice.Chance(30)) return name + dice.Pick(g->whole);
  for (;;) {
    const std::string& first = dice.Pick(g->first);
    const std::string& second = dice.Pick(g->second);
    if (first != second) return name + first + second;
  }
}

void WriteGround(db::Tx& tx, const Ground& ground, const std::map<AreaCode, int64_t>& households,
                 const std::map<std::string, std::string>& password_hashes, Instant founded) {
  const auto area = [&](const AreaCode& code, std::string_view name) {
    const auto count = households.find(code);
    WriteArea(tx, ground.county, code, name, org::LevelOf(code), org::ParentOf(code),
              count == households.end() ? 0 : count->second);
  };
  for (const auto& [code, name] : ground.ancestors) area(code, name);
  area(FormatCounty(ground.county), ground.name);
  for (const Township& township : ground.townships) area(township.code, township.name);
  for (const Village& village : ground.villages) {
    area(village.code, village.name);
    for (const Group& group : village.groups) area(group.code, group.name);
  }
  for (const Office& office : ground.offices) org::SaveUnit(tx, ground.county, office.unit);
  Dice dice = Dice::For(0, "roles");
  for (const Person& person : ground.people) {
    const auto hash = password_hashes.find(person.officer.login);
    org::SaveOfficer(tx, ground.county, person.officer,
                     hash == password_hashes.end() ? std::string_view() : std::string_view(hash->second),
                     false, founded);
    for (const HeldRole& role : person.roles) {
      org::AddRole(tx, ground.county, RoleId(dice.NewId(founded)), person.officer.id, role);
    }
  }
}

void WriteDispatchList(db::Tx& tx, const Ground& ground, Instant founded) {
  constexpr std::pair<std::string_view, std::string_view> kNamed[] = {
      {"school", "edu"},           {"power", "power"},         {"power.signal", "telecom"}, {"power.post", "post"},
      {"health", "health"},        {"health.hospital", "hospital"}, {"health.insurance", "medins"},
      {"market", "market"},        {"work", "labour"},         {"housing.title", "natural"},
      {"land.requisition", "natural"}, {"land.forest", "forest"}, {"service.household", "hukou"},
      {"service.information", "gsc"}, {"aid.disability", "disabled"}, {"hazard.fire", "fire"}};
  const Person& keeper = ground.people[ground.offices[ground.county_units.find("archive")->second].officers.front()];
  Dice dice = Dice::For(0, "dispatch_list");
  for (const auto& [category, key] : kNamed) {
    const auto unit = ground.county_units.find(key);
    if (unit == ground.county_units.end()) continue;
    matters::NameUnit(tx, ground.county, dice.NewId(founded),
                      {.category = std::string(category), .area = "", .unit = ground.offices[unit->second].unit.id,
                       .note = "本县职责清单", .from = LocalDate(founded, Zone{}), .by = keeper.officer.id}, founded);
  }
}

}  // namespace huiyin::demo
