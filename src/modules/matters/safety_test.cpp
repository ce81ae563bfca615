// SPDX-License-Identifier: EUPL-1.2
// Names kept apart, questions without an address, being shown a name for a time, and the one
// duty that goes further.
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

constexpr db::Sql kNamed{"test.named", R"sql(
  SELECT (SELECT COUNT(*) FROM matters WHERE household_id IS NOT NULL OR resident_id IS NOT NULL OR contact <> '' OR visit_id IS NOT NULL)
       + (SELECT COUNT(*) FROM events WHERE resource = 'matter' AND actor_kind = 'household' AND actor_id IS NOT NULL)
       + (SELECT COUNT(*) FROM audit_entries WHERE resource = 'matter' AND household_id IS NOT NULL)
)sql"};

class Safety : public Town {
 protected:
  static std::string Path(const std::string& id, std::string_view act = "") {
    return "/api/v1/matters/" + id + (act.empty() ? "" : "/" + std::string(act));
  }
  Answer Must(Answer answer, int status = 201) {
    EXPECT_EQ(answer.status, status) << answer.text;
    return answer;
  }
  // Taken down at the township's window for the household, its name kept apart, and given to the water bureau.
  Answer Taken(const std::string& more = "") {
    const Answer taken = Must(Post("zhaomin", "/api/v1/matters",
        fmt::format(R"({{"text":"邻居偷接水管，我不敢说","household_id":"{}","resident_id":"{}","contact":{{"phone":"13912345678","how":"letter","address":"一组12号","name":"李秀英"}},"confidential":true{}}})",
                    HouseholdId("张大山"), ResidentId("李秀英"), more)));
    Must(Post("zhaomin", Path(taken.At("id"), "assignment"), fmt::format(R"({{"unit_id":"{}"}})", UnitId("水务局"))));
    Must(Post("sunqi", Path(taken.At("id"), "acceptance")));
    return taken;
  }
  static bool Names(const Answer& answer) {
    for (const char* word : {"张大山", "李秀英", "13912345678", "5678", "一组"}) {
      if (answer.text.find(word) != std::string::npos) return true;
    }
    return false;
  }
  std::vector<std::string> May(const Answer& story) {
    std::vector<std::string> may;
    for (size_t i = 0; i < story.Count("may"); ++i) may.push_back(story.At(fmt::format("may.{}", i)));
    return may;
  }
  bool Has(const Answer& story, std::string_view verb) {
    const auto may = May(story);
    return std::find(may.begin(), may.end(), verb) != may.end();
  }
};

TEST_F(Safety, AMatterThatKeepsItsNameApartNamesNobody) {
  const Answer taken = Taken();
  EXPECT_FALSE(Names(taken)) << taken.text;
  EXPECT_EQ(Number(kNamed), 0);
  const std::string id = taken.At("id");
  for (const char* who : {"sunqi", "liuyi", "chener", "zhaomin", "zhangsan"}) {
    SCOPED_TRACE(who);
    const Answer story = Must(Get(who, Path(id)), 200);
    EXPECT_EQ(story.At("confidential"), "true");
    EXPECT_FALSE(Names(story)) << story.text;
    EXPECT_EQ(story.At("area_code"), "990101101001");
    for (const char* part : {"events", "messages", "asks", "attachments", "members"}) EXPECT_FALSE(Names(Get(who, Path(id, part)))) << part;
  }
  // Those who know neither see who wrote it down, which would say whose it is.
  EXPECT_EQ(Get("sunqi", Path(id)).At("entered_by"), "");
  EXPECT_EQ(Get("zhaomin", Path(id)).At("entered_by"), "赵敏");
  // The record of the household shows nothing of it, and handling it opens no record.
  EXPECT_EQ(Get("wangfang", "/api/v1/households/" + HouseholdId("张大山") + "?purpose=visit").Count("matters"), 0u);
  EXPECT_EQ(Get("sunqi", "/api/v1/households/" + HouseholdId("张大山") + "?purpose=matter").status, 403);
  EXPECT_EQ(Get("wangfang", "/api/v1/matters?household_id=" + HouseholdId("张大山")).Count("items"), 0u);
}

