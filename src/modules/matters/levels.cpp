// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/levels.h"

#include "modules/matters/categories.h"
#include "modules/matters/hands.h"

namespace huiyin::matters {
namespace {

constexpr std::array<std::string_view, 5> kLevels = {"group", "village", "township", "county", "prefecture"};
constexpr size_t kVillageDigits = 12;
// A tree of offices is shallow; a loop in bad data must still end.
constexpr int kDeepest = 12;

// Whether somebody above gives it down: not a neighbour of the same village.
bool IsFromAbove(Context& ctx, const org::Unit& unit) {
  const auto giver = org::FindUnit(ctx.tx, ctx.county, ctx.actor.unit);
  return !giver || !giver->area_code.starts_with(unit.area_code.substr(0, kVillageDigits));
}

}  // namespace

std::span<const std::string_view> SettlingLevels() { return kLevels; }

int RankOf(std::string_view level) {
  if (level == "province") return static_cast<int>(kLevels.size());
  const auto found = std::find(kLevels.begin(), kLevels.end(), level);
  return found == kLevels.end() ? -1 : static_cast<int>(found - kLevels.begin());
}

std::string_view LevelOfUnit(const org::Unit& unit) { return org::LevelOf(unit.area_code); }

bool MaySettle(std::string_view level, std::string_view from) { return from.empty() || RankOf(level) >= RankOf(from); }

std::string SettledFrom(Context& ctx, std::string_view code) {
  while (!code.empty()) {
    const auto category = FindCategory(ctx.tx, ctx.county, code);
    if (category && !category->settled_from.empty()) return category->settled_from;
    const size_t dot = code.rfind('.');
    code = dot == std::string_view::npos ? std::string_view() : code.substr(0, dot);
  }
  return "";
}

std::optional<WhoCan> WhoCanSettle(Context& ctx, const Matter& matter, const UnitId& here) {
  const std::string from = matter.is_protected ? "" : SettledFrom(ctx, matter.category);
  if (auto named = NamedFor(ctx, matter)) {
    if (!Same(named->unit.id, here) && MaySettle(LevelOfUnit(named->unit), from)) {
      return WhoCan{std::move(named->unit), from, "on_the_list"};
    }
  }
  std::optional<UnitId> at = UnitAbove(ctx, matter, here);
  for (int i = 0; at && i < kDeepest; ++i) {
    auto unit = org::FindUnit(ctx.tx, ctx.county, *at);
    if (unit && !Same(unit->id, here) && MaySettle(LevelOfUnit(*unit), from)) return WhoCan{std::move(*unit), from, "above"};
    at = UnitAbove(ctx, matter, *at);
  }
  return std::nullopt;
}

std::optional<WhoCan> WhoCanInstead(Context& ctx, const Matter& matter, const UnitId& here) {
  if (matter.is_protected) return std::nullopt;
  const std::string from = SettledFrom(ctx, matter.category);
  const auto unit = org::FindUnit(ctx.tx, ctx.county, here);
  if (!unit || MaySettle(LevelOfUnit(*unit), from)) return std::nullopt;
  return WhoCanSettle(ctx, matter, here);
}

void RequireNotPushedDown(Context& ctx, const Matter& matter, const org::Unit& unit, std::string_view field) {
  if (matter.is_protected || RankOf(LevelOfUnit(unit)) > RankOf("village")) return;
  const std::string& rule = org::KnownSettings(ctx.tx, ctx.county).push_down;
  if (rule == "any" || Same(unit.id, matter.first_unit) || !IsFromAbove(ctx, unit)) return;
  const auto named = NamedFor(ctx, matter);
  if (named && Same(named->unit.id, unit.id)) return;
  // Where the list says nothing there is nothing to go by, unless the county is strict.
  if (!named && rule == "where_listed") return;
  Invalid(std::string(field), "not_on_the_list", named ? named->unit.name : "");
}

void RequireMayBeGiven(Context& ctx, const Matter& matter, const org::Unit& unit, std::string_view field) {
  if (const auto who = WhoCanInstead(ctx, matter, unit.id)) {
    Invalid(std::string(field), "cannot_settle_here", who->unit.name);
  }
  RequireNotPushedDown(ctx, matter, unit, field);
}

void RequireMaySettleHere(Context& ctx, const Matter& matter, const UnitId& unit) {
  const auto who = WhoCanInstead(ctx, matter, unit);
  if (!who) return;
  Problem refusal(409, "matters.cannot_settle_here");
  refusal.extra["detail"] = who->unit.name;
  refusal.extra["can_settle"] = json::object{{"unit", json::object{{"id", FormatId(ctx.county, who->unit.id)}, {"name", who->unit.name}}},
                                             {"level", who->level}, {"why", who->why}};
  throw refusal;
}

}  // namespace huiyin::matters
