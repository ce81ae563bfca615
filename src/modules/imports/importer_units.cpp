// SPDX-License-Identifier: EUPL-1.2
#include "modules/imports/importer.h"
#include "modules/org/org.h"

namespace huiyin::imports {
namespace {

const std::vector<Choice> kKinds = {
    {"leadership", {"领导机关", "领导", "党政机关", "政府"}},
    {"department", {"部门", "县直部门", "局"}},
    {"township", {"乡镇", "乡镇政府", "街道"}},
    {"village", {"村", "村委会", "社区", "居委会"}},
    {"window", {"窗口", "服务大厅", "服务站", "便民服务中心"}},
    {"supervision", {"督查", "督查室", "督办"}},
    {"audit", {"监督", "审计", "审计监督"}},
    {"other", {"其他"}},
};

class UnitImporter : public Importer {
 public:
  std::span<const Column> columns() const override {
    static const std::vector<Column> kColumns = {
        {"name", true, {"单位名称", "名称", "单位"}},
        {"area_code", true, {"区域代码", "区划代码", "所在区域"}},
        {"kind", true, {"单位类型", "类型", "类别"}},
        {"parent", false, {"上级单位", "主管单位", "上级", "parent_name"}},
        {"phone", false, {"电话", "联系电话"}},
        {"address", false, {"地址", "办公地址"}},
    };
    return kColumns;
  }

  void Take(Work& work, Cells& cells) override {
    ++rows_taken_;
    Item item{.row = cells.number()};
    org::Unit& unit = item.unit;
    unit.name = cells.NeedText("name", 100);
    unit.area_code = cells.NeedAreaCode("area_code");
    if (!cells.Has("kind")) cells.Refuse("kind", "required");
    unit.kind = cells.OneOf("kind", kKinds).value_or("other");
    item.parent = cells.Text("parent", 100).value_or("");
    unit.phone = cells.Phone("phone");
    unit.address = cells.Text("address", 200).value_or("");
    if (!cells.ok()) return;
    if (!org::FindArea(work.tx, work.county, unit.area_code)) return cells.Refuse("area_code", "unknown_area", unit.area_code);
    if (!MayIn(work, Action::kUnitsEdit, unit.area_code)) return cells.Refuse("area_code", "outside_reach", unit.area_code);
    if (!places_.emplace(std::pair(unit.area_code, unit.name), items_.size()).second) {
      return cells.Refuse("name", "duplicate", unit.name);
    }
    item.known = org::FindUnitByName(work.tx, work.county, unit.area_code, unit.name);
    unit.id = item.known ? item.known->id : UnitId(NewUuid(work.now, work.services.random));
    // A column that the file does not have leaves what is there.
    if (item.known && !cells.Has("phone")) unit.phone = item.known->phone;
    if (item.known && !cells.Has("address")) unit.address = item.known->address;
    if (item.known && item.parent.empty()) unit.parent_id = item.known->parent_id;
    items_.push_back(std::move(item));
  }

  void Finish(Work& work, const Heading& heading, Errors& errors) override {
    for (Item& item : items_) {
      if (!item.parent.empty()) {
        item.unit.parent_id = FindParent(work, item);
        if (!item.unit.parent_id) errors.Add({item.row, heading.TitleOf("parent"), "unknown_unit", item.parent});
              }
      if (!item.known) ++summary_.added;
      else if (IsSame(*item.known, item.unit)) ++summary_.same;
      else ++summary_.changed;
    }
    RefuseLoops(heading, errors);
  }

  void Apply(Context& ctx) override {
    for (Item& item : items_) {
      if (item.known && IsSame(*item.known, item.unit)) continue;
      item.unit.revision = item.known ? item.known->revision + 1 : 1;
      org::SaveUnit(ctx.tx, ctx.county, item.unit);
    }
    Drop();
  }
  size_t pending() const override { return items_.size(); }
  void Drop() override {
    items_.clear();
    places_.clear();
  }

 private:
  struct Item {
    int64_t row = 0;
    org::Unit unit;
    std::string parent;
    std::optional<org::Unit> known;
  };

  static bool IsSame(const org::Unit& a, const org::Unit& b) {
    return a.kind == b.kind && a.phone == b.phone && a.address == b.address && a.parent_id == b.parent_id && b.is_active;
  }

  // By its name, nearest first: in the unit's own area, then in those above.
  std::optional<UnitId> FindParent(Work& work, const Item& item) const {
    for (AreaCode at = item.unit.area_code; !at.empty(); at = org::ParentOf(at)) {
      if (at == item.unit.area_code && item.parent == item.unit.name) continue;
      const auto here = places_.find(std::pair(at, item.parent));
      if (here != places_.end()) return items_[here->second].unit.id;
      if (const auto known = org::FindUnitByName(work.tx, work.county, at, item.parent)) return known->id;
    }
    return std::nullopt;
  }

  void RefuseLoops(const Heading& heading, Errors& errors) const {
    std::map<UnitId, const Item*> by_id;
    for (const Item& item : items_) by_id.emplace(item.unit.id, &item);
    for (const Item& item : items_) {
      const Item* at = &item;
      for (size_t steps = 0; at != nullptr && at->unit.parent_id; ++steps) {
        if (steps > items_.size()) break;  // a loop further up, told at its own rows
        if (*at->unit.parent_id == item.unit.id) {
          errors.Add({item.row, heading.TitleOf("parent"), "below_itself", item.parent});
          break;
        }
        const auto above = by_id.find(*at->unit.parent_id);
        at = above == by_id.end() ? nullptr : above->second;
      }
    }
  }

  std::vector<Item> items_;
  std::map<std::pair<AreaCode, std::string>, size_t> places_;
};

}  // namespace

std::unique_ptr<Importer> NewUnitImporter() { return std::make_unique<UnitImporter>(); }

}  // namespace huiyin::imports
