// SPDX-License-Identifier: EUPL-1.2
#include "modules/visits/rules.h"

#include <gtest/gtest.h>

namespace huiyin::visits {
namespace {

OfficerId OfficerNumber(uint8_t number) {
  OfficerId id;
  id.bytes[15] = number;
  return id;
}

TEST(VisitRules, APhoneMayRunTenMinutesAhead) {
  const Instant now{1'000'000'000};
  EXPECT_FALSE(IsInFuture(now, now));
  EXPECT_FALSE(IsInFuture(now + 10 * kMinute, now));
  EXPECT_TRUE(IsInFuture(now + 10 * kMinute + 1, now));
}

TEST(VisitRules, TheAuthorCorrectsForSevenDaysFromWhenWeHadIt) {
  Visit visit;
  visit.officer = OfficerNumber(1);
  visit.at = {0};
  visit.received_at = {100 * kDay};  // written offline, long before
  EXPECT_TRUE(CanCorrect(visit, OfficerNumber(1), {100 * kDay}).allowed());
  EXPECT_TRUE(CanCorrect(visit, OfficerNumber(1), {107 * kDay}).allowed());
  EXPECT_EQ(CanCorrect(visit, OfficerNumber(1), {107 * kDay + 1}).refusal, "visits.diary_closed");
  EXPECT_EQ(CanCorrect(visit, OfficerNumber(2), {100 * kDay}).refusal, "visits.not_the_author");
}

TEST(VisitRules, AReplyMayChangeUntilTheVisitIsMade) {
  VisitPlan plan;
  EXPECT_TRUE(CanReply(plan).allowed());
  plan.reply = "declined";
  EXPECT_TRUE(CanReply(plan).allowed());
  plan.is_done = true;
  EXPECT_EQ(CanReply(plan).refusal, "visit_plans.done");
}

TEST(VisitRules, APromiseIsKeptOnce) {
  Promise promise;
  EXPECT_TRUE(CanFulfil(promise).allowed());
  promise.state = "kept";
  EXPECT_EQ(CanFulfil(promise).refusal, "promises.already_kept");
}

TEST(VisitRules, APromiseIsLateFromTheDayAfterItWasDue) {
  const Zone zone{480};
  const Date due = Date::Of(2026, 3, 10);
  Promise promise;
  promise.due = due;
  EXPECT_FALSE(IsLate(promise, due, zone));
  EXPECT_TRUE(IsLate(promise, due + 1, zone));
  promise.state = "kept";
  promise.closed_at = EndOfDay(due, zone);
  EXPECT_FALSE(IsLate(promise, due + 30, zone));
  promise.closed_at = StartOfDay(due + 1, zone);
  EXPECT_TRUE(IsLate(promise, due + 30, zone));
  promise.due.reset();
  EXPECT_FALSE(IsLate(promise, due + 30, zone));
}

TEST(VisitRules, TheNextVisitCountsFromTheLastOrFromThePairing) {
  const Date paired = Date::Of(2026, 1, 1);
  EXPECT_EQ(NextVisitOn(std::nullopt, paired, 3, 12), paired + 121);
  EXPECT_EQ(NextVisitOn(paired + 40, paired, 3, 12), paired + 161);
  // The visits of the officer before do not count against the new one.
  EXPECT_EQ(NextVisitOn(paired - 400, paired, 3, 12), paired + 121);
  EXPECT_EQ(NextVisitOn(std::nullopt, paired, 6, 12), paired + 60);
}

TEST(VisitRules, TheClosestDutyDecidesHowOften) {
  const std::vector<org::VisitDuty> duties = {{"a", "", "", "household", "visit", 3, 12},
                                              {"b", "", "", "orphan", "contact", 1, 2},
                                              {"c", "", "", "orphan", "visit", 4, 12}};
  EXPECT_EQ(HowOften(duties, "household")->times, 3);
  EXPECT_EQ(HowOften(duties, "orphan")->months, 2);
  EXPECT_FALSE(HowOften({}, "orphan").has_value());
}

TEST(VisitNotes, ComeBackAsTheyWereStored) {
  const std::vector<Note> notes = {{OfficerNumber(9), {123}, "他们\"说\"\n好", OfficerNumber(1)},
                                   {OfficerNumber(8), {456}, "我们的话", std::nullopt}};
  const auto back = ReadNotes(WriteNotes(notes));
  ASSERT_EQ(back.size(), 2u);
  EXPECT_EQ(back[0].text, notes[0].text);
  EXPECT_EQ(back[0].by, OfficerNumber(1));
  EXPECT_EQ(back[1].at.ms, 456);
  EXPECT_FALSE(back[1].by.has_value());
  EXPECT_TRUE(ReadNotes("[]").empty());
}

}  // namespace
}  // namespace huiyin::visits
