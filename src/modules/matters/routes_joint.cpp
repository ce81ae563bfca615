// SPDX-License-Identifier: EUPL-1.2
#include <charconv>

#include "modules/matters/joint.h"
#include "modules/matters/neighbours.h"
#include "modules/matters/store.h"
#include "modules/matters/views.h"
#include "modules/org/org.h"

namespace huiyin::matters {
namespace {

constexpr int kMostProposed = 60;

bool Supervises(Context& ctx, const JointMeeting& meeting) {
  return May(ctx.actor, Action::kMattersSupervise, {.area = meeting.area}) == Decision::kAllowed;
}

// Whoever supervises there, and the units that were asked to come.
JointMeeting GetJoint(Context& ctx) {
  auto meeting = FindJoint(ctx.tx, ctx.county, ctx.PathId<MeetingId>());
  if (!meeting) NotFound();
  const bool is_invited = std::any_of(meeting->units.begin(), meeting->units.end(),
                                      [&](const UnitId& unit) { return ctx.actor.BelongsTo(unit); });
  if (!is_invited && !Supervises(ctx, *meeting)) NotFound();
  return std::move(*meeting);
}

JointMeeting GetToRun(Context& ctx) {
  JointMeeting meeting = GetJoint(ctx);
  if (!Supervises(ctx, meeting)) Forbidden();
  return meeting;
}

void WriteWhy(JsonWriter& w, const auto& why) {
  w.Key("why").BeginArray();
  for (const auto& reason : why) w.Value(std::string_view(reason));
  w.EndArray();
}

void WriteItem(Context& ctx, JsonWriter& w, Names& names, const AgendaItem& item, const Matter& matter) {
  w.BeginObject().Key("matter");
  WriteSummaryAlone(ctx, w, names, matter);
  WriteWhy(w, item.why);
  if (item.added_by) w.Field("added_by", names.Officer(*item.added_by)).Field("added_reason", item.added_reason);
  w.Field("removed", item.removed_at.has_value());
  if (item.removed_by) w.Field("removed_by", names.Officer(*item.removed_by)).Field("removed_reason", item.removed_reason);
  if (item.decided_at) {
    w.Field("decision", item.decision).Field("decision_text", item.decision_text).Field("decided_at", *item.decided_at);
    if (item.decided_by) w.Field("decided_by", names.Officer(*item.decided_by));
  }
  w.EndObject();
}

void WriteHead(Context& ctx, JsonWriter& w, Names& names, const JointMeeting& meeting) {
  w.Field("id", meeting.id).Field("area_code", meeting.area).Field("area_name", names.Area(meeting.area));
  w.Field("at", meeting.at).Field("place", meeting.place).Field("title", meeting.title).Field("state", meeting.state);
  w.Field("chair_id", meeting.chair).Field("chair_name", names.Officer(meeting.chair));
  w.Field("unit_name", names.Unit(meeting.unit)).Key("units").BeginArray();
  for (const UnitId& unit : meeting.units) w.BeginObject().Field("id", unit).Field("name", names.Unit(unit)).EndObject();
  w.EndArray();
  if (!meeting.words.empty()) w.Field("words", meeting.words);
  w.OptField("ended_at", meeting.ended_at);
  w.Field("may_run", Supervises(ctx, meeting) && meeting.state == "planned").Field("revision", meeting.revision);
}

http::Response Reply(Context& ctx, const JointMeeting& meeting, int status) {
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject();
  WriteHead(ctx, w, names, meeting);
  w.Key("items").BeginArray();
  for (const AgendaItem& item : AgendaOf(ctx.tx, ctx.county, meeting.id)) {
    const auto matter = FindMatter(ctx.tx, ctx.county, item.matter);
    // What somebody may not know or read is not on their agenda.
    if (!matter || !MayKnow(ctx.actor, *matter) || !MayRead(ctx, *matter)) continue;
    WriteItem(ctx, w, names, item, *matter);
  }
  w.EndArray().EndObject();
  return JsonReply(status, w, meeting.revision);
}

http::Response Show(Context& ctx) { return Reply(ctx, GetJoint(ctx), 200); }

http::Response Post(Context& ctx) {
  Fields in = ctx.Input();
  JointInput input;
  input.id = in.Ref<MeetingId>("id");
  input.area = in.NeedText("area_code", 15);
  if (!input.area.empty() && org::LevelOf(input.area).empty()) in.Refuse("area_code", "not_an_area_code");
  const auto at = in.At("at");
  if (!at && !in.Has("at")) in.Refuse("at", "required");
  input.at = at.value_or(Instant{});
  input.place = in.NeedText("place", 200);
  input.title = in.NeedText("title", 100);
  input.chair = in.NeedRef<OfficerId>("chair_id");
  for (const Uuid& id : in.References("unit_ids", 40)) input.units.emplace_back(id);
  in.Done();
  return Reply(ctx, CallJoint(ctx, input), 201);
}

http::Response ShowProposal(Context& ctx) {
  const AreaCode area = AreaFor(ctx.actor, Action::kMattersSupervise, ctx.Query("area", 15).value_or(""));
  const auto chair = ctx.QueryId("chair_id");
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const Proposed& one : ProposeAgenda(ctx, area, chair ? OfficerId(*chair) : ctx.actor.officer, kMostProposed)) {
    w.BeginObject().Key("matter");
    WriteSummaryAlone(ctx, w, names, one.matter);
    WriteWhy(w, one.why);
    w.EndObject();
  }
  w.EndArray().Key("next_cursor").Null().EndObject();
  return JsonReply(200, w);
}

http::Response PostItem(Context& ctx) {
  const JointMeeting meeting = GetToRun(ctx);
  Fields in = ctx.Input();
  const auto matter = in.NeedRef<MatterId>("matter_id");
  const auto reason = in.NeedText("reason", 1000);
  in.Done();
  AddItem(ctx, meeting, matter, reason);
  return Reply(ctx, meeting, 201);
}

http::Response PostRemoval(Context& ctx) {
  const JointMeeting meeting = GetToRun(ctx);
  const auto matter = ctx.PathId<MatterId>("matter_id");
  Fields in = ctx.Input();
  const auto reason = in.NeedText("reason", 1000);
  in.Done();
  RemoveItem(ctx, meeting, matter, reason);
  return Reply(ctx, meeting, 201);
}

http::Response PostDecision(Context& ctx) {
  constexpr std::array<std::string_view, 4> kKinds = {"assign", "lead", "order", "text"};
  const JointMeeting meeting = GetToRun(ctx);
  const auto matter = ctx.PathId<MatterId>("matter_id");
  Fields in = ctx.Input();
  Decided decided;
  decided.kind = in.NeedOneOf("kind", kKinds);
  decided.text = in.NeedText("text", 2000);
  if (decided.kind == "assign") decided.unit = in.NeedRef<UnitId>("unit_id");
  if (decided.kind == "lead") {
    LeadInput lead;
    lead.leader = in.NeedRef<OfficerId>("leader_id");
    lead.measures = in.NeedTexts("measures", 20, 1000);
    lead.until = in.NeedDay("until");
    lead.responsible = in.NeedRef<OfficerId>("responsible_id");
    decided.lead = std::move(lead);
  }
  in.Done();
  DecideItem(ctx, meeting, matter, decided);
  return Reply(ctx, meeting, 201);
}

http::Response PostEnd(Context& ctx) {
  constexpr std::array<std::string_view, 2> kStates = {"held", "cancelled"};
  JointMeeting meeting = GetToRun(ctx);
  if (ctx.IfMatch() != meeting.revision) {
    Problem stale(412, "stale");
    stale.extra["changes"] = json::array{json::object{{"field", "state"}, {"value", meeting.state}}};
    stale.extra["revision"] = meeting.revision;
    throw stale;
  }
  Fields in = ctx.Input();
  const auto state = in.NeedOneOf("state", kStates);
  const auto words = in.NeedText("words", 8000);
  in.Done();
  EndJoint(ctx, meeting, state, words);
  return Reply(ctx, meeting, 201);
}

http::Response List(Context& ctx) {
  const bool is_mine = ctx.QueryFlag("mine");
  const AreaCode area = is_mine ? AreaCode() : AreaFor(ctx.actor, Action::kMattersSupervise, ctx.Query("area", 15).value_or(""));
  const auto limit = static_cast<size_t>(ctx.QueryLimit());
  JointPlace place{{is_mine ? INT64_MIN : INT64_MAX}, {}};
  if (!is_mine) place.id.bytes.fill(0xff);
  if (const auto cursor = ctx.Query("cursor", 500)) {
    const std::string plain = DecodeCursor(*cursor);
    const size_t space = plain.find(' ');
    const auto id = space == std::string::npos ? std::nullopt : ParseUuid(plain.substr(space + 1));
    const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), place.at.ms);
    if (error != std::errc() || !id) Invalid("cursor", "not_a_cursor");
    place.id = *id;
  }
  const int wanted = static_cast<int>(limit) + 1;
  auto meetings = is_mine ? JointOfChair(ctx.tx, ctx.county, ctx.actor.officer, place, wanted)
                          : ListJoint(ctx.tx, ctx.county, area, place, wanted);
  const bool is_more = meetings.size() > limit;
  if (is_more) meetings.resize(limit);
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const JointMeeting& meeting : meetings) {
    w.BeginObject();
    WriteHead(ctx, w, names, meeting);
    w.EndObject();
  }
  w.EndArray().Key("next_cursor");
  if (is_more) w.Value(EncodeCursor(fmt::format("{} {}", meetings.back().at.ms, FormatUuid(meetings.back().id))));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

}  // namespace

std::vector<Route> JointRoutes() {
  constexpr Action kSupervise = Action::kMattersSupervise;
  return {
      {.method = "GET", .pattern = "/api/v1/joint_meetings", .action = kSupervise, .handle = List},
      {.method = "POST", .pattern = "/api/v1/joint_meetings", .action = kSupervise, .handle = Post},
      {.method = "GET", .pattern = "/api/v1/joint_meetings/proposal", .action = kSupervise, .handle = ShowProposal},
      {.method = "GET", .pattern = "/api/v1/joint_meetings/{id}", .action = Action::kMattersRead, .handle = Show},
      {.method = "POST", .pattern = "/api/v1/joint_meetings/{id}/items", .action = kSupervise, .handle = PostItem},
      {.method = "POST", .pattern = "/api/v1/joint_meetings/{id}/items/{matter_id}/removal", .action = kSupervise, .handle = PostRemoval},
      {.method = "POST", .pattern = "/api/v1/joint_meetings/{id}/items/{matter_id}/decision", .action = kSupervise, .handle = PostDecision},
      {.method = "POST", .pattern = "/api/v1/joint_meetings/{id}/end", .action = kSupervise, .handle = PostEnd},
  };
}

}  // namespace huiyin::matters
