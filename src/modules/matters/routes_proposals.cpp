// SPDX-License-Identifier: EUPL-1.2
#include "core/small_numbers.h"
#include "modules/matters/categories.h"
#include "modules/matters/hands.h"
#include "modules/matters/neighbours.h"
#include "modules/matters/patterns.h"
#include "platform/revision.h"

namespace huiyin::matters {
namespace {

constexpr std::array<std::string_view, 3> kStates = {"open", "taken", "declined"};

bool KeepsList(const Context& ctx, const AreaCode& area) {
  const AreaCode at = area.empty() ? AreaCode(FormatCounty(ctx.county)) : area;
  return May(ctx.actor, Action::kSettingsEdit, {.area = at}) == Decision::kAllowed;
}

// Who keeps the list sees all of its part; others what their own unit proposed.
bool MaySee(const Context& ctx, const Proposal& proposal) {
  return KeepsList(ctx, proposal.area) || (!proposal.is_pattern && ctx.actor.BelongsTo(proposal.from_unit));
}

void WriteProposal(Context& ctx, JsonWriter& w, Names& names, const Proposal& p) {
  w.BeginObject().Field("id", p.id).Field("source", p.is_pattern ? "pattern" : "by_hand").Field("state", p.state);
  if (!p.category.empty()) {
    w.Field("category", p.category);
    if (const auto category = FindCategory(ctx.tx, ctx.county, p.category)) {
      w.Field("category_zh", category->zh).Field("category_en", category->en);
    }
  }
  if (!p.area.empty()) w.Field("area_code", p.area).Field("area_name", org::PlaceName(ctx.tx, ctx.county, p.area));
  w.Field("from_unit_id", p.from_unit).Field("from_unit_name", names.Unit(p.from_unit));
  w.Field("to_unit_id", p.to_unit).Field("to_unit_name", names.Unit(p.to_unit));
  if (p.is_pattern && p.state == "open") {
    // Below five the figure itself stays hidden; that there were three is why it is here.
    w.Field("count", ShownCount(CountPattern(ctx.tx, ctx.county, p, PatternSince(ctx, p))));
  }
  if (const auto named = EntryFor(ctx.tx, ctx.county, p.category, p.area, ctx.Today())) {
    w.Key("now");
    WriteEntry(ctx, w, names, *named);
  }
  if (!p.reason.empty()) w.Field("reason", p.reason);
  w.Field("made_at", p.made_at).OptField("decided_at", p.decided_at);
  if (!p.note.empty()) w.Field("note", p.note);
  w.OptField("entry_id", p.entry);
  w.Field("may_decide", p.state == "open" && KeepsList(ctx, p.area)).Field("revision", p.revision).EndObject();
}

http::Response Reply(Context& ctx, const Proposal& proposal) {
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  WriteProposal(ctx, w, names, proposal);
  return JsonReply(201, w, proposal.revision);
}

ProposalPlace PlaceOf(Context& ctx) {
  ProposalPlace place{{INT64_MAX}, {}};
  const auto cursor = ctx.Query("cursor", 500);
  if (!cursor) return place;
  const std::string plain = DecodeCursor(*cursor);
  const size_t space = plain.find(' ');
  const auto id = space == std::string::npos ? std::nullopt : ParseUuid(plain.substr(space + 1));
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), place.made_at.ms);
  if (error != std::errc() || !id) Invalid("cursor", "not_a_cursor");
  place.id = *id;
  return place;
}

