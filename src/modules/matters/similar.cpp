// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/similar.h"

#include "core/text.h"
#include "modules/matters/neighbours.h"
#include "modules/matters/rules.h"
#include "modules/org/org.h"

namespace huiyin::matters {
namespace {

// In the order of the index and with little of each row: there is no sorting of texts.
constexpr db::Sql kRecent{"matters.recent", R"sql(
  SELECT m.id, m.received_at, m.text FROM matters m
   WHERE m.county = $1 AND m.area_code >= $2 AND m.area_code < $3 AND m.received_at >= $4 AND m.is_protected = 0
     AND m.state <> 'merged'
   ORDER BY m.area_code DESC, m.received_at DESC LIMIT $5
)sql"};
constexpr db::Sql kRecentOpen{"matters.recent_open", R"sql(
  SELECT m.id, m.received_at, m.text FROM matters m
   WHERE m.county = $1 AND m.area_code >= $2 AND m.area_code < $3 AND m.received_at >= $4 AND m.is_open = 1
     AND m.is_protected = 0
   ORDER BY m.area_code DESC, m.due_at DESC LIMIT $5
)sql"};

}  // namespace

void EachSaid(db::Tx& tx, County county, std::string_view area, Instant since, bool open_only, int limit,
              const std::function<void(const SaidNear&)>& each) {
  tx.Rows(open_only ? kRecentOpen : kRecent, [&](const db::Row& row) {
    each({row.Ref<MatterId>(0), row.At(1), row.View(2)});
  }, county, area, AreaEnd(area), since, limit);
}

http::Response ListSimilar(Context& ctx) {
  constexpr int kMostCompared = 400;
  constexpr size_t kMost = 5;
  constexpr double kLeast = 0.15;        // of all pairs
  constexpr double kLeastTyped = 0.6;    // of those of the shorter one
  constexpr size_t kTelling = 6;         // fewer shared pairs stand in half the county's texts
  constexpr size_t kVillage = 12;
  constexpr size_t kTownship = 9;
  const auto text = ctx.Query("text", 500);
  if (!text) Invalid("text", "required");
  AreaCode area = ctx.Query("area_code", 15).value_or("");
  const auto household = ctx.QueryId("household_id");
  if (area.empty() && household) {
    area = RequireHousehold(ctx, HouseholdId(*household), "household_id").area;
  }
  if (area.empty()) {
    const auto unit = org::FindUnit(ctx.tx, ctx.county, ctx.actor.unit);
    area = unit ? unit->area_code : FormatCounty(ctx.county);
  }
  if (org::LevelOf(area).empty()) Invalid("area_code", "not_an_area_code");
  RequireMay(ctx.actor, Action::kMattersTake, {.area = area});

  struct Found {
    MatterId id;
    double score;
  };
  std::vector<Found> found;
  Alike typed(*text);
  const auto look = [&](std::string_view where, bool open_only) {
    EachSaid(ctx.tx, ctx.county, where, ctx.now - kLikeWithin, open_only, kMostCompared, [&](const SaidNear& said) {
      const Shares shares = typed.To(said.text);
      const bool is_begun = shares.shared >= kTelling && shares.OfShorter() >= kLeastTyped;
      if (shares.OfAll() < kLeast && !is_begun) return;
      // What says the same before what only holds what was typed so far.
      const double score = std::max(shares.OfAll(), is_begun ? shares.OfShorter() / 2 : 0);
      const bool is_known = std::any_of(found.begin(), found.end(), [&](const Found& f) { return Uuid(f.id) == Uuid(said.id); });
      if (!is_known) found.push_back({said.id, score});
    });
  };
  // The same village first; what is open in the township when the village has too few.
  look(std::string_view(area).substr(0, kVillage), false);
  if (found.size() < kMost && area.size() > kTownship) look(std::string_view(area).substr(0, kTownship), true);
  std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.score > b.score; });
  if (found.size() > kMost) found.resize(kMost);

  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const Found& like : found) {
    const auto known = FindMatter(ctx.tx, ctx.county, like.id);
    if (!known) continue;
    const Matter& matter = *known;
    w.BeginObject().Field("id", matter.id).Field("receipt", matter.receipt).Field("title", matter.Title());
    w.Field("state", StateName(matter.state)).Field("text", FirstCharacters(matter.text, 200));
    w.Field("area_name", names.Area(matter.area)).Field("unit_name", names.Unit(matter.owner_unit));
    w.Field("received_at", matter.received_at).Field("score", std::round(like.score * 100) / 100).EndObject();
  }
  w.EndArray().Key("next_cursor").Null().EndObject();
  return JsonReply(200, w);
}

}  // namespace huiyin::matters
