// SPDX-License-Identifier: EUPL-1.2
#include <fmt/format.h>

#include <array>
#include <utility>

#include "modules/terms/due.h"

namespace huiyin::terms {
namespace {

using Names = std::array<std::pair<std::string_view, std::string_view>, 7>;

constexpr Names kHolidays = {{
    {"元旦", "New Year's Day"},
    {"春节", "Spring Festival"},
    {"清明", "Qingming Festival"},
    {"劳动节", "Labour Day"},
    {"端午", "Dragon Boat Festival"},
    {"中秋", "Mid-Autumn Festival"},
    {"国庆节", "National Day"},
}};

// A holiday made for one year keeps its Chinese name.
std::string_view HolidayEn(std::string_view name_zh) {
  for (const auto& [zh, en] : kHolidays) {
    if (zh == name_zh) return en;
  }
  return name_zh;
}

std::string PauseZh(std::string_view pause) {
  return pause == "hearing" ? "听证" : fmt::format("暂停（{}）", pause);
}

std::string ReasonZh(const NotedDay& noted) {
  if (!noted.pause.empty()) return PauseZh(noted.pause);
  return noted.day.kind == DayKind::kWeekend ? "周末" : noted.day.name_zh;
}

std::string ReasonEn(const NotedDay& noted) {
  if (!noted.pause.empty()) return noted.pause;
  return std::string(noted.day.kind == DayKind::kWeekend ? "weekend"
                                                         : HolidayEn(noted.day.name_zh));
}

struct Tally {
  std::string reason;
  int days = 0;
};

// How many days for each reason, in the order the reasons first come up.
template <class Reason>
std::vector<Tally> Tallied(std::span<const NotedDay> noted_days, Reason reason_of) {
  std::vector<Tally> tallies;
  for (const NotedDay& noted : noted_days) {
    const std::string reason = reason_of(noted);
    auto same = tallies.begin();
    while (same != tallies.end() && same->reason != reason)
      ++same;
    if (same == tallies.end()) same = tallies.insert(same, {reason, 0});
    ++same->days;
  }
  return tallies;
}

// The days passed over while counting, and those passed over to leave a rest day behind.
struct Skips {
  std::span<const NotedDay> while_counting;
  std::span<const NotedDay> at_end;
};

Skips Divide(const Working& working) {
  const std::span<const NotedDay> all(working.skipped);
  size_t split = 0;
  while (split < all.size() && all[split].day.date < working.counted.back())
    ++split;
  return {all.first(split), all.subspan(split)};
}

std::string SkippedZh(std::span<const NotedDay> skipped) {
  if (skipped.empty()) return "";
  std::string parts;
  for (const Tally& tally : Tallied(skipped, ReasonZh)) {
    parts += fmt::format("{}{} {} 天", parts.empty() ? "" : "、", tally.reason, tally.days);
  }
  return fmt::format("，跳过 {} 天（{}）", skipped.size(), parts);
}

std::string SkippedEn(std::span<const NotedDay> skipped) {
  if (skipped.empty()) return "";
  std::string parts;
  for (const Tally& tally : Tallied(skipped, ReasonEn)) {
    parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", tally.reason, tally.days);
  }
  return fmt::format(
      ", passing over {} day{} ({})", skipped.size(), skipped.size() == 1 ? "" : "s", parts);
}

std::string MovedZh(const Working& working) {
  if (!working.moved_from) return "";
  const NotedDay& end = *working.moved_from;
  return fmt::format("，末日 {} 遇{}，顺延至下一个工作日", FormatDate(end.day.date), ReasonZh(end));
}

std::string MovedEn(const Working& working) {
  if (!working.moved_from) return "";
  const NotedDay& end = *working.moved_from;
  return fmt::format(", and as the last day {} is a rest day ({}) moves to the next working day",
                     FormatDate(end.day.date),
                     ReasonEn(end));
}

std::string MadeUpZh(const Working& working) {
  std::string dates;
  for (const NotedDay& noted : working.made_up) {
    dates += (dates.empty() ? "" : "、") + FormatDate(noted.day.date);
  }
  return dates.empty() ? "" : fmt::format("，{} 为调休上班日照常计算", dates);
}

std::string MadeUpEn(const Working& working) {
  std::string dates;
  for (const NotedDay& noted : working.made_up) {
    dates += (dates.empty() ? "" : ", ") + FormatDate(noted.day.date);
  }
  return dates.empty() ? "" : fmt::format(", counting the make-up workday {}", dates);
}

std::string YearList(const Working& working, std::string_view separator) {
  std::string years;
  for (const int year : working.AssumedYears()) {
    years += fmt::format("{}{}", years.empty() ? "" : separator, year);
  }
  return years;
}

std::string AssumedZh(const Working& working) {
  const std::string years = YearList(working, "、");
  return years.empty() ? "" : fmt::format("；{} 年放假安排尚未公布，暂只按周末休息计算", years);
}

std::string AssumedEn(const Working& working) {
  const std::string years = YearList(working, " and ");
  if (years.empty()) return "";
  return fmt::format("; the holidays of {} are not announced, so only weekends were taken", years);
}

std::string HoursZh(const Working& working) {
  std::string paused;
  for (const Pause& pause : working.paused) {
    paused += fmt::format("，{} 至 {} {}不计",
                          FormatLocal(pause.from, working.zone),
                          FormatLocal(pause.until, working.zone),
                          PauseZh(pause.kind));
  }
  return fmt::format("自 {} 起连续计算 {} 小时{}",
                     FormatLocal(working.from, working.zone),
                     working.amount,
                     paused);
}

std::string HoursEn(const Working& working) {
  std::string paused;
  for (const Pause& pause : working.paused) {
    paused += fmt::format(", leaving out {} to {} ({})",
                          FormatLocal(pause.from, working.zone),
                          FormatLocal(pause.until, working.zone),
                          pause.kind);
  }
  return fmt::format("{} hour{} running from {}{}",
                     working.amount,
                     working.amount == 1 ? "" : "s",
                     FormatLocal(working.from, working.zone),
                     paused);
}

std::string DaysZh(const Working& working) {
  const std::string start =
      working.extends_from
          ? fmt::format("自原期限 {} 届满后延长", FormatDate(*working.extends_from))
          : fmt::format("自 {} 起，当日不计", FormatDate(LocalDate(working.from, working.zone)));
  const Skips skips = Divide(working);
  return fmt::format("{}，从 {} 数起 {} 个{}{}{}{}{}",
                     start,
                     FormatDate(working.first_day),
                     working.amount,
                     working.unit == Unit::kWorkingDay ? "工作日" : "自然日",
                     SkippedZh(skips.while_counting),
                     MadeUpZh(working),
                     MovedZh(working),
                     SkippedZh(skips.at_end));
}

std::string DaysEn(const Working& working) {
  const std::string start =
      working.extends_from
          ? fmt::format("extending the term that ended on {}", FormatDate(*working.extends_from))
          : fmt::format("the day it started, {}, not being counted",
                        FormatDate(LocalDate(working.from, working.zone)));
  const Skips skips = Divide(working);
  return fmt::format("{} {} day{} from {} on, {}{}{}{}{}",
                     working.amount,
                     working.unit == Unit::kWorkingDay ? "working" : "calendar",
                     working.amount == 1 ? "" : "s",
                     FormatDate(working.first_day),
                     start,
                     SkippedEn(skips.while_counting),
                     MadeUpEn(working),
                     MovedEn(working),
                     SkippedEn(skips.at_end));
}

}  // namespace

std::string NotedDay::WhyEn() const {
  return pause.empty() ? Why(day) : "pause " + pause;
}

std::string NotedDay::WhyZh() const {
  if (!pause.empty()) return PauseZh(pause) + "期间不计";
  switch (day.kind) {
    case DayKind::kWeekend:
      return "周末";
    case DayKind::kHoliday:
      return day.name_zh + (day.is_in_lieu ? "放假（调休）" : "放假");
    case DayKind::kMakeUpWorkday:
      return day.name_zh + "调休上班";
    case DayKind::kWorkday:
      break;
  }
  return "工作日";
}

std::string SentenceZh(const Working& working) {
  return fmt::format("依据{}，{}，{} 到期{}。",
                     working.article,
                     working.counted.empty() ? HoursZh(working) : DaysZh(working),
                     FormatLocal(working.due, working.zone),
                     AssumedZh(working));
}

std::string SentenceEn(const Working& working) {
  return fmt::format("Under {}: {}; due {}{}.",
                     working.article,
                     working.counted.empty() ? HoursEn(working) : DaysEn(working),
                     FormatLocal(working.due, working.zone),
                     AssumedEn(working));
}

}  // namespace huiyin::terms
