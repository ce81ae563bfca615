// SPDX-License-Identifier: EUPL-1.2
// A matter that goes wrong in every way, and a nameless complaint about an officer, played
// through the API day by day. docs/story.md is what the program answered, with its dates;
// HUIYIN_WRITE_DOCS=1 writes it.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "modules/terms/due.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class Story : public Town {
 protected:
  void At(std::string_view local) {
    clock_.now = *terms::ParseLocal(local, Zone{480});
    Tick();
  }
  Answer Do(std::string_view as, std::string_view act, const std::string& body = "{}", int status = 201) {
    Answer answer = Post(as, "/api/v1/matters/" + id_ + "/" + std::string(act), body);
    EXPECT_EQ(answer.status, status) << act << " " << answer.text;
    return answer;
  }
  std::string To(std::string_view unit) { return fmt::format(R"({{"unit_id": "{}"}})", UnitId(unit)); }
  std::string Answering(std::string_view outcome, std::string_view text, std::string_view more = "") {
    return fmt::format(R"({{"text": "{}", "asks": [{{"id": "{}", "outcome": "{}", "text": "{}"{}}}]}})", text,
                       Get("zhangsan", "/api/v1/matters/" + id_ + "/asks").At("items.0.id"), outcome, text, more);
  }
  // A petition's answer goes out when a second officer agrees to it.
  void Agree(std::string_view as, bool approved = true, std::string_view note = "") {
    const std::string draft = Get("zhangsan", "/api/v1/matters/" + id_).At("draft.id");
    Do(as, "answer_decision", fmt::format(R"({{"draft_id": "{}", "approved": {}, "note": "{}"}})", draft, approved, note));
  }
  std::string Receipt(std::string_view act = "") {
    return "/api/v1/receipts/" + receipt_ + (act.empty() ? "" : "/" + std::string(act));
  }

  static std::string Local(const std::string& instant) { return FormatLocal(*ParseInstant(instant), Zone{480}); }
  // What happened, as the auditor's page of the matter tells it.
  std::string Told() {
    const Answer story = Get("zhangsan", "/api/v1/matters/" + id_);
    std::string text = "| when (local) | what | by | of | to |\n| --- | --- | --- | --- | --- |\n";
    for (size_t i = 0; i < story.Count("events"); ++i) {
      const std::string at = fmt::format("events.{}.", i);
      const std::string by = story.At(at + "actor.name");
      const std::string who = !by.empty() ? by : story.At(at + "actor.kind") == "system" ? "the clock" : "the resident";
      text += fmt::format("| {} | {} | {} | {} | {} |\n", Local(story.At(at + "at")), story.At(at + "kind"), who,
                          story.At(at + "from_unit_name"), story.At(at + "to_unit_name"));
    }
    return text;
  }
  std::string Clocks() {
    const Answer story = Get("zhangsan", "/api/v1/matters/" + id_);
    std::string text = "| clock | rule | started | due | how it was counted |\n| --- | --- | --- | --- | --- |\n";
    for (size_t i = 0; i < story.Count("clocks"); ++i) {
      const std::string at = fmt::format("clocks.{}.", i);
      text += fmt::format("| {} | {} | {} | {} | {} |\n", story.At(at + "step"), story.At(at + "rule"),
                          Local(story.At(at + "started_at")), Local(story.At(at + "due_at")), story.At(at + "working.sentence_en"));
    }
    return text;
  }

  // Said at the door on the eve of the holiday, written down three days later.
  void Goes() {
    At("2026-03-11T10:00");
    const Answer taken = Post("wangfang", "/api/v1/matters",
        fmt::format(R"({{"channel": "visit", "kind": "complaint", "text": "水费多算了三个月，去问过两次没人管。", "household_id": "{}",
                        "first_words_at": "2026-03-08T03:00:00.000Z"}})", HouseholdId("张大山")));
    ASSERT_EQ(taken.status, 201) << taken.text;
    id_ = taken.At("id");
    receipt_ = taken.At("receipt");
    // Misrouted twice: the second time the superior of both decides.
    Do("wangfang", "assignment", To("交通局"));
    At("2026-03-12T09:00");
    Do("zhouba", "return", R"({"reason": "水费不归交通局"})");
    At("2026-03-13T09:00");
    Do("wangfang", "return_decision", fmt::format(R"({{"agreed": true, "unit_id": "{}"}})", UnitId("水务局")));
    At("2026-03-16T09:00");
    Do("sunqi", "return", R"({"reason": "收费由自来水公司负责"})");
    // Nobody decides for two working days more than the rule gives: it goes up by itself.
    At("2026-03-19T00:01");
    Do("chener", "return_decision", R"({"agreed": false, "note": "自来水公司由水务局管"})");
    At("2026-04-20T09:00");
    Do("sunqi", "extension", R"({"rule": "petition.extend", "days": 30, "reason": "要调三年的抄表底册"})");
    Do("liuyi", "extension_decision", R"({"granted": true})");
    // Still late, and ordered.
    At("2026-06-09T09:00");
    At("2026-06-12T09:00");
    Do("sunqi", "answer", Answering("explained", "按规定办。"));
    Agree("liuyi", false, "写明收的是什么费");
    Do("sunqi", "answer", Answering("explained", "已按规定收费。"));
    Agree("liuyi");
    At("2026-06-15T09:00");
    EXPECT_EQ(Post("", Receipt("judgement"), R"({"solved": false, "rating": 1, "text": "没有说明怎么算的"})").status, 201);
    At("2026-06-25T09:00");
    Do("sunqi", "answer", Answering("refused", "抄表无误，不予退费。", R"(, "rule": "《城市供水条例》第二十四条")"));
    Agree("liuyi");
    At("2026-06-29T09:00");
    EXPECT_EQ(Post("", Receipt("appeal"), R"({"reason": "底册上有两个月是估的"})").status, 201);
    At("2026-07-20T09:00");
    Do("chener", "answer", Answering("partly", "两个月按估抄退差额，其余维持。"));
    Agree("liuyi");
    At("2026-07-24T09:00");
    EXPECT_EQ(Post("", Receipt("appeal"), R"({"reason": "第三个月也是估的"})").status, 201);
    At("2026-08-03T09:00");
    Do("zhangsan", "pauses", R"({"kind": "hearing", "from": "2026-08-05", "until": "2026-08-12", "reason": "8月5日至11日听证"})");
    At("2026-08-24T09:00");
    Do("zhangsan", "answer", Answering("done", "三个月差额一并退还，已到账。"));
    Agree("liuyi");
  }
  std::string id_;
  std::string receipt_;
};

