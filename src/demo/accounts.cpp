// SPDX-License-Identifier: EUPL-1.2
#include "demo/accounts.h"

#include <thread>

#include "core/crypto.h"
#include "core/json.h"
#include "modules/identity/identity.h"

namespace huiyin::demo {
namespace {

constexpr size_t kActivated = 44;
constexpr size_t kToActivate = 6;

// Six digits that are neither all the same nor a staircase.
std::string NewPin() {
  for (;;) {
    std::string pin;
    for (int i = 0; i < 6; ++i) pin += static_cast<char>('0' + SystemRandom().Below(10));
    bool same = true, up = true, down = true;
    for (size_t i = 1; i < pin.size(); ++i) {
      same &= pin[i] == pin[0];
      up &= pin[i] == pin[i - 1] + 1;
      down &= pin[i] == pin[i - 1] - 1;
    }
    if (!same && !up && !down) return pin;
  }
}

std::string Digits(std::string_view code) {
  std::string digits;
  for (const char c : code) {
    if (c >= '0' && c <= '9') digits += c;
  }
  return digits;
}

}  // namespace

Accounts::Accounts(const Ground& ground, const std::vector<Home>& homes) {
  for (const Person& person : ground.people) {
    if (person.signs_in) passwords_[person.officer.login] = identity::NewPassword(SystemRandom());
  }
  ChooseCards(ground, homes);
  HashAll();
}

void Accounts::ChooseCards(const Ground& ground, const std::vector<Home>& homes) {
  std::map<size_t, std::vector<size_t>> by_helper;
  for (size_t h = 0; h < homes.size(); ++h) {
    if (homes[h].helper && ground.people[*homes[h].helper].signs_in) by_helper[*homes[h].helper].push_back(h);
  }
  // One household of each officer who signs in, then a second one, and so on.
  for (size_t round = 0; cards_.size() < kActivated + kToActivate; ++round) {
    bool any = false;
    for (const auto& [helper, theirs] : by_helper) {
      if (round >= theirs.size() || cards_.size() == kActivated + kToActivate) continue;
      any = true;
      Card card;
      card.home = theirs[round];
      card.is_activated = cards_.size() < kActivated;
      card.secret = card.is_activated ? NewPin() : identity::NewFirstCode(SystemRandom());
      cards_[card.home] = std::move(card);
    }
    if (!any) return;
  }
}

void Accounts::HashAll() {
  std::vector<std::pair<std::string, std::string*>> work;
  for (const auto& [login, password] : passwords_) work.emplace_back(password, &password_hashes_[login]);
  for (auto& [home, card] : cards_) {
    work.emplace_back(card.is_activated ? card.secret : Digits(card.secret), &card.hash);
  }
  std::atomic<size_t> next = 0;
  const auto hash_some = [&] {
    for (size_t i = next++; i < work.size(); i = next++) *work[i].second = HashPassword(work[i].first);
  };
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i) threads.emplace_back(hash_some);
  for (std::thread& thread : threads) thread.join();
}

Accounts::Card* Accounts::CardOf(size_t home) {
  const auto found = cards_.find(home);
  return found == cards_.end() ? nullptr : &found->second;
}

std::vector<size_t> Accounts::Homes() const {
  std::vector<size_t> homes;
  for (const auto& [home, card] : cards_) homes.push_back(home);
  return homes;
}

std::string Accounts::Json(const Ground& ground, const std::vector<Home>& homes) const {
  JsonWriter w(ground.county);
  w.BeginObject().Key("officers").BeginArray();
  for (const Person& person : ground.people) {
    const auto password = passwords_.find(person.officer.login);
    if (password == passwords_.end()) continue;
    w.BeginObject().Field("login", person.officer.login).Field("password", password->second);
    w.Field("role", RoleName(person.roles.front().role)).Field("name", person.officer.name);
    w.Field("unit_id", static_cast<const Uuid&>(person.officer.unit_id));
    w.Field("unit_name", ground.offices[person.office].unit.name);
    w.Key("roles").BeginArray();
    for (const HeldRole& held : person.roles) w.Value(RoleName(held.role));
    w.EndArray().EndObject();
  }
  w.EndArray().Key("residents").BeginArray();
  for (const auto& [h, card] : cards_) {
    if (!card.is_activated) continue;
    w.BeginObject().Field("card_number", card.card_number).Field("pin", card.secret);
    w.Field("household_id", static_cast<const Uuid&>(homes[h].id));
    w.Field("officer_login", ground.people[*homes[h].helper].officer.login);
    w.Field("head_name", homes[h].head_name).EndObject();
  }
  w.EndArray().Key("cards_to_activate").BeginArray();
  for (const auto& [h, card] : cards_) {
    if (card.is_activated) continue;
    w.BeginObject().Field("card_number", card.card_number).Field("first_code", card.secret);
    w.Field("household_id", static_cast<const Uuid&>(homes[h].id)).EndObject();
  }
  return w.EndArray().EndObject().Take() + "\n";
}

}  // namespace huiyin::demo
