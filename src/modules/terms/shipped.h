// SPDX-License-Identifier: EUPL-1.2
// The tables of data/ as they are built into the program.
#pragma once

namespace huiyin::terms {

struct ShippedYear {
  int year;
  const char* csv;
};

extern const char* const kShippedRules;
extern const char* const kShippedCategories;
extern const char* const kShippedTemplates;
extern const ShippedYear kShippedYears[];
extern const int kShippedYearCount;

}  // namespace huiyin::terms
