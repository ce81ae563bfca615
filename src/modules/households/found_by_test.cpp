// SPDX-License-Identifier: EUPL-1.2
#include "modules/households/found_by.h"

#include <set>

#include "core/text.h"
#include "modules/households/store.h"
#include "tests/support/town.h"

namespace huiyin::households {
namespace {

class FoundByTest : public testing::Town {
 protected:
  NewHousehold Make(std::string number, std::string address, std::vector<std::string> names) {
    NewHousehold made{.id = huiyin::HouseholdId(NewUuid(clock_.now, random_)), .register_number = std::move(number),
                      .area_code = "990101101001", .address = std::move(address)};
    for (std::string& name : names) {
      NewPerson person{.id = huiyin::ResidentId(NewUuid(clock_.now, random_)), .name = std::move(name)};
      person.relation = made.people.empty() ? "head" : "child";
      made.people.push_back(std::move(person));
    }
    return made;
  }

  void Add(const NewHousehold& household, FoundBy& found_by) {
    Write([&](db::Tx& tx) { AddHousehold(tx, dispatch_->services(), kCounty, household, clock_.now, found_by); });
  }

  void InContext(const std::function<void(Context&)>& act) {
    Write([&](db::Tx& tx) {
      const http::Request none;
      Actor system;
      system.kind = Actor::Kind::kSystem;
      Context ctx{.tx = tx, .services = dispatch_->services(), .request = none, .county = kCounty, .zone = Zone{480},
                  .now = clock_.now, .actor = system};
      act(ctx);
    });
  }

  void EnterAll(FoundBy& found_by, size_t most) {
    while (found_by.held() > 0) Write([&](db::Tx& tx) { found_by.Enter(tx, kCounty, most); });
  }

  // "term area" of everything the id is found by.
  std::multiset<std::string> Terms(const Uuid& id) {
    constexpr db::Sql kTerms{"test.terms", "SELECT term, area_code FROM search_terms WHERE county = $1 AND id = $2"};
    std::multiset<std::string> terms;
    database_->Read([&](db::Tx& tx) {
      tx.Rows(kTerms, [&](const db::Row& row) { terms.insert(row.Text(0) + " " + row.Text(1)); }, kCounty, id);
    });
    return terms;
  }

  static std::multiset<std::string> Pieces(const std::vector<std::string>& pieces, std::string_view area = "990101101001") {
    std::multiset<std::string> terms;
    for (const std::string& piece : pieces) terms.insert(piece + " " + std::string(area));
    return terms;
  }
};

TEST_F(FoundByTest, WhatIsHeldIsEnteredInPortionsAndOnce) {
  FoundBy found_by;
  std::vector<NewHousehold> made;
  for (int i = 0; i < 40; ++i) {
    made.push_back(Make(fmt::format("N{}", i), fmt::format("{}组{}号", i, i * 7), {fmt::format("欧阳{}", i), "𠮷田花子"}));
    Add(made.back(), found_by);
  }
  EXPECT_EQ(Terms(made[3].id), Pieces({}));
  EnterAll(found_by, 33);
  for (const NewHousehold& household : made) {
    EXPECT_EQ(Terms(household.id), Pieces(Bigrams(household.address)));
    for (const NewPerson& person : household.people) EXPECT_EQ(Terms(person.id), Pieces(SearchTerms(person.name)));
  }
  // And anew, as when the last portion's transaction was undone.
  Write([&](db::Tx& tx) { found_by.Hold(tx, kCounty, "N7"); });
  EXPECT_GT(found_by.held(), 0u);
  EnterAll(found_by, 1'000);
  EXPECT_EQ(Terms(made[7].id), Pieces(Bigrams(made[7].address)));
  Write([&](db::Tx& tx) { found_by.Hold(tx, kCounty, "nobody's"); });
  EXPECT_EQ(found_by.held(), 0u);
}

TEST_F(FoundByTest, WhoChangedMeanwhileIsFoundAsTheyAreNow) {
  // Before anything is entered, between two portions, and when nearly all is.
  for (const size_t portions_before : {0, 1, 5}) {
    FoundBy found_by;
    const std::string number = std::to_string(portions_before);
    const NewHousehold still = Make("S" + number, "双河村1组1号", {"赵一", "赵小二"});
    const NewHousehold doors = Make("D" + number, "双河村2组2号", {"钱三", "钱小四"});
    const NewHousehold moved = Make("M" + number, "双河村3组3号", {"孙五", "孙小六"});
    for (const NewHousehold* each : {&still, &doors, &moved}) Add(*each, found_by);
    for (size_t i = 0; i < portions_before; ++i) Write([&](db::Tx& tx) { found_by.Enter(tx, kCounty, 7); });
    ASSERT_GT(found_by.held(), 0u);

    InContext([&](Context& ctx) {
      NewHousehold said = doors;
      said.address = "双河村9组9号";
      MergeInto(ctx, *FindHouseholdByNumber(ctx.tx, kCounty, doors.register_number), said);
    });
    // As a life event does it: all of them to another area, and one of them under another name.
    InContext([&](Context& ctx) {
      const std::string to = "990101102001";
      auto household = FindHouseholdByNumber(ctx.tx, kCounty, moved.register_number);
      DropAddressTerms(ctx.tx, kCounty, household->id, household->area_code, household->address);
      AddAddressTerms(ctx.tx, kCounty, household->id, to, household->address);
      for (Resident& person : Residents(ctx.tx, kCounty, household->id)) {
        DropNameTerms(ctx.tx, kCounty, person.id, household->area_code, person.name);
        if (person.name == "孙小六") person.name = "孙小七";
        SaveResident(ctx.tx, kCounty, person);
        AddNameTerms(ctx.tx, kCounty, person.id, to, person.name);
      }
      household->area_code = to;
      SaveHousehold(ctx.tx, kCounty, *household, clock_.now);
      SetRevision(ctx.tx, kCounty, household->id, 2, clock_.now);
    });
    EnterAll(found_by, 7);

    EXPECT_EQ(Terms(still.id), Pieces(Bigrams("双河村1组1号")));
    EXPECT_EQ(Terms(still.people[1].id), Pieces(SearchTerms("赵小二")));
    EXPECT_EQ(Terms(doors.id), Pieces(Bigrams("双河村9组9号")));
    EXPECT_EQ(Terms(doors.people[0].id), Pieces(SearchTerms("钱三")));
    EXPECT_EQ(Terms(moved.id), Pieces(Bigrams("双河村3组3号"), "990101102001"));
    EXPECT_EQ(Terms(moved.people[0].id), Pieces(SearchTerms("孙五"), "990101102001"));
    EXPECT_EQ(Terms(moved.people[1].id), Pieces(SearchTerms("孙小七"), "990101102001"));
  }
}

}  // namespace
}  // namespace huiyin::households
