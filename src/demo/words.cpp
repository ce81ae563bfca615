// SPDX-License-Identifier: EUPL-1.2
#include "demo/words.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "core/json.h"
#include "core/text.h"

namespace huiyin::demo {
namespace {

namespace fs = std::filesystem;

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path.string() + ": cannot be read");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

json::object ReadObject(const fs::path& path) {
  try {
    return json::parse(ReadFile(path)).as_object();
  } catch (const boost::system::system_error& error) {
    throw std::runtime_error(path.string() + ": " + error.what());
  }
}

std::string Str(const json::value& value) { return std::string(value.as_string()); }

Texts TextsOf(const json::value& value) {
  Texts texts;
  for (const json::value& text : value.as_array()) texts.push_back(Str(text));
  return texts;
}

// The texts under `name`, none when it is not there.
Texts TextsAt(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found != nullptr ? TextsOf(*found) : Texts();
}

std::map<std::string, Texts, std::less<>> TextsByKey(const json::value& value) {
  std::map<std::string, Texts, std::less<>> all;
  for (const auto& [key, texts] : value.as_object()) all[std::string(key)] = TextsOf(texts);
  return all;
}

Texts CharactersOf(const json::value& value) {
  Texts texts;
  for (const std::string_view c : Characters(std::string_view(value.as_string()))) texts.emplace_back(c);
  return texts;
}

double Num(const json::value& value) { return value.to_number<double>(); }
int Whole(const json::value& value) { return value.to_number<int>(); }

Weighted<std::string> WeightedTexts(const json::value& value) {
  Weighted<std::string> choice;
  for (const json::value& pair : value.as_array()) choice.Add(Str(pair.at(0)), Num(pair.at(1)));
  return choice;
}

Weighted<int> WeightedNumbers(const json::value& value) {
  Weighted<int> choice;
  for (const json::value& pair : value.as_array()) choice.Add(Whole(pair.at(0)), Num(pair.at(1)));
  return choice;
}

PlaceWords ReadPlaces(const json::object& county) {
  PlaceWords places;
  places.county_code = Str(county.at("county").at("code"));
  places.county_name = Str(county.at("county").at("name"));
  for (const json::value& above : county.at("ancestors").as_array()) {
    places.ancestors.emplace_back(Str(above.at("code")), Str(above.at("name")));
  }
  for (const json::value& t : county.at("townships").as_array()) {
    places.townships.push_back({Str(t.at("code")), Str(t.at("name")), Str(t.at("kind")), Whole(t.at("km")),
                                Whole(t.at("villages"))});
  }
  places.name_first = TextsOf(county.at("village_names").at("first"));
  places.name_second = TextsOf(county.at("village_names").at("second"));
  places.streets = TextsOf(county.at("address").at("streets"));
  for (const json::value& u : county.at("units").as_array()) {
    places.units.push_back({Str(u.at("key")), Str(u.at("name")), Str(u.at("level")),
                            Whole(u.at("officers").at(0)), Whole(u.at("officers").at(1)),
                            TextsOf(u.at("posts"))});
  }
  for (const auto& [key, roles] : county.at("officer_roles").as_object()) {
    if (roles.is_array()) places.roles[std::string(key)] = TextsOf(roles);
  }
  return places;
}

std::unique_ptr<Leaf> ReadLeaf(std::string_view category, const json::object& from,
                               const json::object& handling) {
  auto leaf = std::make_unique<Leaf>();
  leaf->category = category;
  for (const auto& [kind, weight] : from.at("kinds").as_object()) {
    leaf->kinds.Add(std::string(kind), Num(weight));
  }
  leaf->handlers = WeightedTexts(handling.at(category));
  leaf->theme = Str(from.at("theme"));
  leaf->items = TextsAt(from, "items");
  leaf->titles = TextsAt(from, "titles");
  leaf->cores = TextsAt(from, "cores");
  leaf->extras = TextsAt(from, "extras");
  leaf->asks = TextsAt(from, "asks");
  for (const std::string_view outcome : {"done", "partly", "explained", "refused"}) {
    if (from.contains(outcome)) leaf->outcomes[std::string(outcome)] = TextsAt(from, outcome);
  }
  return leaf;
}

void ReadPhrases(const json::object& from, RequestWords& words) {
  words.openings = TextsByKey(from.at("opening"));
  words.closings = TextsByKey(from.at("closing"));
  words.history = TextsAt(from, "history");
  words.effect = TextsAt(from, "effect");
  words.effect_place = TextsAt(from, "effect_place");
  words.effect_person = TextsAt(from, "effect_person");
  words.detail = TextsAt(from, "detail");
  const json::object& praise = from.at("praise").as_object();
  words.praise_titles = TextsAt(praise, "title");
  words.praise_cores = TextsAt(praise, "core");
  const json::object& answer = from.at("answer").as_object();
  words.answer_openings = TextsAt(answer, "opening");
  words.found = TextsAt(answer, "found");
  words.more = TextsAt(answer, "more");
  words.answer_closings = TextsAt(answer, "closing");
  words.refused_tails = TextsAt(answer, "refused_tail");
  words.solved = TextsOf(from.at("judgement").at("solved"));
  words.unsolved = TextsOf(from.at("judgement").at("unsolved"));
  words.return_reasons = TextsOf(from.at("return").at("reason"));
  words.return_agreed = TextsOf(from.at("return").at("agreed"));
  words.return_refused = TextsOf(from.at("return").at("refused"));
  words.extension_reasons = TextsOf(from.at("extension").at("reason"));
  words.notes = TextsAt(from, "note");
  words.appeal_reasons = TextsOf(from.at("appeal").at("reason"));
  words.correction_words = TextsOf(from.at("correction").at("words"));
}

RequestWords ReadRequests(const json::object& requests, const json::object& phrases,
                          const json::object& handling) {
  RequestWords words;
  for (const auto& [name, values] : requests.at("slots").as_object()) {
    const json::array& list = values.as_array();
    if (list.size() == 3 && list[0].is_number()) {
      words.ranges[std::string(name)] = {Whole(list[0]), Whole(list[1]), Whole(list[2])};
    } else {
      words.slots[std::string(name)] = TextsOf(values);
    }
  }
  for (const auto& [category, from] : requests.at("leaves").as_object()) {
    auto leaf = ReadLeaf(category, from.as_object(), handling);
    const double weight = Num(from.at("weight"));
    (category.starts_with("conduct.") ? words.conduct_leaves : words.leaves).Add(leaf.get(), weight);
    words.all.push_back(std::move(leaf));
  }
  ReadPhrases(phrases, words);
  return words;
}

VisitWords ReadVisits(const json::object& from) {
  VisitWords words;
  for (const auto& [topic, value] : from.at("diary").as_object()) {
    if (topic == "arrive") words.arrive = TextsByKey(value);
    else if (topic == "season") words.season = TextsByKey(value);
    else if (topic == "feeling") words.feeling = TextsOf(value);
    else if (topic == "next") words.next = TextsOf(value);
    else if (topic == "night") words.night = TextsOf(value);
    else if (topic == "migrant") words.migrant = TextsOf(value);
    else words.topics[std::string(topic)] = TextsOf(value);
  }
  for (const json::value& promise : from.at("promises").as_array()) {
    words.promises.emplace_back(Whole(promise.at("days")), Str(promise.at("text")));
  }
  words.fulfilment = TextsAt(from, "fulfilment");
  words.pairing_end = TextsAt(from, "pairing_end");
  words.plan_note = TextsAt(from, "plan_note");
  words.plan_other_time = TextsAt(from, "plan_other_time");
  words.household_words = TextsAt(from, "household_words");
  return words;
}

Mix ReadMix(const json::object& from) {
  Mix mix;
  mix.channels = WeightedTexts(from.at("channel"));
  mix.outcomes = WeightedTexts(from.at("outcome"));
  mix.judgements = WeightedTexts(from.at("judgement"));
  mix.met = WeightedTexts(from.at("visit_met"));
  mix.promise_kept = WeightedTexts(from.at("promise_kept"));
  mix.asks = WeightedNumbers(from.at("asks"));
  mix.rating_solved = WeightedNumbers(from.at("rating_if_solved"));
  mix.rating_unsolved = WeightedNumbers(from.at("rating_if_unsolved"));
  mix.visits_a_year = WeightedNumbers(from.at("visits_per_household_year"));
  mix.diary_sentences = WeightedNumbers(from.at("diary_sentences"));
  mix.difficulties = WeightedNumbers(from.at("difficulties_per_household"));
  for (const auto& [days, share] : from.at("answer_within_days_pct").as_object()) {
    mix.answer_days.emplace_back(std::stod(std::string(days)), Num(share));
  }
  mix.anonymous = Num(from.at("anonymous_pct"));
  mix.without_household = Num(from.at("without_household_pct"));
  mix.returned_once = Num(from.at("returned_once_pct"));
  mix.returned_twice = Num(from.at("returned_twice_pct"));
  mix.extended = Num(from.at("extended_pct"));
  mix.appeal = Num(from.at("appeal_pct_of_unsolved"));
  mix.praise = Num(from.at("praise_pct"));
  mix.promise = Num(from.at("promise_pct_of_visits"));
  mix.from_visit = Num(from.at("matter_from_visit_pct"));
  for (const json::value& month : from.at("month_pct").as_array()) mix.months.push_back(Num(month));
  return mix;
}

std::vector<double> Quintiles(const json::value& value) {
  std::vector<double> yuan;
  for (const json::value& one : value.as_array()) yuan.push_back(Num(one));
  return yuan;
}

Figures ReadFigures(const json::object& census, const json::object& stats) {
  Figures figures;
  // Between a province of 2020 and the country of 2010: 2.75 people a household.
  const auto& sizes_now = census.at("household_size_pct").at("county_2020").as_array();
  const auto& sizes_then = census.at("household_size_pct").at("national_2010").as_array();
  for (size_t i = 0; i < sizes_now.size(); ++i) {
    figures.household_size.Add(static_cast<int>(i) + 1, 0.82 * Num(sizes_now[i]) + 0.18 * Num(sizes_then[i]));
  }
  const json::object& hot = stats.at("hot").as_object();
  const auto& hours = hot.at("created").at("by_hour").as_array();
  for (size_t hour = 0; hour < hours.size(); ++hour) figures.hours.Add(static_cast<int>(hour), Num(hours[hour]));
  for (const auto& [hour, weight] : std::initializer_list<std::pair<int, double>>{
           {8, 4}, {9, 14}, {10, 18}, {11, 10}, {14, 10}, {15, 17}, {16, 14}, {17, 7}, {18, 3}, {19, 5}, {20, 2}}) {
    figures.visit_hours.Add(hour, weight);
  }
  const auto& weekdays = hot.at("created").at("by_weekday_mon0").as_array();
  double busiest = 1;
  for (const json::value& day : weekdays) busiest = std::max(busiest, Num(day));
  for (size_t i = 0; i < figures.weekdays.size(); ++i) figures.weekdays[i] = Num(weekdays[i]) / busiest;
  for (const auto& [quantile, characters] : hot.at("detail_chars").as_object()) {
    figures.detail_chars.emplace_back(std::stod(std::string(quantile)), Num(characters));
  }
  const json::object& income = census.at("income").at("rural_quintiles").as_object();
  figures.income = Quintiles(income.at("disposable"));
  figures.wage = Quintiles(income.at("wage"));
  figures.business = Quintiles(income.at("business"));
  figures.transfer = Quintiles(income.at("transfer"));
  figures.consumption = Quintiles(income.at("consumption"));
  figures.medical = Quintiles(income.at("medical_spend"));
  figures.assumed = census.at("assumed").as_object();
  return figures;
}

void ReadNames(const json::object& from, Words& words) {
  words.surnames = WeightedTexts(from.at("surnames"));
  for (const auto& [sex, generations] : from.at("given").as_object()) {
    for (const json::value& g : generations.as_array()) {
      words.given[std::string(sex)].push_back({Whole(g.at("born_to")), CharactersOf(g.at("first")),
                                               CharactersOf(g.at("second")), TextsOf(g.at("whole"))});
    }
  }
}

// The tags by which the API names what people speak here.
std::string LanguageTag(std::string_view name) {
  if (name == "云岭话") return "zh-yunling";
  if (name == "高山话") return "zh-gaoshan";
  if (name == "手语") return "csl";
  return "zh";
}

}  // namespace

