// SPDX-License-Identifier: EUPL-1.2
#include "modules/households/found_by.h"

#include <algorithm>
#include <cstring>
#include <set>

#include "core/text.h"
#include "modules/households/store.h"

namespace huiyin::households {
namespace {

constexpr size_t kTogether = 256;  // handed to the store at a time

}  // namespace

void FoundBy::HoldPiece(std::string_view term, const Piece& like) {
  Piece piece = like;
  if (term.size() > piece.term.size()) throw std::logic_error("a piece of a name of more than two characters");
  std::copy(term.begin(), term.end(), piece.term.begin());
  pieces_.push_back(piece);
}

void FoundBy::HoldAddress(const HouseholdId& id, const AreaCode& area, std::string_view address) {
  if (is_sorted_) throw std::logic_error("what is held is being entered");
  households_.push_back(id);
  const auto [place, is_new] = area_places_.try_emplace(area, static_cast<uint32_t>(areas_.size()));
  if (is_new) areas_.push_back(area);
  last_area_ = place->second;
  const Piece like{.area = last_area_, .household = static_cast<uint32_t>(households_.size() - 1), .id = id, .is_address = true};
  for (const std::string& term : Bigrams(address)) HoldPiece(term, like);
}

// Of the household held last.
void FoundBy::HoldName(const ResidentId& id, std::string_view name) {
  const Piece like{.area = last_area_, .household = static_cast<uint32_t>(households_.size() - 1), .id = id};
  for (const std::string& term : SearchTerms(name)) HoldPiece(term, like);
}

void FoundBy::Hold(const NewHousehold& household) {
  HoldAddress(household.id, household.area_code, household.address);
  for (const NewPerson& person : household.people) HoldName(person.id, person.name);
}

void FoundBy::Hold(db::Tx& tx, County county, std::string_view register_number) {
  const auto household = FindHouseholdByNumber(tx, county, register_number);
  if (!household || household->state != "living") return;
  HoldAddress(household->id, household->area_code, household->address);
  for (const Resident& resident : Residents(tx, county, household->id)) {
    if (resident.state == "living") HoldName(resident.id, resident.name);
  }
}

void FoundBy::Sort() {
  is_sorted_ = true;
  std::sort(pieces_.begin(), pieces_.end(), [this](const Piece& a, const Piece& b) {
    if (const int order = std::memcmp(a.term.data(), b.term.data(), a.term.size()); order != 0) return order < 0;
    if (a.area != b.area) return areas_[a.area] < areas_[b.area];
    if (a.is_address != b.is_address) return a.is_address;
    return a.id < b.id;
  });
}

// Their own changes entered only what changed. What was entered of them before that was there to be taken out again.
void FoundBy::EnterAsTheyAreNow(db::Tx& tx, County county) {
  const auto [first, last] = std::minmax_element(households_.begin(), households_.end());
  const auto list = ChangedSinceAdded(tx, county, *first, *last);
  if (list.empty()) return;
  const std::set<HouseholdId> changed(list.begin(), list.end());
  std::set<HouseholdId> theirs;
  std::set<ResidentId> people;
  const auto gone = std::remove_if(pieces_.begin() + static_cast<std::ptrdiff_t>(next_), pieces_.end(), [&](const Piece& piece) {
    const HouseholdId& household = households_[piece.household];
    if (!changed.contains(household)) return false;
    theirs.insert(household);
    if (!piece.is_address) people.insert(ResidentId(piece.id));
    return true;
  });
  pieces_.erase(gone, pieces_.end());
  for (const HouseholdId& id : theirs) {
    const auto now = FindHousehold(tx, county, id);
    if (now && now->state == "living") AddAddressTerms(tx, county, id, now->area_code, now->address);
  }
  for (const ResidentId& id : people) {
    const auto person = FindResident(tx, county, id);
    const auto home = person && person->state == "living" ? FindHousehold(tx, county, person->household_id) : std::nullopt;
    if (home) AddNameTerms(tx, county, id, home->area_code, person->name);
  }
}

void FoundBy::Enter(db::Tx& tx, County county, size_t most) {
  if (held() == 0) return;
  if (!is_sorted_) Sort();
  EnterAsTheyAreNow(tx, county);
  const size_t end = next_ + std::min(most, held());
  std::array<Term, kTogether> terms;
  while (next_ < end) {
    const size_t count = std::min(kTogether, end - next_);
    for (size_t i = 0; i < count; ++i) {
      const Piece& piece = pieces_[next_ + i];
      terms[i] = {{piece.term.data(), strnlen(piece.term.data(), piece.term.size())}, areas_[piece.area], piece.is_address, piece.id};
    }
    AddTerms(tx, county, std::span(terms).first(count));
    next_ += count;
  }
  if (held() > 0) return;
  pieces_.clear();
  households_.clear();
  next_ = 0;
  is_sorted_ = false;
}

}  // namespace huiyin::households
