// SPDX-License-Identifier: EUPL-1.2
#include "modules/sync/store.h"

namespace huiyin::sync {
namespace {

constexpr db::Sql kPut{"sync.put_set_aside", R"sql(
  INSERT INTO set_aside (county, id, officer_id, record, received_at, claimed_at, code, content_sealed)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (county, id) DO UPDATE SET
    received_at = excluded.received_at, code = excluded.code, content_sealed = excluded.content_sealed
    WHERE set_aside.closed_at IS NULL AND set_aside.officer_id = excluded.officer_id
)sql"};
constexpr db::Sql kFind{"sync.find_set_aside", R"sql(
  SELECT id, officer_id, record, received_at, claimed_at, code, content_sealed, closed_at, closed_by, closing
    FROM set_aside WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kClose{"sync.close_set_aside", R"sql(
  UPDATE set_aside SET closed_at = $3, closed_by = $4, closing = $5 WHERE county = $1 AND id = $2 AND closed_at IS NULL
)sql"};
constexpr db::Sql kOpenOf{"sync.open_set_aside_of", R"sql(
  SELECT id, officer_id, record, received_at, claimed_at, code, content_sealed, closed_at, closed_by, closing
    FROM set_aside WHERE county = $1 AND officer_id = $2 AND id > $3 AND closed_at IS NULL ORDER BY id LIMIT $4
)sql"};
constexpr db::Sql kTakeOut{"sync.take_out_set_aside", "DELETE FROM set_aside WHERE county = $1 AND id = $2 AND closed_at IS NULL"};
constexpr db::Sql kOpenOfDisabled{"sync.open_set_aside_of_disabled", R"sql(
  SELECT a.id, a.officer_id, a.record, a.received_at, a.claimed_at, a.code, a.content_sealed, a.closed_at, a.closed_by, a.closing
    FROM set_aside a JOIN officers o ON o.county = a.county AND o.id = a.officer_id
   WHERE a.county = $1 AND a.closed_at IS NULL AND o.is_active = 0 ORDER BY a.id LIMIT $2
)sql"};
constexpr db::Sql kCountOpenOf{"sync.count_open_set_aside_of", R"sql(
  SELECT COUNT(*) FROM set_aside WHERE county = $1 AND officer_id = $2 AND closed_at IS NULL
)sql"};

SetAside Read(const db::Row& row) {
  return {.id = row.Key(0), .officer = row.Ref<OfficerId>(1), .record = row.Text(2), .received_at = row.At(3),
          .claimed_at = row.OptAt(4), .code = row.Text(5), .content = row.Text(6), .closed_at = row.OptAt(7),
          .closed_by = row.OptRef<OfficerId>(8), .closing = row.Text(9)};
}

}  // namespace

void Put(db::Tx& tx, County county, const SetAside& aside) {
  tx.Run(kPut, county, aside.id, aside.officer, aside.record, aside.received_at, aside.claimed_at, aside.code,
         db::Blob{aside.content});
}

std::optional<SetAside> Find(db::Tx& tx, County county, const Uuid& id) { return tx.One(kFind, Read, county, id); }

bool Close(db::Tx& tx, County county, const Uuid& id, Instant now, const OfficerId& by, std::string_view closing) {
  return tx.Run(kClose, county, id, now, by, closing) > 0;
}

std::vector<SetAside> OpenOf(db::Tx& tx, County county, const OfficerId& officer, const Uuid& after, int limit) {
  return tx.All(kOpenOf, Read, county, officer, after, limit);
}

std::optional<SetAside> TakeOut(db::Tx& tx, County county, const Uuid& id) {
  auto aside = Find(tx, county, id);
  if (!aside || aside->closed_at) return std::nullopt;
  tx.Run(kTakeOut, county, id);
  return aside;
}

std::vector<SetAside> OpenOfDisabled(db::Tx& tx, County county, int limit) { return tx.All(kOpenOfDisabled, Read, county, limit); }

int64_t CountOpenOf(db::Tx& tx, County county, const OfficerId& officer) { return tx.Number(kCountOpenOf, county, officer); }

}  // namespace huiyin::sync
