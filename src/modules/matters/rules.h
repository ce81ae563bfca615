// SPDX-License-Identifier: EUPL-1.2
// What may happen to a matter, and what it is then: one table. Pure: no database, no
// clock, no exceptions. Who may do it is platform/access.h's to say.
#pragma once

#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/problem.h"
#include "modules/matters/matter.h"

namespace huiyin::matters {

enum class Act {
  kAssign,           // offer it to a unit; the owner stays until that unit accepts
  kAccept,
  kReturn,           // "not ours"
  kAgreeReturn,
  kRefuseReturn,
  kPassUp,           // "cannot be done here": to who can
  kAddCoHandler,
  kAnswer,
  kAnswerPart,       // a co-handling unit answers the asks it was given
  kAskExtension,
  kDecideExtension,
  kJudgeSolved,
  kJudgeUnsolved,    // opens it again
  kPassSilence,      // the term to judge has passed
  kAppeal,
  kWithdraw,
  kMerge,
  kUnmergeToReceived,  // merged by mistake: as it was when nobody had accepted it
  kUnmergeToAssigned,
  kUpdate,
  kEditAsks,
  kRemind,
  kOrder,            // a supervisor's instruction with a term of its own
  kPause,            // days the law does not count
  kRelay,            // a question to whoever asked, and what they say to it
  kLead,             // a named lead official answers for it
  kMeet,             // a meeting about it
  kStep,             // something to be done by a day
  kNote,
  kJoin,             // somebody else it concerns becomes a member
  kRepresent,        // members who speak for the others at a meeting
  kJudgeMember,      // one of several says their word
  kLeave,            // one of several wants no more of it
  kDraftAnswer,      // write an answer that a second officer must agree to
  kDecideDraft,      // agree to it, or send it back
  kCorrectSolved,    // the resident takes back what they said of it first
  kCorrectUnsolved,
  kCount
};
inline constexpr int kActCount = static_cast<int>(Act::kCount);
std::string_view ActName(Act act);

// The state after the act; absent when the state does not permit it.
std::optional<State> Next(State state, Act act);
// The same as a ruling: "matters.already_settled", "matters.not_when_received".
Ruling CanHappen(State state, Act act);

// Whether somebody still owes something: an office, or the resident their word.
bool IsOpen(State state);
// Whether an office owes an answer: then a clock runs and due_at is set.
bool AwaitsAnswer(const Matter& matter);

// The guards beyond the state.
Ruling CanAccept(const Matter& matter, bool by_owner, bool by_pending);
Ruling CanAppeal(const Matter& matter);
Ruling CanJudge(const Matter& matter);

// What an answer says of one ask.
struct AskAnswer {
  AskId id;
  std::string outcome;
  std::string text;
  std::string rule;
  std::string appeal;
  std::string redirected_to;
  bool is_beyond = false;  // outside the unit's power; then who_can says whose it is
  std::string who_can;
};
// Every ask of `due` needs one outcome, and no other ask may have one; a refusal names its
// rule, a redirection who accepted it; what lies outside the unit's power names rule and who can. `answers` in the order they came.
std::vector<FieldError> CheckAnswers(const std::vector<Ask>& due, const std::vector<AskAnswer>& answers);

// Pairs of neighbouring characters that two texts have, and share.
struct Shares {
  size_t shared = 0;
  size_t ours = 0;
  size_t theirs = 0;
  // Of all pairs, 0 to 1 (after Jaccard): whether both say the same.
  double OfAll() const;
  // Of the shorter one's: whether what was typed so far stands in the other.
  double OfShorter() const;
};
// How alike texts are to one, by their beginnings, without white space and punctuation. Made
// once and held against many, so that a comparison builds nothing.
class Alike {
 public:
  explicit Alike(std::string_view text);
  Shares To(std::string_view other);

 private:
  size_t PlaceOf(uint64_t pair) const;

  std::vector<uint64_t> pairs_;  // a table with gaps; its size is a power of two
  std::vector<uint32_t> seen_;   // in which comparison the pair was last found
  std::array<uint64_t, 64> filter_{};  // a bit for each pair, by its hash
  size_t count_ = 0;
  uint32_t comparison_ = 0;
};

// The table as Markdown, for the documentation and its test.
std::string StateTable();
// The same as a drawing: the acts that change the state (Mermaid).
std::string StateDiagram();

}  // namespace huiyin::matters
