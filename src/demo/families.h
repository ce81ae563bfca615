// SPDX-License-Identifier: EUPL-1.2
// Families as a county has them: who lives together, how old they are, who works away, and
// what their ten sections say.
#pragma once

#include <string>
#include <vector>

#include "demo/ground.h"
#include "demo/rows.h"
#include "demo/words.h"

namespace huiyin::demo {

// Where a family lives: the n-th of the county, the number-th of its village.
struct Door {
  size_t n = 0;
  size_t village = 0;
  size_t group = 0;
  int number = 0;
};

struct Family {
  HouseholdRow household;
  std::vector<ResidentRow> residents;  // the head first
  std::vector<SectionRow> sections;
  size_t village = 0;
  size_t group = 0;
  bool head_is_away = false;
  std::vector<std::string> difficulties;  // codes of data/demo/households.json
};

// The county's register as it stands on `today`.
class Register {
 public:
  Register(const Words& words, const Ground& ground, uint64_t seed, Date today, Instant opened)
      : words_(words), ground_(ground), seed_(seed), today_(today), opened_(opened) {}

  // `helper` carries out the measures, if anybody visits.
  Family Make(const Door& door, const Person* helper) const;

 private:
  struct Draft;
  void DrawPeople(Draft& draft) const;
  void DrawFates(Draft& draft) const;
  void WriteSections(Draft& draft, const Person* helper) const;

  const Words& words_;
  const Ground& ground_;
  uint64_t seed_;
  Date today_;
  Instant opened_;
};

// Pieces of text by which the family is found.
void AddTerms(const Family& family, std::vector<TermRow>& terms);

}  // namespace huiyin::demo
