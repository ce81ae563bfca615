// SPDX-License-Identifier: EUPL-1.2
// What residents say of answers: who is shown it, how it may be taken back once, and the
// figures units see of it. A unit never sees who gave which grade: grades of months that are
// over, in groups of five or more (core/small_numbers.h).
#pragma once

#include "modules/matters/members.h"
#include "modules/matters/views.h"

namespace huiyin::matters {

// How much of a judgement the reader is shown. Of their own work: that it is solved or not,
// and the words of what is not solved, since somebody must put it right.
bool SeesGrades(Context& ctx, const Matter& matter, const Ties& ties);

// Whether the latest judgement can be taken back now: within the term to judge, once, and not
// after something new happened to the matter.
Ruling CanCorrect(Context& ctx, const Matter& matter, const std::vector<Told>& story);
// The resident says otherwise than first. The first stays beside it, and counts; where the
// handling unit wrote down a contact between the two, that is marked.
Done CorrectJudgement(Context& ctx, Matter matter, const Verdict& verdict);
// The same by whose receipt it is. Of several, each word is its own already: 409
// matters.several_members.
Done CorrectAs(Context& ctx, const Member& by, const Verdict& verdict);

// Whether any of it was outside the power of who answered.
bool IsBeyond(const std::vector<Ask>& asks);

// Counts what was said of the owner's answer, or that nothing was; never of a protected one.
void CountJudgement(Context& ctx, const Matter& matter, const Verdict& verdict);
void CountSilence(Context& ctx, const Matter& matter);

std::vector<Route> JudgementRoutes();

// --- Pure

struct Cell {
  std::string category;  // empty: none, or, after Grouped, several together
  int64_t judged = 0;
  int64_t solved = 0;
  int64_t rated = 0;
  int64_t rated_sum = 0;
  int64_t treated = 0;
  int64_t treated_sum = 0;
  int64_t silent = 0;
};
struct Groups {
  std::vector<Cell> shown;     // each of five people or more
  std::optional<Cell> others;  // the small ones together, when they are enough
};
// No cell of fewer than five is shown, and none can be found by taking the shown ones from a
// total: small ones are put together, with the smallest of the rest where they are too few.
Groups Grouped(std::vector<Cell> cells);

}  // namespace huiyin::matters
