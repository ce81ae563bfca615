// SPDX-License-Identifier: EUPL-1.2
// Every act on a matter, in every state, by every role, from every side: owner, offered to,
// sender, neither. Each is tried through the API on a matter of the town, and undone; what
// is let through is the table in docs/acts.md. HUIYIN_WRITE_DOCS=1 writes it.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

constexpr Role kRoles[] = {Role::kLiaison, Role::kClerk,  Role::kHandler, Role::kSupervisor,
                           Role::kLeader,  Role::kAuditor, Role::kAdministrator};
constexpr std::string_view kUnits[] = {"水务局", "交通局", "清水镇服务站", "白云乡政府", "县政府办", "督查室", "审计监督室"};

struct Undone {};

// Lets every write run and takes it back, so that one act is tried after another on the same matter.
class DryDatabase : public db::Database {
 public:
  DryDatabase(std::unique_ptr<db::Database> under, const bool& is_dry) : under_(std::move(under)), is_dry_(is_dry) {}
  void Read(const Job& job) override { under_->Read(job); }
  void WriteLater(Job job, db::Durability durability, Done done) override {
    if (!is_dry_) return under_->WriteLater(std::move(job), durability, std::move(done));
    under_->WriteLater([job = std::move(job)](db::Tx& tx) {
      job(tx);
      throw Undone();
    }, durability, [done = std::move(done)](std::exception_ptr failure) {
      try {
        if (failure) std::rethrow_exception(failure);
      } catch (const Undone&) {
        return done(nullptr);
      } catch (...) {
        return done(std::current_exception());
      }
      done(nullptr);
    });
  }
  void Backup(const std::filesystem::path& to, const std::function<void()>& fixed) override { under_->Backup(to, fixed); }
  db::Counters counters() const override { return under_->counters(); }

 private:
  std::unique_ptr<db::Database> under_;
  const bool& is_dry_;
};

class Acts : public Town {
 protected:
  std::unique_ptr<db::Database> Watched(std::unique_ptr<db::Database> opened) override {
    return std::make_unique<DryDatabase>(std::move(opened), is_dry_);
  }
  static std::string Login(std::string_view unit, Role role) { return std::string(unit) + "." + std::string(RoleName(role)); }
  std::string To(std::string_view unit) { return fmt::format(R"({{"unit_id":"{}"}})", UnitId(unit)); }
  Answer Do(std::string_view as, std::string_view act, const std::string& body = "{}") {
    Answer answer = Post(as, "/api/v1/matters/" + id_ + "/" + std::string(act), body);
    EXPECT_EQ(answer.status, 201) << act << " " << answer.text;
    return answer;
  }
  std::string Asks() {
    return fmt::format(R"("asks":[{{"id":"{}","outcome":"explained","text":"x"}}])",
                       Get("zhangsan", "/api/v1/matters/" + id_ + "/asks").At("items.0.id"));
  }
  std::string Answering() { return R"({"text":"x",)" + Asks() + "}"; }
  void Open(Role role, std::string_view unit) {
    const Answer taken = Post(Login(unit, role), "/api/v1/matters",
        fmt::format(R"({{"text":"路灯坏了","kind":"help","household_id":"{}"}})", HouseholdId("张大山")));
    ASSERT_EQ(taken.status, 201) << taken.text;
    id_ = taken.At("id");
    receipt_ = taken.At("receipt");
  }
  void Judge(bool solved) { EXPECT_EQ(Post("", "/api/v1/receipts/" + receipt_ + "/judgement", fmt::format(R"({{"solved":{}}})", solved)).status, 201); }
  void Appeal() { EXPECT_EQ(Post("", "/api/v1/receipts/" + receipt_ + "/appeal", R"({"reason":"不服"})").status, 201); }

  // A question that waits for whoever asked.
  void Ask() {
    Do(Login("水务局", Role::kHandler), "relay", R"({"text":"在哪里？"})");
    relay_ = Get("zhangsan", "/api/v1/matters/" + id_).At("relay.0.id");
  }

