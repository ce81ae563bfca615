// SPDX-License-Identifier: EUPL-1.2
// The material of the synthetic county: the sentences of data/demo (its README.md says how
// they are put together), names, census figures and the shapes of requests.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "demo/dice.h"
#include "core/json.h"

namespace huiyin::demo {

using Texts = std::vector<std::string>;

struct GivenNames {
  int born_to = 0;
  Texts first, second, whole;
};

struct TownshipWords {
  std::string code, name, kind;
  int km = 0;
  int villages = 0;
};

struct UnitWords {
  std::string key, name, level;
  int officers_from = 0, officers_to = 0;
  Texts posts;
};

struct PlaceWords {
  std::string county_code, county_name;
  std::vector<std::pair<std::string, std::string>> ancestors;
  std::vector<TownshipWords> townships;
  Texts name_first, name_second, streets;
  std::vector<UnitWords> units;
  std::map<std::string, Texts, std::less<>> roles;  // by unit key
};

// One leaf of the category tree and what is said about it.
struct Leaf {
  std::string category;
  Weighted<std::string> kinds, handlers;
  std::string theme;
  Texts items, titles, cores, extras, asks;
  std::map<std::string, Texts, std::less<>> outcomes;  // done partly explained refused
};

struct RequestWords {
  std::map<std::string, Texts, std::less<>> slots;
  std::map<std::string, std::array<int, 3>, std::less<>> ranges;
  Weighted<const Leaf*> leaves;          // all but complaints about officials
  Weighted<const Leaf*> conduct_leaves;
  std::vector<std::unique_ptr<Leaf>> all;

  std::map<std::string, Texts, std::less<>> openings, closings;  // by channel, by kind
  Texts history, effect, effect_place, effect_person, detail;
  Texts praise_titles, praise_cores;
  Texts answer_openings, found, more, answer_closings, refused_tails;
  Texts solved, unsolved, return_reasons, return_agreed, return_refused, extension_reasons;
  Texts notes, appeal_reasons, correction_words;
};

struct VisitWords {
  std::map<std::string, Texts, std::less<>> arrive;  // by whom was met
  std::map<std::string, Texts, std::less<>> season;
  std::map<std::string, Texts, std::less<>> topics;  // livelihood health children ...
  Texts feeling, next, night, migrant;
  std::vector<std::pair<int, std::string>> promises;
  Texts fulfilment, pairing_end, plan_note, plan_other_time, household_words;
};

struct HouseholdWords {
  std::map<std::string, Texts, std::less<>> difficulties, measures;
  Texts plans;
};

struct Mix {
  Weighted<std::string> channels, outcomes, judgements, met, promise_kept;
  Weighted<int> asks, rating_solved, rating_unsolved, visits_a_year, diary_sentences, difficulties;
  std::vector<std::pair<double, double>> answer_days;  // days, share reached by then
  double anonymous = 0, without_household = 0, returned_once = 0, returned_twice = 0, extended = 0,
         appeal = 0, praise = 0, promise = 0, from_visit = 0;
  std::vector<double> months;
};

struct Figures {
  Weighted<int> household_size, hours;
  Weighted<int> visit_hours;
  std::array<double, 7> weekdays{};                    // Monday first, share of the busiest
  std::vector<std::pair<double, double>> detail_chars;  // quantile, characters
  std::vector<double> income, wage, business, transfer, consumption, medical;  // by quintile, yuan
  json::object assumed;
};

struct Words {
  PlaceWords places;
  RequestWords requests;
  VisitWords visits;
  HouseholdWords households;
  Mix mix;
  Figures figures;
  std::map<std::string, std::vector<GivenNames>, std::less<>> given;  // by sex
  Weighted<std::string> surnames;
  Weighted<std::string> languages;

  // Throws std::runtime_error naming the file that is missing or wrong.
  static Words Load(const std::filesystem::path& data);
};

// Values for the slots of one text and of what answers it: an item or a place, once drawn,
// stays the same.
class Slots {
 public:
  Slots(const RequestWords& words, Dice& dice) : words_(words), dice_(dice) {}
  void Set(std::string name, std::string value) { known_[std::move(name)] = std::move(value); }
  std::string Fill(std::string_view text);

 private:
  std::string Draw(std::string_view name);

  const RequestWords& words_;
  Dice& dice_;
  std::map<std::string, std::string, std::less<>> known_;
};

std::string ChineseNumber(int n);  // 1 to 99

}  // namespace huiyin::demo
