// SPDX-License-Identifier: EUPL-1.2
#include "modules/exports/store.h"

#include "platform/actor.h"

#define HUIYIN_EXPORT_COLUMNS \
  "id, kind, area_code, reason, state, requested_by, requested_at, decided_by, decided_at, note, expires_at "

namespace huiyin::exports {
namespace {

constexpr db::Sql kInsert{"exports.insert", R"sql(
  INSERT INTO exports (county, id, kind, area_code, reason, state, requested_by, requested_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};
constexpr db::Sql kDecide{"exports.decide", R"sql(
  UPDATE exports SET state = $3, decided_by = $4, decided_at = $5, note = $6, expires_at = $7
   WHERE county = $1 AND id = $2 AND state = 'waiting'
)sql"};
constexpr db::Sql kFind{"exports.find",
                        "SELECT " HUIYIN_EXPORT_COLUMNS "FROM exports WHERE county = $1 AND id = $2"};
constexpr db::Sql kList{"exports.list",
                        "SELECT " HUIYIN_EXPORT_COLUMNS
                        "FROM exports WHERE county = $1 AND area_code >= $2 AND area_code < $3 "
                        "AND (requested_at, id) < ($4, $5) ORDER BY requested_at DESC, id DESC LIMIT $6"};

Export Read(const db::Row& row) {
  return {row.Ref<ExportId>(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Ref<OfficerId>(5),
          row.At(6), row.OptRef<OfficerId>(7), row.OptAt(8), row.Text(9), row.At(10)};
}

}  // namespace

void Insert(db::Tx& tx, County county, const Export& e) {
  tx.Run(kInsert, county, e.id, e.kind, e.area, e.reason, e.state, e.requested_by, e.requested_at, e.expires_at);
}

void Decide(db::Tx& tx, County county, const Export& e) {
  tx.Run(kDecide, county, e.id, e.state, e.decided_by, e.decided_at, e.note, e.expires_at);
}

std::optional<Export> Find(db::Tx& tx, County county, const ExportId& id) { return tx.One(kFind, Read, county, id); }

std::vector<Export> List(db::Tx& tx, County county, std::string_view area, Instant before, const Uuid& before_id, int limit) {
  return tx.All(kList, Read, county, area, AreaEnd(area), before, before_id, limit);
}

}  // namespace huiyin::exports
