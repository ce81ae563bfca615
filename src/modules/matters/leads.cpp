// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/leads.h"

#include "modules/matters/store.h"
#include "modules/matters/story.h"
#include "modules/org/org.h"

namespace huiyin::matters {
namespace {

void RequireNotPast(Context& ctx, Date day, std::string_view field) {
  if (day < ctx.Today()) Invalid(std::string(field), "in_past");
}

json::array JsonOf(const std::vector<std::string>& texts) {
  json::array all;
  for (const std::string& text : texts) all.emplace_back(text);
  return all;
}

std::string NameOf(Context& ctx, const OfficerId& id) { return org::OfficerName(ctx.tx, ctx.county, id); }

json::object Told(Context& ctx, const Lead& lead) {
  return {{"leader_id", FormatUuid(lead.leader)}, {"text", NameOf(ctx, lead.leader)},
          {"measures", JsonOf(lead.measures)}, {"until", FormatDate(lead.until)},
          {"responsible_id", FormatUuid(lead.responsible)}};
}

// The day is over when it has passed: then the alarm tells the leader.
void Watch(Context& ctx, const Lead& lead) {
  const auto stage = FirstStage("lead", {.started = lead.set_at, .due = EndOfDay(lead.until, ctx.zone)});
  SetAlarm(ctx.tx, ctx.county, {.id = lead.id, .matter = lead.matter, .deed = stage->deed, .at = stage->at});
}

bool IsSame(const Lead& lead, const LeadInput& input) {
  return Uuid(lead.leader) == Uuid(input.leader) && lead.measures == input.measures && lead.until == input.until &&
         Uuid(lead.responsible) == Uuid(input.responsible);
}

void Change(json::array& changes, std::string_view field, json::value before, json::value after) {
  changes.push_back(json::object{{"field", field}, {"before", std::move(before)}, {"after", std::move(after)}});
}

}  // namespace

Done PutUnderLead(Context& ctx, Seen seen, const LeadInput& input) {
  Matter& matter = seen.matter;
  Require(CanHappen(matter.state, Act::kLead));
  const auto known = FindLead(ctx.tx, ctx.county, matter.id, true);
  if (known && !known->ended_at) {
    if (!IsSame(*known, input)) Conflict("matters.already_led");
    return {std::move(matter), {}};
  }
  RequireLeader(ctx, matter, input.leader, "leader_id");
  RequireOfOwner(ctx, matter, input.responsible, "responsible_id");
  RequireNotPast(ctx, input.until, "until");
  Lead lead{.id = ctx.NewId<EventId>(), .matter = matter.id, .leader = input.leader, .measures = input.measures,
            .until = input.until, .responsible = input.responsible, .set_by = ctx.actor.officer, .set_at = ctx.now,
            .was_late = false, .ended_at = {}, .revision = known ? known->revision + 1 : 1};
  SaveLead(ctx.tx, ctx.county, lead);
  Watch(ctx, lead);
  const EventId event = Tell(ctx, matter, "led", Told(ctx, lead));
  for (size_t i = 0; i < input.steps.size(); ++i) AddStep(ctx, matter, input.steps[i], fmt::format("steps[{}].", i));
  if (!matter.is_protected) ctx.Count("matters.led", matter.area, matter.owner_unit);
  SaveMatter(ctx.tx, ctx.county, matter);
  WordOfLead(ctx, matter, lead);
  return {std::move(matter), event};
}

Done ChangeLead(Context& ctx, Seen seen, Lead lead, const LeadChange& change) {
  Matter& matter = seen.matter;
  Require(CanHappen(matter.state, Act::kLead));
  json::array changes;
  const bool is_other_leader = change.leader && Uuid(*change.leader) != Uuid(lead.leader);
  if (is_other_leader) {
    const auto leader = RequireLeader(ctx, matter, *change.leader, "leader_id");
    Change(changes, "leader", json::value(NameOf(ctx, lead.leader)), json::value(leader.name));
    lead.leader = *change.leader;
  }
  if (change.measures && *change.measures != lead.measures) {
    Change(changes, "measures", JsonOf(lead.measures), JsonOf(*change.measures));
    lead.measures = *change.measures;
  }
  if (change.until && *change.until != lead.until) {
    RequireNotPast(ctx, *change.until, "until");
    Change(changes, "until", json::value(FormatDate(lead.until)), json::value(FormatDate(*change.until)));
    lead.until = *change.until;
    Watch(ctx, lead);
  }
  if (change.responsible && Uuid(*change.responsible) != Uuid(lead.responsible)) {
    const auto person = RequireOfOwner(ctx, matter, *change.responsible, "responsible_id");
    Change(changes, "responsible", json::value(NameOf(ctx, lead.responsible)), json::value(person.name));
    lead.responsible = *change.responsible;
  }
  if (changes.empty()) return {std::move(matter), {}};
  ++lead.revision;
  SaveLead(ctx.tx, ctx.county, lead);
  const EventId event = Tell(ctx, matter, "lead_changed", {{"changes", std::move(changes)}, {"text", change.reason}});
  SaveMatter(ctx.tx, ctx.county, matter);
  if (is_other_leader) WordOfLead(ctx, matter, lead);
  return {std::move(matter), event};
}

Done ReleaseLead(Context& ctx, Seen seen, std::string_view reason) {
  Matter& matter = seen.matter;
  Require(CanHappen(matter.state, Act::kLead));
  auto lead = FindLead(ctx.tx, ctx.county, matter.id);
  if (!lead) Conflict("matters.not_led");
  lead->ended_at = ctx.now;
  ++lead->revision;
  SaveLead(ctx.tx, ctx.county, *lead);
  Disarm(ctx.tx, ctx.county, lead->id);
  // Steps stay: what was promised is still to be done.
  const EventId event = Tell(ctx, matter, "lead_ended", {{"leader_id", FormatUuid(lead->leader)}, {"text", reason}});
  SaveMatter(ctx.tx, ctx.county, matter);
  return {std::move(matter), event};
}

int64_t LeaveLeads(Context& ctx, const OfficerId& leader) {
  constexpr int kAtOnce = 200;
  int64_t left = 0;
  for (auto led = LeadsOf(ctx.tx, ctx.county, leader, {}, kAtOnce); !led.empty(); led = LeadsOf(ctx.tx, ctx.county, leader, {}, kAtOnce)) {
    for (Lead& lead : led) {
      auto matter = FindMatter(ctx.tx, ctx.county, lead.matter);
      lead.ended_at = ctx.now;
      ++lead.revision;
      SaveLead(ctx.tx, ctx.county, lead);
      Disarm(ctx.tx, ctx.county, lead.id);
      if (!matter || !IsOpen(matter->state)) continue;
      Tell(ctx, *matter, "lead_ended", {{"leader_id", FormatUuid(lead.leader)}, {"left", true}});
      SaveMatter(ctx.tx, ctx.county, *matter);
      WordOfLeaderLeft(ctx, *matter, lead);
      ++left;
    }
  }
  return left;
}

void EndLead(Context& ctx, const Matter& matter) {
  if (auto lead = FindLead(ctx.tx, ctx.county, matter.id)) {
    lead->ended_at = ctx.now;
    ++lead->revision;
    SaveLead(ctx.tx, ctx.county, *lead);
    Disarm(ctx.tx, ctx.county, lead->id);
  }
  for (Step& step : StepsOf(ctx.tx, ctx.county, matter.id)) {
    if (step.ended_at) continue;
    step.ended_at = ctx.now;
    step.ending = "over";
    SaveStep(ctx.tx, ctx.county, step);
    Disarm(ctx.tx, ctx.county, step.id);
  }
}

void RestLead(Context& ctx, const Matter& matter) {
  if (const auto lead = FindLead(ctx.tx, ctx.county, matter.id)) Disarm(ctx.tx, ctx.county, lead->id);
  for (const Step& step : StepsOf(ctx.tx, ctx.county, matter.id)) {
    if (!step.ended_at) Disarm(ctx.tx, ctx.county, step.id);
  }
}

void ResumeLead(Context& ctx, const Matter& matter) {
  if (const auto lead = FindLead(ctx.tx, ctx.county, matter.id); lead && !lead->was_late) Watch(ctx, *lead);
  for (const Step& step : StepsOf(ctx.tx, ctx.county, matter.id)) {
    if (!step.ended_at && !step.was_late) WatchStep(ctx, step);
  }
}

void DoLeadLate(Context& ctx, const Alarm& alarm) {
  auto matter = FindMatter(ctx.tx, ctx.county, *alarm.matter);
  auto lead = matter ? FindLead(ctx.tx, ctx.county, matter->id) : std::nullopt;
  if (!lead || Uuid(lead->id) != alarm.id) return;
  lead->was_late = true;
  SaveLead(ctx.tx, ctx.county, *lead);
  Tell(ctx, *matter, "lead_late", {{"leader_id", FormatUuid(lead->leader)}, {"until", FormatDate(lead->until)},
                                   {"to_unit_id", FormatUuid(matter->owner_unit)}});
  if (!matter->is_protected) ctx.Count("leads.missed", matter->area, matter->owner_unit);
  WordOfLateLead(ctx, *matter, *lead);
  SaveMatter(ctx.tx, ctx.county, *matter);
}

}  // namespace huiyin::matters
