// SPDX-License-Identifier: EUPL-1.2
#include <charconv>

#include "core/log.h"
#include "modules/pairings/actions.h"

namespace huiyin::pairings {
namespace {

constexpr int kUnplacedShown = 200;
// Those whose rotation is due within this long are listed, so that there is time to arrange it.
constexpr int kRotationNoticeDays = 90;

Place PlaceOf(const Pairing& pairing) { return {pairing.from.days, pairing.id}; }

// A page of `items`, of which there is one more than `limit` when another page follows.
template <class Write>
http::Response Page(Context& ctx, std::vector<Pairing> items, int limit, Write write) {
  JsonWriter w = ctx.Writer();
  std::optional<std::string> next;
  if (static_cast<int>(items.size()) > limit) {
    items.resize(static_cast<size_t>(limit));
    next = CursorAt(PlaceOf(items.back()));
  }
  w.BeginObject().Key("items").BeginArray();
  for (const Pairing& pairing : items) write(pairing, w);
  w.EndArray().Field("next_cursor", next).EndObject();
  return JsonReply(200, w);
}

http::Response PageOfPairings(Context& ctx, std::vector<Pairing> items, int limit) {
  Names names(ctx);
  const org::CountySettings settings = org::Settings(ctx.tx, ctx.county);
  return Page(ctx, std::move(items), limit,
              [&](const Pairing& pairing, JsonWriter& w) { WritePairing(names, settings, pairing, w); });
}

Asked ReadAsked(Context& ctx, const Place& start, int limit) {
  return {.with_ended = ctx.QueryFlag("ended"), .after = PlaceAsked(ctx, start), .page = limit + 1};
}

http::Response List(Context& ctx) {
  const int limit = ctx.QueryLimit();
  const Asked asked = ReadAsked(ctx, FirstPlace(), limit);
  if (const auto id = ctx.QueryId("household_id")) {
    const auto home = FindHome(ctx.tx, ctx.county, HouseholdId(*id));
    if (!home) NotFound();
    const bool own = IsPaired(ctx.tx, ctx.county, ctx.actor.officer, home->id);
    RequireMay(ctx.actor, Action::kPairingsRead, {.area = home->area_code, .is_own = own});
    return PageOfPairings(ctx, ListOfHousehold(ctx.tx, ctx.county, home->id, asked), limit);
  }
  const std::string wanted = ctx.Query("area").value_or("");
  if (const auto id = ctx.QueryId("officer_id")) {
    const bool is_self = OfficerId(*id) == ctx.actor.officer && wanted.empty();
    const AreaCode area = is_self ? "" : AreaFor(ctx.actor, Action::kPairingsRead, wanted);
    return PageOfPairings(
        ctx, ListOfOfficer(ctx.tx, ctx.county, OfficerId(*id), area, is_self ? ":" : AreaEnd(area), asked), limit);
  }
  const AreaCode area = AreaFor(ctx.actor, Action::kPairingsRead, wanted);
  return PageOfPairings(ctx, ListInArea(ctx.tx, ctx.county, area, std::nullopt, asked), limit);
}

http::Response Post(Context& ctx) {
  const Made made = Create(ctx, ReadNewPairing(ctx));
  JsonWriter w = ctx.Writer();
  Names names(ctx);
  w.BeginObject();
  WritePairingMembers(names, org::Settings(ctx.tx, ctx.county), made.pairing, w);
  if (!made.warnings.empty()) {
    w.Key("warnings").BeginArray();
    for (const std::string& warning : made.warnings) w.Value(warning);
    w.EndArray();
  }
  w.EndObject();
  return JsonReply(201, w);
}

http::Response PostEnd(Context& ctx) {
  const auto id = ctx.PathId<PairingId>();
  Fields in = ctx.Input();
  const Date until = in.Day("until").value_or(ctx.Today());
  const std::string reason = in.NeedText("reason", 500);
  in.Done();
  const Pairing ended = EndPairing(ctx, id, until, reason);
  JsonWriter w = ctx.Writer();
  Names names(ctx);
  WritePairing(names, org::Settings(ctx.tx, ctx.county), ended, w);
  return JsonReply(201, w);
}

http::Response GetCoverage(Context& ctx) {
  const AreaCode area = AreaFor(ctx.actor, Action::kPairingsRead, ctx.Query("area").value_or(""));
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const Coverage& row : CoverageBelow(ctx.tx, ctx.county, area)) {
    w.BeginObject().Field("area_code", row.area).Field("area_name", row.name).Field("households", row.households);
    w.Field("paired", row.paired);
    if (row.households > 0) {
      // Not rounded: whoever prints it decides how many places it has.
      w.Field("rate", std::min(1.0, static_cast<double>(row.paired) / static_cast<double>(row.households)));
    }
    w.EndObject();
  }
  w.EndArray().Key("next_cursor").Null().EndObject();
  return JsonReply(200, w);
}

http::Response ListRotationDue(Context& ctx) {
  const int limit = ctx.QueryLimit();
  const AreaCode area = AreaFor(ctx.actor, Action::kPairingsRead, ctx.Query("area").value_or(""));
  const org::CountySettings settings = org::Settings(ctx.tx, ctx.county);
  const Date begun_by = AddMonths(ctx.Today() + kRotationNoticeDays, -static_cast<int>(settings.rotation_months));
  return PageOfPairings(
      ctx, ListBegunBy(ctx.tx, ctx.county, area, begun_by, ReadAsked(ctx, FirstPlace(), limit)), limit);
}

void WriteCard(Names& names, const Pairing& pairing, JsonWriter& w) {
  const Home* home = names.Household(pairing.household);
  const org::Officer* officer = names.OfficerOf(pairing.officer);
  if (home == nullptr || officer == nullptr) return;
  const auto unit = names.UnitOf(officer->unit_id);
  w.BeginObject()
      .Field("household_id", home->id)
      .Field("register_number", home->register_number)
      .Field("head_name", home->head_name)
      .Field("area_name", names.Area(home->area_code));
  if (!home->address.empty()) w.Field("address", home->address);
  w.Field("officer_name", officer->name);
  if (!officer->post.empty()) w.Field("officer_post", officer->post);
  if (!officer->phone.empty()) w.Field("officer_phone", officer->phone);
  w.Field("unit_name", unit != nullptr ? unit->name : "");
  if (unit != nullptr && !unit->phone.empty()) w.Field("unit_phone", unit->phone);
  if (unit != nullptr && !unit->address.empty()) w.Field("unit_address", unit->address);
  w.Key("languages").BeginArray();
  for (const std::string& language : officer->languages) w.Value(language);
  w.EndArray().EndObject();
}

http::Response ListContactCards(Context& ctx) {
  const int limit = ctx.QueryLimit();
  const auto wanted = ctx.Query("area_code");
  if (!wanted) Invalid("area_code", "required");
  const AreaCode area = AreaFor(ctx.actor, Action::kPairingsRead, *wanted);
  Names names(ctx);
  return Page(ctx, ListInArea(ctx.tx, ctx.county, area, "household", ReadAsked(ctx, FirstPlace(), limit)), limit,
              [&](const Pairing& pairing, JsonWriter& w) { WriteCard(names, pairing, w); });
}

void WriteHouseholdOf(Names& names, const HouseholdId& household, JsonWriter& w) {
  w.Field("household_id", household);
  const Home* home = names.Household(household);
  if (home == nullptr) return;
  w.Field("register_number", home->register_number)
      .Field("head_name", home->head_name)
      .Field("area_name", names.Area(home->area_code));
}

void WriteMatch(Names& names, const Match& match, JsonWriter& w) {
  w.BeginObject();
  WriteHouseholdOf(names, match.household, w);
  w.Field("officer_id", match.officer).Field("officer_name", names.Officer(match.officer));
  if (const auto* officer = names.OfficerOf(match.officer)) w.Field("unit_name", names.Unit(officer->unit_id));
  const Weighed& weighed = match.weighed;
  w.Field("kept", match.kept).Key("weighed").BeginObject();
  w.Field("distance", weighed.distance).Field("language", weighed.language).Field("load", weighed.load);
  w.Field("quota", weighed.quota).Field("bond", weighed.bond).EndObject().EndObject();
}

void WriteSummary(const Proposal& proposal, JsonWriter& w) {
  const auto placed = static_cast<int64_t>(proposal.matches.size());
  const auto unplaced = static_cast<int64_t>(proposal.unplaced.size());
  w.Key("summary").BeginObject();
  w.Field("households", placed + unplaced).Field("placed", placed).Field("kept", proposal.kept);
  w.Field("new", placed - proposal.kept).Field("unplaced", unplaced).Field("officers", proposal.officers);
  w.Field("largest_load", proposal.largest_load).Field("mean_load", proposal.mean_load).EndObject();
}

http::Response AnswerProposal(Context& ctx, int status, const StoredProposal& stored, bool is_stale) {
  const Proposal& proposal = stored.proposal;
  const auto limit = static_cast<size_t>(ctx.QueryLimit());
  const auto from = static_cast<size_t>(std::clamp<int64_t>(
      PlaceAsked(ctx, Place{}).number, 0, static_cast<int64_t>(proposal.matches.size())));
  const size_t until = std::min(from + limit, proposal.matches.size());
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Field("id", stored.id).Field("area_code", stored.area);
  w.Field("state", stored.is_applied ? "applied" : is_stale ? "stale" : "proposed");
  w.Field("created_at", stored.made_at).OptField("applied_at", stored.applied_at);
  w.Key("items").BeginArray();
  for (size_t i = from; i < until; ++i) WriteMatch(names, proposal.matches[i], w);
  w.EndArray();
  std::optional<std::string> next;
  if (until < proposal.matches.size()) next = CursorAt({static_cast<int64_t>(until), {}});
  w.Field("next_cursor", next);
  WriteSummary(proposal, w);
  w.Key("unplaced").BeginArray();
  for (size_t i = 0; i < std::min<size_t>(proposal.unplaced.size(), kUnplacedShown); ++i) {
    w.BeginObject();
    WriteHouseholdOf(names, proposal.unplaced[i].household, w);
    w.Field("reason", proposal.unplaced[i].reason).EndObject();
  }
  w.EndArray().EndObject();
  return JsonReply(status, w);
}

http::Response PostProposal(Context& ctx) {
  Fields in = ctx.Input();
  const std::string area = in.NeedText("area_code", 15);
  in.Done();
  return AnswerProposal(ctx, 201, MakeProposal(ctx, area), false);
}

http::Response GetProposalById(Context& ctx) {
  const StoredProposal stored = GetProposal(ctx, ctx.PathId<ProposalId>());
  return AnswerProposal(ctx, 200, stored, !stored.is_applied && IsStale(ctx, stored));
}

http::Response PostApplication(Context& ctx) {
  const auto id = ctx.PathId<ProposalId>();
  const Applied applied = ApplyProposal(ctx, id);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Field("id", id).Field("state", "applied").Field("created", applied.created);
  w.Field("kept", applied.kept).EndObject();
  return JsonReply(201, w);
}

HandoverAsked ReadHandover(Context& ctx) {
  Fields in = ctx.Input();
  HandoverAsked asked;
  asked.from = in.NeedRef<OfficerId>("from_officer_id");
  asked.to = in.Ref<OfficerId>("to_officer_id");
  const bool spread = in.Bool("spread").value_or(false);
  asked.date = in.Day("date").value_or(ctx.Today());
  asked.reason = in.Text("reason", 500).value_or("");
  if (!spread && !in.Has("to_officer_id")) in.Refuse("to_officer_id", "required", "this, or spread");
  if (spread && in.Has("to_officer_id")) in.Refuse("spread", "not_with_to_officer_id");
  if (asked.to && *asked.to == asked.from) in.Refuse("to_officer_id", "same_officer");
  if (asked.date > ctx.Today()) in.Refuse("date", "in_future");
  in.Done();
  return asked;
}

http::Response PostHandover(Context& ctx) {
  const HandoverDone done = HandOver(ctx, ReadHandover(ctx));
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Field("id", done.id).Field("households", done.households).Field("promises", done.promises);
  w.Field("matters", done.matters).Key("items").BeginArray();
  for (const auto& [household, officer] : done.items) {
    const Home* home = names.Household(household);
    w.BeginObject().Field("household_id", household).Field("head_name", home != nullptr ? home->head_name : "");
    w.Field("officer_id", officer).Field("officer_name", names.Officer(officer)).EndObject();
  }
  w.EndArray().EndObject();
  return JsonReply(201, w);
}

void WriteRecord(Context& ctx, const households::Opened& record, JsonWriter& w) {
  Names names(ctx);
  names.Know(record.household);
  const org::CountySettings settings = org::Settings(ctx.tx, ctx.county);
  const auto open = OpenOf(ctx.tx, ctx.county, record.household.id);
  const bool has_own = !open.empty() && open.front().kind == "household";
  w.Key("pairing");
  if (has_own) WritePairing(names, settings, open.front(), w);
  else w.Null();
  w.Key("other_pairings").BeginArray();
  for (size_t i = has_own ? 1 : 0; i < open.size(); ++i) WritePairing(names, settings, open[i], w);
  w.EndArray();
}

void WriteOwn(Context& ctx, const households::Household& household, JsonWriter& w) {
  Names names(ctx);
  const auto current = CurrentOf(ctx.tx, ctx.county, household.id);
  w.Key("pairing");
  if (current) WriteMyOfficer(names, *current, w);
  else w.Null();
}

void Fill(Context& ctx, const households::Lines& lines) {
  Names names(ctx);
  for (const Bond& bond : OfficersOf(ctx.tx, ctx.county, lines.households())) {
    lines.Of(bond.household, [&](households::Summary& line) {
      line.paired_officer_id = bond.officer;
      line.paired_officer_name = names.Officer(bond.officer);
      line.paired_since = bond.from;
    });
  }
}

// Once a day, and when the program starts: the counts that the acts keep are proved against
// the pairings themselves. What an import or a made county brought in is counted here.
Tick RecountDaily() {
  return [done = std::make_shared<std::map<County, Date>>()](Context& ctx) {
    Date& last = (*done)[ctx.county];
    if (last == ctx.Today()) return;
    last = ctx.Today();
    if (Recount(ctx.tx, ctx.county)) log::Info("pairings_recounted", {{"county", FormatCounty(ctx.county)}});
  };
}

}  // namespace

