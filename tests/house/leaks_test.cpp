// SPDX-License-Identifier: EUPL-1.2
// A complaint about an officer or a unit must not show to those near it, by anything. The
// town is lived through twice, day by day, once with complaints in it and once without; then
// everybody near the accused walks every route of the program with every id, word and
// receipt there is, and every answer must be the same. Acts on the complaint's ids are
// answered as on ids that nobody ever made, by the same statements.
#include "modules/attachments/testing.h"
#include "tests/house/walk.h"

namespace huiyin::testing {
namespace {

constexpr Role kRoles[] = {Role::kLiaison, Role::kClerk,  Role::kHandler, Role::kSupervisor,
                           Role::kLeader,  Role::kAuditor, Role::kAdministrator};

// Counts the statements that a request runs.
class CountedTx : public db::Tx {
 public:
  CountedTx(db::Tx& tx, std::vector<std::string>& names) : tx_(tx), names_(names) {}
  int64_t Execute(const db::Sql& sql, std::span<const db::Value> values,
                  const std::function<void(const db::Row&)>* each) override {
    names_.emplace_back(sql.name);
    return tx_.Execute(sql, values, each);
  }
  void Stream(const db::Sql& sql, const std::function<void(const db::Row&)>& each) override { tx_.Stream(sql, each); }
  std::vector<db::Table> Tables() override { return tx_.Tables(); }
  void Script(std::string_view text) override { tx_.Script(text); }
  const db::WordIndex& words() const override { return tx_.words(); }

 private:
  db::Tx& tx_;
  std::vector<std::string>& names_;
};

class CountedDatabase : public db::Database {
 public:
  CountedDatabase(std::unique_ptr<db::Database> under, std::vector<std::string>& names)
      : under_(std::move(under)), names_(names) {}
  void Read(const Job& job) override {
    under_->Read([&](db::Tx& tx) {
      CountedTx counted(tx, names_);
      job(counted);
    });
  }
  void WriteLater(Job job, db::Durability durability, Done done) override {
    under_->WriteLater([this, job = std::move(job)](db::Tx& tx) {
      CountedTx counted(tx, names_);
      job(counted);
    }, durability, std::move(done));
  }
  void Backup(const std::filesystem::path& to, const std::function<void()>& fixed) override { under_->Backup(to, fixed); }
  db::Counters counters() const override { return under_->counters(); }

 private:
  std::unique_ptr<db::Database> under_;
  std::vector<std::string>& names_;
};

constexpr std::string_view kNamed = "990101-0192f3a4-7c1e-7abc-8def-0000000000c1";
constexpr std::string_view kOfUnit = "990101-0192f3a4-7c1e-7abc-8def-0000000000c2";
constexpr std::string_view kInWords = "990101-0192f3a4-7c1e-7abc-8def-0000000000c3";
constexpr std::string_view kTakenDown = "990101-0192f3a4-7c1e-7abc-8def-0000000000c4";
constexpr std::string_view kComplaints[] = {kNamed, kOfUnit, kInWords, kTakenDown};
constexpr std::string_view kNobodys = "990101-0192f3a4-7c1e-7abc-8def-0123456789ab";
// Words that stand in complaints and nowhere else.
constexpr std::string_view kWords[] = {"请吃饭", "白吃白拿", "王干部", "低保名额", "没有证据"};

class Leaks : public Town {
 protected:
  void SetUp() override {
    Town::SetUp();
    checks_contract_ = false;  // walks say all sorts of things on purpose
  }
  std::unique_ptr<db::Database> Watched(std::unique_ptr<db::Database> opened) override {
    return std::make_unique<CountedDatabase>(std::move(opened), statements_);
  }
  // The town again, as it was on its first morning.
  void Anew() {
    TearDown();
    clock_ = FakeClock();
    random_ = SeededRandom(20260311);
    SignInAgain();
    SetUp();
  }
  void Staff() {
    for (const Role role : kRoles) {
      const std::string name(RoleName(role));
      AddOfficer("near." + name, "同事" + name, "清水镇政府", role, "990101101");
      AddOfficer("above." + name, "上级" + name, "县政府办", role, "990101");
      AddOfficer("beside." + name, "别处" + name, "白云乡政府", role, "990101102");
    }
  }
  // Near the accused in some way, and not among those who may know.
  static std::vector<std::string> Cast() {
    std::vector<std::string> cast = {"wangfang", "lina", "zhaomin", "sunqi", "zhouba", "liuyi", "chener", "lisi", "admin",
                                     "household:王建国", ""};
    for (const Role role : kRoles) {
      cast.push_back("near." + std::string(RoleName(role)));
      if (role != Role::kAuditor) cast.push_back("above." + std::string(RoleName(role)));
      if (role != Role::kAuditor) cast.push_back("beside." + std::string(RoleName(role)));
    }
    return cast;
  }

