// SPDX-License-Identifier: EUPL-1.2
#include "core/text.h"
#include "modules/imports/importer.h"
#include "modules/org/org.h"

namespace huiyin::imports {
namespace {

const std::vector<Choice> kRoles = {
    {"liaison", {"联系干部", "结对干部", "联络员", "网格员"}},
    {"clerk", {"窗口", "窗口人员", "受理员", "接访员"}},
    {"handler", {"承办", "承办人", "承办人员"}},
    {"supervisor", {"督查", "督查员", "督办员"}},
    {"leader", {"领导", "领导干部"}},
    {"auditor", {"监督", "审计", "监督员", "审计员"}},
    {"administrator", {"管理员", "系统管理员"}},
};

class OfficerImporter : public Importer {
 public:
  std::span<const Column> columns() const override {
    static const std::vector<Column> kColumns = {
        {"name", true, {"姓名", "名字"}},
        {"login", true, {"登录名", "账号", "帐号", "用户名"}},
        {"unit", true, {"单位", "单位名称", "所在单位", "unit_name"}},
        {"unit_area_code", false, {"单位区域代码", "单位区划代码"}},
        {"post", false, {"职务", "岗位"}},
        {"phone", false, {"电话", "手机", "联系电话", "手机号"}},
        {"rank", false, {"职级", "级别"}},
        {"languages", false, {"语言"}},
        {"roles", false, {"角色", "role"}},
        {"role_area_code", false, {"角色区域", "负责区域", "负责区域代码", "区域代码", "area_code"}},
    };
    return kColumns;
  }

  void Take(Work& work, Cells& cells) override {
    ++rows_taken_;
    Item item;
    org::Officer& officer = item.officer;
    officer.name = cells.NeedText("name", 100);
    officer.login = LowerAscii(cells.NeedText("login", 64));
    if (!officer.login.empty() && !org::IsLogin(officer.login)) cells.Refuse("login", "not_a_login", "a-z 0-9 . _ -, 2 - 64");
    const auto unit = FindUnit(work, cells);
    if (!cells.ok() || !unit) return;
    if (!logins_.insert(officer.login).second) return cells.Refuse("login", "duplicate", officer.login);
    if (!MayIn(work, Action::kOfficersEdit, unit->area_code)) return cells.Refuse("unit", "outside_reach", unit->name);
    officer.unit_id = unit->id;
    if (!FindKnown(work, cells, item)) return;
    ReadRest(work, cells, item);
    ReadRoles(work, cells, item, *unit);
    if (cells.ok()) Keep(work, std::move(item));
  }

  void Apply(Context& ctx) override {
    for (const Item& item : items_) {
      org::Officer officer = item.officer;
      if (!item.known) {
        const auto made = passwords_.find(officer.login);
        org::SaveOfficer(ctx.tx, ctx.county, officer, made == passwords_.end() ? "" : made->second, true, ctx.now);
      } else {
        officer.revision = item.known->revision + 1;
        org::SaveOfficer(ctx.tx, ctx.county, officer, "", false, ctx.now);
      }
      for (const HeldRole& role : item.new_roles) {
        org::AddRole(ctx.tx, ctx.county, ctx.NewId<RoleId>(), officer.id, role);
        ctx.Record("officer.role_granted", "officer", officer.id,
                   {{"role", RoleName(role.role)}, {"area_code", role.area}});
      }
    }
    Drop();
  }
  size_t pending() const override { return items_.size(); }
  void Drop() override {
    items_.clear();
    logins_.clear();
  }

  std::vector<std::string> NeedPasswords() const override {
    std::vector<std::string> logins;
    for (const Item& item : items_) {
      if (!item.known) logins.push_back(item.officer.login);
    }
    return logins;
  }
  void GivePasswords(std::vector<NewPasswordOf> passwords) override {
    for (NewPasswordOf& each : passwords) passwords_.emplace(std::move(each.login), std::move(each.hash));
  }

 private:
  struct Item {
    org::Officer officer;
    std::optional<org::Officer> known;
    std::vector<HeldRole> new_roles;
  };

  // By name and, where several units are called so, by area.
  std::optional<org::Unit> FindUnit(Work& work, Cells& cells) {
    const std::string name = cells.NeedText("unit", 100);
    const AreaCode area = cells.Has("unit_area_code") ? cells.NeedAreaCode("unit_area_code") : "";
    if (name.empty()) return std::nullopt;
    const auto units = org::FindUnitsByName(work.tx, work.county, name);
    std::vector<org::Unit> fitting;
    for (const org::Unit& unit : units) {
      if (unit.is_active && (area.empty() || unit.area_code == area)) fitting.push_back(unit);
    }
    if (fitting.empty()) cells.Refuse("unit", "unknown_unit", name);
    else if (fitting.size() > 1) cells.Refuse("unit", "several_units", "unit_area_code");
    else return fitting.front();
    return std::nullopt;
  }

