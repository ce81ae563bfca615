// SPDX-License-Identifier: EUPL-1.2
// What is likely the same: while it is typed, and in the list that is looked through; and
// repeated causes by place and category, never by who asked.
#include "modules/matters/matters.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class Duplicates : public Town {
 protected:
  std::string Take(std::string_view text, std::string_view area = "990101101001", std::string_view more = "",
                   std::string_view as = "zhaomin") {
    const Answer taken = Post(as, "/api/v1/matters",
                              fmt::format(R"({{"text": "{}", "area_code": "{}"{}}})", text, area, more));
    EXPECT_EQ(taken.status, 201) << taken.text;
    return taken.At("id");
  }
  Answer Pairs(std::string_view as = "zhaomin", std::string_view query = "") {
    return Get(as, "/api/v1/matters/duplicates" + std::string(query));
  }
  Answer Causes(std::string_view as, std::string_view query = "") {
    return Get(as, "/api/v1/causes" + std::string(query));
  }
};

constexpr std::string_view kLeak = "三组的水管漏水半个月没人修";
constexpr std::string_view kLeakToo = "三组水管漏水没人来修";

TEST_F(Duplicates, LikelyPairsOfAPlaceAreListedForWhoMayMergeThem) {
  const std::string first = Take(kLeak);
  clock_.Advance(kHour);
  const std::string second = Take(kLeakToo);
  Take("村口的路灯不亮");
  Take(kLeakToo, "990101101002");  // another village
  EXPECT_EQ(Pairs().Count("items"), 0u) << "nobody held them against each other yet";
  Tick();
  const Answer pairs = Pairs();
  ASSERT_EQ(pairs.Count("items"), 1u) << pairs.text;
  EXPECT_EQ(pairs.At("items.0.first.id"), first);
  EXPECT_EQ(pairs.At("items.0.second.id"), second);
  EXPECT_EQ(pairs.Count("items.0.may"), 2u);
  EXPECT_EQ(Pairs("liuyi").Count("items"), 1u);
  EXPECT_EQ(Pairs("sunqi").Count("items"), 0u) << "not theirs to merge or to read";
  EXPECT_EQ(Pairs("lina").Count("items"), 0u);
  EXPECT_EQ(Pairs("zhaomin", "?area=990101101002").Count("items"), 0u);
  EXPECT_EQ(Pairs("zhaomin", "?area=abc").Errors(), std::vector<std::string>{"area:not_an_area_code"});
  ASSERT_EQ(Post("zhaomin", "/api/v1/matters/" + second + "/merge", fmt::format(R"({{"into_id": "{}"}})", first)).status, 201);
  EXPECT_EQ(Pairs().Count("items"), 0u);
}

TEST_F(Duplicates, WhatIsNotTheSameIsRememberedAndNeverShownAgain) {
  const std::string first = Take(kLeak);
  const std::string second = Take(kLeakToo);
  Tick();
  const std::string path = "/api/v1/matters/duplicates/" + Pairs().At("items.0.id") + "/not_same";
  EXPECT_EQ(Post("sunqi", path).status, 404);
  const Answer said = Post("zhaomin", path, R"({"note": "一个在上坡，一个在下坡"})");
  ASSERT_EQ(said.status, 201) << said.text;
  EXPECT_EQ(said.At("decided_by"), "赵敏");
  EXPECT_EQ(Post("liuyi", path, R"({"note": "别的话"})").At("note"), "一个在上坡，一个在下坡") << "it was decided";
  EXPECT_EQ(Pairs().Count("items"), 0u);
  EXPECT_NE(Get("zhaomin", "/api/v1/matters/" + first).text.find("not_same"), std::string::npos);
  // Taken to another place and back: it is held against its neighbours again.
  for (const char* area : {"990101101002", "990101101001"}) {
    const Answer story = Get("zhaomin", "/api/v1/matters/" + second);
    ASSERT_EQ(Patch("zhaomin", "/api/v1/matters/" + second, std::atoll(story.At("revision").c_str()),
                    fmt::format(R"({{"area_code": "{}"}})", area)).status, 200);
    Tick();
  }
  EXPECT_EQ(Pairs().Count("items"), 0u);
}

TEST_F(Duplicates, TheBeginningOfALongStoryIsEnoughWhileTyping) {
  const std::string id = Take("我们村三组坡上那根老水管从上个月就开始漏水，报修了两次都没有人来，路面都泡坏了，老人走路摔了一跤，冬天还会结冰。");
  const std::string similar = "/api/v1/matters/similar?area_code=990101101001&text=";
  EXPECT_EQ(Get("zhaomin", similar + "三组坡上那根老水管").At("items.0.id"), id);
  EXPECT_EQ(Get("zhaomin", similar + "老水管").Count("items"), 0u) << "two pairs stand in many texts";
  EXPECT_EQ(Get("zhaomin", similar + "村口的路灯坏了两盏").Count("items"), 0u);
}

TEST_F(Duplicates, AComplaintAboutSomebodyIsLikeNothing) {
  const std::string text = "村里的水管修了又坏钱收了两次";
  Take(text);
  const Answer taken = Post("", "/api/v1/matters", fmt::format(R"({{"text": "{}", "area_code": "990101101001",
      "about_officer_id": "{}"}})", text, OfficerId("zhaomin")));
  ASSERT_EQ(taken.status, 201);
  Tick();
  for (const char* who : {"zhaomin", "liuyi", "chener", "zhangsan"}) {
    EXPECT_EQ(Pairs(who).Count("items"), 0u) << who;
    EXPECT_EQ(Get(who, "/api/v1/matters/similar?area_code=990101101001&text=" + text).text.find(taken.At("receipt")),
              std::string::npos) << who;
    const Answer causes = Causes(who);
    EXPECT_EQ(causes.Count("items"), 0u) << who << causes.text;
  }
}

