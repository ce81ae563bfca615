// SPDX-License-Identifier: EUPL-1.2
// The dispatch list, levels and what follows from returns, through the whole program.
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

constexpr std::string_view kList = "/api/v1/dispatch_list";
constexpr std::string_view kProposals = "/api/v1/dispatch_list/proposals";

class Routing : public Town {
 protected:
  std::string Taken(std::string_view category, std::string_view area = "990101101001", std::string_view as = "zhaomin",
                    std::string_view more = "") {
    const Answer taken = Post(as, "/api/v1/matters",
                              fmt::format(R"({{"text": "水管裂了半个月", "category": "{}", "area_code": "{}"{}}})", category, area, more));
    EXPECT_EQ(taken.status, 201) << taken.text;
    return taken.At("id");
  }
  static std::string Path(const std::string& id, std::string_view act = "") {
    return "/api/v1/matters/" + id + (act.empty() ? "" : "/" + std::string(act));
  }
  Answer Do(std::string_view as, const std::string& id, std::string_view act, const std::string& body = "{}") {
    return Post(as, Path(id, act), body);
  }
  std::string ToUnit(std::string_view unit, std::string_view more = "") {
    return fmt::format(R"({{"unit_id": "{}"{}}})", UnitId(unit), more);
  }
  Answer Named(std::string_view category, std::string_view area, std::string_view unit, std::string_view more = "") {
    return Post("admin", kList, fmt::format(R"({{"category": "{}", "area_code": "{}", "unit_id": "{}"{}}})", category, area, UnitId(unit), more));
  }
  static std::string Entry(const std::string& id, std::string_view act = "") {
    return std::string(kList) + "/" + id + (act.empty() ? "" : "/" + std::string(act));
  }
  Answer Change(const std::string& id, std::string_view act, int revision, const std::string& body) {
    return Post("admin", Entry(id, act), body, {fmt::format("If-Match: \"{}\"", revision)});
  }
  bool MayDo(std::string_view as, const std::string& id, std::string_view verb) {
    const Answer matter = Get(as, Path(id));
    for (size_t i = 0; i < matter.Count("may"); ++i) {
      if (matter.At(fmt::format("may.{}", i)) == verb) return true;
    }
    return false;
  }
  // From the water bureau back to the window, and on to the roads, who take it.
  std::string ThroughWaterToRoads(std::string_view category, std::string_view area = "990101101001",
                                  std::string_view more = "") {
    const std::string id = Taken(category, area, "zhaomin", more);
    EXPECT_EQ(Do("zhaomin", id, "assignment", ToUnit("水务局")).status, 201);
    EXPECT_EQ(Do("sunqi", id, "return", R"({"reason": "是路，不是水"})").status, 201);
    const Answer decided = Do("zhaomin", id, "return_decision", ToUnit("交通局", R"(, "agreed": true)"));
    EXPECT_EQ(decided.status, 201) << decided.text;
    EXPECT_EQ(Do("zhouba", id, "acceptance").status, 201);
    return id;
  }
  // 李娜 works for the committee of 双河村 from now on.
  void LinaGoesToTheVillage() {
    const Answer moved = Patch("admin", "/api/v1/officers/" + OfficerId("lina"), 1, ToUnit("双河村委会"));
    ASSERT_EQ(moved.status, 200) << moved.text;
    SignInAgain();
  }
  void Setting(std::string_view body) {
    const Answer now = Get("admin", "/api/v1/settings");
    ASSERT_EQ(Patch("admin", "/api/v1/settings", std::stoi(now.At("revision")), body).status, 200);
  }
};

