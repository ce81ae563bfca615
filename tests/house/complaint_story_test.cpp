// SPDX-License-Identifier: EUPL-1.2
// A nameless complaint about an officer, and a name kept apart, played through the API day by
// day. docs/story-complaint.md is what the program answered; HUIYIN_WRITE_DOCS=1 writes it.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "modules/terms/due.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class ComplaintStory : public Town {
 protected:
  void At(std::string_view local) {
    clock_.now = *terms::ParseLocal(local, Zone{480});
    Tick();
  }
  Answer Must(Answer answer, int status = 201) {
    EXPECT_EQ(answer.status, status) << answer.text;
    return answer;
  }
  static std::string Path(const std::string& id, std::string_view act = "") {
    return "/api/v1/matters/" + id + (act.empty() ? "" : "/" + std::string(act));
  }
  static std::string Local(const std::string& instant) { return FormatLocal(*ParseInstant(instant), Zone{480}); }
  std::string Told(const std::string& id) {
    const Answer story = Get("zhangsan", Path(id));
    std::string text = "| when (local) | what | by | of | to |\n| --- | --- | --- | --- | --- |\n";
    for (size_t i = 0; i < story.Count("events"); ++i) {
      const std::string at = fmt::format("events.{}.", i);
      const std::string kind = story.At(at + "actor.kind"), name = story.At(at + "actor.name");
      const std::string by = !name.empty() ? name : kind == "system" ? "the clock" : kind == "officer" ? "an officer" : "the resident";
      text += fmt::format("| {} | {} | {} | {} | {} |\n", Local(story.At(at + "at")), story.At(at + "kind"), by,
                          story.At(at + "from_unit_name"), story.At(at + "to_unit_name"));
    }
    return text;
  }
  // What one of the town finds of it, by everything they can look at.
  std::string Finds(std::string_view who, const std::string& id, const std::string& receipt, std::string_view word) {
    int found = 0, asked = 0;
    for (const std::string& page : {std::string("/api/v1/matters"), std::string("/api/v1/matters?queue=open"), std::string("/api/v1/matters?queue=late"),
                                    "/api/v1/matters?q=" + std::string(word), std::string("/api/v1/orders"), std::string("/api/v1/inbox"),
                                    std::string("/api/v1/wall"), std::string("/api/v1/harm_reports"), Path(id), Path(id, "events")}) {
      const Answer answer = Get(who, page);
      ++asked;
      const std::string bare = id.substr(id.find('-') + 1);
      const bool tells = answer.status == 200 && (answer.text.find(receipt) != std::string::npos || answer.text.find(bare) != std::string::npos ||
                                                  answer.text.find(word) != std::string::npos);
      found += tells ? 1 : 0;
    }
    return found == 0 ? "nothing" : fmt::format("{} of {} pages", found, asked);
  }
};

