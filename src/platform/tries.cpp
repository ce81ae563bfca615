// SPDX-License-Identifier: EUPL-1.2
#include "platform/tries.h"

#include <algorithm>

#include "core/problem.h"

namespace huiyin {
namespace {

constexpr int kFreeTries = 10;
constexpr int64_t kFirstLockMs = 30 * kSecond;
constexpr int64_t kLongestLockMs = kHour;
constexpr int64_t kForgottenAfterMs = 15 * kMinute;
constexpr size_t kMostAddresses = 100'000;

}  // namespace

void ReceiptTries::RequireUnlocked(const std::string& address, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto found = tries_.find(address);
  if (found == tries_.end() || found->second.locked_until <= now) return;
  Problem locked(429, "too_many_tries");
  locked.retry_after_s = (found->second.locked_until.ms - now.ms + kSecond - 1) / kSecond;
  throw locked;
}

void ReceiptTries::Failed(const std::string& address, Instant now) {
  const std::lock_guard lock(mutex_);
  if (tries_.size() >= kMostAddresses) {
    std::erase_if(tries_, [&](const auto& entry) { return entry.second.last + kForgottenAfterMs < now; });
    if (tries_.size() >= kMostAddresses) tries_.clear();
  }
  Tries& tries = tries_[address];
  const bool is_forgotten = tries.last + kForgottenAfterMs < now && tries.locked_until <= now;
  if (is_forgotten) tries.failures = 0;
  ++tries.failures;
  tries.last = now;
  if (tries.failures < kFreeTries) return;
  const int doublings = std::min(tries.failures - kFreeTries, 10);
  tries.locked_until = now + std::min(kFirstLockMs << doublings, kLongestLockMs);
}

void ReceiptTries::Cleared(const std::string& address) {
  const std::lock_guard lock(mutex_);
  tries_.erase(address);
}

}  // namespace huiyin