households::Neighbours Lend() {
  households::Neighbours lent;
  lent.is_related = [](Context& ctx, const HouseholdId& household) {
    return IsPaired(ctx.tx, ctx.county, ctx.actor.officer, household);
  };
  lent.write_record = WriteRecord;
  lent.write_own = WriteOwn;
  lent.paired_with = [](Context& ctx, const OfficerId& officer) { return PairedWith(ctx.tx, ctx.county, officer); };
  lent.fill = Fill;
  lent.on_ended = EndAll;
  lent.on_moved = [](Context& ctx, const HouseholdId& household, const AreaCode& from, const AreaCode& to) {
    Moved(ctx.tx, ctx.county, household, from, to);
  };
  return lent;
}

Module Describe() {
  return {.name = "pairings", .routes = {
    {.method = "GET", .pattern = "/api/v1/pairings", .action = Action::kPairingsRead, .handle = List},
    {.method = "POST", .pattern = "/api/v1/pairings", .action = Action::kPairingsManage, .handle = Post},
    {.method = "POST", .pattern = "/api/v1/pairings/{id}/end", .action = Action::kPairingsManage, .handle = PostEnd},
    {.method = "GET", .pattern = "/api/v1/pairings/coverage", .action = Action::kPairingsRead, .handle = GetCoverage,
     .reads = Reads::kMayLag},
    {.method = "GET", .pattern = "/api/v1/pairings/rotation_due", .action = Action::kPairingsRead,
     .handle = ListRotationDue},
    {.method = "GET", .pattern = "/api/v1/pairings/contact_cards", .action = Action::kPairingsRead,
     .handle = ListContactCards},
    {.method = "POST", .pattern = "/api/v1/pairing_proposals", .action = Action::kPairingsManage,
     .handle = PostProposal},
    {.method = "GET", .pattern = "/api/v1/pairing_proposals/{id}", .action = Action::kPairingsManage,
     .handle = GetProposalById},
    {.method = "POST", .pattern = "/api/v1/pairing_proposals/{id}/application", .action = Action::kPairingsManage,
     .handle = PostApplication},
    {.method = "POST", .pattern = "/api/v1/pairing_handovers", .action = Action::kPairingsManage,
     .handle = PostHandover},
  }, .ticks = {RecountDaily()}};
}

}  // namespace huiyin::pairings
