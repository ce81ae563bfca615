// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class TermsApi : public Town {};

constexpr std::string_view kNewRule = R"({
  "key": "hotline.answer", "step": "answer", "holds_from": "2026-03-01",
  "kinds": ["help", "question"], "term": {"days": 3, "unit": "working_days"},
  "extended_by": "hotline.extend", "article": "本县办法第二条",
  "text_zh": "三个工作日内答复您。", "text_en": "Answered within three working days."})";

TEST_F(TermsApi, ShippedRulesHoldFromTheStart) {
  const Answer list = Get("wangfang", "/api/v1/rules?key=hotline.answer");
  ASSERT_EQ(list.status, 200) << list.text;
  EXPECT_EQ(list.At("items.0.term.days"), "5");
  EXPECT_EQ(list.At("items.0.term.unit"), "working_days");
  const Answer working = Get("wangfang", "/api/v1/rules/hotline.answer/explanation?from=2026-03-11T10:00");
  ASSERT_EQ(working.status, 200) << working.text;
  // Wednesday; Thursday, Friday, Monday, Tuesday, Wednesday count.
  EXPECT_EQ(working.At("due_at"), "2026-03-18T15:59:59.999Z");
  EXPECT_EQ(working.Count("working.counted"), 5u);
}

TEST_F(TermsApi, AVersionOfTheCountysOwnHoldsFromItsDayOn) {
  ASSERT_EQ(Post("admin", "/api/v1/rules", kNewRule).status, 201);
  const Answer list = Get("wangfang", "/api/v1/rules?key=hotline.answer");
  ASSERT_EQ(list.Count("items"), 2u);
  EXPECT_EQ(list.At("items.0.holds_until"), "2026-02-28");
  EXPECT_EQ(Get("wangfang", "/api/v1/rules/hotline.answer/explanation?from=2026-03-11").At("due_at"),
            "2026-03-16T15:59:59.999Z");
  EXPECT_EQ(Get("wangfang", "/api/v1/rules/hotline.answer/explanation?from=2026-02-25").At("holds_from"),
            "2000-01-01");
  EXPECT_EQ(Post("admin", "/api/v1/rules", kNewRule).status, 409);
}

TEST_F(TermsApi, AVersionStandsWhereTheOneBeforeItStood) {
  const std::string before = Get("wangfang", "/api/v1/rules?key=hotline.answer").At("items.0.priority");
  EXPECT_EQ(Post("admin", "/api/v1/rules", kNewRule).At("priority"), before);
}

TEST_F(TermsApi, APreviewShowsTheChangeAndWritesNothing) {
  const Answer preview = Post("admin", "/api/v1/rules/preview", kNewRule);
  ASSERT_EQ(preview.status, 200) << preview.text;
  EXPECT_EQ(preview.At("replaces.term.days"), "5");
  EXPECT_EQ(preview.At("rule.term.days"), "3");
  // From Sunday 1 March: five working days end on Friday, three on Wednesday.
  EXPECT_EQ(preview.At("samples.0.due_before"), "2026-03-06");
  EXPECT_EQ(preview.At("samples.0.due_after"), "2026-03-04");
  EXPECT_EQ(preview.At("running"), "0");
  EXPECT_EQ(Get("wangfang", "/api/v1/rules?key=hotline.answer").Count("items"), 1u);
  EXPECT_EQ(Post("wangfang", "/api/v1/rules/preview", kNewRule).status, 403);
  EXPECT_EQ(Post("admin", "/api/v1/rules/preview", "{}").status, 422);
}

