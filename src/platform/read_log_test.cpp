// SPDX-License-Identifier: EUPL-1.2
#include "platform/read_log.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "core/problem.h"
#include "db/migrate.h"
#include "db/test_engine.h"
#include "platform/audit.h"
#include "platform/dispatch.h"

namespace huiyin::audit {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr County kCounty{990101};
constexpr db::Sql kEntries{"test.entries", "SELECT COUNT(*) FROM audit_entries"};
constexpr db::Sql kPurposes{"test.purposes", "SELECT purpose FROM audit_entries ORDER BY seq"};
constexpr db::Sql kInsertCounty{"test.insert_county", "INSERT INTO counties (county, name, created_at) VALUES (990101, 'x', 0)"};

class ReadLogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ = fs::temp_directory_path() / ("huiyin-reads-" + std::to_string(::getpid()));
    fs::remove_all(dir_);
    fs::create_directories(dir_);
    database_ = db::OpenForTest(dir_ / "t.db");
    db::Migrate(*database_, Instant{0});
    database_->Write([](db::Tx& tx) { tx.Run(kInsertCounty); });
    reader_.kind = Actor::Kind::kOfficer;
  }
  void TearDown() override {
    database_.reset();
    fs::remove_all(dir_);
  }

  std::string Record(std::string purpose) {
    std::string record;
    const AuditEntry entry{.act = "household.read", .resource = "household", .resource_id = Uuid{}, .household = HouseholdId{},
                           .purpose = std::move(purpose), .content_hash = Sha256("x")};
    AppendRecord(record, entry, reader_, "192.0.2.7", Instant{1'000}, random_);
    return record;
  }
  fs::path Folder() const { return dir_ / "reads"; }
  // A journal that removes what it has moved at once.
  std::unique_ptr<ReadLog> Open() { return std::make_unique<ReadLog>(Folder(), *database_, random_, 0ms); }
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& file : fs::directory_iterator(Folder())) {
      if (file.path().filename() != "spare") names.push_back(file.path().filename());
    }
    return names;
  }
  // The purposes in the chain, which must be whole.
  std::vector<std::string> Sealed() {
    std::vector<std::string> purposes;
    database_->Read([&](db::Tx& tx) {
      purposes = tx.All(kPurposes, [](const db::Row& row) { return row.Text(0); });
      EXPECT_TRUE(Verify(tx, kCounty).whole);
    });
    return purposes;
  }

  fs::path dir_;
  std::unique_ptr<db::Database> database_;
  SeededRandom random_{1};
  Actor reader_;
};

using Texts = std::vector<std::string>;

TEST_F(ReadLogTest, MovesWhatWasAppendedIntoTheChain) {
  const auto log = Open();
  log->Seal(kCounty, Zone{}, 2);
  EXPECT_EQ(Sealed(), Texts{});
  for (const char* purpose : {"a", "b", "c"}) log->Append(kCounty, Record(purpose));
  log->Append(kCounty, Record("d") + Record("e: 3;\n9\n"));
  log->Seal(kCounty, Zone{}, 2);
  EXPECT_EQ(Sealed(), (Texts{"a", "b", "c", "d", "e: 3;\n9\n"}));
  EXPECT_EQ(Files(), Texts{});
  log->Append(kCounty, Record("f"));
  log->Seal(kCounty, Zone{}, 2);
  EXPECT_EQ(Sealed().size(), 6u);
}