TEST_F(Routing, TheListIsKeptByTheAdministratorAndReadByAll) {
  const Answer made = Named("water", "", "水务局", R"(, "note": "供水和灌溉都归它")");
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.At("from"), "2026-03-11");
  EXPECT_EQ(made.At("category_zh"), "饮水与水利");
  for (const char* who : {"wangfang", "zhaomin", "sunqi", "liuyi", "chener", "zhangsan", "admin"}) {
    const Answer list = Get(who, std::string(kList) + "?category=water.supply&area=990101102001");
    ASSERT_EQ(list.status, 200) << list.text;
    EXPECT_EQ(list.At("named.unit_name"), "水务局");
    EXPECT_EQ(list.Count("items"), 1u);
  }
  EXPECT_EQ(Get("", kList).status, 401);
  EXPECT_EQ(Get("household:张大山", kList).status, 403);
  for (const char* who : {"wangfang", "zhaomin", "sunqi", "liuyi", "chener", "zhangsan"}) {
    EXPECT_EQ(Post(who, kList, ToUnit("交通局", R"(, "category": "road")")).status, 403) << who;
  }
  // One for exactly the same is refused by name; beside and below it is not.
  const Answer twice = Named("water", "990101", "交通局");
  EXPECT_EQ(twice.status, 409);
  EXPECT_EQ(twice.At("code"), "dispatch_list.already_named");
  EXPECT_EQ(twice.At("entry.unit_name"), "水务局");
  EXPECT_EQ(Named("water", "990101101", "清水镇政府").status, 201);
  EXPECT_EQ(Named("water.quality", "", "交通局").status, 201);
  EXPECT_EQ(Get("wangfang", std::string(kList) + "?category=water.supply&area=990101101001").At("named.unit_name"), "清水镇政府");
  // Wrong input is named.
  EXPECT_EQ(Named("wasser", "", "水务局").Errors(), std::vector<std::string>{"category:unknown_category"});
  EXPECT_EQ(Named("road", "510104", "水务局").Errors(), std::vector<std::string>{"area_code:unknown_area"});
  EXPECT_EQ(Named("road", "", "交通局", R"(, "from": "2026-03-10")").Errors(), std::vector<std::string>{"from:in_the_past"});
  EXPECT_EQ(Post("admin", kList, R"({"category": "road"})").Errors(), std::vector<std::string>{"unit_id:required"});
  EXPECT_EQ(Get("admin", std::string(kList) + "?category=wasser").Errors(), std::vector<std::string>{"category:unknown_category"});
}

TEST_F(Routing, NothingOnTheListIsOverwritten) {
  const std::string old = Named("water", "", "水务局").At("id");
  clock_.Advance(5 * kDay);
  SignInAgain();
  EXPECT_EQ(Post("admin", Entry(old, "replacement"), ToUnit("交通局")).status, 428);
  EXPECT_EQ(Change(old, "replacement", 7, ToUnit("交通局")).status, 412);
  const std::string body = ToUnit("交通局", R"(, "note": "机构改革", "id": "990101-0192f3a4-7c1e-7abc-8def-0123456789ab")");
  const Answer made = Change(old, "replacement", 1, body);
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.At("category"), "water");
  const Answer shown = Get("zhaomin", Entry(old));
  EXPECT_EQ(shown.At("entry.until"), "2026-03-16");
  EXPECT_EQ(shown.At("entry.replaced_by"), made.At("id"));
  EXPECT_EQ(shown.Count("history"), 2u);
  EXPECT_EQ(shown.At("history.0.unit_name"), "交通局");
  // What it said on a day can still be told.
  const auto on = [&](std::string_view day) {
    return Get("zhaomin", fmt::format("{}?category=water.supply&on={}", kList, day)).At("named.unit_name");
  };
  EXPECT_EQ(on("2026-03-10"), "");
  EXPECT_EQ(on("2026-03-11"), "水务局");
  EXPECT_EQ(on("2026-03-15"), "水务局");
  EXPECT_EQ(on("2026-03-16"), "交通局");
  EXPECT_EQ(Number({"test.entries", "SELECT COUNT(*) FROM dispatch_entries"}), 2);
  EXPECT_EQ(Change(old, "replacement", 2, ToUnit("水务局")).At("code"), "dispatch_list.ended");
  const Answer ended = Change(made.At("id"), "end", 1, R"({"on": "2026-03-20", "note": "撤销"})");
  ASSERT_EQ(ended.status, 201) << ended.text;
  EXPECT_EQ(ended.At("in_force"), "true");
  EXPECT_EQ(on("2026-03-19"), "交通局");
  EXPECT_EQ(on("2026-03-20"), "");
  EXPECT_EQ(Change(made.At("id"), "end", 2, R"({"on": "2026-03-21"})").Errors(), std::vector<std::string>{"on:after_the_end"});
  // From the day on which the one ends another may begin, and not before.
  EXPECT_EQ(Named("water", "", "水务局", R"(, "from": "2026-03-19")").status, 409);
  EXPECT_EQ(Named("water", "", "水务局", R"(, "from": "2026-03-20")").status, 201);
}

