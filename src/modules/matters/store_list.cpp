// SPDX-License-Identifier: EUPL-1.2
#include "core/text.h"
#include "db/many.h"
#include "modules/matters/columns.h"
#include "modules/matters/store.h"

// What every list may be narrowed by. $5 to $21 in the same order everywhere, so that one
// function binds them.
#define HUIYIN_NARROWED                                                                    \
  " AND m.due_at >= $5 AND m.due_at <= $6" HUIYIN_NARROWED_ANY_DUE
#define HUIYIN_NARROWED_ANY_DUE                                                            \
  " AND (m.state = $7 OR $7 IS NULL) AND (m.owner_unit_id = $8 OR $8 IS NULL)"             \
  " AND ((m.area_code >= $9 AND m.area_code < $10) OR $9 IS NULL)"                         \
  " AND (m.household_id = $11 OR $11 IS NULL) AND m.reopened >= $12"                       \
  " AND m.received_at >= $13 AND m.received_at <= $14"                                     \
  " AND (m.text LIKE $15 ESCAPE '\\' OR m.subject LIKE $15 ESCAPE '\\' OR $15 IS NULL)"    \
  " AND (m.is_protected = 0 OR $16 = 1) AND (m.category = $18 OR $18 IS NULL)"             \
  " AND m.bounces >= $19 AND (m.stuck = 1 OR (m.stuck = 2 AND m.due_at < $20) OR $20 IS NULL)" \
  " AND ($21 = 0 OR (m.is_open = 1 AND m.due_at IS NULL))"
#define HUIYIN_BY_DUE " AND (m.due_at, m.id) > ($3, $4)" HUIYIN_NARROWED " ORDER BY m.due_at, m.id LIMIT $17"
#define HUIYIN_BY_RECEIVED \
  " AND (m.received_at, m.id) < ($3, $4)" HUIYIN_NARROWED_ANY_DUE " ORDER BY m.received_at DESC, m.id DESC LIMIT $17"
#define HUIYIN_SELECT "SELECT " HUIYIN_MATTER_COLUMNS

