// SPDX-License-Identifier: EUPL-1.2
#include "modules/terms/store.h"

#include <mutex>
#include <stdexcept>

#include "modules/terms/shipped.h"

namespace huiyin::terms {
namespace {

constexpr db::Sql kEdition{"terms.edition", "SELECT edition FROM term_editions WHERE county = $1"};
constexpr db::Sql kSetEdition{"terms.set_edition", R"sql(
  INSERT INTO term_editions (county, edition) VALUES ($1, $2)
  ON CONFLICT (county) DO UPDATE SET edition = excluded.edition
)sql"};
constexpr db::Sql kRules{"terms.rules", R"sql(
  SELECT doc FROM term_rules WHERE county = $1 ORDER BY key, version_from
)sql"};
constexpr db::Sql kInsertRule{"terms.insert_rule", R"sql(
  INSERT INTO term_rules (county, key, version_from, step, doc, created_at)
  VALUES ($1, $2, $3, $4, $5, $6)
)sql"};
constexpr db::Sql kYears{"terms.years", R"sql(
  SELECT year, edition, days FROM calendar_years WHERE county = $1 ORDER BY year, edition
)sql"};
constexpr db::Sql kInsertYear{"terms.insert_year", R"sql(
  INSERT INTO calendar_years (county, year, edition, days, source, loaded_at)
  VALUES ($1, $2, $3, $4, $5, $6)
)sql"};
constexpr db::Sql kSource{"terms.source", R"sql(
  SELECT source FROM calendar_years WHERE county = $1 AND year = $2 ORDER BY edition DESC LIMIT 1
)sql"};

// The county's terms as last read, under the edition they were read at. An edition is a
// hash of all that was added, so equal editions are equal terms whatever database they
// were read from.
struct Cached {
  std::string edition;
  std::shared_ptr<const Terms> terms;
};
std::mutex cache_mutex;
std::map<County, Cached> cache;

std::vector<std::function<void(Context&)>>& Listeners() {
  static std::vector<std::function<void(Context&)>> listeners;
  return listeners;
}

std::vector<std::string> Strings(const json::value& list) {
  std::vector<std::string> strings;
  for (const json::value& item : list.as_array()) strings.emplace_back(item.as_string());
  return strings;
}

json::array Array(const std::vector<std::string>& strings) {
  return json::array(strings.begin(), strings.end());
}

std::string DaysJson(const CalendarYear& year) {
  json::array days;
  for (const Day& day : year.days) {
    days.push_back(json::array{day.date.days, day.kind == DayKind::kHoliday, day.name_zh, day.is_in_lieu});
  }
  return json::serialize(days);
}

CalendarYear YearFrom(int year, int64_t edition, std::string_view days) {
  CalendarYear read{.year = year, .edition = edition, .days = {}};
  const json::value parsed = json::parse(days);
  for (const json::value& item : parsed.as_array()) {
    const json::array& day = item.as_array();
    read.days.push_back({.date = {static_cast<int32_t>(day[0].as_int64())},
                         .kind = day[1].as_bool() ? DayKind::kHoliday : DayKind::kMakeUpWorkday,
                         .name_zh = std::string(day[2].as_string()),
                         .is_in_lieu = day[3].as_bool()});
  }
  return read;
}

std::string EditionOf(db::Tx& tx, County county) {
  return tx.One(kEdition, [](const db::Row& row) { return row.Text(0); }, county).value_or("");
}

// The new edition is the old one and what was added, hashed.
void ChangeEdition(db::Tx& tx, County county, std::string_view added) {
  const Sha256Hash next = Sha256(EditionOf(tx, county) + std::string(added));
  tx.Run(kSetEdition, county, db::Blob{AsView(next)});
}

std::shared_ptr<const Terms> Read(db::Tx& tx, County county) {
  auto terms = std::make_shared<Terms>(Shipped());
  tx.Rows(kRules, [&](const db::Row& row) {
    Rule rule = RuleFromJson(json::parse(row.View(0)).as_object());
    const auto same = std::find_if(terms->rules.begin(), terms->rules.end(), [&](const Rule& other) {
      return other.key == rule.key && other.version_from == rule.version_from;
    });
    if (same != terms->rules.end()) *same = std::move(rule);
    else terms->rules.push_back(std::move(rule));
  }, county);
  std::sort(terms->rules.begin(), terms->rules.end(), [](const Rule& a, const Rule& b) {
    return std::tie(a.key, a.version_from) < std::tie(b.key, b.version_from);
  });
  tx.Rows(kYears, [&](const db::Row& row) {
    terms->calendar.Put(YearFrom(static_cast<int>(row.Int(0)), row.Int(1), row.View(2)));
  }, county);
  return terms;
}

}  // namespace

const Terms& Shipped() {
  static const Terms shipped = [] {
    Terms terms;
    RulesReading rules = ReadRules(kShippedRules);
    if (!rules.errors.empty()) throw std::logic_error("the shipped rules cannot be read");
    terms.rules = std::move(rules.rules);
    for (int i = 0; i < kShippedYearCount; ++i) {
      CalendarYearReading year = ReadCalendarYear(kShippedYears[i].year, kShippedYears[i].csv);
      if (!year.errors.empty()) throw std::logic_error("a shipped calendar cannot be read");
      terms.calendar.Put(std::move(year.year));
    }
    return terms;
  }();
  return shipped;
}

json::object ToJson(const Rule& rule) {
  return {{"key", rule.key},
          {"version_from", rule.version_from.days},
          {"kinds", Array(rule.kinds)},
          {"by_key_only", rule.is_by_key_only},
          {"category", rule.category},
          {"channels", Array(rule.channels)},
          {"region", rule.region},
          {"step", rule.step},
          {"amount", rule.amount},
          {"unit", static_cast<int>(rule.unit)},
          {"extends_by", rule.extends_by},
          {"needs_approval", rule.needs_approval},
          {"pauses", Array(rule.pauses)},
          {"article", rule.article},
          {"text_zh", rule.text_zh},
          {"text_en", rule.text_en},
          {"priority", rule.priority},
          {"repealed", rule.is_repealed}};
}

Rule RuleFromJson(const json::object& doc) {
  const auto text = [&](std::string_view name) { return std::string(doc.at(name).as_string()); };
  const auto number = [&](std::string_view name) { return static_cast<int>(doc.at(name).as_int64()); };
  Rule rule;
  rule.key = text("key");
  rule.version_from = Date{number("version_from")};
  rule.kinds = Strings(doc.at("kinds"));
  rule.is_by_key_only = doc.at("by_key_only").as_bool();
  rule.category = text("category");
  rule.channels = Strings(doc.at("channels"));
  rule.region = text("region");
  rule.step = text("step");
  rule.amount = number("amount");
  rule.unit = static_cast<Unit>(number("unit"));
  rule.extends_by = text("extends_by");
  rule.needs_approval = doc.at("needs_approval").as_bool();
  rule.pauses = Strings(doc.at("pauses"));
  rule.article = text("article");
  rule.text_zh = text("text_zh");
  rule.text_en = text("text_en");
  rule.priority = number("priority");
  const json::value* repealed = doc.if_contains("repealed");
  rule.is_repealed = repealed != nullptr && repealed->as_bool();
  return rule;
}

std::shared_ptr<const Terms> Of(db::Tx& tx, County county) {
  static const std::shared_ptr<const Terms> shipped(&Shipped(), [](const Terms*) {});
  std::string edition = EditionOf(tx, county);
  if (edition.empty()) return shipped;
  const std::lock_guard lock(cache_mutex);
  Cached& cached = cache[county];
  if (cached.edition != edition) cached = {std::move(edition), Read(tx, county)};
  return cached.terms;
}

void AddRule(Context& ctx, const Rule& rule) {
  const auto held = Of(ctx.tx, ctx.county);
  for (const Rule& other : held->rules) {
    if (other.key == rule.key && other.version_from == rule.version_from) {
      Conflict("terms.version_exists");
    }
  }
  const std::string doc = json::serialize(ToJson(rule));
  ctx.tx.Run(kInsertRule, ctx.county, rule.key, rule.version_from, rule.step, doc, ctx.now);
  ChangeEdition(ctx.tx, ctx.county, doc);
}

void PutYear(Context& ctx, CalendarYear year, std::string_view source) {
  year.edition = Of(ctx.tx, ctx.county)->calendar.Edition(year.year) + 1;
  std::sort(year.days.begin(), year.days.end(), [](const Day& a, const Day& b) { return a.date < b.date; });
  const std::string days = DaysJson(year);
  ctx.tx.Run(kInsertYear, ctx.county, year.year, year.edition, days, source, ctx.now);
  ChangeEdition(ctx.tx, ctx.county, fmt::format("{} {} {}", year.year, year.edition, days));
  for (const auto& listener : Listeners()) listener(ctx);
}

void OnCalendarChange(std::function<void(Context&)> listener) {
  Listeners().push_back(std::move(listener));
}

std::function<int64_t(Context&, std::string_view)>& RunningUnder() {
  static std::function<int64_t(Context&, std::string_view)> counter;
  return counter;
}

void OnRunningAsked(std::function<int64_t(Context&, std::string_view)> counter) { RunningUnder() = std::move(counter); }

std::optional<Date> CalendarKnownUntil(db::Tx& tx, County county, Date today) {
  return Of(tx, county)->calendar.KnownUntil(today);
}

std::string SourceOf(db::Tx& tx, County county, int year) {
  return tx.One(kSource, [](const db::Row& row) { return row.Text(0); }, county, year).value_or("");
}

}  // namespace huiyin::terms
