// SPDX-License-Identifier: EUPL-1.2
#include "modules/imports/importer.h"
#include "modules/org/org.h"

namespace huiyin::imports {
namespace {

class AreaImporter : public Importer {
 public:
  std::span<const Column> columns() const override {
    static const std::vector<Column> kColumns = {
        {"code", true, {"代码", "区域代码", "区划代码", "行政区划代码", "area_code"}},
        {"name", true, {"名称", "区域名称", "区划名称", "area_name"}},
    };
    return kColumns;
  }

  void Take(Work& work, Cells& cells) override {
    ++rows_taken_;
    const std::string code = cells.NeedAreaCode("code");
    const std::string name = cells.NeedText("name", 100);
    if (code.empty() || name.empty() || !cells.ok()) return;
    if (code.size() <= 6 || !IsWithin(code, FormatCounty(work.county))) {
      return cells.Refuse("code", "outside_county", code);
    }
    if (!MayIn(work, Action::kAreasEdit, code)) return cells.Refuse("code", "outside_reach", code);
    const auto [entry, added] = names_.emplace(code, name);
    if (!added) return cells.Refuse("code", "duplicate", code);
    rows_.emplace(code, cells.number());
    const auto known = org::FindArea(work.tx, work.county, code);
    if (!known) ++summary_.added;
    else if (known->name != name) ++summary_.changed;
    else ++summary_.same;
  }

  void Finish(Work& work, const Heading& heading, Errors& errors) override {
    for (const auto& [code, row] : rows_) {
      const AreaCode above = org::ParentOf(code);
      if (!names_.contains(above) && !org::FindArea(work.tx, work.county, above)) {
        errors.Add({row, heading.TitleOf("code"), "unknown_parent", above});
      }
    }
  }

  void Apply(Context& ctx) override {
    for (const auto& [code, name] : names_) {
      org::SaveArea(ctx.tx, ctx.county, {code, name, std::string(org::LevelOf(code)), org::ParentOf(code)});
    }
    Drop();
  }
  size_t pending() const override { return names_.size(); }
  void Drop() override {
    names_.clear();
    rows_.clear();
  }

 private:
  std::map<AreaCode, std::string> names_;  // parents before children: they are shorter
  std::map<AreaCode, int64_t> rows_;
};

}  // namespace

std::unique_ptr<Importer> NewAreaImporter() { return std::make_unique<AreaImporter>(); }

}  // namespace huiyin::imports
