// SPDX-License-Identifier: EUPL-1.2
#include "demo/sections.h"

#include "core/json.h"

namespace huiyin::demo {
namespace {

constexpr double kSquareMetresPerMu = 666.667;
constexpr double kSafeWaterPercent = 96;
constexpr double kRoadPercent = 91;
constexpr int64_t kFenPerYuan = 100;

int64_t Mu(double mu) { return static_cast<int64_t>(mu * kSquareMetresPerMu); }

// To the ten yuan, as people say it.
int64_t Fen(double yuan) { return static_cast<int64_t>(yuan / 10) * 10 * kFenPerYuan; }

// As the register keeps it: the sum of the amounts beside them.
std::string WithTotal(std::string doc) {
  int64_t total = 0;
  const json::value fields = json::parse(doc);
  for (const auto& field : fields.as_object()) {
    if (field.key().ends_with("_fen")) total += field.value().as_int64();
  }
  doc.pop_back();
  return doc + fmt::format(R"(,"total_fen":{}}})", total);
}

// The codes of the API for those of the material, which are finer.
std::string_view DifficultyOf(std::string_view code) {
  if (code == "illness") return "medical";
  if (code == "disability") return "labour";
  if (code == "income") return "work";
  if (code == "school" || code == "housing" || code == "water" || code == "road") return code;
  return "other";
}

}  // namespace

int AgeOn(Date birth, Date day) {
  int age = day.Year() - birth.Year();
  if (std::pair(day.Month(), day.Day()) < std::pair(birth.Month(), birth.Day())) --age;
  return age;
}

void Sections::Write(const Person* helper, County county) {
  quintile_ = static_cast<size_t>(dice_.Between(0, 4));
  Residence();
  Population();
  Housing();
  Land();
  Livestock();
  Money();
  Difficulties();
  Plans();
  Measures(helper, county);
}

void Sections::Add(std::string_view name, std::string doc) {
  family_.sections.push_back(
      {family_.household.id, std::string(name), std::move(doc), family_.household.created_at});
}

int Sections::Count(int from_age, int to_age) const {
  int count = 0;
  for (const ResidentRow& person : family_.residents) {
    const int age = AgeOn(person.birth_date, today_);
    if (age >= from_age && age <= to_age && !person.is_away) ++count;
  }
  return count;
}

void Sections::Residence() {
  static const Texts kRural = {"hill", "mountain", "mountain", "valley", "plain", "plateau"};
  has_road_ = village_.is_town || dice_.Chance(kRoadPercent);
  has_water_ = village_.is_town || dice_.Chance(kSafeWaterPercent);
  JsonWriter w;
  w.BeginObject().Field("landform", village_.is_town ? std::string("valley") : dice_.Pick(kRural));
  w.Field("has_road", has_road_).Field("has_safe_water", has_water_);
  w.Field("has_power", dice_.Chance(99.7)).Field("has_phone_signal", dice_.Chance(97));
  w.Field("minutes_to_village", static_cast<int64_t>(village_.is_town ? dice_.Between(2, 15) : dice_.Between(3, 70)));
  if (!village_.is_town && dice_.Chance(1.5)) w.Field("seasonal_place", "高山草场，五月至九月");
  // Address and telephone are the household's own.
  Add("residence", w.EndObject().Take());
}

void Sections::Population() {
  JsonWriter w;
  w.BeginObject();
  if (family_.head_is_away) w.Field("note", "户主在外务工，家中事务由家人代办。");
  Add("population", w.EndObject().Take());
}

void Sections::Housing() {
  const double kind = dice_.Real() * 100;
  const char* structure = kind < 65 ? "brick_concrete" : kind < 89 ? "brick_timber" : kind < 94 ? "timber" : "earth";
  const double grade = dice_.Real() * 100 - (std::string_view(structure) == "earth" ? 12 : 0);
  danger_ = grade < 0.6 ? "D" : grade < 3 ? "C" : grade < 14 ? "B" : "A";
  static const std::vector<int> kFloor = {18, 28, 28, 38, 38, 38, 50, 50, 70};
  const int people = family_.household.people;
  JsonWriter w;
  w.BeginObject().Field("structure", structure);
  w.Field("rooms", static_cast<int64_t>(std::min<int64_t>(9, people + dice_.Between(1, 3))));
  w.Field("floor_m2", static_cast<int64_t>(std::max(42, dice_.Pick(kFloor) * people)));
  w.Field("built_year", static_cast<int64_t>(danger_ == "A" ? dice_.Between(1994, 2023) : dice_.Between(1966, 1999)));
  w.Field("danger_grade", danger_);
  Add("housing", w.EndObject().Take());
}

void Sections::Land() {
  JsonWriter w;
  w.BeginObject();
  if (!village_.is_town) {
    static const std::vector<double> kMu = {0.3, 0.8, 0.8, 1.5, 1.5, 1.5, 2.5, 2.5, 5.0};
    static const std::vector<double> kForest = {0, 0, 3, 3, 10, 10, 30};
    const double fields = dice_.Pick(kMu) * std::max(1, family_.household.people);
    const double paddy = fields * (0.2 + 0.5 * dice_.Real());
    w.Field("paddy_m2", Mu(paddy)).Field("dry_m2", Mu(fields - paddy));
    w.Field("garden_m2", Mu(dice_.Chance(35) ? 0.5 + 3 * dice_.Real() : 0));
    w.Field("forest_m2", Mu(dice_.Pick(kForest) * (0.6 + 0.8 * dice_.Real())));
    w.Field("contract_no", "云农包" + family_.household.register_number.substr(6));
  }
  Add("land", w.EndObject().Take());
}

void Sections::Livestock() {
  JsonWriter w;
  w.BeginObject();
  if (!village_.is_town) {
    const auto heads = [&](std::string_view name, double percent, int from, int to) {
      if (dice_.Chance(percent)) w.Field(name, dice_.Between(from, to));
    };
    heads("pigs", 22, 1, 12);
    heads("sheep", 9, 3, 35);
    heads("cattle", 7, 1, 8);
    heads("poultry", 64, 4, 45);
    if (dice_.Chance(2)) w.Field("note", "养蜂" + ChineseNumber(static_cast<int>(dice_.Between(3, 30))) + "箱");
  }
  Add("livestock", w.EndObject().Take());
}

void Sections::Money() {
  const Figures& figures = words_.figures;
  const double people = std::max(1, family_.household.people);
  const auto near = [&](const std::vector<double>& by_quintile) {
    return by_quintile[quintile_] * people * (0.8 + 0.4 * dice_.Real());
  };
  const int64_t year = today_.Year() - 1;
  const double business = near(figures.business);
  const double share = village_.is_town ? 0.1 : 0.55;
  JsonWriter income;
  income.BeginObject().Field("year", year);
  income.Field("farming_fen", Fen(business * share)).Field("livestock_fen", Fen(business * share * 0.4));
  income.Field("wages_fen", Fen(near(figures.wage))).Field("business_fen", Fen(business * (1 - share * 1.4)));
  income.Field("transfers_fen", Fen(near(figures.transfer)));
  if (dice_.Chance(20)) income.Field("other_fen", Fen(static_cast<double>(dice_.Between(200, 6000))));
  Add("income", WithTotal(income.EndObject().Take()));

  const double all = near(figures.consumption);
  const double medical = near(figures.medical) * (dice_.Chance(8) ? 6 : 1);
  JsonWriter spent;
  spent.BeginObject().Field("year", year);
  spent.Field("production_fen", Fen(village_.is_town ? 0 : business * 0.3));
  spent.Field("food_fen", Fen(all * 0.34));
  if (Count(3, 22) > 0) spent.Field("school_fen", Fen(all * 0.12));
  spent.Field("medical_fen", Fen(medical)).Field("housing_fen", Fen(all * 0.18)).Field("other_fen", Fen(all * 0.2));
  Add("expenditure", WithTotal(spent.EndObject().Take()));
}

void Sections::NeedIf(bool is_so, std::string_view code, double percent) {
  if (is_so && dice_.Chance(percent)) family_.difficulties.emplace_back(code);
}

void Sections::Difficulties() {
  const auto any = [&](auto&& is) { return std::any_of(family_.residents.begin(), family_.residents.end(), is); };
  NeedIf(danger_ >= "C", "housing", 95);
  NeedIf(!has_water_, "water", 90);
  NeedIf(!has_road_, "road", 60);
  NeedIf(any([](const ResidentRow& p) { return p.is_orphan; }), "orphan", 100);
  NeedIf(any([](const ResidentRow& p) { return p.is_disabled; }), "disability", 70);
  NeedIf(Count(60, 120) == static_cast<int>(family_.residents.size()), "elderly", 30);
  const size_t wanted = static_cast<size_t>(words_.mix.difficulties.Draw(dice_));
  static const Texts kAny = {"illness", "illness", "income", "income", "school", "land", "housing", "disaster", "elderly"};
  while (family_.difficulties.size() < wanted) family_.difficulties.push_back(dice_.Pick(kAny));
  std::sort(family_.difficulties.begin(), family_.difficulties.end());
  family_.difficulties.erase(std::unique(family_.difficulties.begin(), family_.difficulties.end()),
                             family_.difficulties.end());

  std::vector<std::string> codes;
  std::string text;
  Slots slots(words_.requests, dice_);
  for (const std::string& code : family_.difficulties) {
    text += slots.Fill(dice_.Pick(words_.households.difficulties.find(code)->second));
    codes.emplace_back(DifficultyOf(code));
  }
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  JsonWriter w;
  w.BeginObject();
  if (!codes.empty()) {
    w.Key("items").BeginArray();
    for (const std::string& code : codes) w.Value(code);
    w.EndArray().Field("text", text);
  }
  Add("difficulties", w.EndObject().Take());
}

void Sections::Plans() {
  JsonWriter w;
  w.BeginObject();
  if (dice_.Chance(80)) w.Field("text", Slots(words_.requests, dice_).Fill(dice_.Pick(words_.households.plans)));
  Add("plans", w.EndObject().Take());
}

void Sections::Measures(const Person* helper, County county) {
  JsonWriter w(county);
  w.BeginObject();
  if (!family_.difficulties.empty()) w.Key("items").BeginArray();
  for (const std::string& code : family_.difficulties) {
    const int planned = static_cast<int>(dice_.Between(20, 680));
    const Date due = today_ - planned + static_cast<int>(dice_.Between(30, 200));
    const bool is_done = due < today_ ? dice_.Chance(86) : dice_.Chance(20);
    w.BeginObject().Key("id").Value(dice_.NewId(StartOfDay(today_ - planned, Zone{})));
    w.Field("text", dice_.Pick(words_.households.measures.find(code)->second));
    if (helper != nullptr) {
      w.Key("by_officer_id").Value(static_cast<const Uuid&>(helper->officer.id));
      w.Field("by_officer_name", helper->officer.name);
    }
    w.Field("due", due).Field("state", is_done ? "done" : dice_.Chance(60) ? "doing" : "planned");
    if (is_done) {
      const Date done = std::min(today_ - 1, due - static_cast<int>(dice_.Between(-10, 25)));
      w.Field("done_at", StartOfDay(done, Zone{}) + dice_.Between(9, 17) * kHour);
    }
    w.EndObject();
  }
  if (!family_.difficulties.empty()) w.EndArray();
  Add("measures", w.EndObject().Take());
}

std::string Revised(std::string_view name, std::string_view doc, const Words& words, Dice& dice) {
  json::object fields = json::parse(doc).as_object();
  if (name == "plans") {
    fields["text"] = Slots(words.requests, dice).Fill(dice.Pick(words.households.plans));
  } else if (name == "livestock") {
    fields["poultry"] = dice.Between(4, 45);
  } else if (name == "income") {
    fields.erase("total_fen");
    for (auto& field : fields) {
      if (!field.key().ends_with("_fen")) continue;
      field.value() = field.value().to_number<int64_t>() / 100000 * 1000 * dice.Between(92, 104);
    }
    return WithTotal(json::serialize(fields));
  } else if (name == "housing") {
    fields["note"] = "屋面已检修，雨天不漏。";
  } else {
    return "";
  }
  return json::serialize(fields);
}

}  // namespace huiyin::demo
