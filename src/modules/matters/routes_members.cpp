// SPDX-License-Identifier: EUPL-1.2
// Members of a matter and what was merged into it, for officers.
#include "modules/matters/intake.h"
#include "modules/matters/judgements.h"
#include "modules/matters/members.h"
#include "modules/matters/story.h"
#include "modules/matters/views.h"

namespace huiyin::matters {
namespace {

constexpr std::array<std::string_view, 5> kAskedBy = {"visit", "counter", "phone", "message", "letter"};

http::Response Reply(Context& ctx, const Done& done) { return Standing(ctx, done.matter, done.event); }

http::Response PostUnmerge(Context& ctx) {
  // Who may is decided by the matter it was merged into, and its state by this one.
  Seen seen = GetReadable(ctx, ctx.PathId<MatterId>());
  Fields in = ctx.Input();
  const auto reason = in.NeedText("reason", 2000);
  in.Done();
  return Reply(ctx, Unmerge(ctx, std::move(seen), reason));
}

void WriteMember(JsonWriter& w, Names& names, const Matter& root, const Member& who, bool shows_grade) {
  w.BeginObject().Field("id", who.id).Field("receipt", who.receipt).Field("opener", who.is_opener);
  if (Uuid(who.matter) != Uuid(root.id)) w.Field("merged_id", who.matter);
  if (who.household) {
    if (const auto& household = names.Household(*who.household)) {
      w.Key("household").BeginObject().Field("id", *who.household);
      w.Field("register_number", household->register_number).Field("head_name", household->head_name).EndObject();
    }
  }
  if (!who.contact.empty()) w.RawField("contact", who.contact);
  if (!who.text.empty()) w.Field("text", who.text);
  w.Field("joined_at", who.joined_at);
  if (who.joined_by) w.Field("joined_by", names.Officer(*who.joined_by));
  w.Field("representative", who.is_representative).OptField("left_at", who.left_at);
  if (who.HasJudged(root)) WriteWordOf(w, who, shows_grade);
  w.EndObject();
}

http::Response List(Context& ctx) {
  const Seen seen = GetReadable(ctx, ctx.PathId<MatterId>());
  NoteMatterRead(ctx, seen.matter);
  const Matter root = RootOf(ctx, seen.matter);
  if (!MayRead(ctx, root)) NotFound();
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  const bool shows_grades = SeesGrades(ctx, root, TiesOf(ctx, root));
  for (const Member& who : MembersOf(ctx, root)) {
    WriteMember(w, names, root, who, shows_grades);
    // Each household sees that it was looked at, not only whoever brought the matter.
    const bool is_noted = who.is_opener && Uuid(who.matter) == Uuid(seen.matter.id);
    if (!who.household || root.is_protected || is_noted) continue;
    ctx.NoteRead({.act = "matter.read", .resource = "matter", .resource_id = root.id, .household = who.household,
                  .purpose = "matter"});
  }
  w.EndArray().Key("next_cursor").Null().Field("most_representatives", kMostRepresentatives).EndObject();
  return JsonReply(200, w);
}

http::Response Post(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kMembers);
  Fields in = ctx.Input();
  Joining joining;
  joining.id = in.Ref<MemberId>("id");
  joining.household = in.Ref<HouseholdId>("household_id");
  joining.contact = ReadContact(in, "contact");
  joining.text = in.Text("text", 4000).value_or("");
  if (joining.household && !FindHousehold(ctx, *joining.household)) in.Refuse("household_id", "unknown_reference");
  else if (joining.household) RequireHousehold(ctx, *joining.household, "household_id");
  else if (!in.Has("household_id") && joining.contact.empty()) in.Refuse("contact", "required", "or household_id");
  in.Done();
  const Member who = Join(ctx, seen.matter, joining);
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  WriteMember(w, names, seen.matter, who, false);
  return JsonReply(201, w);
}

http::Response PostRepresentatives(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kRepresentatives);
  Fields in = ctx.Input();
  if (!in.Has("member_ids")) in.Refuse("member_ids", "required");
  const auto members = in.References("member_ids", 100);
  in.Done();
  NameRepresentatives(ctx, seen.matter, members);
  return Standing(ctx, seen.matter, {});
}

// One who is in the matter of the path.
Member MemberOfPath(Context& ctx, const Matter& root) {
  const auto id = ctx.PathId<MemberId>("member_id");
  for (Member& who : MembersOf(ctx, root)) {
    if (Uuid(who.id) == Uuid(id)) return std::move(who);
  }
  NotFound();
}

http::Response PostJudgement(Context& ctx) {
  const Seen seen = GetFor(ctx, Verb::kJudgement);
  const Member who = MemberOfPath(ctx, seen.matter);
  Fields in = ctx.Input();
  Verdict verdict;
  const auto solved = in.Bool("solved");
  if (!solved && !in.Has("solved")) in.Refuse("solved", "required");
  verdict.solved = solved.value_or(false);
  verdict.rating = in.Int("rating", 1, 5);
  verdict.text = in.Text("text", 4000).value_or("");
  verdict.channel = in.NeedOneOf("asked_by_channel", kAskedBy);
  in.Done();
  return Reply(ctx, JudgeAs(ctx, who, verdict));
}

http::Response PostWithdrawal(Context& ctx) {
  const Seen seen = GetFor(ctx, Verb::kWithdrawal);
  const Member who = MemberOfPath(ctx, seen.matter);
  Fields in = ctx.Input();
  const auto reason = in.NeedText("reason", 2000);
  if (in.Bool("by_resident") != true) in.Refuse("by_resident", "required", "only the resident withdraws");
  in.Done();
  return Reply(ctx, LeaveAs(ctx, who, reason));
}

}  // namespace

std::vector<Route> MemberRoutes() {
  const auto post = [](std::string_view pattern, Action action, http::Response (*handle)(Context&)) {
    return Route{.method = "POST", .pattern = pattern, .action = action, .handle = handle};
  };
  return {
      post("/api/v1/matters/{id}/unmerge", Action::kMattersRoute, PostUnmerge),
      {.method = "GET", .pattern = "/api/v1/matters/{id}/members", .action = Action::kMattersRead, .handle = List},
      post("/api/v1/matters/{id}/members", Action::kMattersTake, Post),
      post("/api/v1/matters/{id}/representatives", Action::kMattersRoute, PostRepresentatives),
      post("/api/v1/matters/{id}/members/{member_id}/judgement", Action::kMattersJudge, PostJudgement),
      post("/api/v1/matters/{id}/members/{member_id}/withdrawal", Action::kMattersJudge, PostWithdrawal),
  };
}

}  // namespace huiyin::matters
