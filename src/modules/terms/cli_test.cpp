// SPDX-License-Identifier: EUPL-1.2
#include "modules/terms/cli.h"

#include <unistd.h>

#include "core/json.h"
#include "modules/terms/due_json.h"
#include "modules/terms/testing.h"

namespace huiyin::terms {
namespace {

struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

Ran Explain(std::string_view key, std::string_view from, bool is_json = false) {
  Ran ran;
  ran.code = TermsExplain({DataDir(), kChina, is_json}, key, from, ran.out, ran.err);
  return ran;
}

TEST(TermsExplain, PrintsTheWorkingAsJson) {
  const Ran ran = Explain("hotline.answer", "2020-01-20T16:30", true);
  ASSERT_EQ(ran.code, 0) << ran.err;
  const json::object all = json::parse(ran.out).as_object();
  EXPECT_EQ(all.at("rule").as_string(), "hotline.answer");
  EXPECT_EQ(all.at("from").as_string(), "2020-01-20T08:30:00.000Z");
  EXPECT_EQ(all.at("due").as_string(), "2020-02-04T15:59:59.999Z");
  EXPECT_EQ(all.at("due_local").as_string(), "2020-02-04 23:59");
  EXPECT_EQ(all.at("due_date").as_string(), "2020-02-04");
  const json::object& working = all.at("working").as_object();
  EXPECT_EQ(working.at("first_day").as_string(), "2020-01-21");
  EXPECT_EQ(working.at("unit").as_string(), "working_day");
  EXPECT_EQ(working.at("amount").as_int64(), 5);
  EXPECT_EQ(json::serialize(working.at("counted")),
            R"(["2020-01-21","2020-01-22","2020-01-23","2020-02-03","2020-02-04"])");
  EXPECT_EQ(working.at("skipped").as_array().size(), 10U);
  EXPECT_EQ(working.at("skipped").at(7).at("why").as_string(), "holiday 春节");
  EXPECT_EQ(working.at("calendar_unknown").as_array().size(), 0U);
  EXPECT_FALSE(working.contains("moved_to"));
}

TEST(TermsExplain, SaysWhatMovedAndWhatIsNotKnown) {
  const Ran moved = Explain("judge.default", "2020-01-16", true);
  const json::value working = json::parse(moved.out).at("working");
  EXPECT_EQ(working.at("moved_to").as_string(), "2020-02-03");
  EXPECT_EQ(working.at("moved_because").as_string(), "holiday 春节");
  const Ran unknown = Explain("hotline.answer", "2090-01-01", true);
  EXPECT_EQ(json::serialize(json::parse(unknown.out).at("working").at("calendar_unknown")),
            "[2090]");
}

TEST(TermsExplain, PrintsForPeopleToo) {
  const Ran ran = Explain("hotline.answer", "2020-01-20");
  ASSERT_EQ(ran.code, 0);
  EXPECT_NE(ran.out.find("due      2020-02-04 23:59"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("2020-01-31  holiday 春节"), std::string::npos) << ran.out;
  const Ran hour = Explain("dispute.group_report", "2020-12-31T23:30");
  EXPECT_NE(hour.out.find("due      2021-01-01 00:30"), std::string::npos) << hour.out;
}

TEST(TermsExplain, AnswersWrongInputWithItsReason) {
  struct Row {
    std::string_view key;
    std::string_view from;
    std::string_view says;
  };
  const std::vector<Row> rows = {
      {"no.such", "2020-01-20", "there is no rule 'no.such'"},
      {"", "2020-01-20", "there is no rule ''"},
      {"hotline.answer", "2020-02-30", "'2020-02-30' is not a local date"},
      {"hotline.answer", "2020-01-20T24:00", "is not a local date"},
      {"hotline.answer", "", "is not a local date"},
      {"reconsideration.accept", "2023-12-31", "holds from 2024-01-01, not yet on 2023-12-31"},
  };
  for (const Row& row : rows) {
    const Ran ran = Explain(row.key, row.from, true);
    EXPECT_EQ(ran.code, 2) << row.key;
    EXPECT_EQ(ran.out, "");
    EXPECT_NE(ran.err.find(row.says), std::string::npos) << ran.err;
  }
}

TEST(TermsList, NamesTheRulesAndTheYears) {
  Ran text;
  ASSERT_EQ(TermsList({DataDir(), kChina, false}, text.out, text.err), 0) << text.err;
  EXPECT_NE(text.out.find("petition.answer"), std::string::npos);
  EXPECT_NE(text.out.find("2025 2026"), std::string::npos);
  Ran ran;
  ASSERT_EQ(TermsList({DataDir(), kChina, true}, ran.out, ran.err), 0);
  const json::value all = json::parse(ran.out);
  EXPECT_EQ(all.at("items").as_array().size(), ShippedData().rules.size());
}

TEST(TermsList, TellsEveryMistakeOfTheTables) {
  namespace fs = std::filesystem;
  const fs::path dir = fs::path(testing::TempDir()) / fmt::format("terms_cli_{}", ::getpid());
  Ran ran;
  EXPECT_EQ(TermsList({dir, kChina, false}, ran.out, ran.err), 2);
  EXPECT_NE(ran.err.find("terms/rules.csv: missing_file"), std::string::npos) << ran.err;
  fs::create_directories(dir / "terms");
  fs::create_directories(dir / "calendar");
  std::ofstream(dir / "terms/rules.csv") << "key,amount\nk,5\n";
  std::ofstream(dir / "calendar/2020.csv") << "date,kind,name_zh,in_lieu\n2020-01-32,holiday,x,0\n";
  std::ofstream(dir / "calendar/next.csv") << "date,kind,name_zh,in_lieu\n";
  ran.err.clear();
  EXPECT_EQ(TermsList({dir, kChina, false}, ran.out, ran.err), 2);
  EXPECT_NE(ran.err.find("rules.csv:1: article: missing_column"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("2020.csv:2: date: not_a_date (2020-01-32)"), std::string::npos);
  EXPECT_NE(ran.err.find("next.csv: not_a_year"), std::string::npos);
  EXPECT_EQ(ran.out, "");
  fs::remove_all(dir);
}

TEST(WorkingJson, FitsTheContract) {
  const Working moved = DueAt(Days(15, Unit::kCalendarDay), At("2020-01-16"), Announced(), kChina);
  const json::value working = json::parse(WorkingJson(moved));
  EXPECT_EQ(working.at("unit").as_string(), "calendar_days");
  EXPECT_EQ(working.at("days").as_int64(), 15);
  EXPECT_FALSE(working.at("estimated").as_bool());
  EXPECT_EQ(json::serialize(working.at("skipped")),
            R"([{"date":"2020-01-16","why":"start"},)"
            R"({"date":"2020-01-31","why":"rest_day_at_end","name":"春节"},)"
            R"({"date":"2020-02-01","why":"rest_day_at_end","name":"春节"},)"
            R"({"date":"2020-02-02","why":"rest_day_at_end","name":"春节"}])");
  const Working made_up = DueAt(Days(2, Unit::kWorkingDay), At("2020-09-25"), Announced(), kChina);
  EXPECT_EQ(json::serialize(json::parse(WorkingJson(made_up)).at("counted")),
            R"([{"date":"2020-09-27","makeup":true},{"date":"2020-09-28"}])");
}

}  // namespace
}  // namespace huiyin::terms
