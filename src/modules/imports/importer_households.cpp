// SPDX-License-Identifier: EUPL-1.2
// Households: one row a person, the rows of a household under one another, the head among
// them. A household is known by its register number; one that is there already gets what
// the file says more of it, and loses nothing.
#include "core/text.h"
#include "modules/households/found_by.h"
#include "modules/imports/importer.h"
#include "modules/org/org.h"

namespace huiyin::imports {
namespace {

using households::NewHousehold;
using households::NewPerson;

const std::vector<Choice> kRelations = {
    {"head", {"户主", "本人"}},
    {"spouse", {"配偶", "妻", "妻子", "夫", "丈夫", "爱人"}},
    {"child", {"子女", "子", "女", "儿子", "女儿", "长子", "次子", "三子", "长女", "次女", "三女", "养子", "养女"}},
    {"child_in_law", {"儿媳", "女婿", "媳妇"}},
    {"parent", {"父母", "父", "母", "父亲", "母亲"}},
    {"parent_in_law", {"公婆", "岳父", "岳母", "公公", "婆婆", "配偶父母"}},
    {"grandchild", {"孙子女", "孙子", "孙女", "外孙", "外孙女", "孙"}},
    {"grandparent", {"祖父母", "祖父", "祖母", "爷爷", "奶奶", "外祖父", "外祖母"}},
    {"sibling", {"兄弟姐妹", "兄", "弟", "姐", "妹", "哥哥", "弟弟", "姐姐", "妹妹"}},
    {"other", {"其他", "其他亲属"}},
};
const std::vector<Choice> kSexes = {
    {"female", {"女", "f", "女性"}}, {"male", {"男", "m", "男性"}}, {"unstated", {"未说明", "未填"}}};
const std::vector<Choice> kCare = {
    {"orphan", {"孤儿"}}, {"disabled", {"残疾", "残疾人"}}, {"left_behind_child", {"留守儿童"}},
    {"living_alone", {"独居", "独居老人"}}, {"needs_nursing", {"失能", "需要护理", "需护理"}}};
constexpr size_t kMostPeople = 100;

class HouseholdImporter : public Importer {
 public:
  std::span<const Column> columns() const override {
    static const std::vector<Column> kColumns = {
        {"register_number", true, {"户号", "户编号", "登记号", "家庭编号"}},
        {"area_code", true, {"区域代码", "村组代码", "区划代码", "村代码"}},
        {"name", true, {"姓名", "成员姓名"}},
        {"relation", true, {"与户主关系", "关系", "家庭关系"}},
        {"address", false, {"住址", "地址", "家庭住址"}},
        {"household_phone", false, {"户电话", "家庭电话", "住宅电话"}},
        {"sex", false, {"性别"}},
        {"birth_date", false, {"出生日期", "生日", "出生年月日"}},
        {"phone", false, {"电话", "联系电话", "手机", "手机号"}},
        {"languages", false, {"语言", "使用语言"}},
        {"id_number", false, {"身份证号", "身份证号码", "证件号码", "公民身份号码"}},
        {"away_place", false, {"外出地点", "外出地", "务工地点"}},
        {"care", false, {"关爱", "关爱类别"}},
        {"note", false, {"备注", "说明"}},
    };
    return kColumns;
  }

  void Take(Work& work, Cells& cells) override {
    const std::string number = cells.NeedText("register_number", 40);
    if (number != current_.register_number || number.empty()) {
      Close(work, cells);
      Open(work, cells, number);
    } else {
      CheckSameHousehold(cells);
    }
    ++rows_taken_;
    TakePerson(work, cells);
    broken_ = broken_ || !cells.ok();
    last_row_ = cells.number();
  }

  void Finish(Work& work, const Heading& heading, Errors& errors) override {
    TableRow nothing{.number = last_row_};
    Cells cells(heading, nothing, errors);
    Close(work, cells);
    rows_complete_ = rows_taken_;
  }

  void Apply(Context& ctx) override {
    std::map<AreaCode, int64_t> added;
    for (const Item& item : items_) {
      if (item.is_new) {
        households::AddHousehold(ctx.tx, ctx.services, ctx.county, item.household, ctx.now, found_by_);
        ++added[item.household.area_code];
      } else if (const auto known = households::FindHouseholdByNumber(ctx.tx, ctx.county, item.household.register_number)) {
        households::MergeInto(ctx, *known, item.household);
      }
    }
    for (const auto& [area, count] : added) org::AddHouseholds(ctx.tx, ctx.county, area, count);
    Drop();
  }

  int64_t rows_complete() const override { return rows_complete_; }
  size_t pending() const override { return items_.size(); }
  void Drop() override { items_.clear(); }

  size_t held() const override { return found_by_.held(); }
  void EnterHeld(Context& ctx, size_t most) override { found_by_.Enter(ctx.tx, ctx.county, most); }
  void HoldAgain(Context& ctx, std::string_view register_number) override {
    found_by_.Hold(ctx.tx, ctx.county, register_number);
  }

 private:
  struct Item {
    NewHousehold household;
    bool is_new = true;
  };

  void Open(Work& work, Cells& cells, const std::string& number) {
    current_ = {};
    current_.id = HouseholdId(NewUuid(work.now, work.services.random));
    current_.register_number = number;
    current_.area_code = cells.NeedAreaCode("area_code");
    current_.address = cells.Text("address", 200).value_or("");
    current_.phone = cells.Phone("household_phone");
    first_row_ = cells.number();
    broken_ = false;
    if (!number.empty() && !seen_.insert(Fingerprint(number)).second) cells.Refuse("register_number", "household_split", number);
    if (!current_.area_code.empty()) CheckArea(work, cells);
  }

