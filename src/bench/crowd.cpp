// SPDX-License-Identifier: EUPL-1.2
#include "bench/crowd.h"

#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

#include "bench/child.h"
#include "core/text.h"
#include "core/words.h"

namespace huiyin::bench {
namespace {

// How many of each role: enough that nothing fits a small cache, few enough that signing
// in (a slow hash each) takes seconds.
constexpr struct {
  std::string_view role;
  size_t most;
} kRoles[] = {{"liaison", 40}, {"clerk", 12}, {"handler", 40}, {"supervisor", 2}};
constexpr size_t kTexts = 60;
constexpr std::chrono::hours kVisitAgo{72};  // also for whoever looks at it with a clock set back
constexpr size_t kNamesFrom = 150;  // households whose people are searched for

std::string Percent(std::string_view text) {
  std::string encoded;
  for (const char c : text) encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return encoded;
}

// The first `count` characters; empty when there are fewer.
std::string FirstCharacters(std::string_view text, size_t count) {
  size_t at = 0;
  for (size_t i = 0; i < count; ++i) {
    if (at >= text.size()) return "";
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  }
  return std::string(text.substr(0, at));
}

std::string TextAt(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

const json::array& ItemsOf(const json::object& page) {
  static const json::array none;
  const json::value* items = page.if_contains("items");
  return items != nullptr && items->is_array() ? items->as_array() : none;
}

}  // namespace

Crowd::Crowd(uint16_t port, const std::filesystem::path& accounts) : port_(port) {
  std::ifstream in(accounts);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw std::runtime_error(accounts.string() + ": cannot be read");
  const json::object all = ParseJsonObject(text.str());
  for (const auto& [role, most] : kRoles) SignIn(all.at("officers").as_array(), role, most);
  for (size_t i = 0; i < officers_.size(); ++i) {
    FindHouseholds(officers_[i]);
    FindMatters(officers_[i]);
    const std::string& role = officers_[i].role;
    if ((role == "clerk" || role == "liaison") && !officers_[i].households.empty()) takers_.push_back(i);
    if (role == "handler") handlers_.push_back(i);
    if (role == "liaison" && !officers_[i].households.empty()) visitors_.push_back(i);
  }
  FindNames();
  FindSayings();
  FindTyping();
  FindIndicators();
  for (const Officer& officer : officers_) {
    if (officer.role == "supervisor") walls.push_back({.target = "/api/v1/wall", .token = officer.token});
  }
}

void Crowd::SignIn(const json::array& accounts, std::string_view role, size_t most) {
  // Spread over the list, since neighbours in it often share a township.
  std::vector<const json::object*> chosen;
  for (const json::value& account : accounts) {
    if (TextAt(account.as_object(), "role") == role) chosen.push_back(&account.as_object());
  }
  const size_t step = std::max<size_t>(1, chosen.size() / most);
  for (size_t i = 0; i < chosen.size() && i / step < most; i += step) {
    json::object body{{"login", chosen[i]->at("login")}, {"password", chosen[i]->at("password")}};
    const Answer answer = Ask(port_, {.method = "POST", .target = "/api/v1/sessions", .body = json::serialize(body)});
    if (answer.status != 201) {
      throw std::runtime_error(fmt::format("signing in as {}: {} {}", TextAt(*chosen[i], "login"), answer.status, answer.body));
    }
    officers_.push_back({std::string(role), TextAt(ParseJsonObject(answer.body), "token"), TextAt(*chosen[i], "unit_id")});
  }
}

json::object Crowd::Get(const Officer& officer, const std::string& target) const {
  const Answer answer = Ask(port_, {.target = target, .token = officer.token});
  if (answer.status != 200) throw std::runtime_error(fmt::format("{}: {} {}", target, answer.status, answer.body));
  return ParseJsonObject(answer.body);
}

void Crowd::FindHouseholds(Officer& officer) {
  const auto read = [&](const std::string& target) {
    const json::object page = Get(officer, target);
    for (const json::value& item : ItemsOf(page)) officer.households.push_back(TextAt(item.as_object(), "id"));
  };
  read("/api/v1/households?mine=true&limit=200");
  if (officer.households.empty()) {
    if (officer.role == "clerk") read("/api/v1/households?limit=200");
    return;
  }
  my_households.push_back({.target = "/api/v1/households?mine=true", .token = officer.token});
  for (const std::string& id : officer.households) {
    household_reads.push_back({.target = "/api/v1/households/" + id + "?purpose=visit", .token = officer.token});
  }
}

void Crowd::FindMatters(const Officer& officer) {
  const Answer answer = Ask(port_, {.target = "/api/v1/matters?queue=mine", .token = officer.token});
  if (answer.status != 200) return;  // some roles have no queue
  const json::object page = ParseJsonObject(answer.body);
  if (ItemsOf(page).empty()) return;
  my_matters.push_back({.target = "/api/v1/matters?queue=mine", .token = officer.token});
  for (const json::value& item : ItemsOf(page)) {
    if (texts_.size() >= kTexts) return;
    const json::object matter = Get(officer, "/api/v1/matters/" + TextAt(item.as_object(), "id"));
    if (std::string said = TextAt(matter, "text"); !said.empty()) texts_.push_back(std::move(said));
  }
}

void Crowd::FindNames() {
  std::set<std::string> pieces[3];
  for (size_t i = 0; i < kNamesFrom && !household_reads.empty(); ++i) {
    const Answer answer = Ask(port_, household_reads[random_.Below(household_reads.size())]);
    if (answer.status != 200) throw std::runtime_error(fmt::format("reading a household: {} {}", answer.status, answer.body));
    const json::object household = ParseJsonObject(answer.body);
    const json::value* residents = household.if_contains("residents");
    if (residents == nullptr || !residents->is_array()) continue;
    for (const json::value& resident : residents->as_array()) {
      const std::string name = TextAt(resident.as_object(), "name");
      for (size_t count = 1; count <= 3; ++count) {
        if (std::string piece = FirstCharacters(name, count); !piece.empty()) pieces[count - 1].insert(piece);
      }
    }
  }
  for (size_t count = 0; count < 3; ++count) {
    for (const std::string& piece : pieces[count]) {
      // Everyone who searches, the widest reach included: a supervisor sees the whole county.
      for (const std::string_view role : {"liaison", "clerk", "supervisor"}) {
        std::vector<const Officer*> those;
        for (const Officer& officer : officers_) {
          if (officer.role == role) those.push_back(&officer);
        }
        if (those.empty()) continue;
        name_searches[count].push_back({.target = "/api/v1/residents?q=" + Percent(piece),
                                        .token = those[random_.Below(those.size())]->token});
      }
    }
  }
}

void Crowd::FindSayings() {
  std::set<std::string> pieces[2];
  for (const std::string& text : texts_) {
    const auto characters = Characters(text);
    for (size_t from = 0; from < characters.size(); ++from) {
      for (const size_t count : {2UL, 4UL}) {
        if (from + count > characters.size()) continue;
        std::string piece;
        for (size_t i = 0; i < count; ++i) piece += characters[from + i];
        // Han alone: each character and each pair is a word.
        if (piece.size() == 3 * count && WordsOf(piece).size() == 2 * count - 1) pieces[count / 2 - 1].insert(piece);
      }
    }
  }
  for (size_t i = 0; i < std::size(pieces); ++i) {
    for (const std::string& piece : pieces[i]) {
      for (const std::string_view role : {"clerk", "handler", "supervisor"}) {
        std::vector<const Officer*> those;
        for (const Officer& officer : officers_) {
          if (officer.role == role) those.push_back(&officer);
        }
        if (those.empty()) continue;
        matter_searches[i].push_back({.target = "/api/v1/matters?limit=20&q=" + Percent(piece),
                                      .token = those[random_.Below(those.size())]->token});
      }
    }
  }
}

// What stands in the box when somebody who types stops for a moment.
void Crowd::FindTyping() {
  constexpr size_t kFirst = 4;   // shorter is not looked for
  constexpr size_t kStep = 6;    // a moment later
  constexpr size_t kLongest = 120;
  if (takers_.empty()) return;
  for (const std::string& text : texts_) {
    const auto characters = Characters(text);
    for (size_t count = kFirst; count <= std::min(characters.size(), kLongest); count += kStep) {
      const Officer& officer = officers_[takers_[random_.Below(takers_.size())]];
      likely_same.push_back({.target = "/api/v1/matters/similar?limit=5&text=" + Percent(FirstCharacters(text, count)) +
                                       "&household_id=" + officer.households[random_.Below(officer.households.size())],
                             .token = officer.token});
    }
  }
}

// Each of the last months, of the supervisor's whole reach and of places in it.
void Crowd::FindIndicators() {
  for (const Officer& officer : officers_) {
    if (officer.role != "supervisor") continue;
    std::set<std::string> areas{""};
    const json::object page = Get(officer, "/api/v1/areas?limit=200");
    for (const json::value& item : ItemsOf(page)) {
      const std::string code = TextAt(item.as_object(), "code");
      // What lies beyond their reach is not there for them.
      if (Ask(port_, {.target = "/api/v1/indicators?area=" + code, .token = officer.token}).status == 200) areas.insert(code);
    }
    const auto today = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
    for (int back = 0; back < 12; ++back) {
      const auto month = std::chrono::year_month(today.year(), today.month()) - std::chrono::months(back);
      for (const std::string& area : areas) {
        indicators.push_back({.target = fmt::format("/api/v1/indicators?month={:04}-{:02}{}", static_cast<int>(month.year()),
                                                    static_cast<unsigned>(month.month()), area.empty() ? "" : "&area=" + area),
                              .token = officer.token});
      }
    }
  }
}

// Made now, under an id of its own.
Call Crowd::New(const std::string& target, const Officer& officer, json::object body) {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
  body["id"] = FormatUuid(NewUuid({now.count()}, random_));
  body["household_id"] = officer.households[random_.Below(officer.households.size())];
  return {.method = "POST", .target = target, .token = officer.token, .body = json::serialize(body)};
}

Call Crowd::NewMatter() {
  const Officer& officer = officers_[takers_[random_.Below(takers_.size())]];
  return New("/api/v1/matters", officer, {{"channel", "counter"}, {"kind", "help"}, {"text", texts_[random_.Below(texts_.size())]}});
}

Call Crowd::NewVisit() {
  const Officer& officer = officers_[visitors_[random_.Below(visitors_.size())]];
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) - kVisitAgo;
  return New("/api/v1/visits", officer, {{"at", FormatInstant({std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count()})},
                                         {"met", "head"}, {"diary", texts_[random_.Below(texts_.size())]}});
}

}  // namespace huiyin::bench
