// SPDX-License-Identifier: EUPL-1.2
// What a phone sends: acts in the order in which they were done, each the very request that the
// desk would have sent, with an id of its own by which it is done once, however often it comes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/id.h"
#include "core/json.h"
#include "platform/module.h"

namespace huiyin::sync {

inline constexpr size_t kMostOperations = 50;

struct Operation {
  Uuid id;
  std::string record;  // what it is about; acts about one record wait for one another
  std::optional<Instant> claimed_at;  // by the phone's clock, which may be wrong
  std::string method;
  std::string path;    // with its query
  std::optional<int64_t> if_match;
  json::value body;    // null: none
};

// Throws 422 naming the field when the batch is not one. What is wrong with an operation's own
// method, path or body is that operation's affair, and refused when its turn comes.
std::vector<Operation> ReadOperations(const json::object& body, County county);
// One of them by itself; throws 422.
Operation ReadOperation(const json::object& one, County county);
json::object OperationJson(const Operation& operation);
Part PartOf(const Operation& operation);

}  // namespace huiyin::sync
