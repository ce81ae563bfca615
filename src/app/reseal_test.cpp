// SPDX-License-Identifier: EUPL-1.2
#include "app/reseal.h"

#include <list>
#include <set>

#include "modules/identity/identity.h"
#include "modules/identity/totp.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class ResealTest : public Town {
 protected:
  // Something of every kind that is encrypted, made by those who make it.
  void SetUp() override {
    Town::SetUp();
    from_.fill(7);  // the town's
    to_.fill(9);
    other_.fill(11);
    const std::string household = HouseholdId("张大山");
    constexpr const char* kBirths[] = {"1966-01-01", "1972-02-02", "1983-03-03", "1994-04-04", "2005-05-05"};
    for (size_t i = 0; i < 5; ++i) {
      const Answer made = Post("wangfang", "/api/v1/households/" + household + "/residents",
                               fmt::format(R"({{"name":"张{}","sex":"unstated","birth_date":"{}","relation":"other","id_number":"{}","confirm_duplicate":true}})",
                                           i, kBirths[i], Numbers()[i]));
      ASSERT_EQ(made.status, 201) << made.text;
    }
    const Answer filed = Post("zhaomin", "/api/v1/matters", fmt::format(
        R"({{"channel":"counter","kind":"help","text":"邻居偷接水管，我不敢说","household_id":"{}","confidential":true}})", household));
    ASSERT_EQ(filed.status, 201) << filed.text;
    const auto officer = ParseId(OfficerId("wangfang"))->id;
    Write([&](db::Tx& tx) {
      identity::SetPassword(tx, kCounty, huiyin::OfficerId(officer), HashPassword("a long password"), false);
    });
    const std::string bearer = "Authorization: Bearer " +
        Post("", "/api/v1/sessions", R"({"login":"wangfang","password":"a long password"})").At("token");
    const Answer aside = Post("wangfang", "/api/v1/sync/operations",
                              R"({"operations":[{"id":"990101-0195000a-7c1e-7abc-8def-0123456789ab","method":"POST","path":"/api/v1/visits","body":{}}]})");
    ASSERT_EQ(aside.At("set_aside"), "1") << aside.text;
    const Answer phone = Post("wangfang", "/api/v1/sync/devices", R"({"id":"990101-0195000b-7c1e-7abc-8def-0123456789ab","name":"Redmi"})");
    ASSERT_EQ(phone.status, 201) << phone.text;
    ASSERT_EQ(Post("", "/api/v1/sync/sealed", fmt::format(R"({{"device_id":"{}","token":"{}","items":[{{"id":"990101-0195000c-7c1e-7abc-8def-0123456789ab","sealed":"eA"}}]}})",
                                                          phone.At("id"), phone.At("token"))).status, 200);
    ASSERT_EQ(Call("", "POST", "/api/v1/sessions/current/second_step", R"({"password":"a long password"})", {bearer}).status, 201);
  }
  static std::vector<std::string> Numbers() {
    return {"990101196601010019", "99010119720202002X", "990101198303030037", "990101199404040044", "990101200505050052"};
  }
  // Every value of every table that opens with the key, by table and column.
  std::map<std::string, int> Opening(const Sha256Hash& key) {
    std::map<std::string, int> found;
    database_->Read([&](db::Tx& tx) {
      for (const db::Table& table : tx.Tables()) {
        for (const db::Table::Column& column : table.columns) {
          if (column.type != db::Table::Type::kBytes && column.type != db::Table::Type::kText) continue;
          // The names are the engine's own, so this text is no input; a connection knows a statement
          // by where its text lies, so it lies there for good.
          static std::list<std::string> texts;
          texts.push_back("SELECT " + column.name + " FROM " + table.name + " WHERE " + column.name + " IS NOT NULL");
          tx.Rows({"test.values", texts.back()}, [&](const db::Row& row) {
            if (Unseal(row.View(0), key)) ++found[table.name + "." + column.name];
          });
        }
      }
    });
    return found;
  }

  Sha256Hash from_{}, to_{}, other_{};
};

