// SPDX-License-Identifier: EUPL-1.2
#include "modules/sync/erase.h"

namespace huiyin::sync {
namespace {

constexpr db::Sql kOldAside{"sync.old_set_aside", "SELECT id FROM set_aside WHERE county = $1 AND closed_at < $2 LIMIT $3"};
constexpr db::Sql kOldQuarantined{"sync.old_quarantined", "SELECT id FROM quarantine WHERE county = $1 AND closed_at < $2 LIMIT $3"};
// Nothing that waits for somebody is ever erased.
constexpr db::Sql kEraseAside{"sync.erase_set_aside", "DELETE FROM set_aside WHERE county = $1 AND id = $2 AND closed_at IS NOT NULL"};
constexpr db::Sql kEraseQuarantined{"sync.erase_quarantined", "DELETE FROM quarantine WHERE county = $1 AND id = $2 AND closed_at IS NOT NULL"};
// Reasons stand in the events.
constexpr db::Sql kEraseEvents{"sync.erase_events", "UPDATE events SET data = '{}' WHERE county = $1 AND resource_id = $2 AND resource = 'operation'"};

}  // namespace

Retained OperationsKeptForATime() {
  return {"operations",
          [](db::Tx& tx, County county, Instant before, int limit) {
            const auto id = [](const db::Row& row) { return row.Key(0); };
            auto old = tx.All(kOldAside, id, county, before, limit);
            const auto more = tx.All(kOldQuarantined, id, county, before, limit - static_cast<int>(old.size()));
            old.insert(old.end(), more.begin(), more.end());
            return old;
          },
          [](Context& ctx, const Uuid& id) {
            if (ctx.tx.Run(kEraseAside, ctx.county, id) + ctx.tx.Run(kEraseQuarantined, ctx.county, id) == 0) return;
            ctx.tx.Run(kEraseEvents, ctx.county, id);
            ctx.Record("operation.erased", "operation", id);
          }};
}

}  // namespace huiyin::sync
