// SPDX-License-Identifier: EUPL-1.2
#include "modules/pairings/propose.h"

#include <cmath>
#include <map>
#include <set>
#include <stdexcept>
#include <tuple>

#include "platform/actor.h"

namespace huiyin::pairings {
namespace {

constexpr double kDistanceWeight = 0.6;
constexpr double kLanguageWeight = 0.4;

// Households of one area with the same wishes are alike to every officer: the work is done
// on these classes and their counts, so that a township of thousands costs no more than its
// few hundred classes.
struct Class {
  AreaCode area;
  std::vector<std::string> languages;
  std::vector<size_t> members;   // indices of households
  std::vector<size_t> eligible;  // indices of officers
};

class Proposer {
 public:
  Proposer(std::vector<Unpaired> households, std::vector<Candidate> officers)
      : households_(std::move(households)), officers_(std::move(officers)) {}

  Proposal Run() {
    Order();
    KeepBonds();
    Classify();
    taken_.assign(classes_.size(), std::vector<int>(officers_.size(), 0));
    SpreadEvenly();
    LevelOut();
    Rematch();
    return Finish();
  }

 private:
  void Order() {
    std::sort(households_.begin(), households_.end(), [](const Unpaired& a, const Unpaired& b) {
      return std::tie(a.area, a.id.bytes) < std::tie(b.area, b.id.bytes);
    });
    std::sort(officers_.begin(), officers_.end(),
              [](const Candidate& a, const Candidate& b) { return a.id.bytes < b.id.bytes; });
    for (Unpaired& household : households_) std::sort(household.languages.begin(), household.languages.end());
    for (size_t o = 0; o < officers_.size(); ++o) index_[officers_[o].id] = o;
    officer_of_.assign(households_.size(), kNobody);
    kept_.assign(households_.size(), false);
    for (const Candidate& officer : officers_) load_.push_back(officer.load);
  }

  void KeepBonds() {
    for (size_t h = 0; h < households_.size(); ++h) {
      const auto& bond = households_[h].bond;
      const auto found = bond ? index_.find(*bond) : index_.end();
      if (found == index_.end()) continue;
      officer_of_[h] = found->second;
      kept_[h] = true;
      ++load_[found->second];
    }
    // Whoever knows a household of a place is at home there.
    std::vector<std::set<AreaCode>> known(officers_.size());
    for (size_t h = 0; h < households_.size(); ++h) {
      if (kept_[h]) known[officer_of_[h]].insert(households_[h].area);
    }
    for (size_t o = 0; o < officers_.size(); ++o) {
      auto& places = officers_[o].places;
      places.insert(places.end(), known[o].begin(), known[o].end());
      places.insert(places.end(), officers_[o].reach.begin(), officers_[o].reach.end());
    }
  }

  bool Reaches(size_t o, const AreaCode& area) const {
    return std::any_of(officers_[o].reach.begin(), officers_[o].reach.end(),
                       [&](const AreaCode& reach) { return IsWithin(area, reach); });
  }

  void Classify() {
    std::map<std::pair<AreaCode, std::vector<std::string>>, size_t> known;
    for (size_t h = 0; h < households_.size(); ++h) {
      if (kept_[h]) continue;
      const Unpaired& household = households_[h];
      const auto [at, is_new] = known.try_emplace({household.area, household.languages}, classes_.size());
      if (is_new) classes_.push_back({household.area, household.languages, {}, {}});
      classes_[at->second].members.push_back(h);
    }
    for (Class& one : classes_) {
      bool any_reaches = false;
      for (size_t o = 0; o < officers_.size(); ++o) {
        if (!Reaches(o, one.area)) continue;
        any_reaches = true;
        // A rank whose quota is none is not to be paired.
        if (officers_[o].quota > 0) one.eligible.push_back(o);
      }
      if (!one.eligible.empty()) continue;
      for (size_t h : one.members) {
        unplaced_.push_back({households_[h].id, any_reaches ? "no_quota_left" : "no_officer_in_reach"});
      }
      one.members.clear();
    }
    std::erase_if(classes_, [](const Class& one) { return one.members.empty(); });
    score_.assign(classes_.size(), std::vector<double>(officers_.size(), 0));
    for (size_t c = 0; c < classes_.size(); ++c) {
      for (size_t o : classes_[c].eligible) {
        score_[c][o] = kDistanceWeight * Distance(o, classes_[c].area) + kLanguageWeight * Language(o, classes_[c].languages);
      }
    }
  }

