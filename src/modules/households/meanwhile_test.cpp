// SPDX-License-Identifier: EUPL-1.2
#include "modules/households/meanwhile.h"

#include <gtest/gtest.h>

namespace huiyin::households {
namespace {

std::string ClashesOf(std::string_view body, std::string_view base, std::string_view now, std::string_view asked) {
  const auto read = [](std::string_view text) { return json::parse(text).as_object(); };
  std::string all;
  for (const Clash& clash : Clashes(read(body), read(base), read(now), read(asked))) {
    all += clash.field + ": " + json::serialize(clash.seen) + " " + json::serialize(clash.now) + " " + json::serialize(clash.asked) + ";";
  }
  return all;
}

TEST(Meanwhile, OnlyTheSameFieldSetToSomethingElseIsAClash) {
  struct Case {
    const char* what;
    const char* body;
    const char* base;
    const char* now;
    const char* asked;
    const char* clashes;
  };
  for (const Case& each : {
           Case{"nobody changed it", R"({"rooms":4})", R"({"rooms":3})", R"({"rooms":3})", R"({"rooms":4})", ""},
           Case{"another field changed", R"({"rooms":4})", R"({"rooms":3})", R"({"rooms":3,"material":"brick"})", R"({"rooms":4,"material":"brick"})", ""},
           Case{"the same to the same", R"({"rooms":4})", R"({"rooms":3})", R"({"rooms":4})", R"({"rooms":4})", ""},
           Case{"the same to another", R"({"rooms":4})", R"({"rooms":3})", R"({"rooms":5})", R"({"rooms":4})", "rooms: 3 5 4;"},
           Case{"filled in by both", R"({"rooms":4})", R"({})", R"({"rooms":5})", R"({"rooms":4})", "rooms: null 5 4;"},
           Case{"emptied meanwhile", R"({"rooms":4})", R"({"rooms":3})", R"({})", R"({"rooms":4})", "rooms: 3 null 4;"},
           Case{"asked to be emptied, changed", R"({"rooms":null})", R"({"rooms":3})", R"({"rooms":5})", R"({})", "rooms: 3 5 null;"},
           Case{"emptied by both", R"({"rooms":null})", R"({"rooms":3})", R"({})", R"({})", ""},
           Case{"a field whose base was not sent", R"({"rooms":4})", R"({"material":"x"})", R"({"rooms":3})", R"({"rooms":4})", "rooms: null 3 4;"},
           Case{"an empty list and none", R"({"pets":["dog"]})", R"({"pets":[]})", R"({})", R"({"pets":["dog"]})", ""},
           Case{"fields of the county's own", R"({"custom":{"x":1,"y":2}})", R"({"custom":{"x":0,"y":0}})", R"({"custom":{"x":0,"y":3}})", R"({"custom":{"x":1,"y":2}})", "custom.y: 0 3 2;"},
           Case{"what is no field", R"({"visit_id":"v","base":{},"rooms":4})", R"({"rooms":3})", R"({"rooms":3})", R"({"rooms":4})", ""},
       }) {
    EXPECT_EQ(ClashesOf(each.body, each.base, each.now, each.asked), each.clashes) << each.what;
  }
}

TEST(Meanwhile, ABaseIsAnObject) {
  EXPECT_EQ(BaseOf(json::parse(R"({"rooms":1})").as_object()), nullptr);
  EXPECT_EQ(BaseOf(json::parse(R"({"base":null})").as_object()), nullptr);
  EXPECT_THROW(BaseOf(json::parse(R"({"base":[1]})").as_object()), Problem);
}

}  // namespace
}  // namespace huiyin::households
