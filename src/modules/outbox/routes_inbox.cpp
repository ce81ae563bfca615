// SPDX-License-Identifier: EUPL-1.2
// What somebody finds in their own inbox, an officer or a household.
#include "modules/outbox/erase.h"
#include "modules/outbox/views.h"

namespace huiyin::outbox {
namespace {

// Beyond that a count says no more than "many".
constexpr int kMostCounted = 100;

Place PlaceOf(const Context& ctx) {
  Place place;
  place.id.bytes.fill(0xff);
  const auto cursor = ctx.Query("cursor", 500);
  if (!cursor) return place;
  const std::string plain = DecodeCursor(*cursor);
  const auto id = plain.size() > 2 ? ParseUuid(std::string_view(plain).substr(2)) : std::nullopt;
  if (!id || (plain[0] != '0' && plain[0] != '1') || plain[1] != ' ') Invalid("cursor", "not_a_cursor");
  return {plain[0] == '1', *id};
}

http::Response Page(Context& ctx, std::vector<Message> rows, int limit, int64_t unread, Reader reader) {
  const bool is_more = static_cast<int>(rows.size()) > limit;
  if (is_more) rows.resize(static_cast<size_t>(limit));
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const Message& message : rows) {
    // Who may know can change after a message was written.
    if (reader == Reader::kResident || MayKnow(ctx, ctx.actor, message)) WriteInboxMessage(ctx, w, message, reader);
  }
  w.EndArray().Key("next_cursor");
  if (is_more) w.Value(EncodeCursor(fmt::format("{} {}", rows.back().read_at ? 1 : 0, FormatUuid(rows.back().id))));
  else w.Null();
  w.Field("unread", unread).EndObject();
  return JsonReply(200, w);
}

http::Response ListInbox(Context& ctx) {
  const int limit = ctx.QueryLimit();
  auto rows = InboxOf(ctx.tx, ctx.county, ctx.actor.officer, PlaceOf(ctx), limit + 1);
  const auto unread = UnreadOf(ctx.tx, ctx.county, ctx.actor.officer, kMostCounted);
  const auto count = std::count_if(unread.begin(), unread.end(),
                                   [&](const Message& message) { return MayKnow(ctx, ctx.actor, message); });
  return Page(ctx, std::move(rows), limit, count, Reader::kOfficer);
}

http::Response ListMine(Context& ctx) {
  const int limit = ctx.QueryLimit();
  auto rows = InboxOf(ctx.tx, ctx.county, ctx.actor.household, PlaceOf(ctx), limit + 1);
  const int64_t unread = CountUnread(ctx.tx, ctx.county, ctx.actor.household, kMostCounted);
  return Page(ctx, std::move(rows), limit, unread, Reader::kResident);
}

// Having read is nobody's business but the reader's: it leaves no event.
http::Response MarkOne(Context& ctx, bool is_theirs, const std::optional<Message>& message) {
  if (!is_theirs) NotFound();
  MarkRead(ctx.tx, ctx.county, message->id, ctx.now);
  return NoContent();
}

http::Response ReadOne(Context& ctx) {
  const auto message = Find(ctx.tx, ctx.county, ctx.PathId<MessageId>());
  return MarkOne(ctx, message && message->officer && Uuid(*message->officer) == Uuid(ctx.actor.officer) &&
                          MayKnow(ctx, ctx.actor, *message), message);
}

http::Response ReadMine(Context& ctx) {
  const auto message = Find(ctx.tx, ctx.county, ctx.PathId<MessageId>());
  return MarkOne(ctx, message && message->household && message->channel == "inbox" &&
                          Uuid(*message->household) == Uuid(ctx.actor.household), message);
}

}  // namespace

std::vector<Route> InboxRoutes() {
  return {
      {.method = "GET", .pattern = "/api/v1/inbox", .action = Action::kInboxRead, .handle = ListInbox},
      {.method = "POST", .pattern = "/api/v1/inbox/{id}/reading", .action = Action::kInboxRead, .handle = ReadOne},
      {.method = "GET", .pattern = "/api/v1/me/messages", .session = Session::kResident, .handle = ListMine},
      {.method = "POST", .pattern = "/api/v1/me/messages/{id}/reading", .session = Session::kResident, .handle = ReadMine},
  };
}

Module Describe() {
  std::vector<Route> routes = InboxRoutes();
  const std::vector<Route> letters = LetterRoutes();
  routes.insert(routes.end(), letters.begin(), letters.end());
  return {.name = "outbox", .routes = std::move(routes), .retained = {MessagesKeptForATime()}};
}

}  // namespace huiyin::outbox
