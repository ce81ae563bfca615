// SPDX-License-Identifier: EUPL-1.2
#include "modules/terms/rule.h"

#include <fmt/format.h>

#include <algorithm>

#include "modules/terms/testing.h"

namespace huiyin::terms {
namespace {

constexpr std::string_view kHead =
    "key,version_from,kind,category,channel,region,step,amount,unit,extends_by,approval,pauses,"
    "article,text_zh,text_en,priority\n";

RulesReading Read(std::string_view rows) {
  return ReadRules(std::string(kHead) + std::string(rows));
}

// A rule that answers within `amount` working days.
Rule Answer(std::string key, int amount) {
  return {.key = std::move(key),
          .version_from = D("2016-01-01"),
          .step = "answer",
          .amount = amount,
          .unit = Unit::kWorkingDay};
}

const Case kCase{"answer", "help", "land.lease", "phone", "990101001", D("2024-05-01")};

std::string Chosen(const std::vector<Rule>& rules, const Case& wanted = kCase) {
  const Rule* rule = Choose(rules, wanted);
  return rule == nullptr ? "none" : rule->key;
}

TEST(RuleTable, ReadsEveryColumn) {
  const auto reading = Read(
      "p.answer,2022-05-01,complaint;help,land.,phone;web,9901,answer,60,calendar_day,p.extend,0,"
      "hearing,第三十四条,\"六十日,内\",Within 60 days.,7\n"
      "p.extend,2022-05-01,all,,,,extend,30,calendar_day,,1,,第三十四条,三十日,30 days.,\n");
  ASSERT_EQ(reading.errors.size(), 0U);
  ASSERT_EQ(reading.rules.size(), 2U);
  const Rule& rule = reading.rules[0];
  EXPECT_EQ(rule.kinds, (std::vector<std::string>{"complaint", "help"}));
  EXPECT_EQ(rule.category, "land");
  EXPECT_EQ(rule.channels, (std::vector<std::string>{"phone", "web"}));
  EXPECT_EQ(rule.region, "9901");
  EXPECT_EQ(rule.amount, 60);
  EXPECT_EQ(rule.unit, Unit::kCalendarDay);
  EXPECT_EQ(rule.extends_by, "p.extend");
  EXPECT_FALSE(rule.needs_approval);
  EXPECT_EQ(rule.pauses, (std::vector<std::string>{"hearing"}));
  EXPECT_EQ(rule.text_zh, "六十日,内");
  EXPECT_EQ(rule.priority, 7);
  EXPECT_TRUE(reading.rules[1].needs_approval);
  EXPECT_EQ(reading.rules[1].kinds.size(), 0U);
}

TEST(RuleTable, TellsEveryMistakeWithItsRowAndColumn) {
  struct Mistake {
    std::string_view row;
    std::string_view column;
    std::string_view code;
  };
  const std::vector<Mistake> mistakes = {
      {",2022-05-01,all,,,,answer,5,hour,,0,,a,b,c,1", "key", "required"},
      {"Big Key,2022-05-01,all,,,,answer,5,hour,,0,,a,b,c,1", "key", "not_a_code"},
      {"k,2022-02-29,all,,,,answer,5,hour,,0,,a,b,c,1", "version_from", "not_a_date"},
      {"k,2022-05-01,,,,,answer,5,hour,,0,,a,b,c,1", "kind", "required"},
      {"k,2022-05-01,plea,,,,answer,5,hour,,0,,a,b,c,1", "kind", "unknown_value"},
      {"k,2022-05-01,all,地,,,answer,5,hour,,0,,a,b,c,1", "category", "not_a_code"},
      {"k,2022-05-01,all,,fax,,answer,5,hour,,0,,a,b,c,1", "channel", "unknown_value"},
      {"k,2022-05-01,all,,,99010,answer,5,hour,,0,,a,b,c,1", "region", "not_an_area_code"},
      {"k,2022-05-01,all,,,,,5,hour,,0,,a,b,c,1", "step", "required"},
      {"k,2022-05-01,all,,,,answer,0,hour,,0,,a,b,c,1", "amount", "out_of_range"},
      {"k,2022-05-01,all,,,,answer,-5,hour,,0,,a,b,c,1", "amount", "out_of_range"},
      {"k,2022-05-01,all,,,,answer,5.5,hour,,0,,a,b,c,1", "amount", "out_of_range"},
      {"k,2022-05-01,all,,,,answer,3661,working_day,,0,,a,b,c,1", "amount", "out_of_range"},
      {"k,2022-05-01,all,,,,answer,99999999999,hour,,0,,a,b,c,1", "amount", "out_of_range"},
      {"k,2022-05-01,all,,,,answer,5,week,,0,,a,b,c,1", "unit", "unknown_value"},
      {"k,2022-05-01,all,,,,answer,5,hour,gone,0,,a,b,c,1", "extends_by", "unknown_rule"},
      {"k,2022-05-01,all,,,,answer,5,hour,k,0,,a,b,c,1", "extends_by", "unknown_rule"},
      {"k,2022-05-01,all,,,,answer,5,hour,,yes,,a,b,c,1", "approval", "out_of_range"},
      {"k,2022-05-01,all,,,,answer,5,hour,,0,A b,a,b,c,1", "pauses", "not_a_code"},
      {"k,2022-05-01,all,,,,answer,5,hour,,0,,,b,c,1", "article", "required"},
      {"k,2022-05-01,all,,,,answer,5,hour,,0,,a,,c,1", "text_zh", "required"},
      {"k,2022-05-01,all,,,,answer,5,hour,,0,,a,b,,1", "text_en", "required"},
      {"k,2022-05-01,all,,,,answer,5,hour,,0,,a,b,c,x", "priority", "out_of_range"},
  };
  for (const Mistake& mistake : mistakes) {
    const auto errors = Read(mistake.row).errors;
    ASSERT_EQ(errors.size(), 1U) << mistake.row;
    EXPECT_EQ(errors[0].row, 2) << mistake.row;
    EXPECT_EQ(errors[0].column, mistake.column) << mistake.row;
    EXPECT_EQ(errors[0].code, mistake.code) << mistake.row;
  }
}

TEST(RuleTable, AKeyHasOneVersionADay) {
  const std::string_view row = "k,2022-05-01,all,,,,answer,5,hour,,0,,a,b,c,1\n";
  const auto errors = Read(std::string(row) + std::string(row)).errors;
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].row, 3);
  EXPECT_EQ(errors[0].code, "duplicate");
}

