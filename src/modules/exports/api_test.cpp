// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class Exports : public Town {
 protected:
  Answer Asked(std::string_view kind = "households", std::string_view area = "990101101") {
    return Post("admin", "/api/v1/exports",
                fmt::format(R"({{"kind": "{}", "area_code": "{}", "reason": "年度核对"}})", kind, area));
  }
  std::string Path(const Answer& asked, std::string_view act = "") {
    return "/api/v1/exports/" + asked.At("id") + (act.empty() ? "" : "/" + std::string(act));
  }
};

TEST_F(Exports, LeaveOnlyWithASecondOfficersApproval) {
  const Answer asked = Asked();
  ASSERT_EQ(asked.status, 201) << asked.text;
  EXPECT_EQ(asked.At("state"), "waiting");
  EXPECT_EQ(Get("admin", Path(asked, "file")).At("code"), "exports.not_approved");
  // Not by who asked, whatever roles they hold; not by those who have no say.
  EXPECT_EQ(Post("admin", Path(asked, "approval")).At("code"), "exports.own_request");
  EXPECT_EQ(Post("liuyi", Path(asked, "approval")).status, 403);
  EXPECT_EQ(Post("wangfang", Path(asked, "approval")).status, 403);
  EXPECT_EQ(Get("chener", "/api/v1/exports").At("items.0.can.0"), "approval");
  const Answer approved = Post("chener", Path(asked, "approval"), R"({"note": "同意"})");
  ASSERT_EQ(approved.status, 201) << approved.text;
  EXPECT_EQ(approved.At("state"), "approved");
  EXPECT_EQ(Post("zhangsan", Path(asked, "refusal"), R"({"reason": "晚了"})").At("code"), "exports.already_decided");
  // Only who asked fetches it.
  EXPECT_EQ(Get("chener", Path(asked, "file")).status, 403);
  const Answer file = Get("admin", Path(asked, "file"));
  ASSERT_EQ(file.status, 200) << file.text;
  EXPECT_EQ(file.headers.at("Cache-Control"), "no-store");
  EXPECT_NE(file.text.find("张大山"), std::string::npos);
  EXPECT_EQ(file.text.find("赵春花"), std::string::npos);  // of another township
}

TEST_F(Exports, AreReadAboutByTheHouseholdsInThem) {
  const Answer asked = Asked();
  Post("chener", Path(asked, "approval"));
  Get("admin", Path(asked, "file"));
  Tick();
  const Answer reads = Get("household:张大山", "/api/v1/me/reads");
  EXPECT_EQ(reads.At("items.0.reason"), "年度核对") << reads.text;
  const Answer log = Get("zhangsan", "/api/v1/audit");
  std::string acts;
  for (size_t i = 0; i < log.Count("items"); ++i) acts += log.At(fmt::format("items.{}.action", i)) + log.At(fmt::format("items.{}.act", i)) + " ";
  for (const char* act : {"export.requested", "export.approved", "export.fetched", "export.read"}) {
    EXPECT_NE(acts.find(act), std::string::npos) << act << " in " << acts;
  }
}

TEST_F(Exports, ExpireAndAreRefusedWithAReason) {
  const Answer first = Asked();
  EXPECT_EQ(Post("chener", Path(first, "refusal"), "{}").Errors(), std::vector<std::string>{"reason:required"});
  EXPECT_EQ(Post("chener", Path(first, "refusal"), R"({"reason": "没有必要"})").At("state"), "refused");
  EXPECT_EQ(Get("admin", Path(first, "file")).status, 409);
  const Answer second = Asked();
  Post("zhangsan", Path(second, "approval"));
  clock_.Advance(2 * kDay);
  EXPECT_EQ(Get("admin", Path(second)).At("state"), "expired");
  EXPECT_EQ(Get("admin", Path(second, "file")).At("code"), "exports.expired");
  const Answer third = Asked();
  clock_.Advance(15 * kDay);
  EXPECT_EQ(Post("chener", Path(third, "approval")).At("code"), "exports.expired");
  EXPECT_EQ(Get("chener", "/api/v1/exports?limit=2").Count("items"), 2u);
  EXPECT_EQ(Get("chener", "/api/v1/exports?limit=2&cursor=" + Get("chener", "/api/v1/exports?limit=2").At("next_cursor")).Count("items"), 1u);
}

TEST_F(Exports, NeverHoldAComplaint) {
  Post("zhaomin", "/api/v1/matters", R"({"text": "水管裂了", "area_code": "990101101001"})");
  Post("zhaomin", "/api/v1/matters", fmt::format(R"({{"text": "王芳收钱", "area_code": "990101101001", "about_officer_id": "{}"}})",
                                                 OfficerId("wangfang")));
  const Answer asked = Asked("matters", "990101");
  Post("zhangsan", Path(asked, "approval"));
  const Answer file = Get("admin", Path(asked, "file"));
  ASSERT_EQ(file.status, 200) << file.text;
  EXPECT_NE(file.text.find("水管裂了"), std::string::npos);
  EXPECT_EQ(file.text.find("收钱"), std::string::npos);
}

TEST_F(Exports, SayWhatIsWrongWithTheRequest) {
  EXPECT_EQ(Post("admin", "/api/v1/exports", R"({"kind": "people", "area_code": "990101999"})").Errors(),
            (std::vector<std::string>{"kind:unknown_value", "reason:required", "area_code:unknown_area"}));
  EXPECT_EQ(Post("zhaomin", "/api/v1/exports", R"({"kind": "households", "reason": "x"})").status, 403);
  EXPECT_EQ(Get("admin", "/api/v1/exports/990101-0192f3a4-7c1e-7abc-8def-0123456789ab").status, 404);
}

}  // namespace
}  // namespace huiyin::testing