TEST_F(ComplaintStory, IsToldInTheDocs) {
  std::string text =
      "# A complaint about an officer, and a name kept apart\n\nPlayed through the API by a test "
      "(`tests/house/complaint_story_test.cpp`), which writes this page and compares it, and told again in the browser by `web/e2e/live/safety.spec.ts`. The town and everybody in it are made up; "
      "the terms are the real ones of 2026.\n\n## Without a name, about an officer\n\nOn Monday 9 March somebody writes on the web, "
      "without an account and without a name, about an officer of 清水镇政府. It goes to the auditor of the level above.\n\n";
  At("2026-03-09T10:00");
  const Answer filed = Must(Post("", "/api/v1/matters",
      fmt::format(R"({{"channel":"web","text":"来走访的人要我们请吃饭。","anonymous":true,"area_code":"990101101001","about_officer_id":"{}"}})", OfficerId("wangfang"))));
  if (HasFailure()) return;
  const std::string id = filed.At("id"), receipt = filed.At("receipt");
  EXPECT_EQ(filed.At("owner.unit_name"), "审计监督室");
  At("2026-03-10T09:00");
  Must(Post("zhangsan", Path(id, "acceptance")));
  Must(Post("zhangsan", Path(id, "relay"), R"({"text":"是哪一天，有谁在场？"})"));
  At("2026-03-11T20:00");
  const Answer shown = Get("", "/api/v1/receipts/" + receipt);
  Must(Post("", "/api/v1/receipts/" + receipt + "/relay", fmt::format(R"({{"relay_id":"{}","text":"3月5日晚上，有三个人。"}})", shown.At("relay.0.id"))));
  At("2026-03-20T09:00");
  const Answer asks = Get("zhangsan", Path(id, "asks"));
  Must(Post("zhangsan", Path(id, "answer"),
      fmt::format(R"({{"text":"属实，已责成改正。","asks":[{{"id":"{}","outcome":"done","text":"已改正。"}}]}})", asks.At("items.0.id"))));
  At("2026-03-23T09:00");
  Must(Post("", "/api/v1/receipts/" + receipt + "/judgement", R"({"solved":true,"rating":4})"));
  text += Told(id);
  text += "\nWhat each of them finds of it afterwards, in lists, queues, search, orders, messages, the wall and under its own address:\n\n"
          "| who | finds |\n| --- | --- |\n";
  for (const auto& [who, what] : std::vector<std::pair<std::string, std::string>>{
           {"wangfang", "the officer it is about"}, {"lisi", "an auditor in the same unit"}, {"zhaomin", "a clerk of the township"},
           {"sunqi", "a handler of another unit"}, {"liuyi", "the county's supervisor"}, {"chener", "the leader above"},
           {"admin", "the administrator"}, {"zhangsan", "the auditor of the level above"}}) {
    const std::string finds = Finds(who, id, receipt, "请吃饭");
    EXPECT_EQ(finds == "nothing", who != "zhangsan") << who << " " << finds;
    text += "| " + what + " | " + finds + " |\n";
  }

  text += "\n## A name kept apart\n\nOn Monday 16 March a household asks at the township's window, and wants its name kept from those "
          "who handle it. The water bureau asks by relay, then wants to see who it is: the auditor grants it for three working days, "
          "the household is told, and it is hidden again by itself.\n\n";
  At("2026-03-16T09:00");
  const Answer taken = Must(Post("zhaomin", "/api/v1/matters",
      fmt::format(R"({{"text":"夜里有人偷接水管","household_id":"{}","contact":"13912345678","confidential":true}})", HouseholdId("张大山"))));
  const std::string kept = taken.At("id");
  Must(Post("zhaomin", Path(kept, "assignment"), fmt::format(R"({{"unit_id":"{}"}})", UnitId("水务局"))));
  At("2026-03-16T11:00");
  Must(Post("sunqi", Path(kept, "acceptance")));
  Must(Post("sunqi", Path(kept, "relay"), R"({"text":"哪天晚上？"})"));
  At("2026-03-16T20:00");
  const Answer mine = Get("household:张大山", "/api/v1/me/matters/" + kept);
  Must(Post("household:张大山", "/api/v1/me/matters/" + kept + "/relay", fmt::format(R"({{"relay_id":"{}","text":"周五"}})", mine.At("relay.0.id"))));
  At("2026-03-17T09:00");
  const Answer asked = Must(Post("sunqi", Path(kept, "unmaskings"), R"({"ground":"《城市供水条例》第三十条","reason":"要到户查表"})"));
  At("2026-03-17T14:00");
  const Answer granted = Must(Post("zhangsan", "/api/v1/unmaskings/" + asked.At("id") + "/decision", R"({"granted":true})"));
  At("2026-03-18T09:00");
  EXPECT_EQ(Must(Post("sunqi", Path(kept, "identity_looks"), R"({"reason":"今天上门"})")).At("household.head_name"), "张大山");
  At("2026-03-21T09:00");
  EXPECT_EQ(Post("sunqi", Path(kept, "identity_looks"), R"({"reason":"再看"})").status, 403);
  text += Told(kept);
  const Answer told = Get("household:张大山", "/api/v1/me/matters/" + kept);
  text += "\nWhat the household reads of it:\n\n";
  text += fmt::format("- {}: {} ({}) was allowed to see the name until {}: {}; {}\n", Local(told.At("shown_to.0.at")), told.At("shown_to.0.officer_name"),
                      told.At("shown_to.0.unit_name"), Local(granted.At("until")), told.At("shown_to.0.ground"), told.At("shown_to.0.reason"));
  text += fmt::format("- {}: {} ({}) looked: {}\n", Local(told.At("looks.0.at")), told.At("looks.0.officer_name"), told.At("looks.0.unit_name"),
                      told.At("looks.0.reason"));
  // Whoever handles it never found the name beside it.
  EXPECT_EQ(Get("sunqi", Path(kept)).text.find("张大山"), std::string::npos);

  const std::string file = std::string(HUIYIN_SOURCE_DIR) + "/docs/story-complaint.md";
  if (std::getenv("HUIYIN_WRITE_DOCS") != nullptr) std::ofstream(file) << text;
  std::ostringstream stored;
  stored << std::ifstream(file).rdbuf();
  EXPECT_EQ(stored.str(), text);
}

}  // namespace
}  // namespace huiyin::testing