TEST(ChooseRule, TakesTheMoreSpecific) {
  const Rule plain = Answer("a.plain", 5);
  Rule region = Answer("b.region", 5);
  region.region = "9901";
  Rule channel = Answer("c.channel", 5);
  channel.channels = {"web", "phone"};
  Rule kind = Answer("d.kind", 5);
  kind.kinds = {"help"};
  Rule category = Answer("e.category", 5);
  category.category = "land";
  Rule deeper = Answer("f.deeper", 5);
  deeper.category = "land.lease";
  Rule urgent = Answer("g.urgent", 5);
  urgent.priority = 1;
  std::vector<Rule> rules;
  for (const Rule& next : {plain, region, channel, kind, category, deeper, urgent}) {
    rules.push_back(next);
    EXPECT_EQ(Chosen(rules), next.key);
    std::reverse(rules.begin(), rules.end());
    EXPECT_EQ(Chosen(rules), next.key) << "the order of the table must not matter";
  }
}

TEST(ChooseRule, PassesOverWhatDoesNotFit) {
  Rule rule = Answer("a", 5);
  EXPECT_EQ(Chosen({rule}), "a");
  rule.step = "accept";
  EXPECT_EQ(Chosen({rule}), "none");
  rule = Answer("a", 5);
  rule.kinds = {"complaint"};
  EXPECT_EQ(Chosen({rule}), "none");
  rule = Answer("a", 5);
  rule.category = "lan";
  EXPECT_EQ(Chosen({rule}), "none") << "a category is matched by whole parts";
  rule = Answer("a", 5);
  rule.channels = {"web"};
  EXPECT_EQ(Chosen({rule}), "none");
  rule = Answer("a", 5);
  rule.region = "9902";
  EXPECT_EQ(Chosen({rule}), "none");
  rule = Answer("a", 5);
  rule.version_from = D("2024-05-02");
  EXPECT_EQ(Chosen({rule}), "none");
  rule = Answer("a", 5);
  rule.is_by_key_only = true;
  EXPECT_EQ(Chosen({rule}), "none");
}

TEST(ChooseRule, ANewVersionHoldsFromItsDayOn) {
  const Rule old_version = Answer("a", 5);
  Rule new_version = Answer("a", 3);
  new_version.version_from = D("2024-05-01");
  const std::vector<Rule> rules = {new_version, old_version};
  Case wanted = kCase;
  EXPECT_EQ(Choose(rules, wanted)->amount, 3);
  wanted.on = D("2024-04-30");
  EXPECT_EQ(Choose(rules, wanted)->amount, 5);
  EXPECT_EQ(FindRule(rules, "a", D("2024-04-30"))->amount, 5);
  EXPECT_EQ(FindRule(rules, "a", D("2015-12-31")), nullptr);
}

TEST(ChooseRule, AnOldVersionDoesNotComeBackWhereTheNewOneIsNarrower) {
  const Rule old_version = Answer("a", 5);
  Rule new_version = Answer("a", 3);
  new_version.version_from = D("2024-01-01");
  new_version.kinds = {"complaint"};
  EXPECT_EQ(Chosen({old_version, new_version}), "none");
}

TEST(ChooseRule, ATieGoesToTheNewerThenToTheFirstKey) {
  Rule newer = Answer("z", 5);
  newer.version_from = D("2020-01-01");
  EXPECT_EQ(Chosen({Answer("b", 5), Answer("a", 5)}), "a");
  EXPECT_EQ(Chosen({Answer("b", 5), newer, Answer("a", 5)}), "z");
}

TEST(ShippedRules, AnswerTheUsualCases) {
  struct Row {
    Case wanted;
    std::string_view key;
  };
  const Date on = D("2026-03-02");
  const std::vector<Row> rows = {
      {{"answer", "help", "", "phone", "990101001", on}, "hotline.answer"},
      {{"answer", "complaint", "", "visit", "990101001", on}, "petition.answer"},
      {{"answer", "dispute", "", "visit", "990101001", on}, "mediation.conclude"},
      {{"answer", "question", "service.information", "web", "990101", on}, "information.answer"},
      {{"answer", "complaint", "register.correction", "web", "990101", on}, "correction.answer"},
      {{"final_review", "complaint", "", "web", "990101", on}, "petition.final_review"},
      {{"judge", "praise", "", "web", "990101", on}, "judge.default"},
  };
  for (const Row& row : rows) {
    const Rule* rule = Choose(ShippedData().rules, row.wanted);
    ASSERT_NE(rule, nullptr) << row.key;
    EXPECT_EQ(rule->key, row.key);
  }
}

}  // namespace
}  // namespace huiyin::terms
