// SPDX-License-Identifier: EUPL-1.2
// Figures of what residents say, for the unit itself and those above it: months that are
// over, so that nobody watches one judgement move a figure.
#include "core/small_numbers.h"
#include "modules/matters/categories.h"
#include "modules/matters/judgements.h"
#include "modules/org/org.h"

namespace huiyin::matters {
namespace {

constexpr int kMonths = 12;

constexpr db::Sql kOfUnit{"judgements.of_unit", R"sql(
  SELECT month, category, subject, judged, solved, rated, rated_sum, treated, treated_sum, silent FROM judgement_counts
   WHERE county = $1 AND unit_id = $2 AND month >= $3 AND month < $4 ORDER BY month DESC, category
)sql"};

struct MonthOf {
  std::vector<Cell> work;
  Cell beyond;
  int64_t silent = 0;
};

void WriteShare(JsonWriter& w, std::string_view name, int64_t sum, int64_t people) {
  if (!IsTooFew(people)) w.Field(name, static_cast<double>(sum) / static_cast<double>(people));
}

void WriteCell(JsonWriter& w, const Cell& cell) {
  w.Field("judged", cell.judged).Field("solved", cell.solved);
  WriteShare(w, "mean_rating", cell.rated_sum, cell.rated);
}

void WriteMonth(JsonWriter& w, int64_t number, const MonthOf& month, const std::vector<Category>& categories) {
  const Groups groups = Grouped(month.work);
  w.BeginObject().Field("month", fmt::format("{:04}-{:02}", number / 100, number % 100));
  w.Key("groups").BeginArray();
  for (const Cell& cell : groups.shown) {
    w.BeginObject();
    const auto known = std::find_if(categories.begin(), categories.end(), [&](const Category& c) { return c.code == cell.category; });
    if (!cell.category.empty()) w.Field("category", cell.category);
    if (known != categories.end()) w.Field("category_zh", known->zh).Field("category_en", known->en);
    WriteCell(w, cell);
    w.EndObject();
  }
  if (groups.others) {
    w.BeginObject().Field("others", true);
    WriteCell(w, *groups.others);
    w.EndObject();
  }
  w.EndArray();
  if (!IsTooFew(month.beyond.judged)) {
    w.Key("beyond").BeginObject();
    WriteCell(w, month.beyond);
    WriteShare(w, "mean_treated", month.beyond.treated_sum, month.beyond.treated);
    w.EndObject();
  }
  w.OptField("silent", ShownCount(month.silent));
  w.Field("hidden", groups.shown.empty() && !groups.others).EndObject();
}

UnitId UnitAsked(Context& ctx) {
  const auto asked = ctx.QueryId("unit");
  const UnitId id = asked ? UnitId(*asked) : ctx.actor.unit;
  if (ctx.actor.BelongsTo(id)) return id;
  const auto unit = org::FindUnit(ctx.tx, ctx.county, id);
  if (!unit) NotFound();
  RequireMay(ctx.actor, Action::kWallRead, {.area = unit->area_code});
  return id;
}

http::Response ListFigures(Context& ctx) {
  const UnitId unit = UnitAsked(ctx);
  const Date today = ctx.Today();
  const int64_t running = today.Year() * 100 + today.Month();
  const int64_t first = (today.Year() - kMonths / 12) * 100 + today.Month();
  std::map<int64_t, MonthOf, std::greater<>> months;
  ctx.tx.Rows(kOfUnit, [&](const db::Row& row) {
    MonthOf& month = months[row.Int(0)];
    Cell cell{row.Text(1), row.Int(3), row.Int(4), row.Int(5), row.Int(6), row.Int(7), row.Int(8), row.Int(9)};
    month.silent += cell.silent;
    if (row.View(2) == "beyond") {
      month.beyond.judged += cell.judged;
      month.beyond.solved += cell.solved;
      month.beyond.rated += cell.rated;
      month.beyond.rated_sum += cell.rated_sum;
      month.beyond.treated += cell.treated;
      month.beyond.treated_sum += cell.treated_sum;
    } else {
      month.work.push_back(std::move(cell));
    }
  }, ctx.county, unit, first, running);
  const auto categories = AllCategories(ctx.tx, ctx.county);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Field("unit_id", unit).Field("unit_name", org::UnitName(ctx.tx, ctx.county, unit));
  w.Field("fewest", kFewestShown).Key("items").BeginArray();
  for (const auto& [number, month] : months) WriteMonth(w, number, month, categories);
  w.EndArray().Key("next_cursor").Null().EndObject();
  return JsonReply(200, w);
}

}  // namespace

std::vector<Route> JudgementRoutes() {
  return {{.method = "GET", .pattern = "/api/v1/judgement_figures", .action = Action::kMattersHandle, .handle = ListFigures,
           .reads = Reads::kMayLag, .admit = [](Context& ctx) { UnitAsked(ctx); }}};
}

}  // namespace huiyin::matters
