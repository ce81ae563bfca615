// SPDX-License-Identifier: EUPL-1.2
// What may come from a copy some moments behind, and what may not: figures may, who somebody is and
// what they may do never.
#include "db/replicas.h"

#include "tests/support/contract.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

// A copy of the county as it was, which may fail in the ways a server does.
class Copy : public db::Replicas {
 public:
  bool Read(const Job& job) override {
    ++asked;
    if (database == nullptr) return false;
    try {
      database->Read([&](db::Tx& tx) {
        job(tx, std::chrono::seconds(3));
        if (is_cut_short) throw std::runtime_error("the connection is gone");
      });
    } catch (const std::exception&) {
      return false;
    }
    return true;
  }
  std::vector<db::ReplicaState> states() const override { return {}; }

  std::unique_ptr<db::Database> database;
  bool is_cut_short = false;
  int asked = 0;
};

class MayLag : public Town {
 protected:
  db::Replicas* Behind() override { return &copy_; }
  // What happens from now on is not in the copy.
  void TakeCopy() {
    const auto file = dir_ / fmt::format("copy{}.db", copies_++);
    database_->Backup(file);
    copy_.database = db::OpenSqlite({.file = file, .readers = 2, .sync = false});
  }
  void NewMatter() {
    ASSERT_EQ(Post("zhaomin", "/api/v1/matters", R"({"text": "水管裂了", "area_code": "990101101001"})").status, 201);
  }
  static std::string AsOf(const Answer& answer) {
    const auto found = answer.headers.find("Huiyin-As-Of");
    return found == answer.headers.end() ? "" : found->second;
  }

  Copy copy_;
  int copies_ = 0;
};

TEST_F(MayLag, FiguresComeFromTheCopyAndSayAsOfWhen) {
  NewMatter();
  TakeCopy();
  NewMatter();
  const Answer wall = Get("chener", "/api/v1/wall");
  ASSERT_EQ(wall.status, 200) << wall.text;
  EXPECT_EQ(wall.At("total.open"), "1") << wall.text;
  EXPECT_EQ(AsOf(wall), FormatInstant(clock_.now + -3 * kSecond));
  EXPECT_EQ(wall.At("at"), AsOf(wall));
  // Whoever has just taken a matter sees it.
  const Answer matters = Get("zhaomin", "/api/v1/matters?mine=true");
  EXPECT_EQ(matters.Count("items"), 2u) << matters.text;
  EXPECT_EQ(AsOf(matters), "");
}

TEST_F(MayLag, WhatTheCopyCannotAnswerTheDatabaseDoes) {
  NewMatter();
  const auto told = [&] {
    const Answer wall = Get("chener", "/api/v1/wall");
    EXPECT_EQ(AsOf(wall), "");
    EXPECT_EQ(wall.At("at"), FormatInstant(clock_.now));
    return wall.At("total.open");
  };
  EXPECT_EQ(told(), "1") << "no copy is near enough";
  TakeCopy();
  NewMatter();
  copy_.is_cut_short = true;
  EXPECT_EQ(told(), "2");
  EXPECT_EQ(copy_.asked, 2);
}

TEST_F(MayLag, ASessionThatWasEndedIsEndedWhateverTheCopyKnows) {
  NewMatter();
  ASSERT_EQ(Get("chener", "/api/v1/wall").status, 200);
  TakeCopy();
  ASSERT_EQ(Get("chener", "/api/v1/wall").status, 200);
  const std::string token = Token("chener");
  ASSERT_EQ(Call("chener", "DELETE", "/api/v1/sessions/current").status, 204);
  const int before = copy_.asked;
  EXPECT_EQ(Call("", "GET", "/api/v1/wall", "", {"Authorization: Bearer " + token}).status, 401);
  EXPECT_EQ(Get("zhaomin", "/api/v1/wall").status, 403);
  EXPECT_EQ(Get("liuyi", "/api/v1/wall").status, 200);
  EXPECT_EQ(copy_.asked, before + 1) << "whoever may not is not sent there";
}

TEST_F(MayLag, AnExportIsDecidedOnByTheDatabaseAndItsReadersAreWrittenDown) {
  const std::string body = R"({"kind": "households", "area_code": "990101101", "reason": "年度核对"})";
  const std::string early = Post("admin", "/api/v1/exports", body).At("id");
  Post("chener", "/api/v1/exports/" + early + "/approval");
  const std::string late = Post("admin", "/api/v1/exports", body).At("id");
  TakeCopy();
  // Not yet approved there, and approved here: the database answers.
  Post("chener", "/api/v1/exports/" + late + "/approval");
  EXPECT_EQ(AsOf(Get("admin", "/api/v1/exports/" + late + "/file")), "");
  // Approved there, and over here: refused.
  const Answer file = Get("admin", "/api/v1/exports/" + early + "/file");
  EXPECT_NE(AsOf(file), "");
  EXPECT_NE(file.text.find("张大山"), std::string::npos);
  EXPECT_EQ(Get("chener", "/api/v1/exports/" + early + "/file").At("code"), "access.forbidden");
  Tick();
  EXPECT_EQ(Get("household:张大山", "/api/v1/me/reads").Count("items"), 2u) << "each fetching is a reading";
}

TEST_F(MayLag, IsSaidOfReadsAloneAndStandsInTheContract) {
  int found = 0;
  for (const Module& module : dispatch_->modules()) {
    for (const Route& route : module.routes) {
      if (route.reads != Reads::kMayLag) {
        EXPECT_TRUE(!route.admit || route.split) << route.pattern << " is asked of the database alone";
        continue;
      }
      ++found;
      EXPECT_EQ(route.method, "GET") << route.pattern;
      EXPECT_EQ(route.session, Session::kOfficer) << route.pattern << ": residents read what is theirs, as it is";
      EXPECT_FALSE(route.shows_reads || route.prepare) << route.pattern;
      EXPECT_TRUE(Contract::Get().Sends("GET", route.pattern, "Huiyin-As-Of")) << route.pattern;
    }
  }
  EXPECT_EQ(found, 6);
}

}  // namespace
}  // namespace huiyin::testing
