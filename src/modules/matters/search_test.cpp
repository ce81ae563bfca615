// SPDX-License-Identifier: EUPL-1.2
// Search of what matters say: by one character, two, four, words, numbers; only within
// what somebody may know.
#include <fstream>

#include "db/test_engine.h"
#include "db/words.h"
#include "modules/matters/matters.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class MatterSearch : public Town {
 protected:
  Answer Taken(std::string_view as, std::string_view text, std::string_view more = "") {
    clock_.Advance(1000);
    const Answer taken = Post(as, "/api/v1/matters",
                              fmt::format(R"({{"text": {}, "area_code": "990101101001"{}}})",
                                          json::serialize(json::value(text)), more));
    EXPECT_EQ(taken.status, 201) << taken.text;
    return taken;
  }
  // The first words of what is found, in order, over all pages.
  std::string Found(std::string_view as, std::string_view q, std::string_view more = "") {
    std::string found;
    std::string cursor;
    do {
      const Answer list = Get(as, fmt::format("/api/v1/matters?q={}{}{}", q, more, cursor));
      EXPECT_EQ(list.status, 200) << list.text;
      for (size_t i = 0; i < list.Count("items"); ++i) found += (found.empty() ? "" : "|") + list.At(fmt::format("items.{}.title", i));
      cursor = list.At("next_cursor") == "null" || list.At("next_cursor").empty() ? "" : "&cursor=" + list.At("next_cursor");
    } while (!cursor.empty());
    return found;
  }
};

TEST_F(MatterSearch, FindsOneTwoAndFourCharactersNewestFirst) {
  Taken("zhaomin", "三组的水管裂了");
  Taken("zhaomin", "自来水管破裂，Pipe burst at No. 7");
  Taken("zhaomin", "路灯坏了");
  EXPECT_EQ(Found("zhaomin", "水"), "自来水管破裂，Pipe burst at No. 7|三组的水管裂了");
  EXPECT_EQ(Found("zhaomin", "水管"), "自来水管破裂，Pipe burst at No. 7|三组的水管裂了");
  EXPECT_EQ(Found("zhaomin", "水管破裂"), "自来水管破裂，Pipe burst at No. 7");
  EXPECT_EQ(Found("zhaomin", "管水"), "");
  EXPECT_EQ(Found("zhaomin", "坏了"), "路灯坏了");
  // Words, in any case; the last one while it is being typed; both kinds at once.
  EXPECT_EQ(Found("zhaomin", "PIPE"), "自来水管破裂，Pipe burst at No. 7");
  EXPECT_EQ(Found("zhaomin", "bur"), "自来水管破裂，Pipe burst at No. 7");
  EXPECT_EQ(Found("zhaomin", "破裂，pipe"), "自来水管破裂，Pipe burst at No. 7");
  EXPECT_EQ(Found("zhaomin", "burst 水管"), "自来水管破裂，Pipe burst at No. 7");
  EXPECT_EQ(Found("zhaomin", "ＰＩＰＥ"), "自来水管破裂，Pipe burst at No. 7");
  EXPECT_EQ(Found("zhaomin", "urst"), "");
}

TEST_F(MatterSearch, PagesGoOnWhereTheLastEnded) {
  for (int i = 0; i < 7; ++i) Taken("zhaomin", fmt::format("水管坏{}", i));
  EXPECT_EQ(Found("zhaomin", "水管", "&limit=2"), "水管坏6|水管坏5|水管坏4|水管坏3|水管坏2|水管坏1|水管坏0");
  EXPECT_EQ(Found("zhaomin", "水管", "&limit=7"), "水管坏6|水管坏5|水管坏4|水管坏3|水管坏2|水管坏1|水管坏0");
  EXPECT_EQ(Get("zhaomin", "/api/v1/matters?q=x&cursor=nonsense").status, 422);
}

