// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/patterns.h"

#define HUIYIN_PROPOSAL_COLUMNS                                                                      \
  "id, source, category, area_code, from_unit_id, to_unit_id, reason, made_at, state, decided_at, note, entry_id, revision "

namespace huiyin::matters {
namespace {

constexpr db::Sql kFind{"patterns.find",
                        "SELECT " HUIYIN_PROPOSAL_COLUMNS "FROM dispatch_proposals WHERE county = $1 AND id = $2"};
constexpr db::Sql kInsert{"patterns.insert", R"sql(
  INSERT INTO dispatch_proposals (county, id, source, category, area_code, from_unit_id, to_unit_id, reason, made_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};
constexpr db::Sql kSave{"patterns.save", R"sql(
  UPDATE dispatch_proposals SET state = $3, decided_at = $4, note = $5, entry_id = $6, revision = revision + 1
   WHERE county = $1 AND id = $2 AND revision = $7
)sql"};
constexpr db::Sql kPage{"patterns.page", "SELECT " HUIYIN_PROPOSAL_COLUMNS
                        "FROM dispatch_proposals WHERE county = $1 AND state = $2 AND (made_at, id) < ($3, $4)"
                        " ORDER BY made_at DESC, id DESC LIMIT $5"};
constexpr db::Sql kLatest{"patterns.latest", "SELECT " HUIYIN_PROPOSAL_COLUMNS
                          "FROM dispatch_proposals WHERE county = $1 AND from_unit_id = $2 AND to_unit_id = $3"
                          " AND category = $4 AND area_code = $5 AND source = 'pattern' ORDER BY made_at DESC, id DESC LIMIT 1"};
constexpr db::Sql kCount{"patterns.count", R"sql(
  SELECT COUNT(*) FROM (
    SELECT DISTINCT matter_id FROM dispatch_returns
     WHERE county = $1 AND from_unit_id = $2 AND to_unit_id = $3 AND to_unit_id IS NOT NULL AND category = $4
       AND place = $5 AND at > $6 LIMIT 1000) AS went
)sql"};
constexpr db::Sql kInsertReturn{"patterns.insert_return", R"sql(
  INSERT INTO dispatch_returns (county, matter_id, id, kind, category, place, from_unit_id, at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql"};
constexpr db::Sql kForget{"patterns.forget_destination", R"sql(
  UPDATE dispatch_returns SET to_unit_id = NULL WHERE county = $1 AND matter_id = $2 AND from_unit_id = $3
)sql"};
constexpr db::Sql kNotThere{"patterns.not_there", R"sql(
  UPDATE dispatch_returns SET to_unit_id = NULL WHERE county = $1 AND matter_id = $2 AND to_unit_id = $3
)sql"};
constexpr db::Sql kSetDestination{"patterns.set_destination", R"sql(
  UPDATE dispatch_returns SET to_unit_id = $3, category = $4, place = $5
   WHERE county = $1 AND matter_id = $2 AND from_unit_id <> $3
)sql"};
constexpr db::Sql kLed{"patterns.led", R"sql(
  SELECT DISTINCT from_unit_id FROM dispatch_returns WHERE county = $1 AND matter_id = $2 AND to_unit_id = $3
)sql"};

Proposal Read(const db::Row& row) {
  Proposal p;
  p.id = row.Ref<ProposalId>(0);
  p.is_pattern = row.View(1) == "pattern";
  p.category = row.Text(2);
  p.area = row.Text(3);
  p.from_unit = row.Ref<UnitId>(4);
  p.to_unit = row.Ref<UnitId>(5);
  p.reason = row.Text(6);
  p.made_at = row.At(7);
  p.state = row.Text(8);
  p.decided_at = row.OptAt(9);
  p.note = row.Text(10);
  p.entry = row.OptRef<EntryId>(11);
  p.revision = row.Int(12);
  return p;
}

}  // namespace

std::optional<Proposal> FindProposal(db::Tx& tx, County county, const ProposalId& id) {
  return tx.One(kFind, Read, county, id);
}

void InsertProposal(db::Tx& tx, County county, const Proposal& p) {
  tx.Run(kInsert, county, p.id, p.is_pattern ? "pattern" : "by_hand", p.category, p.area, p.from_unit, p.to_unit,
         p.reason, p.made_at);
}

void SaveProposal(db::Tx& tx, County county, Proposal& p) {
  if (tx.Run(kSave, county, p.id, p.state, p.decided_at, p.note, p.entry, p.revision) != 1) Conflict("conflict");
  ++p.revision;
}

std::vector<Proposal> ListProposals(db::Tx& tx, County county, std::string_view state, const ProposalPlace& before,
                                    int limit) {
  return tx.All(kPage, Read, county, state, before.made_at, before.id, limit);
}

std::optional<Proposal> LatestOfPattern(db::Tx& tx, County county, const Proposal& like) {
  return tx.One(kLatest, Read, county, like.from_unit, like.to_unit, like.category, like.area);
}

int64_t CountPattern(db::Tx& tx, County county, const Proposal& like, Instant since) {
  return tx.Number(kCount, county, like.from_unit, like.to_unit, like.category, like.area, since);
}

void InsertReturn(db::Tx& tx, County county, const MatterId& matter, const EventId& id, std::string_view kind,
                  const CameBack& row, Instant at) {
  tx.Run(kInsertReturn, county, matter, id, kind, row.category, row.place, row.from, at);
}

void ForgetDestination(db::Tx& tx, County county, const MatterId& matter, const UnitId& unit) {
  tx.Run(kNotThere, county, matter, unit);
}

std::vector<CameBack> SetDestination(db::Tx& tx, County county, const MatterId& matter, const CameBack& owner) {
  tx.Run(kForget, county, matter, owner.from);
  if (tx.Run(kSetDestination, county, matter, owner.from, owner.category, owner.place) == 0) return {};
  return tx.All(kLed, [&](const db::Row& row) { return CameBack{row.Ref<UnitId>(0), owner.category, owner.place}; },
                county, matter, owner.from);
}

}  // namespace huiyin::matters
