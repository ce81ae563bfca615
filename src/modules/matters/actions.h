// SPDX-License-Identifier: EUPL-1.2
// The verbs of matters. Each loads, decides, changes, saves and tells; the event told is
// returned where the reply names it.
#pragma once

#include "modules/matters/matters.h"
#include "modules/matters/rules.h"
#include "modules/matters/ties.h"

namespace huiyin::matters {

struct Done {
  Matter matter;
  std::optional<EventId> event;
};

// actions_take.cpp
Matter Take(Context& ctx, const Input& input, bool& is_new);
std::string NewReceipt(db::Tx& tx, Random& random);
// The unit of the auditor of the level above, for a complaint about somebody of `unit`.
UnitId UnitForComplaint(Context& ctx, const UnitId& about_unit, const std::optional<OfficerId>& about_officer);

// actions_route.cpp
Done Assign(Context& ctx, Seen seen, const UnitId& unit, std::string_view note);
Done Accept(Context& ctx, Seen seen, const std::optional<OfficerId>& officer, std::string_view note);
Done Return(Context& ctx, Seen seen, std::string_view reason);
Done DecideReturn(Context& ctx, Seen seen, bool agreed, const std::optional<UnitId>& unit, std::string_view note);
Done AddCoHandlers(Context& ctx, Seen seen, const UnitId& unit, const std::vector<Uuid>& asks, std::string_view note);

// actions_pass_up.cpp
// "Cannot be done here": offered to who can, with everything it has. Without a unit the list or
// the nearest above that may settle it is asked; 422 on `unit_id` when it is not above.
Done PassUp(Context& ctx, Seen seen, const std::optional<UnitId>& unit, std::string_view reason);

// actions_answer.cpp
struct AnswerInput;  // drafts.h
// By whom: who wrote it, and the second officer where there was one.
struct Signed {
  OfficerId officer;
  std::optional<OfficerId> approved_by;
};
// By the owner, of the whole, or, where the rule asks for a second officer, a draft that waits
// for one; by a co-handling unit, of its part.
Done Answer(Context& ctx, Seen seen, const AnswerInput& input);
// The answer goes out. Lateness is as of now, whenever it was written.
Done GiveAnswer(Context& ctx, Seen seen, const AnswerInput& input, const Signed& by);
// Nobody waits for more time or for a return any more.
void CloseRequests(Context& ctx, const MatterId& matter);
Done AskExtension(Context& ctx, Seen seen, std::string_view rule, int64_t days, std::string_view reason);
Done DecideExtension(Context& ctx, Seen seen, bool granted, std::string_view note);

// actions_judge.cpp
struct Verdict {
  bool solved = false;
  std::optional<int64_t> rating;
  std::string text;
  std::string channel = "web";
  std::optional<int64_t> treated;  // how they were treated: asked apart, of what is beyond the unit's power
  bool was_counted = false;        // one by one, where it is the word of several
};
// The resident's word is spoken: the matter is closed, with nothing running.
void Settle(Context& ctx, Matter& matter, Act act);
// Not solved: the same unit has it again, every ask is open, and a shorter clock runs.
void Reopen(Context& ctx, Matter& matter, Act act);
Done Judge(Context& ctx, Matter matter, const Verdict& verdict);
Done Appeal(Context& ctx, Matter matter, std::string_view reason);
Done Withdraw(Context& ctx, Matter matter, std::string_view reason);
// The term to judge is over and nobody said a word: recorded as silence. Does not save.
void PassSilence(Context& ctx, Matter& matter);

// actions_file.cpp
struct AskEdit {
  std::optional<AskId> id;
  std::string text;
};
struct Patch {
  std::optional<std::string> title;
  std::optional<std::string> kind;
  std::optional<std::string> category;  // empty: none
  std::optional<AreaCode> area;
  bool clears_household = false;
  std::optional<HouseholdId> household;
  bool clears_resident = false;
  std::optional<ResidentId> resident;
  std::optional<std::string> contact;
  std::optional<std::vector<AskEdit>> asks;
  bool clears_officer = false;
  std::optional<OfficerId> officer;  // of the owner's unit: who works on it
};
Done Update(Context& ctx, Seen seen, const Patch& patch);
// `is_contact`: with the resident; counts where a judgement changes afterwards.
Done Note(Context& ctx, Seen seen, std::string_view text, bool is_contact);
Done Remind(Context& ctx, Seen seen, std::string_view note);

// actions_merge.cpp
Done Merge(Context& ctx, Seen seen, const MatterId& into);
// It comes back as it was: state, owner, asks, the resident's clock counted from the first
// words under its old rule. 409 matters.judged_solved when its residents called the answer
// they shared a solution, matters.members_left when none of them wants it any more.
Done Unmerge(Context& ctx, Seen seen, std::string_view reason);
// Whether the actor may take it out again: whoever may route what it was merged into. False
// too when what it was is not kept.
bool MayUnmerge(Context& ctx, const Matter& matter);

}  // namespace huiyin::matters
