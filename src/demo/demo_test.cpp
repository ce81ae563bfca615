// SPDX-License-Identifier: EUPL-1.2
// A small county, made once: what must hold of every county the generator makes, and that
// the program reads it as its own.
#include "demo/demo.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "app/wiring.h"
#include "core/crypto.h"
#include "db/migrate.h"
#include "demo/scale.h"
#include "demo/words.h"
#include "modules/identity/identity.h"
#include "modules/matters/matters.h"
#include "platform/audit.h"
#include "platform/dispatch.h"

namespace huiyin::demo {
namespace {

namespace fs = std::filesystem;

constexpr County kCounty{990101};
constexpr int kHouseholds = 200;

class FixedClock : public Clock {
 public:
  Instant Now() override { return now; }
  Instant now{*ParseInstant("2026-11-20T09:30:00Z")};
};

struct Answer {
  int status = 0;
  json::value body;
};

class DemoCounty : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir_ = fs::temp_directory_path() / fmt::format("huiyin-demo-test-{}", ::getpid());
    fs::remove_all(dir_);
    fs::create_directories(dir_ / "files");
    database_ = Fill(dir_ / "huiyin.db", 1, made_);
    accounts_ = json::parse(made_.accounts).as_object();
    Services services{.database = *database_, .clock = clock_, .random = SystemRandom(), .files = dir_ / "files", .reads = dir_ / "reads",
                      .default_county = kCounty, .zone = Zone{}};
    services.field_key.fill(7);
    dispatch_ = std::make_unique<Dispatch>(services, AllModules(), DispatchOptions{.workers = 1, .slow_workers = 1});
  }

  static void TearDownTestSuite() {
    dispatch_.reset();
    database_.reset();
    fs::remove_all(dir_);
  }

  static std::unique_ptr<db::Database> Fill(const fs::path& file, uint64_t seed, Made& made) {
    auto database = db::OpenSqlite({.file = file, .readers = 1, .sync = false});
    db::Migrate(*database, clock_.now);
    Options options;
    options.data = fs::path(HUIYIN_SOURCE_DIR) / "data";
    options.households = kHouseholds;
    options.matters = 400;
    options.seed = seed;
    options.now = clock_.now;
    options.field_key.fill(7);
    made = Make(*database, options);
    return database;
  }

  static int64_t Count(std::string_view sql) { return CountIn(*database_, sql); }

  // Statements are found by the address of their text, so each is kept for good.
  static int64_t CountIn(db::Database& database, std::string_view sql) {
    static std::set<std::string, std::less<>> kept;
    const auto text = kept.emplace(sql).first;
    int64_t number = 0;
    database.Read([&](db::Tx& tx) { number = tx.Number(db::Sql{"test", *text}); });
    return number;
  }

