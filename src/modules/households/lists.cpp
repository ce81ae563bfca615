// SPDX-License-Identifier: EUPL-1.2
// Lists: by area, by what is typed, and an officer's own by what is due.
#include "core/problem.h"
#include "core/text.h"
#include "modules/households/actions.h"
#include "modules/identity/identity.h"
#include "modules/org/org.h"

namespace huiyin::households {
namespace {

// A cursor: which of the searches, and behind which place.
struct Cursor {
  int phase = 0;
  Place after;
};

std::string Write(const Cursor& cursor) {
  return EncodeCursor(fmt::format("{}{}|", cursor.phase, cursor.after.area) + cursor.after.id);
}

Cursor ReadCursor(Context& ctx) {
  const auto text = ctx.Query("cursor", 500);
  if (!text) return {};
  const std::string plain = DecodeCursor(*text);
  const size_t bar = plain.find('|');
  if (bar == std::string::npos || bar == 0 || plain[0] < '0' || plain[0] > '2') Invalid("cursor", "not_a_cursor");
  Cursor cursor{plain[0] - '0', {plain.substr(1, bar - 1), plain.substr(bar + 1)}};
  if (org::LevelOf(cursor.after.area).empty() || cursor.after.id.size() != 16) Invalid("cursor", "not_a_cursor");
  return cursor;
}

void WriteCursor(JsonWriter& w, const std::optional<Cursor>& next) {
  w.Key("next_cursor");
  if (next) w.Value(Write(*next));
  else w.Null();
}

bool InAny(const std::vector<Range>& ranges, std::string_view area) {
  return std::any_of(ranges.begin(), ranges.end(), [area](const Range& r) { return area >= r.begin && area < r.end; });
}

// Register numbers begin with the village's code, card numbers with the county's.
bool LooksLikeNumber(std::string_view q) {
  return q.size() >= 6 && std::all_of(q.begin(), q.end(), [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
}

std::optional<HouseholdId> CardHolder(Context& ctx, std::string_view typed) {
  std::string_view rest = typed;
  const std::string county = FormatCounty(ctx.county);
  if (rest.starts_with(county)) rest.remove_prefix(county.size());
  const auto number = identity::ReadNumber(rest);
  if (!number) return std::nullopt;
  return FindCardHolder(ctx.tx, ctx.county, county + "-" + *number);
}

http::Response Reply(Context& ctx, std::vector<Summary>& lines, const std::optional<Cursor>& next) {
  Names names(ctx);
  for (Summary& line : lines) line.area_name = names.Place(line.area_code);
  Fill(ctx, lines);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const Summary& line : lines) WriteSummary(w, line);
  w.EndArray();
  WriteCursor(w, next);
  w.EndObject();
  return JsonReply(200, w);
}

// What is due comes first, the earliest before; then the longest not visited.
bool IsMoreUrgent(const Summary& a, const Summary& b) {
  const auto due = [](const Summary& s) { return s.next_due_at ? s.next_due_at->ms : INT64_MAX; };
  const auto visited = [](const Summary& s) { return s.last_visit_at ? s.last_visit_at->ms : INT64_MIN; };
  return std::tuple(due(a), visited(a), a.register_number) < std::tuple(due(b), visited(b), b.register_number);
}

http::Response Mine(Context& ctx, std::optional<Date> due, const std::optional<std::string>& q, int limit) {
  std::vector<Summary> lines = SummariesOf(ctx.tx, ctx.county, PairedWith(ctx, ctx.actor.officer));
  if (q) {
    std::erase_if(lines, [&](const Summary& line) {
      return line.head_name.find(*q) == std::string::npos && line.address.find(*q) == std::string::npos &&
             line.register_number.find(*q) == std::string::npos;
    });
  }
  Fill(ctx, lines);
  if (due) {
    const Instant last = EndOfDay(*due, ctx.zone);
    std::erase_if(lines, [last](const Summary& s) { return !s.next_due_at || *s.next_due_at > last; });
  }
  std::sort(lines.begin(), lines.end(), IsMoreUrgent);

  // An officer has some dozens of households: the order is of this moment, the cursor a count.
  size_t from = 0;
  if (const auto cursor = ctx.Query("cursor", 500)) {
    const std::string plain = DecodeCursor(*cursor);
    const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), from);
    if (error != std::errc() || end != plain.data() + plain.size()) Invalid("cursor", "not_a_cursor");
  }
  from = std::min(from, lines.size());
  const size_t to = std::min(lines.size(), from + static_cast<size_t>(limit));
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  Names names(ctx);
  for (size_t i = from; i < to; ++i) {
    lines[i].area_name = names.Place(lines[i].area_code);
    WriteSummary(w, lines[i]);
  }
  w.EndArray().Key("next_cursor");
  if (to < lines.size()) w.Value(EncodeCursor(std::to_string(to)));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

http::Response ByArea(Context& ctx, const std::vector<Range>& ranges, int limit) {
  const Cursor cursor = ReadCursor(ctx);
  std::vector<Summary> lines;
  for (const Range& range : ranges) {
    if (cursor.after.area >= range.end) continue;
    const int wanted = limit + 1 - static_cast<int>(lines.size());
    if (wanted <= 0) break;
    for (Summary& line : HouseholdsIn(ctx.tx, ctx.county, range, cursor.after, wanted)) {
      lines.push_back(std::move(line));
    }
  }
  std::optional<Cursor> next;
  if (static_cast<int>(lines.size()) > limit) {
    lines.resize(static_cast<size_t>(limit));
    next = Cursor{0, {lines.back().area_code, std::string(lines.back().id.View())}};
  }
  return Reply(ctx, lines, next);
}

http::Response ByText(Context& ctx, const std::vector<Range>& ranges, std::string_view q, int limit) {
  const auto wanted = ReadWanted(q);
  std::vector<Summary> lines;
  if (!wanted) return Reply(ctx, lines, std::nullopt);
  if (ctx.Query("cursor", 500) == std::nullopt) {
    if (const auto holder = CardHolder(ctx, q)) {
      if (auto line = FindSummary(ctx.tx, ctx.county, *holder); line && InAny(ranges, line->area_code)) {
        lines.push_back(std::move(*line));
        return Reply(ctx, lines, std::nullopt);
      }
    }
    if (LooksLikeNumber(q)) {
      for (const Range& range : ranges) {
        for (Summary& line : HouseholdsByNumber(ctx.tx, ctx.county, range, q, limit)) lines.push_back(std::move(line));
      }
      if (!lines.empty()) {
        if (static_cast<int>(lines.size()) > limit) lines.resize(static_cast<size_t>(limit));
        return Reply(ctx, lines, std::nullopt);
      }
    }
  }
  Cursor at = ReadCursor(ctx);
  std::vector<Place> places;
  std::vector<int> phases;
  // One character finds people only: addresses are kept by twos.
  const int phases_to_ask = wanted->first_term == wanted->last_term && CountCharacters(wanted->first_term) == 1 ? 1 : 2;
  for (int phase = at.phase; phase < phases_to_ask; ++phase) {
    const Place after = phase == at.phase ? at.after : Place{};
    for (const Range& range : ranges) {
      if (after.area >= range.end) continue;
      const int more = limit + 1 - static_cast<int>(lines.size());
      if (more <= 0) break;
      auto found = phase == 0 ? HouseholdsByPerson(ctx.tx, ctx.county, range, *wanted, after, more)
                              : HouseholdsByAddress(ctx.tx, ctx.county, range, *wanted, after, more);
      for (auto& [place, line] : found) {
        places.push_back(std::move(place));
        phases.push_back(phase);
        lines.push_back(std::move(line));
      }
    }
  }
  std::optional<Cursor> next;
  if (static_cast<int>(lines.size()) > limit) {
    lines.resize(static_cast<size_t>(limit));
    const size_t last = lines.size() - 1;
    next = Cursor{phases[last], places[last]};
  }
  return Reply(ctx, lines, next);
}

http::Response ReplyPeople(Context& ctx, std::vector<PersonLine>& people, int limit, bool may_go_on) {
  std::optional<Cursor> next;
  if (static_cast<int>(people.size()) > limit) {
    people.resize(static_cast<size_t>(limit));
    if (may_go_on) next = Cursor{0, {people.back().area_code, std::string(people.back().id.View())}};
  }
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const PersonLine& person : people) {
    w.BeginObject();
    WritePersonFields(w, person, names.Place(person.area_code));
    w.EndObject();
  }
  w.EndArray();
  WriteCursor(w, next);
  w.EndObject();
  return JsonReply(200, w);
}

}  // namespace

