// SPDX-License-Identifier: EUPL-1.2
#include "modules/terms/cli.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/json.h"
#include "modules/terms/due.h"
#include "modules/terms/due_json.h"
#include "modules/terms/load.h"

namespace huiyin::terms {
namespace {

constexpr int kUnusable = 2;

// False, with every mistake told, when a table cannot be trusted.
bool Load(const CliSetting& setting, Shipped& shipped, std::string& err) {
  shipped = LoadShipped(setting.data);
  for (const FileError& error : shipped.errors) {
    err += fmt::format("{}/{}\n", setting.data.string(), ErrorLine(error));
  }
  return shipped.errors.empty();
}

std::string Joined(const std::vector<std::string>& parts, std::string_view if_none) {
  return parts.empty() ? std::string(if_none) : fmt::format("{}", fmt::join(parts, ";"));
}

std::string ListJson(const Shipped& shipped) {
  JsonWriter json;
  json.BeginObject().Key("items").BeginArray();
  for (const Rule& rule : shipped.rules) {
    json.BeginObject().Field("key", rule.key).Field("version_from", rule.version_from);
    json.Field("kind", Joined(rule.kinds, rule.is_by_key_only ? "none" : "all"));
    json.Field("category", rule.category).Field("channel", Joined(rule.channels, ""));
    json.Field("region", rule.region).Field("step", rule.step);
    json.Field("amount", rule.amount).Field("unit", UnitText(rule.unit));
    json.Field("extends_by", rule.extends_by).Field("approval", rule.needs_approval);
    json.Field("pauses", Joined(rule.pauses, "")).Field("article", rule.article);
    json.Field("text_zh", rule.text_zh).Field("text_en", rule.text_en);
    json.Field("priority", rule.priority).EndObject();
  }
  json.EndArray().Key("calendar_years").BeginArray();
  for (const int year : shipped.calendar.KnownYears())
    json.Value(year);
  return json.EndArray().EndObject().Take() + "\n";
}

std::string ListText(const Shipped& shipped) {
  std::string text;
  for (const Rule& rule : shipped.rules) {
    text += fmt::format("{:<26} {}  {:<16} {:>3} {:<12}  {}\n",
                        rule.key,
                        FormatDate(rule.version_from),
                        rule.step,
                        rule.amount,
                        UnitText(rule.unit),
                        rule.article);
  }
  const std::vector<int> years = shipped.calendar.KnownYears();
  text += fmt::format("calendar years: {}\n", fmt::join(years, " "));
  return text;
}

void AppendNoted(std::string& text,
                 std::string_view label,
                 const std::vector<NotedDay>& noted_days) {
  for (const NotedDay& noted : noted_days) {
    text += fmt::format(
        "{:<9}{}  {} {}\n", label, FormatDate(noted.day.date), noted.WhyEn(), noted.WhyZh());
  }
}

std::string ExplainText(const Working& working, const Rule& rule) {
  std::string text = fmt::format("rule     {}\n", working.rule_key);
  text += fmt::format("article  {}\n", working.article);
  text += fmt::format("text     {}\n         {}\n", rule.text_zh, rule.text_en);
  text += fmt::format("from     {}\n", FormatLocal(working.from, working.zone));
  text += fmt::format(
      "due      {}  {}\n", FormatLocal(working.due, working.zone), FormatInstant(working.due));
  text += fmt::format("working  {}\n         {}\n", SentenceZh(working), SentenceEn(working));
  for (size_t i = 0; i < working.counted.size(); ++i) {
    text += fmt::format("{:<9}{}\n", fmt::format("day {}", i + 1), FormatDate(working.counted[i]));
  }
  AppendNoted(text, "make-up", working.made_up);
  AppendNoted(text, "skipped", working.skipped);
  if (working.moved_from) AppendNoted(text, "moved", {*working.moved_from});
  for (const int year : working.AssumedYears()) {
    text += fmt::format("unknown  {} has no calendar; only weekends were taken\n", year);
  }
  return text;
}

// Why there is no version of the rule on that day.
std::string NoRule(const Shipped& shipped, std::string_view key, Date on) {
  const auto first = std::find_if(
      shipped.rules.begin(), shipped.rules.end(), [&](const Rule& r) { return r.key == key; });
  if (first == shipped.rules.end()) {
    return fmt::format("there is no rule '{}'; `huiyin terms list` names them\n", key);
  }
  return fmt::format("rule '{}' holds from {}, not yet on {}\n",
                     key,
                     FormatDate(first->version_from),
                     FormatDate(on));
}

}  // namespace

int TermsList(const CliSetting& setting, std::string& out, std::string& err) {
  Shipped shipped;
  if (!Load(setting, shipped, err)) return kUnusable;
  out += setting.is_json ? ListJson(shipped) : ListText(shipped);
  return 0;
}

int TermsExplain(const CliSetting& setting,
                 std::string_view rule_key,
                 std::string_view from,
                 std::string& out,
                 std::string& err) {
  const std::optional<Instant> start = ParseLocal(from, setting.zone);
  if (!start) {
    err += fmt::format("'{}' is not a local date or time; write 2020-01-20 or 2020-01-20T16:30\n",
                       from);
    return kUnusable;
  }
  Shipped shipped;
  if (!Load(setting, shipped, err)) return kUnusable;
  const Date on = LocalDate(*start, setting.zone);
  const Rule* rule = FindRule(shipped.rules, rule_key, on);
  if (rule == nullptr) {
    err += NoRule(shipped, rule_key, on);
    return kUnusable;
  }
  const Working working = DueAt(*rule, *start, shipped.calendar, setting.zone);
  out += setting.is_json ? ExplanationJson(working) + "\n" : ExplainText(working, *rule);
  return 0;
}

}  // namespace huiyin::terms
