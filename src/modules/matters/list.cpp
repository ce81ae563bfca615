// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/list.h"

#include "core/text.h"
#include "core/words.h"
#include "modules/identity/identity.h"
#include "modules/matters/clocks.h"
#include "modules/matters/search.h"
#include "modules/matters/views.h"
#include "modules/org/org.h"

namespace huiyin::matters {
namespace {

constexpr Instant kDawn{INT64_MIN};
constexpr Instant kDusk{INT64_MAX};

// One of the sources a list is merged from.
struct Stream {
  Source source;
  Uuid key;
  AreaCode area;  // for those by area
};

// The areas of the actor's reach within `wanted` (all of it when empty).
std::vector<AreaCode> Reach(const Actor& actor, const AreaCode& wanted) {
  std::vector<AreaCode> reach;
  for (const AreaCode& area : AreasOf(actor, Action::kMattersRead)) {
    if (wanted.empty() || IsWithin(area, wanted)) reach.push_back(area);
    else if (IsWithin(wanted, area)) reach.push_back(wanted);
  }
  return reach;
}

void AddUnits(const Actor& actor, std::vector<Stream>& streams) {
  for (const UnitId& unit : UnitsOf(actor)) {
    for (const Source source : {Source::kOwnerUnit, Source::kPendingUnit, Source::kCoHandled}) {
      streams.push_back({source, unit, {}});
    }
  }
}

void AddReach(const Actor& actor, const AreaCode& wanted, std::vector<Stream>& streams) {
  for (const AreaCode& area : Reach(actor, wanted)) streams.push_back({Source::kArea, {}, area});
  if (actor.Has(Role::kAuditor)) streams.push_back({Source::kProtected, {}, {}});
}

constexpr std::array<std::string_view, 12> kQueues = {"mine", "unit",     "soon",    "late",          "returned", "intake",
                                                      "open", "reopened", "bounced", "bounced_twice", "stuck", "answered"};

// Where a queue comes from, and what it narrows.
std::vector<Stream> StreamsOf(Context& ctx, std::string_view queue, const AreaCode& area, Filter& filter) {
  std::vector<Stream> streams;
  const Actor& actor = ctx.actor;
  if (queue == "mine") {
    streams.push_back({Source::kOwnerOfficer, actor.officer, {}});
    streams.push_back({Source::kFirstOfficer, actor.officer, {}});
    return streams;
  }
  if (queue == "returned") {
    for (const UnitId& unit : UnitsOf(actor)) streams.push_back({Source::kReturned, unit, {}});
    return streams;
  }
  if (queue == "unit") {
    AddUnits(actor, streams);
    return streams;
  }
  AddUnits(actor, streams);
  AddReach(actor, area, streams);
  if (queue == "late") filter.due_until = ctx.now - 1;
  if (queue == "soon") {
    filter.due_from = ctx.now;
    filter.due_until = SoonUntil(ctx);
  }
  if (queue == "intake") filter.state = State::kReceived;
  if (queue == "reopened") filter.reopened = 1;
  if (queue == "bounced") filter.bounces = 1;
  if (queue == "bounced_twice") filter.bounces = 2;
  if (queue == "stuck") filter.stuck_at = ctx.now;
  return streams;
}

struct Page {
  std::vector<Matter> items;
  bool is_more = false;
};

// Takes the first `limit` of all streams in order, each once. `key` orders; `fetch` reads
// a stream from a place on.
template <class Key, class Before, class Fetch>
Page MergeStreams(Context& ctx, const std::vector<Stream>& streams, const Place& start, size_t limit, Key key,
                  Before before, Fetch fetch) {
  std::vector<Matter> all;
  for (const Stream& stream : streams) {
    Place place = start;
    size_t taken = 0;
    // What the actor may not know of is left out, and made up for by reading on.
    for (bool is_end = false; taken <= limit && !is_end;) {
      const auto rows = fetch(stream, place, static_cast<int>(limit) + 1);
      is_end = rows.size() <= limit;
      for (const Matter& matter : rows) {
        place = {key(matter), matter.id};
        if (!MayList(ctx, matter)) continue;
        all.push_back(matter);
        ++taken;
      }
    }
  }
  std::sort(all.begin(), all.end(), [&](const Matter& a, const Matter& b) {
    return before(Place{key(a), a.id}, Place{key(b), b.id});
  });
  all.erase(std::unique(all.begin(), all.end(), [](const Matter& a, const Matter& b) { return Uuid(a.id) == Uuid(b.id); }),
            all.end());
  Page page;
  page.is_more = all.size() > limit;
  if (page.is_more) all.resize(limit);
  page.items = std::move(all);
  return page;
}

Place ReadPlace(Context& ctx, Place otherwise) {
  const auto cursor = ctx.Query("cursor", 500);
  if (!cursor) return otherwise;
  const std::string plain = DecodeCursor(*cursor);
  const size_t space = plain.find(' ');
  int64_t ms = 0;
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + std::min(space, plain.size()), ms);
  const auto id = space == std::string::npos ? std::nullopt : ParseUuid(plain.substr(space + 1));
  if (error != std::errc() || !id) Invalid("cursor", "not_a_cursor");
  return {{ms}, *id};
}

Filter ReadFilter(Context& ctx, AreaCode& area) {
  Filter filter;
  // A wall counts no complaint about somebody, and neither does the list it opens.
  filter.with_protected = ctx.actor.Has(Role::kAuditor) && !ctx.QueryFlag("unprotected");
  filter.only_here = ctx.QueryFlag("only_here");
  if (const auto state = ctx.Query("state", 20)) {
    filter.state = ParseState(*state);
    if (!filter.state) Invalid("state", "unknown_value");
  }
  if (const auto unit = ctx.QueryId("unit_id")) filter.unit = UnitId(*unit);
  if (const auto household = ctx.QueryId("household_id")) filter.household = HouseholdId(*household);
  if (const auto text = ctx.Query("q", 100)) filter.text = *text;
  // Those of no category are asked for as "none".
  if (const auto category = ctx.Query("category", 64)) filter.category = *category == "none" ? "" : *category;
  if (const auto from = ctx.QueryDay("received_from")) filter.received_from = StartOfDay(*from, ctx.zone);
  if (const auto until = ctx.QueryDay("received_until")) filter.received_until = EndOfDay(*until, ctx.zone);
  if (const auto code = ctx.Query("area", 15)) {
    if (org::LevelOf(*code).empty()) Invalid("area", "not_an_area_code");
    area = *code;
    filter.area = area;
  }
  return filter;
}

http::Response Reply(Context& ctx, const Page& page, bool by_due) {
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  WriteSummaries(ctx, w, names, page.items);
  w.EndArray().Key("next_cursor");
  if (page.is_more && !page.items.empty()) {
    const Matter& last = page.items.back();
    const int64_t at = by_due ? last.due_at.value_or(Instant{}).ms : last.received_at.ms;
    w.Value(EncodeCursor(fmt::format("{} {}", at, FormatUuid(last.id))));
  } else {
    w.Null();
  }
  w.EndObject();
  return JsonReply(200, w);
}

// A receipt typed into the search finds its matter at once.
std::optional<Page> ByReceipt(Context& ctx, const Filter& filter) {
  const auto receipt = identity::ReadNumber(filter.text);
  if (!receipt) return std::nullopt;
  auto matter = FindByReceipt(ctx.tx, ctx.county, *receipt);
  if (!matter || !MayKnow(ctx.actor, *matter) || !MayRead(ctx, *matter)) return std::nullopt;
  Page page;
  page.items.push_back(std::move(*matter));
  return page;
}

Page ByDuePage(Context& ctx, std::string_view queue, Filter filter, const AreaCode& area, size_t limit) {
  const auto streams = StreamsOf(ctx, queue, area, filter);
  const Place start = ReadPlace(ctx, {kDawn, {}});
  return MergeStreams(
      ctx, streams, start, limit, [](const Matter& m) { return m.due_at.value_or(Instant{}); },
      [](const Place& a, const Place& b) { return std::tie(a.at, a.id) < std::tie(b.at, b.id); },
      [&](const Stream& stream, const Place& place, int count) {
        Filter narrowed = filter;
        if (!stream.area.empty()) narrowed.area = stream.area;
        return ListByDue(ctx.tx, ctx.county, stream.source, stream.key, narrowed, place, count);
      });
}

// By what matters say: the place in the index is the cursor.
http::Response ReplySearch(Context& ctx, const Filter& filter, const AreaCode& area, size_t limit) {
  int64_t below = INT64_MAX;
  if (const auto cursor = ctx.Query("cursor", 500)) {
    const std::string plain = DecodeCursor(*cursor);
    const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), below);
    if (error != std::errc() || end != plain.data() + plain.size()) Invalid("cursor", "not_a_cursor");
  }
  const SearchPage page = Search(ctx, filter, Reach(ctx.actor, area), UnitsOf(ctx.actor), below, limit);
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  WriteSummaries(ctx, w, names, page.items);
  w.EndArray().Key("next_cursor");
  if (page.next) w.Value(EncodeCursor(std::to_string(*page.next)));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