TEST_F(Duplicates, WhatComesLateOrLongAfterIsNotHeldAgainstIt) {
  Take(kLeak);
  clock_.Advance(61 * kDay);
  SignInAgain();
  Take(kLeakToo);
  Tick();
  EXPECT_EQ(Pairs().Count("items"), 0u);
}

TEST_F(Duplicates, ADozenAlikeMakeNoHundredPairs) {
  for (int i = 0; i < 12; ++i) {
    Take(kLeak);
    clock_.Advance(kMinute);
  }
  for (int i = 0; i < 4; ++i) Tick();
  EXPECT_LE(Pairs("zhaomin", "?limit=100").Count("items"), 60u);
  EXPECT_GE(Pairs("zhaomin", "?limit=100").Count("items"), 11u);
  const Answer page = Pairs("zhaomin", "?limit=5");
  ASSERT_EQ(page.Count("items"), 5u);
  const Answer next = Pairs("zhaomin", "?limit=5&cursor=" + page.At("next_cursor"));
  ASSERT_EQ(next.Count("items"), 5u) << next.text;
  EXPECT_NE(next.At("items.0.id"), page.At("items.4.id"));
}

TEST_F(Duplicates, CausesAreCountedByPlaceAndCategory) {
  const Answer categories = Get("zhaomin", "/api/v1/categories");
  ASSERT_NE(categories.text.find("water"), std::string::npos) << categories.text.substr(0, 400);
  std::string code;
  for (size_t i = 0; i < categories.Count("items"); ++i) {
    const std::string one = categories.At(fmt::format("items.{}.code", i));
    if (one.starts_with("water")) code = one;
  }
  const std::string of = fmt::format(R"(, "category": "{}")", code);
  const std::string first = Take(kLeak, "990101101001", of);
  Take(kLeakToo, "990101101001001", of);
  Take("石桥的水也小", "990101101002", of);
  Take("路灯不亮");
  const Answer causes = Causes("chener");
  ASSERT_EQ(causes.Count("items"), 1u) << causes.text;
  EXPECT_EQ(causes.At("items.0.category"), code);
  EXPECT_EQ(causes.At("items.0.area_code"), "990101101001");
  EXPECT_EQ(causes.At("items.0.received"), "2");
  EXPECT_EQ(causes.At("items.0.open"), "2");
  EXPECT_EQ(causes.At("items.0.late"), "0");
  EXPECT_EQ(causes.At("from"), "2026-01-01");
  EXPECT_EQ(causes.At("until"), "2026-03-31");
  EXPECT_EQ(Causes("chener", "?from=2026-01-01&until=2026-02-28").Count("items"), 0u);
  EXPECT_EQ(Causes("chener", "?from=2026-05-01&until=2026-02-28").Errors(), std::vector<std::string>{"from:out_of_range"});
  EXPECT_EQ(Causes("chener", "?from=2020-05-01").Errors(), std::vector<std::string>{"from:out_of_range"});
  EXPECT_EQ(Causes("chener", "?area=510104").status, 404);
  // It leads to the matters it counts.
  const std::string list = fmt::format("/api/v1/matters?area=990101101001&category={}&received_from=2026-01-01&received_until=2026-03-31", code);
  EXPECT_EQ(Get("chener", list).Count("items"), 2u);
  EXPECT_EQ(Get("chener", "/api/v1/matters?category=none").Count("items"), 1u);
  EXPECT_EQ(Get("chener", fmt::format("/api/v1/matters?category={}&q=石桥", code)).Count("items"), 1u);
  // What becomes of one moves the figures, and so does another category.
  ASSERT_EQ(Post("liuyi", "/api/v1/matters/" + first + "/withdrawal", R"({"reason": "修好了", "by_resident": true})").status, 201);
  EXPECT_EQ(Causes("chener").At("items.0.open"), "1");
  clock_.now = clock_.now + 20 * kDay;
  SignInAgain();
  Tick();
  EXPECT_EQ(Causes("chener").At("items.0.late"), "1");
}

TEST_F(Duplicates, WhoMayNotSeeTheMattersIsShownNoFewOfThem) {
  for (int i = 0; i < 4; ++i) Take("水管漏水");
  EXPECT_EQ(Causes("zhaomin").Count("items"), 1u);
  EXPECT_EQ(Causes("wangfang").Count("items"), 0u) << "four are too few for who does not see them all";
  Take("水管漏水");
  const Answer shown = Causes("wangfang");
  ASSERT_EQ(shown.Count("items"), 1u) << shown.text;
  EXPECT_EQ(shown.At("small_hidden"), "true");
  EXPECT_EQ(shown.At("items.0.received"), "5");
  EXPECT_EQ(shown.At("items.0.late"), "");
  EXPECT_EQ(Causes("zhaomin").At("items.0.late"), "0");
}

TEST_F(Duplicates, TheFiguresHoldAgainstTheMattersTheyCount) {
  const std::string one = Take(kLeak);
  const std::string two = Take(kLeakToo);
  ASSERT_EQ(Post("zhaomin", "/api/v1/matters/" + two + "/merge", fmt::format(R"({{"into_id": "{}"}})", one)).status, 201);
  ASSERT_EQ(Post("zhaomin", "/api/v1/matters/" + two + "/unmerge", R"({"reason": "弄错了"})").status, 201);
  clock_.now = clock_.now + 20 * kDay;
  SignInAgain();
  Tick();
  Write([&](db::Tx& tx) {
    for (const auto& difference : matters::VerifyCounters(tx, kCounty, Zone{480})) {
      ADD_FAILURE() << difference.what << ": " << difference.counted << " and " << difference.real;
    }
  });
}

}  // namespace
}  // namespace huiyin::testing