  double Distance(size_t o, const AreaCode& area) const {
    double best = 0;
    for (const AreaCode& place : officers_[o].places) best = std::max(best, Nearness(area, place));
    return best;
  }

  double Language(size_t o, const std::vector<std::string>& wanted) const {
    if (wanted.empty()) return 1;
    const auto& spoken = officers_[o].languages;
    const auto shared = std::count_if(wanted.begin(), wanted.end(), [&](const std::string& language) {
      return std::find(spoken.begin(), spoken.end(), language) != spoken.end();
    });
    return static_cast<double>(shared) / static_cast<double>(wanted.size());
  }

  int Excess(size_t o) const { return load_[o] - officers_[o].quota; }

  // Those with the fewest officers in reach first; each household to whoever stands lowest.
  void SpreadEvenly() {
    std::vector<size_t> order(classes_.size());
    for (size_t c = 0; c < order.size(); ++c) order[c] = c;
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      return classes_[a].eligible.size() < classes_[b].eligible.size();
    });
    for (size_t c : order) {
      for (size_t n = 0; n < classes_[c].members.size(); ++n) {
        size_t best = classes_[c].eligible.front();
        for (size_t o : classes_[c].eligible) {
          if (Excess(o) < Excess(best) || (Excess(o) == Excess(best) && score_[c][o] > score_[c][best])) best = o;
        }
        ++taken_[c][best];
        ++load_[best];
      }
    }
  }

