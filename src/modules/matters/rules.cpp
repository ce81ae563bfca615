// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/rules.h"

#include <algorithm>
#include <array>

#include "core/text.h"

namespace huiyin::matters {
namespace {

struct Line {
  Act act;
  std::string_view name;
  // What each state becomes, by its letter; '-' where the act cannot happen.
  std::string_view next;
};

constexpr std::string_view kLetters = "RANSVFCMW";

constexpr std::array<Line, kActCount> kTable = {{
    //  received assigned aNswered Settled reView Final concluded merged withdrawn
    //                                            RANSVFCMW
    {Act::kAssign,          "assign",            "AA-------"},
    {Act::kAccept,          "accept",            "AA-------"},
    {Act::kReturn,          "return",            "-A-------"},
    {Act::kAgreeReturn,     "agree_return",      "-A-------"},
    {Act::kRefuseReturn,    "refuse_return",     "-A-------"},
    {Act::kPassUp,          "pass_up",           "AA-------"},
    {Act::kAddCoHandler,    "add_co_handler",    "RA-------"},
    {Act::kAnswer,          "answer",            "NN--VC---"},
    {Act::kAnswerPart,      "answer_part",       "RA-------"},
    {Act::kAskExtension,    "ask_extension",     "RA-------"},
    {Act::kDecideExtension, "decide_extension",  "RA-------"},
    {Act::kJudgeSolved,     "judge_solved",      "--S-S----"},
    {Act::kJudgeUnsolved,   "judge_unsolved",    "--A------"},
    {Act::kPassSilence,     "pass_silence",      "--S-C----"},
    {Act::kAppeal,          "appeal",            "--VVF----"},
    {Act::kWithdraw,        "withdraw",          "WWW-WW---"},
    {Act::kMerge,           "merge",             "MM-------"},
    {Act::kUnmergeToReceived, "unmerge_to_received", "-------R-"},
    {Act::kUnmergeToAssigned, "unmerge_to_assigned", "-------A-"},
    {Act::kUpdate,          "update",            "RAN-VF---"},
    {Act::kEditAsks,        "edit_asks",         "RA-------"},
    {Act::kRemind,          "remind",            "RA--VF---"},
    {Act::kOrder,            "order",             "RA--VF---"},
    {Act::kPause,            "pause",             "RA--VF---"},
    {Act::kRelay,           "relay",             "RAN-VF---"},
    {Act::kLead,            "lead",              "RA--VF---"},
    {Act::kMeet,            "meet",              "RAN-VF---"},
    {Act::kStep,            "step",              "RAN-VF---"},
    {Act::kNote,            "note",              "RANSVFCMW"},
    {Act::kJoin,            "join",              "RAN------"},
    {Act::kRepresent,       "represent",         "RAN-VF---"},
    {Act::kJudgeMember,     "judge_member",      "--N-V----"},
    {Act::kLeave,           "leave",             "RAN-VF---"},
    {Act::kDraftAnswer,     "draft_answer",      "RA--VF---"},
    {Act::kDecideDraft,     "decide_draft",      "RA--VF---"},
    {Act::kCorrectSolved,   "correct_solved",    "-S-S-----"},
    {Act::kCorrectUnsolved, "correct_unsolved",  "-A-A-----"},
}};

constexpr bool IsOrdered() {
  for (size_t i = 0; i < kTable.size(); ++i) {
    if (kTable[i].act != static_cast<Act>(i) || kTable[i].next.size() != kStateCount) return false;
  }
  return true;
}
static_assert(IsOrdered(), "one line an act, in the order of the enum");

}  // namespace

std::string_view ActName(Act act) { return kTable[static_cast<size_t>(act)].name; }

std::optional<State> Next(State state, Act act) {
  const char letter = kTable[static_cast<size_t>(act)].next[static_cast<size_t>(state)];
  const size_t next = kLetters.find(letter);
  if (next == std::string_view::npos) return std::nullopt;
  return static_cast<State>(next);
}

Ruling CanHappen(State state, Act act) {
  if (Next(state, act)) return Ruling::Yes();
  const std::string_view how = IsOpen(state) ? "not_when_" : "already_";
  return Ruling::No("matters." + std::string(how) + std::string(StateName(state)));
}

bool IsOpen(State state) {
  switch (state) {
    case State::kReceived:
    case State::kAssigned:
    case State::kAnswered:
    case State::kReview:
    case State::kFinalReview:
      return true;
    default:
      return false;
  }
}

bool AwaitsAnswer(const Matter& matter) {
  switch (matter.state) {
    case State::kReceived:
    case State::kAssigned:
    case State::kFinalReview:
      return true;
    case State::kReview:
      return !matter.judge_due_at;  // afterwards it waits for the resident
    default:
      return false;
  }
}

Ruling CanAccept(const Matter& matter, bool by_owner, bool by_pending) {
  if (const Ruling ruling = CanHappen(matter.state, Act::kAccept); !ruling.allowed()) return ruling;
  if (by_pending) return Ruling::Yes();
  if (matter.pending_unit) return Ruling::No("matters.offered_to_another");
  // The first receiver takes it on itself; later owners have accepted already.
  if (by_owner && matter.state == State::kReceived) return Ruling::Yes();
  return Ruling::No("matters.already_accepted");
}

Ruling CanAppeal(const Matter& matter) {
  if (const Ruling ruling = CanHappen(matter.state, Act::kAppeal); !ruling.allowed()) return ruling;
  if (matter.state == State::kReview && !matter.judge_due_at) return Ruling::No("matters.not_answered");
  if (matter.solved == true) return Ruling::No("matters.judged_solved");
  return Ruling::Yes();
}

Ruling CanJudge(const Matter& matter) {
  if (const Ruling ruling = CanHappen(matter.state, Act::kJudgeSolved); !ruling.allowed()) return ruling;
  if (matter.state == State::kReview && !matter.judge_due_at) return Ruling::No("matters.not_answered");
  return Ruling::Yes();
}

std::vector<FieldError> CheckAnswers(const std::vector<Ask>& due, const std::vector<AskAnswer>& answers) {
  std::vector<FieldError> errors;
  std::set<Uuid> seen;
  for (size_t i = 0; i < answers.size(); ++i) {
    const AskAnswer& answer = answers[i];
    const std::string at = "asks[" + std::to_string(i) + "].";
    const bool is_due =
        std::any_of(due.begin(), due.end(), [&](const Ask& ask) { return Uuid(ask.id) == Uuid(answer.id); });
    if (!is_due) errors.push_back({at + "id", "unknown_reference", ""});
    else if (!seen.insert(answer.id).second) errors.push_back({at + "id", "duplicate", ""});
    if (answer.outcome == "refused" && answer.rule.empty()) {
      errors.push_back({at + "rule", "required", "a refusal names its rule"});
    }
    if (answer.outcome == "redirected" && answer.redirected_to.empty()) {
      errors.push_back({at + "redirected_to", "required", "who accepted it"});
    }
    if (answer.is_beyond) {
      if (answer.outcome == "done" || answer.outcome == "withdrawn") errors.push_back({at + "beyond", "not_with_outcome", answer.outcome});
      if (answer.rule.empty() && answer.outcome != "refused") errors.push_back({at + "rule", "required", "what lies outside its power names the rule"});
      if (answer.who_can.empty()) errors.push_back({at + "who_can", "required", "whose power it is"});
    }
  }
  const auto missing = std::count_if(due.begin(), due.end(), [&](const Ask& ask) { return !seen.contains(ask.id); });
  if (missing > 0) errors.push_back({"asks", "outcome_missing", std::to_string(missing)});
  return errors;
}

std::vector<uint64_t> Pairs(std::string_view text) {
  constexpr size_t kMostCharacters = 600;
  constexpr std::string_view kMarks = "\u3000、。，；：？！“”‘’（）《》…—";
  std::vector<uint64_t> pairs;
  uint64_t before = 0;
  for (const std::string_view character : Characters(FirstCharacters(text, kMostCharacters))) {
    const auto lead = static_cast<unsigned char>(character[0]);
    if (character.size() == 1 && !std::isalnum(lead)) continue;
    if (character.size() > 1 && kMarks.find(character) != std::string_view::npos) continue;
    uint64_t code = 0;
    for (const char byte : character) code = code << 8 | static_cast<unsigned char>(byte);
    if (character.size() == 1) code = static_cast<uint64_t>(std::tolower(lead));
    if (before != 0) pairs.push_back(before << 32 | code);
    before = code;
  }
  // A text of one character is that character.
  if (pairs.empty() && before != 0) pairs.push_back(before);
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

double Likeness(const std::vector<uint64_t>& a, const std::vector<uint64_t>& b) {
  if (a.empty() || b.empty()) return 0;
  size_t shared = 0;
  for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j]) ++shared, ++i, ++j;
    else if (a[i] < b[j]) ++i;
    else ++j;
  }
  return static_cast<double>(shared) / static_cast<double>(a.size() + b.size() - shared);
}

