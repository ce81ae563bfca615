// SPDX-License-Identifier: EUPL-1.2
#include "platform/audit.h"

#include <array>
#include <charconv>

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

constexpr db::Sql kReads{"audit.reads", R"sql(
  SELECT seq, at, actor_id, unit_id, purpose, reason, act, resource
    FROM audit_entries
   WHERE county = $1 AND household_id = $2 AND act LIKE '%.read' AND actor_kind = 'officer' AND seq < $3
   ORDER BY seq DESC LIMIT $4
)sql"};

constexpr int kColumns = 13;
constexpr int kAt = 1;  // a number; the others are text or keys

// The columns of an entry in the order of kPending; NULL and the empty text are told apart.
using Columns = std::array<std::optional<std::string_view>, kColumns>;

// The canonical form: every column in order, each with its length in front, so that no two
// different entries read the same. The moment is a number: written in decimal on both engines.
std::string Canonical(const Columns& columns, Instant at) {
  std::string canonical;
  canonical.reserve(320);
  for (int column = 0; column < kColumns; ++column) {
    const auto& text = columns[static_cast<size_t>(column)];
    if (column == kAt) {
      fmt::format_to(std::back_inserter(canonical), "{};", at.ms);
    } else if (!text) {
      canonical += "-;";
    } else {
      fmt::format_to(std::back_inserter(canonical), "{}:", text->size());
      canonical += *text;
      canonical += ';';
    }
  }
  return canonical;
}

Sha256Hash HashOf(County county, int64_t seq, std::string_view previous, std::string_view canonical) {
  std::string text = fmt::format("huiyin-audit-1;{};{};", county.code, seq);
  text += previous;
  text += canonical;
  return Sha256(text);
}

Columns ColumnsOf(const db::Row& row) {
  Columns columns;
  for (int column = 0; column < kColumns; ++column) {
    if (column != kAt && !row.IsNull(column)) columns[static_cast<size_t>(column)] = row.View(column);
  }
  return columns;
}

constexpr size_t kLatestMs = 7'258'118'400'000;  // 2200; no journal is from later

// Reads a number up to `end` and goes behind it; absent when there is none.
std::optional<size_t> TakeNumber(std::string_view& text, char end) {
  size_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto size = static_cast<size_t>(stop - text.data());
  if (error != std::errc() || size >= text.size() || text[size] != end) return std::nullopt;
  text.remove_prefix(size + 1);
  return number;
}

// The canonical form, read back.
std::optional<Columns> ReadCanonical(std::string_view text, Instant& at) {
  Columns columns;
  for (int column = 0; column < kColumns; ++column) {
    if (column == kAt) {
      const auto ms = TakeNumber(text, ';');
      if (!ms || *ms > kLatestMs) return std::nullopt;
      at = Instant{static_cast<int64_t>(*ms)};
    } else if (text.starts_with("-;")) {
      text.remove_prefix(2);
    } else {
      const auto size = TakeNumber(text, ':');
      if (!size || text.size() <= *size || text[*size] != ';') return std::nullopt;
      columns[static_cast<size_t>(column)] = text.substr(0, *size);
      text.remove_prefix(*size + 1);
    }
  }
  return text.empty() ? std::optional(columns) : std::nullopt;
}

// A record: its length, the beginning of its hash, and the canonical form. The hash tells a
// record that was written from one that a power cut left half on the disk.
constexpr size_t kCheckBytes = 8;

std::string CheckOf(std::string_view canonical) { return Hex(AsView(Sha256(canonical)).substr(0, kCheckBytes)); }

// Takes a whole record off the front; absent when there is none.
std::optional<std::string_view> TakeRecord(std::string_view& records) {
  std::string_view rest = records;
  const auto size = TakeNumber(rest, ' ');
  constexpr size_t kHead = 2 * kCheckBytes + 1;
  if (!size || rest.size() < kHead || rest.size() - kHead <= *size) return std::nullopt;
  const std::string_view canonical = rest.substr(kHead, *size);
  if (rest[kHead - 1] != '\n' || rest[kHead + *size] != '\n') return std::nullopt;
  if (rest.substr(0, kHead - 1) != CheckOf(canonical)) return std::nullopt;
  records = rest.substr(kHead + *size + 1);
  return canonical;
}

const std::string kNoHash(32, '\0');