TEST_F(Routing, TheUnitItNamesIsProposedAndMayNotReturnIt) {
  ASSERT_EQ(Named("water", "", "水务局").status, 201);
  const std::string id = Taken("water.supply");
  const Answer seen = Get("zhaomin", Path(id));
  EXPECT_EQ(seen.At("named_unit.name"), "水务局");
  EXPECT_EQ(seen.At("named_unit.entry.category"), "water");
  ASSERT_EQ(Do("zhaomin", id, "assignment", ToUnit("水务局")).status, 201);
  EXPECT_FALSE(MayDo("sunqi", id, "return"));
  EXPECT_EQ(Get("sunqi", Path(id)).At("kept_by_list.unit_name"), "水务局");
  const Answer returned = Do("sunqi", id, "return", R"({"reason": "不归我们"})");
  EXPECT_EQ(returned.status, 409);
  EXPECT_EQ(returned.At("code"), "matters.on_your_list");
  EXPECT_EQ(returned.At("entry.category"), "water");
  EXPECT_NE(returned.At("detail"), "");
  // Nor once it has taken it.
  ASSERT_EQ(Do("sunqi", id, "acceptance").status, 201);
  EXPECT_EQ(Do("sunqi", id, "return", R"({"reason": "不归我们"})").At("code"), "matters.on_your_list");
  // Another unit may, of the same category.
  const std::string other = Taken("water.supply");
  ASSERT_EQ(Do("zhaomin", other, "assignment", ToUnit("交通局")).status, 201);
  EXPECT_TRUE(MayDo("zhouba", other, "return"));
  EXPECT_EQ(Do("zhouba", other, "return", R"({"reason": "是水不是路"})").status, 201);
}

TEST_F(Routing, TheListIsReadAsItStoodOnTheDayOfTheOffer) {
  const std::string before = Taken("water.supply");
  ASSERT_EQ(Do("zhaomin", before, "assignment", ToUnit("水务局")).status, 201);
  clock_.Advance(kDay);
  const std::string entry = Named("water", "", "水务局").At("id");
  EXPECT_EQ(Do("sunqi", before, "return", R"({"reason": "不归我们"})").status, 201);
  const std::string during = Taken("water.supply");
  ASSERT_EQ(Do("zhaomin", during, "assignment", ToUnit("水务局")).status, 201);
  clock_.Advance(kDay);
  ASSERT_EQ(Change(entry, "end", 1, "{}").status, 201);
  EXPECT_EQ(Do("sunqi", during, "return", R"({"reason": "不归我们"})").At("code"), "matters.on_your_list");
  // Offered anew, by today's list.
  ASSERT_EQ(Do("zhaomin", before, "return_decision", R"({"agreed": true})").status, 201);
  ASSERT_EQ(Do("zhaomin", before, "assignment", ToUnit("水务局")).status, 201);
  EXPECT_EQ(Do("sunqi", before, "return", R"({"reason": "不归我们"})").status, 201);
}

TEST_F(Routing, AWronglyNamedCategoryDoesNotHoldAUnit) {
  ASSERT_EQ(Named("water", "", "水务局").status, 201);
  const std::string id = Taken("water.supply");
  ASSERT_EQ(Do("zhaomin", id, "assignment", ToUnit("水务局")).status, 201);
  const Answer seen = Get("zhaomin", Path(id));
  ASSERT_EQ(Patch("zhaomin", Path(id), std::stoi(seen.At("revision")), R"({"category": "road.repair"})").status, 200);
  EXPECT_TRUE(MayDo("sunqi", id, "return"));
  EXPECT_EQ(Do("sunqi", id, "return", R"({"reason": "是路"})").status, 201);
}

TEST_F(Routing, AClosedUnitIsProposedToNobody) {
  ASSERT_EQ(Named("water", "", "水务局").status, 201);
  ASSERT_EQ(Patch("admin", "/api/v1/units/" + UnitId("水务局"), 1, R"({"active": false})").status, 200);
  EXPECT_EQ(Get("zhaomin", Path(Taken("water.supply"))).At("named_unit.name"), "");
  EXPECT_EQ(Get("admin", kList).At("items.0.unit_active"), "false");
}