TEST_F(Safety, TheHouseholdItselfFollowsIt) {
  const std::string id = Taken().At("id");
  EXPECT_EQ(Get("household:张大山", "/api/v1/me/matters").At("items.0.id"), id);
  EXPECT_EQ(Get("household:王建国", "/api/v1/me/matters").Count("items"), 0u);
  EXPECT_EQ(Get("household:王建国", "/api/v1/me/matters/" + id).status, 404);
  const Answer mine = Must(Get("household:张大山", "/api/v1/me/matters/" + id), 200);
  EXPECT_EQ(mine.At("confidential"), "true");
  EXPECT_EQ(Get("household:张大山", "/api/v1/me/messages").At("items.0.matter_id"), id);
  Must(Post("household:张大山", "/api/v1/me/matters/" + id + "/withdrawal", R"({"reason":"已经好了"})"));
  EXPECT_EQ(Number(kNamed), 0);
}

TEST_F(Safety, FiledByTheHouseholdItselfNobodyIsInTheLogEither) {
  const Answer filed = Must(Post("household:张大山", "/api/v1/me/matters", R"({"text":"不敢说的事","confidential":true,"contact":"13912345678"})"));
  Tick();
  EXPECT_EQ(Number(kNamed), 0);
  EXPECT_EQ(Get("zhangsan", "/api/v1/audit?action=matter.received").text.find(HouseholdId("张大山")), std::string::npos);
  // The same again is the same; not both without a name and with one kept apart.
  EXPECT_EQ(Post("", "/api/v1/matters", R"({"text":"x","anonymous":true,"confidential":true})").Errors(),
            std::vector<std::string>{"confidential:anonymous"});
}

TEST_F(Safety, ALookIsWrittenDownAndTold) {
  const std::string id = Taken().At("id");
  EXPECT_EQ(Post("sunqi", Path(id, "identity_looks"), R"({"reason":"想知道"})").At("code"), "identities.not_shown");
  EXPECT_EQ(Post("zhaomin", Path(id, "identity_looks"), "{}").Errors(), std::vector<std::string>{"reason:required"});
  const Answer seen = Must(Post("zhaomin", Path(id, "identity_looks"), R"({"reason":"打印回执"})"));
  EXPECT_EQ(seen.At("household.head_name"), "张大山");
  EXPECT_EQ(seen.At("resident_name"), "李秀英");
  EXPECT_EQ(seen.At("contact.phone"), "13912345678");
  Must(Post("zhangsan", Path(id, "identity_looks"), R"({"reason":"抽查"})"));
  const Answer mine = Get("household:张大山", "/api/v1/me/matters/" + id);
  EXPECT_EQ(mine.At("looks.0.officer_name"), "赵敏");
  EXPECT_EQ(mine.At("looks.1.reason"), "抽查");
  // Who wrote it down knew before; of the other they hear.
  const Answer inbox = Get("household:张大山", "/api/v1/me/messages");
  int told = 0;
  for (size_t i = 0; i < inbox.Count("items"); ++i) told += inbox.At(fmt::format("items.{}.kind", i)) == "matter.unmasked";
  EXPECT_EQ(told, 1);
}

