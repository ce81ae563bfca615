// SPDX-License-Identifier: EUPL-1.2
#include "platform/attempts.h"

#include "core/problem.h"

namespace huiyin::attempts {
namespace {

constexpr int64_t kForgottenAfterMs = 15 * kMinute;
constexpr int64_t kFirstLockMs = 30 * kSecond;
constexpr int64_t kLongestLockMs = kHour;

constexpr db::Sql kFind{"attempts.find", R"sql(
  SELECT failures, last_at, locked_until FROM attempts WHERE county = $1 AND subject = $2
)sql"};
constexpr db::Sql kSave{"attempts.save", R"sql(
  INSERT INTO attempts (county, subject, failures, last_at, locked_until) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (county, subject) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at,
    locked_until = excluded.locked_until
)sql"};
constexpr db::Sql kClear{"attempts.clear", R"sql(
  DELETE FROM attempts WHERE county = $1 AND subject = $2
)sql"};

int64_t LockAfter(int64_t failures, int free_tries) {
  if (failures < free_tries) return 0;
  int64_t lock = kFirstLockMs;
  for (int64_t i = free_tries; i < failures && lock < kLongestLockMs; ++i) lock *= 2;
  return std::min(lock, kLongestLockMs);
}

}  // namespace

int64_t LockedFor(db::Tx& tx, County county, std::string_view subject, Instant now) {
  int64_t ms = 0;
  tx.Rows(kFind, [&](const db::Row& row) { ms = row.Int(2) - now.ms; }, county, subject);
  return ms > 0 ? (ms + kSecond - 1) / kSecond : 0;
}

void RequireUnlocked(db::Tx& tx, County county, std::string_view subject, Instant now) {
  const int64_t seconds = LockedFor(tx, county, subject, now);
  if (seconds == 0) return;
  Problem locked(429, "too_many_tries");
  locked.retry_after_s = seconds;
  locked.extra["retry_after_s"] = seconds;
  throw locked;
}

void Failed(db::Tx& tx, County county, std::string_view subject, Instant now, int free_tries) {
  int64_t failures = 0;
  tx.Rows(kFind, [&](const db::Row& row) {
    const bool recent = row.At(1) + kForgottenAfterMs > now || row.At(2) > now;
    failures = recent ? row.Int(0) : 0;
  }, county, subject);
  ++failures;
  tx.Run(kSave, county, subject, failures, now, now + LockAfter(failures, free_tries));
}

void Cleared(db::Tx& tx, County county, std::string_view subject) { tx.Run(kClear, county, subject); }

}  // namespace huiyin::attempts
