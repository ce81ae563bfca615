// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/categories.h"
#include "modules/matters/dispatch_list.h"
#include "modules/matters/levels.h"
#include "modules/matters/neighbours.h"
#include "platform/revision.h"

namespace huiyin::matters {
namespace {

[[noreturn]] void AlreadyNamed(Context& ctx, const Entry& other) {
  Problem refusal(409, "dispatch_list.already_named");
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  WriteEntry(ctx, w, names, other);
  refusal.extra["entry"] = json::parse(w.Take());
  refusal.extra["detail"] = names.Unit(other.unit);
  throw refusal;
}

json::object Told(Context& ctx, const Entry& entry) {
  json::object told = {{"category", entry.category}, {"area_code", entry.area}, {"unit_id", FormatUuid(entry.unit)},
                       {"unit_name", org::UnitName(ctx.tx, ctx.county, entry.unit)}, {"from", FormatDate(entry.from)}};
  if (!entry.note.empty()) told["note"] = entry.note;
  return told;
}

// No two hold for the same on any day. `old` ends before the new one begins.
void RequireAlone(Context& ctx, const Entry& entry, const Entry* old) {
  for (const Entry& other : EntriesOf(ctx.tx, ctx.county, entry.category, entry.area)) {
    if (old != nullptr && Uuid(other.id) == Uuid(old->id)) continue;
    if (!other.until || *other.until > entry.from) AlreadyNamed(ctx, other);
  }
}

Entry Make(Context& ctx, const EntryInput& input, const Entry* old) {
  const org::Unit unit = org::RequireUnit(ctx.tx, ctx.county, input.unit, "unit_id");
  const std::string from = SettledFrom(ctx, input.category);
  if (!MaySettle(LevelOfUnit(unit), from)) Invalid("unit_id", "level_too_low", from);
  // What the list said on a day that is over stays as it was.
  if (input.from < ctx.Today()) Invalid("from", "in_the_past");
  Entry entry;
  entry.id = input.id ? *input.id : ctx.NewId<EntryId>();
  entry.category = input.category;
  entry.area = input.area;
  entry.unit = unit.id;
  entry.note = input.note;
  entry.from = input.from;
  entry.made_at = ctx.now;
  entry.made_by = ctx.actor.officer;
  RequireAlone(ctx, entry, old);
  InsertEntry(ctx.tx, ctx.county, entry);
  ctx.Record("dispatch_entry.made", "dispatch_entry", entry.id, Told(ctx, entry));
  return entry;
}

// The same sent twice is the same entry.
std::optional<Entry> Known(Context& ctx, const EntryInput& input) {
  auto known = input.id ? FindEntry(ctx.tx, ctx.county, *input.id) : std::nullopt;
  if (!known) return std::nullopt;
  const bool is_same = known->category == input.category && known->area == input.area &&
                       Uuid(known->unit) == Uuid(input.unit) && known->note == input.note && known->from == input.from;
  if (!is_same) Conflict("duplicate_id");
  return known;
}

void Close(Context& ctx, Entry& entry, Date on, std::string_view note) {
  entry.until = on;
  SaveEntry(ctx.tx, ctx.county, entry);
  json::object told = ChangeData(entry.revision, {{"until", FormatDate(on)}});
  if (!note.empty()) told["note"] = note;
  if (entry.replaced_by) told["replaced_by"] = FormatUuid(*entry.replaced_by);
  ctx.Record("dispatch_entry.ended", "dispatch_entry", entry.id, told);
}

}  // namespace

void RequireKeepsList(const Context& ctx, const AreaCode& area) {
  const AreaCode at = area.empty() ? AreaCode(FormatCounty(ctx.county)) : area;
  // Everybody may read the list, so who keeps another part of it is told, not misled.
  if (May(ctx.actor, Action::kSettingsEdit, {.area = at}) != Decision::kAllowed) Forbidden();
}

Entry AddEntry(Context& ctx, const EntryInput& input) {
  RequireKeepsList(ctx, input.area);
  if (auto known = Known(ctx, input)) return *known;
  return Make(ctx, input, nullptr);
}

Entry ReplaceEntry(Context& ctx, Entry old, const EntryInput& input) {
  RequireKeepsList(ctx, old.area);
  if (auto known = Known(ctx, input)) return *known;
  if (old.until && *old.until <= ctx.Today()) Conflict("dispatch_list.ended");
  if (input.from < old.from) Invalid("from", "before_the_entry", FormatDate(old.from));
  Entry made = Make(ctx, input, &old);
  old.replaced_by = made.id;
  Close(ctx, old, old.until ? std::min(*old.until, input.from) : input.from, input.note);
  return made;
}

void EndEntry(Context& ctx, Entry& entry, Date on, std::string_view note) {
  RequireKeepsList(ctx, entry.area);
  if (entry.until && *entry.until <= ctx.Today()) Conflict("dispatch_list.ended");
  if (on < ctx.Today()) Invalid("on", "in_the_past");
  if (entry.until && on > *entry.until) Invalid("on", "after_the_end", FormatDate(*entry.until));
  // One that has not begun yet never holds.
  Close(ctx, entry, std::max(on, entry.from), note);
}

}  // namespace huiyin::matters
