// SPDX-License-Identifier: EUPL-1.2
// tests/crash/archive_test.py has the real program, killed; here is what takes days there.
#include "app/archiver.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "app/archive_folder.h"
#include "app/restore_at.h"

namespace huiyin::app {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr db::Sql kInsert{"test.insert", "INSERT INTO notes (b) VALUES ($1)"};
constexpr db::Sql kCount{"test.count", "SELECT COUNT(*) FROM notes"};

bool Eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(milliseconds(20));
  }
  return true;
}

class ArchiverTest : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ = fs::temp_directory_path() / ("huiyin-archiver-" + std::to_string(::getpid()));
    fs::remove_all(dir_);
    fs::create_directories(data() / "files" / "ab");
    std::ofstream(ArchivedMark(data())) << archive().string() << "\n";
    county_ = OpenData(data(), true);
    county_.database->Write([](db::Tx& tx) { tx.Script("CREATE TABLE notes (a INTEGER PRIMARY KEY, b TEXT) STRICT"); });
  }
  void TearDown() override {
    archiver_.reset();
    county_ = {};
    fs::remove_all(dir_);
  }

  fs::path data() const { return dir_ / "county"; }
  fs::path archive() const { return dir_ / "archive"; }
  void Start(milliseconds base_every, milliseconds keep) {
    archiver_ = std::make_unique<Archiver>(*county_.services, data(), county_.watch,
                                           ArchiveOptions{.folder = archive(), .base_every = base_every, .keep = keep});
    archiver_->Start();
  }
  void Note(const std::string& text) {
    county_.database->Write([&](db::Tx& tx) { tx.Run(kInsert, text); });
  }
  int64_t Restored(const std::string& name, Instant at) {
    RestoreAsOf({.archive = archive(), .to = dir_ / name, .key = KeyFile(data()), .at = FormatInstant(at)});
    const OpenCounty there = OpenData(dir_ / name, false);
    int64_t count = 0;
    there.database->Read([&](db::Tx& tx) { count = tx.Number(kCount); });
    return count;
  }
  fs::path History() const {
    const auto histories = HistoriesOf(archive());
    EXPECT_EQ(histories.size(), 1u);
    return histories.back();
  }

  fs::path dir_;
  OpenCounty county_;
  std::unique_ptr<Archiver> archiver_;
};

TEST_F(ArchiverTest, WhatIsOlderThanOneWantsToGoBackIsRemovedAndTheRestStillRestores) {
  // Pictures: one that the county erased long ago, one it erased lately, one it has.
  const auto put = [](const fs::path& file, std::chrono::hours ago) {
    fs::create_directories(file.parent_path());
    std::ofstream(file) << file.filename();
    fs::last_write_time(file, fs::file_time_type::clock::now() - ago);
  };
  put(archive() / "files/ab/long-gone", std::chrono::hours(48));
  put(archive() / "files/ab/gone", std::chrono::hours(0));
  put(archive() / "files/ab/here", std::chrono::hours(48));
  put(data() / "files/ab/here", std::chrono::hours(48));

  Start(milliseconds(300), milliseconds(4000));
  Note("the first");
  ASSERT_TRUE(Eventually([&] { return archiver_->figures().is_whole.load(); }));
  const auto first = BasesOf(History()).front();
  const auto first_log = LogsOf(History()).front().second;
  const Instant begin = SystemClock().Now();
  ASSERT_TRUE(Eventually([&] {
    Note("another");
    return !fs::exists(first.manifest) && !fs::exists(first_log);
  }));
  EXPECT_FALSE(fs::exists(first.packed));
  const Instant then = SystemClock().Now();
  EXPECT_GE(then.ms - begin.ms, 2000) << "not before its time";
  int64_t count = 0;
  county_.database->Read([&](db::Tx& tx) { count = tx.Number(kCount); });
  std::this_thread::sleep_for(milliseconds(20));
  Note("after");
  archiver_->Stop();

  EXPECT_FALSE(fs::exists(archive() / "files/ab/long-gone"));
  EXPECT_TRUE(fs::exists(archive() / "files/ab/gone")) << "an instant when the county still had it can be asked for";
  EXPECT_TRUE(fs::exists(archive() / "files/ab/here"));
  const auto bases = BasesOf(History());
  ASSERT_FALSE(bases.empty());
  EXPECT_LE(bases.size(), 16u);  // four seconds, three a second
  EXPECT_EQ(LogsOf(History()).front().first, bases.front().log) << "none that no copy needs";
  EXPECT_EQ(Restored("then", then), count);
  EXPECT_THROW(Restored("before", begin), std::runtime_error);
}

// Left as it is for who restores from it; the county's archive goes on in a history of its own.
TEST_F(ArchiverTest, AnUnreadableLogIsAnEndAndNotAHalt) {
  Start(std::chrono::hours(1), std::chrono::hours(24));
  Note("the first");
  ASSERT_TRUE(Eventually([&] { return archiver_->figures().is_whole.load(); }));
  archiver_.reset();
  const auto log = LogsOf(History()).back().second;
  {
    std::fstream file(log, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(4);
    file.put('?');
  }
  Start(std::chrono::hours(1), std::chrono::hours(24));
  ASSERT_TRUE(Eventually([&] { return archiver_->figures().is_whole.load(); }));
  Note("the second");
  archiver_->Stop();
  EXPECT_EQ(archiver_->LagSeconds(), 0);
  EXPECT_EQ(HistoriesOf(archive()).size(), 2u);
}

}  // namespace
}  // namespace huiyin::app