  Answer Must(Answer answer, int status = 201) {
    EXPECT_EQ(answer.status, status) << answer.text;
    return answer;
  }
  std::string Picture(std::string_view as, const std::string& to) {
    namespace pictures = huiyin::attachments;
    const auto jpeg = pictures::EncodeJpeg(pictures::testing::Gradient(64, 48));
    return Must(Call(as, "POST", "/api/v1/attachments?" + to, jpeg, {"Content-Type: image/jpeg"})).At("id");
  }
  void Do(std::string_view as, std::string_view id, std::string_view act, const std::string& body = "{}") {
    SCOPED_TRACE(act);
    Must(Post(as, "/api/v1/matters/" + std::string(id) + "/" + std::string(act), body));
  }
  std::string Answering(std::string_view as, std::string_view id, std::string_view text) {
    const Answer asks = Get(as, "/api/v1/matters/" + std::string(id) + "/asks");
    return fmt::format(R"({{"text": "{}", "asks": [{{"id": "{}", "outcome": "explained", "text": "{}"}}]}})", text,
                       asks.At("items.0.id"), text);
  }

  // What the town does anyway.
  void Ordinary() {
    const std::string at = R"("at":"2026-03-11T01:30:00Z","met":"head","diary":"路灯坏了。")";
    visit_ = Must(Post("wangfang", "/api/v1/visits", fmt::format(R"({{"household_id":"{}",{}}})", HouseholdId("张大山"), at))).At("id");
    other_visit_ = Must(Post("lina", "/api/v1/visits", fmt::format(R"({{"household_id":"{}",{}}})", HouseholdId("赵春花"), at))).At("id");
    const Answer taken = Must(Post("wangfang", "/api/v1/matters",
        fmt::format(R"({{"channel":"visit","text":"一组的路灯坏了三盏","household_id":"{}","visit_id":"{}"}})", HouseholdId("张大山"), visit_)));
    ordinary_ = taken.At("id");
    receipt_ = taken.At("receipt");
    Do("wangfang", ordinary_, "assignment", fmt::format(R"({{"unit_id":"{}"}})", UnitId("水务局")));
    Do("sunqi", ordinary_, "acceptance");
    order_ = Must(Post("liuyi", "/api/v1/matters/" + ordinary_ + "/orders", R"({"text":"请抓紧"})")).At("id");
    picture_ = Picture("wangfang", "matter_id=" + ordinary_);
    Must(Post("", "/api/v1/matters", R"({"text":"村口的桥栏杆坏了","area_code":"990101101002","contact":"13900000001"})"));
  }

