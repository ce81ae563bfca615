// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/duplicates.h"

#include "core/text.h"
#include "modules/matters/neighbours.h"
#include "modules/matters/rules.h"
#include "modules/matters/similar.h"
#include "modules/matters/story.h"
#include "modules/matters/ties.h"
#include "modules/org/org.h"

namespace huiyin::matters {
namespace {

constexpr size_t kVillage = 12;
constexpr size_t kTownship = 9;
constexpr int kMostCompared = 300;
constexpr size_t kMostPairs = 5;      // of one matter
constexpr double kLeast = 0.3;        // shared pairs of characters of all
constexpr int kMostLookedAt = 400;    // pairs a request reads
constexpr size_t kShownOfText = 400;

constexpr db::Sql kLater{"likenesses.later", R"sql(
  INSERT INTO uncompared (county, matter_id) VALUES ($1, $2) ON CONFLICT (county, matter_id) DO NOTHING
)sql"};
constexpr db::Sql kIsBegun{"likenesses.is_begun", R"sql(
  SELECT 1 FROM causes WHERE county = $1 LIMIT 1
)sql"};
constexpr db::Sql kAllOpen{"likenesses.all_open", R"sql(
  INSERT INTO uncompared (county, matter_id)
  SELECT county, id FROM matters WHERE county = $1 AND is_open = 1 AND is_protected = 0
  ON CONFLICT (county, matter_id) DO NOTHING
)sql"};
constexpr db::Sql kWaiting{"likenesses.waiting", "SELECT matter_id FROM uncompared WHERE county = $1 ORDER BY matter_id LIMIT $2"};
constexpr db::Sql kDone{"likenesses.done", "DELETE FROM uncompared WHERE county = $1 AND matter_id = $2"};
constexpr db::Sql kAdd{"likenesses.add", R"sql(
  INSERT INTO likenesses (county, id, first_id, second_id, area_code, percent, found_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (county, first_id, second_id) DO NOTHING
)sql"};
constexpr db::Sql kFind{"likenesses.find", R"sql(
  SELECT id, first_id, second_id, percent, found_at, decided_at, decided_by, note FROM likenesses
   WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kOpen{"likenesses.open", R"sql(
  SELECT id, first_id, second_id, percent, found_at, decided_at, decided_by, note FROM likenesses
   WHERE county = $1 AND decided_at IS NULL AND (found_at, id) < ($2, $3) AND area_code >= $4 AND area_code < $5
   ORDER BY found_at DESC, id DESC LIMIT $6
)sql"};
constexpr db::Sql kDecide{"likenesses.decide", R"sql(
  UPDATE likenesses SET decided_at = $3, decided_by = $4, note = $5 WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kForget{"likenesses.forget_closed", R"sql(
  DELETE FROM likenesses WHERE county = $1 AND decided_at IS NULL AND (
    NOT EXISTS (SELECT 1 FROM matters m WHERE m.county = $1 AND m.id = likenesses.first_id AND m.is_open = 1)
    OR NOT EXISTS (SELECT 1 FROM matters m WHERE m.county = $1 AND m.id = likenesses.second_id AND m.is_open = 1))
)sql"};

struct Pair {
  Uuid id;
  MatterId first;
  MatterId second;
  int64_t percent = 0;
  Instant found_at;
  std::optional<Instant> decided_at;
  std::optional<OfficerId> decided_by;
  std::string note;
};
Pair ReadPair(const db::Row& row) {
  return {row.Key(0), row.Ref<MatterId>(1), row.Ref<MatterId>(2), row.Int(3), row.At(4),
          row.OptAt(5), row.OptRef<OfficerId>(6), row.Text(7)};
}

// Both, when the actor may know them and they can still be merged.
struct Sides {
  Matter first;
  Matter second;
  bool may_merge_first = false;
  bool may_merge_second = false;
};

bool MayMerge(Context& ctx, const Matter& from, const Matter& into) {
  return CanHappen(from.state, Act::kMerge).allowed() && AwaitsAnswer(into) &&
         MayDo(ctx, from, TiesOf(ctx, from), Verb::kMerge) == Decision::kAllowed;
}

std::optional<Sides> SidesOf(Context& ctx, const Pair& pair) {
  auto first = FindMatter(ctx.tx, ctx.county, pair.first);
  auto second = FindMatter(ctx.tx, ctx.county, pair.second);
  if (!first || !second || first->is_protected || second->is_protected) return std::nullopt;
  if (!MayRead(ctx, *first) || !MayRead(ctx, *second)) return std::nullopt;
  Sides sides{std::move(*first), std::move(*second)};
  sides.may_merge_first = MayMerge(ctx, sides.first, sides.second);
  sides.may_merge_second = MayMerge(ctx, sides.second, sides.first);
  if (!sides.may_merge_first && !sides.may_merge_second) return std::nullopt;
  return sides;
}

bool MayReadBoth(Context& ctx, const Pair& pair) {
  for (const MatterId& id : {pair.first, pair.second}) {
    const auto matter = FindMatter(ctx.tx, ctx.county, id);
    if (!matter || matter->is_protected || !MayRead(ctx, *matter)) return false;
  }
  return true;
}

void WriteSide(JsonWriter& w, Names& names, const Matter& matter) {
  w.BeginObject().Field("id", matter.id).Field("receipt", matter.receipt).Field("title", matter.Title());
  w.Field("state", StateName(matter.state)).Field("text", FirstCharacters(matter.text, kShownOfText));
  if (!matter.category.empty()) w.Field("category", matter.category);
  w.Field("area_name", names.Area(matter.area)).Field("unit_name", names.Unit(matter.owner_unit));
  w.Field("received_at", matter.received_at).OptField("due_at", matter.due_at).EndObject();
}

struct Place {
  Instant at{INT64_MAX};
  Uuid id;
};
Place ReadPlace(Context& ctx) {
  Place place;
  place.id.bytes.fill(0xff);
  const auto cursor = ctx.Query("cursor", 500);
  if (!cursor) return place;
  const std::string plain = DecodeCursor(*cursor);
  const size_t space = plain.find(' ');
  const auto id = space == std::string::npos ? std::nullopt : ParseUuid(plain.substr(space + 1));
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), place.at.ms);
  if (error != std::errc() || !id) Invalid("cursor", "not_a_cursor");
  place.id = *id;
  return place;
}

http::Response List(Context& ctx) {
  const AreaCode area = ctx.Query("area", 15).value_or("");
  if (!area.empty() && org::LevelOf(area).empty()) Invalid("area", "not_an_area_code");
  const auto limit = static_cast<size_t>(ctx.QueryLimit(20, 100));
  const Place place = ReadPlace(ctx);
  const AreaCode within = area.empty() ? FormatCounty(ctx.county) : area;
  const auto pairs = ctx.tx.All(kOpen, ReadPair, ctx.county, place.at, place.id, within, AreaEnd(within), kMostLookedAt);
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  size_t shown = 0;
  const Pair* last = nullptr;
  for (const Pair& pair : pairs) {
    if (shown == limit) break;
    last = &pair;
    const auto sides = SidesOf(ctx, pair);
    if (!sides) continue;
    ++shown;
    w.BeginObject().Field("id", EventId(pair.id)).Field("score", static_cast<double>(pair.percent) / 100);
    w.Field("found_at", pair.found_at).Key("first");
    WriteSide(w, names, sides->first);
    w.Key("second");
    WriteSide(w, names, sides->second);
    w.Key("may").BeginArray();
    if (sides->may_merge_first) w.Value("merge_first");
    if (sides->may_merge_second) w.Value("merge_second");
    w.EndArray().EndObject();
  }
  const bool is_end = last == nullptr || (last == &pairs.back() && pairs.size() < static_cast<size_t>(kMostLookedAt));
  w.EndArray().Key("next_cursor");
  if (is_end) w.Null();
  else w.Value(EncodeCursor(fmt::format("{} {}", last->found_at.ms, FormatUuid(last->id))));
  w.EndObject();
  return JsonReply(200, w);
}

http::Response PostNotSame(Context& ctx) {
  const auto id = ctx.PathId<EventId>("pair_id");
  auto pair = ctx.tx.One(kFind, ReadPair, ctx.county, id);
  if (!pair) NotFound();
  auto sides = SidesOf(ctx, *pair);
  Fields in = ctx.Input();
  const auto note = in.Text("note", 500).value_or("");
  in.Done();
  if (!pair->decided_at) {
    if (!sides) NotFound();
    pair->decided_at = ctx.now;
    pair->decided_by = ctx.actor.officer;
    pair->note = note;
    ctx.tx.Run(kDecide, ctx.county, pair->id, ctx.now, ctx.actor.officer, note);
    for (auto [matter, other] : {std::pair(&sides->first, &sides->second), std::pair(&sides->second, &sides->first)}) {
      Tell(ctx, *matter, "not_same", {{"from_id", FormatUuid(other->id)}, {"text", note}});
      SaveMatter(ctx.tx, ctx.county, *matter);
    }
  } else if (!MayReadBoth(ctx, *pair)) {
    NotFound();
  }
  JsonWriter w = ctx.Writer();
  w.BeginObject().Field("id", id).Field("decided_at", *pair->decided_at);
  if (pair->decided_by) w.Field("decided_by", org::OfficerName(ctx.tx, ctx.county, *pair->decided_by));
  if (!pair->note.empty()) w.Field("note", pair->note);
  w.EndObject();
  return JsonReply(201, w);
}

// Where its neighbours lie: the village, or for what is known no nearer the township.
AreaCode Nearby(const AreaCode& area) { return area.substr(0, area.size() >= kVillage ? kVillage : kTownship); }

void Compare(Context& ctx, const Matter& matter) {
  const AreaCode where = Nearby(matter.area);
  // A matter of which only the county is known has no neighbours.
  if (where.size() < kTownship) return;
  struct Found {
    MatterId id;
    Instant received_at;
    double score;
  };
  std::vector<Found> found;
  Alike text(matter.text);
  EachSaid(ctx.tx, ctx.county, where, matter.received_at - kLikeWithin, true, kMostCompared, [&](const SaidNear& other) {
    if (Uuid(other.id) == Uuid(matter.id) || other.received_at > matter.received_at + kLikeWithin) return;
    const double score = text.To(other.text).OfAll();
    if (score >= kLeast) found.push_back({other.id, other.received_at, score});
  });
  std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.score > b.score; });
  if (found.size() > kMostPairs) found.resize(kMostPairs);
  for (const Found& other : found) {
    const bool is_earlier = std::pair(other.received_at, Uuid(other.id)) < std::pair(matter.received_at, Uuid(matter.id));
    const MatterId& first = is_earlier ? other.id : matter.id;
    const MatterId& second = is_earlier ? matter.id : other.id;
    ctx.tx.Run(kAdd, ctx.county, Uuid(ctx.NewId<EventId>()), first, second, where, std::lround(other.score * 100), ctx.now);
  }
}

}  // namespace

