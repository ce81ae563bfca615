// SPDX-License-Identifier: EUPL-1.2
#include "db/wal_file.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <fstream>
#include <map>

namespace huiyin::db {
namespace {

namespace fs = std::filesystem;

// Against SQLite itself: what its log says must be what its database becomes.
class WalFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ = fs::temp_directory_path() / ("huiyin-wal-" + std::to_string(::getpid()));
    fs::remove_all(dir_);
    fs::create_directories(dir_);
    ASSERT_EQ(sqlite3_open((dir_ / "t.db").c_str(), &db_), SQLITE_OK);
    Run("PRAGMA journal_mode=WAL");
    Run("PRAGMA wal_autocheckpoint=0");
    Run("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)");
    wal_ = std::make_unique<WalFile>(dir_ / "t.db");
  }
  void TearDown() override {
    wal_.reset();
    sqlite3_close(db_);
    fs::remove_all(dir_);
  }

  void Run(const char* sql) {
    char* said = nullptr;
    ASSERT_EQ(sqlite3_exec(db_, sql, nullptr, nullptr, &said), SQLITE_OK) << sql << ": " << said;
  }
  void Insert(const char* letter, int bytes) {
    Run(("INSERT INTO t (b) VALUES ('" + std::string(static_cast<size_t>(bytes), *letter) + "')").c_str());
  }
  WalPosition Start() {
    const auto end = wal_->Committed();
    EXPECT_TRUE(end);
    const auto start = wal_->At(end->salt, 0);
    EXPECT_TRUE(start);
    return *start;
  }
  // The database that follows from the pages of the log alone.
  std::string Replayed(int& commits) {
    std::map<uint32_t, std::string> pages;
    uint32_t size = 0;
    WalPosition at = Start();
    EXPECT_TRUE(wal_->Read(at, wal_->Committed()->frame, [&](uint32_t page, std::string_view bytes, uint32_t pages_after) {
      pages[page] = bytes;
      if (pages_after == 0) return;
      size = pages_after;
      ++commits;
    }));
    std::string all;
    for (uint32_t page = 1; page <= size; ++page) all += pages[page];
    return all;
  }
  std::string Database() {
    std::ifstream in(dir_ / "t.db", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  fs::path dir_;
  sqlite3* db_ = nullptr;
  std::unique_ptr<WalFile> wal_;
};

TEST_F(WalFileTest, WhatItReadsIsWhatTheDatabaseBecomes) {
  for (int i = 0; i < 20; ++i) Insert("a", 3000);
  int commits = 0;
  const std::string replayed = Replayed(commits);
  Run("PRAGMA wal_checkpoint(PASSIVE)");
  EXPECT_EQ(commits, 21);  // the table, and each row
  EXPECT_EQ(replayed.size() % WalFile::kPage, 0u);
  EXPECT_EQ(replayed, Database());
}

TEST_F(WalFileTest, WhatIsNotCommittedIsNotThere) {
  Insert("a", 100);
  const auto before = wal_->Committed();
  Run("PRAGMA cache_size=2");  // so that pages spill into the log
  Run("BEGIN");
  for (int i = 0; i < 50; ++i) Insert("b", 3000);
  const auto during = wal_->Committed();
  ASSERT_TRUE(before && during);
  EXPECT_EQ(during->frame, before->frame);
  EXPECT_GT(fs::file_size(dir_ / "t.db-wal"), before->frame * (WalFile::kPage + 24) + 100'000) << "it spilled";
  Run("COMMIT");
  EXPECT_GT(wal_->Committed()->frame, before->frame + 50);
}

TEST_F(WalFileTest, ALogThatBeganAnewIsTheNextTurn) {
  Insert("a", 100);
  const auto first = wal_->Committed();
  Run("PRAGMA wal_checkpoint(PASSIVE)");
  Insert("b", 100);
  const auto second = wal_->Committed();
  ASSERT_TRUE(first && second);
  EXPECT_NE(first->salt, second->salt);
  EXPECT_EQ(second->turn(), first->turn() + 1);
  EXPECT_LT(second->frame, first->frame);
  EXPECT_FALSE(wal_->At(first->salt, 0)) << "the old one is gone";
  const auto place = wal_->At(second->salt, second->frame);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->sum1, second->sum1);
  EXPECT_EQ(place->sum2, second->sum2);
  // What is left of the earlier log behind the end of this one is not taken for it.
  WalPosition at = *place;
  EXPECT_FALSE(wal_->Read(at, second->frame + 1, [](uint32_t, std::string_view, uint32_t) {}));
  EXPECT_FALSE(wal_->At(second->salt, second->frame + 1));
}

TEST_F(WalFileTest, EveryChangedByteIsNoticed) {
  for (int i = 0; i < 3; ++i) Insert("a", 1000);
  const uint32_t frames = wal_->Committed()->frame;
  const WalPosition start = Start();
  std::fstream log(dir_ / "t.db-wal", std::ios::binary | std::ios::in | std::ios::out);
  // The page's number, the size after a commit, the salt, the sums, and the page.
  for (const size_t offset : {3u, 7u, 8u, 15u, 16u, 23u, 24u, 2000u, 24u + 4095u}) {
    const auto place = static_cast<std::streamoff>(32 + (WalFile::kPage + 24) * (frames - 2) + offset);
    log.seekg(place);
    const char was = static_cast<char>(log.get());
    log.seekp(place);
    log.put(static_cast<char>(was ^ 0x10)).flush();
    WalPosition at = start;
    EXPECT_FALSE(wal_->Read(at, frames, [](uint32_t, std::string_view, uint32_t) {})) << offset;
    EXPECT_EQ(at.frame, frames - 2) << offset;
    log.seekp(place);
    log.put(was).flush();
  }
  WalPosition at = start;
  EXPECT_TRUE(wal_->Read(at, frames, [](uint32_t, std::string_view, uint32_t) {}));
}

}  // namespace
}  // namespace huiyin::db