std::string StateTable() {
  std::string text = "| act |";
  for (int state = 0; state < kStateCount; ++state) {
    text.append(" ").append(StateName(static_cast<State>(state))).append(" |");
  }
  text += "\n| --- |";
  for (int state = 0; state < kStateCount; ++state) text += " --- |";
  text += "\n";
  for (const Line& line : kTable) {
    text.append("| ").append(line.name).append(" |");
    for (int state = 0; state < kStateCount; ++state) {
      const auto next = Next(static_cast<State>(state), line.act);
      text.append(" ").append(next ? StateName(*next) : "").append(next ? " |" : "|");
    }
    text += "\n";
  }
  return text;
}

std::string StateDiagram() {
  std::string text = "stateDiagram-v2\n  [*] --> received\n";
  for (int from = 0; from < kStateCount; ++from) {
    // Acts between the same two states share an arrow.
    for (int to = 0; to < kStateCount; ++to) {
      std::string acts;
      for (const Line& line : kTable) {
        if (from == to || Next(static_cast<State>(from), line.act) != static_cast<State>(to)) continue;
        acts.append(acts.empty() ? "" : ", ").append(line.name);
      }
      if (acts.empty()) continue;
      text.append("  ").append(StateName(static_cast<State>(from))).append(" --> ");
      text.append(StateName(static_cast<State>(to))).append(" : ").append(acts).append("\n");
    }
  }
  for (int state = 0; state < kStateCount; ++state) {
    if (!IsOpen(static_cast<State>(state))) text.append("  ").append(StateName(static_cast<State>(state))).append(" --> [*]\n");
  }
  return text;
}

}  // namespace huiyin::matters
