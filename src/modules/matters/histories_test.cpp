// SPDX-License-Identifier: EUPL-1.2
// Random histories of matters over real storage: whatever anybody does in whatever order,
// no open matter is without an owner or a clock, and its events alone tell what its row
// says. HUIYIN_HISTORIES sets how many; the short form runs with the other tests.
#include <cstdlib>

#include "modules/matters/alarms.h"
#include "modules/matters/projection.h"
#include "modules/matters/rules.h"
#include "modules/matters/store.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

constexpr int kShort = 120;
constexpr int kSteps = 14;
constexpr int kTries = 5;

constexpr std::array<std::string_view, 9> kPeople = {"zhaomin", "wangfang", "lina",   "sunqi", "zhouba",
                                                     "liuyi",   "chener",   "zhangsan", ""};
constexpr std::array<std::string_view, 5> kUnits = {"水务局", "交通局", "清水镇政府", "督查室", "清水镇服务站"};

class Histories : public Town {
 protected:
  uint64_t Draw(uint64_t below) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_ % below;
  }
  template <class List>
  auto Pick(const List& list) {
    return list[Draw(list.size())];
  }

  std::string Asks(bool all) {
    const Answer asks = Get("zhangsan", Path("asks"));
    std::string body;
    for (size_t i = 0; i < asks.Count("items"); ++i) {
      if (!all && Draw(3) == 0) continue;
      const std::string outcome = Draw(4) == 0 ? R"("refused", "rule": "《条例》第三条")" : R"("done")";
      body += fmt::format(R"({}{{"id": "{}", "outcome": {}, "text": "说明"}})", body.empty() ? "" : ",",
                          asks.At(fmt::format("items.{}.id", i)), outcome);
    }
    return body;
  }
  std::string Path(std::string_view act) { return "/api/v1/matters/" + id_ + "/" + std::string(act); }

  // One act; many are refused, as they should be.
  void Act() {
    const std::string unit = UnitId(Pick(kUnits));
    const bool yes = Draw(2) == 0;
    const auto post = [&](std::string_view act, const std::string& body) {
      // Somebody tries, and when refused somebody else does.
      for (int tries = 0; tries < kTries; ++tries) {
        const Answer answer = Post(Pick(kPeople), Path(act), body);
        EXPECT_LT(answer.status, 500) << act << " " << body << " " << answer.text;
        if (answer.status >= 300) continue;
        ++taken_;
        break;
      }
    };
    switch (Draw(23)) {
      case 0: case 1: return post("assignment", fmt::format(R"({{"unit_id": "{}"}})", unit));
      case 2: case 3: return post("acceptance", "{}");
      case 4: return post("return", R"({"reason": "不归我们"})");
      case 5: return post("return_decision", yes ? R"({"agreed": true})" : R"({"agreed": false, "note": "归你们"})");
      case 6: return post("return_decision", fmt::format(R"({{"agreed": true, "unit_id": "{}"}})", unit));
      case 7: case 8: return post("answer", fmt::format(R"({{"text": "答复", "asks": [{}]}})", Asks(Draw(8) != 0)));
      case 9: return post("extension", R"({"rule": "hotline.extend", "days": 3, "reason": "等配件"})");
      case 10: return post("extension_decision", yes ? R"({"granted": true})" : R"({"granted": false})");
      case 11: return post("judgement", fmt::format(R"({{"solved": {}, "asked_by_channel": "phone"}})", yes));
      case 12: return post("appeal", R"({"reason": "不服"})");
      case 13: return post("co_handlers", fmt::format(R"({{"unit_id": "{}", "ask_ids": []}})", unit));
      case 14: return post("orders", R"({"text": "抓紧办"})");
      case 15: return Draw(6) == 0 ? post("withdrawal", R"({"reason": "不用了", "by_resident": true})") : post("note", R"({"text": "记一笔"})");
      case 16: return Judge(yes);
      case 17: return post("merge", fmt::format(R"({{"into_id": "{}"}})", other_));
      case 18: return post("unmerge", R"({"reason": "不是一回事"})");
      case 19: case 20: return post("answer_decision", fmt::format(R"({{"draft_id": "{}", "approved": {}, "note": "再写"}})",
                                                                   Get("zhangsan", "/api/v1/matters/" + id_).At("draft.id"), yes));
      case 21: return post("passing_up", yes ? R"({"reason": "这里办不了"})" : fmt::format(R"({{"unit_id": "{}", "reason": "这里办不了"}})", unit));
      default:
        clock_.Advance(static_cast<int64_t>(Draw(6 * 24)) * kHour);
        Tick();
    }
  }
  void Judge(bool solved) {
    const bool appeals = Draw(2) == 0;
    const std::string path = "/api/v1/receipts/" + receipt_ + (appeals ? "/appeal" : "/judgement");
    const Answer answer = Post("", path, appeals ? std::string(R"({"reason": "不服"})") : fmt::format(R"({{"solved": {}}})", solved));
    EXPECT_LT(answer.status, 500) << answer.text;
  }

  static std::string Story(db::Tx& tx, const MatterId& id) {
    std::string story;
    for (const auto& event : matters::EventsOf(tx, kCounty, id)) story += event.act + " " + event.data + "\n";
    return story;
  }
  // What must hold after every act.
  void Check() {
    Write([&](db::Tx& tx) {
      const auto uuid = ParseUuid(std::string_view(id_).substr(id_.find('-') + 1));
      const MatterId id(*uuid);
      const auto matter = matters::FindMatter(tx, kCounty, id);
      ASSERT_TRUE(matter);
      const auto differences = matters::Differences(*matter, matters::Project(matters::EventsOf(tx, kCounty, id)));
      std::string all;
      for (const std::string& one : differences) all += one + "; ";
      EXPECT_EQ(all, "") << Story(tx, id);
      EXPECT_FALSE(matter->owner_unit.IsNil());
      int running = 0;
      for (const auto& clock : matters::ClocksOf(tx, kCounty, id)) {
        const bool is_residents = clock.step == "answer" || clock.step == "review" || clock.step == "final_review";
        if (clock.ended_at) {
          EXPECT_FALSE(matters::FindAlarm(tx, kCounty, clock.id)) << clock.step << " ended and still acts";
          continue;
        }
        running += is_residents ? 1 : 0;
        if (is_residents) EXPECT_EQ(matter->due_at, clock.due_at);
        if (clock.due_at >= clock_.now) EXPECT_TRUE(matters::FindAlarm(tx, kCounty, clock.id)) << clock.step << " runs and does nothing";
      }
      EXPECT_EQ(running, matters::AwaitsAnswer(*matter) ? 1 : 0) << matters::StateName(matter->state);
      EXPECT_EQ(matter->due_at.has_value(), matters::AwaitsAnswer(*matter));
      const auto holds = matters::HoldsOf(tx, kCounty, id);
      int held = 0;
      for (const auto& hold : holds) {
        if (hold.until) continue;
        ++held;
        EXPECT_EQ(Uuid(hold.unit), Uuid(matter->owner_unit));
      }
      EXPECT_EQ(held, matters::IsOpen(matter->state) ? 1 : 0);
    });
  }

  void Live() {
    SignInAgain();
    const bool is_complaint = Draw(5) == 0;
    const Answer taken = Post("zhaomin", "/api/v1/matters",
                              fmt::format(R"({{"text": "反映的事", "kind": "{}", "area_code": "990101101001",
                                  "asks": [{{"text": "一"}}, {{"text": "二"}}]}})", is_complaint ? "complaint" : "help"));
    ASSERT_EQ(taken.status, 201) << taken.text;
    id_ = taken.At("id");
    receipt_ = taken.At("receipt");
    // What it may be merged into, and be taken out of again.
    other_ = Post("zhaomin", "/api/v1/matters", R"({"text": "另一件", "area_code": "990101101001"})").At("id");
    for (int step = 0; step < kSteps && !HasFailure(); ++step) {
      Act();
      Check();
    }
  }

  uint64_t state_ = 0x9e3779b97f4a7c15;
  std::string id_;
  std::string other_;
  std::string receipt_;
  int taken_ = 0;
};

TEST_F(Histories, NothingIsLostWhateverIsDone) {
  const char* wanted = std::getenv("HUIYIN_HISTORIES");
  const int count = wanted != nullptr ? std::atoi(wanted) : kShort;
  for (int i = 0; i < count; ++i) {
    SCOPED_TRACE("history " + std::to_string(i));
    Live();
    if (HasFailure()) break;
  }
  // A walk in which nothing ever succeeds would prove nothing.
  EXPECT_GT(taken_, count * 2);
}

}  // namespace
}  // namespace huiyin::testing