http::Response List(Context& ctx) {
  const std::string state = ctx.Query("state", 20).value_or("open");
  if (std::find(kStates.begin(), kStates.end(), state) == kStates.end()) Invalid("state", "unknown_value");
  const auto limit = static_cast<size_t>(ctx.QueryLimit());
  constexpr int kBatch = 200;
  ProposalPlace place = PlaceOf(ctx);
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  size_t count = 0;
  bool is_more = false;
  for (bool has_rows = true; has_rows && !is_more;) {
    const auto proposals = ListProposals(ctx.tx, ctx.county, state, place, kBatch);
    has_rows = proposals.size() == kBatch;
    for (const Proposal& proposal : proposals) {
      if (MaySee(ctx, proposal)) {
        is_more = count == limit;
        if (is_more) break;
        WriteProposal(ctx, w, names, proposal);
        ++count;
      }
      place = {proposal.made_at, proposal.id};
    }
  }
  w.EndArray().Key("next_cursor");
  if (is_more) w.Value(EncodeCursor(std::to_string(place.made_at.ms) + " " + FormatUuid(place.id)));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

// By hand: of the officer's own unit, in words.
http::Response Post(Context& ctx) {
  Fields in = ctx.Input();
  Proposal proposal;
  const auto id = in.Ref<ProposalId>("id");
  ReadPlaceOnList(ctx, in, proposal.category, proposal.area);
  proposal.to_unit = in.NeedRef<UnitId>("unit_id");
  proposal.reason = in.NeedText("reason", 1000);
  in.Done();
  org::RequireUnit(ctx.tx, ctx.county, proposal.to_unit, "unit_id");
  if (ctx.actor.BelongsTo(proposal.to_unit)) {
    // What the list names already needs no proposal.
    const auto named = EntryFor(ctx.tx, ctx.county, proposal.category, proposal.area, ctx.Today());
    if (named && Same(named->unit, proposal.to_unit)) Invalid("unit_id", "named_already");
  }
  proposal.from_unit = ctx.actor.unit;
  if (const auto known = id ? FindProposal(ctx.tx, ctx.county, *id) : std::nullopt) {
    const bool is_same = known->category == proposal.category && known->area == proposal.area &&
                         Same(known->to_unit, proposal.to_unit) && Same(known->from_unit, proposal.from_unit) &&
                         known->reason == proposal.reason;
    if (!is_same) Conflict("duplicate_id");
    return Reply(ctx, *known);
  }
  proposal.id = id ? *id : ctx.NewId<ProposalId>();
  proposal.made_at = ctx.now;
  InsertProposal(ctx.tx, ctx.county, proposal);
  ctx.Record("dispatch_proposal.made", "dispatch_proposal", proposal.id,
             {{"category", proposal.category}, {"area_code", proposal.area}, {"from_unit_id", FormatUuid(proposal.from_unit)},
              {"to_unit_id", FormatUuid(proposal.to_unit)}, {"text", proposal.reason}});
  return Reply(ctx, proposal);
}

// Taking it makes the entry in the same act, and ends the one it changes.
Entry Take(Context& ctx, const Proposal& proposal, const std::optional<UnitId>& unit, std::string_view note) {
  const EntryInput input{{}, proposal.category, proposal.area, unit.value_or(proposal.to_unit), std::string(note), ctx.Today()};
  for (const Entry& entry : EntriesOf(ctx.tx, ctx.county, input.category, input.area)) {
    if (entry.InForce(ctx.Today())) return ReplaceEntry(ctx, entry, input);
  }
  return AddEntry(ctx, input);
}

http::Response PostDecision(Context& ctx) {
  auto proposal = FindProposal(ctx.tx, ctx.county, ctx.PathId<ProposalId>());
  if (!proposal || !MaySee(ctx, *proposal)) NotFound();
  RequireKeepsList(ctx, proposal->area);
  RequireRevision(ctx, proposal->id, proposal->revision);
  Fields in = ctx.Input();
  const auto taken = in.Bool("taken");
  if (!taken && !in.Has("taken")) in.Refuse("taken", "required");
  const auto unit = in.Ref<UnitId>("unit_id");
  proposal->note = in.Text("note", 500).value_or("");
  if (taken == false && proposal->note.empty()) in.Refuse("note", "required", "why the list stays as it is");
  in.Done();
  if (proposal->state != "open") Conflict("dispatch_list.decided");
  if (*taken) proposal->entry = Take(ctx, *proposal, unit, proposal->note).id;
  proposal->state = *taken ? "taken" : "declined";
  proposal->decided_at = ctx.now;
  SaveProposal(ctx.tx, ctx.county, *proposal);
  json::object told = ChangeData(proposal->revision, {{"state", proposal->state}});
  if (!proposal->note.empty()) told["text"] = proposal->note;
  if (proposal->entry) told["entry_id"] = FormatUuid(*proposal->entry);
  ctx.Record("dispatch_proposal." + proposal->state, "dispatch_proposal", proposal->id, told);
  return Reply(ctx, *proposal);
}

}  // namespace

std::vector<Route> ProposalRoutes() {
  return {
      {.method = "GET", .pattern = "/api/v1/dispatch_list/proposals", .action = Action::kSettingsRead, .handle = List},
      {.method = "POST", .pattern = "/api/v1/dispatch_list/proposals", .action = Action::kSettingsRead, .handle = Post},
      {.method = "POST", .pattern = "/api/v1/dispatch_list/proposals/{id}/decision", .action = Action::kSettingsEdit, .handle = PostDecision},
  };
}

}  // namespace huiyin::matters
