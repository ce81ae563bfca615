// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "bench/child.h"
#include "bench/client.h"
#include "bench/figures.h"
#include "bench/raw.h"
#include "bench/record.h"
#include "bench/report.h"
#include "http/server.h"
#include "platform/changes.h"

namespace huiyin::bench {
namespace {

namespace fs = std::filesystem;

TEST(AnswerReaderTest, FindsTheEndWhereverTheBytesBreak) {
  const std::string text = "HTTP/1.1 201 Created\r\nDate: x\r\nContent-Length: 5\r\n\r\nhello";
  for (size_t cut = 1; cut < text.size(); ++cut) {
    AnswerReader reader;
    EXPECT_FALSE(reader.Take(text.substr(0, cut))) << cut;
    ASSERT_TRUE(reader.Take(text.substr(cut))) << cut;
    EXPECT_EQ(reader.status(), 201);
    EXPECT_EQ(reader.body(), "hello");
  }
}

TEST(AnswerReaderTest, RefusesWhatHasNoLength) {
  AnswerReader reader;
  EXPECT_THROW(reader.Take("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello"), std::runtime_error);
}

TEST(PercentileTest, IsTheValueOfTheRank) {
  EXPECT_EQ(Percentile({}, 0.5), 0);
  EXPECT_EQ(Percentile({7}, 0.999), 7);
  std::vector<uint32_t> values;
  for (uint32_t i = 1; i <= 1000; ++i) values.push_back(i);
  EXPECT_EQ(Percentile(values, 0.5), 500);
  EXPECT_EQ(Percentile(values, 0.99), 990);
  EXPECT_EQ(Percentile(values, 0.999), 999);
}

TEST(DriveTest, CountsAnswersAndTellsWrongOnesApart) {
  std::atomic<int> asked{0};
  http::Server server({.port = 0, .threads = 1}, [&](http::Request request, http::Reply reply) {
    http::Response response;
    response.status = request.path == "/wrong" ? 409 : 200;
    response.body = R"({"you":"asked"})";
    ++asked;
    reply(std::move(response));
  });
  server.Start();
  Load load{.connections = 4, .warm_s = 0.05, .measure_s = 0.2};
  load.next = [](std::string& out) { out += ToHttp({.target = "/right", .token = "t"}); };
  const Outcome right = Drive(server.port(), load);
  EXPECT_EQ(right.errors, 0u);
  EXPECT_GT(right.requests, 0u);
  EXPECT_LE(right.requests, static_cast<uint64_t>(asked));
  EXPECT_EQ(right.body_bytes, 15);
  EXPECT_LE(right.p50_ms, right.p99_ms);

  load.next = [](std::string& out) { out += ToHttp({.method = "POST", .target = "/wrong", .token = "t", .body = "{}"}); };
  const Outcome wrong = Drive(server.port(), load);
  EXPECT_EQ(wrong.requests, 0u);
  EXPECT_GT(wrong.errors, 0u);
  EXPECT_EQ(wrong.first_error, R"(409 {"you":"asked"})");
}

TEST(DriveTest, EndsWhenThereIsNothingMoreToAsk) {
  std::atomic<int> asked{0};
  http::Server server({.port = 0, .threads = 1}, [&](http::Request, http::Reply reply) {
    ++asked;
    reply({.status = 201});
  });
  server.Start();
  int left = 40;
  const Outcome outcome = Drive(server.port(), {.connections = 8, .warm_s = 0, .measure_s = 60, .expected_status = 201,
                                                .next = [&](std::string& out) {
                                                  if (left-- > 0) out += ToHttp({.method = "POST", .target = "/", .token = "t"});
                                                }});
  EXPECT_EQ(outcome.requests, 40u);
  EXPECT_EQ(asked, 40);
  EXPECT_LT(outcome.seconds, 30);
}

TEST(DriveTest, WarmsUpWithAPartOfWhatThereIsOnce) {
  http::Server server({.port = 0, .threads = 1}, [&](http::Request, http::Reply reply) { reply({.status = 201}); });
  server.Start();
  int left = 400;
  uint64_t begun_at = 0;
  const Outcome outcome = Drive(server.port(), {.connections = 8, .warm_requests = 50, .measure_s = 60, .expected_status = 201,
                                                .next = [&](std::string& out) {
                                                  if (left-- > 0) out += ToHttp({.method = "POST", .target = "/", .token = "t"});
                                                },
                                                .begin = [&] { begun_at = static_cast<uint64_t>(400 - left); }});
  EXPECT_GE(begun_at, 50u);
  EXPECT_LT(begun_at, 50u + 128 + 8);
  EXPECT_GE(outcome.requests, 400u - begun_at);
  EXPECT_LE(outcome.requests, 350u);
}

// 64 judgements answered within the blink before the span ended once made "78,826 a second, 0 us".
TEST(FiguresTest, WhatWasOverBeforeItWasMeasuredIsAnErrorAndNoRate) {
  Figures figures("scale");
  figures.Add(WriteFigure{.name = "judged_64", .bound = 0.5, .outcome = {.requests = 64, .seconds = 0.0008}}, RawWrites{.seconds = 1});
  figures.Add(WriteFigure{.name = "visit_created_64", .bound = 0.5, .outcome = {.requests = 900, .seconds = 1}}, RawWrites{.seconds = 1});
  const auto told = figures.Take();
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].errors, 1u);
  EXPECT_EQ(told[0].first_error, "over after 0.0008 s and 64 requests: too few were ready to measure anything");
  EXPECT_FALSE(told[0].IsMet());
  EXPECT_EQ(told[1].errors, 0u);
}

