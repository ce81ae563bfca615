// SPDX-License-Identifier: EUPL-1.2
#include "modules/outbox/views.h"

#include "modules/org/org.h"

namespace huiyin::outbox {

std::string LanguageAsked(const Context& ctx, std::string_view otherwise) {
  const std::string_view accepted = ctx.request.Header("accept-language").value_or("");
  const std::string_view first = accepted.substr(0, accepted.find_first_of(",;"));
  return LanguageFor(first.empty() ? otherwise : first);
}

void WriteInboxMessage(Context& ctx, JsonWriter& w, const Message& message, Reader reader) {
  const json::value data = json::parse(message.data);
  const Said said = Say(LanguageAsked(ctx, message.language), message.kind, reader, data.as_object(), ctx.zone);
  w.BeginObject().Field("id", message.id).Field("kind", message.kind).Field("at", message.created_at)
      .Field("title", said.title).Field("text", said.text).OptField("matter_id", message.matter)
      .OptField("read_at", message.read_at).EndObject();
}

void WriteMessagesOf(Context& ctx, const MatterId& matter, JsonWriter& w) {
  constexpr int kMost = 200;
  w.BeginArray();
  for (const Message& message : OfMatter(ctx.tx, ctx.county, matter, kMost)) {
    w.BeginObject().Field("id", message.id).Field("kind", message.kind).Field("at", message.created_at)
        .Field("channel", message.channel).Field("to", message.officer ? "officer" : "resident");
    if (message.officer) w.Field("name", org::OfficerName(ctx.tx, ctx.county, *message.officer));
    if (!message.shown.empty() && !message.is_confidential) w.Field("address", message.shown);
    if (message.unit) w.Field("unit_name", org::UnitName(ctx.tx, ctx.county, *message.unit));
    w.Field("state", message.state == "sending" ? "waiting" : message.state).Field("tries", message.tries);
    w.OptField("sent_at", message.sent_at).OptField("read_at", message.read_at).OptField("next_at", message.next_at);
    if (!message.problem.empty()) w.Field("problem", message.problem);
    w.EndObject();
  }
  w.EndArray();
}

}  // namespace huiyin::outbox
