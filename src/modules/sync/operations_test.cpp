// SPDX-License-Identifier: EUPL-1.2
#include "modules/sync/operations.h"

#include <gtest/gtest.h>

#include "core/problem.h"
#include "modules/sync/changes.h"

namespace huiyin::sync {
namespace {

constexpr const char* kId = "0192f3a4-7c1e-7abc-8def-0123456789ab";

std::string ErrorsOf(const std::string& text) {
  try {
    ReadOperations(json::parse(text).as_object(), County{990101});
    return "";
  } catch (const Problem& problem) {
    std::string all;
    for (const FieldError& error : problem.errors) all += error.field + ":" + error.code + " ";
    return all;
  }
}

TEST(Operations, EveryWrongFieldIsNamed) {
  const auto one = [](const std::string& more) { return R"({"operations":[{"id":")" + std::string(kId) + "\"," + more + "}]}"; };
  struct Case {
    std::string text;
    const char* errors;
  };
  for (const Case& each : {
           Case{"{}", "operations:required "},
           Case{R"({"operations":[]})", ""},
           Case{R"({"operations":[{}]})", "operations[0].id:required operations[0].method:required operations[0].path:required "},
           Case{one(R"("method":"GET","path":"/x")"), "operations[0].method:unknown_value "},
           Case{one(R"("method":"POST","path":"/x","body":[1])"), "operations[0].body:wrong_type "},
           Case{one(R"("method":"POST","path":"/x","if_match":-1)"), "operations[0].if_match:out_of_range "},
           Case{one(R"("method":"POST","path":"/x","body":{"a":1},"if_match":3,"at":"2026-03-11T10:00:00Z")"), ""},
           Case{R"({"operations":[{"id":")" + std::string(kId) + R"(","method":"POST","path":"/x"},{"id":")" + kId + R"(","method":"POST","path":"/x"}]})",
                "operations[1].id:twice "},
       }) {
    EXPECT_EQ(ErrorsOf(each.text), each.errors) << each.text;
  }
  std::string many = R"({"operations":[)";
  for (int i = 0; i < 51; ++i) many += "{},";
  many.back() = ']';
  EXPECT_NE(ErrorsOf(many + "}").find("operations:"), std::string::npos);
}

TEST(Operations, BecomeTheRequestTheDeskWouldSend) {
  const Part part = PartOf({.id = ParseUuid(kId).value(), .record = "r", .claimed_at = {}, .method = "PATCH",
                            .path = "/api/v1/residents/x?reason=a%20b", .if_match = 7, .body = json::parse(R"({"a":1})")});
  EXPECT_EQ(part.record, "r");
  EXPECT_EQ(part.request.method, "PATCH");
  EXPECT_EQ(part.request.path, "/api/v1/residents/x");
  EXPECT_EQ(part.request.Query("reason"), "a b");
  EXPECT_EQ(part.request.Header("if-match"), "7");
  EXPECT_EQ(part.request.Header("idempotency-key"), kId);
  EXPECT_EQ(part.request.body, R"({"a":1})");
  // A path that is none leads nowhere.
  for (const char* path : {"x", "/a/../b", "/%zz", "http://elsewhere/"}) {
    EXPECT_EQ(PartOf({.id = {}, .record = "", .claimed_at = {}, .method = "POST", .path = path, .if_match = {}, .body = {}}).request.path, "/") << path;
  }
}

TEST(Cursors, ComeBackAsTheyWereAndNothingElseIsOne) {
  const Cursor cursor{.since = 12, .until = 345, .after = *ParseUuid(kId)};
  const Cursor again = ReadCursor(WriteCursor(cursor));
  EXPECT_EQ(again.since, 12);
  EXPECT_EQ(again.until, 345);
  EXPECT_EQ(again.after, cursor.after);
  EXPECT_EQ(ReadCursor(WriteCursor({})).until, -1);
  for (const char* text : {"", "x", "MTI", "MTIgMzQ1IA"}) EXPECT_THROW(ReadCursor(text), Problem) << text;
}

}  // namespace
}  // namespace huiyin::sync