  void Complain() {
    named_receipt_ = Must(Post("household:张大山", "/api/v1/me/matters",
        fmt::format(R"({{"id":"{}","text":"来走访的人要我们请吃饭才肯报材料。","about_officer_id":"{}"}})", kNamed, OfficerId("wangfang")))).At("receipt");
    Must(Post("", "/api/v1/matters",
        fmt::format(R"({{"id":"{}","text":"镇上的人白吃白拿。","anonymous":true,"area_code":"990101101001","about_unit_id":"{}"}})", kOfUnit, UnitId("清水镇政府"))));
    Must(Post("", "/api/v1/matters",
        fmt::format(R"({{"id":"{}","text":"那个人说给钱才有低保名额。","area_code":"990101101001","about_text":"清水镇的王干部","contact":"13900000009"}})", kInWords)));
    // Written down by an officer of another township at a visit, about the unit of the first.
    Must(Post("lina", "/api/v1/matters",
        fmt::format(R"({{"id":"{}","channel":"visit","text":"清水镇的人白吃白拿，我没有证据。","household_id":"{}","visit_id":"{}","about_unit_id":"{}"}})",
                    kTakenDown, HouseholdId("赵春花"), other_visit_, UnitId("清水镇政府"))));
  }
  // Those who may know handle them, badly.
  void Handle() {
    for (const std::string_view id : kComplaints) {
      SCOPED_TRACE(id);
      EXPECT_EQ(Get("zhangsan", "/api/v1/matters/" + std::string(id)).status, 200);
      Do("zhangsan", id, "acceptance");
      Do("zhangsan", id, "note", R"({"text":"先看接待登记，没有证据"})");
      Picture("zhangsan", "matter_id=" + std::string(id));
    }
    Do("zhangsan", kOfUnit, "extension", R"({"rule":"petition.extend","days":10,"reason":"白吃白拿要逐户核实"})");
    Do("zhangsan", kNamed, "answer", Answering("zhangsan", kNamed, "没有证据。"));
    // A petition's answer goes out when a second officer agrees to it, who may know of it too.
    const std::string draft = Get("zhangsan", "/api/v1/matters/" + std::string(kNamed)).At("draft.id");
    Do("above.auditor", kNamed, "answer_decision", fmt::format(R"({{"draft_id": "{}", "approved": true}})", draft));
    Must(Post("household:张大山", "/api/v1/me/matters/" + std::string(kNamed) + "/judgement", R"({"solved":false,"rating":1,"text":"请吃饭的事没查"})"));
  }
  // Weeks pass and clocks act.
  void Pass() {
    for (int day = 0; day < 90; day += 10) {
      clock_.Advance(10 * kDay);
      Tick();
    }
  }

  Known Everything() {
    Known known;
    known.ids.assign(lasting_.begin(), lasting_.end());
    known.ids.insert(known.ids.end(), of_complaints_.begin(), of_complaints_.end());
    for (const std::string_view word : kWords) known.words.emplace_back(word);
    known.words.emplace_back("张大山");
    known.words.emplace_back("路灯");
    known.receipts = {receipt_, "7K3M-9QXT-4"};
    return known;
  }

  // Lives through it and takes down what each of the cast is told; `requests` are the same both times.
  std::map<std::string, std::string> Told(const std::vector<std::string>& requests) {
    std::map<std::string, std::string> told;
    for (const std::string& who : Cast()) {
      for (const std::string& path : requests) {
        told[who + " " + path] = Comparable(path, Get(who, path), lasting_);
      }
    }
    return told;
  }

