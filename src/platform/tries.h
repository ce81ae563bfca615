// SPDX-License-Identifier: EUPL-1.2
// Wrong receipts slow an address down. Kept in memory: a look at a receipt is a read, and
// a wrong one leaves nothing to write with; a restart forgives. Safe from any thread.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "core/time.h"

namespace huiyin {

class ReceiptTries {
 public:
  // Throws 429 with Retry-After while the address is locked.
  void RequireUnlocked(const std::string& address, Instant now);
  void Failed(const std::string& address, Instant now);
  void Cleared(const std::string& address);

 private:
  struct Tries {
    int failures = 0;
    Instant last;
    Instant locked_until;
  };
  std::mutex mutex_;
  std::map<std::string, Tries> tries_;
};

}  // namespace huiyin
