// SPDX-License-Identifier: EUPL-1.2
// The ground the county stands on: its areas down to the groups, its offices, and the
// officers in them with their roles.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "demo/words.h"
#include "modules/org/org.h"

namespace huiyin::demo {

struct Group {
  AreaCode code;
  std::string name;
};

struct Village {
  AreaCode code;
  std::string name;
  size_t township = 0;
  bool is_town = false;  // streets and communities rather than fields
  double weight = 1;     // how much of the county lives here
  std::vector<Group> groups;
  std::vector<size_t> officers;  // who visit here
  std::map<std::string, size_t, std::less<>> units;
};

struct Township {
  AreaCode code;
  std::string name;
  int km = 0;
  std::vector<size_t> villages;
  std::map<std::string, size_t, std::less<>> units;  // by key
};

struct Office {
  org::Unit unit;
  std::string key;
  std::vector<size_t> officers;
};

struct Person {
  org::Officer officer;
  std::vector<HeldRole> roles;
  size_t office = 0;
  std::optional<size_t> village;  // where this officer visits
  int quota = 0;                  // of households; 0 visits nobody
  bool signs_in = false;          // one of those with a password from the start
};

struct Ground {
  County county;
  std::string name;
  std::vector<std::pair<std::string, std::string>> ancestors;
  std::vector<Township> townships;
  std::vector<Village> villages;
  std::vector<Office> offices;
  std::map<std::string, size_t, std::less<>> county_units;  // by key
  std::vector<Person> people;

  const Office& OfficeAt(std::string_view key, const Village* village) const;
  // The county's centre for what residents bring: first receiver of what lies nowhere.
  const Office& Centre() const { return offices[county_units.find("centre")->second]; }
  const Person& AnyOf(const Office& office, Dice& dice) const {
    return people[dice.Pick(office.officers)];
  }
};

// How many townships and villages a county of so many households has.
struct GroundSize {
  int townships = 14;
  double villages_share = 1;  // of those named in the words; above 1 adds more
  double staff_share = 1;     // of the officers the words give a county and its townships
};

Ground LayOut(const Words& words, uint64_t seed, GroundSize size, Instant founded);

std::string PersonName(const Words& words, Dice& dice, std::string_view sex, int born,
                       std::string_view surname);

void WriteGround(db::Tx& tx, const Ground& ground, const std::map<AreaCode, int64_t>& households,
                 const std::map<std::string, std::string>& password_hashes, Instant founded);
// Whose some of the county's work is, from the day it was founded.
void WriteDispatchList(db::Tx& tx, const Ground& ground, Instant founded);

}  // namespace huiyin::demo