void CompareLater(db::Tx& tx, County county, const Matter& matter) {
  if (!matter.is_protected) tx.Run(kLater, county, matter.id);
}

void CompareFirstTime(db::Tx& tx, County county) {
  if (!tx.Any(kIsBegun, county)) tx.Run(kAllOpen, county);
}

void CompareSome(Context& ctx, int limit) {
  for (const MatterId& id : ctx.tx.All(kWaiting, [](const db::Row& row) { return row.Ref<MatterId>(0); }, ctx.county, limit)) {
    ctx.tx.Run(kDone, ctx.county, id);
    const auto matter = FindMatter(ctx.tx, ctx.county, id);
    if (matter && !matter->is_protected && IsOpen(matter->state)) Compare(ctx, *matter);
  }
}

Night ForgetClosedPairs() {
  return {"likenesses", [](const NightWork& work) {
            work.write([](Context& ctx) { ctx.tx.Run(kForget, ctx.county); });
            return NightResult{};
          }};
}

std::vector<Route> DuplicateRoutes() {
  return {
      {.method = "GET", .pattern = "/api/v1/matters/duplicates", .action = Action::kMattersRoute, .handle = List},
      {.method = "POST", .pattern = "/api/v1/matters/duplicates/{pair_id}/not_same", .action = Action::kMattersRoute, .handle = PostNotSame},
  };
}

}  // namespace huiyin::matters
