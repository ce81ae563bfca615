// SPDX-License-Identifier: EUPL-1.2
#include "modules/sync/changes.h"

#include <set>

#include "core/problem.h"
#include "modules/households/households.h"
#include "modules/pairings/pairings.h"
#include "modules/sync/store.h"
#include "platform/changes.h"

namespace huiyin::sync {
namespace {

constexpr size_t kMostInOne = 250;

bool ReadNumber(std::string_view& text, int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data() || end == text.data() + text.size() || *end != ' ') return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()) + 1);
  return true;
}

// What the phone must hear of, by id: its officer's households that changed, and those that were
// the officer's and changed hands. Whoever has nothing yet has nothing to give back either.
struct Candidates {
  std::vector<HouseholdId> all;
  std::set<HouseholdId> mine;
};
Candidates Wanted(Context& ctx, const Cursor& cursor) {
  Candidates found;
  for (const HouseholdId& id : pairings::PairedWith(ctx.tx, ctx.county, ctx.actor.officer)) found.mine.insert(id);
  if (cursor.since < 0) {
    found.all.assign(found.mine.begin(), found.mine.end());
  } else {
    const auto ever = pairings::EverPairedWith(ctx.tx, ctx.county, ctx.actor.officer);
    std::set<HouseholdId> changed;
    ChangedSince(ctx.tx, ctx.county, ever, cursor.since, [&](const HouseholdId& id) { changed.insert(id); });
    found.all.assign(changed.begin(), changed.end());
  }
  found.all.erase(found.all.begin(), std::upper_bound(found.all.begin(), found.all.end(), HouseholdId(cursor.after)));
  return found;
}

}  // namespace

std::string WriteCursor(const Cursor& cursor) {
  return EncodeCursor(fmt::format("{} {} {}", cursor.since, cursor.until, FormatUuid(cursor.after)));
}

Cursor ReadCursor(std::string_view text) {
  const std::string plain = DecodeCursor(text);
  std::string_view rest = plain;
  Cursor cursor;
  const bool is_read = ReadNumber(rest, cursor.since) && ReadNumber(rest, cursor.until);
  const auto after = is_read ? ParseUuid(rest) : std::nullopt;
  if (!after && !(is_read && rest == FormatUuid(Uuid{}))) Invalid("cursor", "not_a_cursor");
  cursor.after = after.value_or(Uuid{});
  return cursor;
}

http::Response GetChanges(Context& ctx) {
  Cursor cursor;
  if (const auto text = ctx.Query("cursor")) cursor = ReadCursor(*text);
  const int64_t last = LastChange(ctx.tx, ctx.county);
  // A county restored from a backup counts some numbers again.
  if (std::max(cursor.since, cursor.until) > last) Conflict("sync.start_over");
  if (cursor.until < 0) cursor.until = last;
  const size_t limit = static_cast<size_t>(ctx.QueryLimit(50, kMostInOne));
  const Candidates found = Wanted(ctx, cursor);
  const bool is_first = cursor.since == kFirst || cursor.since == kFirstPart;
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  const size_t count = std::min(limit, found.all.size());
  for (size_t i = 0; i < count; ++i) {
    const HouseholdId& id = found.all[i];
    w.BeginObject().Field("household_id", static_cast<const Uuid&>(id));
    if (found.mine.contains(id)) {
      households::Along along{.is_first = is_first};
      households::WriteRecord(ctx, id, along, w.Key("record"));
      if (along.is_partial) {
        w.Field("partial", true);
        cursor.since = kFirstPart;
      }
    } else {
      w.Field("removed", true);
    }
    w.EndObject();
  }
  w.EndArray();
  const bool is_rest_owed = count == found.all.size() && cursor.since == kFirstPart;
  const bool has_more = count < found.all.size() || is_rest_owed;
  if (is_rest_owed) cursor = {.since = kRest, .until = cursor.until};
  else if (has_more) cursor.after = found.all[count - 1];
  else cursor = {.since = cursor.until};
  w.Field("next_cursor", WriteCursor(cursor))
      .Field("has_more", has_more)
      .Field("households", found.mine.size())
      .Field("set_aside", CountOpenOf(ctx.tx, ctx.county, ctx.actor.officer))
      .Field("at", ctx.now)
      .EndObject();
  return JsonReply(200, w);
}

}  // namespace huiyin::sync
