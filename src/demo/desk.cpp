// SPDX-License-Identifier: EUPL-1.2
#include "demo/desk.h"

#include "modules/terms/due_json.h"

namespace huiyin::demo {
namespace {

constexpr int kOpens = 8 * 60 + 40;
constexpr int kNoon = 12 * 60;
constexpr int kBack = 14 * 60;
constexpr int kCloses = 17 * 60 + 40;
// Where no other rule fits, as the module of matters has it.
constexpr std::string_view kLastResort = "hotline.answer";

}  // namespace

const Desk::Worked& Desk::Work(const terms::Rule& rule, Instant from) {
  const auto [found, is_new] = worked_.try_emplace({&rule, LocalDate(from, Zone{})});
  if (is_new) {
    const terms::Working working = terms::DueAt(rule, from, held_->calendar, Zone{});
    found->second = {working.due, terms::WorkingJson(working)};
  }
  return found->second;
}

const terms::Rule* Desk::RuleBy(std::string_view key, Instant on) const {
  return terms::FindRule(held_->rules, key, LocalDate(on, Zone{}));
}

Desk::Term Desk::Start(const terms::Case& wanted, Instant from) {
  terms::Case on_day = wanted;
  on_day.on = LocalDate(from, Zone{});
  const terms::Rule* rule = terms::Choose(held_->rules, on_day);
  if (rule == nullptr && wanted.step == "answer") rule = RuleBy(kLastResort, from);
  if (rule == nullptr) return {};
  const Worked& worked = Work(*rule, from);
  return {rule, worked.due, worked.working};
}

Desk::Term Desk::Lengthened(const Term& term, Instant from, const terms::Rule& extension, int amount) {
  const auto [found, is_new] = lengthened_.try_emplace({term.rule, &extension, LocalDate(from, Zone{}), amount});
  if (is_new) {
    const terms::Working first = terms::DueAt(*term.rule, from, held_->calendar, Zone{});
    const terms::Working longer = terms::Extend(first, extension, amount, held_->calendar);
    found->second = {longer.due, terms::WorkingJson(longer)};
  }
  return {term.rule, found->second.due, found->second.working};
}

Instant Desk::AtWork(Instant at, Dice& dice) const {
  Date day = LocalDate(at, Zone{});
  int minute = LocalMinuteOfDay(at, Zone{});
  const auto at_minute = [&](int m) {
    return StartOfDay(day, Zone{}) + m * kMinute + dice.Between(0, 59'999);
  };
  if (IsWorkday(day) && minute < kCloses) {
    if (minute < kOpens) return at_minute(kOpens + static_cast<int>(dice.Between(0, 90)));
    if (minute >= kNoon && minute < kBack) return at_minute(kBack + static_cast<int>(dice.Between(0, 60)));
    return at;
  }
  do {
    day = day + 1;
  } while (!IsWorkday(day));
  return at_minute(kOpens + static_cast<int>(dice.Between(0, 160)));
}

}  // namespace huiyin::demo
