// SPDX-License-Identifier: EUPL-1.2
// Joining a neighbour's matter on the web. Whoever brought it may open it to others and gets a
// number to pass on, which opens nothing and shows nothing: who joins by it is told of where the
// matter stands from then on, never of who else is in it, and nobody is told of them.
#include "modules/identity/identity.h"
#include "modules/matters/members.h"
#include "modules/matters/story.h"
#include "platform/tries.h"

namespace huiyin::matters {
namespace {

http::Response PostJoining(Context& ctx) {
  auto matter = FindMatter(ctx.tx, ctx.county, ctx.PathId<MatterId>());
  const bool is_theirs = matter && matter->household && Uuid(*matter->household) == Uuid(ctx.actor.household);
  if (!is_theirs) NotFound();
  Fields in = ctx.Input();
  const auto open = in.Bool("open");
  if (!open && !in.Has("open")) in.Refuse("open", "required");
  in.Done();
  const bool is_open = JoiningNumberOf(ctx.tx, ctx.county, matter->id).has_value();
  if (*open && !is_open) {
    // Who complains of somebody must not be found by a number that goes from hand to hand.
    if (matter->is_protected) Conflict("matters.protected");
    Require(CanHappen(matter->state, Act::kJoin));
    OpenJoining(ctx.tx, ctx.county, matter->id, NewReceipt(ctx.tx, ctx.random()), ctx.now);
    Tell(ctx, *matter, "joining_opened");
    SaveMatter(ctx.tx, ctx.county, *matter);
  } else if (!*open && is_open) {
    CloseJoining(ctx.tx, ctx.county, matter->id, ctx.now);
    Tell(ctx, *matter, "joining_closed");
    SaveMatter(ctx.tx, ctx.county, *matter);
  }
  return StatusOf(ctx, OpenerOf(ctx, *matter), For::kHousehold, 201);
}

http::Response PostMembership(Context& ctx, ReceiptTries& tries) {
  const std::string who = FormatUuid(ctx.actor.household);
  tries.RequireUnlocked(who, ctx.now);
  Fields in = ctx.Input();
  Joining joining;
  joining.id = in.Ref<MemberId>("id");
  joining.household = ctx.actor.household;
  joining.text = in.Text("text", 4000).value_or("");
  const std::string typed = in.NeedText("number", 40);
  in.Done();
  const auto number = identity::ReadNumber(typed);
  const auto id = number ? MatterOfJoiningNumber(ctx.tx, ctx.county, *number) : std::nullopt;
  auto matter = id ? FindMatter(ctx.tx, ctx.county, *id) : std::nullopt;
  if (!matter || matter->is_protected) {
    tries.Failed(who, ctx.now);
    Invalid("number", "unknown_number");
  }
  tries.Cleared(who);
  Matter root = RootOf(ctx, *matter);
  // The one they are in already, rather than an error that tells of it.
  for (const Member& known : StillIn(MembersOf(ctx, root))) {
    if (known.household && Uuid(*known.household) == Uuid(ctx.actor.household)) return StatusOf(ctx, known, For::kHousehold, 201);
  }
  return StatusOf(ctx, Join(ctx, root, joining), For::kHousehold, 201);
}

}  // namespace

std::vector<Route> MembershipRoutes() {
  const auto tries = std::make_shared<ReceiptTries>();
  const auto join = [tries](Context& ctx) { return PostMembership(ctx, *tries); };
  return {
      {.method = "POST", .pattern = "/api/v1/me/matters/{id}/joining", .session = Session::kResident, .handle = PostJoining},
      {.method = "POST", .pattern = "/api/v1/me/memberships", .session = Session::kResident, .handle = join},
  };
}

}  // namespace huiyin::matters