TEST_F(Routing, WhatALevelMayNotSettleIsNotGivenToItAndWhoCanIsNamed) {
  const std::string id = Taken("land.requisition");
  // Nobody is on the list: the nearest above that may.
  const Answer seen = Get("zhaomin", Path(id));
  EXPECT_EQ(seen.At("can_settle.level"), "county");
  EXPECT_EQ(seen.At("can_settle.unit.name"), "县政府办");
  EXPECT_EQ(seen.At("can_settle.why"), "above");
  EXPECT_EQ(seen.At("can_settle.instead_of.name"), "清水镇服务站");
  const Answer refused = Do("zhaomin", id, "assignment", ToUnit("双河村委会"));
  EXPECT_EQ(refused.Errors(), std::vector<std::string>{"unit_id:cannot_settle_here"});
  EXPECT_EQ(refused.At("errors.0.detail"), "县政府办");
  EXPECT_EQ(Do("zhaomin", id, "assignment", ToUnit("清水镇政府")).status, 422);
  const Answer taken = Do("zhaomin", id, "acceptance");
  EXPECT_EQ(taken.status, 409);
  EXPECT_EQ(taken.At("code"), "matters.cannot_settle_here");
  EXPECT_EQ(taken.At("can_settle.unit.name"), "县政府办");
  const std::string ask = seen.At("asks.0.id");
  const auto answer = [&](std::string_view outcome) {
    return Do("zhaomin", id, "answer", fmt::format(R"({{"text": "说明", "asks": [{{"id": "{}", "outcome": "{}", "text": "说明"}}]}})", ask, outcome));
  };
  EXPECT_EQ(answer("done").At("code"), "matters.cannot_settle_here");
  // Whom the list names is asked first; a county bureau may have it.
  ASSERT_EQ(Named("land", "", "交通局").status, 201);
  EXPECT_EQ(Get("zhaomin", Path(id)).At("can_settle.unit.name"), "交通局");
  EXPECT_EQ(Get("zhaomin", Path(id)).At("can_settle.why"), "on_the_list");
  EXPECT_EQ(Do("zhaomin", id, "assignment", ToUnit("交通局")).status, 201);
  EXPECT_EQ(Get("zhaomin", Path(id)).At("can_settle.unit.name"), "");
  // A question about it anybody may explain.
  const std::string question = Taken("land.requisition");
  const std::string its = Get("zhaomin", Path(question)).At("asks.0.id");
  EXPECT_EQ(Do("zhaomin", question, "answer", fmt::format(R"({{"text": "说明", "asks": [{{"id": "{}", "outcome": "explained", "text": "说明"}}]}})", its)).status, 201);
  // The list itself names nobody who may not.
  EXPECT_EQ(Named("land.requisition", "990101101", "清水镇政府").Errors(), std::vector<std::string>{"unit_id:level_too_low"});
}

TEST_F(Routing, TheAdministratorSaysWhichLevelMaySettleACategory) {
  const Answer made = Patch("admin", "/api/v1/categories/road", 1, R"({"settled_from": "township"})");
  ASSERT_EQ(made.status, 200) << made.text;
  EXPECT_EQ(made.At("settled_from"), "township");
  // Everything below a category follows it, unless it says otherwise.
  EXPECT_EQ(Do("zhaomin", Taken("road.repair"), "assignment", ToUnit("双河村委会")).status, 422);
  ASSERT_EQ(Patch("admin", "/api/v1/categories/road.light", 1, R"({"settled_from": "group"})").status, 200);
  EXPECT_EQ(Do("zhaomin", Taken("road.light"), "assignment", ToUnit("双河村委会")).status, 201);
  ASSERT_EQ(Patch("admin", "/api/v1/categories/road", 2, R"({"settled_from": null})").status, 200);
  EXPECT_EQ(Do("zhaomin", Taken("road.repair"), "assignment", ToUnit("双河村委会")).status, 201);
  EXPECT_EQ(Patch("admin", "/api/v1/categories/road", 3, R"({"settled_from": "planet"})").Errors(), std::vector<std::string>{"settled_from:unknown_value"});
  // Another change of a shipped category leaves its level.
  ASSERT_EQ(Patch("admin", "/api/v1/categories/land.requisition", 1, R"({"en": "Land taken"})").status, 200);
  EXPECT_EQ(Do("zhaomin", Taken("land.requisition"), "assignment", ToUnit("清水镇政府")).status, 422);
}

