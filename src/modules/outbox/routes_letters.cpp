// SPDX-License-Identifier: EUPL-1.2
// What waits at a unit's window: letters to print, and what is to be told by mouth.
#include "modules/outbox/views.h"

namespace huiyin::outbox {
namespace {

constexpr std::string_view kStates[] = {"waiting", "done"};

bool IsAtWindow(const Message& message) { return message.channel == "letter" || message.channel == "window"; }

// The units at whose windows the officer sits.
std::vector<UnitId> WindowsOf(const Actor& actor) {
  std::vector<UnitId> units;
  for (const HeldRole& held : actor.roles) {
    if (GrantOf(held.role, Action::kLettersPrint) == Grant::kNo) continue;
    if (std::find(units.begin(), units.end(), held.unit) == units.end()) units.push_back(held.unit);
  }
  return units;
}

// A clerk's are the ordinary ones; what is about a complaint is for those who may know of it.
bool IsFor(Context& ctx, const Message& message) {
  if (!IsAtWindow(message) || !message.unit) return false;
  const bool is_here = std::any_of(ctx.actor.roles.begin(), ctx.actor.roles.end(), [&](const HeldRole& held) {
    return GrantOf(held.role, Action::kLettersPrint) != Grant::kNo && Uuid(held.unit) == Uuid(*message.unit);
  });
  return is_here && MayKnow(ctx, ctx.actor, message) && MayName(ctx, ctx.actor, message);
}

// What is said of a complaint names no household, so that none of its lists shows it.
std::optional<HouseholdId> Named(const Message& message) {
  return message.is_protected || message.is_confidential ? std::nullopt : message.household;
}

Message RequireLetter(Context& ctx) {
  auto message = Find(ctx.tx, ctx.county, ctx.PathId<MessageId>());
  if (!message || !IsFor(ctx, *message)) NotFound();
  return std::move(*message);
}

void WriteFields(JsonWriter& w, const Message& message) {
  const json::value data = json::parse(message.data);
  w.Field("id", message.id).Field("way", message.channel).Field("kind", message.kind).Field("at", message.created_at)
      .Field("state", message.state == "sent" ? "done" : "waiting").OptField("matter_id", message.matter);
  if (const json::value* receipt = data.as_object().if_contains("receipt"); receipt != nullptr && receipt->is_string()) {
    w.Field("receipt", std::string_view(receipt->get_string()));
  }
  w.OptField("done_at", message.sent_at);
  if (!message.problem.empty()) w.Field("problem", message.problem);
}

// Without names and addresses: opening one is a read that is written down.
http::Response ListLetters(Context& ctx) {
  const auto limit = static_cast<size_t>(ctx.QueryLimit());
  const std::string state = ctx.Query("state").value_or("waiting");
  if (std::find(std::begin(kStates), std::end(kStates), state) == std::end(kStates)) Invalid("state", "unknown_value", "waiting done");
  Uuid after;
  if (const auto cursor = ctx.Query("cursor", 500)) {
    const auto id = ParseUuid(DecodeCursor(*cursor));
    if (!id) Invalid("cursor", "not_a_cursor");
    after = *id;
  }
  std::vector<Message> rows;
  for (const UnitId& unit : WindowsOf(ctx.actor)) {
    auto more = AtWindow(ctx.tx, ctx.county, unit, state == "done" ? "sent" : "waiting", after, static_cast<int>(limit) + 1);
    rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  std::sort(rows.begin(), rows.end(), [](const Message& a, const Message& b) { return Uuid(a.id) < Uuid(b.id); });
  const bool is_more = rows.size() > limit;
  if (is_more) rows.resize(limit);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const Message& message : rows) {
    if (!IsFor(ctx, message)) continue;
    w.BeginObject();
    WriteFields(w, message);
    w.EndObject();
  }
  w.EndArray().Key("next_cursor");
  if (is_more) w.Value(EncodeCursor(FormatUuid(rows.back().id)));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

http::Response ShowLetter(Context& ctx) {
  const Message message = RequireLetter(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject();
  WriteFields(w, message);
  w.Field("language", message.language).Field("title", message.title).Field("text", message.body);
  w.RawField("to", message.address.empty() ? "{}" : message.address).EndObject();
  ctx.NoteRead({.act = "letter.read", .resource = "letter", .resource_id = message.id, .household = Named(message),
                .purpose = "matter"});
  return JsonReply(200, w);
}

// Done twice is done once: two clerks may press at the same time. The address has served and
// is forgotten.
http::Response Finish(Context& ctx, std::string_view channel, std::string_view act) {
  const Message message = RequireLetter(ctx);
  if (message.channel != channel) Conflict("letters.other_way");
  if (message.state != "sent") {
    MarkSent(ctx.tx, ctx.county, message.id, ctx.now);
    ctx.Record(act, "letter", message.id, {}, Named(message));
  }
  return NoContent();
}

}  // namespace

std::vector<Route> LetterRoutes() {
  const auto printed = [](Context& ctx) { return Finish(ctx, "letter", "letter.printed"); };
  const auto told = [](Context& ctx) { return Finish(ctx, "window", "letter.told"); };
  return {
      {.method = "GET", .pattern = "/api/v1/letters", .action = Action::kLettersPrint, .handle = ListLetters},
      {.method = "GET", .pattern = "/api/v1/letters/{id}", .action = Action::kLettersPrint, .handle = ShowLetter},
      {.method = "POST", .pattern = "/api/v1/letters/{id}/printed", .action = Action::kLettersPrint, .handle = printed},
      {.method = "POST", .pattern = "/api/v1/letters/{id}/told", .action = Action::kLettersPrint, .handle = told},
  };
}

}  // namespace huiyin::outbox