// The end of a county's chain, to which entries are added.
class Chain {
 public:
  Chain(db::Tx& tx, County county, Zone zone) : tx_(tx), county_(county), zone_(zone), previous_(kNoHash) {
    tx_.Rows(kLast, [this](const db::Row& last) {
      seq_ = last.Int(0);
      previous_ = last.Text(1);
    }, county_);
  }

  void Add(const Columns& columns, Instant at, std::string_view canonical) {
    const Date day = LocalDate(at, zone_);
    if (added_ > 0 && day != day_) Publish();
    day_ = day;
    ++seq_;
    ++added_;
    const Sha256Hash hash = HashOf(county_, seq_, previous_, canonical);
    const auto text = [&](size_t c) { return db::ToValue(columns[c]); };
    const auto key = [&](size_t c) { return columns[c] ? db::Value(db::Blob{*columns[c]}) : db::Value(); };
    tx_.Run(kInsert, county_, seq_, key(0), at, text(2), key(3), key(4), text(5), text(6), key(7), key(8), text(9),
            text(10), text(11), key(12), db::Blob{previous_}, db::Blob{AsView(hash)});
    previous_ = AsView(hash);
  }
  // The last hash of the day of the last entry.
  void Publish() {
    if (added_ > 0) tx_.Run(kHead, county_, day_, seq_, db::Blob{previous_});
  }

 private:
  db::Tx& tx_;
  const County county_;
  const Zone zone_;
  int64_t seq_ = 0;
  std::string previous_;
  Date day_;
  int64_t added_ = 0;
};

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

void AppendRecord(std::string& out, const AuditEntry& entry, const Actor& actor, std::string_view peer,
                  Instant now, Random& random) {
  const Uuid id = NewUuid(now, random);
  const auto subject = actor.SubjectId();
  Columns columns;
  columns[0] = id.View();
  columns[2] = actor.KindName();
  if (subject) columns[3] = subject->View();
  if (actor.IsOfficer()) columns[4] = actor.unit.View();
  columns[5] = entry.act;
  columns[6] = entry.resource;
  if (entry.resource_id) columns[7] = entry.resource_id->View();
  if (entry.household) columns[8] = entry.household->View();
  if (!entry.purpose.empty()) columns[9] = entry.purpose;
  if (!entry.reason.empty()) columns[10] = entry.reason;
  columns[11] = peer;
  if (entry.content_hash) columns[12] = AsView(*entry.content_hash);
  const std::string canonical = Canonical(columns, now);
  fmt::format_to(std::back_inserter(out), "{} {}\n{}\n", canonical.size(), CheckOf(canonical), canonical);
}

size_t SealRecords(db::Tx& tx, County county, Zone zone, std::string_view records, int limit) {
  Chain chain(tx, county, zone);
  std::string_view rest = records;
  for (int sealed = 0; sealed < limit; ++sealed) {
    std::string_view after = rest;
    const auto canonical = TakeRecord(after);
    Instant at;
    const auto columns = canonical ? ReadCanonical(*canonical, at) : std::nullopt;
    if (!columns) break;
    chain.Add(*columns, at, *canonical);
    rest = after;
  }
  chain.Publish();
  return records.size() - rest.size();
}

int Seal(db::Tx& tx, County county, Zone zone, int limit) {
  std::optional<Chain> chain;
  std::vector<std::string> moved;
  tx.Rows(kPending, [&](const db::Row& row) {
    if (!chain) chain.emplace(tx, county, zone);
    const Columns columns = ColumnsOf(row);
    chain->Add(columns, row.At(kAt), Canonical(columns, row.At(kAt)));
    moved.push_back(row.Text(0));
  }, county, limit);
  if (!chain) return 0;
  chain->Publish();
  for (const std::string& id : moved) tx.Run(kDropPending, county, db::Blob{id});
  return static_cast<int>(moved.size());
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
      const Sha256Hash hash = HashOf(county, seq, previous, Canonical(ColumnsOf(row), row.At(kAt)));
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

std::vector<ReadOfHousehold> ReadsOf(db::Tx& tx, County county, const HouseholdId& household, int64_t before,
                                     int limit) {
  return tx.All(kReads, [](const db::Row& row) {
    return ReadOfHousehold{row.Int(0), row.At(1), row.OptRef<Uuid>(2), row.OptRef<Uuid>(3), row.Text(4), row.Text(5),
                           row.Text(6), row.Text(7)};
  }, county, household, before, limit);
}

}  // namespace huiyin::audit
