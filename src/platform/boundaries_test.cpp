// SPDX-License-Identifier: EUPL-1.2
#include "platform/boundaries.h"

#include <gtest/gtest.h>

#include "core/problem.h"

namespace huiyin {
namespace {

std::string CategoryOf(std::string_view name) {
  const auto found = FindProtectedCategory(name);
  return found ? std::string(found->code) : "";
}

TEST(Boundaries, ProtectedNamesAreFoundHoweverTheyAreWritten) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"宗教信仰", "religion"}, {"是否信教", "religion"}, {"宗 教", "religion"}, {"【宗教】", "religion"},
      {"Religion", "religion"}, {"religious_belief", "religion"}, {"isBuddhist", "religion"},
      {"ＲＥＬＩＧＩＯＮ", "religion"}, {"zongjiao", "religion"}, {"所属寺庙", "religion"},
      {"民族", "ethnicity"}, {"民·族", "ethnicity"}, {"ethnic group", "ethnicity"}, {"ethnicity", "ethnicity"},
      {"Nationality", "ethnicity"}, {"min_zu", "ethnicity"}, {"མི་རིགས", "ethnicity"},
      {"政治面貌", "politics"}, {"是否党员", "politics"}, {"黨員", "politics"}, {"思想动态", "politics"},
      {"political_status", "politics"}, {"Party Member", "politics"}, {"partyMembers", "politics"},
      {"上访户", "petitioner"}, {"老 上 访", "petitioner"}, {"petitioner", "petitioner"}, {"缠访闹访", "petitioner"},
      {"计划生育", "family_planning"}, {"孕情", "family_planning"}, {"family_planning", "family_planning"},
      {"contraception", "family_planning"}, {"FamilyPlanningMeasures", "family_planning"},
      {"维稳等级", "stability"}, {"重点人员", "stability"}, {"风险等级", "stability"}, {"风险评分", "stability"},
      {"risk_score", "stability"}, {"RiskLevel", "stability"}, {"watch-list", "stability"},
      {"key population", "stability"}, {"流动人口", "stability"}, {"stability", "stability"},
  };
  for (const auto& [name, category] : cases) EXPECT_EQ(CategoryOf(name), category) << name;
}

TEST(Boundaries, OrdinaryNamesPass) {
  for (const std::string_view name :
       {"姓名", "户主", "与户主关系", "住址", "电话", "出生日期", "语言", "危房等级", "danger_grade", "残疾",
        "低保", "收入", "耕地面积", "灾害风险等级", "family size", "number of rooms", "trace", "template",
        "nunchaku", "insect", "culture", "party wall", "risk of flood", "child", "key", "统一社会信用代码",
        "head", "register_number", "", "   ", "\xff\xfe"}) {
    EXPECT_EQ(CategoryOf(name), "") << name;
  }
}

TEST(Boundaries, ARefusalSaysWhy) {
  try {
    RefuseProtected("label_zh", "宗教信仰");
    FAIL();
  } catch (const Problem& problem) {
    EXPECT_EQ(problem.status, 422);
    EXPECT_EQ(problem.code, "boundaries.protected_category");
    EXPECT_EQ(problem.errors.at(0).field, "label_zh");
    EXPECT_NE(problem.errors.at(0).detail.find("宗教"), std::string::npos);
  }
}

}  // namespace
}  // namespace huiyin
