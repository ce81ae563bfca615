// SPDX-License-Identifier: EUPL-1.2
#include "core/small_numbers.h"
#include "modules/matters/clocks.h"
#include "modules/matters/conclusion.h"
#include "modules/matters/leads.h"
#include "modules/matters/members.h"
#include "modules/org/org.h"

namespace huiyin::matters {
namespace {

Matter RootOfMember(Context& ctx, const Member& who) {
  const auto matter = FindMatter(ctx.tx, ctx.county, who.matter);
  if (!matter) NotFound();
  return RootOf(ctx, *matter);
}

}  // namespace

void WriteWordOf(JsonWriter& w, const Member& who, bool shows_grade) {
  if (!who.judged_at) return;
  w.Key("judgement").BeginObject().Field("at", *who.judged_at).Field("solved", who.solved == true);
  if (who.rating && shows_grade) w.Field("rating", *who.rating);
  if (!who.judgement.empty() && (shows_grade || who.solved == false)) w.Field("text", who.judgement);
  if (!who.channel.empty() && shows_grade) w.Field("asked_by_channel", who.channel);
  w.EndObject();
}

void WriteShared(Context& ctx, JsonWriter& w, const Matter& root, const std::vector<Member>& all, const Member& who,
                 For whom) {
  const auto number = whom == For::kHousehold && who.is_opener ? JoiningNumberOf(ctx.tx, ctx.county, who.matter) : std::nullopt;
  if (all.size() < 2 && !number) return;
  const auto in = static_cast<int64_t>(StillIn(all).size());
  w.Key("shared").BeginObject().Field("joined_at", who.joined_at).Field("representative", who.is_representative);
  if (const auto shown = ShownCount(in)) w.Field("members", *shown);
  if (who.left_at) w.Field("left_at", *who.left_at);
  if (number) w.Field("joining_number", *number);
  w.Field("merged", Uuid(who.matter) != Uuid(root.id)).EndObject();
}

void WriteMayOf(JsonWriter& w, const Matter& root, const Member& who, For whom) {
  w.Key("may").BeginArray();
  if (!who.left_at) {
    if (CanJudge(root).allowed()) w.Value("judgement");
    if (CanAppeal(root).allowed() && !who.SaysSolved(root)) w.Value("appeal");
    if (whom == For::kHousehold && CanHappen(root.state, Act::kLeave).allowed()) w.Value("withdrawal");
  }
  w.EndArray();
}

http::Response StatusOf(Context& ctx, const Member& who, For whom, int status) {
  if (who.is_opener) {
    const auto matter = FindMatter(ctx.tx, ctx.county, who.matter);
    if (!matter) NotFound();
    return Status(ctx, *matter, whom, status);
  }
  const Matter root = RootOfMember(ctx, who);
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject();
  if (whom == For::kHousehold) w.Field("id", who.id).Field("channel", who.joined_by ? "counter" : "web").Field("text", who.text);
  w.Field("receipt", who.receipt).Field("kind", root.kind);
  if (const std::string title = TitleOf(root, who); !title.empty() && !root.is_protected) w.Field("title", title);
  w.Field("state", StateName(who.left_at ? State::kWithdrawn : root.state)).Field("held_by", names.Unit(root.owner_unit));
  if (const auto unit = org::FindUnit(ctx.tx, ctx.county, root.owner_unit); unit && !unit->phone.empty()) {
    w.Field("held_by_phone", unit->phone);
  }
  w.Field("received_at", who.joined_at).Key("due_at").Value(root.due_at);
  w.Field("late", root.IsLate(ctx.now)).Field("moves", root.moves).Field("bounces", root.bounces);
  w.Key("journey").BeginArray();
  w.BeginObject().Field("at", who.joined_at).Field("kind", "received").EndObject();
  WriteMoves(w, names, StoryOf(ctx, root.id), who.joined_at, !root.is_protected);
  w.EndArray();
  if (!root.is_protected && IsOpen(root.state)) WriteLeadForResident(ctx, w, root);
  if (const auto clock = RunningClock(ClocksOf(ctx.tx, ctx.county, root.id))) {
    w.Key("clock");
    WriteClock(w, *clock, ctx.now);
  }
  w.Key("asks").BeginArray().EndArray();
  // The words of the whole; ask by ask it answers what somebody else asked for.
  if (const auto answers = AnswersOf(ctx.tx, ctx.county, root.id); !answers.empty() && root.answered_at) {
    const Given& last = answers.back();
    w.Key("answer").BeginObject().Field("at", last.at).Field("text", last.text);
    w.Field("unit_name", names.Unit(last.unit)).Key("asks").BeginArray().EndArray().EndObject();
  }
  WriteWordOf(w, who);
  WriteConclusion(ctx, w, names, root, false);
  if (root.judge_due_at) w.Field("judge_until", LocalDate(*root.judge_due_at, ctx.zone));
  WriteShared(ctx, w, root, MembersOf(ctx, root), who, whom);
  WriteMayOf(w, root, who, whom);
  w.EndObject();
  return JsonReply(status, w);
}

void WriteMySummaryOf(Context& ctx, JsonWriter& w, Names& names, const Member& who) {
  const Matter root = RootOfMember(ctx, who);
  w.BeginObject().Field("id", who.id).Field("receipt", who.receipt).Field("kind", root.kind);
  w.Field("title", TitleOf(root, who)).Field("state", StateName(who.left_at ? State::kWithdrawn : root.state));
  w.Field("held_by", names.Unit(root.owner_unit)).Field("received_at", who.joined_at).OptField("due_at", root.due_at);
  w.Field("late", root.IsLate(ctx.now)).Field("moves", root.moves).Field("shared", true);
  WriteMayOf(w, root, who, For::kHousehold);
  w.EndObject();
}

void WriteMemberships(Context& ctx, JsonWriter& w, const HouseholdId& household) {
  Names names(ctx);
  w.Key("memberships").BeginArray();
  for (const Member& who : JoinedBy(ctx.tx, ctx.county, household)) {
    const Matter root = RootOfMember(ctx, who);
    // That it joined a complaint about somebody is nobody's to see here.
    if (root.is_protected) continue;
    w.BeginObject().Field("id", who.id).Field("receipt", who.receipt).Field("title", TitleOf(root, who));
    w.Field("kind", root.kind).Field("state", StateName(who.left_at ? State::kWithdrawn : root.state));
    w.Field("held_by", names.Unit(root.owner_unit)).Field("joined_at", who.joined_at).OptField("due_at", root.due_at);
    w.Field("representative", who.is_representative).EndObject();
  }
  w.EndArray();
}

void WriteMembersOf(Context& ctx, JsonWriter& w, const Matter& matter) {
  const auto all = MembersOf(ctx, matter);
  if (all.size() < 2) return;
  const auto in = StillIn(all);
  const auto count = [&](const auto& is_so) { return std::count_if(in.begin(), in.end(), is_so); };
  w.Key("members").BeginObject().Field("count", in.size());
  w.Field("representatives", count([](const Member& one) { return one.is_representative; }));
  w.Field("judged", count([&](const Member& one) { return one.HasJudged(matter); }));
  w.Field("solved", count([&](const Member& one) { return one.SaysSolved(matter); })).EndObject();
}

}  // namespace huiyin::matters
