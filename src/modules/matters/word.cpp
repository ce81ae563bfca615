// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/word.h"

#include "modules/matters/matters.h"
#include "modules/matters/store.h"
#include "modules/matters/ties.h"
#include "modules/org/org.h"
#include "modules/outbox/outbox.h"

namespace huiyin::matters {
namespace {

// How far word of the matter got, for whoever may read it.
http::Response ListMessages(Context& ctx) {
  const Seen seen = GetReadable(ctx, ctx.PathId<MatterId>());
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items");
  outbox::WriteMessagesOf(ctx, seen.matter.id, w);
  w.Key("next_cursor").Null().EndObject();
  return JsonReply(200, w);
}

}  // namespace

std::vector<Route> WordRoutes() {
  return {{.method = "GET", .pattern = "/api/v1/matters/{id}/messages", .action = Action::kMattersRead, .handle = ListMessages}};
}

bool MayLearnOf(Context& ctx, const Actor& actor, const MatterId& id) {
  const auto matter = FindMatter(ctx.tx, ctx.county, id);
  return matter && MayKnow(actor, *matter);
}

std::optional<UnitId> WindowOf(Context& ctx, const MatterId& id) {
  const auto matter = FindMatter(ctx.tx, ctx.county, id);
  if (!matter) return std::nullopt;
  return matter->is_protected ? matter->owner_unit : org::IntakeUnit(ctx.tx, ctx.county, matter->area);
}

}  // namespace huiyin::matters
