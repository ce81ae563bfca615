// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/stages.h"

#include <array>
#include <span>

namespace huiyin::matters {
namespace {

constexpr std::array<std::string_view, kDeedCount> kNames = {
    "remind", "late", "order", "late_acceptance", "take_over", "pass_up", "ask_judgement", "silence", "order_late",
    "step_late", "lead_late"};

constexpr std::array kForTheResident = {Deed::kRemind, Deed::kLate, Deed::kOrder};
constexpr std::array kAcceptance = {Deed::kLateAcceptance};
constexpr std::array kObjection = {Deed::kTakeOver};
constexpr std::array kDecision = {Deed::kPassUp};
constexpr std::array kJudgement = {Deed::kAskJudgement, Deed::kSilence};
constexpr std::array kGoingHigher = {Deed::kSilence};
constexpr std::array kOrdered = {Deed::kOrderLate};
constexpr std::array kPromised = {Deed::kStepLate};
constexpr std::array kLed = {Deed::kLeadLate};

struct Line {
  std::string_view step;
  std::span<const Deed> deeds;
};
constexpr std::array<Line, 11> kTable = {{
    {"answer", kForTheResident},
    {"review", kForTheResident},
    {"final_review", kForTheResident},
    {"accept", kAcceptance},
    {"return", kObjection},
    {"decide_return", kDecision},
    {"judge", kJudgement},
    {"ask_final_review", kGoingHigher},
    {"order", kOrdered},
    {"step", kPromised},
    {"lead", kLed},
}};

std::span<const Deed> DeedsOf(std::string_view step) {
  for (const Line& line : kTable) {
    if (line.step == step) return line.deeds;
  }
  return {};
}

std::optional<Instant> MomentOf(Deed deed, const Moments& moments) {
  switch (deed) {
    case Deed::kRemind: return moments.remind;
    case Deed::kOrder: return moments.order;
    case Deed::kAskJudgement: return moments.ask;
    case Deed::kTakeOver: return moments.due + 2;  // a missed acceptance is told before
    default: return moments.due + 1;               // the due instant itself still is in time
  }
}

std::optional<Stage> FirstOf(std::span<const Deed> deeds, const Moments& moments) {
  for (const Deed deed : deeds) {
    if (const auto at = MomentOf(deed, moments)) return Stage{deed, *at};
  }
  return std::nullopt;
}

}  // namespace

std::string_view DeedName(Deed deed) { return kNames[static_cast<size_t>(deed)]; }

std::optional<Deed> ParseDeed(std::string_view name) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Deed>(i);
  }
  return std::nullopt;
}

std::optional<Stage> FirstStage(std::string_view step, const Moments& moments) {
  return FirstOf(DeedsOf(step), moments);
}

std::optional<Stage> NextStage(std::string_view step, Deed done, const Moments& moments) {
  const auto deeds = DeedsOf(step);
  for (size_t i = 0; i < deeds.size(); ++i) {
    if (deeds[i] == done) return FirstOf(deeds.subspan(i + 1), moments);
  }
  return std::nullopt;
}

std::string StageTable() {
  std::string text = "| clock | what it does, in order |\n| --- | --- |\n";
  for (const Line& line : kTable) {
    text.append("| ").append(line.step).append(" |");
    for (size_t i = 0; i < line.deeds.size(); ++i) {
      text.append(i == 0 ? " " : ", ").append(DeedName(line.deeds[i]));
    }
    text += " |\n";
  }
  return text;
}

}  // namespace huiyin::matters