TEST_F(Safety, ANameIsShownForATermWhenAnotherAgrees) {
  const std::string id = Taken().At("id");
  EXPECT_TRUE(Has(Get("sunqi", Path(id)), "unmasking"));
  EXPECT_FALSE(Has(Get("zhaomin", Path(id)), "unmasking"));
  EXPECT_EQ(Post("zhaomin", Path(id, "unmaskings"), R"({"ground":"x","reason":"y"})").status, 403);
  const Answer asked = Must(Post("sunqi", Path(id, "unmaskings"), R"({"ground":"《供水条例》第三十条","reason":"要入户查表"})"));
  EXPECT_EQ(asked.At("state"), "asked");
  EXPECT_EQ(Post("sunqi", Path(id, "unmaskings"), R"({"ground":"x","reason":"再问"})").At("code"), "identities.already_asked");
  const std::string path = "/api/v1/unmaskings/" + asked.At("id");
  EXPECT_EQ(Post("liuyi", path + "/decision", R"({"granted":true})").status, 403);
  EXPECT_EQ(Get("zhouba", path).status, 404);
  EXPECT_EQ(Get("zhangsan", "/api/v1/unmaskings").At("items.0.id"), asked.At("id"));
  EXPECT_EQ(Post("zhangsan", path + "/decision", R"({"granted":false})").Errors(), std::vector<std::string>{"note:required"});
  const Answer granted = Must(Post("zhangsan", path + "/decision", R"({"granted":true})"));
  EXPECT_EQ(granted.At("state"), "granted");
  EXPECT_EQ(granted.At("until"), "2026-03-16T15:59:59.999Z");  // three working days after the Wednesday
  EXPECT_EQ(Post("zhangsan", path + "/decision", R"({"granted":true})").At("code"), "identities.already_decided");
  // Told at once, before anybody looked.
  const Answer mine = Get("household:张大山", "/api/v1/me/matters/" + id);
  EXPECT_EQ(mine.At("shown_to.0.officer_name"), "孙琦");
  EXPECT_EQ(Get("household:张大山", "/api/v1/me/messages").text.find("要入户查表") != std::string::npos, true);
  EXPECT_EQ(Must(Post("sunqi", Path(id, "identity_looks"), R"({"reason":"入户"})")).At("household.head_name"), "张大山");
  EXPECT_EQ(Post("zhouba", Path(id, "identity_looks"), R"({"reason":"x"})").status, 403);
  // It ends by itself.
  clock_.now = *ParseInstant("2026-03-16T16:00:00Z");
  EXPECT_EQ(Post("sunqi", Path(id, "identity_looks"), R"({"reason":"再看"})").At("code"), "identities.not_shown");
  Tick();
  const Answer story = Get("zhangsan", Path(id));
  EXPECT_EQ(story.At("unmaskings.0.state"), "ended");
  EXPECT_EQ(story.At(fmt::format("events.{}.kind", story.Count("events") - 1)), "masked_again");
  // And is asked for anew.
  const Answer again = Must(Post("sunqi", Path(id, "unmaskings"), R"({"ground":"同上","reason":"还要再去"})"));
  Must(Post("zhangsan", "/api/v1/unmaskings/" + again.At("id") + "/decision", R"({"granted":false,"note":"没有必要"})"));
  EXPECT_EQ(Post("sunqi", Path(id, "identity_looks"), R"({"reason":"x"})").At("code"), "identities.not_shown");
}

TEST_F(Safety, QuestionsReachThemWithoutTheirAddress) {
  const Answer taken = Taken();
  const std::string id = taken.At("id");
  Must(Post("sunqi", Path(id, "relay"), R"({"text":"哪天晚上听到水声？"})"));
  EXPECT_FALSE(Names(Get("sunqi", Path(id, "messages")))) << Get("sunqi", Path(id, "messages")).text;
  const Answer letters = Get("zhaomin", "/api/v1/letters");
  std::string letter;
  for (size_t i = 0; i < letters.Count("items"); ++i) {
    if (letters.At(fmt::format("items.{}.kind", i)) == "matter.question") letter = letters.At(fmt::format("items.{}.id", i));
  }
  ASSERT_NE(letter, "") << letters.text;
  EXPECT_NE(Get("zhaomin", "/api/v1/letters/" + letter).text.find("哪天晚上"), std::string::npos);
  const Answer shown = Get("", "/api/v1/receipts/" + taken.At("receipt"));
  EXPECT_EQ(shown.At("relay.0.question"), "哪天晚上听到水声？");
  EXPECT_FALSE(Names(shown)) << shown.text;
  const auto body = [&](std::string_view text) { return fmt::format(R"({{"relay_id":"{}","text":"{}"}})", shown.At("relay.0.id"), text); };
  Must(Post("", "/api/v1/receipts/" + taken.At("receipt") + "/relay", body("周五夜里")));
  Must(Post("", "/api/v1/receipts/" + taken.At("receipt") + "/relay", body("周五夜里")));
  EXPECT_EQ(Post("", "/api/v1/receipts/" + taken.At("receipt") + "/relay", body("别的")).At("code"), "relay.already_answered");
  EXPECT_EQ(Get("sunqi", Path(id)).At("relay.0.answer"), "周五夜里");
  // The next one in the household's own page, the next at the window by who knows.
  clock_.Advance(kMinute);
  Must(Post("sunqi", Path(id, "relay"), R"({"text":"有几户？"})"));
  const Answer mine = Get("household:张大山", "/api/v1/me/matters/" + id);
  Must(Post("household:张大山", "/api/v1/me/matters/" + id + "/relay", fmt::format(R"({{"relay_id":"{}","text":"两户"}})", mine.At("relay.1.id"))));
  clock_.Advance(kMinute);
  Must(Post("sunqi", Path(id, "relay"), R"({"text":"在哪一段？"})"));
  const std::string third = fmt::format(R"({{"relay_id":"{}","text":"桥头"}})", Get("sunqi", Path(id)).At("relay.2.id"));
  EXPECT_EQ(Post("liuyi", Path(id, "relay_answers"), third).At("code"), "identities.not_shown");
  EXPECT_TRUE(Has(Get("zhaomin", Path(id)), "relay_answer"));
  Must(Post("zhaomin", Path(id, "relay_answers"), third));
  EXPECT_EQ(Get("sunqi", Path(id)).At("relay.2.way"), "window");
  for (int i = 0; i < 3; ++i) Must(Post("sunqi", Path(id, "relay"), fmt::format(R"({{"text":"再问{}"}})", i)));
  EXPECT_EQ(Post("sunqi", Path(id, "relay"), R"({"text":"还要问"})").At("code"), "relay.too_many_waiting");
  EXPECT_EQ(Post("zhaomin", Path(id, "relay"), R"({"text":"我也问"})").status, 403);
  EXPECT_EQ(Number(kNamed), 0);
}

