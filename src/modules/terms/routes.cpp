// SPDX-License-Identifier: EUPL-1.2
#include "modules/terms/due_json.h"
#include "modules/terms/preview.h"
#include "modules/terms/rule_json.h"
#include "modules/terms/store.h"

namespace huiyin::terms {
namespace {

constexpr int kPriority = 50;  // of a county's own rule, before the shipped ones
constexpr int kFirstYear = 1990;
constexpr int kLastYear = 2199;

// The last day a version holds: the day before the next version of its key.
std::optional<Date> HoldsUntil(const std::vector<Rule>& rules, const Rule& rule) {
  std::optional<Date> until;
  for (const Rule& other : rules) {
    if (other.key != rule.key || other.version_from <= rule.version_from) continue;
    if (!until || other.version_from - 1 < *until) until = other.version_from - 1;
  }
  return until;
}

void WriteStrings(JsonWriter& w, std::string_view name, const std::vector<std::string>& strings) {
  w.Key(name).BeginArray();
  for (const std::string& text : strings) w.Value(text);
  w.EndArray();
}

void WriteRule(JsonWriter& w, const std::vector<Rule>& rules, const Rule& rule) {
  w.BeginObject()
      .Field("key", rule.key)
      .Field("step", rule.step)
      .Field("holds_from", rule.version_from)
      .OptField("holds_until", HoldsUntil(rules, rule));
  if (!rule.region.empty()) w.Field("area_code", rule.region);
  if (!rule.category.empty()) w.Field("category", rule.category);
  WriteStrings(w, "kinds", rule.kinds);
  WriteStrings(w, "channels", rule.channels);
  w.Field("by_key_only", rule.is_by_key_only).Field("priority", rule.priority);
  w.Key("term").BeginObject().Field("days", rule.amount);
  w.Field("unit", std::string(UnitText(rule.unit)) + "s").EndObject();
  if (!rule.extends_by.empty()) w.Field("extended_by", rule.extends_by);
  w.Field("needs_approval", rule.needs_approval);
  WriteStrings(w, "pauses", rule.pauses);
  if (rule.is_repealed) w.Field("repealed", true);
  w.Field("article", rule.article).Field("text_zh", rule.text_zh).Field("text_en", rule.text_en);
  w.EndObject();
}

http::Response ListRules(Context& ctx) {
  const auto terms = Of(ctx.tx, ctx.county);
  const auto key = ctx.Query("key", 64);
  const auto area = ctx.Query("area", 15);
  const auto cursor = ctx.Query("cursor", 500);
  const auto limit = static_cast<size_t>(ctx.QueryLimit(100));
  const std::string after = cursor ? DecodeCursor(*cursor) : "";
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  size_t count = 0;
  std::string last;
  bool is_more = false;
  for (const Rule& rule : terms->rules) {
    if (key && rule.key != *key) continue;
    const auto until = HoldsUntil(terms->rules, rule);
    if (!key && until && *until < ctx.Today()) continue;
    if (area && !area->starts_with(rule.region) && !std::string_view(rule.region).starts_with(*area)) continue;
    const std::string place = rule.key + " " + FormatDate(rule.version_from);
    if (!after.empty() && place <= after) continue;
    if (count == limit) {
      is_more = true;
      break;
    }
    WriteRule(w, terms->rules, rule);
    last = place;
    ++count;
  }
  w.EndArray().Key("next_cursor");
  if (is_more) w.Value(EncodeCursor(last));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

Rule ReadRule(Context& ctx) {
  Fields in = ctx.Input();
  auto [rule, priority] = ReadRuleInput(in);
  // A new version stands where the one before it stood, unless it says otherwise.
  const auto held = Of(ctx.tx, ctx.county);
  const Rule* before = FindRule(held->rules, rule.key, rule.version_from);
  rule.priority = priority.value_or(before == nullptr ? kPriority : before->priority);
  if (!rule.extends_by.empty()) {
    const bool is_known = std::any_of(held->rules.begin(), held->rules.end(), [&, key = rule.key, by = rule.extends_by](const Rule& other) {
      return other.key == by && other.key != key;
    });
    if (!is_known) in.Refuse("extended_by", "unknown_rule");
  }
  in.Done();
  return rule;
}

http::Response CreateRule(Context& ctx) {
  RequireMay(ctx.actor, Action::kSettingsEdit, {});
  const Rule rule = ReadRule(ctx);
  AddRule(ctx, rule);
  ctx.Record("rule.added", "rule", ctx.NewId<EventId>(), ToJson(rule));
  JsonWriter w = ctx.Writer();
  WriteRule(w, Of(ctx.tx, ctx.county)->rules, rule);
  return JsonReply(201, w);
}

// The rule as it would be, and what that changes; nothing is written.
http::Response ShowPreview(Context& ctx, const Rule& rule) {
  const auto held = Of(ctx.tx, ctx.county);
  const Preview preview = PreviewRule(held->rules, rule, held->calendar, ctx.zone);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("rule");
  WriteRule(w, held->rules, rule);
  if (preview.replaces != nullptr) {
    w.Key("replaces");
    WriteRule(w, held->rules, *preview.replaces);
  }
  w.Key("samples").BeginArray();
  for (const Sample& sample : preview.samples) {
    w.BeginObject().Field("start", sample.start);
    if (sample.due_before) w.Field("due_before", *sample.due_before);
    if (!rule.is_repealed) w.Field("due_after", sample.due_after);
    if (sample.is_estimated) w.Field("estimated", true);
    w.EndObject();
  }
  w.EndArray();
  WriteStrings(w, "outranked", preview.outranked);
  WriteStrings(w, "outranks", preview.outranks);
  // A matter keeps the version it started under.
  w.Field("running", RunningUnder() ? RunningUnder()(ctx, rule.key) : 0).EndObject();
  return JsonReply(200, w);
}

http::Response PostPreview(Context& ctx) {
  RequireMay(ctx.actor, Action::kSettingsEdit, {});
  return ShowPreview(ctx, ReadRule(ctx));
}

// The key without a term from a day on: the version in force with nothing else changed.
Rule ReadRepeal(Context& ctx) {
  Fields in = ctx.Input();
  const Date from = in.NeedDay("holds_from");
  const std::string article = in.NeedText("article", 200);
  in.Done();
  const auto held = Of(ctx.tx, ctx.county);
  const Rule* rule = FindRule(held->rules, ctx.Param("key"), from);
  if (rule == nullptr) NotFound();
  Rule repeal = *rule;
  repeal.version_from = from;
  repeal.article = article;
  repeal.is_repealed = true;
  return repeal;
}

http::Response Repeal(Context& ctx) {
  RequireMay(ctx.actor, Action::kSettingsEdit, {});
  const Rule repeal = ReadRepeal(ctx);
  AddRule(ctx, repeal);
  ctx.Record("rule.repealed", "rule", ctx.NewId<EventId>(), ToJson(repeal));
  JsonWriter w = ctx.Writer();
  WriteRule(w, Of(ctx.tx, ctx.county)->rules, repeal);
  return JsonReply(201, w);
}

http::Response Explain(Context& ctx) {
  const auto from = ctx.Query("from", 40);
  if (!from) Invalid("from", "required");
  const auto start = ParseLocal(*from, ctx.zone);
  if (!start) Invalid("from", "not_a_date", "YYYY-MM-DD or YYYY-MM-DDTHH:MM");
  const auto terms = Of(ctx.tx, ctx.county);
  const Rule* rule = FindRule(terms->rules, ctx.Param("key"), LocalDate(*start, ctx.zone));
  if (rule == nullptr) NotFound();
  const Working working = DueAt(*rule, *start, terms->calendar, ctx.zone);
  JsonWriter w = ctx.Writer();
  w.BeginObject()
      .Field("rule", rule->key)
      .Field("from", *from)
      .Field("holds_from", rule->version_from)
      .Field("due_at", working.due)
      .RawField("working", WorkingJson(working))
      .EndObject();
  return JsonReply(200, w);
}

size_t CountOf(const CalendarYear& year, DayKind kind) {
  return static_cast<size_t>(std::count_if(year.days.begin(), year.days.end(),
                                           [&](const Day& day) { return day.kind == kind; }));
}

http::Response ListCalendars(Context& ctx) {
  const auto terms = Of(ctx.tx, ctx.county);
  std::vector<int> years = terms->calendar.KnownYears();
  // The year to come is listed before it is known, so that its absence is seen.
  const int next = ctx.Today().Year() + 1;
  if (!terms->calendar.Knows(next)) years.push_back(next);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const int number : years) {
    const CalendarYear* year = terms->calendar.Find(number);
    w.BeginObject().Field("year", number).Field("known", year != nullptr);
    w.Field("holidays", year == nullptr ? 0 : CountOf(*year, DayKind::kHoliday));
    w.Field("makeup_workdays", year == nullptr ? 0 : CountOf(*year, DayKind::kMakeUpWorkday));
    if (const std::string source = SourceOf(ctx.tx, ctx.county, number); !source.empty()) w.Field("source", source);
    w.EndObject();
  }
  w.EndArray().Key("next_cursor").Null().EndObject();
  return JsonReply(200, w);
}

int PathYear(const Context& ctx) {
  const int year = ParseCount(std::string(ctx.Param("year")), kFirstYear, kLastYear);
  if (year < 0) NotFound();
  return year;
}

http::Response ShowYear(Context& ctx, int number) {
  const auto terms = Of(ctx.tx, ctx.county);
  const CalendarYear* year = terms->calendar.Find(number);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Field("year", number).Field("known", year != nullptr);
  const auto write = [&](std::string_view name, DayKind kind) {
    w.Key(name).BeginArray();
    if (year != nullptr) {
      for (const Day& day : year->days) {
        if (day.kind == kind) w.BeginObject().Field("date", day.date).Field("name", day.name_zh).EndObject();
      }
    }
    w.EndArray();
  };
  write("holidays", DayKind::kHoliday);
  write("makeup_workdays", DayKind::kMakeUpWorkday);
  if (const std::string source = SourceOf(ctx.tx, ctx.county, number); !source.empty()) w.Field("source", source);
  if (year != nullptr) w.Field("revision", year->edition);
  w.EndObject();
  return JsonReply(200, w, year == nullptr ? std::nullopt : std::optional(year->edition));
}

http::Response GetCalendar(Context& ctx) { return ShowYear(ctx, PathYear(ctx)); }

http::Response PutCalendar(Context& ctx) {
  RequireMay(ctx.actor, Action::kSettingsEdit, {});
  const int number = PathYear(ctx);
  const int64_t edition = Of(ctx.tx, ctx.county)->calendar.Edition(number);
  if (ctx.request.Header("if-match") && ctx.IfMatch() != edition) {
    Problem stale(412, "stale");
    stale.extra["revision"] = edition;
    stale.extra["changes"] = json::array();
    throw stale;
  }
  Fields in = ctx.Input();
  CalendarYear year = ReadCalendarInput(in, number);
  const std::string source = in.Text("source", 500).value_or("");
  in.Done();
  // An empty year would silently turn every holiday into a workday.
  if (year.days.empty()) Invalid("holidays", "required", "a calendar names at least one day");
  PutYear(ctx, std::move(year), source);
  ctx.Record("calendar.loaded", "calendar", ctx.NewId<EventId>(), {{"year", number}, {"edition", edition + 1}});
  return ShowYear(ctx, number);
}

}  // namespace

Module Describe() {
  return {.name = "terms",
          .routes = {
              {.method = "GET", .pattern = "/api/v1/rules", .action = Action::kSettingsRead, .handle = ListRules},
              {.method = "POST", .pattern = "/api/v1/rules", .action = Action::kSettingsEdit, .handle = CreateRule},
              {.method = "POST", .pattern = "/api/v1/rules/preview", .action = Action::kSettingsEdit, .handle = PostPreview, .reads_only = true},
              {.method = "POST", .pattern = "/api/v1/rules/{key}/repeal", .action = Action::kSettingsEdit, .handle = Repeal},
              {.method = "GET", .pattern = "/api/v1/rules/{key}/explanation", .action = Action::kSettingsRead, .handle = Explain},
              {.method = "GET", .pattern = "/api/v1/calendars", .action = Action::kSettingsRead, .handle = ListCalendars, .is_reference = true},
              {.method = "GET", .pattern = "/api/v1/calendars/{year}", .action = Action::kSettingsRead, .handle = GetCalendar, .is_reference = true},
              {.method = "PUT", .pattern = "/api/v1/calendars/{year}", .action = Action::kSettingsEdit, .handle = PutCalendar},
          }};
}

}  // namespace huiyin::terms
