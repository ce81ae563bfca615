// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/categories.h"

#include "modules/matters/levels.h"
#include "modules/org/org.h"
#include "modules/terms/csv.h"
#include "modules/terms/shipped.h"
#include "modules/terms/terms.h"

namespace huiyin::matters {
namespace {

constexpr db::Sql kAll{"matters.categories", R"sql(
  SELECT code, parent_code, zh, en, position, unit_id, rule, is_active, revision, settled_from FROM categories WHERE county = $1
)sql"};
constexpr db::Sql kFind{"matters.category", R"sql(
  SELECT code, parent_code, zh, en, position, unit_id, rule, is_active, revision, settled_from FROM categories
   WHERE county = $1 AND code = $2
)sql"};
constexpr db::Sql kSave{"matters.save_category", R"sql(
  INSERT INTO categories (county, code, parent_code, zh, en, position, unit_id, rule, is_active, revision, settled_from)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
  ON CONFLICT (county, code) DO UPDATE SET zh = excluded.zh, en = excluded.en, unit_id = excluded.unit_id,
    rule = excluded.rule, is_active = excluded.is_active, revision = excluded.revision,
    settled_from = excluded.settled_from
)sql"};


const std::vector<Category>& Shipped() {
  static const std::vector<Category> shipped = [] {
    constexpr std::array<std::string_view, 6> kColumns = {"code", "parent", "zh", "en", "order", "settled_from"};
    std::vector<Category> categories;
    for (const terms::TableRow& row : terms::ReadTable(terms::kShippedCategories, kColumns).rows) {
      categories.push_back({row.cells[0], row.cells[1], row.cells[2], row.cells[3],
                            terms::ParseCount(row.cells[4], 0, 1'000'000), {}, "", true, 1, row.cells[5]});
    }
    return categories;
  }();
  return shipped;
}

Category Read(const db::Row& row) {
  Category category = {row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Int(4),
                       row.OptRef<UnitId>(5), row.Text(6), row.Flag(7), row.Int(8), row.Text(9)};
  if (!row.IsNull(9)) return category;
  // Changed before levels were known: as shipped.
  for (const Category& shipped : Shipped()) {
    if (shipped.code == category.code) category.settled_from = shipped.settled_from;
  }
  return category;
}

bool IsCode(std::string_view text) {
  return !text.empty() && text.front() != '.' && text.back() != '.' && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
  });
}

void Write(JsonWriter& w, const Category& category) {
  w.BeginObject().Field("code", category.code);
  if (!category.parent.empty()) w.Field("parent", category.parent);
  w.Field("zh", category.zh).Field("en", category.en).OptField("unit_id", category.unit);
  if (!category.rule.empty()) w.Field("rule", category.rule);
  if (!category.settled_from.empty()) w.Field("settled_from", category.settled_from);
  w.Field("active", category.is_active).Field("revision", category.revision).EndObject();
}

http::Response List(Context& ctx) {
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const Category& category : AllCategories(ctx.tx, ctx.county)) Write(w, category);
  w.EndArray().Key("next_cursor").Null().EndObject();
  return JsonReply(200, w);
}

void CheckRule(Context& ctx, Fields& in, const std::string& rule) {
  if (rule.empty()) return;
  if (terms::FindRule(terms::Of(ctx.tx, ctx.county)->rules, rule, ctx.Today()) == nullptr) {
    in.Refuse("rule", "unknown_rule");
  }
}

void CheckUnit(Context& ctx, Fields& in, const std::optional<UnitId>& unit) {
  if (unit && !org::FindUnit(ctx.tx, ctx.county, *unit)) in.Refuse("unit_id", "unknown_reference");
}

http::Response Reply(Context& ctx, int status, const Category& category) {
  JsonWriter w = ctx.Writer();
  Write(w, category);
  return JsonReply(status, w, category.revision);
}

