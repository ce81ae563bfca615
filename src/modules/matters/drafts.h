// SPDX-License-Identifier: EUPL-1.2
// Answers that wait for a second officer, where the rule of the running clock asks for one
// (`needs_approval`). A draft changes neither state nor clock: lateness counts until the
// answer went out. At most one draft of a matter is live: it waits, or it was sent back to
// whoever wrote it.
#pragma once

#include "modules/matters/actions.h"

namespace huiyin::matters {

// An answer as somebody writes it.
struct AnswerInput {
  std::string text;
  std::vector<AskAnswer> asks;
  std::vector<Uuid> pictures;  // of the matter, to go with it
};

struct Draft {
  Uuid id;
  std::string state;  // waiting sent_back approved replaced
  UnitId unit;
  OfficerId drafted_by;
  Instant drafted_at;
  AnswerInput input;
  std::optional<OfficerId> decided_by;
  std::optional<Instant> decided_at;
  std::string note;
};

// The live one; absent also when the matter has gone to another unit, or on, since.
std::optional<Draft> LiveDraft(db::Tx& tx, County county, const Matter& matter);
// Whether the rule of the clock that runs asks for a second officer, and there is one beside
// `drafter`: an answer must never wait for somebody who does not exist.
bool NeedsSecond(Context& ctx, const Matter& matter, const OfficerId& drafter);
// Whether this actor is such a second officer: of the owning unit or above it, not who wrote
// it, and in a review not of a unit whose answer is being reviewed.
bool MaySecond(Context& ctx, const Actor& actor, const Matter& matter, const OfficerId& drafter);

// Keeps it as the live draft and tells those who may agree. Saves the matter.
Done KeepDraft(Context& ctx, Seen seen, const AnswerInput& input);
// Agreed: the answer goes out, with both names. Not agreed: back to who wrote it, with a note.
// Throws 409 matters.draft_changed when `draft` is not the one that waits.
Done DecideDraft(Context& ctx, Seen seen, const Uuid& draft, bool approved, std::string_view note);
// The matter was answered: nothing waits any more.
void EndDrafts(db::Tx& tx, County county, const MatterId& matter);

// The member `draft`, for those who answer or may agree.
void WriteDraft(Context& ctx, JsonWriter& w, const Seen& seen);
std::vector<Route> DraftRoutes();

// What an answer says, read from a request (routes.cpp) and checked against what is owed.
AnswerInput ReadAnswer(Context& ctx);
std::string AnswerJson(const AnswerInput& input);
AnswerInput ParseAnswer(std::string_view text);

}  // namespace huiyin::matters