TEST_F(TermsApi, ARunningMatterKeepsARepealedRule) {
  const Answer taken = Post("zhaomin", "/api/v1/matters", R"({"text": "路灯不亮", "area_code": "990101101001"})");
  ASSERT_EQ(taken.status, 201) << taken.text;
  EXPECT_EQ(Post("admin", "/api/v1/rules/preview", kNewRule).At("running"), "1");
  constexpr std::string_view kRepeal = R"({"holds_from": "2026-03-10", "article": "本县办法废止"})";
  EXPECT_EQ(Post("liuyi", "/api/v1/rules/hotline.answer/repeal", kRepeal).status, 403);
  EXPECT_EQ(Post("admin", "/api/v1/rules/no.such/repeal", kRepeal).status, 404);
  EXPECT_EQ(Post("admin", "/api/v1/rules/hotline.answer/repeal", R"({"holds_from": "x"})").Errors(),
            (std::vector<std::string>{"holds_from:not_a_date", "article:required"}));
  const Answer repealed = Post("admin", "/api/v1/rules/hotline.answer/repeal", kRepeal);
  ASSERT_EQ(repealed.status, 201) << repealed.text;
  EXPECT_EQ(repealed.At("repealed"), "true");
  EXPECT_EQ(Get("wangfang", "/api/v1/rules/hotline.answer/explanation?from=2026-03-11").status, 404);
  EXPECT_EQ(Get("wangfang", "/api/v1/rules/hotline.answer/explanation?from=2026-03-09").status, 200);
  EXPECT_EQ(Get("zhaomin", "/api/v1/matters/" + taken.At("id")).At("clock.rule"), "hotline.answer");
  // Where no rule is left a matter still gets a term: one without a clock would be lost.
  const Answer next = Post("zhaomin", "/api/v1/matters", R"({"text": "又不亮了", "area_code": "990101101001"})");
  EXPECT_FALSE(next.At("clock.due_at").empty()) << next.text;
}

TEST_F(TermsApi, OnlyTheAdministratorChangesThem) {
  EXPECT_EQ(Post("wangfang", "/api/v1/rules", kNewRule).status, 403);
  EXPECT_EQ(Post("", "/api/v1/rules", kNewRule).status, 401);
  EXPECT_EQ(Call("liuyi", "PUT", "/api/v1/calendars/2027", "{}").status, 403);
}

TEST_F(TermsApi, ARuleNamesEveryMistake) {
  const Answer refused = Post("admin", "/api/v1/rules",
                              R"({"key": "A B", "step": "answer", "holds_from": "2026-02-30", "kinds": ["wish"],
                                  "term": {"days": 0, "unit": "weeks"}, "extended_by": "no.such"})");
  EXPECT_EQ(refused.status, 422);
  const auto errors = refused.Errors();
  for (const char* error : {"key:not_a_code", "holds_from:not_a_date", "kinds:unknown_value", "term.days:out_of_range",
                            "term.unit:unknown_value", "article:required", "extended_by:unknown_rule"}) {
    EXPECT_NE(std::find(errors.begin(), errors.end(), error), errors.end()) << error << " in " << refused.text;
  }
}

TEST_F(TermsApi, AYearIsLoadedAndReplaced) {
  const Answer unknown = Get("wangfang", "/api/v1/calendars/2027");
  ASSERT_EQ(unknown.status, 200);
  EXPECT_EQ(unknown.At("known"), "false");
  const std::string year = R"({"holidays": [{"date": "2027-01-01", "name": "元旦"}],
                               "makeup_workdays": [{"date": "2027-01-03", "name": "元旦"}], "source": "国办发明电"})";
  const Answer put = Call("admin", "PUT", "/api/v1/calendars/2027", year);
  ASSERT_EQ(put.status, 200) << put.text;
  EXPECT_EQ(put.At("known"), "true");
  EXPECT_EQ(put.At("revision"), "1");
  EXPECT_EQ(Call("admin", "PUT", "/api/v1/calendars/2027", year, {"If-Match: \"7\""}).status, 412);
  EXPECT_EQ(Call("admin", "PUT", "/api/v1/calendars/2027", year, {"If-Match: \"1\""}).At("revision"), "2");
  EXPECT_EQ(Call("admin", "PUT", "/api/v1/calendars/2027",
                 R"({"holidays": [{"date": "2026-01-01", "name": "x"}], "makeup_workdays": [{"date": "2027-01-04", "name": "x"}]})")
                .Errors(),
            (std::vector<std::string>{"holidays[0].date:wrong_year", "makeup_workdays[0].date:not_a_weekend"}));
  EXPECT_EQ(Call("admin", "PUT", "/api/v1/calendars/2027", R"({"holidays": [], "makeup_workdays": []})").status, 422);
}

}  // namespace
}  // namespace huiyin::testing
