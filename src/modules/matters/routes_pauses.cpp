// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/pauses.h"
#include "modules/matters/views.h"

namespace huiyin::matters {
namespace {

http::Response Post(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kPause);
  Fields in = ctx.Input();
  PauseInput input;
  input.kind = in.NeedText("kind", 64);
  input.from = in.NeedDay("from");
  input.until = in.NeedDay("until");
  input.reason = in.NeedText("reason", 2000);
  in.Done();
  const Done done = SetPause(ctx, std::move(seen), input);
  return Standing(ctx, done.matter, done.event);
}

http::Response PostEnd(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kPause);
  const auto pause = ctx.PathId<EventId>("pause_id");
  const Done done = EndPause(ctx, std::move(seen), pause);
  return Standing(ctx, done.matter, done.event);
}

}  // namespace

std::vector<Route> PauseRoutes() {
  return {
      {.method = "POST", .pattern = "/api/v1/matters/{id}/pauses", .action = Action::kMattersHandle, .handle = Post},
      {.method = "POST", .pattern = "/api/v1/matters/{id}/pauses/{pause_id}/end", .action = Action::kMattersHandle, .handle = PostEnd},
  };
}

}  // namespace huiyin::matters
