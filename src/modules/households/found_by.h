// SPDX-License-Identifier: EUPL-1.2
// What the people of many new households are found by: pieces of their names and addresses, held
// back until there are many and then entered in the order of the index. Each page of it is so
// written once for all of them; entered name by name, a large register writes most of the index
// anew with every thousand households.
#pragma once

#include <array>

#include "modules/households/households.h"

namespace huiyin::households {

// Held in memory: whoever stops in between holds what was not entered again, from the register.
class FoundBy {
 public:
  // Of a household that is being added.
  void Hold(const NewHousehold& household);
  // Of one that is there, as it is now; nothing when there is none of that number.
  void Hold(db::Tx& tx, County county, std::string_view register_number);

  // How many pieces are left to enter.
  size_t held() const { return pieces_.size() - next_; }
  // Enters the next `most` of them. A household that was changed since it was held is entered
  // whole, as it is now: nothing is found where it no longer is. Nothing is held anew until all
  // that is held has been entered.
  void Enter(db::Tx& tx, County county, size_t most);

 private:
  struct Piece {
    std::array<char, 8> term{};  // two characters at most, of four bytes at most
    uint32_t area = 0;           // in areas_
    uint32_t household = 0;      // in households_
    Uuid id;
    bool is_address = false;
  };

  void HoldPiece(std::string_view term, const Piece& like);
  void HoldAddress(const HouseholdId& id, const AreaCode& area, std::string_view address);
  void HoldName(const ResidentId& id, std::string_view name);
  void Sort();
  void EnterAsTheyAreNow(db::Tx& tx, County county);

  std::vector<AreaCode> areas_;
  std::map<AreaCode, uint32_t> area_places_;
  std::vector<HouseholdId> households_;
  uint32_t last_area_ = 0;     // of the household held last
  std::vector<Piece> pieces_;
  size_t next_ = 0;
  bool is_sorted_ = false;
};

// As AddHousehold of the door; what they are found by is held there, and entered when the caller
// says so.
void AddHousehold(db::Tx& tx, const Services& services, County county, const NewHousehold& household, Instant now,
                  FoundBy& found_by);

}  // namespace huiyin::households
