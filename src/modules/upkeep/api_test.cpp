// SPDX-License-Identifier: EUPL-1.2
#include <fstream>

#include "modules/terms/due.h"
#include "tests/support/town.h"

namespace huiyin::testing {
namespace {

class Upkeep : public Town {
 protected:
  std::string Due(std::string_view kind) {
    const Answer due = Get("admin", "/api/v1/retention");
    for (size_t i = 0; i < due.Count("items"); ++i) {
      if (due.At(fmt::format("items.{}.kind", i)) == kind) return due.At(fmt::format("items.{}.due", i));
    }
    return "none";
  }
  void Keep(std::string_view kind, int days) {
    const Answer now = Get("admin", "/api/v1/settings");
    const Answer changed = Patch("admin", "/api/v1/settings", std::stoll(now.At("revision")),
                                 fmt::format(R"({{"retention": [{{"kind": "{}", "days": {}}}]}})", kind, days));
    EXPECT_EQ(changed.status, 200) << changed.text;
  }
};

TEST_F(Upkeep, IsForThoseWhoAnswerForTheProgram) {
  EXPECT_EQ(Get("admin", "/api/v1/upkeep").Count("items"), 0u);
  dispatch_->NightNow();
  EXPECT_GE(Get("admin", "/api/v1/upkeep").Count("items"), 1u);
  EXPECT_EQ(Get("zhangsan", "/api/v1/upkeep").status, 200);
  EXPECT_EQ(Get("sunqi", "/api/v1/upkeep").status, 403);
}

TEST_F(Upkeep, WorksAtNightOnceAndCatchesUp) {
  const auto runs = [&] { return Get("admin", "/api/v1/upkeep").At("items.0.started_at"); };
  dispatch_->NightNow(false);  // ten in the morning
  EXPECT_EQ(runs(), "");
  clock_.Advance(17 * kHour);  // three at night
  dispatch_->NightNow(false);
  const std::string first = runs();
  EXPECT_NE(first, "");
  clock_.Advance(kHour);
  dispatch_->NightNow(false);
  EXPECT_EQ(runs(), first);
  clock_.Advance(40 * kHour);  // the next night was missed
  dispatch_->NightNow(false);
  EXPECT_NE(runs(), first);
}

TEST_F(Upkeep, MessagesThatWereToldAreErasedWhenTheirTimeIsOver) {
  constexpr db::Sql kMessages{"test.messages", "SELECT COUNT(*) FROM messages"};
  ASSERT_EQ(Post("household:张大山", "/api/v1/me/matters", R"({"text": "水管裂了"})").status, 201);
  const int64_t told = Number(kMessages);
  ASSERT_GT(told, 0);
  clock_.Advance(700 * kDay);
  SignInAgain();
  EXPECT_EQ(Due("messages"), "0");
  clock_.Advance(31 * kDay);
  SignInAgain();
  EXPECT_EQ(Due("messages"), std::to_string(told));
  dispatch_->NightNow();
  EXPECT_EQ(Number({"test.told", "SELECT COUNT(*) FROM messages WHERE kind = 'matter.received'"}), 0);
  EXPECT_GT(Number({"test.claims", "SELECT COUNT(*) FROM audit_pending WHERE act = 'message.erased'"}) +
            Number({"test.erased", "SELECT COUNT(*) FROM audit_entries WHERE act = 'message.erased'"}), 0);
}

TEST_F(Upkeep, AYearWithoutACalendarIsToldBeforeItMatters) {
  const auto told = [&] {
    std::string titles;
    const Answer inbox = Get("admin", "/api/v1/inbox");
    for (size_t i = 0; i < inbox.Count("items"); ++i) titles += inbox.At(fmt::format("items.{}.text", i));
    return titles;
  };
  const auto night = [&](std::string_view local) {
    clock_.now = *terms::ParseLocal(local, Zone{480});
    SignInAgain();
    dispatch_->NightNow();
  };
  night("2026-09-30T03:00");
  EXPECT_EQ(told(), "");
  night("2026-10-08T03:00");
  EXPECT_NE(told().find("2027年"), std::string::npos) << told();
  const std::string once = told();
  night("2026-10-09T03:00");
  EXPECT_EQ(told(), once);
  const Answer runs = Get("admin", "/api/v1/upkeep");
  bool is_odd = false;
  for (size_t i = 0; i < runs.Count("items"); ++i) {
    const std::string at = fmt::format("items.{}.", i);
    is_odd = is_odd || (runs.At(at + "name") == "calendar" && runs.At(at + "odd") == "true");
  }
  EXPECT_TRUE(is_odd);
  night("2026-11-01T03:00");
  EXPECT_GT(told().size(), once.size()) << "once a month until it is loaded";
  ASSERT_EQ(Call("admin", "PUT", "/api/v1/calendars/2027", R"({"source": "test", "makeup_workdays": [],
      "holidays": [{"date": "2027-01-01", "name": "元旦"}]})").status, 200);
  const std::string before = told();
  night("2026-12-01T03:00");
  EXPECT_EQ(told(), before);
}

TEST_F(Upkeep, WhatIsKeptForATimeIsErasedAndThatItWasStays) {
  const Answer taken = Post("zhaomin", "/api/v1/matters", R"({"text": "水管裂了", "area_code": "990101101001",
      "contact": {"phone": "13800000000"}, "title": "漏水"})");
  const std::string path = "/api/v1/matters/" + taken.At("id");
  Post("zhaomin", path + "/note", R"({"text": "打过电话"})");
  EXPECT_EQ(Post("liuyi", path + "/withdrawal", R"({"reason": "已经好了", "by_resident": true})").status, 201);
  EXPECT_EQ(Get("admin", "/api/v1/settings").At("retention.0.days"), "365");
  Keep("matter_contacts", 8);
  Keep("matter_texts", 16);
  clock_.Advance(9 * kDay);
  EXPECT_EQ(Due("matter_contacts"), "1");
  EXPECT_EQ(Due("matter_texts"), "0");
  dispatch_->NightNow();
  EXPECT_EQ(Due("matter_contacts"), "0");
  EXPECT_EQ(Get("liuyi", path).text.find("13800000000"), std::string::npos);
  EXPECT_EQ(Get("liuyi", path).At("text"), "水管裂了");
  clock_.Advance(9 * kDay);
  dispatch_->NightNow();
  const Answer erased = Get("liuyi", path);
  EXPECT_EQ(erased.status, 200) << erased.text;
  EXPECT_EQ(erased.At("text"), "");
  EXPECT_EQ(erased.text.find("打过电话"), std::string::npos) << erased.text;
  EXPECT_EQ(erased.text.find("已经好了"), std::string::npos) << erased.text;
  EXPECT_EQ(Get("liuyi", "/api/v1/matters?q=水管").Count("items"), 0u);
  EXPECT_EQ(Number({"test.erased", "SELECT COUNT(*) FROM events WHERE act IN ('matter.erased', 'matter.contact_erased')"}), 2);
  // What happened, and that it was erased, is still told.
  EXPECT_GE(erased.Count("events"), 4u) << erased.text;
  Tick();
  EXPECT_EQ(Number({"test.logged", "SELECT COUNT(*) FROM audit_entries WHERE act = 'matter.erased'"}), 1);
  dispatch_->NightNow();
  EXPECT_EQ(Number({"test.once", "SELECT COUNT(*) FROM events WHERE act = 'matter.erased'"}), 1);
}

TEST_F(Upkeep, AnOpenMatterIsNeverErased) {
  Post("zhaomin", "/api/v1/matters", R"({"text": "水管裂了", "area_code": "990101101001"})");
  Keep("matter_texts", 7);
  clock_.Advance(20 * kDay);
  EXPECT_EQ(Due("matter_texts"), "0");
}

TEST_F(Upkeep, ADiaryIsErasedAndTheVisitStays) {
  const Answer visit = Post("wangfang", "/api/v1/visits", fmt::format(
      R"({{"household_id": "{}", "at": "2026-03-11T01:00:00Z", "met": "head", "diary": "说了很多"}})", HouseholdId("张大山")));
  ASSERT_EQ(visit.status, 201) << visit.text;
  Keep("visit_diaries", 30);
  clock_.Advance(31 * kDay);
  dispatch_->NightNow();
  const Answer after = Get("wangfang", "/api/v1/visits/" + visit.At("id"));
  EXPECT_EQ(after.status, 200) << after.text;
  EXPECT_EQ(after.At("diary"), "");
  EXPECT_EQ(after.At("met"), "head");
}

TEST_F(Upkeep, AFileNobodyPointsAtIsSweptAway) {
  const auto folder = dir_ / "files" / "ab";
  std::filesystem::create_directories(folder);
  const auto old = folder / std::string(62, 'c');
  const auto young = folder / std::string(62, 'd');
  const auto other = folder / "readme.txt";
  for (const auto& file : {old, young, other}) std::ofstream(file) << "x";
  const auto long_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(48);
  std::filesystem::last_write_time(old, long_ago);
  std::filesystem::last_write_time(other, long_ago);
  dispatch_->NightNow();
  EXPECT_FALSE(std::filesystem::exists(old));
  EXPECT_TRUE(std::filesystem::exists(young));
  EXPECT_TRUE(std::filesystem::exists(other));
}

TEST_F(Upkeep, PeriodsAreTheAdministratorsToChangeWithinReason) {
  EXPECT_EQ(Patch("admin", "/api/v1/settings", 1, R"({"retention": [{"kind": "matter_texts", "days": 1}]})").status, 422);
  EXPECT_EQ(Patch("admin", "/api/v1/settings", 1, R"({"retention": [{"kind": "everything", "days": 100}]})").status, 422);
  EXPECT_EQ(Patch("liuyi", "/api/v1/settings", 1, R"({"retention": [{"kind": "matter_texts", "days": 100}]})").status, 403);
}

}  // namespace
}  // namespace huiyin::testing
