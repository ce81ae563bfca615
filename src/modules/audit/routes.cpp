// SPDX-License-Identifier: EUPL-1.2
#include "modules/audit/audit_log.h"
#include "modules/org/org.h"
#include "platform/audit.h"

namespace huiyin::audit_log {
namespace {

constexpr db::Sql kList{"audit_log.list", R"sql(
  SELECT seq, at, actor_kind, actor_id, unit_id, act, resource, resource_id, household_id, purpose, reason,
         previous_hash, hash
    FROM audit_entries
   WHERE county = $1 AND seq < $2 AND at >= $3 AND at < $4
     AND (actor_id = $5 OR $5 IS NULL) AND (household_id = $6 OR $6 IS NULL) AND (act = $7 OR $7 IS NULL)
   ORDER BY seq DESC LIMIT $8
)sql"};
constexpr db::Sql kListOfHousehold{"audit_log.list_of_household", R"sql(
  SELECT seq, at, actor_kind, actor_id, unit_id, act, resource, resource_id, household_id, purpose, reason,
         previous_hash, hash
    FROM audit_entries
   WHERE county = $1 AND seq < $2 AND at >= $3 AND at < $4
     AND (actor_id = $5 OR $5 IS NULL) AND household_id = $6 AND (act = $7 OR $7 IS NULL)
   ORDER BY seq DESC LIMIT $8
)sql"};
constexpr db::Sql kHeads{"audit_log.heads", R"sql(
  SELECT day, seq, hash FROM audit_heads WHERE county = $1 AND day < $2 ORDER BY day DESC LIMIT $3
)sql"};
constexpr db::Sql kNotices{"audit_log.notices", R"sql(
  SELECT id, area_code, kind, title, body, published_at FROM notices
   WHERE county = $1 AND area_code >= $2 AND area_code < $3 ORDER BY published_at DESC, id LIMIT $4
)sql"};

int64_t SequenceOf(const Context& ctx) {
  const auto cursor = ctx.Query("cursor");
  if (!cursor) return INT64_MAX;
  const std::string plain = DecodeCursor(*cursor);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (error != std::errc() || end != plain.data() + plain.size()) Invalid("cursor", "not_a_cursor");
  return value;
}

class Names {
 public:
  explicit Names(Context& ctx) : ctx_(ctx) {}
  const std::string& Officer(const Uuid& id) {
    auto [found, added] = officers_.try_emplace(id);
    if (added) found->second = org::OfficerName(ctx_.tx, ctx_.county, OfficerId(id));
    return found->second;
  }
  const std::string& Unit(const Uuid& id) {
    auto [found, added] = units_.try_emplace(id);
    if (added) found->second = org::UnitName(ctx_.tx, ctx_.county, UnitId(id));
    return found->second;
  }

