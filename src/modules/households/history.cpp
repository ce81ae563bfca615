// SPDX-License-Identifier: EUPL-1.2
// What happened to a record, and who looked into it.
#include "core/problem.h"
#include "modules/households/actions.h"
#include "platform/audit.h"

namespace huiyin::households {
namespace {

std::string_view KindOf(std::string_view act) {
  constexpr std::string_view kPrefix = "household.";
  act.remove_prefix(std::min(kPrefix.size(), act.size()));
  return act;
}

void WriteActor(JsonWriter& w, Names& names, std::string_view kind, const std::optional<OfficerId>& officer,
                const std::optional<UnitId>& unit) {
  if (kind != "officer" || !officer) return;
  w.Field("officer_name", names.Officer(*officer));
  if (unit) w.Field("unit_name", names.Unit(*unit));
}

std::vector<FieldDiff> DiffsOf(const Version& version) {
  const json::value before = json::parse(version.old_doc);
  const json::value after = json::parse(version.new_doc);
  return Differences(before.as_object(), after.as_object());
}

// `revision` is the household's after the entry: events that do not change it tell none.
void WriteEntry(Context& ctx, JsonWriter& w, Names& names, const HouseholdId& household, const EventRow& event,
                int64_t& revision) {
  const json::value parsed = json::parse(event.data);
  const json::object& data = parsed.as_object();
  const auto text = [&](std::string_view name) {
    const json::value* value = data.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  const json::value* number = data.if_contains("revision");
  if (number != nullptr) revision = number->to_number<int64_t>();
  const std::string_view kind = KindOf(event.act);
  w.BeginObject().Field("id", static_cast<const Uuid&>(event.id)).Field("at", event.at).Field("kind", kind);
  const std::string section = text("section");
  if (!section.empty()) w.Field("section", section);
  for (std::string_view name : {"resident_id", "resident_name", "visit_id"}) {
    if (const std::string value = text(name); !value.empty()) w.Field(name, value);
  }
  WriteActor(w, names, event.actor_kind, event.officer, event.unit);
  if (kind == "life_event") {
    if (const auto id = ParseId(text("life_event_id"))) {
      if (const auto life = FindLifeEvent(ctx.tx, ctx.county, id->id)) {
        w.Key("life_event").BeginObject();
        WriteLifeEventFields(w, *life);
        w.EndObject();
      }
    }
  }
  if (const json::value* changes = data.if_contains("changes")) {
    w.Field("changes", *changes);
  } else if (kind == "section_updated") {
    const auto version = FindVersion(ctx.tx, ctx.county, household, revision, section);
    if (version && !version->is_erased) {
      w.Key("changes");
      WriteDiffs(w, DiffsOf(*version));
    }
  }
  w.Field("revision", revision).EndObject();
}

}  // namespace

http::Response ListHistory(Context& ctx) {
  const auto id = ctx.PathId<HouseholdId>();
  const auto [household, opening] = RequireReadFromQuery(ctx, id);
  if (opening != Opening::kFull) Forbidden("access.reason_needed");
  const int limit = ctx.QueryLimit();
  std::optional<EventId> before;
  if (const auto cursor = ctx.Query("cursor", 500)) {
    const auto uuid = ParseUuid(DecodeCursor(*cursor));
    if (!uuid) Invalid("cursor", "not_a_cursor");
    before = EventId(*uuid);
  }
  auto events = Events(ctx.tx, ctx.county, id, before, limit + 1);
  const bool more = static_cast<int>(events.size()) > limit;
  if (more) events.resize(static_cast<size_t>(limit));
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  int64_t revision = household.revision;
  for (const EventRow& event : events) WriteEntry(ctx, w, names, id, event, revision);
  w.EndArray().Key("next_cursor");
  if (more) w.Value(EncodeCursor(FormatUuid(events.back().id)));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

http::Response ListSectionHistory(Context& ctx) {
  const auto id = ctx.PathId<HouseholdId>();
  const std::string_view name = ctx.Param("name");
  if (FindSection(name) == nullptr) NotFound();
  const auto [household, opening] = RequireReadFromQuery(ctx, id);
  if (opening != Opening::kFull) Forbidden("access.reason_needed");
  const int limit = ctx.QueryLimit();
  int64_t before = household.revision + 1;
  if (const auto cursor = ctx.Query("cursor", 500)) {
    const std::string plain = DecodeCursor(*cursor);
    const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), before);
    if (error != std::errc() || end != plain.data() + plain.size()) Invalid("cursor", "not_a_cursor");
  }
  auto versions = Versions(ctx.tx, ctx.county, id, name, before, limit + 1);
  const bool more = static_cast<int>(versions.size()) > limit;
  if (more) versions.resize(static_cast<size_t>(limit));
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const Version& version : versions) {
    w.BeginObject().Field("revision", version.revision).Field("at", version.at);
    WriteActor(w, names, version.actor_kind, version.officer, version.unit);
    if (version.visit) w.Field("visit_id", static_cast<const Uuid&>(*version.visit));
    if (!version.is_erased) w.RawField("fields", version.new_doc);
    w.Key("changes");
    WriteDiffs(w, version.is_erased ? std::vector<FieldDiff>() : DiffsOf(version));
    w.EndObject();
  }
  w.EndArray().Key("next_cursor");
  if (more) w.Value(EncodeCursor(std::to_string(versions.back().revision)));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

http::Response ListReads(Context& ctx, const HouseholdId& household) {
  const int limit = ctx.QueryLimit();
  int64_t before = INT64_MAX;
  if (const auto cursor = ctx.Query("cursor", 500)) {
    const std::string plain = DecodeCursor(*cursor);
    const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), before);
    if (error != std::errc() || end != plain.data() + plain.size()) Invalid("cursor", "not_a_cursor");
  }
  auto reads = audit::ReadsOf(ctx.tx, ctx.county, household, before, limit + 1);
  const bool more = static_cast<int>(reads.size()) > limit;
  if (more) reads.resize(static_cast<size_t>(limit));
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const audit::ReadOfHousehold& read : reads) {
    const std::string_view what = read.resource;
    const bool is_known = what == "household" || what == "matter" || what == "attachment";
    w.BeginObject().Field("at", read.at)
        .Field("officer_name", read.officer ? names.Officer(OfficerId(*read.officer)) : std::string())
        .Field("unit_name", read.unit ? names.Unit(UnitId(*read.unit)) : std::string())
        .Field("purpose", !read.purpose.empty() ? std::string_view(read.purpose) : what == "matter" ? "matter" : "other");
    if (!read.reason.empty()) w.Field("reason", read.reason);
    w.Field("what", is_known ? what : "household").EndObject();
  }
  w.EndArray().Key("next_cursor");
  if (more) w.Value(EncodeCursor(std::to_string(reads.back().seq)));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

}  // namespace huiyin::households
