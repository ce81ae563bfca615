// SPDX-License-Identifier: EUPL-1.2
// Rows of terms.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "modules/terms/terms.h"

namespace huiyin::terms {

// Set by OnRunningAsked; empty in a program without matters.
std::function<int64_t(Context&, std::string_view)>& RunningUnder();

// What the program is built with; read once.
const Terms& Shipped();

json::object ToJson(const Rule& rule);
// REQUIRES: made by ToJson.
Rule RuleFromJson(const json::object& doc);

// Where the days of a year came from; empty for a shipped one.
std::string SourceOf(db::Tx& tx, County county, int year);

}  // namespace huiyin::terms