 private:
  Context& ctx_;
  std::map<Uuid, std::string> officers_;
  std::map<Uuid, std::string> units_;
};

void WriteEntry(JsonWriter& w, const db::Row& row, Names& names) {
  w.BeginObject().Field("seq", row.Int(0)).Field("at", row.At(1));
  w.Key("actor").BeginObject().Field("kind", row.View(2));
  if (!row.IsNull(3)) {
    w.Field("id", row.Key(3));
    if (row.View(2) == "officer") w.Field("name", names.Officer(row.Key(3)));
  }
  if (!row.IsNull(4)) w.Field("unit_name", names.Unit(row.Key(4)));
  w.EndObject();
  w.Field("action", row.View(5)).Field("resource", row.View(6));
  if (!row.IsNull(7)) w.Field("resource_id", row.Key(7));
  if (!row.IsNull(8)) w.Field("household_id", row.Key(8));
  if (!row.IsNull(9)) w.Field("purpose", row.View(9));
  if (!row.IsNull(10)) w.Field("reason", row.View(10));
  w.Field("prev_hash", Hex(row.View(11))).Field("hash", Hex(row.View(12))).EndObject();
}

using MayKnow = std::function<bool(Context&, std::string_view resource, const Uuid&)>;

http::Response ListAudit(Context& ctx, const MayKnow& may_know) {
  RequireMay(ctx.actor, Action::kAuditRead, {.area = FormatCounty(ctx.county)});
  const auto from = ctx.QueryDay("from");
  const auto until = ctx.QueryDay("until");
  const Instant after = from ? StartOfDay(*from, ctx.zone) : Instant{0};
  const Instant before = until ? StartOfDay(*until + 1, ctx.zone) : Instant{INT64_MAX};
  const auto household = ctx.QueryId("household_id");
  const int limit = ctx.QueryLimit();
  JsonWriter w = ctx.Writer();
  Names names(ctx);
  int64_t below = SequenceOf(ctx);
  int shown = 0;
  bool is_end = false;
  w.BeginObject().Key("items").BeginArray();
  // What the actor may not know of is made up for by reading on: a short page would tell of it.
  while (shown < limit && !is_end) {
    int seen = 0;
    bool is_cut = false;
    ctx.tx.Rows(household ? kListOfHousehold : kList, [&](const db::Row& row) {
      ++seen;
      is_cut = shown == limit;
      if (is_cut) return;
      below = row.Int(0);
      if (!row.IsNull(7) && !may_know(ctx, row.View(6), row.Key(7))) return;
      WriteEntry(w, row, names);
      ++shown;
    }, ctx.county, below, after, before, ctx.QueryId("actor"), household, ctx.Query("action"), limit);
    is_end = seen < limit && !is_cut;
  }
  w.EndArray();
  if (!is_end) w.Field("next_cursor", EncodeCursor(std::to_string(below)));
  else w.Key("next_cursor").Null();
  w.EndObject();
  ctx.NoteRead({.act = "audit.read", .resource = "audit",
                .household = household ? std::optional(HouseholdId(*household)) : std::nullopt, .purpose = "audit"});
  return JsonReply(200, w);
}

http::Response VerifyChain(Context& ctx) {
  RequireMay(ctx.actor, Action::kAuditRead, {.area = FormatCounty(ctx.county)});
  const auto result = audit::Verify(ctx.tx, ctx.county);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Field("ok", result.whole).Field("entries", result.entries).Field("head", result.head);
  if (!result.whole) {
    w.Key("first_break").BeginObject().Field("seq", result.first_break).Field("detail", result.reason).EndObject();
  }
  w.Field("checked_at", ctx.now).EndObject();
  return JsonReply(200, w);
}

// The board: what was published for the area, and each finished day's last hash.
http::Response ListNotices(Context& ctx) {
  const std::string area = ctx.Query("area").value_or(FormatCounty(ctx.county));
  const int limit = ctx.QueryLimit();
  const auto cursor = ctx.Query("cursor");
  int64_t before_day = ctx.Today().days;
  if (cursor) {
    const auto day = ParseDate(DecodeCursor(*cursor));
    if (!day) Invalid("cursor", "not_a_cursor");
    before_day = day->days;
  }
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  if (!cursor) {
    ctx.tx.Rows(kNotices, [&](const db::Row& row) {
      w.BeginObject().Field("id", row.Key(0)).Field("area_code", row.View(1)).Field("kind", row.View(2))
          .Field("title_zh", row.View(3)).Field("title_en", row.View(3)).Field("text_zh", row.View(4))
          .Field("published_at", row.At(5)).EndObject();
    }, ctx.county, area, AreaEnd(area), limit);
  }
  int seen = 0;
  Date last;
  ctx.tx.Rows(kHeads, [&](const db::Row& row) {
    ++seen;
    last = row.Day(0);
    // Made from the day and the hash, so that the same notice has the same id every time.
    uint64_t seed = 0;
    std::memcpy(&seed, row.View(2).data(), sizeof seed);
    SeededRandom from_hash(seed);
    const Uuid id = NewUuid(EndOfDay(last, ctx.zone), from_hash);
    const std::string day = FormatDate(last);
    w.BeginObject().Field("id", id).Field("area_code", FormatCounty(ctx.county)).Field("kind", "audit_head")
        .Field("title_zh", day + " 审计链日终摘要").Field("title_en", "Audit chain at the end of " + day)
        .Field("published_at", EndOfDay(last, ctx.zone) + 1);
    w.Key("audit_head").BeginObject().Field("day", last).Field("seq", row.Int(1)).Field("hash", Hex(row.View(2))).EndObject();
    w.EndObject();
  }, ctx.county, before_day, limit);
  w.EndArray();
  if (seen == limit) w.Field("next_cursor", EncodeCursor(FormatDate(last)));
  else w.Key("next_cursor").Null();
  w.EndObject();
  return JsonReply(200, w);
}

}  // namespace

Module Describe(MayKnow may_know) {
  return {
      .name = "audit",
      .routes = {
          {.method = "GET", .pattern = "/api/v1/audit", .action = Action::kAuditRead,
           .handle = [may_know](Context& ctx) { return ListAudit(ctx, may_know); },
           .shows_reads = true},
          {.method = "GET", .pattern = "/api/v1/audit/verification", .action = Action::kAuditRead, .handle = VerifyChain},
          {.method = "GET", .pattern = "/api/v1/notices", .session = Session::kNone, .handle = ListNotices},
      },
  };
}

}  // namespace huiyin::audit_log
