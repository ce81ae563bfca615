// SPDX-License-Identifier: EUPL-1.2
// Rows of relayed questions.
#include "modules/matters/store_relay.h"

namespace huiyin::matters {
namespace {

constexpr db::Sql kOf{"relay.of", R"sql(
  SELECT id, question, asked_by, asked_by_unit_id, asked_at, answer, way, answered_at, written_by FROM relays
   WHERE county = $1 AND matter_id = $2 ORDER BY asked_at, id
)sql"};
constexpr db::Sql kAnyWaits{"relay.any_waits", R"sql(
  SELECT 1 FROM relays WHERE county = $1 AND matter_id = $2 AND answered_at IS NULL LIMIT 1
)sql"};
constexpr db::Sql kInsert{"relay.insert", R"sql(
  INSERT INTO relays (county, matter_id, id, question, asked_by, asked_by_unit_id, asked_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
)sql"};
constexpr db::Sql kAnswer{"relay.answer", R"sql(
  UPDATE relays SET answer = $4, way = $5, answered_at = $6, written_by = $7
   WHERE county = $1 AND matter_id = $2 AND id = $3
)sql"};
constexpr db::Sql kForget{"relay.forget", R"sql(
  UPDATE relays SET question = '', answer = '' WHERE county = $1 AND matter_id = $2
)sql"};

}  // namespace

std::vector<Relay> RelaysOf(db::Tx& tx, County county, const MatterId& matter) {
  return tx.All(kOf, [](const db::Row& row) {
    return Relay{row.Ref<RelayId>(0), row.Text(1), row.Ref<OfficerId>(2), row.Ref<UnitId>(3), row.At(4),
                 row.Text(5), row.Text(6), row.OptAt(7), row.OptRef<OfficerId>(8)};
  }, county, matter);
}

bool AnyRelayWaits(db::Tx& tx, County county, const MatterId& matter) { return tx.Any(kAnyWaits, county, matter); }

void InsertRelay(db::Tx& tx, County county, const MatterId& matter, const Relay& r) {
  tx.Run(kInsert, county, matter, r.id, r.question, r.asked_by, r.unit, r.asked_at);
}

void SaveRelay(db::Tx& tx, County county, const MatterId& matter, const Relay& r) {
  tx.Run(kAnswer, county, matter, r.id, r.answer, r.way, r.answered_at, r.written_by);
}

void ForgetRelays(db::Tx& tx, County county, const MatterId& matter) { tx.Run(kForget, county, matter); }

}  // namespace huiyin::matters