namespace huiyin::matters {
namespace {

constexpr db::Sql kOwnerUnit{"matters.by_owner_unit",
    HUIYIN_SELECT " FROM matters m WHERE m.county = $1 AND m.owner_unit_id = $2 AND m.is_open = 1" HUIYIN_BY_DUE};
constexpr db::Sql kPendingUnit{"matters.by_pending_unit",
    HUIYIN_SELECT " FROM matters m WHERE m.county = $1 AND m.pending_unit_id = $2 AND m.pending_unit_id IS NOT NULL"
                  HUIYIN_BY_DUE};
constexpr db::Sql kCoHandled{"matters.by_co_handler",
    HUIYIN_SELECT " FROM co_handlers c JOIN matters m ON m.county = c.county AND m.id = c.matter_id"
                  " WHERE c.county = $1 AND c.unit_id = $2 AND c.ended_at IS NULL AND m.is_open = 1" HUIYIN_BY_DUE};
constexpr db::Sql kOwnerOfficer{"matters.by_owner_officer",
    HUIYIN_SELECT " FROM matters m WHERE m.county = $1 AND m.owner_officer_id = $2 AND m.owner_officer_id IS NOT NULL"
                  " AND m.is_open = 1" HUIYIN_BY_DUE};
constexpr db::Sql kFirstOfficer{"matters.by_first_officer",
    HUIYIN_SELECT " FROM matters m WHERE m.county = $1 AND m.first_officer_id = $2 AND m.first_officer_id IS NOT NULL"
                  " AND m.is_open = 1" HUIYIN_BY_DUE};
constexpr db::Sql kReturned{"matters.by_return",
    HUIYIN_SELECT " FROM requests r JOIN matters m ON m.county = r.county AND m.id = r.matter_id"
                  " WHERE r.county = $1 AND r.decided_by_unit_id = $2 AND r.decided_at IS NULL AND r.kind = 'return'"
                  " AND m.is_open = 1" HUIYIN_BY_DUE};
constexpr db::Sql kArea{"matters.by_area",
    HUIYIN_SELECT " FROM matters m WHERE m.county = $1 AND m.area_code >= $9 AND m.area_code < $10 AND m.is_open = 1"
                  " AND m.is_protected = 0 AND m.id <> $2" HUIYIN_BY_DUE};
constexpr db::Sql kProtected{"matters.by_protected",
    HUIYIN_SELECT " FROM matters m WHERE m.county = $1 AND m.is_protected = 1 AND m.is_open = 1 AND m.id <> $2"
                  HUIYIN_BY_DUE};

constexpr db::Sql kOpenOfOfficer{"matters.open_of_officer",
    HUIYIN_SELECT " FROM matters m WHERE m.county = $1 AND m.owner_officer_id = $2 AND m.owner_officer_id IS NOT NULL"
                  " AND m.is_open = 1 ORDER BY m.id"};

constexpr db::Sql kReceivedUnit{"matters.received_by_unit",
    HUIYIN_SELECT " FROM matters m WHERE m.county = $1 AND m.owner_unit_id = $2 AND (m.registered_at >= $5 OR m.registered_at <= $6)" HUIYIN_BY_RECEIVED};
constexpr db::Sql kReceivedCounty{"matters.received_in_county",
    HUIYIN_SELECT " FROM matters m WHERE m.county = $1 AND m.id <> $2 AND (m.registered_at >= $5 OR m.registered_at <= $6) AND m.is_protected = 0"
                  HUIYIN_BY_RECEIVED};
constexpr db::Sql kReceivedArea{"matters.received_in_area",
    HUIYIN_SELECT " FROM matters m WHERE m.county = $1 AND m.area_code >= $9 AND m.area_code < $10"
                  " AND m.id <> $2 AND (m.registered_at >= $5 OR m.registered_at <= $6) AND m.is_protected = 0" HUIYIN_BY_RECEIVED};
constexpr db::Sql kReceivedProtected{"matters.received_protected",
    HUIYIN_SELECT " FROM matters m WHERE m.county = $1 AND m.is_protected = 1 AND m.id <> $2 AND (m.registered_at >= $5 OR m.registered_at <= $6)"
                  HUIYIN_BY_RECEIVED};
constexpr db::Sql kOfHousehold{"matters.of_household",
    HUIYIN_SELECT " FROM matters m WHERE m.county = $1 AND m.household_id = $2 AND m.household_id IS NOT NULL"
                  " AND (m.received_at, m.id) < ($3, $4) AND (m.is_protected = 0 OR $5 = 1)"
                  " ORDER BY m.received_at DESC, m.id DESC LIMIT $6"};
constexpr db::Sql kOfVisits{"matters.of_visits",
    HUIYIN_SELECT " FROM matters m WHERE m.county = $1 AND m.visit_id IN (" HUIYIN_MANY ") AND m.visit_id IS NOT NULL"
                  " AND m.is_protected = 0 ORDER BY m.visit_id, m.received_at, m.id"};
constexpr db::Sql kOpen{"matters.open_in_area", R"sql(
  SELECT area_code, owner_unit_id, state, reopened, due_at, bounces, stuck FROM matters
   WHERE county = $1 AND area_code >= $2 AND area_code < $3 AND is_open = 1 AND is_protected = 0
)sql"};

constexpr int kCountyCodeLength = 6;

const db::Sql& ByDue(Source source) {
  switch (source) {
    case Source::kOwnerUnit: return kOwnerUnit;
    case Source::kPendingUnit: return kPendingUnit;
    case Source::kCoHandled: return kCoHandled;
    case Source::kOwnerOfficer: return kOwnerOfficer;
    case Source::kFirstOfficer: return kFirstOfficer;
    case Source::kReturned: return kReturned;
    case Source::kArea: return kArea;
    case Source::kProtected: return kProtected;
  }
  return kArea;
}

const db::Sql& ByReceived(Source source, const Filter& filter) {
  if (source == Source::kOwnerUnit) return kReceivedUnit;
  if (source == Source::kProtected) return kReceivedProtected;
  return filter.area.size() <= kCountyCodeLength ? kReceivedCounty : kReceivedArea;
}

std::vector<Matter> List(db::Tx& tx, const db::Sql& sql, County county, const Uuid& key, const Filter& f,
                         const Place& place, int limit) {
  const auto state = f.state ? std::optional(StateName(*f.state)) : std::nullopt;
  const auto area = f.area.empty() ? std::nullopt : std::optional<std::string_view>(f.area);
  // What lies below begins with another digit.
  const std::string area_end = f.only_here ? f.area + "0" : AreaEnd(f.area);
  const std::string pattern = "%" + EscapeLike(f.text) + "%";
  const auto text = f.text.empty() ? std::nullopt : std::optional<std::string_view>(pattern);
  return tx.All(sql, ReadMatter, county, key, place.at, place.id, f.due_from, f.due_until, state, f.unit, area,
                area_end, f.household, f.reopened, f.received_from, f.received_until, text, f.with_protected, limit, f.category,
                f.bounces, f.stuck_at, f.waits_for_word);
}

}  // namespace

std::vector<Matter> ListByDue(db::Tx& tx, County county, Source source, const Uuid& key, const Filter& filter,
                              const Place& after, int limit) {
  return List(tx, ByDue(source), county, key, filter, after, limit);
}

std::vector<Matter> ListByReceived(db::Tx& tx, County county, Source source, const Uuid& key, const Filter& filter,
                                   const Place& before, int limit) {
  return List(tx, ByReceived(source, filter), county, key, filter, before, limit);
}

std::vector<Matter> ListOfHousehold(db::Tx& tx, County county, const HouseholdId& household, const Place& before,
                                    int limit, bool with_protected) {
  return tx.All(kOfHousehold, ReadMatter, county, household, before.at, before.id, with_protected, limit);
}

std::vector<Matter> OpenOfOfficer(db::Tx& tx, County county, const OfficerId& officer) {
  return tx.All(kOpenOfOfficer, ReadMatter, county, officer);
}

std::vector<Matter> ListOfVisits(db::Tx& tx, County county, std::span<const VisitId> visits) {
  std::vector<Matter> matters;
  db::RowsOfMany(tx, kOfVisits, county, visits, [&](const db::Row& row) { matters.push_back(ReadMatter(row)); });
  return matters;
}

void EachOpen(db::Tx& tx, County county, std::string_view area, const std::function<void(const WallRow&)>& each) {
  tx.Rows(kOpen, [&](const db::Row& row) {
    each({row.Text(0), row.Ref<UnitId>(1), ParseState(row.View(2)).value_or(State::kReceived), row.Int(3), row.OptAt(4),
          row.Int(5), static_cast<StuckMark>(row.Int(6))});
  }, county, area, AreaEnd(area));
}

}  // namespace huiyin::matters