  static Answer Call(std::string_view token, std::string_view method, std::string_view path, std::string_view body = "") {
    http::Request request;
    request.method = method;
    request.target = path;
    const size_t mark = std::min(path.find('?'), path.size());
    request.path = path.substr(0, mark);
    for (std::string_view rest = path.substr(std::min(mark + 1, path.size())); !rest.empty();) {
      const size_t end = std::min(rest.find('&'), rest.size());
      const std::string_view pair = rest.substr(0, end);
      const size_t equals = std::min(pair.find('='), pair.size());
      request.query.emplace_back(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    request.peer = fmt::format("127.0.0.{}", ++peer_ % 250);  // nobody is slowed down here
    request.request_id = "test";
    request.body = body;
    if (!token.empty()) request.headers.emplace_back("authorization", "Bearer " + std::string(token));
    if (!body.empty()) request.headers.emplace_back("content-type", "application/json");
    const http::Response response = dispatch_->HandleNow(std::move(request));
    return {response.status, response.body.empty() ? json::value() : json::parse(response.body)};
  }

  static std::string Text(const json::value& object, std::string_view name) {
    return std::string(object.at(name).as_string());
  }

  static Answer SignIn(const json::value& officer) {
    return Call("", "POST", "/api/v1/sessions",
                json::serialize(json::object{{"login", officer.at("login")}, {"password", officer.at("password")}}));
  }
  static Answer OpenCard(const json::value& resident) {
    return Call("", "POST", "/api/v1/resident_sessions",
                json::serialize(json::object{{"card_number", resident.at("card_number")}, {"pin", resident.at("pin")}}));
  }

  static inline fs::path dir_;
  static inline FixedClock clock_;
  static inline Made made_;
  static inline json::object accounts_;
  static inline std::unique_ptr<db::Database> database_;
  static inline std::unique_ptr<Dispatch> dispatch_;
  static inline int peer_ = 0;
};

TEST_F(DemoCounty, HasTheHouseholdsAskedFor) {
  EXPECT_EQ(kHouseholds, Count("SELECT count(*) FROM households"));
  EXPECT_EQ(made_.residents, Count("SELECT count(*) FROM residents"));
  EXPECT_EQ(kHouseholds, Count("SELECT households FROM areas WHERE code = '990101'"));
  EXPECT_EQ(kHouseholds, Count("SELECT sum(households) FROM areas WHERE level = 'group'"));
}

TEST_F(DemoCounty, EveryHouseholdHasTenSectionsButThoseTakenBack) {
  EXPECT_EQ(0, Count(R"(SELECT count(*) FROM households h WHERE 10 <>
      (SELECT count(*) FROM household_sections s WHERE s.household_id = h.id) +
      (SELECT count(*) FROM consents c WHERE c.household_id = h.id AND c.withdrawn_at IS NOT NULL))"));
}

TEST_F(DemoCounty, EveryHeadLivesInTheHousehold) {
  EXPECT_EQ(0, Count(R"(SELECT count(*) FROM households h WHERE NOT EXISTS
      (SELECT 1 FROM residents r WHERE r.id = h.head_id AND r.household_id = h.id AND r.name = h.head_name
       AND r.relation = 'head' AND r.state = 'living'))"));
}

TEST_F(DemoCounty, PairingsLieInTheLifeOfTheirHouseholds) {
  EXPECT_EQ(0, Count("SELECT count(*) FROM pairings WHERE until_on < from_on"));
  EXPECT_GT(Count("SELECT count(*) FROM pairings WHERE until_on IS NULL AND kind = 'household'"), kHouseholds * 9 / 10);
}

TEST_F(DemoCounty, VisitsAndPromisesBelongTogether) {
  EXPECT_EQ(made_.visits, Count("SELECT count(*) FROM visits"));
  EXPECT_GT(made_.visits, kHouseholds * 3);
  EXPECT_EQ(0, Count(R"(SELECT count(*) FROM promises p WHERE NOT EXISTS
      (SELECT 1 FROM visits v WHERE v.id = p.visit_id AND v.household_id = p.household_id AND v.at <= p.created_at))"));
  EXPECT_EQ(0, Count("SELECT count(*) FROM promises WHERE (state = 'kept') <> (closed_at IS NOT NULL)"));
  EXPECT_EQ(0, Count(R"(SELECT count(*) FROM households h WHERE coalesce(last_visit_at, 0) <> coalesce(
      (SELECT max(at) FROM visits v WHERE v.household_id = h.id AND v.met <> 'nobody'), 0))"));
  EXPECT_EQ(0, Count(R"(SELECT count(*) FROM visit_plans p WHERE state = 'done' AND NOT EXISTS
      (SELECT 1 FROM visits v WHERE v.id = p.visit_id AND v.plan_id = p.id))"));
}

TEST_F(DemoCounty, EveryOpenMatterHasAnOwnerAndAClock) {
  EXPECT_EQ(made_.matters, Count("SELECT count(*) FROM matters"));
  EXPECT_EQ(0, Count(R"(SELECT count(*) FROM matters m WHERE NOT EXISTS
      (SELECT 1 FROM units u WHERE u.id = m.owner_unit_id))"));
  EXPECT_EQ(0, Count(R"(SELECT count(*) FROM matters m WHERE is_open = 1 AND due_at IS NOT NULL AND due_at <> coalesce(
      (SELECT max(due_at) FROM clocks c WHERE c.matter_id = m.id AND c.ended_at IS NULL
          AND c.step IN ('answer', 'review', 'final_review')), 0))"));
  EXPECT_EQ(0, Count(R"(SELECT count(*) FROM matters WHERE is_open = 1 AND (due_at IS NULL) = (judge_due_at IS NULL))"));
  EXPECT_EQ(0, Count("SELECT count(*) FROM matters WHERE is_open = 0 AND (closed_at IS NULL OR due_at IS NOT NULL)"));
  EXPECT_EQ(0, Count(R"(SELECT count(*) FROM matters m WHERE is_open = 0 AND EXISTS
      (SELECT 1 FROM clocks c WHERE c.matter_id = m.id AND c.ended_at IS NULL))"));
}

TEST_F(DemoCounty, HoldsLeadWithoutGapsToTheOwner) {
  EXPECT_EQ(0, Count(R"(SELECT count(*) FROM matters m WHERE is_open <>
      (SELECT count(*) FROM holds h WHERE h.matter_id = m.id AND h.until_at IS NULL))"));
  EXPECT_EQ(0, Count(R"(SELECT count(*) FROM holds h JOIN matters m ON m.id = h.matter_id
      WHERE h.until_at IS NULL AND h.unit_id <> m.owner_unit_id)"));
  EXPECT_EQ(0, Count(R"(SELECT count(*) FROM holds h WHERE until_at IS NOT NULL AND NOT EXISTS
      (SELECT 1 FROM holds n WHERE n.matter_id = h.matter_id AND n.from_at = h.until_at)
      AND NOT EXISTS (SELECT 1 FROM matters m WHERE m.id = h.matter_id AND m.closed_at = h.until_at))"));
}

TEST_F(DemoCounty, AnsweredMeansAnOutcomeForEveryAsk) {
  EXPECT_EQ(0, Count(R"(SELECT count(*) FROM matters m WHERE state IN ('answered', 'settled', 'concluded') AND EXISTS
      (SELECT 1 FROM asks a WHERE a.matter_id = m.id AND a.outcome IS NULL))"));
  EXPECT_EQ(0, Count("SELECT count(*) FROM asks WHERE outcome = 'refused' AND (rule = '' OR appeal = '')"));
  EXPECT_EQ(0, Count("SELECT count(*) FROM matters m WHERE NOT EXISTS (SELECT 1 FROM asks a WHERE a.matter_id = m.id)"));
}

// The state as the events tell it.
TEST_F(DemoCounty, EventsTellTheState) {
  struct Told {
    std::string state, replayed;
    int64_t events = 0, seen = 0;
  };
  std::map<std::string, Told> matters;
  static constexpr db::Sql kMatters{"test.matters", "SELECT id, state, events FROM matters"};
  static constexpr db::Sql kEvents{"test.events", R"sql(
    SELECT resource_id, act, data FROM events WHERE resource = 'matter'
     ORDER BY at, json_extract(data, '$.seq'))sql"};
  database_->Read([&](db::Tx& tx) {
    tx.Rows(kMatters, [&](const db::Row& row) { matters[row.Text(0)] = {row.Text(1), "", row.Int(2), 0}; });
    tx.Rows(kEvents, [&](const db::Row& row) {
      Told& told = matters.at(row.Text(0));
      const json::value data = json::parse(row.View(2));
      EXPECT_EQ(++told.seen, data.at("seq").to_number<int64_t>());
      const std::string act = row.Text(1).substr(std::string_view("matter.").size());
      std::string& state = told.replayed;
      const bool in_review = state == "review" || state == "final_review";
      if (act == "received") state = "received";
      else if (act == "assigned" || act == "accepted" || act == "reopened") state = "assigned";
      else if (act == "answered" && state == "final_review") state = "concluded";
      else if (act == "answered" && !in_review) state = "answered";
      else if (act == "silence_passed") state = in_review ? "concluded" : "settled";
      else if (act == "settled" && state != "concluded") state = "settled";
      else if (act == "appealed") state = state == "review" ? "final_review" : "review";
      else if (act == "withdrawn") state = "withdrawn";
    });
  });
  for (const auto& [id, told] : matters) {
    EXPECT_EQ(told.state, told.replayed) << Hex(id);
    EXPECT_EQ(told.events, told.seen) << Hex(id);
  }
}

TEST_F(DemoCounty, ReceiptsCanBeReadAndLeadToTheirMatter) {
  static constexpr db::Sql kReceipts{"test.receipts", R"sql(
    SELECT r.receipt FROM receipts r JOIN matters m ON m.id = r.matter_id AND m.receipt = r.receipt)sql"};
  int64_t count = 0;
  database_->Read([&](db::Tx& tx) {
    tx.Rows(kReceipts, [&](const db::Row& row) {
      EXPECT_EQ(row.Text(0), identity::ReadNumber(row.View(0)));
      ++count;
    });
  });
  EXPECT_EQ(made_.matters, count);
}

TEST_F(DemoCounty, ComplaintsAboutOfficialsLieWithTheAuditors) {
  EXPECT_EQ(0, Count(R"(SELECT count(*) FROM matters m JOIN units u ON u.id = m.owner_unit_id
      WHERE m.is_protected = 1 AND (u.kind <> 'audit' OR m.about_unit_id = m.owner_unit_id OR m.first_officer_id IS NOT NULL))"));
  EXPECT_EQ(0, Count(R"(SELECT count(*) FROM audit_entries a JOIN matters m ON m.id = a.resource_id
      WHERE m.is_protected = 1 AND a.household_id IS NOT NULL)"));
}

TEST_F(DemoCounty, CountersAgreeWithTheRecords) {
  EXPECT_EQ(Count("SELECT count(*) FROM visits"), Count("SELECT sum(value) FROM counters WHERE name = 'visits'"));
  EXPECT_EQ(Count("SELECT count(*) FROM matters WHERE is_protected = 0"),
            Count("SELECT sum(value) FROM counters WHERE name = 'matters.received'"));
  EXPECT_EQ(Count("SELECT count(*) FROM events e JOIN matters m ON m.id = e.resource_id WHERE act = 'matter.reopened' AND is_protected = 0"),
            Count("SELECT coalesce(sum(value), 0) FROM counters WHERE name = 'matters.reopened'"));
}

TEST_F(DemoCounty, ShowsWhatIsHardManysAndKeptApart) {
  EXPECT_EQ(1, Count("SELECT count(*) FROM leads WHERE ended_at IS NULL"));
  EXPECT_EQ(2, Count("SELECT count(*) FROM steps WHERE ended_at IS NULL"));
  EXPECT_EQ(1, Count("SELECT count(*) FROM matter_meetings"));
  EXPECT_EQ(1, Count("SELECT count(*) FROM joint_meetings"));
  EXPECT_LE(1, Count("SELECT count(*) FROM agenda_items"));
  EXPECT_LE(4, Count("SELECT count(*) FROM members"));
  EXPECT_EQ(1, Count("SELECT count(*) FROM matters WHERE is_confidential = 1 AND household_id IS NULL"));
  EXPECT_EQ(1, Count("SELECT count(*) FROM identities"));
}

TEST_F(DemoCounty, FiguresOfJudgementsAgreeWithWhatWasSaid) {
  EXPECT_EQ(Count("SELECT count(*) FROM events e JOIN matters m ON m.id = e.resource_id WHERE act = 'matter.judged' AND is_protected = 0"),
            Count("SELECT sum(judged) FROM judgement_counts"));
  EXPECT_LE(1, Count("SELECT count(*) FROM (SELECT unit_id FROM judgement_counts GROUP BY unit_id, month HAVING sum(judged) >= 5) AS shown"))
      << "units see figures of five and more";
}

TEST_F(DemoCounty, NothingLiesInTheFuture) {
  const std::string now = std::to_string(clock_.now.ms);
  EXPECT_EQ(0, Count("SELECT count(*) FROM audit_entries WHERE at > " + now));
  EXPECT_EQ(0, Count("SELECT count(*) FROM events WHERE at > " + now));
}

TEST_F(DemoCounty, TheAuditChainIsWhole) {
  database_->Read([](db::Tx& tx) {
    const audit::Verification result = audit::Verify(tx, kCounty);
    EXPECT_TRUE(result.whole) << result.reason << " at " << result.first_break;
    EXPECT_EQ(made_.audit_entries, result.entries);
  });
  EXPECT_EQ(0, Count("SELECT count(*) FROM audit_pending"));
}

TEST_F(DemoCounty, WhatIsCountedIsThereAndEveryMatterIsWhatItsStorySays) {
  EXPECT_LE(1, Count("SELECT count(*) FROM events WHERE act = 'matter.return_decided' AND data LIKE '%\"agreed\":true%'"));
  EXPECT_LE(1, Count("SELECT count(*) FROM events WHERE act = 'matter.return_decided' AND data LIKE '%\"agreed\":false%'"));
  database_->Read([](db::Tx& tx) {
    for (const matters::Difference& each : matters::VerifyCounters(tx, kCounty, Zone{480})) {
      ADD_FAILURE() << each.what << ": " << each.counted << " counted, " << each.real << " there";
    }
  });
}

TEST_F(DemoCounty, EveryRoleSignsIn) {
  std::set<std::string> roles;
  for (const json::value& officer : accounts_.at("officers").as_array()) {
    if (!roles.insert(Text(officer, "role")).second) continue;
    EXPECT_EQ(201, SignIn(officer).status) << Text(officer, "login");
  }
  EXPECT_EQ(7U, roles.size());
}

TEST_F(DemoCounty, CardsOpenAndSealedCodesActivate) {
  const json::array& residents = accounts_.at("residents").as_array();
  EXPECT_GE(residents.size(), 30U);
  EXPECT_EQ(201, OpenCard(residents[0]).status);
  std::set<std::string> logins;
  for (const json::value& officer : accounts_.at("officers").as_array()) logins.insert(Text(officer, "login"));
  for (const json::value& resident : residents) EXPECT_TRUE(logins.contains(Text(resident, "officer_login")));

  const json::value& card = accounts_.at("cards_to_activate").at(0);
  const Answer answer = Call("", "POST", "/api/v1/card_activations",
                             json::serialize(json::object{{"card_number", card.at("card_number")},
                                                          {"first_code", card.at("first_code")}, {"pin", "704182"}}));
  EXPECT_EQ(201, answer.status) << json::serialize(answer.body);
}

// What the program makes of the rows: pages that a newcomer opens first.
TEST_F(DemoCounty, APairedOfficerReadsTheWholeRecord) {
  const json::value& resident = accounts_.at("residents").at(0);
  std::string token;
  for (const json::value& officer : accounts_.at("officers").as_array()) {
    if (officer.at("login") == resident.at("officer_login")) token = Text(SignIn(officer).body, "token");
  }
  const Answer record = Call(token, "GET", "/api/v1/households/" + Text(resident, "household_id") + "?purpose=visit");
  ASSERT_EQ(200, record.status) << json::serialize(record.body);
  EXPECT_EQ("full", Text(record.body, "opened"));
  EXPECT_GE(record.body.at("sections").as_object().size(), 9U);
  EXPECT_FALSE(record.body.at("residents").as_array().empty());
  EXPECT_TRUE(record.body.at("pairing").is_object());
  const Answer mine = Call(token, "GET", "/api/v1/households?mine=true");
  ASSERT_EQ(200, mine.status) << json::serialize(mine.body);
  EXPECT_FALSE(mine.body.at("items").as_array().empty());
}

TEST_F(DemoCounty, ASupervisorSeesMattersAndTheirStories) {
  for (const json::value& officer : accounts_.at("officers").as_array()) {
    if (Text(officer, "role") != "supervisor") continue;
    const std::string token = Text(SignIn(officer).body, "token");
    const Answer list = Call(token, "GET", "/api/v1/matters?limit=200");
    ASSERT_EQ(200, list.status) << json::serialize(list.body);
    std::set<std::string> states;
    for (const json::value& item : list.body.at("items").as_array()) {
      if (!states.insert(Text(item, "state")).second) continue;
      const Answer story = Call(token, "GET", "/api/v1/matters/" + Text(item, "id"));
      EXPECT_EQ(200, story.status) << json::serialize(story.body);
      EXPECT_FALSE(story.body.at("events").as_array().empty());
      EXPECT_EQ(200, Call("", "GET", "/api/v1/receipts/" + Text(item, "receipt")).status);
    }
    EXPECT_GE(states.size(), 3U);
    const Answer coverage = Call(token, "GET", "/api/v1/pairings/coverage");
    ASSERT_EQ(200, coverage.status);
    EXPECT_GT(coverage.body.at("items").at(0).at("paired").to_number<int>(), 0);
    return;
  }
  FAIL() << "no supervisor";
}

TEST_F(DemoCounty, AHouseholdFollowsWhatItAsked) {
  size_t matters = 0;
  for (const json::value& resident : accounts_.at("residents").as_array()) {
    if (matters > 0) break;
    const std::string token = Text(OpenCard(resident).body, "token");
    EXPECT_EQ(200, Call(token, "GET", "/api/v1/me/household").status);
    EXPECT_EQ(200, Call(token, "GET", "/api/v1/me/reads").status);
    const Answer mine = Call(token, "GET", "/api/v1/me/matters");
    ASSERT_EQ(200, mine.status) << json::serialize(mine.body);
    matters += mine.body.at("items").as_array().size();
  }
  EXPECT_GT(matters, 0U);
}

TEST_F(DemoCounty, PasswordsAreNeverShared) {
  EXPECT_EQ(0, Count("SELECT count(*) - count(DISTINCT password_hash) FROM officers WHERE password_hash <> ''"));
}

// What is measured on a large county is its size, not an officer with ten times the work.
TEST(DemoGround, AnOfficerOfALargeCountyHasNoMoreHouseholds) {
  const Words words = Words::Load(fs::path(HUIYIN_SOURCE_DIR) / "data");
  const auto per_officer = [&](int households, bool is_brief = false) {
    const Scale scale = Scale::Of(households, is_brief, Instant{0});
    const auto visiting = LayOut(words, 1, scale.ground, Instant{0}).people;
    return households / static_cast<double>(std::count_if(visiting.begin(), visiting.end(),
                                                          [](const Person& person) { return person.quota > 5; }));
  };
  EXPECT_NEAR(per_officer(300'000) / per_officer(20'000), 1.0, 0.15);
  EXPECT_NEAR(per_officer(300'000) / per_officer(10'000, true), 1.0, 0.15);
}

TEST(DemoScale, ASmallCountyIsToldInBriefWhenThatIsAskedFor) {
  EXPECT_EQ(Scale::Of(10'000, false, Instant{0}).visits_share, 1);
  const Scale small = Scale::Of(10'000, true, Instant{0});
  const Scale large = Scale::Of(300'000, false, Instant{0});
  EXPECT_EQ(small.visits_share, large.visits_share);
  EXPECT_EQ(small.request_length, large.request_length);
  EXPECT_EQ(small.keeps_workings, large.keeps_workings);
  EXPECT_EQ(small.ground.townships, large.ground.townships);
}

TEST_F(DemoCounty, IsRefusedWhereACountyIs) {
  Options options;
  options.data = fs::path(HUIYIN_SOURCE_DIR) / "data";
  options.now = clock_.now;
  EXPECT_THROW(Make(*database_, options), std::runtime_error);
}

TEST_F(DemoCounty, TheSameSeedMakesTheSameCounty) {
  Made again, other;
  const auto same_database = Fill(dir_ / "same.db", 1, again);
  const auto other_database = Fill(dir_ / "other.db", 2, other);
  // The last hash of the chain as it was made stands for every act and every id in it.
  static constexpr db::Sql kHash{"test.hash", "SELECT hash FROM audit_entries WHERE county = $1 AND seq = $2"};
  const auto head = [](db::Database& database) {
    std::optional<std::string> hash;
    database.Read([&](db::Tx& tx) {
      hash = tx.One(kHash, [](const db::Row& row) { return Hex(row.View(0)); }, kCounty, made_.audit_entries);
    });
    return hash.value_or("none");
  };
  EXPECT_EQ(head(*database_), head(*same_database));
  EXPECT_EQ(made_.residents, again.residents);
  EXPECT_EQ(0, CountIn(*same_database, "SELECT count(*) FROM households WHERE head_name = ''"));
  for (const char* sql : {"SELECT sum(length(doc) * 7 + updated_at % 1009) FROM household_sections",
                          "SELECT sum(birth_date * (length(name) + 3)) FROM residents"}) {
    EXPECT_EQ(Count(sql), CountIn(*same_database, sql)) << sql;
    EXPECT_NE(Count(sql), CountIn(*other_database, sql)) << sql;
  }
}

}  // namespace
}  // namespace huiyin::demo
