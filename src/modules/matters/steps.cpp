// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/leads.h"
#include "modules/matters/store.h"
#include "modules/matters/story.h"
#include "modules/org/org.h"

namespace huiyin::matters {
namespace {

json::object Told(const Step& step, std::string_view text) {
  json::object told = {{"step_id", FormatUuid(step.id)}, {"officer_id", FormatUuid(step.officer)},
                       {"due", FormatDate(step.due)}, {"text", text}};
  if (step.meeting) told["meeting_id"] = FormatUuid(*step.meeting);
  return told;
}

// Who is to do it: who is named, else the person responsible.
OfficerId DoerOf(Context& ctx, const Matter& matter, const StepInput& input, const std::string& field) {
  if (input.officer) return *input.officer;
  const auto lead = FindLead(ctx.tx, ctx.county, matter.id);
  if (!lead) Invalid(field + "officer_id", "required", "nobody is responsible yet");
  return lead->responsible;
}

}  // namespace

void WatchStep(Context& ctx, const Step& step) {
  const auto stage = FirstStage("step", {.started = step.made_at, .due = EndOfDay(step.due, ctx.zone)});
  SetAlarm(ctx.tx, ctx.county, {.id = step.id, .matter = step.matter, .deed = stage->deed, .at = stage->at});
}

Step AddStep(Context& ctx, Matter& matter, const StepInput& input, std::string_view field) {
  const std::string at(field);
  const OfficerId doer = DoerOf(ctx, matter, input, at);
  const Sha256Hash hash =
      Sha256(fmt::format("step\n{}\n{}\n{}\n{}", FormatUuid(matter.id), input.text, FormatDate(input.due), FormatUuid(doer)));
  if (input.id) {
    if (auto known = FindStep(ctx.tx, ctx.county, matter.id, *input.id)) {
      if (known->content_hash != hash) Conflict("duplicate_id");
      return std::move(*known);
    }
  }
  if (input.due < ctx.Today()) Invalid(at + "due", "in_past");
  RequireKnowing(ctx, matter, doer, at + "officer_id");
  const Step step{.id = input.id.value_or(ctx.NewId<StepId>()), .matter = matter.id, .text = input.text, .officer = doer,
                  .due = input.due, .meeting = input.meeting, .made_by = ctx.actor.officer, .made_at = ctx.now,
                  .was_late = false, .ended_at = {}, .ending = "", .ended_by = {}, .note = "", .content_hash = hash};
  InsertStep(ctx.tx, ctx.county, step);
  WatchStep(ctx, step);
  Tell(ctx, matter, "step_added", Told(step, step.text));
  WordOfStep(ctx, matter, step);
  return step;
}

Done AddStepTo(Context& ctx, Seen seen, const StepInput& input) {
  Matter& matter = seen.matter;
  Require(CanHappen(matter.state, Act::kStep));
  const int64_t before = matter.events;
  AddStep(ctx, matter, input, "");
  if (matter.events != before) SaveMatter(ctx.tx, ctx.county, matter);
  return {std::move(matter), {}};
}

Done EndStep(Context& ctx, Seen seen, const StepId& id, std::string_view ending, std::string_view note) {
  Matter& matter = seen.matter;
  Require(CanHappen(matter.state, Act::kStep));
  auto step = FindStep(ctx.tx, ctx.county, matter.id, id);
  if (!step) NotFound();
  if (step->ended_at) {
    // A lost reply asks again.
    if (step->ending == ending && step->note == note) return {std::move(matter), {}};
    Conflict("steps.already_ended");
  }
  step->ended_at = ctx.now;
  step->ending = ending;
  step->ended_by = ctx.actor.officer;
  step->note = note;
  SaveStep(ctx.tx, ctx.county, *step);
  Disarm(ctx.tx, ctx.county, step->id);
  const std::string text = note.empty() ? step->text : fmt::format("{}\n{}", step->text, note);
  const EventId event = Tell(ctx, matter, "step_" + std::string(ending), Told(*step, text));
  SaveMatter(ctx.tx, ctx.county, matter);
  return {std::move(matter), event};
}

void DoStepLate(Context& ctx, const Alarm& alarm) {
  auto matter = FindMatter(ctx.tx, ctx.county, *alarm.matter);
  auto step = matter ? FindStep(ctx.tx, ctx.county, matter->id, StepId(alarm.id)) : std::nullopt;
  if (!step || step->ended_at) return;
  step->was_late = true;
  SaveStep(ctx.tx, ctx.county, *step);
  Tell(ctx, *matter, "step_late", Told(*step, step->text));
  if (!matter->is_protected) ctx.Count("steps.missed", matter->area, matter->owner_unit);
  WordOfLateStep(ctx, *matter, *step, FindLead(ctx.tx, ctx.county, matter->id));
  SaveMatter(ctx.tx, ctx.county, *matter);
}

}  // namespace huiyin::matters
