// SPDX-License-Identifier: EUPL-1.2
#include "modules/sync/store_quarantine.h"

namespace huiyin::sync {
namespace {

constexpr db::Sql kPut{"sync.put_quarantined", R"sql(
  INSERT INTO quarantine (county, id, officer_id, device_id, received_at, claimed_at, is_readable, content_sealed,
    is_protected, about_officer_id, about_unit_id, matter_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (county, id) DO NOTHING
)sql"};
// One text for all that read a row.
#define HUIYIN_QUARANTINED \
  "SELECT q.id, q.officer_id, q.device_id, q.received_at, q.claimed_at, q.is_readable, q.content_sealed, q.closed_at, q.closed_by," \
  "       q.closing, q.is_protected, q.about_officer_id, q.about_unit_id, q.matter_id, u.area_code" \
  "  FROM quarantine q JOIN officers o ON o.county = q.county AND o.id = q.officer_id" \
  "       JOIN units u ON u.county = o.county AND u.id = o.unit_id WHERE q.county = $1 "
constexpr db::Sql kFind{"sync.find_quarantined", HUIYIN_QUARANTINED "AND q.id = $2"};
constexpr db::Sql kFindMatter{"sync.find_quarantined_matter", HUIYIN_QUARANTINED "AND q.matter_id = $2 ORDER BY q.id LIMIT 1"};
constexpr db::Sql kOpen{"sync.open_quarantined", HUIYIN_QUARANTINED
  "AND u.area_code >= $2 AND u.area_code < $3 AND q.id > $4 AND q.closed_at IS NULL ORDER BY q.id LIMIT $5"};
#undef HUIYIN_QUARANTINED
constexpr db::Sql kClose{"sync.close_quarantined", R"sql(
  UPDATE quarantine SET closed_at = $3, closed_by = $4, closing = $5 WHERE county = $1 AND id = $2 AND closed_at IS NULL
)sql"};
constexpr db::Sql kReceived{"sync.received_of_device", R"sql(
  SELECT COUNT(*), COALESCE(SUM(LENGTH(content_sealed)), 0) FROM quarantine WHERE county = $1 AND device_id = $2 AND received_at > $3
)sql"};

Quarantined Read(const db::Row& row) {
  return {.id = row.Key(0), .officer = row.Ref<OfficerId>(1), .device = row.OptRef<Uuid>(2), .received_at = row.At(3),
          .claimed_at = row.OptAt(4), .is_readable = row.Flag(5), .content = row.Text(6), .closed_at = row.OptAt(7),
          .closed_by = row.OptRef<OfficerId>(8), .closing = row.Text(9),
          .secrecy = {{row.Flag(10), row.OptRef<OfficerId>(11), row.OptRef<UnitId>(12)}, row.OptRef<MatterId>(13)}, .area = row.Text(14)};
}

}  // namespace

bool PutQuarantined(db::Tx& tx, County county, const Quarantined& one) {
  return tx.Run(kPut, county, one.id, one.officer, one.device, one.received_at, one.claimed_at, one.is_readable,
                db::Blob{one.content}, one.secrecy.is_protected, one.secrecy.about_officer, one.secrecy.about_unit, one.secrecy.matter) > 0;
}

std::optional<Quarantined> FindQuarantined(db::Tx& tx, County county, const Uuid& id) { return tx.One(kFind, Read, county, id); }

std::optional<Quarantined> FindQuarantinedMatter(db::Tx& tx, County county, const MatterId& matter) {
  return tx.One(kFindMatter, Read, county, matter);
}

std::vector<Quarantined> OpenQuarantined(db::Tx& tx, County county, std::string_view area, const Uuid& after, int limit) {
  return tx.All(kOpen, Read, county, area, AreaEnd(area), after, limit);
}

void CloseQuarantined(db::Tx& tx, County county, const Uuid& id, Instant now, const OfficerId& by, std::string_view closing) {
  tx.Run(kClose, county, id, now, by, closing);
}

Received ReceivedOf(db::Tx& tx, County county, const Uuid& device, Instant since) {
  const auto read = [](const db::Row& row) { return Received{.items = row.Int(0), .bytes = row.Int(1)}; };
  return tx.One(kReceived, read, county, device, since).value_or(Received{});
}

}  // namespace huiyin::sync
