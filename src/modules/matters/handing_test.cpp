// SPDX-License-Identifier: EUPL-1.2
// Who works on a matter within the unit that owns it.
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class Handing : public Town {
 protected:
  Answer Give(std::string_view as, const std::string& to) {
    const Answer now = Get(as, path_);
    return Patch(as, path_, std::stoll(now.At("revision")), to.empty() ? R"({"officer_id": null})" : fmt::format(R"({{"officer_id": "{}"}})", to));
  }
  void SetUp() override {
    Town::SetUp();
    const Answer taken = Post("zhaomin", "/api/v1/matters", R"({"text": "三组的水管裂了。", "area_code": "990101101001"})");
    path_ = "/api/v1/matters/" + taken.At("id");
  }
  std::string path_;
};

TEST_F(Handing, TheUnitThatOwnsItGivesItToOneOfItsOwn) {
  const Answer given = Give("zhaomin", OfficerId("zhaomin"));
  ASSERT_EQ(given.status, 200) << given.text;
  EXPECT_EQ(given.At("owner.officer_id"), OfficerId("zhaomin"));
  EXPECT_EQ(Get("zhaomin", "/api/v1/matters?queue=mine").Count("items"), 1u);
  EXPECT_EQ(Give("zhaomin", OfficerId("sunqi")).Errors(), std::vector<std::string>{"officer_id:not_of_the_unit"});
  EXPECT_EQ(Give("zhaomin", "").At("owner.officer_id"), "");
}

TEST_F(Handing, WhoIsGivenItIsTold) {
  ASSERT_EQ(Post("zhaomin", path_ + "/assignment", fmt::format(R"({{"unit_id": "{}"}})", UnitId("水务局"))).status, 201);
  ASSERT_EQ(Post("sunqi", path_ + "/acceptance").status, 201);
  const size_t before = Get("sunqi", "/api/v1/inbox").Count("items");
  const Answer given = Give("liuyi", OfficerId("sunqi"));
  ASSERT_EQ(given.status, 200) << given.text;
  EXPECT_EQ(Get("sunqi", "/api/v1/inbox").Count("items"), before + 1);
}

}  // namespace
}  // namespace huiyin::testing
