// SPDX-License-Identifier: EUPL-1.2
// The ten sections of a family's record, drawn so that they agree with one another: a house
// in danger is among its difficulties, and a measure answers each.
#pragma once

#include "demo/families.h"

namespace huiyin::demo {

// Whole years lived.
int AgeOn(Date birth, Date day);

class Sections {
 public:
  Sections(const Words& words, Family& family, const Village& village, Dice& dice, Date today)
      : words_(words), family_(family), village_(village), dice_(dice), today_(today) {}

  // Adds the ten; `helper` is who carries out the measures, if anybody visits.
  void Write(const Person* helper, County county);

 private:
  void Residence();
  void Population();
  void Housing();
  void Land();
  void Livestock();
  void Money();
  void Difficulties();
  void Plans();
  void Measures(const Person* helper, County county);

  void Add(std::string_view name, std::string doc);
  int Count(int from_age, int to_age) const;
  void NeedIf(bool is_so, std::string_view code, double percent);

  const Words& words_;
  Family& family_;
  const Village& village_;
  Dice& dice_;
  Date today_;
  bool has_road_ = true;
  bool has_water_ = true;
  std::string danger_ = "A";
  size_t quintile_ = 2;
};

// The same section a while later, after somebody came and asked; empty when this section
// does not change with time.
std::string Revised(std::string_view name, std::string_view doc, const Words& words, Dice& dice);

}  // namespace huiyin::demo