TEST(ConversationTest, AsksOneAfterTheOtherOnOneConnection) {
  http::Server server({.port = 0, .threads = 1}, [](http::Request request, http::Reply reply) {
    http::Response response;
    response.status = request.path == "/wrong" ? 409 : 200;
    response.body = request.body;
    reply(std::move(response));
  });
  server.Start();
  Conversation conversation(server.port());
  EXPECT_EQ(conversation.Ask({.method = "POST", .target = "/right", .token = "t", .body = R"({"a":1})"}).body, R"({"a":1})");
  EXPECT_EQ(conversation.Ask({.method = "POST", .target = "/wrong", .token = "t", .body = "{}"}).status, 409);
  EXPECT_EQ(conversation.Ask({.method = "POST", .target = "/right", .token = "t", .body = "{}"}).body, "{}");
}

TEST(ChildTest, IsGoneWhenItsOwnerIs) {
  const fs::path log = fs::temp_directory_path() / ("huiyin-bench-" + std::to_string(::getpid()) + ".log");
  pid_t pid = 0;
  {
    Child child({"sh", "-c", "echo $$; exec sleep 600"}, log);
    pid = std::stoi(child.ReadLine(std::chrono::seconds(5)));
    EXPECT_EQ(::kill(pid, 0), 0);
    EXPECT_GE(child.CpuMicros(), 0);
  }
  EXPECT_NE(::kill(pid, 0), 0);
  fs::remove(log);
}

class RecordTest : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ = fs::temp_directory_path() / ("huiyin-bench-" + std::to_string(::getpid()));
    fs::remove_all(dir_);
    fs::create_directories(dir_);
    database_ = db::OpenSqlite({.file = file(), .readers = 1, .sync = false});
    database_->Write([](db::Tx& tx) {
      tx.Script("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c BLOB, d REAL) STRICT");
    });
  }
  void TearDown() override {
    database_.reset();
    fs::remove_all(dir_);
  }
  fs::path file() const { return dir_ / "huiyin.db"; }
  int64_t Count() {
    static constexpr db::Sql kCount{"t.count", "SELECT COUNT(*) FROM t WHERE b = 'x' AND c IS NOT NULL AND d = 0.5"};
    int64_t count = 0;
    database_->Read([&](db::Tx& tx) { count = tx.Number(kCount); });
    return count;
  }
  Recording RecordInsert(int64_t a) {
    static constexpr db::Sql kInsert{"t.insert", "INSERT INTO t (c, a, b, d) VALUES ($3, $1, $2, $4)"};
    static constexpr db::Sql kSelect{"t.select", "SELECT b FROM t WHERE a = $1"};
    RecordingDatabase recorder(*database_);
    recorder.Begin();
    recorder.Read([&](db::Tx& tx) { EXPECT_FALSE(tx.Any(kSelect, a)); });
    recorder.Write([&](db::Tx& tx) {
      EXPECT_EQ(tx.Run(kInsert, a, std::string("x"), Uuid{}, 0.5), 1);
      EXPECT_TRUE(tx.Any(kSelect, a));
    });
    return recorder.End();
  }

  fs::path dir_;
  std::unique_ptr<db::Database> database_;
};