std::string Read(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

TEST_F(Story, AMatterThatGoesWrongInEveryWay) {
  Goes();
  if (HasFailure()) return;
  const Answer end = Get("", Receipt());
  EXPECT_EQ(end.At("state"), "concluded");
  EXPECT_EQ(end.At("bounces"), "2");
  const std::string wanted =
      "# A matter that goes wrong in every way\n\nPlayed through the API by a test (`tests/house/story_test.cpp`), which "
      "writes this page and compares it, and told again in the browser by `web/e2e/live/story.spec.ts`. The town and everybody in it are made up; the calendar and the terms are the "
      "real ones of 2026.\n\nA household says at the door on Sunday 8 March that its water was charged wrongly. The officer "
      "has no network and writes it down on Wednesday; the clock starts on Sunday. It is sent to the wrong office, refused by the "
      "right one, decided by nobody until the clock passes it up, given more time, late all the same, ordered, answered "
      "badly by two officers, called unsolved, answered again, reviewed, reviewed finally with a hearing, and concluded. At every "
      "moment one office owned it and one clock ran.\n\n## What happened\n\n" +
      Told() + "\n## Its clocks\n\n" + Clocks();
  const std::string file = std::string(HUIYIN_SOURCE_DIR) + "/docs/story.md";
  if (std::getenv("HUIYIN_WRITE_DOCS") != nullptr) std::ofstream(file) << wanted;
  EXPECT_EQ(Read(file), wanted);
}

// About the officer of the township, without a name, by the web.
TEST_F(Story, ANamelessComplaintAboutAnOfficer) {
  At("2026-03-11T10:00");
  const Answer filed = Post("", "/api/v1/matters",
      fmt::format(R"({{"channel": "web", "text": "来走访的人要我们请吃饭。", "anonymous": true, "area_code": "990101101001",
                      "about_officer_id": "{}"}})", OfficerId("wangfang")));
  if (filed.status != 201) {
    // Without a session nobody is named by id; the unit is.
    const Answer again = Post("", "/api/v1/matters",
        fmt::format(R"({{"channel": "web", "text": "来走访的人要我们请吃饭。", "anonymous": true, "area_code": "990101101001",
                        "about_unit_id": "{}"}})", UnitId("清水镇政府")));
    ASSERT_EQ(again.status, 201) << again.text;
    receipt_ = again.At("receipt");
  } else {
    receipt_ = filed.At("receipt");
  }
  const Answer list = Get("zhangsan", "/api/v1/matters");
  ASSERT_EQ(list.Count("items"), 1u) << list.text;
  id_ = list.At("items.0.id");
  // Neither the one it is about, nor the unit, nor who supervises and leads, finds it anywhere,
  // though its clocks act for weeks.
  for (const std::string_view when : {"2026-03-12T09:00", "2026-05-12T09:00", "2026-05-20T09:00"}) {
    At(when);
    for (const std::string_view who : {"wangfang", "zhaomin", "sunqi", "lisi", "liuyi", "chener", "admin"}) {
      SCOPED_TRACE(who);
      EXPECT_NE(Get(who, "/api/v1/matters/" + id_).status, 200);
      for (const std::string_view page : {"/api/v1/matters", "/api/v1/matters?queue=late", "/api/v1/matters?queue=open",
                                          "/api/v1/orders?queue=open", "/api/v1/orders", "/api/v1/inbox", "/api/v1/wall",
                                          "/api/v1/matters?q=请吃饭"}) {
        const Answer answer = Get(who, page);
        EXPECT_EQ(answer.text.find(receipt_), std::string::npos) << page;
        EXPECT_EQ(answer.text.find(id_.substr(id_.find('-') + 1)), std::string::npos) << page;
        EXPECT_EQ(answer.text.find("请吃饭"), std::string::npos) << page;
      }
    }
    EXPECT_EQ(Get("zhangsan", "/api/v1/matters/" + id_).status, 200);
    EXPECT_EQ(Get("", Receipt()).status, 200);
  }
}

}  // namespace
}  // namespace huiyin::testing
