// SPDX-License-Identifier: EUPL-1.2
// Who of the demo county can sign in: some sixty officers of all roles, some forty
// households with an activated card, and a few whose sealed first code is still unused.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "demo/census.h"

namespace huiyin::demo {

class Accounts {
 public:
  // Draws every secret from the operating system and hashes it, on all cores.
  Accounts(const Ground& ground, const std::vector<Home>& homes);

  // By login.
  const std::map<std::string, std::string>& password_hashes() const { return password_hashes_; }
  // The card of a household that has one; null otherwise.
  struct Card {
    size_t home = 0;
    std::string secret;  // the PIN, or the first code
    std::string hash;
    bool is_activated = true;
    std::string card_number;  // set when the card is written
  };
  Card* CardOf(size_t home);

  // Households that somebody will look at first.
  std::vector<size_t> Homes() const;

  std::string Json(const Ground& ground, const std::vector<Home>& homes) const;

 private:
  void ChooseCards(const Ground& ground, const std::vector<Home>& homes);
  void HashAll();

  std::map<std::string, std::string> passwords_;
  std::map<std::string, std::string> password_hashes_;
  std::map<size_t, Card> cards_;
};

}  // namespace huiyin::demo
