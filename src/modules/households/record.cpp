// SPDX-License-Identifier: EUPL-1.2
#include "modules/households/record.h"

#include "core/problem.h"
#include "modules/org/org.h"

namespace huiyin::households {
namespace {

// How many changes a stale client is told of; beyond that it reads the record anew.
constexpr int kMostChanges = 200;

json::object ChangeOf(std::string field, const json::value& value, std::string_view by, Instant at) {
  json::object change{{"field", std::move(field)}};
  if (!value.is_null()) change["value"] = value;
  if (!by.empty()) change["by"] = by;
  change["at"] = FormatInstant(at);
  return change;
}

// Fields of sections, the last change of each.
void AddSectionChanges(Context& ctx, const Household& household, int64_t seen, Names& names, json::array& changes) {
  std::set<std::string> told;
  for (const Version& version : Versions(ctx.tx, ctx.county, household.id, "", household.revision + 1, kMostChanges)) {
    if (version.revision <= seen) break;
    const std::string by = version.officer && version.actor_kind == "officer" ? names.Officer(*version.officer)
                                                                              : household.head_name;
    if (version.is_erased) {
      if (told.insert(version.name).second) changes.push_back(ChangeOf(version.name, nullptr, by, version.at));
      continue;
    }
    const auto before = json::parse(version.old_doc);
    const auto after = json::parse(version.new_doc);
    for (const FieldDiff& diff : Differences(before.as_object(), after.as_object())) {
      std::string field = version.name + "." + diff.field;
      if (told.insert(field).second) changes.push_back(ChangeOf(std::move(field), diff.after, by, version.at));
    }
  }
}

// People and consents: what happened is in the events.
void AddEventChanges(Context& ctx, const Household& household, int64_t seen, Names& names, json::array& changes) {
  for (const EventRow& event : Events(ctx.tx, ctx.county, household.id, std::nullopt, kMostChanges)) {
    const json::value data = json::parse(event.data);
    const json::value* revision = data.as_object().if_contains("revision");
    if (revision == nullptr) continue;
    if (revision->to_number<int64_t>() <= seen) break;
    const std::string by = event.officer && event.actor_kind == "officer" ? names.Officer(*event.officer)
                                                                          : household.head_name;
    if (event.act == "household.resident_updated") {
      const std::string id(data.at("resident_id").as_string());
      for (const json::value& change : data.at("changes").as_array()) {
        const json::value* after = change.as_object().if_contains("after");
        changes.push_back(ChangeOf("residents." + id + "." + std::string(change.at("field").as_string()),
                                   after ? *after : json::value(), by, event.at));
      }
    } else if (event.act.starts_with("household.consent_")) {
      changes.push_back(ChangeOf("consents." + std::string(data.at("section").as_string()), nullptr, by, event.at));
    } else if (event.act != "household.section_updated") {
      changes.push_back(ChangeOf("residents", nullptr, by, event.at));
    }
  }
}

}  // namespace

const std::string& Names::Officer(const OfficerId& id) {
  const auto [at, is_new] = officers_.try_emplace(id);
  if (is_new) at->second = org::OfficerName(ctx_.tx, ctx_.county, id);
  return at->second;
}

const std::string& Names::Unit(const UnitId& id) {
  const auto [at, is_new] = units_.try_emplace(id);
  if (is_new) at->second = org::UnitName(ctx_.tx, ctx_.county, id);
  return at->second;
}

const std::string& Names::Place(const AreaCode& area) {
  const auto [at, is_new] = places_.try_emplace(area);
  if (is_new) at->second = org::PlaceName(ctx_.tx, ctx_.county, area);
  return at->second;
}

EventId Changed(Context& ctx, Household& household, std::string_view act, json::object data) {
  ++household.revision;
  SetRevision(ctx.tx, ctx.county, household.id, household.revision, ctx.now);
  data["revision"] = household.revision;
  return ctx.Record(act, "household", household.id, data, household.id);
}

Problem Stale(Context& ctx, const Household& household, int64_t seen) {
  Problem stale(412, "stale");
  Names names(ctx);
  json::array changes;
  AddSectionChanges(ctx, household, seen, names, changes);
  AddEventChanges(ctx, household, seen, names, changes);
  stale.extra["changes"] = std::move(changes);
  stale.extra["revision"] = household.revision;
  return stale;
}

void RequireFresh(Context& ctx, const Household& household, int64_t seen) {
  if (seen != household.revision) throw Stale(ctx, household, seen);
}

void RequireFreshIfSaid(Context& ctx, const Household& household) {
  if (ctx.request.Header("if-match")) RequireFresh(ctx, household, ctx.IfMatch());
}

std::string ActorName(const Context& ctx, const Household& household) {
  if (ctx.actor.IsOfficer()) return ctx.actor.name;
  return ctx.actor.IsResident() ? household.head_name : "";
}

void RequireVisit(Context& ctx, const HouseholdId& household, const std::optional<VisitId>& visit) {
  if (visit && !HasVisit(ctx, household, *visit)) Invalid("visit_id", "unknown_reference");
}

Sha256Hash BodyHash(const Context& ctx) {
  return Sha256(ctx.body != nullptr ? json::serialize(*ctx.body) : std::string("{}"));
}

json::object SectionDoc(db::Tx& tx, County county, const Household& household, std::string_view name) {
  json::object stored = json::parse(LoadSection(tx, county, household.id, name)).as_object();
  if (name != "residence") return stored;
  json::object doc;
  if (!household.address.empty()) doc["address"] = household.address;
  if (!household.phone.empty()) doc["phone"] = household.phone;
  for (const auto& member : stored) doc[member.key()] = member.value();
  return doc;
}

}  // namespace huiyin::households
