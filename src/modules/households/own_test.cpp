// SPDX-License-Identifier: EUPL-1.2
#include "modules/households/testing.h"

namespace huiyin::households {
namespace {

constexpr std::string_view kMe = "household:张大山";

class OwnTest : public RegisterTown {};

TEST_F(OwnTest, AHouseholdSeesItsWholeRecord) {
  Patch("wangfang", Path(HouseholdId("张大山"), "/sections/income"), 1, R"({"wages_fen":500})");
  const auto mine = Get(kMe, "/api/v1/me/household");
  ASSERT_EQ(mine.status, 200) << mine.text;
  EXPECT_EQ(mine.At("head_name"), "张大山");
  EXPECT_EQ(mine.At("sections.income.total_fen"), "500");
  EXPECT_EQ(mine.At("section_states.income.changed_by"), "王芳");
  EXPECT_EQ(mine.Count("residents"), 3u);
  EXPECT_EQ(mine.Count("purposes"), 10u);
  EXPECT_EQ(Get("wangfang", "/api/v1/me/household").status, 403);
  EXPECT_EQ(Get("", "/api/v1/me/household").status, 401);
  EXPECT_EQ(Get(kMe, Path(HouseholdId("张大山"), "?purpose=visit")).status, 403);
}

TEST_F(OwnTest, AHouseholdSeesWhoReadItWhenAndWhy) {
  Get("wangfang", Path(HouseholdId("张大山"), "?purpose=visit"));
  clock_.Advance(kMinute);
  Tick();
  Get("chener", Path(HouseholdId("张大山"), "?purpose=other&reason=接访前了解情况"));
  Get("lina", Path(HouseholdId("赵春花"), "?purpose=visit"));
  const auto reads = Get(kMe, "/api/v1/me/reads");
  ASSERT_EQ(reads.Count("items"), 2u) << reads.text;
  EXPECT_EQ(reads.At("items.0.officer_name"), "陈洱");
  EXPECT_EQ(reads.At("items.0.reason"), "接访前了解情况");
  EXPECT_EQ(reads.At("items.1.officer_name"), "王芳");
  const auto page = Get(kMe, "/api/v1/me/reads?limit=1");
  const auto rest = Get(kMe, "/api/v1/me/reads?limit=1&cursor=" + page.At("next_cursor"));
  EXPECT_EQ(rest.At("items.0.officer_name"), "王芳");
}

TEST_F(OwnTest, AHouseholdWithdrawsAndGivesConsent) {
  Patch("wangfang", Path(HouseholdId("张大山"), "/sections/plans"), 1, R"({"text":"翻修房屋"})");
  ASSERT_EQ(Call(kMe, "DELETE", "/api/v1/me/consents/plans").status, 204);
  const auto mine = Get(kMe, "/api/v1/me/household");
  EXPECT_EQ(mine.text.find("翻修"), std::string::npos);
  EXPECT_EQ(mine.At("section_states.plans.consent"), "withdrawn");
  EXPECT_EQ(Patch("wangfang", Path(HouseholdId("张大山"), "/sections/plans"), 3, R"({"text":"x"})").At("code"),
            "consents.not_given");
  const auto given = Call(kMe, "PUT", "/api/v1/me/consents/plans");
  ASSERT_EQ(given.status, 200) << given.text;
  EXPECT_EQ(given.At("how"), "online");
  EXPECT_EQ(Call(kMe, "PUT", "/api/v1/me/consents/nonsense").status, 404);
}

TEST_F(OwnTest, AHouseholdSeesWhatIsDoneForIt) {
  EXPECT_EQ(Get(kMe, "/api/v1/me/measures").Count("items"), 0u);
  Patch("wangfang", Path(HouseholdId("张大山"), "/sections/measures"), 1, R"({"items":[{"text":"协助办理低保"}]})");
  EXPECT_EQ(Get(kMe, "/api/v1/me/measures").At("items.0.text"), "协助办理低保");
}

TEST_F(OwnTest, AHouseholdDisputesAField) {
  const auto opened = Post(kMe, "/api/v1/me/corrections", R"({"section":"housing","field":"rooms","text":"只有三间"})");
  EXPECT_EQ(opened.status, 201) << opened.text;
  EXPECT_EQ(Post(kMe, "/api/v1/me/corrections", R"({"section":"housing","field":"gold","text":"x"})").Errors(),
            std::vector<std::string>{"field:unknown_field"});
  EXPECT_EQ(Post(kMe, "/api/v1/me/corrections", "{}").Errors(), (std::vector<std::string>{"section:required", "text:required"}));
  EXPECT_EQ(Post(kMe, "/api/v1/me/corrections", R"({"section":"population","field":"birth_date","text":"生日错了"})").status, 201);
}

}  // namespace
}  // namespace huiyin::households
