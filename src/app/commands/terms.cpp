// SPDX-License-Identifier: EUPL-1.2
#include <cstdio>

#include "app/commands.h"
#include "modules/terms/cli.h"

namespace huiyin::app {
namespace {

int Show(int code, const std::string& out, const std::string& err) {
  std::fputs(out.c_str(), stdout);
  std::fputs(err.c_str(), stderr);
  return code;
}

int List(std::span<const std::string> args) {
  const Arguments arguments(args, {"json!", "rules"});
  std::string out;
  std::string err;
  const int code = terms::TermsList({.data = arguments.Get("rules").value_or(ShippedData().string()), .zone = Zone{},
                                     .is_json = arguments.Flag("json")}, out, err);
  return Show(code, out, err);
}

int Explain(std::span<const std::string> args) {
  const Arguments arguments(args, {"json!", "rules"});
  if (arguments.words().size() != 2) throw Usage("a rule and a date are needed");
  std::string out;
  std::string err;
  const int code = terms::TermsExplain({.data = arguments.Get("rules").value_or(ShippedData().string()), .zone = Zone{},
                                        .is_json = arguments.Flag("json")},
                                       arguments.words()[0], arguments.words()[1], out, err);
  return Show(code, out, err);
}

}  // namespace

extern const Command kTermsList;
extern const Command kTermsExplain;
const Command kTermsList = {
    "terms list", "list the rules of law that terms are counted by",
    R"(huiyin terms list [--json] [--rules DIR]

  --rules DIR  a folder with terms/rules.csv and calendar/YYYY.csv (the shipped ones))",
    List};
const Command kTermsExplain = {
    "terms explain", "show how a due date is counted",
    R"(huiyin terms explain RULE LOCAL-DATE[THH:MM] [--json] [--rules DIR]

  RULE        a key of `huiyin terms list`, such as hotline.answer
  LOCAL-DATE  when the term starts, such as 2020-01-22 or 2020-01-22T16:30)",
    Explain};

}  // namespace huiyin::app