TEST_F(Safety, WhoGaveNoNameIsAskedByTheReceiptAlone) {
  const Answer filed = Must(Post("", "/api/v1/matters", R"({"text":"有人乱倒垃圾","anonymous":true,"area_code":"990101101001"})"));
  const std::string id = filed.At("id");
  Must(Post("zhaomin", Path(id, "acceptance")));
  Must(Post("zhaomin", Path(id, "relay"), R"({"text":"在什么地方？"})"));
  const std::string receipt = "/api/v1/receipts/" + filed.At("receipt");
  const Answer shown = Get("", receipt);
  EXPECT_EQ(shown.At("relay.0.state"), "waiting");
  Must(Post("", receipt + "/relay", fmt::format(R"({{"relay_id":"{}","text":"河边"}})", shown.At("relay.0.id"))));
  EXPECT_EQ(Get("zhaomin", Path(id)).At("relay.0.answer"), "河边");
  EXPECT_EQ(Post("", receipt + "/confidentiality", R"({"confidential":true})").At("code"), "matters.anonymous");
}

TEST_F(Safety, ItIsTurnedOnLaterAndOffByTheResidentAlone) {
  const Answer taken = Must(Post("zhaomin", "/api/v1/matters", fmt::format(R"({{"text":"路灯坏了","household_id":"{}","contact":"13912345678"}})", HouseholdId("张大山"))));
  const std::string id = taken.At("id");
  Must(Post("zhaomin", Path(id, "assignment"), fmt::format(R"({{"unit_id":"{}"}})", UnitId("水务局"))));
  EXPECT_EQ(Get("sunqi", Path(id)).At("household.head_name"), "张大山");
  EXPECT_EQ(Post("zhaomin", Path(id, "confidentiality"), R"({"confidential":false})").Errors(), std::vector<std::string>{"confidential:not_allowed"});
  Must(Post("zhaomin", Path(id, "confidentiality"), R"({"confidential":true})"));
  EXPECT_EQ(Post("zhaomin", Path(id, "confidentiality"), R"({"confidential":true})").At("code"), "identities.already");
  EXPECT_FALSE(Names(Get("sunqi", Path(id)))) << Get("sunqi", Path(id)).text;
  const Answer story = Get("sunqi", Path(id));
  const Answer edited = Patch("zhaomin", Path(id), std::stoll(story.At("revision")), fmt::format(R"({{"household_id":"{}"}})", HouseholdId("张大山")));
  EXPECT_EQ(edited.Errors(), std::vector<std::string>{"household_id:confidential"});
  EXPECT_EQ(Post("", "/api/v1/receipts/" + taken.At("receipt") + "/confidentiality", R"({"confidential":false})").Errors(),
            std::vector<std::string>{"confidential:not_allowed"});
  Must(Post("household:张大山", "/api/v1/me/matters/" + id + "/confidentiality", R"({"confidential":false})"));
  EXPECT_EQ(Get("sunqi", Path(id)).At("household.head_name"), "张大山");
  EXPECT_EQ(Get("zhaomin", Path(id)).At("contact.phone"), "13912345678");
}