TEST_F(ReadLogTest, MovesAFileThatIsLongerThanWhatIsHeldAtOnce) {
  constexpr int kMany = 12'000;
  const auto log = Open();
  size_t bytes = 0;
  for (int i = 0; i < kMany; ++i) {
    const std::string record = Record(std::to_string(i));
    bytes += record.size();
    log->Append(kCounty, record);
  }
  ASSERT_GT(bytes, size_t{2} << 20) << "else it is one piece";
  log->Seal(kCounty, Zone{}, 1'000);
  const Texts sealed = Sealed();
  ASSERT_EQ(sealed.size(), static_cast<size_t>(kMany));
  for (int i = 0; i < kMany; ++i) ASSERT_EQ(sealed[static_cast<size_t>(i)], std::to_string(i));
  EXPECT_TRUE(Files().empty());
}

TEST_F(ReadLogTest, FindsWhatAnEarlierRunLeft) {
  Open()->Append(kCounty, Record("left") + Record("behind"));
  const auto later = Open();
  later->Append(kCounty, Record("new"));
  later->Seal(kCounty, Zone{}, 100);
  EXPECT_EQ(Sealed(), (Texts{"left", "behind", "new"}));
  EXPECT_EQ(Files(), Texts{});
}

// Cut short, or of the right length with something else in it: what comes before is moved,
// the file is put aside, and what was read later is not held up.
TEST_F(ReadLogTest, PutsAsideWhatWasNotWrittenWhole) {
  const std::string torn = Record("torn");
  std::string zeros = torn;
  std::fill(zeros.end() - 20, zeros.end() - 1, '\0');
  // A sum that is right over a moment that no calendar has.
  const std::string canonical = fmt::format("-;{};{}", INT64_MAX, "-;-;-;1:x;0:;-;-;-;-;-;-;");
  const std::string far = fmt::format("{} {}\n{}\n", canonical.size(), Hex(AsView(Sha256(canonical)).substr(0, 8)), canonical);
  int64_t number = 0;
  for (const std::string& tail : {torn.substr(0, torn.size() - 1), torn.substr(0, 9), zeros, std::string("x\n"),
                                  std::string("99999999999999999999 "), std::string(4096, '\0'), far}) {
    ++number;
    Open()->Append(kCounty, Record("whole"));
    const std::string left = Files().at(0);
    std::ofstream(Folder() / left, std::ios::app) << tail;
    const auto later = Open();
    later->Append(kCounty, Record("later"));
    later->Seal(kCounty, Zone{}, 100);
    ++number;
    EXPECT_EQ(Sealed().size(), static_cast<size_t>(number));
    EXPECT_EQ(Sealed().back(), "later");
    EXPECT_EQ(Files(), Texts{fs::path(left).replace_extension(".torn")});
    fs::remove(Folder() / Files()[0]);
  }
}

TEST_F(ReadLogTest, MovesEachEntryOnceThoughTheFileComesBack) {
  Open()->Append(kCounty, Record("a") + Record("b"));
  fs::copy(Folder(), dir_ / "copy");
  Open()->Seal(kCounty, Zone{}, 1);
  EXPECT_EQ(Sealed(), (Texts{"a", "b"}));
  // As if the program had died between the commit and the end of the file.
  fs::copy(dir_ / "copy", Folder(), fs::copy_options::overwrite_existing);
  const auto again = Open();
  again->Append(kCounty, Record("c"));
  again->Seal(kCounty, Zone{}, 100);
  EXPECT_EQ(Sealed(), (Texts{"a", "b", "c"}));
  // Nor does a lost folder make new files look like old ones.
  fs::remove_all(Folder());
  const auto fresh = Open();
  fresh->Append(kCounty, Record("d"));
  fresh->Seal(kCounty, Zone{}, 100);
  EXPECT_EQ(Sealed(), (Texts{"a", "b", "c", "d"}));
}

// A batch was committed, the next was not: it goes on from there.
TEST_F(ReadLogTest, GoesOnInTheMiddleOfAFile) {
  const std::string a = Record("a");
  const std::string b = Record("b");
  Open()->Append(kCounty, a + b);
  const std::string journal = fs::path(Files().at(0)).stem().string().substr(9);
  database_->Write([&](db::Tx& tx) {
    EXPECT_EQ(SealRecords(tx, kCounty, Zone{}, a + b, 1), a.size());
    tx.Script("INSERT INTO read_journals (county, journal, number, moved_bytes) VALUES (990101, '" + journal + "', 1, " + std::to_string(a.size()) + ")");
  });
  Open()->Seal(kCounty, Zone{}, 100);
  EXPECT_EQ(Sealed(), (Texts{"a", "b"}));
}

// What a program of before left has no journal in its name.
TEST_F(ReadLogTest, GoesOnInAFileOfBefore) {
  const std::string a = Record("a");
  const std::string b = Record("b");
  fs::create_directories(Folder());
  std::ofstream(Folder() / "990101-17.log") << a + b;
  database_->Write([&](db::Tx& tx) {
    EXPECT_EQ(SealRecords(tx, kCounty, Zone{}, a + b, 1), a.size());
    tx.Script("INSERT INTO read_journals (county, journal, number, moved_bytes) VALUES (990101, '', 17, " + std::to_string(a.size()) + ")");
  });
  Open()->Seal(kCounty, Zone{}, 100);
  EXPECT_EQ(Sealed(), (Texts{"a", "b"}));
}

// Two servers of one database, one of which has long been running.
TEST_F(ReadLogTest, EachServerHasItsOwn) {
  const auto one = Open();
  ReadLog two(dir_ / "others", *database_, random_, 0ms);
  for (const char* purpose : {"1", "2", "3"}) {
    one->Append(kCounty, Record(purpose));
    one->Seal(kCounty, Zone{}, 100);
  }
  two.Append(kCounty, Record("a"));
  two.Seal(kCounty, Zone{}, 100);
  one->Append(kCounty, Record("4"));
  one->Seal(kCounty, Zone{}, 100);
  two.Append(kCounty, Record("b"));
  two.Seal(kCounty, Zone{}, 100);
  EXPECT_EQ(Sealed(), (Texts{"1", "2", "3", "a", "4", "b"}));
}

TEST_F(ReadLogTest, RefusesWhatCannotBeWritten) {
  const auto log = Open();
  fs::remove_all(Folder());
  try {
    log->Append(kCounty, Record("a"));
    FAIL() << "nothing was thrown";
  } catch (const Problem& problem) {
    EXPECT_EQ(problem.status, 503);
  }
}

// A full disk takes a part of the record. It is refused and nothing of it stays, so that
// those after it, when there is room again, are whole.
TEST_F(ReadLogTest, LeavesNothingOfARecordThatFoundNoRoom) {
  const auto log = Open();
  log->Append(kCounty, Record("a"));
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &limit), 0);
  rlimit small = limit;
  small.rlim_cur = Record("a").size() + 30;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_THROW(log->Append(kCounty, Record("b")), Problem);
  EXPECT_THROW(log->Append(kCounty, Record("c")), Problem);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  std::signal(SIGXFSZ, before);
  log->Append(kCounty, Record("d"));
  log->Seal(kCounty, Zone{}, 100);
  EXPECT_EQ(Sealed(), (Texts{"a", "d"}));
  EXPECT_EQ(Files(), Texts{});
}

