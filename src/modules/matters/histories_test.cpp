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
constexpr int kSteps = 18;
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
    switch (Draw(40)) {
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
      case 22: case 23: return post("lead", Four(yes ? "sunqi" : "zhouba"));
      case 24: return Change("lead", Show().At("lead.revision"), fmt::format(R"({{"until": "{}", "reason": "配件到了"}})", DayFromNow(2)));
      case 25: return post("lead_release", R"({"reason": "不用包案了"})");
      case 26: return post("steps", fmt::format(R"({{"text": "到现场看", "due": "{}", "officer_id": "{}"}})", DayFromNow(1), OfficerId(yes ? "sunqi" : "zhouba")));
      case 27: return post(fmt::format("steps/{}/end", OneOf("steps")), yes ? R"({"ending": "done"})" : R"({"ending": "dropped", "note": "不必了"})");
      case 28: return post("meetings", fmt::format(R"({{"at": "{}", "place": "村委会", "officers": ["{}"], "said": "群众说了三点",
                                                        "agreed": [{{"text": "换管", "officer_id": "{}", "until": "{}"}}]}})",
                                                   FormatInstant(clock_.now - kHour), OfficerId("sunqi"), OfficerId("sunqi"), DayFromNow(3)));
      case 29: case 30: return post("members", yes ? R"({"contact": "13900000002"})"
                                                   : fmt::format(R"({{"household_id": "{}"}})", HouseholdId(Draw(2) == 0 ? "王建国" : "张大山")));
      case 31: return post(fmt::format("members/{}/judgement", OneOf("members")), fmt::format(R"({{"solved": {}, "asked_by_channel": "counter"}})", yes));
      case 32: return post(fmt::format("members/{}/withdrawal", OneOf("members")), R"({"reason": "搬走了", "by_resident": true})");
      case 33: return post("representatives", fmt::format(R"({{"member_ids": ["{}"]}})", OneOf("members")));
      case 34: return yes ? post("confidentiality", R"({"confidential": true})") : ByReceipt("confidentiality", R"({"confidential": false})");
      case 35: return post("unmaskings", R"({"ground": "《供水条例》", "reason": "要到户"})");
      case 36: return Unmask(yes);
      case 37: return yes ? post("relay", R"({"text": "哪一天的事？"})")
                          : ByReceipt("relay", fmt::format(R"({{"relay_id": "{}", "text": "昨天"}})", OneOf("relay")));
      case 38: return yes ? ByReceipt("judgement_correction", fmt::format(R"({{"solved": {}}})", Draw(2) == 0)) : Called();
      default:
        clock_.Advance(static_cast<int64_t>(Draw(6 * 24)) * kHour);
        Tick();
    }
  }
  void Judge(bool solved) {
    if (Draw(2) == 0) return ByReceipt("appeal", R"({"reason": "不服"})");
    ByReceipt("judgement", fmt::format(R"({{"solved": {}}})", solved));
  }
  void ByReceipt(std::string_view act, const std::string& body) { Counts(Post("", fmt::format("/api/v1/receipts/{}/{}", receipt_, act), body)); }
  void Change(std::string_view part, const std::string& revision, const std::string& body) {
    if (!revision.empty()) Counts(Patch(Draw(2) == 0 ? "liuyi" : "chener", Path(part), std::stoll(revision), body));
  }
  // Decided by another than who asked; then somebody may look, or it is ended.
  void Unmask(bool granted) {
    const std::string wish = Get("zhangsan", "/api/v1/unmaskings").At("items.0.id");
    if (wish.empty()) return;
    Counts(Post("zhangsan", "/api/v1/unmaskings/" + wish + "/decision", fmt::format(R"({{"granted": {}, "note": "不必"}})", granted)));
    Counts(Post(Pick(kPeople), Path("identity_looks"), R"({"reason": "上门"})"));
    if (Draw(2) == 0) Counts(Post("sunqi", "/api/v1/unmaskings/" + wish + "/end"));
  }
  void Called() {
    const std::string call = Get("zhaomin", "/api/v1/callbacks").At("items.0.id");
    if (!call.empty()) Counts(Post("zhaomin", "/api/v1/callbacks/" + call + "/attempts", R"({"outcome": "not_reached"})"));
  }
  void Counts(const Answer& answer) {
    EXPECT_LT(answer.status, 500) << answer.text;
    taken_ += answer.status < 300 ? 1 : 0;
  }
  Answer Show() { return Get("zhangsan", "/api/v1/matters/" + id_); }
  // The id of one of the matter's parts; one that nobody has where there is none.
  std::string OneOf(std::string_view part) {
    const Answer all = part == "members" ? Get("zhangsan", Path("members")) : Show();
    const std::string list = part == "members" ? "items" : std::string(part);
    const size_t count = all.Count(list);
    if (count == 0) return "990101-0192f3a4-7c1e-7abc-8def-0123456789ff";
    return all.At(fmt::format("{}.{}.id", list, Draw(count)));
  }
  std::string DayFromNow(int days) { return FormatDate(LocalDate(clock_.now, Zone{480}) + days); }
  std::string Four(std::string_view responsible) {
    return fmt::format(R"({{"leader_id": "{}", "measures": ["换管"], "until": "{}", "responsible_id": "{}"}})", OfficerId("chener"),
                       DayFromNow(5), OfficerId(responsible));
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
