// SPDX-License-Identifier: EUPL-1.2
// Names kept apart: keeping them, looking at them, asking to be shown them.
#include "modules/matters/actions.h"
#include "modules/matters/identities.h"
#include "modules/matters/store_identities.h"
#include "modules/matters/story.h"
#include "modules/matters/views.h"

namespace huiyin::matters {
namespace {

bool MayDecide(Context& ctx, const Matter& matter, const Unmasking& unmasking) {
  return !unmasking.decided_at && Uuid(unmasking.asked_by) != Uuid(ctx.actor.officer) &&
         May(ctx.actor, Action::kIdentitiesDecide, ResourceOf(matter, false)) == Decision::kAllowed;
}

// An officer turns it on for somebody who asked them to; nobody in an office turns it off.
http::Response PostConfidential(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kConfidentiality);
  Fields in = ctx.Input();
  const auto wanted = in.Bool("confidential");
  if (!in.Has("confidential")) in.Refuse("confidential", "required");
  else if (wanted == false) in.Refuse("confidential", "not_allowed", "only the resident names themselves again");
  in.Done();
  Done done = SetConfidential(ctx, std::move(seen.matter), true);
  return Standing(ctx, done.matter, done.event);
}

// A look is an act: it stands in the matter's story, and the resident reads of it.
http::Response PostLook(Context& ctx) {
  Seen seen = GetReadable(ctx, ctx.PathId<MatterId>());
  if (!MayName(ctx, ctx.actor, seen.matter)) Forbidden("identities.not_shown");
  Fields in = ctx.Input();
  const auto reason = in.NeedText("reason", 500);
  in.Done();
  const Identity who = LookAt(ctx, seen.matter, reason);
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject();
  if (who.household) {
    if (const auto& household = names.Household(*who.household)) {
      w.Key("household").BeginObject().Field("id", *who.household);
      w.Field("register_number", household->register_number).Field("head_name", household->head_name).EndObject();
    }
  }
  if (who.resident) w.Field("resident_name", ResidentName(ctx, *who.resident));
  if (!who.contact.empty()) w.RawField("contact", who.contact);
  if (!who.area.empty()) w.Field("area_name", names.Area(who.area));
  w.Field("seen_at", ctx.now);
  for (const Unmasking& one : UnmaskingsOf(ctx.tx, ctx.county, seen.matter.id)) {
    if (Uuid(one.asked_by) == Uuid(ctx.actor.officer) && one.IsOpen(ctx.now)) w.Field("until", *one.until);
  }
  w.EndObject();
  return JsonReply(201, w);
}

http::Response ReplyUnmasking(Context& ctx, const Unmasking& unmasking, int status) {
  const auto matter = FindMatter(ctx.tx, ctx.county, unmasking.matter);
  if (!matter) NotFound();
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  WriteUnmasking(ctx, w, names, *matter, unmasking);
  return JsonReply(status, w);
}

http::Response PostUnmasking(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kUnmasking);
  Fields in = ctx.Input();
  const auto id = in.Ref<UnmaskingId>("id");
  const auto ground = in.NeedText("ground", 300);
  const auto reason = in.NeedText("reason", 2000);
  in.Done();
  return ReplyUnmasking(ctx, AskToUnmask(ctx, seen.matter, id, ground, reason), 201);
}

// That of the path, for who asked it or may decide it; 404 to everybody else.
std::pair<Unmasking, Matter> Get(Context& ctx) {
  auto unmasking = FindUnmasking(ctx.tx, ctx.county, ctx.PathId<UnmaskingId>());
  auto matter = unmasking ? FindMatter(ctx.tx, ctx.county, unmasking->matter) : std::nullopt;
  if (!matter || !MayKnow(ctx.actor, *matter)) NotFound();
  const bool is_own = Uuid(unmasking->asked_by) == Uuid(ctx.actor.officer);
  const bool decides = May(ctx.actor, Action::kIdentitiesDecide, ResourceOf(*matter, false)) == Decision::kAllowed;
  if (!is_own && !decides) NotFound();
  return {std::move(*unmasking), std::move(*matter)};
}

http::Response ShowUnmasking(Context& ctx) { return ReplyUnmasking(ctx, Get(ctx).first, 200); }

