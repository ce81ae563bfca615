// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/conclusion.h"

#include "modules/matters/clocks.h"
#include "modules/matters/ties.h"

namespace huiyin::matters {
namespace {

constexpr db::Sql kFollow{"conclusion.follow", R"sql(
  INSERT INTO follow_ups (county, matter_id, follows_id) VALUES ($1, $2, $3)
  ON CONFLICT (county, matter_id) DO UPDATE SET follows_id = excluded.follows_id
)sql"};
constexpr db::Sql kFollowed{"conclusion.followed", R"sql(
  SELECT follows_id FROM follow_ups WHERE county = $1 AND matter_id = $2
)sql"};
constexpr db::Sql kFollowing{"conclusion.following", R"sql(
  SELECT matter_id FROM follow_ups WHERE county = $1 AND follows_id = $2 ORDER BY matter_id
)sql"};

struct Point {
  std::string_view code;
  std::string_view zh;
  std::string_view en;
};
constexpr Point kNotAgain[] = {
    {"same_facts", "同样的事实、同样的理由已经终结：不再复查、不再复核，没有第三次。",
     "The same facts for the same reasons are concluded: there is no third review."},
};
constexpr Point kAgain[] = {
    {"new_facts", "有了新的事实或者新的证据，可以作为新的诉求提出。", "New facts or new evidence: bring them as a new matter."},
    {"other_ask", "另外的事，随时可以提，不受这次终结影响。", "Anything else you need: ask at any time; this conclusion does not touch it."},
    {"not_performed", "答复里答应办的事没有办，可以作为新的诉求提出，不算重复。",
     "Something the answer promised was not done: bring it as a new matter; it does not count as asking again."},
    {"law", "依法可以申请行政复议或者提起诉讼的，仍可在法定期限内提出。",
     "Where the law gives you administrative reconsideration or a court, their terms still run."},
};

void WritePoints(JsonWriter& w, std::string_view name, std::span<const Point> points) {
  w.Key(name).BeginArray();
  for (const Point& point : points) {
    w.BeginObject().Field("code", point.code).Field("text_zh", point.zh).Field("text_en", point.en).EndObject();
  }
  w.EndArray();
}

}  // namespace

void WriteConclusion(Context& ctx, JsonWriter& w, Names& names, const Matter& matter, bool shows_links) {
  if (matter.state != State::kConcluded) return;
  const auto clocks = ClocksOf(ctx.tx, ctx.county, matter.id);
  const bool by_final_review = std::any_of(clocks.begin(), clocks.end(), [](const Clock& c) { return c.step == "final_review"; });
  w.Key("conclusion").BeginObject().OptField("at", matter.closed_at);
  w.Field("by", by_final_review ? "final_review" : "silence").Field("unit_name", names.Unit(matter.owner_unit));
  w.Field("article", matter.kind == "complaint" ? "《信访工作条例》第三十六条" : "回音默认规则（参照《信访工作条例》第三十六条）");
  WritePoints(w, "not_again", kNotAgain);
  WritePoints(w, "again", kAgain);
  if (shows_links) {
    w.Key("followed_by").BeginArray();
    for (const Uuid& id : ctx.tx.All(kFollowing, [](const db::Row& row) { return row.Key(0); }, ctx.county, matter.id)) {
      const auto next = FindMatter(ctx.tx, ctx.county, MatterId(id));
      if (next && MayKnow(ctx.actor, *next) && MayRead(ctx, *next)) WriteBrief(w, *next);
    }
    w.EndArray();
  }
  w.EndObject();
}

void WriteFollows(Context& ctx, JsonWriter& w, const Matter& matter) {
  const auto id = FollowsOf(ctx.tx, ctx.county, matter.id);
  const auto before = id ? FindMatter(ctx.tx, ctx.county, *id) : std::nullopt;
  if (!before || !MayKnow(ctx.actor, *before) || !MayRead(ctx, *before)) return;
  w.Key("follows");
  WriteBrief(w, *before);
}

void Follow(Context& ctx, const MatterId& matter, const MatterId& concluded) {
  ctx.tx.Run(kFollow, ctx.county, matter, concluded);
}

std::optional<MatterId> FollowsOf(db::Tx& tx, County county, const MatterId& matter) {
  return tx.One(kFollowed, [](const db::Row& row) { return row.Ref<MatterId>(0); }, county, matter);
}

}  // namespace huiyin::matters
