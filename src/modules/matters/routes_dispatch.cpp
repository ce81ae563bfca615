// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/categories.h"
#include "modules/matters/dispatch_list.h"
#include "modules/matters/intake.h"
#include "modules/matters/neighbours.h"
#include "modules/matters/patterns.h"
#include "platform/revision.h"

namespace huiyin::matters {
namespace {

// One of the two holds the other: what stands above a place bears on it too.
bool AreRelated(std::string_view a, std::string_view b) { return a.starts_with(b) || b.starts_with(a); }

AreaCode QueryArea(Context& ctx) {
  const AreaCode area = ctx.Query("area", 15).value_or("");
  if (area.empty() || area == FormatCounty(ctx.county)) return "";
  if (!org::FindArea(ctx.tx, ctx.county, area)) Invalid("area", "unknown_area", area);
  return area;
}

std::string QueryCategory(Context& ctx) {
  const std::string category = ctx.Query("category", 64).value_or("");
  if (!category.empty() && !FindCategory(ctx.tx, ctx.county, category)) Invalid("category", "unknown_category", category);
  return category;
}

EntryPlace PlaceOf(Context& ctx) {
  const auto cursor = ctx.Query("cursor", 500);
  if (!cursor) return {};
  const std::string plain = DecodeCursor(*cursor);
  const size_t first = plain.find('|');
  const size_t second = first == std::string::npos ? first : plain.find('|', first + 1);
  const auto id = second == std::string::npos ? std::nullopt : ParseUuid(plain.substr(second + 1));
  if (!id) Invalid("cursor", "not_a_cursor");
  return {plain.substr(0, first), plain.substr(first + 1, second - first - 1), *id};
}

http::Response List(Context& ctx) {
  const Date on = ctx.QueryDay("on").value_or(ctx.Today());
  const std::string category = QueryCategory(ctx);
  const AreaCode area = QueryArea(ctx);
  const auto unit = ctx.QueryId("unit");
  const auto limit = static_cast<size_t>(ctx.QueryLimit());
  const auto fits = [&](const Entry& entry) {
    if (unit && Uuid(entry.unit) != *unit) return false;
    const bool is_related = IsOfCategory(category, entry.category) || IsOfCategory(entry.category, category);
    return is_related && AreRelated(entry.area, area);
  };
  constexpr int kBatch = 500;
  EntryPlace place = PlaceOf(ctx);
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Field("on", on);
  if (!category.empty() || !area.empty()) {
    if (const auto named = EntryFor(ctx.tx, ctx.county, category, area, on)) {
      w.Key("named");
      WriteEntry(ctx, w, names, *named);
    }
  }
  w.Key("items").BeginArray();
  size_t count = 0;
  bool is_more = false;
  for (bool has_rows = true; has_rows && !is_more;) {
    const auto entries = ListEntries(ctx.tx, ctx.county, on, place, kBatch);
    has_rows = entries.size() == kBatch;
    for (const Entry& entry : entries) {
      if (fits(entry)) {
        is_more = count == limit;
        if (is_more) break;
        WriteEntry(ctx, w, names, entry);
        ++count;
      }
      place = {entry.category, entry.area, entry.id};
    }
  }
  w.EndArray().Key("next_cursor");
  if (is_more) w.Value(EncodeCursor(fmt::format("{}|{}|{}", place.category, place.area, FormatUuid(place.id))));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

Entry GetEntry(Context& ctx) {
  auto entry = FindEntry(ctx.tx, ctx.county, ctx.PathId<EntryId>());
  if (!entry) NotFound();
  return *entry;
}

http::Response Show(Context& ctx) {
  const Entry entry = GetEntry(ctx);
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("entry");
  WriteEntry(ctx, w, names, entry);
  w.Key("history").BeginArray();
  for (const Entry& one : EntriesOf(ctx.tx, ctx.county, entry.category, entry.area)) WriteEntry(ctx, w, names, one);
  w.EndArray().EndObject();
  return JsonReply(200, w, entry.revision);
}

http::Response Reply(Context& ctx, const Entry& entry) {
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  WriteEntry(ctx, w, names, entry);
  return JsonReply(201, w, entry.revision);
}

void ReadNaming(Context& ctx, Fields& in, EntryInput& input) {
  input.id = in.Ref<EntryId>("id");
  input.unit = in.NeedRef<UnitId>("unit_id");
  input.note = in.Text("note", 500).value_or("");
  input.from = in.Day("from").value_or(ctx.Today());
}

http::Response Post(Context& ctx) {
  Fields in = ctx.Input();
  EntryInput input;
  ReadPlaceOnList(ctx, in, input.category, input.area);
  ReadNaming(ctx, in, input);
  in.Done();
  return Reply(ctx, AddEntry(ctx, input));
}

http::Response PostReplacement(Context& ctx) {
  Entry old = GetEntry(ctx);
  RequireKeepsList(ctx, old.area);
  RequireRevision(ctx, old.id, old.revision);
  Fields in = ctx.Input();
  EntryInput input;
  input.category = old.category;
  input.area = old.area;
  ReadNaming(ctx, in, input);
  in.Done();
  return Reply(ctx, ReplaceEntry(ctx, std::move(old), input));
}

http::Response PostEnd(Context& ctx) {
  Entry entry = GetEntry(ctx);
  RequireKeepsList(ctx, entry.area);
  RequireRevision(ctx, entry.id, entry.revision);
  Fields in = ctx.Input();
  const Date on = in.Day("on").value_or(ctx.Today());
  const auto note = in.Text("note", 500).value_or("");
  in.Done();
  EndEntry(ctx, entry, on, note);
  return Reply(ctx, entry);
}

}  // namespace

void ReadPlaceOnList(Context& ctx, Fields& in, std::string& category, AreaCode& area) {
  category = in.Text("category", 64).value_or("");
  if (!category.empty()) {
    const auto known = FindCategory(ctx.tx, ctx.county, category);
    if (!known || !known->is_active) in.Refuse("category", "unknown_category", category);
  }
  area = ReadArea(ctx, in, "area_code");
  if (area == FormatCounty(ctx.county)) area.clear();
}

void WriteEntry(Context& ctx, JsonWriter& w, Names& names, const Entry& entry) {
  w.BeginObject().Field("id", entry.id);
  if (!entry.category.empty()) {
    w.Field("category", entry.category);
    if (const auto category = FindCategory(ctx.tx, ctx.county, entry.category)) {
      w.Field("category_zh", category->zh).Field("category_en", category->en);
    }
  }
  if (!entry.area.empty()) {
    w.Field("area_code", entry.area).Field("area_name", org::PlaceName(ctx.tx, ctx.county, entry.area));
  }
  const auto unit = org::FindUnit(ctx.tx, ctx.county, entry.unit);
  w.Field("unit_id", entry.unit).Field("unit_name", names.Unit(entry.unit)).Field("unit_active", unit && unit->is_active);
  if (!entry.note.empty()) w.Field("note", entry.note);
  w.Field("from", entry.from).OptField("until", entry.until).Field("in_force", entry.InForce(ctx.Today()));
  w.Field("made_at", entry.made_at).Field("made_by", names.Officer(entry.made_by));
  w.OptField("replaced_by", entry.replaced_by).Field("revision", entry.revision).EndObject();
}

std::vector<Route> DispatchListRoutes() {
  std::vector<Route> routes = {
      {.method = "GET", .pattern = "/api/v1/dispatch_list", .action = Action::kSettingsRead, .handle = List, .is_reference = true},
      {.method = "POST", .pattern = "/api/v1/dispatch_list", .action = Action::kSettingsEdit, .handle = Post},
      {.method = "GET", .pattern = "/api/v1/dispatch_list/{id}", .action = Action::kSettingsRead, .handle = Show},
      {.method = "POST", .pattern = "/api/v1/dispatch_list/{id}/replacement", .action = Action::kSettingsEdit, .handle = PostReplacement},
      {.method = "POST", .pattern = "/api/v1/dispatch_list/{id}/end", .action = Action::kSettingsEdit, .handle = PostEnd},
  };
  for (Route& route : ProposalRoutes()) routes.push_back(std::move(route));
  return routes;
}

}  // namespace huiyin::matters
