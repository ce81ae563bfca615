// SPDX-License-Identifier: EUPL-1.2
#include "core/json.h"

#include <gtest/gtest.h>

#include <map>

#include "core/problem.h"

namespace huiyin {
namespace {

constexpr County kCounty{990101};

TEST(Fields, NamesEveryBadFieldAtOnce) {
  const auto body = ParseJsonObject(
      R"({"text":5,"due":"2026-02-30","n":99,"asks":[{"text":""},{"text":"ok"},7],"unit_id":"x"})"
  );
  Fields fields(body, kCounty);
  fields.NeedText("text", 10);
  fields.Day("due");
  fields.Int("n", 0, 5);
  fields.Each("asks", 5, [](Fields& ask) { ask.NeedText("text", 5); });
  fields.NeedRef<UnitId>("unit_id");
  fields.NeedText("missing", 5);
  try {
    fields.Done();
    FAIL() << "nothing was refused";
  } catch (const Problem& problem) {
    EXPECT_EQ(problem.status, 422);
    std::vector<std::string> named;
    for (const auto& error : problem.errors) named.push_back(error.field + ":" + error.code);
    EXPECT_EQ(named, (std::vector<std::string>{
        "text:wrong_type", "due:not_a_date", "n:out_of_range", "asks[0].text:required",
        "asks[2]:wrong_type", "unit_id:not_an_id", "missing:required"}));
  }
}

TEST(Fields, TakesAnIdOfThisCountyOnly) {
  const auto body = ParseJsonObject(
      R"({"a":"990101-0192f3a4-7c1e-7abc-8def-0123456789ab","b":"0192f3a4-7c1e-7abc-8def-0123456789ab",
          "c":"510104-0192f3a4-7c1e-7abc-8def-0123456789ab"})"
  );
  Fields fields(body, kCounty);
  EXPECT_TRUE(fields.Ref<UnitId>("a"));
  EXPECT_EQ(*fields.Ref<UnitId>("a"), *fields.Ref<UnitId>("b"));
  EXPECT_NO_THROW(fields.Done());
  EXPECT_FALSE(fields.Ref<UnitId>("c"));
  EXPECT_THROW(fields.Done(), Problem);
}

// The parser makes no number of it; it must not become one on the way to a whole number.
TEST(Fields, TakesNoWholeNumberFromWhatIsNone) {
  for (const char* number : {"0e400", "-0e999", "1e300", "0.5", "9007199254740993e9"}) {
    const auto body = ParseJsonObject(std::string(R"({"n":)") + number + "}");
    Fields fields(body, kCounty);
    EXPECT_FALSE(fields.Int("n", INT64_MIN, INT64_MAX)) << number;
  }
  const auto body = ParseJsonObject(R"({"n":12.0,"m":-3e2})");
  Fields fields(body, kCounty);
  EXPECT_EQ(fields.Int("n", 0, 20), 12);
  EXPECT_EQ(fields.Int("m", -300, 0), -300);
}

TEST(Json, RefusesWhatIsNotJson) {
  EXPECT_THROW(ParseJson("{"), Problem);
  EXPECT_THROW(ParseJson("\"\xFF\""), Problem);
  EXPECT_THROW(ParseJson(std::string(40, '[') + std::string(40, ']')), Problem);
  EXPECT_THROW(ParseJsonObject("[]"), Problem);
  EXPECT_NO_THROW(ParseJsonObject(""));
}

// Wherever it stands, and whatever stands around it.
TEST(JsonWriter, EscapesAtEveryPlace) {
  for (const std::string& around : {std::string("abc"), std::string("清水镇"), std::string("\xff\x80\x7f!#[]")}) {
    for (const auto& [plain, escaped] : std::map<std::string, std::string>{
             {"\"", "\\\""}, {"\\", "\\\\"}, {"\n", "\\n"}, {"\x1f", "\\u001f"}}) {
      for (int before = 0; before < 20; ++before) {
        std::string text, expected;
        for (int i = 0; i < before; ++i) text += around[static_cast<size_t>(i) % around.size()];
        expected = "\"" + text + escaped + around + escaped + "\"";
        text += plain + around + plain;
        JsonWriter w(kCounty);
        w.Value(text);
        EXPECT_EQ(w.Take(), expected);
      }
    }
  }
}

TEST(JsonWriter, WritesNumbersAndMoments) {
  JsonWriter w(kCounty);
  w.BeginArray().Value(INT64_MIN).Value(INT64_MAX).Value(int64_t{0}).Value(Instant{-1}).Value(Instant{1'764'000'000'007});
  w.Value(Date{0}).Value(Date{-1}).EndArray();
  EXPECT_EQ(w.Take(), "[-9223372036854775808,9223372036854775807,0,\"1969-12-31T23:59:59.999Z\","
                      "\"2025-11-24T16:00:00.007Z\",\"1970-01-01\",\"1969-12-31\"]");
}

TEST(JsonWriter, EscapesAndAlternates) {
  JsonWriter w(kCounty);
  w.BeginObject().Field("a", "x\"\\\n\x01").Field("n", -5).Field("ok", true);
  w.Key("list").BeginArray().Value(1).Value("二").BeginObject().EndObject().EndArray();
  w.OptField("none", std::optional<int64_t>()).Field("at", Instant{0}).EndObject();
  EXPECT_EQ(
      w.Take(),
      R"({"a":"x\"\\\n\u0001","n":-5,"ok":true,"list":[1,"二",{}],"at":"1970-01-01T00:00:00.000Z"})"
  );
}

}  // namespace
}  // namespace huiyin