TEST_F(Routing, NothingBesideTheListIsPushedDownToAVillage) {
  // Where the list is silent there is nothing to go by.
  EXPECT_EQ(Do("zhaomin", Taken("village.venue"), "assignment", ToUnit("双河村委会")).status, 201);
  ASSERT_EQ(Named("environment", "", "水务局").status, 201);
  const Answer refused = Do("zhaomin", Taken("environment.waste"), "assignment", ToUnit("双河村委会"));
  EXPECT_EQ(refused.Errors(), std::vector<std::string>{"unit_id:not_on_the_list"});
  EXPECT_EQ(refused.At("errors.0.detail"), "水务局");
  EXPECT_EQ(Do("zhaomin", Taken("environment.waste"), "assignment", ToUnit("清水镇政府")).status, 201);
  // Nor by way of working along, or on from a return.
  const std::string along = Taken("environment.waste");
  EXPECT_EQ(Do("zhaomin", along, "co_handlers", ToUnit("双河村委会", R"(, "ask_ids": [])")).Errors(), std::vector<std::string>{"unit_id:not_on_the_list"});
  ASSERT_EQ(Do("zhaomin", along, "assignment", ToUnit("交通局")).status, 201);
  ASSERT_EQ(Do("zhouba", along, "return", R"({"reason": "不归我们"})").status, 201);
  EXPECT_EQ(Do("zhaomin", along, "return_decision", ToUnit("双河村委会", R"(, "agreed": true)")).Errors(), std::vector<std::string>{"unit_id:not_on_the_list"});
  // What the list names for it is given to it.
  ASSERT_EQ(Named("environment.waste", "990101101001", "双河村委会").status, 201);
  EXPECT_EQ(Do("zhaomin", Taken("environment.waste"), "assignment", ToUnit("双河村委会")).status, 201);
  // The county decides: never beside the list, or as everybody likes.
  Setting(R"({"push_down": "only_listed"})");
  EXPECT_EQ(Do("zhaomin", Taken("village.venue"), "assignment", ToUnit("双河村委会")).Errors(), std::vector<std::string>{"unit_id:not_on_the_list"});
  Setting(R"({"push_down": "any"})");
  EXPECT_EQ(Do("zhaomin", Taken("environment.noise"), "assignment", ToUnit("双河村委会")).status, 201);
}

TEST_F(Routing, AVillagePassesUpWhatItCannotDoAndTheResidentIsToldWhoCan) {
  LinaGoesToTheVillage();
  const std::string id = Taken("land.requisition", "990101101001", "lina", fmt::format(R"(, "household_id": "{}")", HouseholdId("赵春花")));
  const Answer before = Get("lina", Path(id));
  EXPECT_EQ(before.At("can_settle.unit.name"), "县政府办");
  EXPECT_TRUE(MayDo("lina", id, "passing_up"));
  EXPECT_FALSE(MayDo("lina", id, "acceptance"));
  EXPECT_EQ(Do("lina", id, "passing_up").Errors(), std::vector<std::string>{"reason:required"});
  EXPECT_EQ(Do("lina", id, "passing_up", ToUnit("双河村委会", R"(, "reason": "x")")).Errors(), std::vector<std::string>{"unit_id:not_above"});
  EXPECT_EQ(Do("lina", id, "passing_up", ToUnit("清水镇政府", R"(, "reason": "x")")).Errors(), std::vector<std::string>{"unit_id:cannot_settle_here"});
  EXPECT_EQ(Do("sunqi", id, "passing_up", R"({"reason": "x"})").status, 403);
  const Answer passed = Do("lina", id, "passing_up", R"({"reason": "补偿标准由县里定，村里定不了"})");
  ASSERT_EQ(passed.status, 201) << passed.text;
  EXPECT_EQ(passed.At("offered_to.name"), "县政府办");
  EXPECT_EQ(passed.At("owner.unit_name"), "双河村委会");
  EXPECT_EQ(passed.At("clock.due_at"), before.At("clock.due_at"));
  // The resident reads it on the receipt and is told in words.
  const Answer status = Get("", "/api/v1/receipts/" + before.At("receipt"));
  EXPECT_EQ(status.At("journey.1.kind"), "sent_up");
  EXPECT_EQ(status.At("journey.1.from_unit_name"), "双河村委会");
  EXPECT_EQ(status.At("journey.1.to_unit_name"), "县政府办");
  EXPECT_EQ(status.At("journey.1.text"), "补偿标准由县里定，村里定不了");
  const Answer messages = Get("lina", Path(id, "messages"));
  bool is_told = false;
  for (size_t i = 0; i < messages.Count("items"); ++i) {
    const std::string at = fmt::format("items.{}.", i);
    is_told = is_told || messages.At(at + "kind") == "matter.sent_up";
  }
  EXPECT_TRUE(is_told) << messages.text;
  // It may come back like any other, and then the sender decides.
  EXPECT_EQ(Do("chener", id, "return", R"({"reason": "先由村里核实面积"})").status, 201);
  EXPECT_FALSE(MayDo("lina", id, "passing_up"));
  EXPECT_EQ(Do("lina", id, "passing_up", R"({"reason": "再交一次"})").At("code"), "matters.return_waits");
}

