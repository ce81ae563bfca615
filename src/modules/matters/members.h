// SPDX-License-Identifier: EUPL-1.2
// One matter of several households (集体诉求). Whoever brought it and everybody who joined is a
// member: follows it with a receipt of their own, gets the answer by their own way, judges it
// for themselves, and may leave. What was merged into a matter brings its members along, and
// takes them back when it is taken out again.
//
// The rule of several words. Within the term to judge, one "not solved" opens the matter again
// for all. "Solved" is that member's word alone: the matter settles when everybody still in it
// has said so of this answer, or when the term is over, and then who said nothing is silence.
// At the next answer everybody is asked anew. When the last one leaves, it is withdrawn.
//
// No member learns who the others are: only how many, and that from five on.
#pragma once

#include "modules/matters/actions.h"
#include "modules/matters/views.h"
#include "platform/module.h"

namespace huiyin::matters {

// At most five speak for the others at a meeting (信访工作条例 art. 20).
inline constexpr int kMostRepresentatives = 5;

using MemberId = Id<struct MemberTag>;

struct Member {
  MemberId id;       // the matter's own for whoever brought it
  MatterId matter;   // which they brought or joined; see RootOf for where it is answered
  bool is_opener = false;
  std::string receipt;
  std::optional<HouseholdId> household;
  std::string contact;  // a JSON object, or empty
  std::string text;     // in their own words; may be empty
  Instant joined_at;
  std::optional<OfficerId> joined_by;  // absent: they themselves
  bool is_representative = false;
  std::optional<Instant> left_at;
  std::optional<bool> solved;
  std::optional<int64_t> rating;
  std::string judgement;
  std::optional<Instant> judged_at;
  int64_t judged_round = 0;  // of which answer: see RoundOf
  std::string channel;
  std::string asked_by;

  // Which answer of a matter words are of: it is another after it was opened again or reviewed.
  static int64_t RoundOf(const Matter& root) { return 2 * root.reopened + (root.state == State::kReview ? 1 : 0); }
  // Whether their word is of the answer the matter has now.
  bool HasJudged(const Matter& root) const {
    return judged_at && root.answered_at && *judged_at >= *root.answered_at && judged_round == RoundOf(root);
  }
  bool SaysSolved(const Matter& root) const { return HasJudged(root) && solved == true; }
};

// --- Rows (store_members.cpp)

std::optional<Member> FindMember(db::Tx& tx, County county, const MemberId& id);
std::optional<Member> FindMemberByReceipt(db::Tx& tx, County county, std::string_view receipt);
// Writes a new one with its receipt into the directory of receipts.
void InsertMember(db::Tx& tx, County county, const Member& member);
// Writes what can change; makes the row of whoever brought a matter.
void SaveMember(db::Tx& tx, County county, const Member& member);
// Rows of one matter, those who left too.
std::vector<Member> RowsOfMatter(db::Tx& tx, County county, const MatterId& matter);
// Where the household joined, latest first.
std::vector<Member> JoinedBy(db::Tx& tx, County county, const HouseholdId& household);
std::optional<MatterId> MatterOfJoiningNumber(db::Tx& tx, County county, std::string_view number);
std::optional<std::string> JoiningNumberOf(db::Tx& tx, County county, const MatterId& matter);
void OpenJoining(db::Tx& tx, County county, const MatterId& matter, std::string_view number, Instant now);
void CloseJoining(db::Tx& tx, County county, const MatterId& matter, Instant now);

// --- Who is in it (members.cpp)

// What a merged matter is answered with, in the end; itself when it is not merged.
Matter RootOf(Context& ctx, const Matter& matter);
// Everybody in `root` and in what was merged into it, those who left too, in the order they came.
std::vector<Member> MembersOf(Context& ctx, const Matter& root);
// Those still in it.
std::vector<Member> StillIn(std::vector<Member> members);
// What the matter is called for that member: their own words, else what an office called it.
std::string TitleOf(const Matter& root, const Member& member);
// The member as stored now.
Member Again(Context& ctx, const Member& member);
// Whoever brought it, as a member.
Member OpenerOf(Context& ctx, const Matter& matter);
// 409 matters.too_many_representatives when both together would have more than the law allows.
void RequireRoomForRepresentatives(Context& ctx, const Matter& into, const Matter& merged);
// 409 when the residents of what was merged called the answer a solution or have all left.
void RequireWanted(Context& ctx, const Matter& merged, const Matter& root);
// Somebody left or was taken out: perhaps nobody's word is waited for any more.
void SettleWhenAllSaidSo(Context& ctx, const MatterId& root);

// --- Verbs (actions_members.cpp)

struct Joining {
  std::optional<MemberId> id;
  std::optional<HouseholdId> household;
  std::string contact;
  std::string text;
};
// 409 when the state does not permit it or duplicate_id; 422 household_id:already_member. The same id with
// the same content is the same member. Saves the matter.
Member Join(Context& ctx, Matter& root, const Joining& joining);
// 422 `member_ids` with too_many above five.
void NameRepresentatives(Context& ctx, Matter& root, const std::vector<Uuid>& members);
// One of several, or the only one: `who` speaks of the answer of the matter they are in.
Done JudgeAs(Context& ctx, const Member& who, const Verdict& verdict);
Done AppealAs(Context& ctx, const Member& who, std::string_view reason);
Done LeaveAs(Context& ctx, const Member& who, std::string_view reason);

// --- Views (views_members.cpp)

// Where it stands, for one of them: whoever brought it (Status, views.h) or joined.
http::Response StatusOf(Context& ctx, const Member& who, For whom, int status = 200);
void WriteMySummaryOf(Context& ctx, JsonWriter& w, Names& names, const Member& who);
// Parts of it: their last word; how many there are, from five on; what is open to them.
// `shows_grade`: see SeesGrades (judgements.h).
void WriteWordOf(JsonWriter& w, const Member& who, bool shows_grade = true);
void WriteShared(Context& ctx, JsonWriter& w, const Matter& root, const std::vector<Member>& all, const Member& who, For whom);
void WriteMayOf(JsonWriter& w, const Matter& root, const Member& who, For whom);

std::vector<Route> MemberRoutes();
std::vector<Route> MembershipRoutes();
// The member of a household's record that lists what it joined, without whoever else is in it.
void WriteMemberships(Context& ctx, JsonWriter& w, const HouseholdId& household);
// For a matter's page: how many, how many spoke.
void WriteMembersOf(Context& ctx, JsonWriter& w, const Matter& matter);

}  // namespace huiyin::matters
