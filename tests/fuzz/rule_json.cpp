// SPDX-License-Identifier: EUPL-1.2
// A rule and a calendar as an administrator's form sends them.
#include "core/problem.h"
#include "modules/terms/rule_json.h"
#include "tests/fuzz/fuzz.h"

namespace huiyin::fuzz {

void Try(std::string_view input) {
  try {
    const json::object object = ParseJsonObject(input);
    try {
      Fields in(object, County{990101});
      const auto said = terms::ReadRuleInput(in);
      in.Done();
      Expect(said.rule.amount >= 1 && said.rule.amount <= 3650, "a term has a length");
      Expect(!said.rule.key.empty() && !said.rule.step.empty() && !said.rule.article.empty(), "a rule is complete");
    } catch (const Problem& problem) {
      Expect(problem.status == 422 && !problem.errors.empty(), "a bad rule names its fields");
    }
    Fields in(object, County{990101});
    const auto year = terms::ReadCalendarInput(in, 2026);
    in.Done();
    for (const auto& day : year.days) Expect(day.date.Year() == 2026, "a day is of its year");
  } catch (const Problem& problem) {
    Expect(problem.status == 400 || problem.status == 422, "a bad body is the client's mistake");
  }
}

}  // namespace huiyin::fuzz