Page ByReceivedPage(Context& ctx, const Filter& filter, const AreaCode& area, size_t limit) {
  std::vector<Stream> streams;
  for (const UnitId& unit : UnitsOf(ctx.actor)) streams.push_back({Source::kOwnerUnit, unit, {}});
  AddReach(ctx.actor, area, streams);
  Place start{kDusk, {}};
  start.id.bytes.fill(0xff);
  start = ReadPlace(ctx, start);
  return MergeStreams(
      ctx, streams, start, limit, [](const Matter& m) { return m.received_at; },
      [](const Place& a, const Place& b) { return std::tie(a.at, a.id) > std::tie(b.at, b.id); },
      [&](const Stream& stream, const Place& place, int count) {
        Filter narrowed = filter;
        if (!stream.area.empty()) narrowed.area = stream.area;
        return ListByReceived(ctx.tx, ctx.county, stream.source, stream.key, narrowed, place, count);
      });
}

// A household's matters, each by itself: the paired officer sees them without a reach.
Page OfHouseholdPage(Context& ctx, const Filter& filter, size_t limit) {
  const Sought sought = ReadSought(filter.text);
  Place start{kDusk, {}};
  start.id.bytes.fill(0xff);
  start = ReadPlace(ctx, start);
  Page page;
  for (bool is_end = false; !is_end && !page.is_more;) {
    const int count = static_cast<int>(limit) + 1;
    const auto rows = ListOfHousehold(ctx.tx, ctx.county, *filter.household, start, count, filter.with_protected);
    is_end = rows.size() <= limit;
    for (const Matter& matter : rows) {
      start = {matter.received_at, matter.id};
      if (filter.state && matter.state != *filter.state) continue;
      if (!sought.IsIn({matter.text, matter.subject})) continue;
      if (!MayKnow(ctx.actor, matter) || !MayRead(ctx, matter)) continue;
      page.is_more = page.items.size() == limit;
      if (page.is_more) break;
      page.items.push_back(matter);
    }
  }
  return page;
}

}  // namespace

http::Response ListMatters(Context& ctx) {
  AreaCode area;
  const Filter filter = ReadFilter(ctx, area);
  const auto queue = ctx.Query("queue", 20);
  if (queue && std::find(kQueues.begin(), kQueues.end(), *queue) == kQueues.end()) Invalid("queue", "unknown_value");
  const auto limit = static_cast<size_t>(ctx.QueryLimit());
  if (!filter.text.empty()) {
    if (const auto page = ByReceipt(ctx, filter)) return Reply(ctx, *page, false);
  }
  if (queue == "answered") {
    Filter waiting = filter;
    waiting.waits_for_word = true;
    return Reply(ctx, ByReceivedPage(ctx, waiting, area, limit), false);
  }
  if (queue) return Reply(ctx, ByDuePage(ctx, *queue, filter, area, limit), true);
  if (filter.household) return Reply(ctx, OfHouseholdPage(ctx, filter, limit), false);
  if (!filter.text.empty()) return ReplySearch(ctx, filter, area, limit);
  return Reply(ctx, ByReceivedPage(ctx, filter, area, limit), false);
}

}  // namespace huiyin::matters
