// SPDX-License-Identifier: EUPL-1.2
#include "modules/outbox/erase.h"

namespace huiyin::outbox {
namespace {

// Ids begin with the millisecond they were made at, so the oldest come first. What still
// waits to be told is not old news.
constexpr db::Sql kOld{"outbox.old_messages", R"sql(
  SELECT id FROM messages WHERE county = $1 AND id < $2 AND state IN ('sent', 'failed') LIMIT $3
)sql"};
constexpr db::Sql kDrop{"outbox.drop_message", "DELETE FROM messages WHERE county = $1 AND id = $2"};

Uuid FirstOf(Instant at) {
  Uuid id;
  for (size_t i = 0; i < 6; ++i) id.bytes[i] = static_cast<uint8_t>(static_cast<uint64_t>(at.ms) >> (8 * (5 - i)));
  return id;
}

}  // namespace

Retained MessagesKeptForATime() {
  return {"messages",
          [](db::Tx& tx, County county, Instant before, int limit) {
            return tx.All(kOld, [](const db::Row& row) { return row.Key(0); }, county, FirstOf(before), limit);
          },
          [](Context& ctx, const Uuid& id) {
            if (ctx.tx.Run(kDrop, ctx.county, id) > 0) ctx.Record("message.erased", "message", id);
          }};
}

}  // namespace huiyin::outbox
