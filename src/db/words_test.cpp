// SPDX-License-Identifier: EUPL-1.2
#include "db/words.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "db/database.h"
#include "db/migrate.h"
#include "db/test_engine.h"

namespace huiyin::db {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;
using Numbers = std::vector<int64_t>;

constexpr County kCounty{990101};

class WordsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ = fs::temp_directory_path() / ("huiyin-words-" + std::to_string(::getpid()));
    fs::remove_all(dir_);
    fs::create_directories(dir_);
    database_ = OpenForTest(dir_ / "t.db", 1);
    Migrate(*database_, {});
  }
  void TearDown() override {
    database_.reset();
    fs::remove_all(dir_);
  }

  void Add(int64_t number, const Words& words) {
    database_->Write([&](Tx& tx) { AddWords(tx, kCounty, number, words); });
  }
  void Drop(int64_t number, const Words& words) {
    database_->Write([&](Tx& tx) { DropWords(tx, kCounty, number, words); });
  }
  Numbers Find(const Words& words, bool last_is_beginning = false, int64_t below = INT64_MAX, int limit = 10) {
    Numbers found;
    database_->Read([&](Tx& tx) { found = NewestWithWords(tx, kCounty, words, last_is_beginning, below, limit); });
    return found;
  }

  fs::path dir_;
  std::unique_ptr<Database> database_;
};

TEST_F(WordsTest, FindsTheNewestNumbersThatHaveEveryWord) {
  Add(3, {"漏水", "三楼"});
  Add(9, {"漏水", "pipe"});
  Add(5, {"漏水", "三楼", "pipes"});
  EXPECT_EQ(Find({"漏水"}), (Numbers{9, 5, 3}));
  EXPECT_EQ(Find({"漏水", "三楼"}), (Numbers{5, 3}));
  EXPECT_EQ(Find({"漏水"}, false, 9, 1), Numbers{5});
  EXPECT_EQ(Find({"漏水", "pipe"}), Numbers{9});
  EXPECT_EQ(Find({"漏水", "pip"}, true), (Numbers{9, 5}));
  EXPECT_EQ(Find({"漏"}), Numbers{});
  EXPECT_EQ(Find({}), Numbers{});
  EXPECT_EQ(Find({"and", "or", "near", "not"}), Numbers{});
}

TEST_F(WordsTest, ANumberIsGivenFurtherWordsLater) {
  Add(3, {"漏水"});
  Add(4, {"漏水", "u1"});
  Add(3, {"u1"});
  EXPECT_EQ(Find({"漏水", "u1"}), (Numbers{4, 3}));
}

TEST_F(WordsTest, WhatIsDroppedIsGoneFromTheFile) {
  if (TestsRunOnPostgres()) GTEST_SKIP() << "there is no file: the engine's vacuum clears its pages";
  Add(3, {"secretword", "shared"});
  Add(4, {"shared"});
  Drop(3, {"secretword", "shared"});
  EXPECT_EQ(Find({"secretword"}), Numbers{});
  EXPECT_EQ(Find({"shared"}), Numbers{4});
  // A copy holds live pages only.
  database_->Backup(dir_ / "copy.db");
  std::ifstream file(dir_ / "copy.db", std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  EXPECT_EQ(bytes.find("secretword"), std::string::npos);
}

TEST_F(WordsTest, WhatAFailedWriteAddedIsUndone) {
  EXPECT_THROW(database_->Write([](Tx& tx) {
    AddWords(tx, kCounty, 7, Words{"lost"});
    throw std::runtime_error("no");
  }), std::runtime_error);
  Add(8, {"kept"});
  EXPECT_EQ(Find({"lost"}), Numbers{});
  EXPECT_EQ(Find({"kept"}), Numbers{8});
}

}  // namespace
}  // namespace huiyin::db