Words Words::Load(const fs::path& data) {
  Words words;
  const fs::path demo = data / "demo";
  const json::object county = ReadObject(demo / "county.json");
  words.places = ReadPlaces(county);
  words.mix = ReadMix(county.at("mix").as_object());
  for (const json::value& pair : county.at("languages").as_array()) {
    words.languages.Add(LanguageTag(pair.at(0).as_string()), Num(pair.at(1)));
  }
  words.requests = ReadRequests(ReadObject(demo / "requests.json"), ReadObject(demo / "phrases.json"),
                                county.at("handling").as_object());
  words.visits = ReadVisits(ReadObject(demo / "visits.json"));
  const json::object households = ReadObject(demo / "households.json");
  words.households.difficulties = TextsByKey(households.at("difficulties"));
  words.households.measures = TextsByKey(households.at("measures"));
  words.households.plans = TextsOf(households.at("plans"));
  ReadNames(ReadObject(data / "names" / "names.json"), words);
  words.figures = ReadFigures(ReadObject(data / "census" / "county.json"),
                              ReadObject(data / "requests" / "message_stats.json"));
  return words;
}

std::string Slots::Fill(std::string_view text) {
  std::string filled;
  while (!text.empty()) {
    const size_t open = text.find('{');
    const size_t close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) return filled.append(text);
    filled.append(text.substr(0, open));
    filled += Draw(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
  return filled;
}

std::string Slots::Draw(std::string_view name) {
  const auto known = known_.find(name);
  if (known != known_.end()) return known->second;
  if (const auto range = words_.ranges.find(name); range != words_.ranges.end()) {
    const auto [from, to, step] = range->second;
    return std::to_string(from + step * dice_.Between(0, (to - from) / step));
  }
  const auto list = words_.slots.find(name);
  if (list == words_.slots.end()) return "";
  std::string value = dice_.Pick(list->second);
  if (name == "place") Set("place", value);
  return value;
}

std::string ChineseNumber(int n) {
  static constexpr std::array<std::string_view, 10> kDigits = {"", "一", "二", "三", "四",
                                                               "五", "六", "七", "八", "九"};
  std::string text;
  if (n >= 20) text += kDigits[static_cast<size_t>(n / 10)];
  if (n >= 10) text += "十";
  return text.append(kDigits[static_cast<size_t>(n % 10)]);
}

}  // namespace huiyin::demo
