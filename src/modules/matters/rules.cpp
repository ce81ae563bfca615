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

namespace {

constexpr size_t kMostCompared = 600;  // characters of a text
constexpr uint64_t kNoPair = 0;

bool IsMark(uint32_t code) {
  if (code < 0x80) return std::isalnum(static_cast<int>(code)) == 0;
  return (code >= 0x2010 && code <= 0x2027) || (code >= 0x3000 && code <= 0x303F) || (code >= 0xFF00 && code <= 0xFF0F) ||
         (code >= 0xFF1A && code <= 0xFF1F);
}

// The next character of valid UTF-8; `at` moves behind it.
uint32_t Decode(std::string_view text, size_t& at) {
  const auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(text[i])); };
  const uint32_t lead = byte(at);
  const size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  uint32_t code = length == 1 ? lead : lead & (0x7Fu >> length);
  const size_t end = std::min(at + length, text.size());
  for (size_t i = at + 1; i < end; ++i) code = code << 6 | (byte(i) & 0x3F);
  at = end;
  return code;
}

uint32_t Hash(uint64_t pair) { return static_cast<uint32_t>(pair * 0x9E3779B97F4A7C15ull >> 32); }

template <class Each>
void EachPair(std::string_view text, Each each) {
  uint64_t before = 0;
  size_t characters = 0;
  for (size_t at = 0; at < text.size() && characters < kMostCompared;) {
    const auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(text[at + i])); };
    uint32_t code = 0;
    // Most characters are three bytes, E4 to E9: Chinese ones and never marks.
    if (byte(0) >= 0xE4 && byte(0) <= 0xE9 && at + 3 <= text.size()) {
      code = (byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
      at += 3;
    } else {
      code = Decode(text, at);
      if (IsMark(code)) continue;
      if (code < 0x80) code = static_cast<uint32_t>(std::tolower(static_cast<int>(code)));
    }
    if (before != 0) each(before << 32 | code);
    before = code;
    ++characters;
  }
  // A text of one character is that character.
  if (characters == 1) each(before);
}

}  // namespace

Alike::Alike(std::string_view text) {
  size_t all = 0;
  EachPair(text, [&](uint64_t) { ++all; });
  size_t size = 16;
  while (size < 2 * all) size *= 2;
  pairs_.assign(size, kNoPair);
  seen_.assign(size, 0);
  EachPair(text, [&](uint64_t pair) {
    const size_t place = PlaceOf(pair);
    if (pairs_[place] == kNoPair) ++count_;
    pairs_[place] = pair;
    filter_[Hash(pair) >> 26] |= uint64_t{1} << (Hash(pair) >> 20 & 63);
  });
}

size_t Alike::PlaceOf(uint64_t pair) const {
  const size_t mask = pairs_.size() - 1;
  size_t place = Hash(pair) & mask;
  while (pairs_[place] != kNoPair && pairs_[place] != pair) place = (place + 1) & mask;
  return place;
}

double Shares::OfAll() const {
  if (ours == 0 || theirs == 0) return 0;
  return static_cast<double>(shared) / static_cast<double>(ours + theirs - shared);
}

double Shares::OfShorter() const {
  if (ours == 0 || theirs == 0) return 0;
  return static_cast<double>(shared) / static_cast<double>(std::min(ours, theirs));
}

Shares Alike::To(std::string_view other) {
  ++comparison_;
  size_t shared = 0;
  size_t again = 0;  // a shared pair that comes twice is one
  size_t all = 0;
  EachPair(other, [&](uint64_t pair) {
    ++all;
    // Most pairs are not ours, and one bit says so.
    if ((filter_[Hash(pair) >> 26] >> (Hash(pair) >> 20 & 63) & 1) == 0) return;
    const size_t place = PlaceOf(pair);
    if (pairs_[place] == kNoPair) return;
    if (seen_[place] == comparison_) ++again;
    else ++shared;
    seen_[place] = comparison_;
  });
  return {shared, count_, all - again};
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