http::Response Create(Context& ctx) {
  RequireMay(ctx.actor, Action::kSettingsEdit, {});
  Fields in = ctx.Input();
  Category category;
  category.code = in.NeedText("code", 64);
  if (!category.code.empty() && !IsCode(category.code)) in.Refuse("code", "not_a_code", "small letters, digits, _ and .");
  category.parent = in.Text("parent", 64).value_or("");
  category.zh = in.NeedText("zh", 100);
  category.en = in.NeedText("en", 100);
  category.unit = in.Ref<UnitId>("unit_id");
  category.rule = in.Text("rule", 64).value_or("");
  category.settled_from = in.OneOf("settled_from", SettlingLevels()).value_or("");
  category.position = 1'000'000;
  CheckRule(ctx, in, category.rule);
  CheckUnit(ctx, in, category.unit);
  if (!category.parent.empty()) {
    if (!FindCategory(ctx.tx, ctx.county, category.parent)) in.Refuse("parent", "unknown_reference");
    else if (!category.code.starts_with(category.parent + ".")) in.Refuse("code", "not_below_parent", category.parent + ".");
  }
  in.Done();
  if (FindCategory(ctx.tx, ctx.county, category.code)) Conflict("categories.exists");
  SaveCategory(ctx.tx, ctx.county, category);
  ctx.Record("category.added", "category", ctx.NewId<EventId>(), {{"code", category.code}, {"zh", category.zh}});
  return Reply(ctx, 201, category);
}

http::Response Update(Context& ctx) {
  RequireMay(ctx.actor, Action::kSettingsEdit, {});
  auto category = FindCategory(ctx.tx, ctx.county, ctx.Param("code"));
  if (!category) NotFound();
  if (ctx.IfMatch() != category->revision) {
    Problem stale(412, "stale");
    stale.extra["revision"] = category->revision;
    stale.extra["changes"] = json::array{json::object{{"field", "zh"}, {"value", category->zh}},
                                         json::object{{"field", "en"}, {"value", category->en}}};
    throw stale;
  }
  Fields in = ctx.Input();
  if (auto zh = in.Text("zh", 100)) category->zh = *zh;
  if (auto en = in.Text("en", 100)) category->en = *en;
  if (in.IsNull("unit_id")) category->unit.reset();
  if (auto unit = in.Ref<UnitId>("unit_id")) category->unit = unit;
  if (in.IsNull("rule")) category->rule.clear();
  if (auto rule = in.Text("rule", 64)) category->rule = *rule;
  if (in.IsNull("settled_from")) category->settled_from.clear();
  if (auto level = in.OneOf("settled_from", SettlingLevels())) category->settled_from = *level;
  if (auto active = in.Bool("active")) category->is_active = *active;
  CheckRule(ctx, in, category->rule);
  CheckUnit(ctx, in, category->unit);
  in.Done();
  ++category->revision;
  SaveCategory(ctx.tx, ctx.county, *category);
  ctx.Record("category.changed", "category", ctx.NewId<EventId>(), {{"code", category->code}, {"zh", category->zh}});
  return Reply(ctx, 200, *category);
}

}  // namespace

std::vector<Category> AllCategories(db::Tx& tx, County county) {
  std::vector<Category> all = Shipped();
  tx.Rows(kAll, [&](const db::Row& row) {
    Category own = Read(row);
    const auto same = std::find_if(all.begin(), all.end(), [&](const Category& c) { return c.code == own.code; });
    if (same != all.end()) *same = std::move(own);
    else all.push_back(std::move(own));
  }, county);
  std::stable_sort(all.begin(), all.end(), [](const Category& a, const Category& b) { return a.position < b.position; });
  return all;
}

std::optional<Category> FindCategory(db::Tx& tx, County county, std::string_view code) {
  if (auto own = tx.One(kFind, Read, county, code)) return own;
  for (const Category& category : Shipped()) {
    if (category.code == code) return category;
  }
  return std::nullopt;
}

void SaveCategory(db::Tx& tx, County county, const Category& c) {
  tx.Run(kSave, county, c.code, c.parent, c.zh, c.en, c.position, c.unit, c.rule, c.is_active, c.revision,
         c.settled_from);
}

void RequireCategory(Context& ctx, std::string_view code, std::string_view field) {
  const auto category = FindCategory(ctx.tx, ctx.county, code);
  if (!category || !category->is_active) Invalid(std::string(field), "unknown_category", std::string(code));
}

std::string RuleOfCategory(Context& ctx, std::string_view code) {
  while (!code.empty()) {
    const auto category = FindCategory(ctx.tx, ctx.county, code);
    if (category && !category->rule.empty()) return category->rule;
    const size_t dot = code.rfind('.');
    code = dot == std::string_view::npos ? std::string_view() : code.substr(0, dot);
  }
  return "";
}

std::vector<Route> CategoryRoutes() {
  return {
      {.method = "GET", .pattern = "/api/v1/categories", .session = Session::kNone, .handle = List, .is_reference = true},
      {.method = "POST", .pattern = "/api/v1/categories", .action = Action::kSettingsEdit, .handle = Create},
      {.method = "PATCH", .pattern = "/api/v1/categories/{code}", .action = Action::kSettingsEdit, .handle = Update},
  };
}

}  // namespace huiyin::matters