TEST_F(Safety, HarmIsPassedOnToOneOfficeAndMarksNobody) {
  const std::string id = Taken().At("id");
  const std::string before = Get("wangfang", "/api/v1/households/" + HouseholdId("张大山") + "?purpose=visit").At("sections");
  const auto body = [&](std::string_view more) {
    return fmt::format(R"({{"ground":"child","unit_id":"{}","text":"孩子身上有伤"{}}})", UnitId("白云乡政府"), more);
  };
  EXPECT_EQ(Post("sunqi", Path(id, "harm_reports"), body(R"(,"tell_resident":false)")).Errors(), std::vector<std::string>{"not_told_reason:required"});
  EXPECT_EQ(Post("zhouba", Path(id, "harm_reports"), body("")).status, 403);
  const Answer made = Must(Post("sunqi", Path(id, "harm_reports"), body(R"(,"names_who":true,"tell_resident":false,"not_told_reason":"施害人同住")")));
  EXPECT_EQ(made.At("article"), "《中华人民共和国未成年人保护法》第十一条");
  EXPECT_EQ(made.At("due_at"), "2026-03-12T02:00:00.000Z");
  const std::string path = "/api/v1/harm_reports/" + made.At("id");
  // Who must act reads it, with the name; who handles the matter still does not learn it.
  const Answer read = Must(Get("lina", path), 200);
  EXPECT_EQ(read.At("who.head_name"), "张大山");
  EXPECT_EQ(read.At("matter_id"), "");
  EXPECT_EQ(Get("lina", Path(id)).status, 404);
  EXPECT_EQ(Get("zhouba", path).status, 404);
  EXPECT_EQ(Get("liuyi", path).status, 404);
  EXPECT_EQ(Must(Get("zhangsan", path), 200).At("not_told_reason"), "施害人同住");
  EXPECT_FALSE(Names(Get("sunqi", path))) << "whoever reports does not learn the name by it";
  EXPECT_FALSE(Names(Get("sunqi", Path(id))));
  EXPECT_EQ(Get("lina", "/api/v1/harm_reports").At("items.0.id"), made.At("id"));
  EXPECT_EQ(Get("lina", "/api/v1/harm_reports").text.find("孩子"), std::string::npos);
  EXPECT_EQ(Must(Post("lina", path + "/taken")).At("state"), "taken");
  EXPECT_EQ(Post("sunqi", path + "/taken").status, 403);
  // Not told: nothing of it on any page of the household.
  EXPECT_EQ(Get("household:张大山", "/api/v1/me/matters/" + id).text.find("harm"), std::string::npos);
  EXPECT_EQ(Get("household:张大山", "/api/v1/me/messages").text.find("harm"), std::string::npos);
  // Nothing is written on anybody: not on the household, not on the matter's kind or category.
  EXPECT_EQ(Get("wangfang", "/api/v1/households/" + HouseholdId("张大山") + "?purpose=visit").At("sections"), before);
  EXPECT_EQ(Get("sunqi", Path(id)).At("category"), "");
  // It stands in the log, and the auditor has heard.
  Tick();
  EXPECT_EQ(Get("zhangsan", "/api/v1/audit?action=matter.harm_reported").Count("items"), 1u);
  EXPECT_NE(Get("zhangsan", "/api/v1/inbox").text.find("matter.harm_noted"), std::string::npos);
  // Told, another time.
  Must(Post("sunqi", Path(id, "harm_reports"), body("")));
  EXPECT_NE(Get("household:张大山", "/api/v1/me/messages").text.find("matter.harm_reported"), std::string::npos);
}

TEST_F(Safety, AComplaintIsReportedNeverToThoseItIsAbout) {
  const Answer filed = Must(Post("household:张大山", "/api/v1/me/matters",
      fmt::format(R"({{"text":"他打孩子","about_officer_id":"{}","confidential":true}})", OfficerId("wangfang"))));
  const auto to = [&](std::string_view unit) {
    return Post("zhangsan", Path(filed.At("id"), "harm_reports"), fmt::format(R"({{"ground":"child","unit_id":"{}","text":"孩子被打"}})", UnitId(unit)));
  };
  EXPECT_EQ(to("清水镇政府").Errors(), std::vector<std::string>{"unit_id:unit_complained_about"});
  const Answer made = Must(to("白云乡政府"));
  EXPECT_EQ(Get("lina", "/api/v1/harm_reports/" + made.At("id")).status, 200);
  for (const char* who : {"wangfang", "lisi", "liuyi", "chener", "zhaomin"}) EXPECT_EQ(Get(who, "/api/v1/harm_reports/" + made.At("id")).status, 404) << who;
  for (const char* who : {"wangfang", "lisi"}) EXPECT_EQ(Get(who, "/api/v1/harm_reports").Count("items"), 0u) << who;
}

}  // namespace
}  // namespace huiyin::testing