TEST_F(Routing, WhatWasOnlyOfferedIsPassedUpOverTheOwner) {
  LinaGoesToTheVillage();
  const std::string id = Taken("village.venue");
  ASSERT_EQ(Do("zhaomin", id, "assignment", ToUnit("双河村委会")).status, 201);
  const Answer passed = Do("lina", id, "passing_up", ToUnit("清水镇政府", R"(, "reason": "村里没有地")"));
  ASSERT_EQ(passed.status, 201) << passed.text;
  EXPECT_EQ(passed.At("owner.unit_name"), "清水镇服务站");
  EXPECT_EQ(passed.At("offered_to.name"), "清水镇政府");
  EXPECT_EQ(Get("lina", Path(id)).status, 404);
  ASSERT_EQ(Do("wangfang", id, "acceptance").status, 201);
  EXPECT_EQ(Get("wangfang", Path(id)).At("owner.unit_name"), "清水镇政府");
}

TEST_F(Routing, ThreeAgreedReturnsAreAProposedChange) {
  ThroughWaterToRoads("environment.sewage");
  ThroughWaterToRoads("environment.sewage", "990101101002");
  // Another place, another category, and one that was refused count for themselves.
  ThroughWaterToRoads("environment.sewage", "990101102001");
  ThroughWaterToRoads("environment.air");
  EXPECT_EQ(Get("admin", kProposals).Count("items"), 0u);
  ThroughWaterToRoads("environment.sewage");
  const Answer list = Get("admin", kProposals);
  ASSERT_EQ(list.Count("items"), 1u) << list.text;
  EXPECT_EQ(list.At("items.0.source"), "pattern");
  EXPECT_EQ(list.At("items.0.category"), "environment.sewage");
  EXPECT_EQ(list.At("items.0.area_code"), "990101101");
  EXPECT_EQ(list.At("items.0.from_unit_name"), "水务局");
  EXPECT_EQ(list.At("items.0.to_unit_name"), "交通局");
  // A figure under five is not shown, and nobody is named.
  EXPECT_EQ(list.At("items.0.count"), "");
  for (const char* name : {"赵敏", "孙琦", "周坝", "水管"}) EXPECT_EQ(list.text.find(name), std::string::npos);
  // Only who keeps the list sees patterns.
  for (const char* who : {"wangfang", "zhaomin", "sunqi", "zhouba", "liuyi", "chener", "zhangsan"}) {
    EXPECT_EQ(Get(who, kProposals).Count("items"), 0u) << who;
  }
  ThroughWaterToRoads("environment.sewage");
  ThroughWaterToRoads("environment.sewage");
  EXPECT_EQ(Get("admin", kProposals).At("items.0.count"), "5");

  // Taken: the list names the unit from today, and there is no more to propose.
  const std::string path = std::string(kProposals) + "/" + list.At("items.0.id") + "/decision";
  EXPECT_EQ(Post("zhaomin", path, R"({"taken": true})", {"If-Match: \"1\""}).status, 403);
  const Answer taken = Post("admin", path, R"({"taken": true, "note": "三次都去了交通局"})", {"If-Match: \"1\""});
  ASSERT_EQ(taken.status, 201) << taken.text;
  EXPECT_EQ(taken.At("state"), "taken");
  EXPECT_EQ(Get("admin", Entry(taken.At("entry_id"))).At("entry.unit_name"), "交通局");
  EXPECT_EQ(Get("zhaomin", Path(Taken("environment.sewage"))).At("named_unit.name"), "交通局");
  EXPECT_EQ(Post("admin", path, R"({"taken": true})", {"If-Match: \"2\""}).At("code"), "dispatch_list.decided");
  for (int i = 0; i < 3; ++i) ThroughWaterToRoads("environment.sewage");
  EXPECT_EQ(Get("admin", kProposals).Count("items"), 0u);
}

