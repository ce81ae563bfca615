// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/joint.h"

#include "modules/matters/orders.h"
#include "modules/matters/store.h"
#include "modules/matters/story.h"
#include "modules/matters/stuck.h"
#include "modules/matters/stuck_rule.h"
#include "modules/org/org.h"
#include "modules/outbox/outbox.h"

namespace huiyin::matters {
namespace {

constexpr int kMostItems = 60;

void RequirePlanned(const JointMeeting& meeting) {
  if (meeting.state != "planned") Conflict("joint.already_ended");
}

// A complaint is not named where others read.
void Record(Context& ctx, const JointMeeting& meeting, std::string_view act, const Matter& matter, std::string_view text) {
  json::object data = {{"text", text}};
  if (!matter.is_protected) data["matter_id"] = FormatUuid(matter.id);
  else data["text"] = "";
  ctx.Record("joint_meeting." + std::string(act), "joint_meeting", meeting.id, data);
}

void Invite(Context& ctx, const JointMeeting& meeting) {
  const outbox::Letter letter{.kind = "joint.called", .data = {{"title", meeting.title}, {"at", FormatInstant(meeting.at)},
                                                               {"place", meeting.place}},
                              .matter = {}, .is_protected = false, .once = "joint/" + FormatUuid(meeting.id), .paper = ""};
  if (Uuid(meeting.chair) != Uuid(ctx.actor.officer)) outbox::ToOfficer(ctx, meeting.chair, letter);
  for (const UnitId& unit : meeting.units) outbox::ToUnit(ctx, unit, Role::kHandler, letter);
}

Seen SeenFor(Context& ctx, const MatterId& id, Verb verb) {
  Seen seen = GetReadable(ctx, id);
  if (MayDo(ctx, seen.matter, seen.ties, verb) != Decision::kAllowed) Forbidden();
  return seen;
}

// Does what was decided; the matter as it is then.
Matter Do(Context& ctx, const MatterId& id, const Decided& decided) {
  if (decided.kind == "assign") return Assign(ctx, SeenFor(ctx, id, Verb::kAssignment), *decided.unit, decided.text).matter;
  if (decided.kind == "lead") return PutUnderLead(ctx, SeenFor(ctx, id, Verb::kLead), *decided.lead).matter;
  if (decided.kind == "order") {
    OrderOnMatter(ctx, SeenFor(ctx, id, Verb::kOrder), {.id = {}, .text = decided.text});
    return *FindMatter(ctx.tx, ctx.county, id);
  }
  return SeenFor(ctx, id, Verb::kReminder).matter;
}

}  // namespace

std::vector<Proposed> ProposeAgenda(Context& ctx, std::string_view area, const OfficerId& chair, int limit) {
  const StuckRule rule = RuleOfStuck(ctx.tx, ctx.county);
  const auto officer = org::FindOfficer(ctx.tx, ctx.county, chair);
  const Actor presiding = officer ? ActorOf(ctx, *officer) : ctx.actor;
  const bool knows = ctx.actor.Has(Role::kAuditor) && presiding.Has(Role::kAuditor);
  std::vector<Proposed> proposed;
  for (Matter& matter : StuckIn(ctx.tx, ctx.county, area, ctx.now, knows)) {
    if (!MayKnow(ctx.actor, matter) || !MayKnow(presiding, matter)) continue;
    auto why = WhyStuck(matter, rule, ctx.now);
    if (why.empty()) continue;  // the rule was changed since the mark was set
    proposed.push_back({std::move(matter), std::move(why)});
    if (proposed.size() == static_cast<size_t>(limit)) break;
  }
  return proposed;
}

JointMeeting CallJoint(Context& ctx, const JointInput& input) {
  RequireMay(ctx.actor, Action::kMattersSupervise, {.area = input.area});
  std::string units;
  for (const UnitId& unit : input.units) units += FormatUuid(unit) + " ";
  const Sha256Hash hash = Sha256(fmt::format("joint\n{}\n{}\n{}\n{}\n{}\n{}", input.area, input.at.ms, input.place, input.title,
                                             FormatUuid(input.chair), units));
  if (input.id) {
    if (auto known = FindJoint(ctx.tx, ctx.county, *input.id)) {
      if (known->content_hash != hash) Conflict("duplicate_id");
      return std::move(*known);
    }
  }
  const org::Officer chair = org::RequireOfficer(ctx.tx, ctx.county, input.chair, "chair_id");
  if (May(ActorOf(ctx, chair), Action::kMattersSupervise, {.area = input.area}) != Decision::kAllowed) {
    Invalid("chair_id", "not_a_chair_here");
  }
  for (size_t i = 0; i < input.units.size(); ++i) {
    org::RequireUnit(ctx.tx, ctx.county, input.units[i], fmt::format("unit_ids[{}]", i));
  }
  if (LocalDate(input.at, ctx.zone) < ctx.Today()) Invalid("at", "in_past");
  JointMeeting meeting;
  meeting.id = input.id.value_or(ctx.NewId<MeetingId>());
  meeting.area = input.area;
  meeting.at = input.at;
  meeting.place = input.place;
  meeting.title = input.title;
  meeting.chair = input.chair;
  meeting.unit = ctx.actor.unit;
  meeting.units = input.units;
  meeting.made_by = ctx.actor.officer;
  meeting.made_at = ctx.now;
  meeting.content_hash = hash;
  InsertJoint(ctx.tx, ctx.county, meeting);
  int64_t position = 0;
  for (const Proposed& proposed : ProposeAgenda(ctx, meeting.area, meeting.chair, kMostItems)) {
    AgendaItem item;
    item.matter = proposed.matter.id;
    item.position = ++position;
    item.why.assign(proposed.why.begin(), proposed.why.end());
    SaveItem(ctx.tx, ctx.county, meeting.id, item);
  }
  ctx.Record("joint_meeting.called", "joint_meeting", meeting.id,
             {{"area", meeting.area}, {"at", FormatInstant(meeting.at)}, {"chair_id", FormatUuid(meeting.chair)}});
  Invite(ctx, meeting);
  return meeting;
}

void AddItem(Context& ctx, const JointMeeting& meeting, const MatterId& id, std::string_view reason) {
  RequirePlanned(meeting);
  const auto matter = FindMatter(ctx.tx, ctx.county, id);
  const bool is_here = matter && MayKnow(ctx.actor, *matter) && MayRead(ctx, *matter);
  if (!is_here) Invalid("matter_id", "unknown_reference");
  // Nobody hears at a meeting of a complaint that its chair may not know of.
  const auto chair = org::FindOfficer(ctx.tx, ctx.county, meeting.chair);
  if (!chair || !MayKnow(ActorOf(ctx, *chair), *matter)) Invalid("matter_id", "unknown_reference");
  if (!IsOpen(matter->state)) Conflict("joint.not_open");
  if (!IsWithin(matter->area, meeting.area)) Invalid("matter_id", "outside_the_area");
  auto item = FindItem(ctx.tx, ctx.county, meeting.id, id);
  if (item && !item->removed_at) return;  // it stands there already
  if (!item) {
    const auto agenda = AgendaOf(ctx.tx, ctx.county, meeting.id);
    item.emplace();
    item->matter = id;
    item->position = agenda.empty() ? 1 : agenda.back().position + 1;
    for (const std::string_view why : WhyStuck(*matter, RuleOfStuck(ctx.tx, ctx.county), ctx.now)) item->why.emplace_back(why);
  }
  item->added_by = ctx.actor.officer;
  item->added_reason = reason;
  item->removed_by.reset();
  item->removed_at.reset();
  item->removed_reason.clear();
  SaveItem(ctx.tx, ctx.county, meeting.id, *item);
  Record(ctx, meeting, "item_added", *matter, reason);
}

void RemoveItem(Context& ctx, const JointMeeting& meeting, const MatterId& id, std::string_view reason) {
  RequirePlanned(meeting);
  auto item = FindItem(ctx.tx, ctx.county, meeting.id, id);
  const auto matter = item ? FindMatter(ctx.tx, ctx.county, id) : std::nullopt;
  if (!matter || !MayKnow(ctx.actor, *matter)) NotFound();
  if (item->decided_at) Conflict("joint.already_decided");
  if (item->removed_at) return;
  item->removed_by = ctx.actor.officer;
  item->removed_at = ctx.now;
  item->removed_reason = reason;
  SaveItem(ctx.tx, ctx.county, meeting.id, *item);
  Record(ctx, meeting, "item_removed", *matter, reason);
}

void DecideItem(Context& ctx, const JointMeeting& meeting, const MatterId& id, const Decided& decided) {
  RequirePlanned(meeting);
  auto item = FindItem(ctx.tx, ctx.county, meeting.id, id);
  const auto known = item ? FindMatter(ctx.tx, ctx.county, id) : std::nullopt;
  if (!known || !MayKnow(ctx.actor, *known) || item->removed_at) NotFound();
  if (item->decided_at) {
    if (item->decision == decided.kind && item->decision_text == decided.text) return;  // a lost reply asks again
    Conflict("joint.already_decided");
  }
  Matter matter = Do(ctx, id, decided);
  item->decision = decided.kind;
  item->decision_text = decided.text;
  item->decided_by = ctx.actor.officer;
  item->decided_at = ctx.now;
  SaveItem(ctx.tx, ctx.county, meeting.id, *item);
  Tell(ctx, matter, "joint_decided", {{"meeting_id", FormatUuid(meeting.id)}, {"kind", decided.kind}, {"text", decided.text}});
  SaveMatter(ctx.tx, ctx.county, matter);
  Record(ctx, meeting, "decided", matter, decided.text);
}

void EndJoint(Context& ctx, JointMeeting& meeting, std::string_view state, std::string_view words) {
  RequirePlanned(meeting);
  if (state == "held" && meeting.at > ctx.now) Conflict("joint.not_yet");
  meeting.state = state;
  meeting.words = words;
  meeting.ended_at = ctx.now;
  SaveJoint(ctx.tx, ctx.county, meeting);
  ctx.Record("joint_meeting." + std::string(state), "joint_meeting", meeting.id, {{"text", words}});
}

}  // namespace huiyin::matters
