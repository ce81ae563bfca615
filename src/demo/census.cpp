// SPDX-License-Identifier: EUPL-1.2
#include "demo/census.h"

#include "demo/log.h"
#include "demo/sections.h"

namespace huiyin::demo {
namespace {

constexpr int kPairingBeganDays = 760;  // when the county began to pair, before today
constexpr double kHandedOverPercent = 28;

// How many households each village has.
std::vector<int> Shares(const Ground& ground, int households) {
  double total = 0;
  for (const Village& village : ground.villages) total += village.weight;
  std::vector<int> shares;
  double reached = 0;
  int given = 0;
  for (const Village& village : ground.villages) {
    reached += village.weight;
    const int until = static_cast<int>(households * reached / total + 0.5);
    shares.push_back(until - given);
    given = until;
  }
  return shares;
}

// The officers of a village by household: leaders have few, the others share the rest
// evenly, each with doors that lie side by side.
std::vector<size_t> HelpersOf(const Ground& ground, const Village& village, int households) {
  std::vector<size_t> leaders, others, helpers;
  for (const size_t p : village.officers) {
    (ground.people[p].officer.post_rank == "leader" ? leaders : others).push_back(p);
  }
  if (others.empty()) std::swap(leaders, others);
  for (const size_t leader : leaders) {
    for (int i = 0; i < ground.people[leader].quota && static_cast<int>(helpers.size()) * 3 < households; ++i) {
      helpers.push_back(leader);
    }
  }
  const size_t left = static_cast<size_t>(households) - helpers.size();
  for (size_t i = 0; i < left && !others.empty(); ++i) helpers.push_back(others[i * others.size() / left]);
  return helpers;
}

void DrawPairing(Home& home, const Village& village, Dice& dice, Date today) {
  const Date began = today - kPairingBeganDays + static_cast<int>(dice.Between(0, 50));
  home.helped_from = began;
  if (!dice.Chance(kHandedOverPercent)) return;
  const size_t earlier = dice.Pick(village.officers);
  if (earlier == *home.helper) return;
  home.earlier_helper = earlier;
  home.helped_earlier_from = began;
  home.helped_from = today - static_cast<int>(dice.Between(15, kPairingBeganDays - 120));
}

}  // namespace

std::optional<size_t> Home::HelperOn(Date day) const {
  if (!helper) return std::nullopt;
  return day < helped_from && earlier_helper ? earlier_helper : helper;
}

std::vector<Home> Settle(const Ground& ground, uint64_t seed, int households, Date today) {
  Dice dice = Dice::For(seed, "pairing");
  std::vector<double> unpaired_percent;
  for (size_t t = 0; t < ground.townships.size(); ++t) unpaired_percent.push_back(0.4 + 5.2 * dice.Real());
  const std::vector<int> shares = Shares(ground, households);
  std::vector<Home> homes;
  homes.reserve(static_cast<size_t>(households));
  for (size_t v = 0; v < ground.villages.size(); ++v) {
    const Village& village = ground.villages[v];
    const std::vector<size_t> helpers = HelpersOf(ground, village, shares[v]);
    for (int i = 0; i < shares[v]; ++i) {
      Home home;
      home.door = {homes.size(), v, static_cast<size_t>(i) * village.groups.size() / static_cast<size_t>(shares[v]), i + 1};
      home.area = village.groups[home.door.group].code;
      if (!helpers.empty() && !dice.Chance(unpaired_percent[village.township])) {
        home.helper = helpers[static_cast<size_t>(i)];
        DrawPairing(home, village, dice, today);
      }
      homes.push_back(std::move(home));
    }
  }
  return homes;
}

std::map<AreaCode, int64_t> CountByArea(const Ground&, const std::vector<Home>& homes) {
  std::map<AreaCode, int64_t> groups;
  for (const Home& home : homes) ++groups[home.area];
  std::map<AreaCode, int64_t> all;
  for (const auto& [code, count] : groups) {
    for (AreaCode at = code; at.size() >= 6; at = org::ParentOf(at)) all[at] += count;
  }
  return all;
}

void AddPairings(const Home& home, const Family& family, const Ground& ground, const Words& words,
                 Dice& dice, Batch& batch) {
  if (!home.helper) return;
  // The centre is the pairing office of the county.
  const org::Officer& pairs = ground.people[ground.Centre().officers.front()].officer;
  const Doer office = ByOfficer(pairs.id, pairs.unit_id);
  const auto add = [&](size_t p, Date from, std::string_view kind) -> PairingRow& {
    const Instant at = StartOfDay(from, Zone{}) + dice.Between(9, 16) * kHour;
    PairingRow row;
    row.id = PairingId(dice.NewId(at));
    row.kind = kind;
    row.household = home.id;
    row.officer = ground.people[p].officer.id;
    row.from_on = from;
    row.created_at = at;
    LogAct(batch, dice, at, office, "pairing.created", "pairing", row.id,
           {{"officer", FormatUuid(row.officer)}, {"kind", kind}, {"from", FormatDate(from)}}, home.id);
    batch.pairings.push_back(std::move(row));
    return batch.pairings.back();
  };
  if (home.earlier_helper) {
    PairingRow& ended = add(*home.earlier_helper, home.helped_earlier_from, "household");
    ended.until_on = home.helped_from - 1;
    ended.end_reason = dice.Pick(words.visits.pairing_end);
    LogAct(batch, dice, StartOfDay(home.helped_from, Zone{}) + 9 * kHour, office, "pairing.ended", "pairing", ended.id,
           {{"until", FormatDate(*ended.until_on)}, {"reason", *ended.end_reason}}, home.id);
  }
  add(*home.helper, home.helped_from, "household");
  for (const ResidentRow& person : family.residents) {
    // Orphans, and some of those with a disability, have somebody of their own besides.
    const bool is_disabled = person.is_disabled && dice.Chance(8);
    if (!person.is_orphan && !is_disabled) continue;
    PairingRow& row = add(dice.Pick(ground.villages[home.door.village].officers),
                          home.helped_from + static_cast<int>(dice.Between(0, 10)),
                          person.is_orphan ? "orphan" : "disabled");
    row.resident = person.id;
  }
}

}  // namespace huiyin::demo
