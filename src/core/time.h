// SPDX-License-Identifier: EUPL-1.2
// Time as the law and the machine see it. An Instant is a moment in UTC to the
// millisecond; a Date is a local calendar day of the county. Nothing here reads a
// clock: "now" arrives as an argument, so that a test can set it.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace huiyin {

// Milliseconds since 1970-01-01T00:00:00Z.
struct Instant {
  int64_t ms = 0;
  friend auto operator<=>(const Instant&, const Instant&) = default;
  Instant operator+(int64_t milliseconds) const { return {ms + milliseconds}; }
  Instant operator-(int64_t milliseconds) const { return {ms - milliseconds}; }
};

inline constexpr int64_t kSecond = 1000;
inline constexpr int64_t kMinute = 60 * kSecond;
inline constexpr int64_t kHour = 60 * kMinute;
inline constexpr int64_t kDay = 24 * kHour;

// A day of the proleptic Gregorian calendar, counted from 1970-01-01.
struct Date {
  int32_t days = 0;
  friend auto operator<=>(const Date&, const Date&) = default;
  Date operator+(int n) const { return {days + n}; }
  Date operator-(int n) const { return {days - n}; }
  int operator-(Date other) const { return days - other.days; }

  int Year() const;
  int Month() const;       // 1 to 12
  int Day() const;         // 1 to 31
  int Weekday() const;     // Monday 1 to Sunday 7
  static Date Of(int year, int month, int day);  // REQUIRES: a real date
};

// The county's offset from UTC. China keeps one zone without summer time, so an
// offset is enough; a county elsewhere sets its own.
struct Zone {
  int32_t offset_minutes = 480;
};

Date LocalDate(Instant at, Zone zone);
Instant StartOfDay(Date date, Zone zone);  // local midnight
Instant EndOfDay(Date date, Zone zone);    // the last millisecond of the day
int LocalMinuteOfDay(Instant at, Zone zone);

// "2026-11-21T08:00:00.000Z".
std::string FormatInstant(Instant at);
// "2026-11-21".
std::string FormatDate(Date date);
// "2026-11-21 16:00" on the county's clock, for people.
std::string FormatLocal(Instant at, Zone zone);

// RFC 3339 with "Z" or an offset; fractions beyond the millisecond are cut. Absent
// when the text is not such a moment, or lies outside the years 1900 to 2199.
[[nodiscard]] std::optional<Instant> ParseInstant(std::string_view text);
// "YYYY-MM-DD" naming a real day between 1850 and 2199.
[[nodiscard]] std::optional<Date> ParseDate(std::string_view text);

}  // namespace huiyin
