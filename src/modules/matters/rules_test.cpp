// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/rules.h"

#include <gtest/gtest.h>

#include <map>

namespace huiyin::matters {
namespace {

// Written out a second time, in words, so that a slip of the table's letters is seen.
using Pair = std::pair<std::string_view, std::string_view>;
const std::map<Pair, std::string_view> kAllowed = {
    {{"received", "assign"}, "assigned"},
    {{"assigned", "assign"}, "assigned"},
    {{"received", "accept"}, "assigned"},
    {{"assigned", "accept"}, "assigned"},
    {{"assigned", "return"}, "assigned"},
    {{"assigned", "agree_return"}, "assigned"},
    {{"assigned", "refuse_return"}, "assigned"},
    {{"received", "pass_up"}, "assigned"},
    {{"assigned", "pass_up"}, "assigned"},
    {{"received", "add_co_handler"}, "received"},
    {{"assigned", "add_co_handler"}, "assigned"},
    {{"received", "answer"}, "answered"},
    {{"assigned", "answer"}, "answered"},
    {{"review", "answer"}, "review"},
    {{"final_review", "answer"}, "concluded"},
    {{"received", "answer_part"}, "received"},
    {{"assigned", "answer_part"}, "assigned"},
    {{"received", "ask_extension"}, "received"},
    {{"assigned", "ask_extension"}, "assigned"},
    {{"received", "decide_extension"}, "received"},
    {{"assigned", "decide_extension"}, "assigned"},
    {{"answered", "judge_solved"}, "settled"},
    {{"review", "judge_solved"}, "settled"},
    {{"answered", "judge_unsolved"}, "assigned"},
    {{"answered", "pass_silence"}, "settled"},
    {{"review", "pass_silence"}, "concluded"},
    {{"answered", "appeal"}, "review"},
    {{"settled", "appeal"}, "review"},
    {{"review", "appeal"}, "final_review"},
    {{"received", "withdraw"}, "withdrawn"},
    {{"assigned", "withdraw"}, "withdrawn"},
    {{"answered", "withdraw"}, "withdrawn"},
    {{"review", "withdraw"}, "withdrawn"},
    {{"final_review", "withdraw"}, "withdrawn"},
    {{"received", "merge"}, "merged"},
    {{"assigned", "merge"}, "merged"},
    {{"merged", "unmerge_to_received"}, "received"},
    {{"merged", "unmerge_to_assigned"}, "assigned"},
    {{"received", "join"}, "received"},
    {{"assigned", "join"}, "assigned"},
    {{"answered", "join"}, "answered"},
    {{"received", "represent"}, "received"},
    {{"assigned", "represent"}, "assigned"},
    {{"answered", "represent"}, "answered"},
    {{"review", "represent"}, "review"},
    {{"final_review", "represent"}, "final_review"},
    {{"answered", "judge_member"}, "answered"},
    {{"review", "judge_member"}, "review"},
    {{"received", "leave"}, "received"},
    {{"assigned", "leave"}, "assigned"},
    {{"answered", "leave"}, "answered"},
    {{"review", "leave"}, "review"},
    {{"final_review", "leave"}, "final_review"},
    {{"received", "relay"}, "received"},
    {{"assigned", "relay"}, "assigned"},
    {{"answered", "relay"}, "answered"},
    {{"review", "relay"}, "review"},
    {{"final_review", "relay"}, "final_review"},
    {{"received", "update"}, "received"},
    {{"assigned", "update"}, "assigned"},
    {{"answered", "update"}, "answered"},
    {{"review", "update"}, "review"},
    {{"final_review", "update"}, "final_review"},
    {{"received", "edit_asks"}, "received"},
    {{"assigned", "edit_asks"}, "assigned"},
    {{"received", "remind"}, "received"},
    {{"assigned", "remind"}, "assigned"},
    {{"review", "remind"}, "review"},
    {{"final_review", "remind"}, "final_review"},
    {{"received", "pause"}, "received"},
    {{"assigned", "pause"}, "assigned"},
    {{"review", "pause"}, "review"},
    {{"final_review", "pause"}, "final_review"},
    {{"received", "order"}, "received"},
    {{"assigned", "order"}, "assigned"},
    {{"review", "order"}, "review"},
    {{"final_review", "order"}, "final_review"},
    {{"received", "draft_answer"}, "received"},
    {{"assigned", "draft_answer"}, "assigned"},
    {{"review", "draft_answer"}, "review"},
    {{"final_review", "draft_answer"}, "final_review"},
    {{"received", "decide_draft"}, "received"},
    {{"assigned", "decide_draft"}, "assigned"},
    {{"review", "decide_draft"}, "review"},
    {{"final_review", "decide_draft"}, "final_review"},
    {{"assigned", "correct_solved"}, "settled"},
    {{"assigned", "correct_unsolved"}, "assigned"},
    {{"settled", "correct_solved"}, "settled"},
    {{"settled", "correct_unsolved"}, "assigned"},
    {{"received", "lead"}, "received"},
    {{"assigned", "lead"}, "assigned"},
    {{"review", "lead"}, "review"},
    {{"final_review", "lead"}, "final_review"},
    {{"received", "meet"}, "received"},
    {{"assigned", "meet"}, "assigned"},
    {{"answered", "meet"}, "answered"},
    {{"review", "meet"}, "review"},
    {{"final_review", "meet"}, "final_review"},
    {{"received", "step"}, "received"},
    {{"assigned", "step"}, "assigned"},
    {{"answered", "step"}, "answered"},
    {{"review", "step"}, "review"},
    {{"final_review", "step"}, "final_review"},
};

TEST(MatterRules, EveryStateAndActIsDecided) {
  for (int s = 0; s < kStateCount; ++s) {
    for (int a = 0; a < kActCount; ++a) {
      const auto state = static_cast<State>(s);
      const auto act = static_cast<Act>(a);
      const auto next = Next(state, act);
      if (act == Act::kNote) {
        EXPECT_EQ(next, state) << StateName(state);
        continue;
      }
      const auto wanted = kAllowed.find({StateName(state), ActName(act)});
      const std::string_view told = next ? StateName(*next) : "";
      EXPECT_EQ(told, wanted == kAllowed.end() ? "" : wanted->second) << StateName(state) << " " << ActName(act);
      EXPECT_EQ(CanHappen(state, act).allowed(), next.has_value());
    }
  }
}

TEST(MatterRules, WhatHasEndedIsOnlyOpenedByTheResidentOrByTakingItOutAgain) {
  for (int s = 0; s < kStateCount; ++s) {
    const auto state = static_cast<State>(s);
    if (IsOpen(state)) continue;
    for (int a = 0; a < kActCount; ++a) {
      const auto act = static_cast<Act>(a);
      const auto next = Next(state, act);
      if (act == Act::kNote || (act == Act::kAppeal && state == State::kSettled)) continue;
      if (state == State::kSettled && (act == Act::kCorrectSolved || act == Act::kCorrectUnsolved)) continue;
      if (state == State::kMerged && (act == Act::kUnmergeToReceived || act == Act::kUnmergeToAssigned)) continue;
      EXPECT_FALSE(next) << StateName(state) << " " << ActName(act);
      EXPECT_EQ(CanHappen(state, act).refusal, "matters.already_" + std::string(StateName(state)));
    }
  }
}

TEST(MatterRules, OnlyTheResidentAndTimeSettle) {
  for (int s = 0; s < kStateCount; ++s) {
    for (int a = 0; a < kActCount; ++a) {
      const auto act = static_cast<Act>(a);
      if (Next(static_cast<State>(s), act) != State::kSettled || act == Act::kNote) continue;
      EXPECT_TRUE(act == Act::kJudgeSolved || act == Act::kCorrectSolved || act == Act::kPassSilence) << ActName(act);
    }
  }
}

TEST(MatterRules, AnOfferIsAcceptedByTheUnitItIsMadeTo) {
  Matter matter;
  EXPECT_TRUE(CanAccept(matter, true, false).allowed());
  EXPECT_FALSE(CanAccept(matter, false, false).allowed());
  matter.pending_unit = UnitId();
  EXPECT_EQ(CanAccept(matter, true, false).refusal, "matters.offered_to_another");
  EXPECT_TRUE(CanAccept(matter, false, true).allowed());
  matter.pending_unit.reset();
  matter.state = State::kAssigned;
  EXPECT_EQ(CanAccept(matter, true, false).refusal, "matters.already_accepted");
}

TEST(MatterRules, AReviewIsAppealedAgainstOnlyOnceAnswered) {
  Matter matter;
  matter.state = State::kReview;
  EXPECT_TRUE(AwaitsAnswer(matter));
  EXPECT_EQ(CanAppeal(matter).refusal, "matters.not_answered");
  matter.judge_due_at = Instant{1};
  EXPECT_FALSE(AwaitsAnswer(matter));
  EXPECT_TRUE(CanAppeal(matter).allowed());
  matter.state = State::kSettled;
  matter.solved = true;
  EXPECT_EQ(CanAppeal(matter).refusal, "matters.judged_solved");
}

Ask AskOf(uint8_t n) {
  Ask ask;
  ask.id.bytes[0] = n;
  return ask;
}

TEST(MatterRules, AnAnswerGivesEveryAskItsOutcome) {
  const std::vector<Ask> due = {AskOf(1), AskOf(2)};
  const auto answer = [](uint8_t n, std::string outcome) {
    AskAnswer given;
    given.id = AskOf(n).id;
    given.outcome = std::move(outcome);
    return given;
  };
  const auto codes = [&](std::vector<AskAnswer> answers) {
    std::string text;
    for (const FieldError& error : CheckAnswers(due, answers)) text += error.field + ":" + error.code + " ";
    return text;
  };
  EXPECT_EQ(codes({answer(1, "done"), answer(2, "explained")}), "");
  EXPECT_EQ(codes({answer(1, "done")}), "asks:outcome_missing ");
  EXPECT_EQ(codes({answer(1, "done"), answer(1, "done"), answer(2, "done")}), "asks[1].id:duplicate ");
  EXPECT_EQ(codes({answer(1, "done"), answer(2, "done"), answer(3, "done")}), "asks[2].id:unknown_reference ");
  EXPECT_EQ(codes({answer(1, "refused"), answer(2, "redirected")}), "asks[0].rule:required asks[1].redirected_to:required ");
}

TEST(MatterRules, AlikeTextsShareTheirPairs) {
  const auto like = [](std::string_view a, std::string_view b) { return Alike(a).To(b).OfAll(); };
  EXPECT_EQ(like("三组的水管裂了", "三组的水管裂了"), 1.0);
  EXPECT_GT(like("三组的水管裂了半个月", "三组水管裂了没人修"), 0.3);
  EXPECT_EQ(like("路灯不亮", "水管裂了"), 0.0);
  EXPECT_EQ(like("", "水管裂了"), 0.0);
  EXPECT_EQ(like("水管，裂了！", " 水管裂了。"), 1.0) << "marks and blanks say nothing";
  EXPECT_EQ(like("Pipe A", "pipe a"), 1.0);
  EXPECT_EQ(like("水", "水"), 1.0);
  EXPECT_EQ(like("水管水管", "水管"), 0.5);
  EXPECT_EQ(Alike("三组的水管").To("我们村三组的水管裂了半个月，一直没有人来修").OfShorter(), 1.0) << "the beginning of it";
  Alike text("三组的水管裂了");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(text.To("三组的水管裂了").OfAll(), 1.0) << "one comparison leaves nothing for the next";
}

}  // namespace
}  // namespace huiyin::matters