TEST_F(ResealTest, EveryEncryptedColumnIsInTheList) {
  std::set<std::string> listed;
  for (const app::SealedColumn& column : app::SealedColumns()) listed.insert(fmt::format("{}.{}", column.table, column.column));
  // By what is in them, whatever they are called; and by their name, whatever is in them.
  std::set<std::string> there;
  for (const auto& [name, count] : Opening(from_)) there.insert(name);
  EXPECT_EQ(there, listed);
  database_->Read([&](db::Tx& tx) {
    for (const db::Table& table : tx.Tables()) {
      for (const db::Table::Column& column : table.columns) {
        if (column.name.find("sealed") == std::string::npos || column.type != db::Table::Type::kBytes) continue;
        EXPECT_TRUE(listed.contains(table.name + "." + column.name)) << table.name << "." << column.name;
      }
    }
  });
}

TEST_F(ResealTest, EverythingGoesUnderTheNewKeyAndIsFoundByIt) {
  const auto before = Opening(from_);
  ASSERT_EQ(before.at("residents.id_number_sealed"), 5);
  const app::Resealed done = app::Reseal(*database_, from_, to_, random_, 2);
  EXPECT_EQ(done.seen, 10);
  EXPECT_EQ(done.changed, 10);
  EXPECT_EQ(done.unreadable, 0);
  EXPECT_TRUE(Opening(from_).empty());
  EXPECT_EQ(Opening(to_), before);
  // What is looked up by a keyed hash is found by the new one.
  for (const std::string& number : Numbers()) {
    const std::string hash = KeyedHash(number, to_);
    int found = 0;
    database_->Read([&](db::Tx& tx) {
      tx.Rows({"test.by_number", "SELECT id FROM residents WHERE county = $1 AND id_number_hash = $2"},
              [&](const db::Row&) { ++found; }, kCounty, db::Blob{hash});
    });
    EXPECT_EQ(found, 1) << number;
  }
  const std::string mark = Hex(KeyedHash("household:" + FormatUuid(ParseId(HouseholdId("张大山"))->id), to_));
  int marked = 0;
  database_->Read([&](db::Tx& tx) {
    tx.Rows({"test.by_mark", "SELECT matter_id FROM identities WHERE county = $1 AND household_mark = $2"},
            [&](const db::Row&) { ++marked; }, kCounty, mark);
  });
  EXPECT_EQ(marked, 1);
  // Again there is nothing to do.
  EXPECT_EQ(app::Reseal(*database_, from_, to_, random_, 2).changed, 0);
}

TEST_F(ResealTest, OneThatWasInterruptedIsFinishedByAnother) {
  const auto before = Opening(from_);
  struct Killed {};
  for (int stop = 1; stop <= 3; ++stop) {
    int batches = 0;
    try {
      app::Reseal(*database_, from_, to_, random_, 1, [&](const app::Resealed&) {
        if (++batches == 2) throw Killed();
      });
    } catch (const Killed&) {
    }
  }
  // In between each value opens with one of the two.
  const auto old_ones = Opening(from_);
  const auto new_ones = Opening(to_);
  EXPECT_FALSE(old_ones.empty());
  EXPECT_FALSE(new_ones.empty());
  const app::Resealed done = app::Reseal(*database_, from_, to_, random_, 3);
  EXPECT_EQ(done.seen, 10);
  EXPECT_LT(done.changed, 10);
  EXPECT_EQ(Opening(to_), before);
  EXPECT_TRUE(Opening(from_).empty());
}

TEST_F(ResealTest, WhatOpensWithNeitherKeyIsCountedAndLeft) {
  const auto before = Opening(from_);
  const app::Resealed done = app::Reseal(*database_, other_, to_, random_, 100);
  EXPECT_EQ(done.unreadable, 10);
  EXPECT_EQ(done.changed, 0);
  EXPECT_EQ(Opening(from_), before);
}

}  // namespace
}  // namespace huiyin::testing