  // Moves a household at a time from an officer to one who stands lower by two or more,
  // along a chain of officers where need be, until there is no such pair: then no other
  // spread is more even.
  void LevelOut() {
    std::vector<size_t> order(officers_.size());
    for (size_t o = 0; o < order.size(); ++o) order[o] = o;
    for (bool moved = true; moved;) {
      moved = false;
      std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return Excess(a) > Excess(b); });
      for (size_t from : order) {
        const int height = Excess(from);
        const auto to = MoveAlong(from, [&](size_t o) { return Excess(o) <= height - 2; });
        if (!to) continue;
        --load_[from];
        ++load_[*to];
        moved = true;
        break;
      }
    }
  }

  // Finds the nearest officer that `is_goal` along chains of households that could go to
  // the next, and moves one along each link. The officer found; absent when there is none.
  template <class Goal>
  std::optional<size_t> MoveAlong(size_t from, Goal is_goal) {
    struct Step {
      size_t before;
      size_t by_class;
    };
    std::vector<std::optional<Step>> reached(officers_.size());
    std::vector<size_t> queue = {from};
    reached[from] = Step{from, 0};
    for (size_t next = 0; next < queue.size(); ++next) {
      const size_t at = queue[next];
      for (size_t c = 0; c < classes_.size(); ++c) {
        if (taken_[c][at] == 0) continue;
        for (size_t to : classes_[c].eligible) {
          if (reached[to]) continue;
          reached[to] = Step{at, c};
          queue.push_back(to);
          if (!is_goal(to)) continue;
          for (size_t o = to; o != from; o = reached[o]->before) {
            --taken_[reached[o]->by_class][reached[o]->before];
            ++taken_[reached[o]->by_class][o];
          }
          return to;
        }
      }
    }
    return std::nullopt;
  }

  // How many each officer takes is settled; which ones is chosen anew, best pair first and
  // in whole classes, so that an officer's households lie together.
  void Rematch() {
    std::vector<int> room(officers_.size(), 0);
    std::vector<int> left(classes_.size(), 0);
    std::vector<std::tuple<double, size_t, size_t>> pairs;
    for (size_t c = 0; c < classes_.size(); ++c) {
      left[c] = static_cast<int>(classes_[c].members.size());
      for (size_t o : classes_[c].eligible) {
        room[o] += std::exchange(taken_[c][o], 0);
        pairs.emplace_back(-score_[c][o], c, o);
      }
    }
    std::sort(pairs.begin(), pairs.end());
    for (const auto& [score, c, o] : pairs) {
      const int taken = std::min(left[c], room[o]);
      taken_[c][o] += taken;
      left[c] -= taken;
      room[o] -= taken;
    }
    for (size_t c = 0; c < classes_.size(); ++c) {
      for (; left[c] > 0; --left[c]) MakeRoom(c, room);
    }
  }

  // A household that found every officer full takes the place of one that can go elsewhere.
  // The numbers of before were of a real spread, so there is always such a chain.
  void MakeRoom(size_t c, std::vector<int>& room) {
    for (size_t o : classes_[c].eligible) {
      const auto goal = room[o] > 0 ? std::optional(o) : MoveAlong(o, [&](size_t to) { return room[to] > 0; });
      if (!goal) continue;
      --room[*goal];
      ++taken_[c][o];
      return;
    }
    throw std::logic_error("propose: the spread does not fit the officers' reach");
  }

  double MeanLoad() const {
    int officers = 0;
    int households = 0;
    for (size_t o = 0; o < officers_.size(); ++o) {
      if (officers_[o].quota <= 0 || officers_[o].reach.empty()) continue;
      ++officers;
      households += load_[o];
    }
    return officers == 0 ? 0 : static_cast<double>(households) / officers;
  }

  void Assign() {
    for (size_t c = 0; c < classes_.size(); ++c) {
      auto order = classes_[c].eligible;
      std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return score_[c][a] > score_[c][b]; });
      size_t next = 0;
      for (size_t o : order) {
        for (int n = 0; n < taken_[c][o]; ++n) officer_of_[classes_[c].members[next++]] = o;
      }
    }
  }

  Proposal Finish() {
    Assign();
    Proposal proposal;
    const double mean = MeanLoad();
    std::set<size_t> busy;
    const auto rounded = [](double share) { return std::round(share * 1000) / 1000; };
    for (size_t h = 0; h < households_.size(); ++h) {
      const size_t o = officer_of_[h];
      if (o == kNobody) continue;
      busy.insert(o);
      proposal.kept += kept_[h] ? 1 : 0;
      const double load = load_[o];
      const double quota = officers_[o].quota;
      proposal.matches.push_back(
          {households_[h].id, officers_[o].id, kept_[h],
           {.distance = rounded(Distance(o, households_[h].area)),
            .language = rounded(Language(o, households_[h].languages)),
            .load = rounded(load <= mean ? 1 : mean / load),
            .quota = rounded(load <= quota ? 1 : quota / load),
            .bond = kept_[h] ? 1.0 : 0.0}});
    }
    proposal.unplaced = std::move(unplaced_);
    proposal.officers = static_cast<int>(busy.size());
    int sum = 0;
    for (size_t o : busy) {
      sum += load_[o];
      proposal.largest_load = std::max(proposal.largest_load, load_[o]);
    }
    proposal.mean_load = busy.empty() ? 0 : rounded(static_cast<double>(sum) / static_cast<double>(busy.size()));
    return proposal;
  }

  static constexpr size_t kNobody = static_cast<size_t>(-1);
  std::vector<Unpaired> households_;
  std::vector<Candidate> officers_;
  std::map<Uuid, size_t> index_;
  std::vector<size_t> officer_of_;
  std::vector<bool> kept_;
  std::vector<int> load_;
  std::vector<Class> classes_;
  std::vector<std::vector<double>> score_;
  std::vector<std::vector<int>> taken_;
  std::vector<Unplaced> unplaced_;
};

}  // namespace

double Nearness(std::string_view household_area, std::string_view place) {
  // Below the county: township 9, village 12, group 15 digits.
  constexpr size_t kCountyDigits = 6;
  const auto levels = [](size_t digits) { return digits <= kCountyDigits ? 0 : (digits - kCountyDigits) / 3; };
  const size_t all = levels(household_area.size());
  if (all == 0) return household_area == place ? 1 : 0;
  size_t shared = 0;
  for (size_t digits = kCountyDigits + 3; digits <= std::min(household_area.size(), place.size()); digits += 3) {
    if (household_area.substr(0, digits) != place.substr(0, digits)) break;
    shared = levels(digits);
  }
  return static_cast<double>(shared) / static_cast<double>(all);
}

Proposal Propose(std::vector<Unpaired> households, std::vector<Candidate> officers) {
  return Proposer(std::move(households), std::move(officers)).Run();
}

}  // namespace huiyin::pairings
