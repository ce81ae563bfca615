// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/stages.h"

#include <gtest/gtest.h>

#include <vector>

namespace huiyin::matters {
namespace {

const Moments kWhole{.started = {100}, .due = {500}, .remind = Instant{400}, .order = Instant{700}, .ask = Instant{200}};

std::vector<Stage> Walk(std::string_view step, const Moments& moments) {
  std::vector<Stage> stages;
  for (auto stage = FirstStage(step, moments); stage; stage = NextStage(step, stage->deed, moments)) {
    stages.push_back(*stage);
  }
  return stages;
}

struct Case {
  std::string_view step;
  std::vector<Stage> want;
};

TEST(Stages, EveryClockActsInItsOrder) {
  const std::vector<Case> cases = {
      {"answer", {{Deed::kRemind, {400}}, {Deed::kLate, {501}}, {Deed::kOrder, {700}}}},
      {"review", {{Deed::kRemind, {400}}, {Deed::kLate, {501}}, {Deed::kOrder, {700}}}},
      {"final_review", {{Deed::kRemind, {400}}, {Deed::kLate, {501}}, {Deed::kOrder, {700}}}},
      {"accept", {{Deed::kLateAcceptance, {501}}}},
      {"return", {{Deed::kTakeOver, {502}}}},
      {"decide_return", {{Deed::kPassUp, {501}}}},
      {"judge", {{Deed::kAskJudgement, {200}}, {Deed::kSilence, {501}}}},
      {"ask_final_review", {{Deed::kSilence, {501}}}},
      {"order", {{Deed::kOrderLate, {501}}}},
      {"call_back", {}},
  };
  for (const Case& one : cases) EXPECT_EQ(Walk(one.step, kWhole), one.want) << one.step;
}

TEST(Stages, WhatNoRuleAsksForIsPassedOver) {
  const Moments bare{.started = {100}, .due = {500}};
  EXPECT_EQ(Walk("answer", bare), (std::vector<Stage>{{Deed::kLate, {501}}}));
  EXPECT_EQ(Walk("judge", bare), (std::vector<Stage>{{Deed::kSilence, {501}}}));
}

TEST(Stages, TheDueInstantItselfIsInTime) {
  EXPECT_EQ(FirstStage("accept", kWhole)->at.ms, kWhole.due.ms + 1);
}

TEST(Stages, NamesReadBack) {
  for (int i = 0; i < kDeedCount; ++i) EXPECT_EQ(ParseDeed(DeedName(static_cast<Deed>(i))), static_cast<Deed>(i));
  EXPECT_FALSE(ParseDeed("nothing"));
}

}  // namespace
}  // namespace huiyin::matters