  // A matter in the state of the letter; owned by the water bureau until it is reviewed.
  void Make(char state) {
    Open(Role::kClerk, state == 'R' ? "水务局" : "清水镇服务站");
    if (HasFatalFailure()) return;
    if (state == 'R') return Ask();
    const std::string clerk = Login("清水镇服务站", Role::kClerk), handler = Login("水务局", Role::kHandler);
    Do(clerk, "assignment", To("水务局"));
    if (state == 'Q') {
      relay_.clear();
      Do(handler, "return", R"({"reason":"不归我们"})");
      return;
    }
    Do(handler, "acceptance");
    Ask();
    if (state == 'O') Do(handler, "assignment", To("交通局"));
    if (state == 'M') {
      const std::string mine = id_;
      Open(Role::kClerk, "水务局");
      into_ = std::exchange(id_, mine);
      Do(handler, "merge", fmt::format(R"({{"into_id":"{}"}})", into_));
    }
    if (state == 'W') EXPECT_EQ(Post("household:张大山", "/api/v1/me/matters/" + id_ + "/withdrawal", R"({"reason":"不用了"})").status, 201);
    if (std::string_view("NSVFC").find(state) == std::string_view::npos) return;
    Do(handler, "answer", Answering());
    if (state == 'S') Judge(true);
    if (state == 'N' || state == 'S') return;
    Appeal();
    if (state == 'V') return;
    const auto owner = [&] { return UnitNamed(Get("zhangsan", "/api/v1/matters/" + id_).At("owner.unit_id")); };
    Do(Login(owner(), Role::kHandler), "answer", Answering());
    Appeal();
    if (state == 'F') return;
    Do(Login(owner(), Role::kHandler), "answer", Answering());
  }
  std::string UnitNamed(const std::string& id) {
    for (const std::string_view unit : kUnits) {
      if (UnitId(unit) == id) return std::string(unit);
    }
    return "白云乡政府";
  }
  // What an act says, so that nothing but its state and who does it can be against it.
  std::string BodyOf(std::string_view act) {
    if (act == "assignment") return To("督查室");
    if (act == "return" || act == "appeal" || act == "unmerge") return R"({"reason":"x"})";
    if (act == "return_decision") return R"({"agreed":false,"note":"x"})";
    if (act == "co_handlers") return fmt::format(R"({{"unit_id":"{}","ask_ids":[]}})", UnitId("督查室"));
    if (act == "answer") return Answering();
    if (act == "extension") return R"({"rule":"hotline.extend","days":3,"reason":"x"})";
    if (act == "extension_decision") return R"({"granted":true})";
    if (act == "judgement") return R"({"solved":true,"asked_by_channel":"phone"})";
    if (act == "withdrawal") return R"({"reason":"x","by_resident":true})";
    if (act == "reminder") return R"({"note":"x"})";
    if (act == "merge") return fmt::format(R"({{"into_id":"{}"}})", into_);
    if (act == "members") return R"({"text":"我家也是","contact":"13900000007"})";
    if (act == "representatives") return R"({"member_ids":[]})";
    if (act == "confidentiality") return R"({"confidential":true})";
    if (act == "harm_reports") return fmt::format(R"({{"ground":"child","unit_id":"{}","text":"x"}})", UnitId("督查室"));
    if (act == "relay_answers") {
      return fmt::format(R"({{"relay_id":"{}","text":"x"}})", relay_.empty() ? "990101-0192f3a4-7c1e-7abc-8def-0123456789ab" : relay_);
    }
    if (act == "pauses") return R"({"kind":"hearing","from":"2026-03-12","until":"2026-03-13","reason":"x"})";
    if (act == "answer_decision") return R"({"draft_id":"990101-0192f3a4-7c1e-7abc-8def-0123456789ab","approved":true})";
    // What a new act takes besides is its own test's matter.
    return R"({"text":"x","reason":"x","note":"x"})";
  }

  bool is_dry_ = false;
  std::string id_, receipt_, into_, relay_;
};

constexpr std::string_view kStates = "RAOQNSVFCMW";

