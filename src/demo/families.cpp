// SPDX-License-Identifier: EUPL-1.2
#include "demo/families.h"

#include "core/text.h"
#include "demo/sections.h"

namespace huiyin::demo {
namespace {

constexpr int kMigrantFrom = 18;
constexpr int kMigrantTo = 55;
constexpr double kDisabledPercent = 5.5;
constexpr double kPhonePercent = 98.5;
constexpr double kMigrantHouseholdPercent = 38;
constexpr double kOrphanPercentOfChildrenWithElders = 4;

constexpr std::array<std::string_view, 8> kAwayPlaces = {"省城", "云州市", "沿海工厂", "外省工地",
                                                         "邻县",  "省外",   "县城",     "外省学校"};

std::string_view Other(std::string_view sex) { return sex == "male" ? "female" : "male"; }

}  // namespace

struct Register::Draft {
  Dice dice;
  Family family;
  std::string surname;

  explicit Draft(Dice d) : dice(std::move(d)) {}
};

namespace {

// Builds the people of one household, the head first.
class Household {
 public:
  Household(const Words& words, Dice& dice, Date today, Instant created, std::vector<ResidentRow>& people)
      : words_(words), dice_(dice), today_(today), created_(created), people_(people) {}

  void Fill(int size) {
    surname_ = words_.surnames.Draw(dice_);
    switch (size) {
      case 1: return Alone();
      case 2: return Two();
      case 3: return Three();
      case 4: return Four();
      default: return Many(size);
    }
  }

 private:
  int Age(int from, int to) { return static_cast<int>(dice_.Between(from, to)); }

  ResidentRow& Add(std::string_view relation, std::string_view sex, int age, std::string surname) {
    ResidentRow person;
    person.birth_date = today_ - static_cast<int>(age * 365.2425 + static_cast<double>(dice_.Between(0, 364)));
    const Instant born = StartOfDay(person.birth_date, Zone{});
    person.created_at = std::max(created_, born + 14 * kDay);
    person.id = ResidentId(dice_.NewId(created_));
    person.sex = sex;
    person.relation = relation;
    person.name = PersonName(words_, dice_, sex, person.birth_date.Year(), surname);
    people_.push_back(std::move(person));
    return people_.back();
  }

  void Head(std::string_view sex, int age) { Add("head", sex, age, surname_); }

  // Head and spouse; the man is the head four times in five.
  void Couple(int from, int to) {
    const std::string_view sex = dice_.Chance(82) ? "male" : "female";
    head_age_ = Age(from, to);
    Head(sex, head_age_);
    const int spouse = std::max(20, head_age_ + Age(-4, 3) + (sex == "male" ? -1 : 2));
    Add("spouse", Other(sex), spouse, words_.surnames.Draw(dice_));
    mother_age_ = sex == "male" ? spouse : head_age_;
    name_of_children_ = sex == "male" ? surname_ : SurnameOf(people_.back());
  }

  static std::string SurnameOf(const ResidentRow& person) {
    return std::string(FirstCharacters(person.name, 1));
  }

  std::string_view ChildSex() { return dice_.Chance(52.7) ? "male" : "female"; }

  // A child of the head, born when its mother was 20 to 36; false when there cannot be one.
  bool Child(int youngest_of_parent = 20) {
    const int oldest = mother_age_ - youngest_of_parent;
    if (oldest < 0) return false;
    const int youngest = std::max(0, mother_age_ - 36);
    Add("child", ChildSex(), Age(youngest, std::max(youngest, oldest)), name_of_children_);
    return true;
  }

  void Parent(bool second) {
    const int age = std::min(96, head_age_ + Age(21, 31));
    if (second) Add("parent", Other(people_.back().sex), std::min(96, age), words_.surnames.Draw(dice_));
    else Add("parent", dice_.Chance(38) ? "male" : "female", age, surname_);
  }

  void Alone() {
    if (dice_.Chance(52)) Head(dice_.Chance(40) ? "male" : "female", Age(60, 91));
    else Head(dice_.Chance(66) ? "male" : "female", Age(24, 59));
  }

  void Two() {
    if (dice_.Chance(58)) return Couple(60, 86);
    if (dice_.Chance(50)) return Couple(26, 59);
    const std::string_view sex = dice_.Chance(45) ? "male" : "female";
    head_age_ = mother_age_ = Age(30, 80);
    Head(sex, head_age_);
    name_of_children_ = surname_;
    Child();
  }

  void Three() {
    const double kind = dice_.Real() * 100;
    if (kind < 62) {
      Couple(27, 58);
      Child();
    } else if (kind < 80) {
      Couple(34, 60);
      Parent(false);
    } else {
      GrandparentsWith(1);
    }
  }

  void Four() {
    const double kind = dice_.Real() * 100;
    if (kind < 48) {
      Couple(28, 54);
      Child();
      Child();
    } else if (kind < 76) {
      Couple(29, 56);
      Child();
      Parent(false);
    } else if (kind < 86) {
      GrandparentsWith(2);
    } else {
      Generations(4);
    }
  }

  void Many(int size) {
    if (size == 5 && dice_.Chance(52)) {
      Couple(30, 55);
      Child();
      Child();
      Parent(false);
      return;
    }
    Generations(size);
  }

  // Old people with the grandchildren whose parents work elsewhere.
  void GrandparentsWith(int children) {
    Couple(54, 74);
    for (int i = 0; i < children; ++i) {
      ResidentRow& child = Add("grandchild", ChildSex(), Age(2, 14), surname_);
      child.is_left_behind = dice_.Chance(85);
      if (dice_.Chance(kOrphanPercentOfChildrenWithElders)) {
        child.is_orphan = true;
        child.is_left_behind = false;
      }
    }
  }

