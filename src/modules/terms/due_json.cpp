// SPDX-License-Identifier: EUPL-1.2
#include "modules/terms/due_json.h"

#include <algorithm>

#include "core/json.h"

namespace huiyin::terms {
namespace {

bool IsMadeUp(const Working& working, Date date) {
  return std::any_of(working.made_up.begin(), working.made_up.end(), [&](const NotedDay& noted) {
    return noted.day.date == date;
  });
}

void WriteSkipped(JsonWriter& out, Date date, std::string_view why, const std::string& name) {
  out.BeginObject().Field("date", date).Field("why", why);
  if (!name.empty()) out.Field("name", name);
  out.EndObject();
}

void WriteAllSkipped(JsonWriter& out, const Working& working) {
  out.Key("skipped").BeginArray();
  if (!working.counted.empty()) {
    WriteSkipped(out, LocalDate(working.from, working.zone), "start", "");
  }
  const auto write_end = [&] {
    const Day& end = working.moved_from->day;
    WriteSkipped(out, end.date, "rest_day_at_end", end.name_zh);
  };
  bool is_at_end = false;
  for (const NotedDay& noted : working.skipped) {
    const Date date = noted.day.date;
    if (!is_at_end && working.moved_from && date > working.moved_from->day.date) {
      write_end();
      is_at_end = true;
    }
    if (!noted.pause.empty()) {
      WriteSkipped(out, date, "pause", noted.pause);
    } else if (is_at_end) {
      WriteSkipped(out, date, "rest_day_at_end", noted.day.name_zh);
    } else {
      const bool is_weekend = noted.day.kind == DayKind::kWeekend;
      WriteSkipped(out, date, is_weekend ? "weekend" : "holiday", noted.day.name_zh);
    }
  }
  if (!is_at_end && working.moved_from) write_end();
  out.EndArray();
}

void WriteNoted(JsonWriter& out, std::string_view name, std::span<const NotedDay> noted_days) {
  out.Key(name).BeginArray();
  for (const NotedDay& noted : noted_days) {
    out.BeginObject().Field("date", noted.day.date);
    out.Field("why", noted.WhyEn()).Field("why_zh", noted.WhyZh()).EndObject();
  }
  out.EndArray();
}

void WritePaused(JsonWriter& out, std::span<const Pause> paused) {
  out.Key("paused").BeginArray();
  for (const Pause& pause : paused) {
    out.BeginObject().Field("kind", pause.kind);
    out.Field("from", pause.from).Field("until", pause.until).EndObject();
  }
  out.EndArray();
}

void WriteMove(JsonWriter& out, const Working& working) {
  if (!working.moved_from) return;
  out.Field("moved_from", working.moved_from->day.date).Field("moved_to", working.due_date);
  out.Field("moved_because", working.moved_from->WhyEn());
  out.Field("moved_because_zh", working.moved_from->WhyZh());
}

void WriteExplained(JsonWriter& out, const Working& working) {
  out.Key("working").BeginObject();
  out.Field("sentence_zh", SentenceZh(working)).Field("sentence_en", SentenceEn(working));
  out.Field("unit", UnitText(working.unit)).Field("amount", working.amount);
  out.Field("first_day", working.first_day).OptField("extends_from", working.extends_from);
  out.Key("counted").BeginArray();
  for (const Date date : working.counted)
    out.Value(date);
  out.EndArray();
  WriteNoted(out, "skipped", working.skipped);
  WriteNoted(out, "made_up", working.made_up);
  if (!working.paused.empty()) WritePaused(out, working.paused);
  WriteMove(out, working);
  out.Key("calendar_unknown").BeginArray();
  for (const int year : working.AssumedYears())
    out.Value(year);
  out.EndArray().EndObject();
}

}  // namespace

std::string WorkingJson(const Working& working) {
  JsonWriter out;
  out.BeginObject();
  out.Field("sentence_zh", SentenceZh(working)).Field("sentence_en", SentenceEn(working));
  out.Field("article", working.article).Field("first_day", working.first_day);
  out.Field("days", working.amount).Field("unit", std::string(UnitText(working.unit)) + "s");
  out.Key("counted").BeginArray();
  for (const Date date : working.counted) {
    out.BeginObject().Field("date", date);
    if (IsMadeUp(working, date)) out.Field("makeup", true);
    out.EndObject();
  }
  out.EndArray();
  WriteAllSkipped(out, working);
  return out.Field("estimated", !working.AssumedYears().empty()).EndObject().Take();
}

std::string ExplanationJson(const Working& working) {
  JsonWriter out;
  out.BeginObject();
  out.Field("rule", working.rule_key).Field("article", working.article);
  out.Field("from", working.from).Field("from_local", FormatLocal(working.from, working.zone));
  out.Field("due", working.due).Field("due_local", FormatLocal(working.due, working.zone));
  out.Field("due_date", working.due_date);
  out.OptField("assumed_from", working.AssumedFrom());
  WriteExplained(out, working);
  return out.EndObject().Take();
}

}  // namespace huiyin::terms