  std::vector<std::string> statements_;
  std::set<std::string> lasting_;        // the ids that are the same in both towns
  std::set<std::string> of_complaints_;  // what else stands in what may be known of the complaints
  std::string ordinary_, receipt_, named_receipt_, order_, picture_, visit_, other_visit_;
};

// Shows where two texts part.
std::string Parting(const std::string& a, const std::string& b) {
  size_t i = 0;
  while (i < std::min(a.size(), b.size()) && a[i] == b[i]) ++i;
  const size_t from = i > 80 ? i - 80 : 0;
  return "without: ..." + a.substr(from, 300) + "\n   with: ..." + b.substr(from, 300);
}

TEST_F(Leaks, AComplaintChangesNoAnswerToAnybodyNearTheAccused) {
  Staff();
  Ordinary();
  Complain();
  if (HasFailure()) return;
  Handle();
  Pass();
  for (const char* head : {"张大山", "王建国", "赵春花"}) lasting_.insert(HouseholdId(head));
  for (const char* login : {"wangfang", "zhangsan", "lisi"}) lasting_.insert(OfficerId(login));
  for (const char* unit : {"清水镇政府", "审计监督室"}) lasting_.insert(UnitId(unit));
  for (const std::string& id : {ordinary_, order_, picture_, visit_, other_visit_}) lasting_.insert(id);
  for (const std::string_view id : {kNamed, kOfUnit, kInWords, kTakenDown, kNobodys}) lasting_.emplace(id);
  for (const std::string_view id : kComplaints) {
    const std::string path = "/api/v1/matters/" + std::string(id);
    for (const char* part : {"", "/events", "/messages"}) {
      for (const std::string& known : IdsIn(Get("zhangsan", path + part).text)) of_complaints_.insert(known);
    }
  }
  for (const std::string& known : IdsIn(Get("household:张大山", "/api/v1/me/messages").text)) of_complaints_.insert(known);
  std::erase_if(of_complaints_, [&](const std::string& id) { return lasting_.contains(id); });
  const auto requests = Requests(dispatch_->modules(), Everything());
  EXPECT_GT(requests.size(), 400u);
  const auto with = Told(requests);
  EXPECT_EQ(Get("zhangsan", "/api/v1/matters/" + std::string(kNamed)).status, 200);
  EXPECT_EQ(Get("above.auditor", "/api/v1/matters/" + std::string(kOfUnit)).status, 200);

  Anew();
  Staff();
  Ordinary();
  Pass();
  const auto without = Told(requests);
  int shown = 0;
  for (const auto& [what, answer] : with) {
    if (without.at(what) == answer) continue;
    if (++shown <= 10) ADD_FAILURE() << what << "\n" << Parting(without.at(what), answer);
  }
  EXPECT_EQ(shown, 0) << "answers of " << with.size();
  // Whatever was the same both times: no word of a complaint stands in it.
  for (const auto& [what, answer] : with) {
    for (const std::string_view word : kWords) {
      EXPECT_EQ(answer.find(word), std::string::npos) << what;
    }
  }
}

// Not by the status, not by the words of a refusal, not by how much work it is.
TEST_F(Leaks, AnActOnAComplaintIsAnsweredAsOnNothing) {
  Staff();
  Ordinary();
  Complain();
  if (HasFailure()) return;
  Handle();
  const std::vector<std::string> bodies = {
      "{}",
      R"({"text":"x","reason":"x","note":"x","agreed":true,"granted":true,"solved":true,"asked_by_channel":"phone","by_resident":true,"asks":[],"rule":"petition.extend","days":5})",
  };
  for (const std::string& who : Cast()) Get(who, "/api/v1/areas");  // everybody is signed in
  int walked = 0;
  for (const Module& module : dispatch_->modules()) {
    for (const Route& route : module.routes) {
      if (route.pattern.find("/{id}") == std::string_view::npos || route.prepare) continue;
      for (const std::string& who : Cast()) {
        for (const std::string_view id : kComplaints) {
          for (const std::string& body : bodies) {
            const auto ask = [&](std::string_view of) {
              std::string path(route.pattern);
              path.replace(path.find("{id}"), 4, of);
              for (size_t open = path.find('{'); open != std::string::npos; open = path.find('{')) {
                path.replace(open, path.find('}', open) + 1 - open, "residence");
              }
              if (route.shows_reads) Tick();  // what was read before is not this one's work
              statements_.clear();
              const Answer answer = Call(who, route.method, path, route.method == "GET" ? "" : body, {"If-Match: 1"});
              const auto ran = statements_;
              return std::tuple(answer.status, answer.text, ran);
            };
            const auto [unknown_status, unknown_text, unknown_ran] = ask(kNobodys);
            const auto [status, text, ran] = ask(id);
            ++walked;
            EXPECT_EQ(status, unknown_status) << who << " " << route.method << " " << route.pattern;
            EXPECT_EQ(text, unknown_text) << who << " " << route.method << " " << route.pattern;
            EXPECT_EQ(ran, unknown_ran) << who << " " << route.method << " " << route.pattern;
            if (HasFailure()) return;
          }
        }
      }
    }
  }
  EXPECT_GT(walked, 1000);
  // Named as the target of an act on something else.
  for (const std::string_view id : kComplaints) {
    const auto merge = [&](std::string_view into) {
      const Answer answer = Post("sunqi", "/api/v1/matters/" + ordinary_ + "/merge", fmt::format(R"({{"into_id":"{}"}})", into));
      return std::pair(answer.status, answer.text);
    };
    EXPECT_EQ(merge(id), merge(kNobodys));
    const auto attach = [&](std::string_view to) {
      return Call("wangfang", "POST", "/api/v1/attachments?matter_id=" + std::string(to), "x", {"Content-Type: image/jpeg"}).text;
    };
    EXPECT_EQ(attach(id), attach(kNobodys));
  }
}

// An auditor complained of reads the county's audit log every day: neither an entry nor a gap
// in a page tells of it.
TEST_F(Leaks, AnAuditorComplainedOfFindsNothingInTheLog) {
  const auto pages = [&] {
    std::string told;
    for (const char* path : {"/api/v1/audit?limit=5", "/api/v1/audit?limit=200", "/api/v1/audit?action=matter.received",
                             "/api/v1/audit?action=matter.read", "/api/v1/audit?action=attachment.read"}) {
      const Answer log = Get("zhangsan", path);
      // The chain's numbers are not the same both times, nor is the order within a millisecond.
      std::multiset<std::string> lines;
      for (size_t i = 0; i < log.Count("items"); ++i) {
        const std::string at = fmt::format("items.{}.", i);
        lines.insert(log.At(at + "at") + " " + log.At(at + "action") + " " + log.At(at + "actor.name"));
      }
      for (const std::string& line : lines) told += line + "\n";
      told += log.At("next_cursor").empty() ? "end\n" : "more\n";
    }
    return told;
  };
  const auto live = [&](bool complains) {
    Staff();
    Ordinary();
    for (int i = 0; i < 4; ++i) Get("liuyi", "/api/v1/matters/" + ordinary_);
    if (complains) {
      Must(Post("household:张大山", "/api/v1/me/matters",
          fmt::format(R"({{"id":"{}","text":"审计室白吃白拿","about_officer_id":"{}"}})", kNamed, OfficerId("zhangsan"))));
      EXPECT_EQ(Get("above.auditor", "/api/v1/matters/" + std::string(kNamed)).status, 200);
      Do("above.auditor", kNamed, "acceptance");
      Get("above.auditor", "/api/v1/attachments/" + Picture("above.auditor", "matter_id=" + std::string(kNamed)));
    }
    Pass();
    if (complains) {
      // What the clock ordered is read too.
      const Answer story = Get("above.auditor", "/api/v1/matters/" + std::string(kNamed));
      for (size_t i = 0; i < story.Count("orders"); ++i) Get("above.auditor", "/api/v1/orders/" + story.At(fmt::format("orders.{}.id", i)));
      EXPECT_EQ(Get("zhangsan", "/api/v1/matters/" + std::string(kNamed)).status, 404);
    }
    Tick();
    return pages();
  };
  const std::string with = live(true);
  Anew();
  EXPECT_EQ(with, live(false));
}

// A name kept apart: nobody outside the small circle finds it beside what was asked, by any route.
TEST_F(Leaks, ANameKeptApartStandsBesideNothing) {
  Staff();
  const std::string to_county = fmt::format(R"({{"unit_id":"{}"}})", UnitId("水务局"));
  const Answer filed = Must(Post("household:张大山", "/api/v1/me/matters",
      fmt::format(R"({{"id":"{}","text":"夜里有人偷水","confidential":true,"contact":{{"phone":"13912345678","how":"message"}}}})", kNamed)));
  // Another, written down at a visit, by the officer of that household.
  const Answer visit = Must(Post("lina", "/api/v1/visits", fmt::format(R"({{"household_id":"{}","at":"2026-03-11T01:30:00Z","met":"head","diary":"走访"}})", HouseholdId("赵春花"))));
  const Answer taken = Must(Post("lina", "/api/v1/matters",
      fmt::format(R"({{"id":"{}","channel":"visit","text":"夜里有人偷水两次","confidential":true,"household_id":"{}","visit_id":"{}","contact":{{"phone":"13987654321","how":"letter"}}}})",
                  kTakenDown, HouseholdId("赵春花"), visit.At("id"))));
  if (HasFailure()) return;
  for (const std::string_view id : {kNamed, kTakenDown}) {
    Do(id == kNamed ? "zhaomin" : "lina", id, "assignment", to_county);
    Do("sunqi", id, "acceptance");
    Do("sunqi", id, "relay", R"({"text":"哪几天夜里偷水？"})");
    Do("sunqi", id, "unmaskings", R"({"ground":"供水条例","reason":"要查表"})");
    Picture("sunqi", "matter_id=" + std::string(id));
    Do("sunqi", id, "answer", Answering("sunqi", id, "已查偷水。"));
  }
  Pass();
  Known known;
  known.words = {"偷水", "张大山", "赵春花", "13912345678", "5678"};
  known.receipts = {filed.At("receipt"), taken.At("receipt"), "7K3M-9QXT-4"};
  std::set<std::string> ids;
  for (const std::string_view id : {kNamed, kTakenDown}) {
    ids.emplace(id);
    for (const char* part : {"", "/events", "/messages"}) {
      for (const std::string& one : IdsIn(Get("zhangsan", "/api/v1/matters/" + std::string(id) + part).text)) ids.insert(one);
    }
  }
  for (const char* head : {"张大山", "王建国", "赵春花"}) ids.insert(HouseholdId(head));
  ids.insert(visit.At("id"));
  known.ids.assign(ids.begin(), ids.end());
  const auto requests = Requests(dispatch_->modules(), known);
  const std::vector<std::string> who_asked = {"张大山", "赵春花", "李秀英", "13912345678", "13987654321", "5678", "4321",
                                              HouseholdId("张大山"), HouseholdId("赵春花"), visit.At("id"), "一组", "松林坡"};
  const std::vector<std::string> what = {std::string(kNamed), std::string(kTakenDown), filed.At("receipt"), taken.At("receipt"), "偷水"};
  int both = 0;
  for (const std::string& who : Cast()) {
    const bool is_circle = who == "lisi" || who == "near.auditor";
    if (is_circle) continue;
    for (const std::string& path : requests) {
      const Answer answer = Get(who, path);
      if (answer.status != 200 || !answer.body.is_object()) continue;
      // A list may have both in lines of their own; no line has.
      std::vector<std::string> parts;
      if (const json::value* items = answer.body.get_object().if_contains("items"); items != nullptr) {
        for (const json::value& item : items->as_array()) parts.push_back(json::serialize(item));
      } else {
        parts.push_back(answer.text);
      }
      for (const std::string& part : parts) {
        const auto has = [&](const std::vector<std::string>& words) {
          return std::find_if(words.begin(), words.end(), [&](const std::string& word) { return part.find(word) != std::string::npos; });
        };
        const auto name = has(who_asked), matter = has(what);
        if (name == who_asked.end() || matter == what.end()) continue;
        // Whoever wrote it down may be shown whose it is, and the look is an act of its own.
        if (++both <= 10) ADD_FAILURE() << who << " " << path << " shows " << *name << " beside " << *matter << "\n" << part.substr(0, 600);
      }
    }
  }
  EXPECT_EQ(both, 0);
}

// An auditor of elsewhere finds in no list what they could not open.
TEST_F(Leaks, AListShowsNoComplaintThatDoesNotOpen) {
  Staff();
  Ordinary();
  Complain();
  if (HasFailure()) return;
  for (const char* who : {"zhangsan", "lisi", "above.auditor", "near.auditor", "beside.auditor"}) {
    for (const char* list : {"/api/v1/matters", "/api/v1/matters?queue=open", "/api/v1/matters?q=白吃白拿"}) {
      const Answer found = Get(who, list);
      for (size_t i = 0; i < found.Count("items"); ++i) {
        EXPECT_EQ(Get(who, "/api/v1/matters/" + found.At(fmt::format("items.{}.id", i))).status, 200) << who << " " << list;
      }
    }
  }
}

// Who asked not to be named is nowhere, signed in or not.
TEST_F(Leaks, WhoAskedNotToBeNamedIsInNoRow) {
  const Answer filed = Must(Post("household:张大山", "/api/v1/me/matters",
      fmt::format(R"({{"text":"路灯坏了不敢说","anonymous":true,"about_unit_id":"{}"}})", UnitId("清水镇政府"))));
  Tick();
  static constexpr db::Sql kActors{"test.actors", R"sql(
    SELECT (SELECT COUNT(*) FROM events WHERE act = 'matter.received' AND actor_id IS NOT NULL)
         + (SELECT COUNT(*) FROM audit_entries WHERE act = 'matter.received' AND actor_id IS NOT NULL)
  )sql"};
  EXPECT_EQ(Number(kActors), 0);
  EXPECT_EQ(Get("zhangsan", "/api/v1/audit?action=matter.received").text.find(HouseholdId("张大山")), std::string::npos);
}

}  // namespace
}  // namespace huiyin::testing