TEST_F(ReadLogTest, IsWrittenByManyWhileItIsSealed) {
  const auto log = Open();
  std::vector<std::thread> threads;
  std::vector<std::string> records;
  for (int i = 0; i < 400; ++i) records.push_back(Record(std::to_string(i)));
  for (size_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (size_t i = t; i < records.size(); i += 4) log->Append(kCounty, records[i]);
    });
  }
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&] { for (int i = 0; i < 20; ++i) log->Seal(kCounty, Zone{}, 7); });
  }
  for (std::thread& thread : threads) thread.join();
  log->Seal(kCounty, Zone{}, 7);
  auto sealed = Sealed();
  std::sort(sealed.begin(), sealed.end());
  EXPECT_EQ(std::unique(sealed.begin(), sealed.end()), sealed.end());
  EXPECT_EQ(sealed.size(), 400u);
  EXPECT_EQ(Files(), Texts{});
}

// What is in the copy of the database stands still first, then the journals are copied; in
// between the server moves and goes on.
TEST_F(ReadLogTest, GoesWithABackup) {
  ReadLog log(Folder(), *database_, random_);
  log.Append(kCounty, Record("moved"));
  log.Seal(kCounty, Zone{}, 100);
  log.Append(kCounty, Record("waits"));
  fs::create_directories(dir_ / "to");
  database_->Backup(dir_ / "to/t.db", [&] {
    log.Seal(kCounty, Zone{}, 100);
    ReadLog::Copy(Folder(), dir_ / "to/reads");
  });
  const auto copy = db::OpenSqlite({.file = dir_ / "to/t.db", .readers = 1, .sync = false});
  ReadLog(dir_ / "to/reads", *copy, random_).Seal(kCounty, Zone{}, 100);
  database_ = db::OpenSqlite({.file = dir_ / "to/t.db", .readers = 1, .sync = false});
  EXPECT_EQ(Sealed(), (Texts{"moved", "waits"}));
}

// Through Dispatch: the reply waits for the file, the chain for the tick, unless the chain
// is what is asked for.
TEST_F(ReadLogTest, TakesTheReadsOfARequest) {
  int64_t shown = -1;
  const Module module{.name = "test", .routes = {
      {.method = "GET", .pattern = "/read", .session = Session::kNone,
       .handle = [](Context& ctx) {
         ctx.NoteRead({.act = "household.read", .resource = "household", .purpose = "visit"});
         return NoContent();
       }},
      {.method = "GET", .pattern = "/reads", .session = Session::kNone,
       .handle = [&](Context& ctx) {
         shown = ctx.tx.Number(kEntries);
         return NoContent();
       },
       .shows_reads = true}}};
  const Services services{.database = *database_, .clock = SystemClock(), .random = SystemRandom(), .files = dir_,
                          .reads = Folder(), .default_county = kCounty};
  Dispatch dispatch(services, {module});
  const auto get = [&](std::string path) {
    http::Request request;
    request.method = "GET";
    request.path = request.target = std::move(path);
    return dispatch.HandleNow(request).status;
  };
  EXPECT_EQ(get("/read"), 204);
  EXPECT_EQ(Files().size(), 1u);
  EXPECT_EQ(Sealed(), Texts{});
  dispatch.TickNow();
  EXPECT_EQ(Sealed(), Texts{"visit"});
  EXPECT_EQ(get("/read"), 204);
  EXPECT_EQ(get("/reads"), 204);
  EXPECT_EQ(shown, 2);
  fs::remove_all(Folder());
  EXPECT_EQ(get("/read"), 503);
}

}  // namespace
}  // namespace huiyin::audit
