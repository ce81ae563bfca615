// SPDX-License-Identifier: EUPL-1.2
#include "db/words.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <future>

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

  // Jobs that are committed as one group: they queue while the one before them is held up.
  void WriteTogether(std::vector<Database::Job> jobs) {
    std::promise<void> queued;
    std::vector<std::promise<void>> done(jobs.size());
    database_->WriteLater([&](Tx&) { queued.get_future().wait(); }, Durability::kDisk, [](std::exception_ptr) {});
    for (size_t i = 0; i < jobs.size(); ++i) {
      database_->WriteLater(std::move(jobs[i]), Durability::kDisk, [&done, i](std::exception_ptr error) {
        if (error) done[i].set_exception(error);
        else done[i].set_value();
      });
    }
    queued.set_value();
    for (auto& one : done) outcomes_.push_back(one.get_future());
    for (auto& one : outcomes_) one.wait();
  }

  fs::path dir_;
  std::unique_ptr<Database> database_;
  std::vector<std::future<void>> outcomes_;
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

TEST_F(WordsTest, WhatAGroupAddsIsFoundInAnyOrderOfNumbers) {
  const auto add = [](int64_t number, Words words) {
    return [number, words = std::move(words)](Tx& tx) { AddWords(tx, kCounty, number, words); };
  };
  WriteTogether({add(9, {"漏水", "pipe"}), add(3, {"漏水"}), add(5, {"漏水"}), add(3, {"pipe"}), add(9, {"漏水", "u1"})});
  EXPECT_EQ(Find({"漏水"}), (Numbers{9, 5, 3}));
  EXPECT_EQ(Find({"漏水", "pipe"}), (Numbers{9, 3}));
  EXPECT_EQ(Find({"u1"}), Numbers{9});
}

TEST_F(WordsTest, InAGroupOnlyWhatFailsIsUndone) {
  WriteTogether({
      [](Tx& tx) { AddWords(tx, kCounty, 1, Words{"kept"}); },
      [](Tx& tx) {
        AddWords(tx, kCounty, 2, Words{"kept", "lost"});
        // Looking writes what the job before added, and the failure takes that out with the rest.
        EXPECT_EQ(NewestWithWords(tx, kCounty, Words{"kept"}, false, INT64_MAX, 10), (Numbers{2, 1}));
        AddWords(tx, kCounty, 3, Words{"kept", "lost"});
        throw std::runtime_error("no");
      },
      [](Tx& tx) { AddWords(tx, kCounty, 4, Words{"kept", "gone"}); },
      [](Tx& tx) {
        EXPECT_EQ(NewestWithWords(tx, kCounty, Words{"kept"}, false, INT64_MAX, 10), (Numbers{4, 1}));
        DropWords(tx, kCounty, 4, Words{"gone"});
        AddWords(tx, kCounty, 5, Words{"kept"});
      },
      [](Tx& tx) {
        AddWords(tx, kCounty, 6, Words{"kept"});
        throw std::runtime_error("no");
      },
  });
  EXPECT_THROW(outcomes_[1].get(), std::runtime_error);
  EXPECT_THROW(outcomes_[4].get(), std::runtime_error);
  for (const size_t i : {0, 2, 3}) EXPECT_NO_THROW(outcomes_[i].get());
  EXPECT_EQ(Find({"kept"}), (Numbers{5, 4, 1}));
  EXPECT_EQ(Find({"lost"}), Numbers{});
  EXPECT_EQ(Find({"gone"}), Numbers{});
}

}  // namespace
}  // namespace huiyin::db
