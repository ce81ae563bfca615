// SPDX-License-Identifier: EUPL-1.2
#include "modules/visits/erase.h"

#include "modules/visits/store.h"

namespace huiyin::visits {
namespace {

constexpr db::Sql kOld{"visits.old_diaries", R"sql(
  SELECT id FROM visits
   WHERE county = $1 AND at < $2 AND (diary <> '' OR addenda <> '[]' OR words <> '[]' OR new_contact <> '') LIMIT $3
)sql"};
constexpr db::Sql kErase{"visits.erase_diary", R"sql(
  UPDATE visits SET diary = '', addenda = '[]', words = '[]', new_contact = '', reason = '' WHERE county = $1 AND id = $2
)sql"};
// What an entry said before it was changed stands in its events.
constexpr db::Sql kEraseEvents{"visits.erase_events", R"sql(
  UPDATE events SET data = '{}' WHERE county = $1 AND resource_id = $2 AND resource = 'visit'
)sql"};

}  // namespace

Retained DiariesKeptForATime() {
  return {"visit_diaries",
          [](db::Tx& tx, County county, Instant before, int limit) {
            return tx.All(kOld, [](const db::Row& row) { return row.Key(0); }, county, before, limit);
          },
          [](Context& ctx, const Uuid& id) {
            const auto visit = FindVisitById(ctx.tx, ctx.county, VisitId(id));
            if (!visit) return;
            ctx.tx.Run(kErase, ctx.county, id);
            ctx.tx.Run(kEraseEvents, ctx.county, id);
            ctx.Record("visit.diary_erased", "visit", id, {}, visit->household);
          }};
}

}  // namespace huiyin::visits
