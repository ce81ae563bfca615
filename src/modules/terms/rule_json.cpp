// SPDX-License-Identifier: EUPL-1.2
#include "modules/terms/rule_json.h"

#include <array>

namespace huiyin::terms {
namespace {

constexpr std::array<std::string_view, 7> kKinds = {
    "help", "complaint", "suggestion", "question", "report", "dispute", "praise"};
constexpr std::array<std::string_view, 10> kChannels = {"visit",   "counter", "phone",   "letter",
                                                        "mailbox", "web",     "message", "meeting",
                                                        "inspection", "reception"};
constexpr std::array<std::string_view, 3> kUnits = {"working_days", "calendar_days", "hours"};
constexpr std::array<Unit, 3> kUnitValues = {Unit::kWorkingDay, Unit::kCalendarDay, Unit::kHour};
constexpr int kMostDays = 3650;

bool IsCode(std::string_view text) {
  return !text.empty() && text.size() <= 64 && text.front() != '.' && text.back() != '.' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
         });
}

std::string NeedCode(Fields& in, std::string_view name) {
  std::string code = in.NeedText(name, 64);
  if (!code.empty() && !IsCode(code)) in.Refuse(name, "not_a_code", "small letters, digits, _ and .");
  return code;
}

std::string OptCode(Fields& in, std::string_view name) {
  auto code = in.Text(name, 64);
  if (code && !IsCode(*code)) in.Refuse(name, "not_a_code", "small letters, digits, _ and .");
  return code.value_or("");
}

std::vector<std::string> Listed(Fields& in, std::string_view name, std::span<const std::string_view> known) {
  auto values = in.Texts(name, known.size(), 40);
  for (const std::string& value : values) {
    if (std::find(known.begin(), known.end(), value) == known.end()) {
      in.Refuse(name, "unknown_value", value);
    }
  }
  return values;
}

void ReadDays(Fields& in, std::string_view list, DayKind kind, CalendarYear& year) {
  in.Each(list, 366, [&](Fields& item) {
    const Date date = item.NeedDay("date");
    const std::string name = item.NeedText("name", 100);
    if (date == Date{}) return;
    if (date.Year() != year.year) {
      item.Refuse("date", "wrong_year", std::to_string(year.year));
    } else if (kind == DayKind::kMakeUpWorkday && date.Weekday() < 6) {
      item.Refuse("date", "not_a_weekend", "worked anyway");
    } else if (std::any_of(year.days.begin(), year.days.end(), [&](const Day& day) { return day.date == date; })) {
      item.Refuse("date", "duplicate");
    } else {
      year.days.push_back({.date = date, .kind = kind, .name_zh = name});
    }
  });
}

}  // namespace

RuleInput ReadRuleInput(Fields& in) {
  RuleInput input;
  Rule& rule = input.rule;
  rule.key = NeedCode(in, "key");
  rule.step = NeedCode(in, "step");
  rule.version_from = in.NeedDay("holds_from");
  rule.region = in.Text("area_code", 15).value_or("");
  if (rule.region.find_first_not_of("0123456789") != std::string::npos) {
    in.Refuse("area_code", "not_an_area_code");
  }
  rule.category = OptCode(in, "category");
  rule.kinds = Listed(in, "kinds", kKinds);
  rule.channels = Listed(in, "channels", kChannels);
  rule.is_by_key_only = in.Bool("by_key_only").value_or(false);
  if (const auto priority = in.Int("priority", 0, 1000)) input.priority = static_cast<int>(*priority);
  if (!in.Within("term", [&](Fields& term) {
        rule.amount = static_cast<int>(term.NeedInt("days", 1, kMostDays));
        const std::string unit = term.NeedOneOf("unit", kUnits);
        for (size_t i = 0; i < kUnits.size(); ++i) {
          if (unit == kUnits[i]) rule.unit = kUnitValues[i];
        }
      }) && !in.Has("term")) {
    in.Refuse("term", "required");
  }
  rule.extends_by = OptCode(in, "extended_by");
  rule.needs_approval = in.Bool("needs_approval").value_or(false);
  rule.pauses = in.Texts("pauses", 10, 64);
  rule.article = in.NeedText("article", 200);
  rule.text_zh = in.NeedText("text_zh", 500);
  rule.text_en = in.NeedText("text_en", 500);
  return input;
}

CalendarYear ReadCalendarInput(Fields& in, int year) {
  CalendarYear calendar{.year = year, .edition = 0, .days = {}};
  ReadDays(in, "holidays", DayKind::kHoliday, calendar);
  ReadDays(in, "makeup_workdays", DayKind::kMakeUpWorkday, calendar);
  return calendar;
}

}  // namespace huiyin::terms
