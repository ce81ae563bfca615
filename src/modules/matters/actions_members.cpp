// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/judgements.h"
#include "modules/matters/members.h"
#include "modules/matters/story.h"
#include "modules/matters/word.h"

namespace huiyin::matters {
namespace {

constexpr size_t kMostMembers = 500;

bool IsSame(const std::optional<HouseholdId>& a, const std::optional<HouseholdId>& b) {
  return a.has_value() == b.has_value() && (!a || Uuid(*a) == Uuid(*b));
}

Matter RootOfMember(Context& ctx, const Member& who) {
  const auto matter = FindMatter(ctx.tx, ctx.county, who.matter);
  if (!matter) NotFound();
  return RootOf(ctx, *matter);
}

json::object About(const Member& who) { return {{"member_id", FormatUuid(who.id)}}; }

// The word of the whole matter: members' own are told apart from it.
Done Decide(Context& ctx, Matter root, const Verdict& verdict) {
  Verdict whole;
  whole.solved = verdict.solved;
  whole.channel = verdict.channel;
  whole.was_counted = true;
  return Judge(ctx, std::move(root), whole);
}

}  // namespace

Member Join(Context& ctx, Matter& root, const Joining& joining) {
  if (joining.id) {
    if (auto known = FindMember(ctx.tx, ctx.county, *joining.id)) {
      const bool is_same = Uuid(known->matter) == Uuid(root.id) && IsSame(known->household, joining.household) &&
                           known->contact == joining.contact && known->text == joining.text;
      if (!is_same) Conflict("duplicate_id");
      return *known;
    }
    if (FindMatter(ctx.tx, ctx.county, MatterId(Uuid(*joining.id)))) Conflict("duplicate_id");
  }
  Require(CanHappen(root.state, Act::kJoin));
  const auto all = StillIn(MembersOf(ctx, root));
  if (all.size() >= kMostMembers) Conflict("matters.too_many_members");
  if (joining.household) {
    const bool is_in = std::any_of(all.begin(), all.end(), [&](const Member& one) { return IsSame(one.household, joining.household); });
    if (is_in) Invalid("household_id", "already_member");
  }
  Member member;
  member.id = joining.id ? *joining.id : ctx.NewId<MemberId>();
  member.matter = root.id;
  member.receipt = NewReceipt(ctx.tx, ctx.random());
  member.household = joining.household;
  member.contact = joining.contact;
  member.text = joining.text;
  member.joined_at = ctx.now;
  if (ctx.actor.IsOfficer()) member.joined_by = ctx.actor.officer;
  InsertMember(ctx.tx, ctx.county, member);
  Tell(ctx, root, "member_joined", About(member));
  SaveMatter(ctx.tx, ctx.county, root);
  WordOfJoining(ctx, root, member);
  return member;
}

void NameRepresentatives(Context& ctx, Matter& root, const std::vector<Uuid>& members) {
  Require(CanHappen(root.state, Act::kRepresent));
  const std::set<Uuid> wanted(members.begin(), members.end());
  if (wanted.size() > static_cast<size_t>(kMostRepresentatives)) {
    Invalid("member_ids", "too_many", std::to_string(kMostRepresentatives));
  }
  auto all = StillIn(MembersOf(ctx, root));
  for (size_t i = 0; i < members.size(); ++i) {
    const bool is_in = std::any_of(all.begin(), all.end(), [&](const Member& one) { return Uuid(one.id) == members[i]; });
    if (!is_in) Invalid(fmt::format("member_ids[{}]", i), "unknown_reference");
  }
  json::array named;
  bool has_changed = false;
  for (Member& member : all) {
    const bool is_named = wanted.contains(member.id);
    if (is_named) named.push_back(json::value(FormatUuid(member.id)));
    if (is_named == member.is_representative) continue;
    member.is_representative = is_named;
    SaveMember(ctx.tx, ctx.county, member);
    has_changed = true;
  }
  if (!has_changed) return;
  Tell(ctx, root, "representatives_named", {{"member_ids", std::move(named)}});
  SaveMatter(ctx.tx, ctx.county, root);
}

Done JudgeAs(Context& ctx, const Member& by, const Verdict& verdict) {
  Matter root = RootOfMember(ctx, by);
  auto all = StillIn(MembersOf(ctx, root));
  const auto found = std::find_if(all.begin(), all.end(), [&](const Member& one) { return Uuid(one.id) == Uuid(by.id); });
  if (found == all.end()) Conflict("matters.member_left");
  // Nobody else: the word of the one is the word of the whole.
  if (all.size() == 1 && found->is_opener && Uuid(found->matter) == Uuid(root.id)) return Judge(ctx, std::move(root), verdict);
  Require(CanJudge(root));
  Require(CanHappen(root.state, Act::kJudgeMember));
  if (!verdict.solved && root.state == State::kReview) Conflict("matters.appeal_instead");
  Member who = *found;
  who.solved = verdict.solved;
  who.rating = verdict.rating;
  who.judgement = verdict.text;
  who.judged_at = ctx.now;
  who.judged_round = Member::RoundOf(root);
  who.channel = verdict.channel;
  who.asked_by = ctx.actor.IsOfficer() ? ctx.actor.name : "";
  if (!found->HasJudged(root)) CountJudgement(ctx, root, verdict);
  SaveMember(ctx.tx, ctx.county, who);
  *found = who;
  json::object told = About(who);
  told["solved"] = verdict.solved;
  if (verdict.rating) told["rating"] = *verdict.rating;
  if (!verdict.text.empty()) told["text"] = verdict.text;
  const EventId event = Tell(ctx, root, "member_judged", std::move(told));
  if (verdict.rating) CountMatter(ctx, root, fmt::format("matters.rated_{}", *verdict.rating));
  const bool all_say_so = std::all_of(all.begin(), all.end(), [&](const Member& one) { return one.SaysSolved(root); });
  if (!verdict.solved || all_say_so) return Decide(ctx, std::move(root), verdict);
  SaveMatter(ctx.tx, ctx.county, root);
  return {std::move(root), event};
}

Done AppealAs(Context& ctx, const Member& who, std::string_view reason) {
  if (who.left_at) Conflict("matters.member_left");
  Matter root = RootOfMember(ctx, who);
  if (who.SaysSolved(root)) Conflict("matters.judged_solved");
  return Appeal(ctx, std::move(root), reason);
}

Done LeaveAs(Context& ctx, const Member& by, std::string_view reason) {
  Matter root = RootOfMember(ctx, by);
  if (by.left_at) Conflict("matters.member_left");
  Require(CanHappen(root.state, Act::kLeave));
  const auto all = StillIn(MembersOf(ctx, root));
  const bool is_last = all.size() == 1;
  // Who is alone from the beginning withdraws, as ever.
  if (is_last && by.is_opener && Uuid(by.matter) == Uuid(root.id) && MembersOf(ctx, root).size() == 1) {
    return Withdraw(ctx, std::move(root), reason);
  }
  Member who = by;
  who.left_at = ctx.now;
  who.is_representative = false;
  SaveMember(ctx.tx, ctx.county, who);
  json::object told = About(who);
  told["text"] = reason;
  const EventId event = Tell(ctx, root, "member_left", std::move(told));
  if (is_last) return Withdraw(ctx, std::move(root), reason);
  SaveMatter(ctx.tx, ctx.county, root);
  const MatterId id = root.id;
  SettleWhenAllSaidSo(ctx, id);
  return {*FindMatter(ctx.tx, ctx.county, id), event};
}

}  // namespace huiyin::matters