std::vector<Range> ReachOf(Context& ctx, Action action) {
  const auto wanted = ctx.Query("area", 20);
  std::vector<AreaCode> areas;
  if (wanted) {
    if (org::LevelOf(*wanted).empty()) Invalid("area", "not_an_area");
    areas.push_back(AreaFor(ctx.actor, action, *wanted));
  } else {
    areas = AreasOf(ctx.actor, action);
    std::sort(areas.begin(), areas.end());
  }
  std::vector<Range> ranges;
  for (const AreaCode& area : areas) ranges.push_back({area, AreaEnd(area)});
  return ranges;
}

http::Response ListHouseholds(Context& ctx) {
  const auto q = ctx.Query("q", 100);
  const auto due = ctx.QueryDay("due");
  const int limit = ctx.QueryLimit();
  if (ctx.QueryFlag("mine") || due) return Mine(ctx, due, q, limit);
  const auto ranges = ReachOf(ctx, Action::kHouseholdsList);
  if (!q) return ByArea(ctx, ranges, limit);
  ctx.NoteRead({.act = "household.search", .resource = "household"});
  return ByText(ctx, ranges, *q, limit);
}

http::Response SearchResidents(Context& ctx) {
  const auto q = ctx.Query("q", 100);
  if (!q) Invalid("q", "required");
  const int limit = ctx.QueryLimit();
  const auto ranges = ReachOf(ctx, Action::kHouseholdsList);
  ctx.NoteRead({.act = "resident.search", .resource = "resident"});
  std::vector<PersonLine> people;
  const auto wanted = ReadWanted(*q);
  if (!wanted) return ReplyPeople(ctx, people, limit, false);

  std::optional<HouseholdId> household = CardHolder(ctx, *q);
  if (!household && LooksLikeNumber(*q)) {
    if (const auto found = FindHouseholdByNumber(ctx.tx, ctx.county, *q)) household = found->id;
  }
  if (household) {
    people = PeopleOf(ctx.tx, ctx.county, *household);
    std::erase_if(people, [&](const PersonLine& p) { return !InAny(ranges, p.area_code); });
    return ReplyPeople(ctx, people, limit, false);
  }
  const Cursor cursor = ReadCursor(ctx);
  for (const Range& range : ranges) {
    if (cursor.after.area >= range.end) continue;
    const int more = limit + 1 - static_cast<int>(people.size());
    if (more <= 0) break;
    for (PersonLine& person : PeopleByName(ctx.tx, ctx.county, range, *wanted, cursor.after, more)) {
      people.push_back(std::move(person));
    }
  }
  return ReplyPeople(ctx, people, limit, true);
}

}  // namespace huiyin::households
