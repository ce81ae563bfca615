// SPDX-License-Identifier: EUPL-1.2
#include "modules/outbox/templates.h"

#include <gtest/gtest.h>

namespace huiyin::outbox {
namespace {

constexpr Zone kChina{480};
constexpr std::string_view kParts[] = {"title", "text"};

// Every field with something in it.
json::object Everything() {
  return {{"receipt", "7K3M-9QXT-4"}, {"title", "水渠坏了"},           {"unit", "水务局"},
          {"due", "2026-03-18T15:59:59.999Z"}, {"old_due", "2026-03-17T15:59:59.999Z"},
          {"until", "2026-04-18T15:59:59.999Z"}, {"at", "2026-03-18T01:30:00Z"},
          {"on", "2026-03-18"}, {"text", "请查看"}, {"reason", "材料不全"},
          {"rule", "第三十四条"}, {"into", "8K3M-9QXT-5"}, {"place", "镇政府"},
          {"household", "张大山"}, {"year", 2027}};
}

TEST(OutboxTemplates, EveryKindHasItsWordsInEveryShippedLanguage) {
  ASSERT_EQ(Languages(), (std::vector<std::string>{"en", "zh-CN"}));
  EXPECT_EQ(Kinds().size(), 48U);
  for (const std::string& language : Languages()) {
    for (const Kind& kind : Kinds()) {
      for (const std::string_view part : kParts) {
        EXPECT_NE(TemplateOf(language, kind.name, "officer", part), "") << language << " " << kind.name;
        EXPECT_EQ(TemplateOf(language, kind.name, "resident", part).empty(), !kind.to_residents) << language << " " << kind.name;
      }
    }
    for (const char* outside : {"sms", "sms_plain", "email_title", "email", "email_plain"}) {
      EXPECT_NE(TemplateOf(language, "", "", outside), "") << language << " " << outside;
    }
  }
}

TEST(OutboxTemplates, EveryPlaceholderIsFilledAndNoneIsLeft) {
  for (const std::string& language : Languages()) {
    for (const Kind& kind : Kinds()) {
      for (const Reader reader : {Reader::kOfficer, Reader::kResident}) {
        for (const json::object& data : {Everything(), json::object{}, json::object{{"receipt", "7K3M-9QXT-4"}}}) {
          const Said said = Say(language, kind.name, reader, data, kChina);
          for (const std::string& text : {said.title, said.text}) {
            EXPECT_EQ(text.find_first_of("{}[]|"), std::string::npos) << language << " " << kind.name << ": " << text;
            if (!data.empty()) {
              EXPECT_EQ(text.find("—"), std::string::npos) << language << " " << kind.name << ": " << text;
            }
          }
        }
      }
    }
  }
}

TEST(OutboxTemplates, EveryFieldOfAKindIsSaidSomewhere) {
  for (const std::string& language : Languages()) {
    for (const Kind& kind : Kinds()) {
      std::set<std::string> said;
      for (const std::string_view reader : {"officer", "resident"}) {
        for (const std::string& field : FieldsIn(TemplateOf(language, kind.name, reader, "text"))) said.insert(field);
      }
      std::set<std::string> offered;
      for (std::string_view rest = kind.fields; !rest.empty();) {
        const size_t space = std::min(rest.find(' '), rest.size());
        offered.insert(std::string(rest.substr(0, space)));
        rest.remove_prefix(std::min(space + 1, rest.size()));
      }
      EXPECT_EQ(said, offered) << language << " " << kind.name;
    }
  }
}

TEST(OutboxTemplates, WhatLeavesTheHouseSaysThatThereIsNewsAndNeverWhat) {
  json::object data = Everything();
  for (const std::string& language : Languages()) {
    const Said mail = SayMail(language, data);
    for (const std::string& text : {SaySms(language, data), mail.title, mail.text}) {
      for (const char* secret : {"水渠", "水务局", "请查看", "材料不全", "张大山", "2026"}) {
        EXPECT_EQ(text.find(secret), std::string::npos) << text;
      }
    }
    EXPECT_NE(SaySms(language, data).find("7K3M-9QXT-4"), std::string::npos);
    EXPECT_EQ(SaySms(language, {}).find("—"), std::string::npos);
    EXPECT_EQ(SayMail(language, {}).text.find("—"), std::string::npos);
  }
}

TEST(OutboxTemplates, InstantsAreOnTheCountysClock) {
  EXPECT_EQ(Fill("{at}", {{"at", "2026-03-18T01:30:00Z"}}, kChina), "2026-03-18 09:30");
  EXPECT_EQ(Fill("{on} {year}", {{"on", "2026-03-18"}, {"year", 2027}}, kChina), "2026-03-18 2027");
  EXPECT_EQ(Fill("{at}", {{"at", "soon"}}, kChina), "soon");
}

TEST(OutboxTemplates, APieceWithoutItsValueIsLeftOutOrSaidOtherwise) {
  EXPECT_EQ(Fill("a[[ by {unit}]].", {{"unit", "U"}}, kChina), "a by U.");
  EXPECT_EQ(Fill("a[[ by {unit}]].", {}, kChina), "a.");
  EXPECT_EQ(Fill("a[[ by {unit}| by you]].", {}, kChina), "a by you.");
  EXPECT_EQ(Fill("a[[ by {unit}| by you]].", {{"unit", "U"}}, kChina), "a by U.");
  EXPECT_EQ(Fill("{unit}", {{"unit", nullptr}}, kChina), "—");
}

TEST(OutboxTemplates, WhatPeopleWriteIsNeverReadAsATemplate) {
  for (const char* hostile : {"{receipt}", "[[{unit}]]", "]]", "[[", "|", "{", "%s%n", "<script>alert(1)</script>", "\r\n.\r\n"}) {
    EXPECT_EQ(Fill("a {unit}[[ b {reason}]]", {{"unit", hostile}, {"reason", hostile}, {"receipt", "R"}}, kChina),
              std::string("a ") + hostile + " b " + hostile);
  }
}

TEST(OutboxTemplates, ALanguageIsFoundByItsPrimaryTag) {
  EXPECT_EQ(LanguageFor("zh"), "zh-CN");
  EXPECT_EQ(LanguageFor("zh-Hans"), "zh-CN");
  EXPECT_EQ(LanguageFor("en-GB"), "en");
  EXPECT_EQ(LanguageFor("ii"), "zh-CN");
  EXPECT_EQ(LanguageFor(""), "zh-CN");
  EXPECT_EQ(LanguageFor("e"), "zh-CN");
}

TEST(OutboxTemplates, ACountyAddsALanguageByAFileAndMistakesAreNamed) {
  AddLanguage(R"({"language":"bo","sms":"བོད {receipt}","kinds":{"matter.late":{"officer":{"title":"T","text":"X {receipt}"}}}})");
  EXPECT_EQ(LanguageFor("bo-CN"), "bo");
  EXPECT_EQ(Say("bo", "matter.late", Reader::kOfficer, Everything(), kChina).text, "X 7K3M-9QXT-4");
  // What it lacks is said in Chinese.
  EXPECT_EQ(Say("bo", "matter.soon", Reader::kOfficer, Everything(), kChina).title, "诉求快到期");
  const auto mistake = [](const char* text) -> std::string {
    try {
      AddLanguage(text);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(mistake("{"), "messages: not a JSON object");
  EXPECT_EQ(mistake("{}"), "messages: the file names no language");
  EXPECT_NE(mistake(R"({"language":"x","kinds":{"matter.lost":{}}})").find("no such kind"), std::string::npos);
  EXPECT_NE(mistake(R"({"language":"x","kinds":{"matter.late":{"officer":{"text":"{place}"}}}})").find("{place}"), std::string::npos);
  EXPECT_NE(mistake(R"({"language":"x","kinds":{"matter.late":{"resident":{"text":"{title}"}}}})").find("{title}"), std::string::npos);
  EXPECT_NE(mistake(R"({"language":"x","kinds":{"matter.late":{"officer":{"text":"[[a"}}}})").find("brackets"), std::string::npos);
  EXPECT_NE(mistake(R"({"language":"x","sms":"{unit}"})").find("only {receipt}"), std::string::npos);
}

}  // namespace
}  // namespace huiyin::outbox
