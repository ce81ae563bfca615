// SPDX-License-Identifier: EUPL-1.2
#include "platform/audit.h"

namespace huiyin::audit {
namespace {

constexpr db::Sql kAppend{"audit.append", R"sql(
  INSERT INTO audit_pending (county, id, at, actor_kind, actor_id, unit_id, act, resource, resource_id,
                             household_id, purpose, reason, peer, content_hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
)sql"};

constexpr db::Sql kPending{"audit.pending", R"sql(
  SELECT id, at, actor_kind, actor_id, unit_id, act, resource, resource_id, household_id, purpose,
         reason, peer, content_hash
    FROM audit_pending WHERE county = $1 ORDER BY id LIMIT $2
)sql"};

constexpr db::Sql kDropPending{"audit.drop_pending", R"sql(
  DELETE FROM audit_pending WHERE county = $1 AND id = $2
)sql"};

constexpr db::Sql kLast{"audit.last", R"sql(
  SELECT seq, hash FROM audit_entries WHERE county = $1 ORDER BY seq DESC LIMIT 1
)sql"};

constexpr db::Sql kInsert{"audit.insert", R"sql(
  INSERT INTO audit_entries (county, seq, id, at, actor_kind, actor_id, unit_id, act, resource, resource_id,
                             household_id, purpose, reason, peer, content_hash, previous_hash, hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
)sql"};

constexpr db::Sql kHead{"audit.head", R"sql(
  INSERT INTO audit_heads (county, day, seq, hash) VALUES ($1, $2, $3, $4)
  ON CONFLICT (county, day) DO UPDATE SET seq = excluded.seq, hash = excluded.hash
)sql"};

constexpr db::Sql kWalk{"audit.walk", R"sql(
  SELECT id, at, actor_kind, actor_id, unit_id, act, resource, resource_id, household_id, purpose,
         reason, peer, content_hash, seq, previous_hash, hash
    FROM audit_entries WHERE county = $1 AND seq > $2 ORDER BY seq LIMIT 10000
)sql"};

constexpr db::Sql kHeads{"audit.heads", R"sql(
  SELECT h.day, h.seq, h.hash, e.hash FROM audit_heads h
    LEFT JOIN audit_entries e ON e.county = h.county AND e.seq = h.seq
   WHERE h.county = $1 ORDER BY h.day
)sql"};

constexpr db::Sql kReadsSealed{"audit.reads_sealed", R"sql(
  SELECT at, actor_id, unit_id, purpose, reason, act, resource
    FROM audit_entries
   WHERE county = $1 AND household_id = $2 AND act LIKE '%.read' AND actor_kind = 'officer' AND at < $3
   ORDER BY seq DESC LIMIT $4
)sql"};

constexpr db::Sql kReadsPending{"audit.reads_pending", R"sql(
  SELECT at, actor_id, unit_id, purpose, reason, act, resource
    FROM audit_pending
   WHERE county = $1 AND household_id = $2 AND act LIKE '%.read' AND actor_kind = 'officer' AND at < $3
   ORDER BY id DESC LIMIT $4
)sql"};

// The canonical form: every column in order, each with its length in front, so that no two
// different entries read the same. NULL and the empty text are told apart.
void AppendColumn(std::string& canonical, const db::Row& row, int column) {
  if (row.IsNull(column)) {
    canonical += "-;";
    return;
  }
  const std::string_view text = row.View(column);
  fmt::format_to(std::back_inserter(canonical), "{}:", text.size());
  canonical += text;
  canonical += ';';
}

constexpr int kColumns = 13;

Sha256Hash HashOf(County county, int64_t seq, std::string_view previous, const db::Row& row) {
  std::string canonical = fmt::format("huiyin-audit-1;{};{};", county.code, seq);
  canonical += previous;
  // The moment is a number: written in decimal on both engines.
  for (int column = 0; column < kColumns; ++column) {
    if (column == 1) fmt::format_to(std::back_inserter(canonical), "{};", row.Int(column));
    else AppendColumn(canonical, row, column);
  }
  return Sha256(canonical);
}

const std::string kNoHash(32, '\0');

std::optional<std::string> NoneIfEmpty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

void Append(Context& ctx, const AuditEntry& entry) {
  const auto unit = ctx.actor.IsOfficer() ? std::optional(ctx.actor.unit) : std::nullopt;
  const auto content = entry.content_hash
                           ? db::Value(db::Blob{AsView(*entry.content_hash)})
                           : db::Value();
  ctx.tx.Run(kAppend, ctx.county, ctx.NewId<EventId>(), ctx.now, ctx.actor.KindName(),
             ctx.actor.SubjectId(), unit, entry.act, entry.resource, entry.resource_id,
             entry.household, NoneIfEmpty(entry.purpose), NoneIfEmpty(entry.reason),
             ctx.request.peer, content);
}

int Seal(db::Tx& tx, County county, Zone zone, int limit) {
  int64_t seq = 0;
  std::string previous = kNoHash;
  bool started = false;
  std::vector<std::string> moved;
  Date day;
  int sealed = 0;
  const auto publish = [&] {
    tx.Run(kHead, county, day, seq, db::Blob{previous});
  };
  tx.Rows(kPending, [&](const db::Row& row) {
    if (!started) {
      tx.Rows(kLast, [&](const db::Row& last) {
        seq = last.Int(0);
        previous = last.Text(1);
      }, county);
      started = true;
    }
    const Date row_day = LocalDate(row.At(1), zone);
    if (sealed > 0 && row_day != day) publish();
    day = row_day;
    ++seq;
    const Sha256Hash hash = HashOf(county, seq, previous, row);
    const auto column = [&row](int c) -> db::Value {
      return row.IsNull(c) ? db::Value() : db::Value(row.View(c));
    };
    const auto key = [&row](int c) -> db::Value {
      return row.IsNull(c) ? db::Value() : db::Value(db::Blob{row.View(c)});
    };
    tx.Run(kInsert, county, seq, key(0), row.At(1), column(2), key(3), key(4), column(5), column(6),
           key(7), key(8), column(9), column(10), column(11), key(12), db::Blob{previous},
           db::Blob{AsView(hash)});
    previous = std::string(AsView(hash));
    moved.push_back(row.Text(0));
    ++sealed;
  }, county, limit);
  if (sealed == 0) return 0;
  publish();
  for (const std::string& id : moved) tx.Run(kDropPending, county, db::Blob{id});
  return sealed;
}

Verification Verify(db::Tx& tx, County county, const std::function<void(int64_t)>& progress) {
  Verification result;
  std::string previous = kNoHash;
  int64_t seq = 0;
  const auto broken = [&result](int64_t at, std::string reason) {
    if (!result.whole) return;
    result.whole = false;
    result.first_break = at;
    result.reason = std::move(reason);
  };
  for (bool more = true; more && result.whole;) {
    more = false;
    tx.Rows(kWalk, [&](const db::Row& row) {
      if (!result.whole) return;
      more = true;
      const int64_t expected = seq + 1;
      seq = row.Int(13);
      if (seq != expected) return broken(expected, "sequence");
      if (row.View(14) != previous) return broken(seq, "previous_hash");
      const Sha256Hash hash = HashOf(county, seq, previous, row);
      if (row.View(15) != AsView(hash)) return broken(seq, "hash");
      previous = row.Text(15);
      ++result.entries;
      if (progress && result.entries % 100000 == 0) progress(result.entries);
    }, county, seq);
  }
  if (result.whole) {
    tx.Rows(kHeads, [&](const db::Row& row) {
      if (row.IsNull(3) || row.View(2) != row.View(3)) broken(row.Int(1), "head");
    }, county);
  }
  result.head = Hex(previous);
  return result;
}

std::vector<ReadOfHousehold> ReadsOf(db::Tx& tx, County county, const HouseholdId& household,
                                     int64_t before_ms, int limit) {
  const auto read = [](const db::Row& row) {
    return ReadOfHousehold{row.At(0), row.OptRef<Uuid>(1), row.OptRef<Uuid>(2), row.Text(3),
                           row.Text(4), row.Text(5), row.Text(6)};
  };
  auto reads = tx.All(kReadsPending, read, county, household, before_ms, limit);
  for (auto& sealed : tx.All(kReadsSealed, read, county, household, before_ms, limit)) {
    if (static_cast<int>(reads.size()) < limit) reads.push_back(std::move(sealed));
  }
  return reads;
}

}  // namespace huiyin::audit
