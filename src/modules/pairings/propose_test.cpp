// SPDX-License-Identifier: EUPL-1.2
#include "modules/pairings/propose.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "core/random.h"
#include "platform/actor.h"

namespace huiyin::pairings {
namespace {

template <class IdType>
IdType Numbered(uint32_t number) {
  IdType id;
  for (size_t i = 0; i < 4; ++i) id.bytes[15 - i] = static_cast<uint8_t>(number >> (8 * i));
  return id;
}

Unpaired House(uint32_t number, AreaCode area, std::vector<std::string> languages = {},
               std::optional<uint32_t> bond = {}) {
  Unpaired household{Numbered<HouseholdId>(number), std::move(area), std::move(languages), std::nullopt};
  if (bond) household.bond = Numbered<OfficerId>(*bond);
  return household;
}

Candidate Person(uint32_t number, AreaCode reach, int quota = 3, std::vector<std::string> languages = {"zh"}) {
  return {Numbered<OfficerId>(number), {reach}, {reach.substr(0, std::min<size_t>(reach.size(), 9))},
          std::move(languages), quota, 0};
}

std::map<Uuid, int> Loads(const Proposal& proposal) {
  std::map<Uuid, int> loads;
  for (const Match& match : proposal.matches) ++loads[match.officer];
  return loads;
}

TEST(Nearness, IsTheShareOfTheWayDownFromTheCounty) {
  EXPECT_DOUBLE_EQ(Nearness("990101101001001", "990101101001001"), 1);
  EXPECT_DOUBLE_EQ(Nearness("990101101001001", "990101101001"), 2.0 / 3);
  EXPECT_DOUBLE_EQ(Nearness("990101101001001", "990101101"), 1.0 / 3);
  EXPECT_DOUBLE_EQ(Nearness("990101101001001", "990101102"), 0);
  EXPECT_DOUBLE_EQ(Nearness("990101101001", "990101101001002"), 1);
  EXPECT_DOUBLE_EQ(Nearness("990101101", "990101"), 0);
}

TEST(Propose, NothingComesOfNothing) {
  EXPECT_TRUE(Propose({}, {}).matches.empty());
  const Proposal lonely = Propose({House(1, "990101101001")}, {});
  ASSERT_EQ(lonely.unplaced.size(), 1u);
  EXPECT_EQ(lonely.unplaced[0].reason, "no_officer_in_reach");
  const Proposal elsewhere = Propose({House(1, "990101101001")}, {Person(1, "990101102")});
  EXPECT_EQ(elsewhere.unplaced.at(0).reason, "no_officer_in_reach");
  const Proposal barred = Propose({House(1, "990101101001")}, {Person(1, "990101101", 0)});
  EXPECT_EQ(barred.unplaced.at(0).reason, "no_quota_left");
}

TEST(Propose, TheNearOfficerComesBeforeTheFar) {
  const Proposal proposal = Propose(
      {House(1, "990101101001"), House(2, "990101101001"), House(3, "990101101002"), House(4, "990101101002")},
      {Person(1, "990101101"), Person(2, "990101101")});
  // Each officer's households lie in one village.
  std::map<Uuid, std::set<Uuid>> of;
  for (const Match& match : proposal.matches) of[match.officer].insert(match.household);
  EXPECT_EQ(of[Numbered<OfficerId>(1)], (std::set<Uuid>{Numbered<HouseholdId>(1), Numbered<HouseholdId>(2)}));
  Candidate villager = Person(3, "990101101001");
  villager.places = {"990101101001"};
  const Proposal near = Propose({House(1, "990101101001"), House(2, "990101101002")}, {Person(2, "990101101"), villager});
  EXPECT_EQ(near.matches.at(0).officer, Numbered<OfficerId>(3));
  EXPECT_DOUBLE_EQ(near.matches.at(0).weighed.distance, 1);
}

TEST(Propose, ALanguageInCommonIsPreferred) {
  const Proposal proposal = Propose({House(1, "990101101001", {"bo"}), House(2, "990101101001", {"zh"})},
                                    {Person(1, "990101101", 3, {"zh"}), Person(2, "990101101", 3, {"zh", "bo"})});
  EXPECT_EQ(proposal.matches.at(0).officer, Numbered<OfficerId>(2));
  EXPECT_EQ(proposal.matches.at(1).officer, Numbered<OfficerId>(1));
  EXPECT_DOUBLE_EQ(proposal.matches.at(0).weighed.language, 1);
  // Nobody speaks it: paired all the same, and shown.
  const Proposal none = Propose({House(1, "990101101001", {"ii"})}, {Person(1, "990101101")});
  EXPECT_DOUBLE_EQ(none.matches.at(0).weighed.language, 0);
}

TEST(Propose, ALeaderTakesMoreByTheQuotaAndWhatIsAboveIsSpreadEvenly) {
  std::vector<Unpaired> households;
  for (uint32_t i = 0; i < 21; ++i) households.push_back(House(i, "990101101001"));
  const Proposal proposal = Propose(households, {Person(1, "990101101", 5), Person(2, "990101101"), Person(3, "990101101")});
  const auto loads = Loads(proposal);
  EXPECT_EQ(loads.at(Numbered<OfficerId>(1)) - 5 + loads.at(Numbered<OfficerId>(2)) - 3 + loads.at(Numbered<OfficerId>(3)) - 3, 10);
  for (uint32_t o = 1; o <= 3; ++o) {
    const int above = loads.at(Numbered<OfficerId>(o)) - (o == 1 ? 5 : 3);
    EXPECT_GE(above, 3);
    EXPECT_LE(above, 4);
  }
  EXPECT_TRUE(proposal.unplaced.empty());
}

TEST(Propose, WhoHasManyElsewhereTakesFewerHere) {
  Candidate busy = Person(1, "990101101");
  busy.load = 10;
  std::vector<Unpaired> households;
  for (uint32_t i = 0; i < 10; ++i) households.push_back(House(i, "990101101001"));
  const Proposal proposal = Propose(households, {busy, Person(2, "990101101")});
  EXPECT_EQ(Loads(proposal).count(busy.id), 0u);
}

TEST(Propose, AChainOfOfficersLevelsWhatNoSingleMoveCould) {
  // B's own officer and C's own officer share only the two at the township.
  std::vector<Unpaired> households;
  for (uint32_t i = 0; i < 100; ++i) households.push_back(House(i, "990101101001"));
  for (uint32_t i = 100; i < 200; ++i) households.push_back(House(i, "990101101002"));
  const auto loads = Loads(Propose(households, {Person(1, "990101101"), Person(2, "990101101"),
                                                Person(3, "990101101001"), Person(4, "990101101002")}));
  for (const auto& [officer, load] : loads) EXPECT_EQ(load, 50);
}

struct Case {
  std::vector<Unpaired> households;
  std::vector<Candidate> officers;
};

Case RandomCase(Random& random) {
  static const std::vector<std::string> kLanguages = {"zh", "bo", "ii"};
  const auto area = [&](bool deep) {
    AreaCode code = "990101" + std::to_string(101 + random.Below(3));
    if (deep || random.Below(2) == 0) code += "00" + std::to_string(1 + random.Below(4));
    if (code.size() == 12 && random.Below(2) == 0) code += "00" + std::to_string(1 + random.Below(3));
    return code;
  };
  Case made;
  const auto officers = static_cast<uint32_t>(1 + random.Below(12));
  for (uint32_t o = 0; o < officers; ++o) {
    Candidate officer = Person(1000 + o, area(false), random.Below(5) == 0 ? 5 : 3, {kLanguages[random.Below(3)]});
    officer.load = static_cast<int>(random.Below(4));
    made.officers.push_back(officer);
  }
  const auto households = static_cast<uint32_t>(random.Below(120));
  for (uint32_t h = 0; h < households; ++h) {
    std::optional<uint32_t> bond;
    if (random.Below(4) == 0) bond = static_cast<uint32_t>(1000 + random.Below(officers + 2));
    made.households.push_back(House(h, area(true), random.Below(2) ? std::vector<std::string>{} : std::vector{kLanguages[random.Below(3)]}, bond));
  }
  return made;
}

bool Reaches(const Candidate& officer, const AreaCode& area) { return IsWithin(area, officer.reach.front()); }

void CheckEveryHouseholdIsThereOnce(const Case& made, const Proposal& proposal) {
  std::set<Uuid> seen;
  for (const Match& match : proposal.matches) EXPECT_TRUE(seen.insert(match.household).second);
  for (const Unplaced& one : proposal.unplaced) EXPECT_TRUE(seen.insert(one.household).second);
  EXPECT_EQ(seen.size(), made.households.size());
}

void CheckBondsAndReach(const Case& made, const Proposal& proposal) {
  std::map<Uuid, const Unpaired*> households;
  std::map<Uuid, const Candidate*> officers;
  for (const auto& household : made.households) households[household.id] = &household;
  for (const auto& officer : made.officers) officers[officer.id] = &officer;
  int kept = 0;
  for (const Match& match : proposal.matches) {
    const Unpaired& household = *households.at(match.household);
    ASSERT_TRUE(officers.contains(match.officer));
    const bool has_bond = household.bond && officers.contains(*household.bond);
    EXPECT_EQ(match.kept, has_bond);
    if (has_bond) EXPECT_EQ(match.officer, *household.bond);
    else EXPECT_TRUE(Reaches(*officers.at(match.officer), household.area));
    kept += match.kept ? 1 : 0;
  }
  EXPECT_EQ(kept, proposal.kept);
  for (const Unplaced& one : proposal.unplaced) {
    for (const auto& officer : made.officers) EXPECT_FALSE(Reaches(officer, households.at(one.household)->area));
  }
}

// No household could go to an officer who stands lower by two or more than the one it got.
void CheckEvenness(const Case& made, const Proposal& proposal) {
  auto loads = Loads(proposal);
  std::map<Uuid, AreaCode> area_of;
  for (const auto& household : made.households) area_of[household.id] = household.area;
  std::map<Uuid, int> excess;
  for (const auto& officer : made.officers) excess[officer.id] = officer.load + loads[officer.id] - officer.quota;
  for (const Match& match : proposal.matches) {
    if (match.kept) continue;
    for (const auto& other : made.officers) {
      if (!Reaches(other, area_of.at(match.household))) continue;
      EXPECT_LE(excess.at(match.officer) - excess.at(other.id), 1);
    }
  }
}

TEST(ProposeProperty, HoldsOnRandomCounties) {
  SeededRandom random(4);
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE(round);
    const Case made = RandomCase(random);
    const Proposal proposal = Propose(made.households, made.officers);
    CheckEveryHouseholdIsThereOnce(made, proposal);
    CheckBondsAndReach(made, proposal);
    CheckEvenness(made, proposal);
    for (const Match& match : proposal.matches) {
      for (double share : {match.weighed.distance, match.weighed.language, match.weighed.load, match.weighed.quota}) {
        EXPECT_GE(share, 0);
        EXPECT_LE(share, 1);
      }
    }
  }
}

TEST(ProposeProperty, TheOrderOfTheInputChangesNothing) {
  SeededRandom random(5);
  for (int round = 0; round < 50; ++round) {
    Case made = RandomCase(random);
    const Proposal first = Propose(made.households, made.officers);
    std::reverse(made.households.begin(), made.households.end());
    std::reverse(made.officers.begin(), made.officers.end());
    const Proposal second = Propose(made.households, made.officers);
    ASSERT_EQ(first.matches.size(), second.matches.size());
    for (size_t i = 0; i < first.matches.size(); ++i) {
      EXPECT_EQ(first.matches[i].household, second.matches[i].household);
      EXPECT_EQ(first.matches[i].officer, second.matches[i].officer);
    }
  }
}

TEST(ProposeProperty, ATownshipOfThreeThousandIsDoneAtOnce) {
  SeededRandom random(6);
  std::vector<Unpaired> households;
  for (uint32_t h = 0; h < 3000; ++h) {
    households.push_back(House(h, fmt::format("990101101{:03}{:03}", 1 + random.Below(13), 1 + random.Below(8)),
                               random.Below(3) == 0 ? std::vector<std::string>{"bo"} : std::vector<std::string>{}));
  }
  std::vector<Candidate> officers;
  for (uint32_t o = 0; o < 120; ++o) {
    officers.push_back(Person(5000 + o, o % 3 == 0 ? "990101101" : fmt::format("990101101{:03}", 1 + o % 13),
                              o % 10 == 0 ? 5 : 3, o % 2 == 0 ? std::vector<std::string>{"zh", "bo"} : std::vector<std::string>{"zh"}));
  }
  const auto from = std::chrono::steady_clock::now();
  const Proposal proposal = Propose(households, officers);
  const auto took = std::chrono::steady_clock::now() - from;
  EXPECT_EQ(proposal.matches.size(), 3000u);
  // A bound against the wrong order of growth, wide enough for a slow and busy machine.
  EXPECT_LT(std::chrono::duration_cast<std::chrono::milliseconds>(took).count(), 20'000);
  RecordProperty("milliseconds", static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
  fmt::print("3000 households, 120 officers: {} ms\n", std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
}

}  // namespace
}  // namespace huiyin::pairings