TEST_F(MatterSearch, AReceiptFindsItsMatter) {
  const Answer taken = Taken("zhaomin", "路灯坏了");
  std::string typed = taken.At("receipt");
  std::transform(typed.begin(), typed.end(), typed.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
  EXPECT_EQ(Found("zhaomin", typed), "路灯坏了");
}

TEST_F(MatterSearch, FollowsATitleAPlaceAndAnOwner) {
  const std::string id = Taken("zhaomin", "路灯坏了").At("id");
  const auto patch = [&](int64_t revision, std::string_view body) {
    const Answer changed = Patch("zhaomin", "/api/v1/matters/" + id, revision, body);
    EXPECT_EQ(changed.status, 200) << changed.text;
  };
  patch(1, R"({"title": "桥头照明"})");
  EXPECT_EQ(Found("zhaomin", "照明"), "桥头照明");
  patch(2, R"({"title": "村口电线"})");
  EXPECT_EQ(Found("zhaomin", "照明"), "");
  EXPECT_EQ(Found("zhaomin", "电线"), "村口电线");
  // Words that the text has too stay when the title loses them.
  patch(3, R"({"title": "村口路灯"})");
  patch(4, R"({"title": "村口"})");
  EXPECT_EQ(Found("zhaomin", "路灯"), "村口");
  EXPECT_EQ(Found("zhaomin", "电线"), "");
  patch(5, R"({"title": "村口电线"})");
  // Nobody at the water bureau sees it before it is theirs.
  EXPECT_EQ(Found("sunqi", "路灯"), "");
  Post("zhaomin", "/api/v1/matters/" + id + "/assignment", fmt::format(R"({{"unit_id": "{}"}})", UnitId("水务局")));
  Post("sunqi", "/api/v1/matters/" + id + "/acceptance");
  EXPECT_EQ(Found("sunqi", "路灯"), "村口电线");
  EXPECT_EQ(Found("zhouba", "路灯"), "");
}

TEST_F(MatterSearch, StaysWithinReachAndFilters) {
  Taken("zhaomin", "清水镇的水管");
  Post("liuyi", "/api/v1/matters", R"({"text": "白云乡的水管", "area_code": "990101102001"})");
  EXPECT_EQ(Found("zhaomin", "水管"), "清水镇的水管");
  EXPECT_EQ(Found("liuyi", "水管"), "白云乡的水管|清水镇的水管");
  EXPECT_EQ(Found("liuyi", "水管", "&area=990101102"), "白云乡的水管");
  EXPECT_EQ(Found("liuyi", "水管", "&area=990101101001"), "清水镇的水管");
  EXPECT_EQ(Found("liuyi", "水管", "&state=settled"), "");
  EXPECT_EQ(Found("liuyi", "水管", "&state=received"), "白云乡的水管|清水镇的水管");
  EXPECT_EQ(Found("liuyi", "水管", "&received_until=2020-01-01"), "");
}

TEST_F(MatterSearch, AComplaintIsFoundByTheAuditorAlone) {
  Taken("zhaomin", "水管裂了");
  Post("household:张大山", "/api/v1/me/matters", fmt::format(R"({{"text": "水务局孙七收钱", "about_officer_id": "{}"}})", OfficerId("sunqi")));
  for (const std::string_view as : {"sunqi", "zhouba", "zhaomin", "liuyi", "chener", "wangfang"}) {
    EXPECT_EQ(Found(as, "收钱"), "") << as;
    EXPECT_EQ(Found(as, "孙"), "") << as;
  }
  EXPECT_EQ(Found("zhangsan", "收钱"), "水务局孙七收钱");
  EXPECT_EQ(Found("zhangsan", "水"), "水务局孙七收钱|水管裂了");
  // Nobody else's search so much as asks where complaints are: their words stand apart.
  const auto standing = [this](std::string word) {
    size_t count = 0;
    Write([&](db::Tx& tx) { count = db::NewestWithWords(tx, County{990101}, {{std::move(word)}}, false, INT64_MAX, 10).size(); });
    return count;
  };
  EXPECT_EQ(standing("o990101w收钱"), 0u);
  EXPECT_EQ(standing("p990101w收钱"), 1u);
}

TEST_F(MatterSearch, WhatWasThereBeforeTheIndexIsPutInByItself) {
  Taken("zhaomin", "水管裂了");
  Write([](db::Tx& tx) {
    tx.Script("UPDATE matters SET text_number = NULL WHERE county = 990101");
    tx.Script(db::TestsRunOnPostgres() ? "DELETE FROM word_places WHERE county = 990101" : "INSERT INTO word_index (word_index) VALUES ('delete-all')");
  });
  EXPECT_EQ(Found("zhaomin", "水管"), "");
  Tick();
  EXPECT_EQ(Found("zhaomin", "水管"), "水管裂了");
}

TEST_F(MatterSearch, ManyOfOneInstantAreKeptApart) {
  for (int i = 0; i < 3; ++i) {
    Post("zhaomin", "/api/v1/matters", fmt::format(R"({{"text": "水管{}", "area_code": "990101101001"}})", i));
  }
  EXPECT_EQ(Found("zhaomin", "水管"), "水管2|水管1|水管0");
  for (int i = 3; i < 80; ++i) {
    Post("zhaomin", "/api/v1/matters", fmt::format(R"({{"text": "电线{}", "area_code": "990101101001"}})", i));
  }
  const std::string found = Found("zhaomin", "电线");
  EXPECT_EQ(std::count(found.begin(), found.end(), '|'), 76);
  EXPECT_EQ(found.substr(0, found.find('|')), "电线79");
}

TEST_F(MatterSearch, HostileTextIsSoughtAndFound) {
  std::ifstream file(std::string(HUIYIN_SOURCE_DIR) + "/data/security/blns.json");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const json::value strings = json::parse(text);
  checks_contract_ = false;
  int found = 0;
  for (const json::value& string : strings.as_array()) {
    const std::string naughty(string.as_string());
    const Answer taken = Post("zhaomin", "/api/v1/matters", json::serialize(json::object{{"text", string}}));
    if (taken.status != 201) continue;
    if (naughty.size() > 90 || naughty.find('&') != std::string::npos) continue;
    const Answer list = Get("zhaomin", "/api/v1/matters?limit=200&q=" + naughty);
    ASSERT_TRUE(list.status == 200 || list.status == 422) << list.status << " " << string;
    for (size_t i = 0; i < list.Count("items"); ++i) {
      if (list.At(fmt::format("items.{}.id", i)) == taken.At("id")) ++found;
    }
  }
  // All but those of nothing but punctuation.
  EXPECT_GT(found, 300);
  for (const char* q : {"\"", "'", "\" OR \"1", "a\" AND b", "*", "w*", "NEAR(a b)", "-a", "^a", "{a b}:c", "words:a", "水\"管", "o990101w水"}) {
    EXPECT_EQ(Get("zhaomin", std::string("/api/v1/matters?q=") + q).status, 200) << q;
  }
}

}  // namespace
}  // namespace huiyin::testing
