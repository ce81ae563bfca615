// SPDX-License-Identifier: EUPL-1.2
// What the dispatch list says of one matter.
#include "modules/matters/dispatch_list.h"
#include "modules/matters/hands.h"
#include "modules/matters/levels.h"
#include "modules/matters/matters.h"
#include "modules/matters/neighbours.h"
#include "modules/matters/rules.h"

namespace huiyin::matters {
namespace {

constexpr db::Sql kOffer{"dispatch.offer", "SELECT unit_id, offered_on FROM dispatch_offers WHERE county = $1 AND matter_id = $2"};
constexpr db::Sql kNoteOffer{"dispatch.note_offer", R"sql(
  INSERT INTO dispatch_offers (county, matter_id, unit_id, offered_on) VALUES ($1, $2, $3, $4)
  ON CONFLICT (county, matter_id) DO UPDATE SET unit_id = excluded.unit_id, offered_on = excluded.offered_on
)sql"};

void WriteRef(JsonWriter& w, std::string_view name, const UnitId& id, std::string_view text) {
  w.Key(name).BeginObject().Field("id", id).Field("name", text).EndObject();
}

}  // namespace

std::optional<NamedUnit> NamedFor(Context& ctx, const Matter& matter) {
  if (matter.is_protected) return std::nullopt;
  auto entry = EntryFor(ctx.tx, ctx.county, matter.category, matter.area, ctx.Today());
  if (!entry) return std::nullopt;
  auto unit = org::FindUnit(ctx.tx, ctx.county, entry->unit);
  if (!unit || !unit->is_active) return std::nullopt;
  return NamedUnit{std::move(*entry), std::move(*unit)};
}

void NameUnit(db::Tx& tx, County county, const Uuid& id, const Naming& naming, Instant at) {
  Entry entry;
  entry.id = EntryId(id);
  entry.category = naming.category;
  entry.area = naming.area;
  entry.unit = naming.unit;
  entry.note = naming.note;
  entry.from = naming.from;
  entry.made_at = at;
  entry.made_by = naming.by;
  InsertEntry(tx, county, entry);
}

void NoteOffer(Context& ctx, const Matter& matter, const UnitId& unit) {
  if (matter.is_protected) return;
  ctx.tx.Run(kNoteOffer, ctx.county, matter.id, unit, ctx.Today());
}

std::optional<Entry> KeptByList(Context& ctx, const Matter& matter, const UnitId& unit) {
  if (matter.is_protected) return std::nullopt;
  const auto offered = ctx.tx.One(kOffer, [](const db::Row& row) { return std::pair(row.Ref<UnitId>(0), row.Day(1)); },
                                  ctx.county, matter.id);
  if (!offered || !Same(offered->first, unit)) return std::nullopt;
  auto entry = EntryFor(ctx.tx, ctx.county, matter.category, matter.area, offered->second);
  if (!entry || !Same(entry->unit, unit)) return std::nullopt;
  return entry;
}

void RequireNotKeptByList(Context& ctx, const Matter& matter, const UnitId& unit) {
  const auto entry = KeptByList(ctx, matter, unit);
  if (!entry) return;
  Problem refusal(409, "matters.on_your_list");
  refusal.extra["detail"] = fmt::format("The dispatch list names your unit for {} in {} since {}. Propose a change of the list instead.",
                                        entry->category.empty() ? "every category" : entry->category,
                                        entry->area.empty() ? "the whole county" : org::PlaceName(ctx.tx, ctx.county, entry->area),
                                        FormatDate(entry->from));
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  WriteEntry(ctx, w, names, *entry);
  refusal.extra["entry"] = json::parse(w.Take());
  throw refusal;
}

void WriteRouting(Context& ctx, JsonWriter& w, Names& names, const Matter& matter) {
  if (matter.is_protected || !CanHappen(matter.state, Act::kAssign).allowed()) return;
  if (const auto named = NamedFor(ctx, matter)) {
    w.Key("named_unit").BeginObject().Field("id", named->unit.id).Field("name", named->unit.name).Key("entry");
    WriteEntry(ctx, w, names, named->entry);
    w.EndObject();
  }
  const UnitId& here = matter.pending_unit ? *matter.pending_unit : matter.owner_unit;
  if (const auto who = WhoCanInstead(ctx, matter, here)) {
    w.Key("can_settle").BeginObject();
    WriteRef(w, "unit", who->unit.id, who->unit.name);
    WriteRef(w, "instead_of", here, names.Unit(here));
    w.Field("level", who->level).Field("why", who->why).EndObject();
  }
  if (const auto entry = KeptByList(ctx, matter, here)) {
    w.Key("kept_by_list");
    WriteEntry(ctx, w, names, *entry);
  }
}

}  // namespace huiyin::matters