TEST_F(Acts, AreLetThroughAsTheTableSays) {
  for (const std::string_view unit : kUnits) {
    for (const Role role : kRoles) AddOfficer(Login(unit, role), "某某", unit, role, "990101");
  }
  std::vector<std::string> acts;
  for (const Module& module : dispatch_->modules()) {
    for (const Route& route : module.routes) {
      constexpr std::string_view kPrefix = "/api/v1/matters/{id}/";
      if (route.method != "POST" || !route.pattern.starts_with(kPrefix)) continue;
      const std::string_view act = route.pattern.substr(kPrefix.size());
      if (act.find('/') == std::string_view::npos) acts.emplace_back(act);
    }
  }
  std::sort(acts.begin(), acts.end());
  ASSERT_GT(acts.size(), 20u);
  for (const std::string_view unit : kUnits) {
    for (const Role role : kRoles) Token(Login(unit, role));
  }
  // act, role, side: the letters of the states in which it is let through.
  std::map<std::tuple<std::string, Role, std::string>, std::string> let;
  Make('R');
  into_ = id_;
  for (const char state : kStates) {
    SCOPED_TRACE(std::string(1, state));
    is_dry_ = false;
    Make(state);
    if (HasFatalFailure()) return;
    const Answer story = Get("zhangsan", "/api/v1/matters/" + id_);
    const std::map<std::string, std::string> sides = {
        {"owner", UnitNamed(story.At("owner.unit_id"))},
        {"offered", story.At("offered_to.id").empty() ? "" : UnitNamed(story.At("offered_to.id"))},
        {"sender", UnitNamed(story.At("owner.unit_id")) == "清水镇服务站" ? "" : "清水镇服务站"},
        {"none", "白云乡政府"}};
    std::map<std::string, std::string> bodies;
    for (const std::string& act : acts) bodies[act] = BodyOf(act);
    is_dry_ = true;
    for (const std::string& act : acts) {
      for (const Role role : kRoles) {
        for (const auto& [side, unit] : sides) {
          if (unit.empty()) continue;
          const Answer answer = Post(Login(unit, role), "/api/v1/matters/" + id_ + "/" + act, bodies[act]);
          EXPECT_LT(answer.status, 500) << act << " " << answer.text;
          if (answer.status == 201 || answer.status == 200) let[{act, role, side}] += state;
          if (answer.status == 422) let[{act, role, side}] += static_cast<char>(std::tolower(state));
        }
      }
    }
  }
  is_dry_ = false;
  std::string text =
      "# Who may do what to a matter, and when\n\nTried by a test (`tests/house/acts_test.cpp`) through the API: every act in "
      "every state by every role from every side, each undone again. It writes this page and compares it.\n\nThe letters are "
      "the states in which the act is let through: **R** received, **A** assigned and held, **O** offered on to another unit, "
      "**Q** returned and not yet decided, **N** answered, **S** settled, **V** in review, **F** in final review, **C** "
      "concluded, **M** merged, **W** withdrawn; a small letter where it is let in and then refused for what it says. *Owner* works in the unit that has it, *offered* in the one it is offered to, "
      "*sender* where it came in, *neither* elsewhere with the same reach over the area. Out of reach nothing exists (404), and "
      "a complaint about an officer or a unit exists for auditors alone.\n";
  for (const std::string& act : acts) {
    text += "\n## " + act + "\n\n| role | owner | offered | sender | neither |\n| --- | --- | --- | --- | --- |\n";
    for (const Role role : kRoles) {
      text += "| " + std::string(RoleName(role));
      for (const char* side : {"owner", "offered", "sender", "none"}) text += " | " + let[{act, role, side}];
      text += " |\n";
    }
  }
  const std::string file = std::string(HUIYIN_SOURCE_DIR) + "/docs/acts.md";
  if (std::getenv("HUIYIN_WRITE_DOCS") != nullptr) std::ofstream(file) << text;
  std::ostringstream kept;
  kept << std::ifstream(file).rdbuf();
  EXPECT_EQ(kept.str(), text);
}

}  // namespace
}  // namespace huiyin::testing