TEST_F(Routing, ADeclinedPatternComesBackOnlyByNewReturns) {
  for (int i = 0; i < 3; ++i) ThroughWaterToRoads("environment.sewage");
  const Answer list = Get("admin", kProposals);
  const std::string path = std::string(kProposals) + "/" + list.At("items.0.id") + "/decision";
  EXPECT_EQ(Post("admin", path, R"({"taken": false})", {"If-Match: \"1\""}).Errors(), std::vector<std::string>{"note:required"});
  const Answer declined = Post("admin", path, R"({"taken": false, "note": "排水管网明年移交"})", {"If-Match: \"1\""});
  ASSERT_EQ(declined.status, 201) << declined.text;
  EXPECT_EQ(Get("admin", std::string(kProposals) + "?state=declined").Count("items"), 1u);
  clock_.Advance(kHour);
  ThroughWaterToRoads("environment.sewage");
  ThroughWaterToRoads("environment.sewage");
  EXPECT_EQ(Get("admin", kProposals).Count("items"), 0u);
  ThroughWaterToRoads("environment.sewage");
  EXPECT_EQ(Get("admin", kProposals).Count("items"), 1u);
}

TEST_F(Routing, ReturnsOfLongAgoAreNoPattern) {
  Setting(R"({"pattern_days": 30})");
  ThroughWaterToRoads("environment.sewage");
  ThroughWaterToRoads("environment.sewage");
  clock_.Advance(31 * kDay);
  SignInAgain();
  ThroughWaterToRoads("environment.sewage");
  EXPECT_EQ(Get("admin", kProposals).Count("items"), 0u);
}

TEST_F(Routing, WhoseItIsInTheEndIsWhatCounts) {
  // From the water bureau to the roads, who give it back too; the township has it in the end.
  for (int i = 0; i < 3; ++i) {
    const std::string id = Taken("environment.sewage");
    ASSERT_EQ(Do("zhaomin", id, "assignment", ToUnit("水务局")).status, 201);
    ASSERT_EQ(Do("sunqi", id, "return", R"({"reason": "不归我们"})").status, 201);
    ASSERT_EQ(Do("zhaomin", id, "return_decision", ToUnit("交通局", R"(, "agreed": true)")).status, 201);
    ASSERT_EQ(Do("zhouba", id, "return", R"({"reason": "也不归我们"})").status, 201);
    // The second time the superior of both decides.
    ASSERT_EQ(Do("chener", id, "return_decision", ToUnit("清水镇政府", R"(, "agreed": true)")).status, 201);
    ASSERT_EQ(Do("wangfang", id, "acceptance").status, 201);
  }
  const Answer list = Get("admin", kProposals);
  ASSERT_EQ(list.Count("items"), 2u) << list.text;
  EXPECT_EQ(list.At("items.0.to_unit_name"), "清水镇政府");
  EXPECT_EQ(list.At("items.1.to_unit_name"), "清水镇政府");
}

TEST_F(Routing, ComplaintsAboutSomebodyLeaveNoPatternAndNoNamedUnit) {
  ASSERT_EQ(Named("conduct", "", "水务局").status, 201);
  const std::string about = fmt::format(R"(, "about_officer_id": "{}")", OfficerId("wangfang"));
  const Answer taken = Post("zhaomin", "/api/v1/matters", fmt::format(R"({{"text": "态度差", "category": "conduct.officer"{}}})", about));
  ASSERT_EQ(taken.status, 201) << taken.text;
  const std::string id = taken.At("id");
  const Answer seen = Get("zhangsan", Path(id));
  ASSERT_EQ(seen.status, 200);
  EXPECT_EQ(seen.At("named_unit.name"), "");
  EXPECT_EQ(seen.At("can_settle.unit.name"), "");
  EXPECT_EQ(Do("zhaomin", id, "passing_up", R"({"reason": "x"})").status, 404);
  EXPECT_EQ(Do("wangfang", id, "passing_up", R"({"reason": "x"})").status, 404);
  // 李思 is an auditor of the township's office: somebody it may be offered to and come back from.
  if (Do("zhangsan", id, "assignment", ToUnit("清水镇政府")).status == 201) {
    Do("lisi", id, "return", R"({"reason": "不便"})");
    Do("zhangsan", id, "return_decision", R"({"agreed": true})");
  }
  EXPECT_EQ(Number({"test.returns", "SELECT COUNT(*) FROM dispatch_returns"}), 0);
  EXPECT_EQ(Number({"test.offers", "SELECT COUNT(*) FROM dispatch_offers"}), 0);
}

