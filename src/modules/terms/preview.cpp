// SPDX-License-Identifier: EUPL-1.2
#include "modules/terms/preview.h"

#include <algorithm>
#include <set>

namespace huiyin::terms {
namespace {

constexpr int kDaysShown = 5;
constexpr int kMonthsOn = 12;

// The eve of each long holiday within a year: where terms surprise people.
std::vector<Date> Eves(Date from, const Calendar& calendar) {
  constexpr int kLong = 5;
  std::vector<Date> eves;
  for (Date day = from; day < from + kMonthsOn * 31; day = day + 1) {
    int run = 0;
    while (calendar.On(day + 1 + run).kind == DayKind::kHoliday) ++run;
    if (run >= kLong) eves.push_back(day);
    day = day + run;
  }
  return eves;
}

std::set<Date> Starts(Date from, const Calendar& calendar) {
  std::set<Date> starts;
  for (int i = 0; i < kDaysShown; ++i) starts.insert(from + i);
  for (const Date eve : Eves(from, calendar)) {
    starts.insert(eve - 1);
    starts.insert(eve);
  }
  return starts;
}

bool Overlap(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  if (a.empty() || b.empty()) return true;
  return std::any_of(a.begin(), a.end(), [&](const std::string& x) { return std::find(b.begin(), b.end(), x) != b.end(); });
}

bool Nested(std::string_view a, std::string_view b) { return a.starts_with(b) || b.starts_with(a); }

bool FitTheSame(const Rule& a, const Rule& b) {
  return a.step == b.step && !a.is_by_key_only && !b.is_by_key_only && Overlap(a.kinds, b.kinds) &&
         Overlap(a.channels, b.channels) && Nested(a.category, b.category) && Nested(a.region, b.region);
}

// A matter that both fit: the narrower of each.
Case Both(const Rule& a, const Rule& b) {
  const auto pick = [](const std::vector<std::string>& x, const std::vector<std::string>& y) -> std::string_view {
    for (const std::string& one : x) {
      if (y.empty() || std::find(y.begin(), y.end(), one) != y.end()) return one;
    }
    return y.empty() ? std::string_view() : std::string_view(y.front());
  };
  const auto longer = [](const std::string& x, const std::string& y) -> std::string_view { return x.size() > y.size() ? x : y; };
  return {.step = a.step, .kind = pick(a.kinds, b.kinds), .category = longer(a.category, b.category),
          .channel = pick(a.channels, b.channels), .region = longer(a.region, b.region), .on = a.version_from};
}

}  // namespace

Preview PreviewRule(std::span<const Rule> rules, const Rule& rule, const Calendar& calendar, Zone zone) {
  Preview preview;
  preview.replaces = FindRule(rules, rule.key, rule.version_from);
  for (const Date start : Starts(rule.version_from, calendar)) {
    const Instant from = StartOfDay(start, zone) + 9 * kHour;
    Sample sample{.start = start, .due_before = {}, .due_after = start};
    if (preview.replaces != nullptr) sample.due_before = DueAt(*preview.replaces, from, calendar, zone).due_date;
    if (!rule.is_repealed) {
      const Working after = DueAt(rule, from, calendar, zone);
      sample.due_after = after.due_date;
      sample.is_estimated = !after.AssumedYears().empty();
    }
    preview.samples.push_back(sample);
  }
  // As it would be: the new version among the others.
  std::vector<Rule> then(rules.begin(), rules.end());
  then.push_back(rule);
  std::set<std::string> seen;
  for (const Rule& other : rules) {
    const bool is_current = FindRule(rules, other.key, rule.version_from) == &other;
    if (other.key == rule.key || !is_current || other.is_repealed || !FitTheSame(rule, other)) continue;
    if (!seen.insert(other.key).second) continue;
    const Rule* chosen = Choose(then, Both(rule, other));
    if (chosen == nullptr) continue;
    (chosen->key == rule.key ? preview.outranked : preview.outranks).push_back(other.key);
  }
  return preview;
}

}  // namespace huiyin::terms
