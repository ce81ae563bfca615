// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/members.h"

#include "modules/matters/rules.h"

namespace huiyin::matters {
namespace {

// A merged matter stands in one other, so this is a tree; the bound is for rows gone wrong.
constexpr int kDeepest = 20;

void AddMembers(Context& ctx, const Matter& matter, int depth, std::vector<Member>& all) {
  const auto rows = RowsOfMatter(ctx.tx, ctx.county, matter.id);
  Member opener;
  opener.id = MemberId(matter.id);
  opener.matter = matter.id;
  opener.is_opener = true;
  for (const Member& row : rows) {
    if (row.is_opener) opener = row;
  }
  opener.receipt = matter.receipt;
  opener.household = matter.household;
  opener.contact = matter.contact;
  opener.text = matter.text;
  opener.joined_at = matter.received_at;
  all.push_back(std::move(opener));
  for (const Member& row : rows) {
    if (!row.is_opener) all.push_back(row);
  }
  if (depth == 0) return;
  for (const MatterId& id : MergedInto(ctx.tx, ctx.county, matter.id)) {
    if (const auto merged = FindMatter(ctx.tx, ctx.county, id)) AddMembers(ctx, *merged, depth - 1, all);
  }
}

int64_t Representatives(const std::vector<Member>& members) {
  return std::count_if(members.begin(), members.end(), [](const Member& one) { return one.is_representative && !one.left_at; });
}

}  // namespace

Matter RootOf(Context& ctx, const Matter& matter) {
  Matter root = matter;
  for (int depth = 0; root.merged_into && depth < kDeepest; ++depth) {
    auto into = FindMatter(ctx.tx, ctx.county, *root.merged_into);
    if (!into) break;
    root = std::move(*into);
  }
  return root;
}

std::vector<Member> MembersOf(Context& ctx, const Matter& root) {
  std::vector<Member> all;
  AddMembers(ctx, root, kDeepest, all);
  return all;
}

std::vector<Member> StillIn(std::vector<Member> members) {
  std::erase_if(members, [](const Member& one) { return one.left_at.has_value(); });
  return members;
}

std::string TitleOf(const Matter& root, const Member& member) {
  if (member.text.empty()) return root.subject;
  Matter own;
  own.text = member.text;
  return own.Title();
}

Member Again(Context& ctx, const Member& member) {
  if (!member.is_opener) return FindMember(ctx.tx, ctx.county, member.id).value_or(member);
  const auto matter = FindMatter(ctx.tx, ctx.county, member.matter);
  return matter ? OpenerOf(ctx, *matter) : member;
}

Member OpenerOf(Context& ctx, const Matter& matter) {
  std::vector<Member> all;
  AddMembers(ctx, matter, 0, all);
  return std::move(all.front());
}

void RequireRoomForRepresentatives(Context& ctx, const Matter& into, const Matter& merged) {
  const int64_t both = Representatives(MembersOf(ctx, RootOf(ctx, into))) + Representatives(MembersOf(ctx, merged));
  if (both > kMostRepresentatives) Conflict("matters.too_many_representatives");
}

void RequireWanted(Context& ctx, const Matter& merged, const Matter& root) {
  const auto theirs = StillIn(MembersOf(ctx, merged));
  if (theirs.empty()) Conflict("matters.members_left");
  const bool is_content = std::all_of(theirs.begin(), theirs.end(), [&](const Member& one) { return one.SaysSolved(root); });
  if (is_content) Conflict("matters.judged_solved");
}

void SettleWhenAllSaidSo(Context& ctx, const MatterId& id) {
  auto root = FindMatter(ctx.tx, ctx.county, id);
  if (!root || !CanJudge(*root).allowed()) return;
  const auto all = StillIn(MembersOf(ctx, *root));
  const bool said_so = !all.empty() && std::all_of(all.begin(), all.end(), [&](const Member& one) { return one.SaysSolved(*root); });
  if (!said_so) return;
  Verdict verdict;
  verdict.solved = true;
  verdict.channel = all.back().channel;
  Judge(ctx, std::move(*root), verdict);
}

}  // namespace huiyin::matters
