// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/wall.h"

#include "core/small_numbers.h"
#include "modules/matters/clocks.h"
#include "modules/matters/matters.h"
#include "modules/matters/neighbours.h"
#include "modules/matters/open_counts.h"
#include "modules/org/org.h"
#include "platform/counters.h"

namespace huiyin::matters {
namespace {

void Write(JsonWriter& w, const OpenCounts& counts) {
  w.Field("open", counts.open)
      .Field("late", counts.late)
      .Field("soon", counts.soon)
      .Field("answered", counts.answered)
      .Field("reopened", counts.reopened)
      .Field("bounced", counts.bounced)
      .Field("bounced_twice", counts.bounced_twice)
      .Field("stuck", counts.stuck);
}

void WriteArea(JsonWriter& w, const org::Area& area) {
  w.Key("area").BeginObject().Field("code", area.code).Field("name", area.name).Field("level", area.level);
  if (!area.parent_code.empty()) w.Field("parent", area.parent_code);
  w.Field("revision", area.revision);
  w.EndObject();
}

struct Indicator {
  std::string_view name;
  std::string_view title_zh;
  std::string_view title_en;
  std::string_view unit;  // count share hours
  std::string_view numerator;
  std::string_view denominator;  // empty: a count
  std::string_view how_zh;
  std::string_view how_en;
  bool is_of_people = false;  // what residents said: small groups are not shown
};
constexpr std::array<Indicator, 10> kIndicators = {{
    {"matters_received", "收到诉求", "Matters received", "count", "matters.received", "", "当月登记的诉求件数",
     "Matters registered in the month"},
    {"matters_answered", "已答复", "Matters answered", "count", "matters.answered", "", "当月作出的答复件数",
     "Answers given in the month"},
    {"answered_in_time", "按时答复率", "Answered in time", "share", "matters.answered_in_time", "matters.answered",
     "当月答复中未超过时限的比例", "Share of the month's answers given within the term"},
    {"answer_hours", "平均答复用时", "Mean time to answer", "hours", "matters.answer_hours", "matters.answered",
     "从群众第一次说起到答复的小时数，按当月答复平均", "Hours from the first words to the answer, over the month's answers"},
    {"solved", "群众认为已解决", "Solved, say residents", "share", "matters.solved", "matters.judged",
     "当月作出评价的群众中说“已解决”的比例；没有评价的不算", "Share of those who judged in the month; silence is not counted", true},
    {"reopened", "重新办理", "Reopened", "count", "matters.reopened", "", "群众说没有解决而重新办理的件数",
     "Matters opened again because the resident said unsolved"},
    {"silent", "到期未表态", "Silence", "count", "matters.silent", "", "评价期满没有表态的件数，不算满意",
     "Matters nobody judged within the term; not counted as satisfaction"},
    {"returned", "退回次数", "Returns", "count", "matters.returned", "", "单位提出“不归我管”的次数",
     "Times a unit said it was not theirs"},
    {"appealed", "申请复查", "Appeals", "count", "matters.appealed", "", "对答复不服、请上一级再看的件数，记在原答复单位名下",
     "Appeals, counted against the office that answered"},
    {"withdrawn", "群众撤回", "Withdrawn", "count", "matters.withdrawn", "", "群众自己撤回的件数", "Matters residents withdrew"},
}};

CountedFigure KindOf(const Indicator& indicator) {
  return {.name = indicator.name, .title_zh = indicator.title_zh, .title_en = indicator.title_en, .unit = indicator.unit,
          .is_of_people = indicator.is_of_people};
}

CountedFigure Count(db::Tx& tx, County county, const Indicator& indicator, const AreaCode& area, Date month) {
  CountedFigure figure = KindOf(indicator);
  figure.numerator = counters::Sum(tx, county, indicator.numerator, month, area);
  if (!indicator.denominator.empty()) figure.denominator = counters::Sum(tx, county, indicator.denominator, month, area);
  return figure;
}

void WriteIndicator(Context& ctx, JsonWriter& w, const Indicator& indicator, const AreaCode& area,
                    const std::string& area_name, Date month) {
  const CountedFigure figure = Count(ctx.tx, ctx.county, indicator, area, month);
  const bool is_share = figure.unit != "count";
  const bool is_hidden = figure.is_of_people && IsTooFew(figure.denominator);
  w.BeginObject().Field("name", indicator.name).Field("title_zh", indicator.title_zh);
  w.Field("title_en", indicator.title_en).Field("area_code", area).Field("area_name", area_name);
  w.Field("month", fmt::format("{:04}-{:02}", month.Year(), month.Month())).Field("unit", indicator.unit);
  if (!is_hidden && is_share) {
    if (figure.denominator > 0) w.Field("value", static_cast<double>(figure.numerator) / static_cast<double>(figure.denominator));
    w.Field("numerator", figure.numerator).Field("denominator", figure.denominator);
  }
  if (!is_share) w.Field("value", figure.numerator);
  w.Field("hidden", is_hidden).Field("how_zh", indicator.how_zh).Field("how_en", indicator.how_en).EndObject();
}

Date ReadMonth(Context& ctx) {
  const auto text = ctx.Query("month", 7);
  if (!text) return ctx.Today();
  const auto first = ParseDate(*text + "-01");
  if (!first || text->size() != 7) Invalid("month", "not_a_month", "YYYY-MM");
  return *first;
}

}  // namespace

std::vector<CountedFigure> FigureKinds() {
  std::vector<CountedFigure> kinds;
  for (const Indicator& indicator : kIndicators) kinds.push_back(KindOf(indicator));
  return kinds;
}

std::vector<CountedFigure> CountedFigures(db::Tx& tx, County county, std::string_view area, Date month) {
  std::vector<CountedFigure> figures;
  for (const Indicator& indicator : kIndicators) figures.push_back(Count(tx, county, indicator, AreaCode(area), month));
  return figures;
}

http::Response ShowWall(Context& ctx) {
  const AreaCode code = AreaFor(ctx.actor, Action::kWallRead, ctx.Query("area", 15).value_or(""));
  const auto area = org::FindArea(ctx.tx, ctx.county, code);
  if (!area) NotFound();
  const Wall wall = WallOf(ctx.tx, ctx.county, code, ctx.now, SoonUntil(ctx));
  const auto names = org::UnitNames(ctx.tx, ctx.county);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Field("at", ctx.AsOf());
  WriteArea(w, *area);
  w.Key("total").BeginObject();
  Write(w, wall.total);
  w.EndObject().Key("by_area").BeginArray();
  for (const auto& [child, counts] : wall.by_area) {
    w.BeginObject().Field("area_code", child).Field("area_name", org::AreaName(ctx.tx, ctx.county, child));
    w.Field("only_here", child == code);
    Write(w, counts);
    w.EndObject();
  }
  w.EndArray().Key("by_unit").BeginArray();
  auto name = names.begin();  // both in the order of the ids
  for (const auto& [unit, counts] : wall.by_unit) {
    while (name != names.end() && name->first < unit) ++name;
    const bool is_named = name != names.end() && name->first == unit;
    w.BeginObject().Field("unit_id", unit).Field("unit_name", is_named ? std::string_view(name->second) : std::string_view());
    Write(w, counts);
    w.EndObject();
  }
  w.EndArray().EndObject();
  return JsonReply(200, w);
}

http::Response ListIndicators(Context& ctx) {
  const auto name = ctx.Query("name", 64);
  const AreaCode area = AreaFor(ctx.actor, Action::kWallRead, ctx.Query("area", 15).value_or(""));
  const Date month = ReadMonth(ctx);
  const bool is_known = !name || std::any_of(kIndicators.begin(), kIndicators.end(),
                                             [&](const Indicator& i) { return i.name == *name; });
  if (!is_known) Invalid("name", "unknown_value");
  const std::string area_name = org::AreaName(ctx.tx, ctx.county, area);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const Indicator& indicator : kIndicators) {
    if (!name || indicator.name == *name) WriteIndicator(ctx, w, indicator, area, area_name, month);
  }
  w.EndArray().Key("next_cursor").Null().EndObject();
  return JsonReply(200, w);
}

}  // namespace huiyin::matters
