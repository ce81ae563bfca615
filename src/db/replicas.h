// SPDX-License-Identifier: EUPL-1.2
// Copies of a database that follow it some moments behind (PostgreSQL's streaming standbys), for
// long reads that need not be of this very moment. How far behind each is, is measured all the
// time against the database itself; one that is too far, hung or gone is left out at once, and
// whoever asks goes to the database.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "db/database.h"

namespace huiyin::db {

// One of them, for whoever watches.
struct ReplicaState {
  std::string name;                // its host and port, without user or password
  bool is_used = false;            // it is near enough and answers
  std::chrono::milliseconds lag{0};  // at most so far behind; since it was last known when it is not used
  uint64_t reads = 0;
  uint64_t failures = 0;  // reads that it began and the database had to do
};

class Replicas {
 public:
  // `age`: whatever was acknowledged longer ago than that is in the snapshot.
  using Job = std::function<void(Tx&, std::chrono::milliseconds age)>;

  virtual ~Replicas() = default;
  // Runs `job` on a snapshot of one of them. False when none is near enough, or when the job threw
  // or was cut short: what it did is not to be used then, and the database is to be asked. Never throws.
  virtual bool Read(const Job& job) = 0;
  virtual std::vector<ReplicaState> states() const = 0;
};

struct ReplicaOptions {
  std::string primary;                // postgres://...
  std::vector<std::string> replicas;  // the same of each
  int readers = 2;                    // sessions of each, beside the one that looks
  std::chrono::milliseconds bound{10'000};  // one that is further behind is not asked
  std::chrono::milliseconds every{500};     // how often each is looked at
  std::chrono::milliseconds patience{1500}; // one that has not answered a look for so long is left out
};

// Reaches for them on threads of their own: they need not be there now. Throws
// std::runtime_error when an address cannot be read.
std::unique_ptr<Replicas> OpenReplicas(const ReplicaOptions& options);

}  // namespace huiyin::db
