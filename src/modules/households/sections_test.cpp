// SPDX-License-Identifier: EUPL-1.2
#include "modules/households/sections.h"

#include <gtest/gtest.h>

#include "core/problem.h"

namespace huiyin::households {
namespace {

constexpr County kCounty{990101};

// The section after the patch as JSON, or its refusals.
std::string Apply(std::string_view section, std::string_view before, std::string_view patch,
                  std::vector<CustomField> custom = {}) {
  const json::object was = json::parse(before).as_object();
  const json::object sent = json::parse(patch).as_object();
  Fields fields(sent, kCounty);
  const PatchWorld world{
      .custom = custom,
      .now = Instant{0},
      .new_id = [] { return Uuid{{1}}; },
      .officer_name = [](const Uuid&) { return std::optional<std::string>("王芳"); },
      .require_unprotected = [](std::string_view, std::string_view) {},
  };
  const json::object after = ApplyPatch(*FindSection(section), was, fields, world);
  try {
    fields.Done();
  } catch (const Problem& problem) {
    std::string refusals;
    for (const FieldError& error : problem.errors) refusals += error.field + ":" + error.code + " ";
    return refusals;
  }
  return json::serialize(after);
}

TEST(Sections, WhatIsLeftOutStaysAndNullEmpties) {
  EXPECT_EQ(Apply("housing", R"({"rooms":3,"note":"旧"})", R"({"note":null,"floor_m2":80})"), R"({"rooms":3,"floor_m2":80})");
  EXPECT_EQ(Apply("housing", R"({"note":"旧"})", R"({"note":"  "})"), "{}");
  EXPECT_EQ(Apply("housing", "{}", "{}"), "{}");
}

TEST(Sections, SumsAreMadeHere) {
  EXPECT_EQ(Apply("income", "{}", R"({"year":2025,"wages_fen":100,"other_fen":20})"),
            R"({"year":2025,"wages_fen":100,"other_fen":20,"total_fen":120})");
  EXPECT_EQ(Apply("income", R"({"wages_fen":100,"other_fen":20,"total_fen":120})", R"({"other_fen":null})"),
            R"({"wages_fen":100,"total_fen":100})");
  EXPECT_EQ(Apply("income", R"({"wages_fen":100,"total_fen":100})", R"({"wages_fen":null})"), "{}");
}

TEST(Sections, EveryFieldRefusesWhatIsNotItsType) {
  for (const SectionSpec& section : Sections()) {
    for (const FieldSpec& field : section.fields) {
      const std::string wrong = field.type == FieldType::kFlag ? "\"yes\"" : R"({"a":1})";
      const std::string patch = "{\"" + std::string(field.name) + "\":" + wrong + "}";
      EXPECT_NE(Apply(section.name, "{}", patch).find(std::string(field.name) + ":"), std::string::npos)
          << section.name << "." << field.name;
    }
  }
}

TEST(Sections, NumbersHaveEnds) {
  EXPECT_EQ(Apply("housing", "{}", R"({"rooms":1001})"), "rooms:out_of_range ");
  EXPECT_EQ(Apply("housing", "{}", R"({"rooms":1.5})"), "rooms:wrong_type ");
  EXPECT_EQ(Apply("income", "{}", R"({"wages_fen":-1})"), "wages_fen:out_of_range ");
  EXPECT_EQ(Apply("income", "{}", R"({"wages_fen":18446744073709551615})"), "wages_fen:out_of_range ");
  EXPECT_EQ(Apply("income", "{}", R"({"wages_fen":1e300})"), "wages_fen:wrong_type ");
  EXPECT_EQ(Apply("land", "{}", R"({"paddy_m2":9000000000})"), R"({"paddy_m2":9000000000})");
}

TEST(Sections, ListsHoldEachChoiceOnce) {
  EXPECT_EQ(Apply("difficulties", "{}", R"({"items":["water","road","water"]})"), R"({"items":["water","road"]})");
  EXPECT_EQ(Apply("difficulties", "{}", R"({"items":["lava"]})"), "items:unknown_value ");
  EXPECT_EQ(Apply("difficulties", R"({"items":["water"]})", R"({"items":[]})"), "{}");
}

TEST(Sections, CustomFieldsAreTyped) {
  const std::vector<CustomField> custom = {
      {FieldId(), "housing", "roof", "屋顶", "Roof", "choice", R"([{"code":"tile","zh":"瓦","en":"Tile"}])"},
      {FieldId(), "housing", "cellar", "地窖", "Cellar", "boolean", "[]"},
      {FieldId(), "housing", "surveyed", "查看日期", "Surveyed", "date", "[]"},
      {FieldId(), "housing", "slope", "坡度", "Slope", "number", "[]"}};
  EXPECT_EQ(Apply("housing", "{}", R"({"custom":{"roof":"tile","cellar":true,"surveyed":"2026-03-01","slope":12.5}})", custom),
            R"({"custom":{"roof":"tile","cellar":true,"surveyed":"2026-03-01","slope":1.25E1}})");
  EXPECT_EQ(Apply("housing", "{}", R"({"custom":{"roof":"gold","cellar":1,"surveyed":"x","slope":"y","other":1}})", custom),
            "custom.other:unknown_field custom.roof:unknown_value custom.cellar:wrong_type custom.surveyed:not_a_date "
            "custom.slope:wrong_type ");
  EXPECT_EQ(Apply("housing", R"({"custom":{"cellar":true}})", R"({"custom":{"cellar":null}})", custom), "{}");
}

TEST(Sections, DifferencesNameFieldsOnce) {
  const json::object before = json::parse(R"({"a":1,"b":"x","custom":{"c":1}})").as_object();
  const json::object after = json::parse(R"({"a":2,"d":true,"custom":{"c":2}})").as_object();
  const auto diffs = Differences(before, after);
  ASSERT_EQ(diffs.size(), 4u);
  EXPECT_EQ(diffs[0].field, "a");
  EXPECT_EQ(diffs[1].field, "d");
  EXPECT_TRUE(diffs[1].before.is_null());
  EXPECT_EQ(diffs[2].field, "b");
  EXPECT_TRUE(diffs[2].after.is_null());
  EXPECT_EQ(diffs[3].field, "custom.c");
}

}  // namespace
}  // namespace huiyin::households
