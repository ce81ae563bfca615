// SPDX-License-Identifier: EUPL-1.2
// Who hears of what happens to a matter.
#include "modules/outbox/outbox.h"
#include "tests/support/town.h"

namespace huiyin::matters {
namespace {

using testing::Answer;
using testing::Town;

constexpr const char* kZhang = "household:张大山";
constexpr const char* kEverybody[] = {"wangfang", "lina", "zhaomin", "sunqi", "zhouba", "liuyi", "chener", "zhangsan", "lisi", "admin"};
constexpr db::Sql kMessages{"test.all_messages", "SELECT COUNT(*) FROM messages"};

class MattersWord : public Town {
 protected:
  void TearDown() override {
    outbox::OpenWays({});
    Town::TearDown();
  }
  std::vector<std::string> Heard(std::string_view as) {
    const bool is_resident = as.starts_with("household:");
    const Answer inbox = Get(as, is_resident ? "/api/v1/me/messages?limit=200" : "/api/v1/inbox?limit=200");
    std::vector<std::string> kinds;
    for (size_t i = inbox.Count("items"); i-- > 0;) kinds.push_back(inbox.At(fmt::format("items.{}.kind", i)));
    return kinds;
  }
  std::string File(std::string_view as, const std::string& body) {
    const Answer taken = Post(as, as.starts_with("household:") ? "/api/v1/me/matters" : "/api/v1/matters", body);
    EXPECT_EQ(taken.status, 201) << taken.text;
    return "/api/v1/matters/" + taken.At("id");
  }
  void Reply(std::string_view as, const std::string& matter) {
    const std::string ask = Get(as, matter + "/asks").At("items.0.id");
    const Answer done = Post(as, matter + "/answer", R"({"text":"已修好水渠","asks":[{"id":")" + ask + R"(","outcome":"done","text":"换了闸门"}]})");
    ASSERT_EQ(done.status, 201) << done.text;
    clock_.Advance(kMinute);
  }
  void Assign(std::string_view as, const std::string& matter, std::string_view unit) {
    ASSERT_EQ(Post(as, matter + "/assignment", R"({"unit_id":")" + UnitId(unit) + R"("})").status, 201);
    clock_.Advance(kMinute);
  }
};

using Kinds = std::vector<std::string>;

TEST_F(MattersWord, AHouseholdHearsOfItsMatterFromTheFirstWordToTheReview) {
  const std::string matter = File(kZhang, R"({"text":"水渠坏了"})");
  EXPECT_EQ(Heard("zhaomin"), Kinds{"matter.received"});
  clock_.Advance(kMinute);
  Assign("zhaomin", matter, "水务局");
  EXPECT_EQ(Heard("sunqi"), Kinds{"matter.assigned"});
  EXPECT_EQ(Heard("zhouba"), Kinds{});
  ASSERT_EQ(Post("sunqi", matter + "/acceptance").status, 201);
  clock_.Advance(kMinute);
  Reply("sunqi", matter);
  const std::string mine = "/api/v1/me" + matter.substr(7);
  ASSERT_EQ(Post(kZhang, mine + "/judgement", R"({"solved":false,"text":"还在漏"})").status, 201);
  clock_.Advance(kMinute);
  EXPECT_EQ(Heard("sunqi"), (Kinds{"matter.assigned", "matter.reopened"}));
  EXPECT_EQ(Heard("liuyi"), Kinds{"matter.reopened"});
  Reply("sunqi", matter);
  ASSERT_EQ(Post(kZhang, mine + "/appeal", R"({"reason":"不同意"})").status, 201);
  EXPECT_EQ(Heard(kZhang), (Kinds{"matter.received", "matter.accepted", "matter.answered", "matter.answered", "matter.appealed"}));
  EXPECT_EQ(Get(kZhang, "/api/v1/me/messages").text.find("水渠"), std::string::npos);
  // Every message is on the matter, for those who may read it.
  EXPECT_EQ(Get("liuyi", matter + "/messages").Count("items"), static_cast<size_t>(Number(kMessages)));
}

TEST_F(MattersWord, AReturnIsToldToWhoDecidesIt) {
  const std::string matter = File("zhaomin", R"({"text":"路灯坏了"})");
  Assign("zhaomin", matter, "水务局");
  ASSERT_EQ(Post("sunqi", matter + "/return", R"({"reason":"路灯归交通局"})").status, 201);
  const Answer inbox = Get("zhaomin", "/api/v1/inbox");
  EXPECT_EQ(inbox.At("items.0.kind"), "matter.returned");
  EXPECT_NE(inbox.At("items.0.text").find("路灯归交通局"), std::string::npos);
}

TEST_F(MattersWord, TheAnswerItselfStandsOnTheLetter) {
  const std::string matter = File("zhaomin", R"({"text":"水渠坏了","contact":{"name":"王","address":"老街5号","how":"letter"}})");
  Assign("zhaomin", matter, "水务局");
  ASSERT_EQ(Post("sunqi", matter + "/acceptance").status, 201);
  Reply("sunqi", matter);
  const Answer queue = Get("zhaomin", "/api/v1/letters");
  ASSERT_EQ(queue.Count("items"), 3U);
  const Answer letter = Get("zhaomin", "/api/v1/letters/" + queue.At("items.2.id"));
  EXPECT_EQ(letter.At("kind"), "matter.answered");
  EXPECT_NE(letter.At("text").find("已修好水渠\n\n水渠坏了\n换了闸门"), std::string::npos) << letter.At("text");
}

TEST_F(MattersWord, WhoAskedAtTheCounterIsNotCalledToHearThatTheyAsked) {
  File("zhaomin", R"({"text":"水渠坏了","contact":{"phone":"13900001234","how":"phone"}})");
  EXPECT_EQ(Get("zhaomin", "/api/v1/letters").Count("items"), 0U);
  outbox::OpenWays({.sms = true});
  const std::string matter = File("zhaomin", R"({"text":"水渠坏了","contact":{"phone":"13900001234","how":"message"}})");
  EXPECT_EQ(Get("zhaomin", matter + "/messages").At("items.0.channel"), "sms");
}

TEST_F(MattersWord, OfAComplaintNobodyHearsButTheAuditorThroughoutItsStory) {
  outbox::OpenWays({.sms = true});
  const std::string contact = R"("contact":{"phone":"13900001234","how":"message"})";
  const std::string matter = File("", R"({"text":"孙琦收钱","about_officer_id":")" + OfficerId("sunqi") + "\"," + contact + "}");
  clock_.Advance(kMinute);
  Reply("zhangsan", matter);
  const std::string receipt = Get("zhangsan", matter).At("receipt");
  ASSERT_EQ(Post("", "/api/v1/receipts/" + receipt + "/judgement", R"({"solved":false})").status, 201);
  clock_.Advance(kMinute);
  Reply("zhangsan", matter);
  ASSERT_EQ(Post("", "/api/v1/receipts/" + receipt + "/appeal", R"({"reason":"不公"})").status, 201);
  EXPECT_FALSE(Heard("zhangsan").empty());
  for (const char* login : kEverybody) {
    if (std::string_view(login) == "zhangsan") continue;
    EXPECT_EQ(Heard(login), Kinds{}) << login;
    const Answer queue = Get(login, "/api/v1/letters");
    if (queue.status == 200) {
      EXPECT_EQ(queue.Count("items"), 0U) << login;
    }
    EXPECT_EQ(Get(login, matter + "/messages").status, login == std::string_view("admin") ? 403 : 404) << login;
  }
}

}  // namespace
}  // namespace huiyin::matters
