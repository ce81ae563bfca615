// SPDX-License-Identifier: EUPL-1.2
#include "core/time.h"

#include <fmt/format.h>

#include <chrono>

namespace huiyin {
namespace {

constexpr int kFirstYear = 1900;  // of moments; days begin in 1850, for births
constexpr int kLastYear = 2199;

using std::chrono::year_month_day;

year_month_day Civil(Date date) { return std::chrono::sys_days{std::chrono::days{date.days}}; }

int64_t FloorDiv(int64_t a, int64_t b) { return a / b - ((a % b != 0) && ((a < 0) != (b < 0))); }

// Reads exactly `count` digits at `pos`, moving it on; negative when there are none.
int Digits(std::string_view text, size_t& pos, size_t count) {
  if (pos + count > text.size()) return -1;
  int value = 0;
  for (size_t i = 0; i < count; ++i) {
    const char c = text[pos + i];
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  pos += count;
  return value;
}

bool Literal(std::string_view text, size_t& pos, std::string_view any_of) {
  if (pos >= text.size() || any_of.find(text[pos]) == std::string_view::npos) return false;
  ++pos;
  return true;
}

std::optional<Date> DateAt(std::string_view text, size_t& pos) {
  const int y = Digits(text, pos, 4);
  if (y < 0 || !Literal(text, pos, "-")) return std::nullopt;
  const int m = Digits(text, pos, 2);
  if (m < 0 || !Literal(text, pos, "-")) return std::nullopt;
  const int d = Digits(text, pos, 2);
  if (d < 0 || y < 1850 || y > kLastYear) return std::nullopt;
  const year_month_day ymd{std::chrono::year{y}, std::chrono::month(static_cast<unsigned>(m)),
                           std::chrono::day(static_cast<unsigned>(d))};
  if (!ymd.ok()) return std::nullopt;
  return Date::Of(y, m, d);
}

// A record shows some dozens of moments: they are written without a format string.
void PutDigits(std::string& text, size_t at, size_t count, int64_t number) {
  for (size_t i = count; i-- > 0; number /= 10) text[at + i] = static_cast<char>('0' + number % 10);
}

}  // namespace

int Date::Year() const { return static_cast<int>(Civil(*this).year()); }
int Date::Month() const { return static_cast<int>(static_cast<unsigned>(Civil(*this).month())); }
int Date::Day() const { return static_cast<int>(static_cast<unsigned>(Civil(*this).day())); }

int Date::Weekday() const {
  const std::chrono::weekday weekday{std::chrono::sys_days{std::chrono::days{days}}};
  return static_cast<int>(weekday.iso_encoding());
}

Date Date::Of(int year, int month, int day) {
  const year_month_day ymd{std::chrono::year{year},
                           std::chrono::month(static_cast<unsigned>(month)),
                           std::chrono::day(static_cast<unsigned>(day))};
  return {static_cast<int32_t>(std::chrono::sys_days{ymd}.time_since_epoch().count())};
}

Date LocalDate(Instant at, Zone zone) {
  return {static_cast<int32_t>(FloorDiv(at.ms + zone.offset_minutes * kMinute, kDay))};
}

Instant StartOfDay(Date date, Zone zone) {
  return {date.days * kDay - zone.offset_minutes * kMinute};
}

Instant EndOfDay(Date date, Zone zone) { return StartOfDay(date + 1, zone) - 1; }

int LocalMinuteOfDay(Instant at, Zone zone) {
  const int64_t local = at.ms + zone.offset_minutes * kMinute;
  return static_cast<int>((local - FloorDiv(local, kDay) * kDay) / kMinute);
}

std::string FormatDate(Date date) {
  const auto ymd = Civil(date);
  const int year = static_cast<int>(ymd.year());
  const auto month = static_cast<unsigned>(ymd.month());
  const auto day = static_cast<unsigned>(ymd.day());
  if (year < 0 || year > 9999) return fmt::format("{:04}-{:02}-{:02}", year, month, day);
  std::string text = "0000-00-00";
  PutDigits(text, 0, 4, year);
  PutDigits(text, 5, 2, month);
  PutDigits(text, 8, 2, day);
  return text;
}

std::string FormatInstant(Instant at) {
  const Date date = LocalDate(at, Zone{0});
  const int64_t in_day = at.ms - date.days * kDay;
  std::string text = FormatDate(date);
  const size_t from = text.size();
  text += "T00:00:00.000Z";
  PutDigits(text, from + 1, 2, in_day / kHour);
  PutDigits(text, from + 4, 2, in_day / kMinute % 60);
  PutDigits(text, from + 7, 2, in_day / kSecond % 60);
  PutDigits(text, from + 10, 3, in_day % kSecond);
  return text;
}

std::string FormatLocal(Instant at, Zone zone) {
  const int minute = LocalMinuteOfDay(at, zone);
  return fmt::format("{} {:02}:{:02}", FormatDate(LocalDate(at, zone)), minute / 60, minute % 60);
}

std::optional<Instant> ParseInstant(std::string_view text) {
  size_t pos = 0;
  const auto date = DateAt(text, pos);
  if (!date || date->Year() < kFirstYear || !Literal(text, pos, "Tt ")) return std::nullopt;
  const int hour = Digits(text, pos, 2);
  if (hour < 0 || hour > 23 || !Literal(text, pos, ":")) return std::nullopt;
  const int minute = Digits(text, pos, 2);
  if (minute < 0 || minute > 59 || !Literal(text, pos, ":")) return std::nullopt;
  const int second = Digits(text, pos, 2);
  if (second < 0 || second > 60) return std::nullopt;
  int64_t fraction = 0;
  if (Literal(text, pos, ".")) {
    int64_t scale = 100;
    const size_t first = pos;
    for (; pos < text.size() && text[pos] >= '0' && text[pos] <= '9'; ++pos, scale /= 10) {
      fraction += (text[pos] - '0') * scale;
    }
    if (pos == first) return std::nullopt;
  }
  int64_t offset = 0;
  if (pos < text.size() && (text[pos] == '+' || text[pos] == '-')) {
    const int sign = text[pos++] == '-' ? -1 : 1;
    const int oh = Digits(text, pos, 2);
    if (oh < 0 || oh > 14 || !Literal(text, pos, ":")) return std::nullopt;
    const int om = Digits(text, pos, 2);
    if (om < 0 || om > 59) return std::nullopt;
    offset = sign * (oh * kHour + om * kMinute);
  } else if (!Literal(text, pos, "Zz")) {
    return std::nullopt;
  }
  if (pos != text.size()) return std::nullopt;
  const Instant at{date->days * kDay + hour * kHour + minute * kMinute + second * kSecond + fraction - offset};
  // An offset or a leap second may have carried it over the edge.
  const int year = LocalDate(at, Zone{0}).Year();
  if (year < kFirstYear || year > kLastYear) return std::nullopt;
  return at;
}

std::optional<Date> ParseDate(std::string_view text) {
  size_t pos = 0;
  const auto date = DateAt(text, pos);
  if (!date || pos != text.size()) return std::nullopt;
  return date;
}

}  // namespace huiyin
