// SPDX-License-Identifier: EUPL-1.2
// What is counted by name, month, area and unit when it happens, so that figures are read and
// not counted. Beside each row its township's sum is kept (that of the county for what lies in
// none), for whoever asks for a township or for more.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/id.h"
#include "db/tx.h"

namespace huiyin::counters {

void Add(db::Tx& tx, County county, std::string_view name, Date month, std::string_view area, const UnitId& unit, int64_t by);
// Of the area and all that lies in it. `month` is any day of it.
int64_t Sum(db::Tx& tx, County county, std::string_view name, Date month, std::string_view area);

// Adds up the townships' sums anew from the single rows.
void RebuildSums(db::Tx& tx, County county);
// Where a sum is not what the single rows add up to.
struct WrongSum {
  std::string name;
  int64_t month = 0;  // 202603
  std::string area;
  int64_t kept = 0;
  int64_t real = 0;
};
std::vector<WrongSum> WrongSums(db::Tx& tx, County county);

}  // namespace huiyin::counters