TEST_F(RecordTest, WritesDownAndUndoes) {
  const Recording recording = RecordInsert(1);
  EXPECT_EQ(recording.reads.size(), 1u);
  EXPECT_EQ(recording.writes.size(), 2u);
  EXPECT_EQ(recording.writes[0].name, "t.insert");
  EXPECT_EQ(recording.writes[0].values.size(), 4u);
  EXPECT_EQ(Count(), 0);
}

TEST_F(RecordTest, PassesErrorsOn) {
  RecordingDatabase recorder(*database_);
  recorder.Begin();
  EXPECT_THROW(recorder.Write([](db::Tx&) { throw std::runtime_error("no"); }), std::runtime_error);
  EXPECT_TRUE(recorder.End().writes.empty());
}

// Each write is undone, so all that are recorded would note the same change.
TEST_F(RecordTest, ANumberThatCountsOnIsAnotherInEachRecording) {
  database_->Write([](db::Tx& tx) {
    tx.Script("CREATE TABLE household_changes (county INTEGER, household_id BLOB, number INTEGER, PRIMARY KEY (county, household_id));"
              "CREATE UNIQUE INDEX household_changes_number ON household_changes (county, number)");
  });
  const auto change = [](uint8_t household) {
    return [household](db::Tx& tx) {
      Uuid id{};
      id.bytes[0] = household;
      NoteChanged(tx, County{990101}, HouseholdId(id));
    };
  };
  const auto replayed = [&](uint8_t first) {
    std::vector<Recording> recordings;
    for (uint8_t i = 0; i < 20; ++i) {
      RecordingDatabase recorder(*database_);
      recorder.Begin();
      recorder.Write(change(static_cast<uint8_t>(first + i)));
      recordings.push_back(recorder.End());
    }
    database_.reset();
    const uint64_t writes = ReplayWrites(dir_, recordings, 4, 60).writes;
    database_ = db::OpenSqlite({.file = file(), .readers = 1, .sync = false});
    return writes;
  };
  EXPECT_EQ(replayed(1), 20u);
  for (uint8_t i = 100; i < 130; ++i) database_->Write(change(i));
  EXPECT_EQ(replayed(31), 20u) << "the county went on from what was replayed into it";
}

TEST_F(RecordTest, WhatWasRecordedCanBeDoneOnceByTheRawEngine) {
  std::vector<Recording> recordings;
  for (int a = 1; a <= 200; ++a) recordings.push_back(RecordInsert(a));
  database_.reset();
  const RawWrites raw = ReplayWrites(dir_, recordings, 8, 60);
  EXPECT_EQ(raw.writes, 200u);
  EXPECT_GT(raw.PerSecond(), 0);
  const RawReads reads = ReplayReads(dir_, recordings, 0.01);
  EXPECT_GT(reads.cpu_us, 0);
  ASSERT_EQ(reads.statements.size(), 1u);
  EXPECT_EQ(reads.statements[0].name, "t.select");
  EXPECT_EQ(reads.statements[0].times, 1);
  EXPECT_NE(reads.statements[0].plan.find("SEARCH t"), std::string::npos);
  EXPECT_THROW(ReplayWrites(dir_, recordings, 8, 60), std::runtime_error);  // not twice
  database_ = db::OpenSqlite({.file = file(), .readers = 1, .sync = false});
  EXPECT_EQ(Count(), 200);
}

