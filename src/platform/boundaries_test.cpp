// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "platform/boundaries.h"

namespace huiyin {
namespace {

std::string CategoryOf(std::string_view name) {
  const ProtectedCategory* category = FindProtected(name);
  return category != nullptr ? std::string(category->code) : "";
}

TEST(Boundaries, ProtectedNamesAreKnownInBothLanguages) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"宗教信仰", "religion"}, {"是否信教", "religion"}, {"religion", "religion"},
      {"religious_belief", "religion"}, {"religiousBelief", "religion"}, {"Temple visited", "religion"},
      {"宗 教", "religion"}, {"宗·教", "religion"}, {"ｒｅｌｉｇｉｏｎ", "religion"},
      {"re\xE2\x80\x8Bligion", "religion"}, {"zongjiao", "religion"},
      {"民族", "ethnicity"}, {"少数民族", "ethnicity"}, {"ethnic_group", "ethnicity"},
      {"ethnicity", "ethnicity"}, {"nationality", "ethnicity"}, {"race", "ethnicity"}, {"minzu", "ethnicity"},
      {"政治面貌", "political"}, {"是否党员", "political"}, {"political_attitude", "political"},
      {"思想动态", "political"}, {"party_member", "political"}, {"gratitude", "political"}, {"态度", "political"},
      {"上访次数", "petitioning"}, {"信访户", "petitioning"}, {"petitioner", "petitioning"},
      {"PETITION_COUNT", "petitioning"},
      {"计划生育", "family_planning"}, {"节育措施", "family_planning"}, {"family_planning", "family_planning"},
      {"familyPlanning", "family_planning"}, {"IUD", "family_planning"}, {"contraception", "family_planning"},
      {"维稳等级", "risk"}, {"风险评分", "risk"}, {"重点人员", "risk"}, {"risk_score", "risk"},
      {"riskScore", "risk"}, {"stability", "risk"}, {"watchlist", "risk"}, {"风险等级", "risk"},
      {"【宗教】", "religion"}, {"Religion", "religion"}, {"isBuddhist", "religion"}, {"ＲＥＬＩＧＩＯＮ", "religion"},
      {"所属寺庙", "religion"}, {"民·族", "ethnicity"}, {"ethnic group", "ethnicity"}, {"Nationality", "ethnicity"},
      {"min_zu", "ethnicity"}, {"མི་རིགས", "ethnicity"}, {"黨員", "political"}, {"political_status", "political"},
      {"Party Member", "political"}, {"partyMembers", "political"}, {"上访户", "petitioning"},
      {"老 上 访", "petitioning"}, {"缠访闹访", "petitioning"}, {"孕情", "family_planning"},
      {"FamilyPlanningMeasures", "family_planning"}, {"RiskLevel", "risk"}, {"watch-list", "risk"},
      {"key population", "risk"}, {"流动人口", "risk"},
  };
  for (const auto& [name, category] : cases) EXPECT_EQ(CategoryOf(name), category) << name;
}

TEST(Boundaries, OrdinaryNamesPass) {
  for (std::string_view name :
       {"rooms", "terrace_m2", "洪水风险等级", "flood_risk", "danger_grade", "水管控制阀", "语言", "languages", "电话",
        "住房结构", "党参种植面积", "minor_children", "gender", "birth_date", "faucet", "brace", "残疾", "孤儿", "收入",
        "party_wall", "key_number", "稳定供水", "家族企业", "", "  ", "户主", "与户主关系", "危房等级",
        "灾害风险等级", "trace", "template", "insect", "culture", "统一社会信用代码", "生育保险", "\xff\xfe"}) {
    EXPECT_EQ(CategoryOf(name), "") << name;
  }
}

}  // namespace
}  // namespace huiyin