http::Response PostDecision(Context& ctx) {
  auto [unmasking, matter] = Get(ctx);
  RequireMay(ctx.actor, Action::kIdentitiesDecide, ResourceOf(matter, false));
  Fields in = ctx.Input();
  const auto granted = in.Bool("granted");
  if (!granted && !in.Has("granted")) in.Refuse("granted", "required");
  const auto note = in.Text("note", 2000).value_or("");
  if (granted == false && note.empty()) in.Refuse("note", "required", "why not");
  in.Done();
  DecideUnmasking(ctx, unmasking, granted.value_or(false), note);
  return ReplyUnmasking(ctx, unmasking, 201);
}

http::Response PostEnd(Context& ctx) {
  Unmasking unmasking = Get(ctx).first;
  ctx.Input().Done();
  EndUnmasking(ctx, unmasking);
  return ReplyUnmasking(ctx, unmasking, 201);
}

// What waits for a decision, the oldest first.
http::Response ListUnmaskings(Context& ctx) {
  const auto limit = static_cast<size_t>(ctx.QueryLimit());
  Instant at{INT64_MIN};
  Uuid after;
  if (const auto cursor = ctx.Query("cursor", 500)) {
    const std::string plain = DecodeCursor(*cursor);
    const size_t space = plain.find(' ');
    const auto id = space == std::string::npos ? std::nullopt : ParseUuid(plain.substr(space + 1));
    const auto [end, error] = std::from_chars(plain.data(), plain.data() + std::min(space, plain.size()), at.ms);
    if (error != std::errc() || !id) Invalid("cursor", "not_a_cursor");
    after = *id;
  }
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  size_t count = 0;
  bool is_more = true;
  while (is_more && count < limit) {
    const auto rows = UnmaskingsWaiting(ctx.tx, ctx.county, at, after, static_cast<int>(limit) + 1);
    is_more = rows.size() > limit;
    for (const Unmasking& one : rows) {
      if (count == limit) break;
      at = one.asked_at;
      after = one.id;
      const auto matter = FindMatter(ctx.tx, ctx.county, one.matter);
      if (!matter || May(ctx.actor, Action::kIdentitiesDecide, ResourceOf(*matter, false)) != Decision::kAllowed) continue;
      WriteUnmasking(ctx, w, names, *matter, one);
      ++count;
    }
  }
  w.EndArray().Key("next_cursor");
  if (is_more) w.Value(EncodeCursor(fmt::format("{} {}", at.ms, FormatUuid(after))));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

}  // namespace

void WriteUnmasking(Context& ctx, JsonWriter& w, Names& names, const Matter& matter, const Unmasking& one) {
  w.BeginObject().Field("id", one.id).Field("state", one.State(ctx.now));
  w.Field("matter_id", matter.id).Field("matter_receipt", matter.receipt).Field("matter_title", matter.Title());
  w.Field("asked_by", names.Officer(one.asked_by)).Field("unit_name", names.Unit(one.asked_by_unit));
  w.Field("ground", one.ground).Field("reason", one.reason).Field("asked_at", one.asked_at);
  if (one.decided_by) w.Field("decided_by", names.Officer(*one.decided_by));
  w.OptField("decided_at", one.decided_at);
  if (!one.note.empty()) w.Field("note", one.note);
  if (!one.article.empty()) w.Field("article", one.article);
  w.OptField("until", one.until).OptField("ended_at", one.ended_at);
  w.Key("may").BeginArray();
  if (MayDecide(ctx, matter, one)) w.Value("decision");
  if (one.IsOpen(ctx.now)) w.Value("end");
  w.EndArray().EndObject();
}

std::vector<Route> IdentityRoutes() {
  return {
      {.method = "POST", .pattern = "/api/v1/matters/{id}/confidentiality", .action = Action::kMattersTake, .handle = PostConfidential},
      {.method = "POST", .pattern = "/api/v1/matters/{id}/identity_looks", .action = Action::kIdentitiesRead, .handle = PostLook,
       .has_secret_reply = true},
      {.method = "POST", .pattern = "/api/v1/matters/{id}/unmaskings", .action = Action::kIdentitiesAsk, .handle = PostUnmasking},
      {.method = "GET", .pattern = "/api/v1/unmaskings", .action = Action::kIdentitiesDecide, .handle = ListUnmaskings},
      {.method = "GET", .pattern = "/api/v1/unmaskings/{id}", .action = Action::kIdentitiesRead, .handle = ShowUnmasking},
      {.method = "POST", .pattern = "/api/v1/unmaskings/{id}/decision", .action = Action::kIdentitiesDecide, .handle = PostDecision},
      {.method = "POST", .pattern = "/api/v1/unmaskings/{id}/end", .action = Action::kIdentitiesRead, .handle = PostEnd},
  };
}

}  // namespace huiyin::matters
