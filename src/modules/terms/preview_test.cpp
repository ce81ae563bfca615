// SPDX-License-Identifier: EUPL-1.2
#include "modules/terms/preview.h"

#include <gtest/gtest.h>

#include "modules/terms/store.h"

namespace huiyin::terms {
namespace {

constexpr Zone kZone{480};

Rule Like(std::string_view key, Date from) {
  Rule rule = *FindRule(Shipped().rules, key, from);
  rule.version_from = from;
  return rule;
}
Preview Of(const Rule& rule) { return PreviewRule(Shipped().rules, rule, Shipped().calendar, kZone); }

TEST(RulePreview, ShowsTheDaysBeforeAndAfter) {
  Rule rule = Like("hotline.answer", Date::Of(2026, 3, 11));
  rule.amount = 3;
  const Preview preview = Of(rule);
  ASSERT_NE(preview.replaces, nullptr);
  EXPECT_EQ(preview.replaces->amount, 5);
  // Wednesday 11 March: five working days end on the 18th, three on the 16th.
  ASSERT_GE(preview.samples.size(), 5u);
  EXPECT_EQ(preview.samples[0].start, Date::Of(2026, 3, 11));
  EXPECT_EQ(preview.samples[0].due_before, Date::Of(2026, 3, 18));
  EXPECT_EQ(preview.samples[0].due_after, Date::Of(2026, 3, 16));
}

TEST(RulePreview, ShowsTheEveOfALongHoliday) {
  const Preview preview = Of(Like("hotline.answer", Date::Of(2026, 9, 1)));
  const auto eve = std::find_if(preview.samples.begin(), preview.samples.end(),
                                [](const Sample& sample) { return sample.start == Date::Of(2026, 9, 30); });
  ASSERT_NE(eve, preview.samples.end());
  // National Day 1 to 7 October 2026; the 10th is worked. Five working days: 8, 9, 10, 12, 13.
  EXPECT_EQ(eve->due_after, Date::Of(2026, 10, 13));
}

TEST(RulePreview, SaysWhereNoCalendarIsKnownYet) {
  EXPECT_TRUE(Of(Like("hotline.answer", Date::Of(2099, 3, 11))).samples[0].is_estimated);
  EXPECT_FALSE(Of(Like("hotline.answer", Date::Of(2026, 3, 11))).samples[0].is_estimated);
}

TEST(RulePreview, ANewKeyReplacesNothing) {
  Rule rule = Like("hotline.answer", Date::Of(2026, 3, 11));
  rule.key = "water.answer";
  rule.category = "water";
  const Preview preview = Of(rule);
  EXPECT_EQ(preview.replaces, nullptr);
  EXPECT_FALSE(preview.samples[0].due_before);
  // More particular than the general one, so that it wins where both fit.
  EXPECT_EQ(preview.outranked, std::vector<std::string>{"hotline.answer"});
  EXPECT_TRUE(preview.outranks.empty());
}

TEST(RulePreview, SaysWhatWinsOverIt) {
  Rule rule = Like("hotline.answer", Date::Of(2026, 3, 11));
  rule.key = "slow.answer";
  rule.priority = 0;
  // The general rule, and those that are more particular anyway.
  EXPECT_EQ(Of(rule).outranks,
            (std::vector<std::string>{"correction.answer", "hotline.answer", "information.answer", "privacy.answer"}));
}

TEST(RulePreview, ARepealedKeySetsNoTermFromItsDay) {
  std::vector<Rule> rules = Shipped().rules;
  Rule repeal = Like("hotline.answer", Date::Of(2026, 3, 11));
  repeal.is_repealed = true;
  rules.push_back(repeal);
  const Case before{.step = "answer", .kind = "help", .on = Date::Of(2026, 3, 10)};
  const Case after{.step = "answer", .kind = "help", .on = Date::Of(2026, 3, 11)};
  ASSERT_NE(Choose(rules, before), nullptr);
  EXPECT_EQ(Choose(rules, before)->key, "hotline.answer");
  EXPECT_TRUE(Choose(rules, after) == nullptr || Choose(rules, after)->key != "hotline.answer");
  EXPECT_EQ(FindRule(rules, "hotline.answer", Date::Of(2026, 3, 11)), nullptr);
  EXPECT_NE(FindRule(rules, "hotline.answer", Date::Of(2026, 3, 10)), nullptr);
}

}  // namespace
}  // namespace huiyin::terms