TEST_F(Routing, AnOfficerProposesAChangeByHand) {
  ASSERT_EQ(Named("water", "", "水务局").status, 201);
  const std::string body = ToUnit("交通局", R"(, "category": "water.drainage", "area_code": "990101101", "reason": "镇区管网已移交交通局", "id": "990101-0192f3a4-7c1e-7abc-8def-0123456789ac")");
  const Answer made = Post("sunqi", kProposals, body);
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.At("source"), "by_hand");
  EXPECT_EQ(made.At("now.unit_name"), "水务局");
  EXPECT_EQ(made.At("may_decide"), "false");
  EXPECT_EQ(Post("sunqi", kProposals, body).At("id"), made.At("id"));
  EXPECT_EQ(Get("admin", kProposals).Count("items"), 1u);
  EXPECT_EQ(Get("sunqi", kProposals).Count("items"), 1u);
  EXPECT_EQ(Get("zhouba", kProposals).Count("items"), 0u);
  EXPECT_EQ(Post("sunqi", kProposals, ToUnit("交通局")).Errors(), std::vector<std::string>{"reason:required"});
  // Taken with another unit than was proposed.
  const std::string path = std::string(kProposals) + "/" + made.At("id") + "/decision";
  const Answer taken = Post("admin", path, ToUnit("清水镇政府", R"(, "taken": true)"), {"If-Match: \"1\""});
  ASSERT_EQ(taken.status, 201) << taken.text;
  const Answer list = Get("sunqi", std::string(kList) + "?category=water.drainage&area=990101101001");
  EXPECT_EQ(list.At("named.unit_name"), "清水镇政府");
  EXPECT_EQ(list.Count("items"), 2u);
  EXPECT_EQ(Get("sunqi", std::string(kProposals) + "?state=taken").Count("items"), 1u);
}

TEST_F(Routing, SeveralAsksHaveSeveralUnitsAndOneOwner) {
  const Answer taken = Post("zhaomin", "/api/v1/matters",
                            R"({"text": "水管和路", "area_code": "990101101001", "asks": [{"text": "修水管"}, {"text": "补路面"}]})");
  const std::string id = taken.At("id");
  ASSERT_EQ(Do("zhaomin", id, "assignment", ToUnit("水务局")).status, 201);
  ASSERT_EQ(Do("sunqi", id, "acceptance").status, 201);
  const std::string water = taken.At("asks.0.id");
  const std::string road = taken.At("asks.1.id");
  ASSERT_EQ(Do("sunqi", id, "co_handlers", ToUnit("交通局", fmt::format(R"(, "ask_ids": ["{}"])", road))).status, 201);
  const auto answer = [&](std::string_view as, const std::string& ask) {
    return Do(as, id, "answer", fmt::format(R"({{"text": "办好了", "asks": [{{"id": "{}", "outcome": "done", "text": "办好了"}}]}})", ask));
  };
  // Each its own; the owner answers for the whole, after or before.
  EXPECT_EQ(answer("zhouba", water).status, 422);
  ASSERT_EQ(answer("zhouba", road).status, 201);
  EXPECT_EQ(Get("sunqi", Path(id)).At("state"), "assigned");
  EXPECT_EQ(Get("sunqi", Path(id)).At("asks.1.unit_name"), "交通局");
  ASSERT_EQ(answer("sunqi", water).status, 201);
  EXPECT_EQ(Get("sunqi", Path(id)).At("state"), "answered");
  EXPECT_EQ(Get("sunqi", Path(id)).At("owner.unit_name"), "水务局");
}

}  // namespace
}  // namespace huiyin::testing
