// SPDX-License-Identifier: EUPL-1.2
// A walk through every GET route of the program as one person, with every id, word and code
// that the town knows, and what must not stand in the answers. It is driven by the table of
// routes and by the contract, so that a new route is walked without a word here.
#pragma once

#include <set>

#include "tests/support/contract.h"
#include "tests/support/town.h"

namespace huiyin::testing {

// What may be put into braces and queries.
struct Known {
  std::vector<std::string> ids;       // as the API writes them
  std::vector<std::string> words;     // searched for
  std::vector<std::string> receipts;
};

// Requests as paths with their queries: each GET route with each id, and each parameter of
// its query, one at a time, with each value that fits it.
std::vector<std::string> Requests(const std::vector<Module>& modules, const Known& known);

// The answer with ids that are made anew in each run told apart by order only, its list
// sorted, and without what tells of the audit log's chain, whose links are numbered over
// everything that happens.
std::string Comparable(const std::string& path, const Answer& answer, const std::set<std::string>& fixed);

// Every id of the county standing in the text.
std::set<std::string> IdsIn(std::string_view text);

}  // namespace huiyin::testing