TEST(FigureTest, IsMetByItsRatioAndWithoutErrors) {
  Figure floor{.value = 30, .limit = 20, .bound = 2};
  EXPECT_TRUE(floor.IsMet());
  EXPECT_EQ(floor.Goal(), "<= 2.00");
  floor.value = 41;
  EXPECT_FALSE(floor.IsMet());
  Figure rate{.value = 9, .limit = 20, .is_floor = false, .bound = 0.5};
  EXPECT_FALSE(rate.IsMet());
  rate.value = 10;
  EXPECT_TRUE(rate.IsMet());
  rate.errors = 1;
  EXPECT_FALSE(rate.IsMet());
}

TEST(GrowthTest, ComparesWhatOneCostsWhateverTheUnit) {
  std::vector<Figure> figures{{.county = "small", .name = "read", .value = 3, .unit = "ms p99", .cpu_us = 100},
                              {.county = "small", .name = "imported", .value = 5000, .unit = "people/s"},
                              {.county = "small", .name = "memory", .value = 40, .unit = "MB"},
                              {.county = "small", .name = "only_here", .value = 1, .unit = "MB"},
                              {.county = "large", .name = "read", .value = 9, .unit = "ms p99", .cpu_us = 125},
                              {.county = "large", .name = "imported", .value = 2500, .unit = "people/s"},
                              {.county = "large", .name = "memory", .value = 44, .unit = "MB"},
                              {.county = "large", .name = "read.peers", .value = 9, .unit = "1/s"}};
  const auto growth = GrowthOf(figures, "small", "large");
  ASSERT_EQ(growth.size(), 3u);
  EXPECT_EQ(growth[0].name, "read");
  EXPECT_EQ(growth[0].Ratio(), 1.25);
  EXPECT_TRUE(growth[0].IsMet());
  EXPECT_EQ(growth[1].Ratio(), 2);
  EXPECT_FALSE(growth[1].IsMet());
  EXPECT_EQ(growth[2].Ratio(), 1.1);
  figures[0].errors = 1;
  EXPECT_FALSE(GrowthOf(figures, "small", "large")[0].IsMet()) << "nothing is known of what failed";
}

TEST(ResultsTest, AreReadAsTheyWereWritten) {
  const fs::path file = fs::temp_directory_path() / ("huiyin-bench-" + std::to_string(::getpid()) + ".json");
  Figure figure{.county = "demo", .name = "created", .value = 900.5, .unit = "1/s", .limit = 1000, .limit_is = "the engine", .is_floor = false, .bound = 0.5};
  figure.p99_ms = 12.5;
  figure.connections = 64;
  figure.statements = {{"a.b", 2, 7.5, "SEARCH t"}};
  const Figure failed{.county = "demo", .name = "read", .limit = 20, .bound = 2, .errors = 3, .first_error = "500 \"no\""};
  WriteResults(file, {{{"demo", 12.25}}, {figure, failed}});
  const Results read = ReadResults(file);
  ASSERT_EQ(read.parts.size(), 1u);
  EXPECT_EQ(read.parts[0].seconds, 12.25);
  ASSERT_EQ(read.figures.size(), 2u);
  EXPECT_EQ(read.figures[0].Goal(), ">= 0.50");
  EXPECT_EQ(read.figures[0].value, 900.5);
  EXPECT_EQ(read.figures[0].p99_ms, 12.5);
  EXPECT_FALSE(read.figures[0].p50_ms);
  EXPECT_EQ(read.figures[0].connections, 64);
  EXPECT_EQ(read.figures[0].statements[0].plan, "SEARCH t");
  EXPECT_TRUE(read.figures[0].IsMet());
  EXPECT_EQ(read.figures[1].errors, 3u);
  EXPECT_EQ(read.figures[1].first_error, "500 \"no\"");
  std::ofstream(file) << R"({"figures":[]})";
  EXPECT_THROW(ReadResults(file), std::runtime_error);
  fs::remove(file);
}

}  // namespace
}  // namespace huiyin::bench