  // An elder couple, their grown child and its spouse, and the grandchildren.
  void Generations(int size) {
    Couple(52, 74);
    const int age = std::max(23, mother_age_ - Age(21, 28));
    const std::string_view sex = dice_.Chance(70) ? "male" : "female";
    Add("child", sex, age, name_of_children_);
    Add("child_in_law", Other(sex), std::max(21, age - Age(-2, 4)), words_.surnames.Draw(dice_));
    while (static_cast<int>(people_.size()) < size) {
      if (people_.size() >= 7 || (people_.size() >= 5 && dice_.Chance(25))) {
        Parent(false);
      } else {
        Add("grandchild", ChildSex(), Age(0, std::max(1, age - 21)), surname_);
      }
    }
  }

  const Words& words_;
  Dice& dice_;
  Date today_;
  Instant created_;
  std::vector<ResidentRow>& people_;
  std::string surname_;
  std::string name_of_children_;
  int head_age_ = 0;
  int mother_age_ = 0;
};

}  // namespace

void Register::DrawPeople(Draft& draft) const {
  Family& family = draft.family;
  Household household(words_, draft.dice, today_, family.household.created_at, family.residents);
  household.Fill(words_.figures.household_size.Draw(draft.dice));
  const std::string language = words_.languages.Draw(draft.dice);
  for (ResidentRow& person : family.residents) {
    person.household = family.household.id;
    const int age = AgeOn(person.birth_date, today_);
    person.languages = language == "zh" || age < 3 ? R"(["zh"])" : fmt::format(R"(["{}","zh"])", language);
    if (age >= 12 && age < 85 && draft.dice.Chance(age > 70 ? 70 : 88)) {
      person.phone = fmt::format("199 0000 {:04}", draft.dice.Between(0, 9999));
    }
  }
}

void Register::DrawFates(Draft& draft) const {
  Family& family = draft.family;
  const bool sends_migrants = draft.dice.Chance(kMigrantHouseholdPercent * 1.35);
  for (ResidentRow& person : family.residents) {
    const int age = AgeOn(person.birth_date, today_);
    if (sends_migrants && age >= kMigrantFrom && age <= kMigrantTo && draft.dice.Chance(58)) {
      person.is_away = true;
      person.away_place = kAwayPlaces[static_cast<size_t>(draft.dice.Between(0, kAwayPlaces.size() - 2))];
    } else if (age >= 16 && age <= 21 && draft.dice.Chance(45)) {
      person.is_away = true;
      person.away_place = kAwayPlaces.back();
    }
    if (family.residents.size() == 1 && age >= 65) person.is_alone = true;
    person.needs_nursing = age >= 80 && draft.dice.Chance(14);
    person.is_disabled = draft.dice.Chance(age >= 60 ? kDisabledPercent * 2 : kDisabledPercent * 0.7);
  }
  // Children whose grown-ups are all away but the old are left behind too.
  const bool grown_up_stays = std::any_of(family.residents.begin(), family.residents.end(), [&](const ResidentRow& p) {
    const int age = AgeOn(p.birth_date, today_);
    return age >= 20 && age < 60 && !p.is_away;
  });
  for (ResidentRow& person : family.residents) {
    if (AgeOn(person.birth_date, today_) < 16 && !grown_up_stays && !person.is_orphan) person.is_left_behind = true;
  }
  family.head_is_away = family.residents.front().is_away;
}

Family Register::Make(const Door& door, const Person* helper) const {
  Draft draft(Dice::For(seed_, "family", door.n));
  Family& family = draft.family;
  const Village& village = ground_.villages[door.village];
  HouseholdRow& household = family.household;
  // Ids in the order of the register, as an import makes them.
  household.created_at = opened_ + static_cast<int64_t>(door.n) * 2;
  household.updated_at = household.created_at;
  household.id = HouseholdId(draft.dice.NewId(household.created_at));
  family.village = door.village;
  family.group = door.group;
  household.area_code = village.groups[family.group].code;
  household.register_number = fmt::format("{}-{:04}", village.code, door.number);
  household.address = village.is_town
                          ? fmt::format("{}{}号", draft.dice.Pick(words_.places.streets), draft.dice.Between(1, 260))
                          : fmt::format("{}{}{}号", village.name, village.groups[family.group].name, door.number);
  DrawPeople(draft);
  DrawFates(draft);
  const ResidentRow& head = family.residents.front();
  household.head_id = head.id;
  household.head_name = head.name;
  household.people = static_cast<int>(family.residents.size());
  if (draft.dice.Chance(kPhonePercent)) {
    household.phone = head.phone.empty() ? fmt::format("199 0000 {:04}", draft.dice.Between(0, 9999)) : head.phone;
  }
  Sections sections(words_, family, village, draft.dice, today_);
  sections.Write(helper, ground_.county);
  return std::move(draft.family);
}

void AddTerms(const Family& family, std::vector<TermRow>& terms) {
  const HouseholdRow& household = family.household;
  for (const ResidentRow& person : family.residents) {
    for (std::string& term : SearchTerms(person.name)) {
      terms.push_back({std::move(term), household.area_code, "resident", person.id});
    }
  }
  for (std::string& term : Bigrams(household.address)) {
    terms.push_back({std::move(term), household.area_code, "household", household.id});
  }
}

}  // namespace huiyin::demo