  void CheckArea(Work& work, Cells& cells) {
    const AreaCode& code = current_.area_code;
    if (code.size() < 12) return cells.Refuse("area_code", "village_or_group", code);
    const auto [known, added] = areas_.try_emplace(code, "");
    if (added) {
      if (!org::FindArea(work.tx, work.county, code)) known->second = "unknown_area";
      else if (!MayIn(work, Action::kHouseholdsCreate, code)) known->second = "outside_reach";
    }
    if (!known->second.empty()) cells.Refuse("area_code", known->second, code);
  }

  // Later rows may leave the household's own cells blank, but not contradict them.
  void CheckSameHousehold(Cells& cells) {
    if (cells.Has("area_code") && cells.NeedAreaCode("area_code") != current_.area_code) {
      cells.Refuse("area_code", "differs_within_household", current_.area_code);
    }
    const auto address = cells.Text("address", 200);
    if (address && current_.address.empty()) current_.address = *address;
    else if (address && *address != current_.address) cells.Refuse("address", "differs_within_household", current_.address);
    const std::string phone = cells.Phone("household_phone");
    if (current_.phone.empty()) current_.phone = phone;
  }

  void TakePerson(Work& work, Cells& cells) {
    NewPerson person;
    person.id = ResidentId(NewUuid(work.now, work.services.random));
    person.name = cells.NeedText("name", 100);
    if (!cells.Has("relation")) cells.Refuse("relation", "required");
    person.relation = cells.OneOf("relation", kRelations).value_or("other");
    person.sex = cells.OneOf("sex", kSexes).value_or("unstated");
    person.birth_date = cells.Day("birth_date");
    if (person.birth_date && *person.birth_date > work.today) cells.Refuse("birth_date", "in_the_future");
    person.phone = cells.Phone("phone");
    person.languages = cells.List("languages", 20, 35);
    for (std::string& language : person.languages) {
      if (language == "汉语" || language == "普通话" || language == "中文") language = "zh";
      else if (language == "藏语" || language == "藏文") language = "bo";
      else if (language == "彝语") language = "ii";
      if (!IsLanguageTag(language)) cells.Refuse("languages", "not_a_language", language);
    }
    const auto number = households::NormalIdNumber(cells.Text("id_number", 32).value_or(""));
    if (!number) cells.Refuse("id_number", "not_an_id_number");
    person.id_number = number.value_or("");
    person.away_place = cells.Text("away_place", 200).value_or("");
    person.note = cells.Text("note", 2000).value_or("");
    ReadCare(cells, person);
    KeepPerson(cells, std::move(person));
  }

  static void ReadCare(Cells& cells, NewPerson& person) {
    for (const std::string& name : cells.List("care", 10, 40)) {
      const auto found = std::find_if(kCare.begin(), kCare.end(), [&](const Choice& choice) {
        return choice.code == name || std::find(choice.names.begin(), choice.names.end(), name) != choice.names.end();
      });
      if (found == kCare.end()) cells.Refuse("care", "unknown_value", name);
      else person.care.emplace_back(found->code);
    }
  }

  void KeepPerson(Cells& cells, NewPerson person) {
    auto& people = current_.people;
    const bool is_head = person.relation == "head";
    const bool has_head = !people.empty() && people.front().relation == "head";
    if (is_head && has_head) return cells.Refuse("relation", "second_head", people.front().name);
    const bool twice = std::any_of(people.begin(), people.end(), [&](const NewPerson& other) {
      return other.name == person.name && other.birth_date == person.birth_date;
    });
    if (twice && !person.name.empty()) return cells.Refuse("name", "duplicate", person.name);
    if (people.size() >= kMostPeople) return cells.Refuse("name", "too_many_people", std::to_string(kMostPeople));
    people.insert(is_head ? people.begin() : people.end(), std::move(person));
  }

  // The household before this row is whole: what is it to the register?
  void Close(Work& work, Cells& cells) {
    rows_complete_ = rows_taken_;
    if (current_.people.empty()) return;
    NewHousehold household = std::move(current_);
    current_ = {};
    if (broken_) return;
    const auto known = households::FindHouseholdByNumber(work.tx, work.county, household.register_number);
    if (!known && household.people.front().relation != "head") {
      return RefuseAt(cells, "relation", "no_head", household.register_number);
    }
    if (!known) {
      ++summary_.added;
      items_.push_back({std::move(household), true});
      return;
    }
    const auto merge = households::Compare(work.tx, work.services, work.county, *known, household);
    if (!merge.refusal.empty()) return RefuseAt(cells, merge.column, merge.refusal, merge.detail);
    if (merge.is_same) {
      ++summary_.same;
      return;
    }
    ++summary_.changed;
    items_.push_back({std::move(household), false});
  }

  // Told at the household's first row.
  void RefuseAt(Cells& cells, std::string_view column, const std::string& code, const std::string& detail) {
    cells.RefuseAt(first_row_, column, code, detail);
  }

  // Numbers are remembered by a hash: a file may hold some hundred thousand.
  static uint64_t Fingerprint(const std::string& number) { return std::hash<std::string>{}(number); }

  NewHousehold current_;
  int64_t first_row_ = 0;
  int64_t last_row_ = 1;
  int64_t rows_complete_ = 0;
  bool broken_ = false;
  std::vector<Item> items_;
  households::FoundBy found_by_;
  std::set<uint64_t> seen_;
  std::map<AreaCode, std::string> areas_;  // to what is wrong with it
};

}  // namespace

std::unique_ptr<Importer> NewHouseholdImporter() { return std::make_unique<HouseholdImporter>(); }

}  // namespace huiyin::imports