  bool FindKnown(Work& work, Cells& cells, Item& item) {
    const auto place = org::FindLogin(work.tx, item.officer.login);
    if (!place) {
      item.officer.id = OfficerId(NewUuid(work.now, work.services.random));
      return true;
    }
    if (place->county != work.county) {
      cells.Refuse("login", "taken", item.officer.login);
      return false;
    }
    item.known = org::FindOfficer(work.tx, work.county, place->officer);
    for (const org::RoleRow& row : org::RolesOf(work.tx, work.county, place->officer)) {
      if (MayIn(work, Action::kOfficersEdit, row.held.area)) continue;
      cells.Refuse("login", "holds_wider_role", item.officer.login);
      return false;
    }
    const std::string name = item.officer.name;
    const UnitId unit = item.officer.unit_id;
    item.officer = *item.known;
    item.officer.name = name;
    item.officer.unit_id = unit;
    return true;
  }

  void ReadRest(Work& work, Cells& cells, Item& item) {
    org::Officer& officer = item.officer;
    if (cells.Has("post")) officer.post = cells.Text("post", 100).value_or("");
    if (cells.Has("phone")) officer.phone = cells.Phone("phone");
    if (cells.Has("languages")) {
      officer.languages = cells.List("languages", 20, 35);
      for (std::string& language : officer.languages) {
        if (language == "汉语" || language == "普通话" || language == "中文") language = "zh";
        else if (language == "藏语" || language == "藏文") language = "bo";
        else if (language == "彝语") language = "ii";
        if (!IsLanguageTag(language)) cells.Refuse("languages", "not_a_language", language);
      }
    }
    if (cells.Has("rank")) {
      std::vector<Choice> ranks;
      if (!settings_) settings_ = org::Settings(work.tx, work.county);
      for (const org::Quota& quota : settings_->quotas) ranks.push_back({quota.rank, {quota.label_zh, quota.label_en}});
      officer.post_rank = cells.OneOf("rank", ranks).value_or("");
    }
  }

  void ReadRoles(Work& work, Cells& cells, Item& item, const org::Unit& unit) {
    const AreaCode area = cells.Has("role_area_code") ? cells.NeedAreaCode("role_area_code") : unit.area_code;
    const auto names = cells.List("roles", 7, 40);
    if (names.empty() || area.empty()) return;
    if (!org::FindArea(work.tx, work.county, area)) return cells.Refuse("role_area_code", "unknown_area", area);
    if (!IsWithin(area, unit.area_code)) return cells.Refuse("role_area_code", "outside_unit_area", unit.area_code);
    if (!MayIn(work, Action::kOfficersEdit, area)) return cells.Refuse("role_area_code", "area_too_wide", area);
    for (const std::string& name : names) {
      const auto role = RoleCalled(name);
      if (!role) cells.Refuse("roles", "unknown_value", name);
      else item.new_roles.push_back({*role, unit.id, area});
    }
  }

  static std::optional<Role> RoleCalled(const std::string& name) {
    for (const Choice& choice : kRoles) {
      const bool fits = choice.code == LowerAscii(name) ||
                        std::find(choice.names.begin(), choice.names.end(), name) != choice.names.end();
      if (fits) return ParseRole(choice.code);
    }
    return std::nullopt;
  }

  void Keep(Work& work, Item item) {
    if (item.known) {
      const auto held = org::RolesOf(work.tx, work.county, item.known->id);
      std::erase_if(item.new_roles, [&](const HeldRole& role) {
        return std::any_of(held.begin(), held.end(), [&](const org::RoleRow& row) {
          return row.held.role == role.role && row.held.unit == role.unit && row.held.area == role.area;
        });
      });
      const org::Officer& a = item.officer;
      const org::Officer& b = *item.known;
      const bool same = a.name == b.name && a.unit_id == b.unit_id && a.post == b.post && a.phone == b.phone &&
                        a.post_rank == b.post_rank && a.languages == b.languages && item.new_roles.empty();
      ++(same ? summary_.same : summary_.changed);
      if (same) return;
    } else {
      ++summary_.added;
    }
    items_.push_back(std::move(item));
  }

  std::vector<Item> items_;
  std::set<std::string> logins_;
  std::map<std::string, std::string> passwords_;  // login to hash
  std::optional<org::CountySettings> settings_;
};

}  // namespace

std::unique_ptr<Importer> NewOfficerImporter() { return std::make_unique<OfficerImporter>(); }

}  // namespace huiyin::imports
