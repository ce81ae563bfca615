// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/leads.h"
#include "modules/matters/meetings.h"
#include "modules/org/org.h"
#include "modules/matters/word.h"
#include "modules/outbox/outbox.h"

namespace huiyin::matters {
namespace {

outbox::Letter About(const Matter& matter, std::string_view kind, json::object data) {
  data["receipt"] = matter.receipt;
  data["title"] = matter.Title();
  return {.kind = "matter." + std::string(kind), .data = std::move(data), .matter = matter.id,
          .is_protected = matter.is_protected};
}

std::string NameOf(Context& ctx, const OfficerId& id) { return org::OfficerName(ctx.tx, ctx.county, id); }

}  // namespace

void WordOfLead(Context& ctx, const Matter& matter, const Lead& lead) {
  const outbox::Letter letter =
      About(matter, "led", {{"officer", NameOf(ctx, lead.leader)}, {"on", FormatDate(lead.until)}});
  outbox::ToOfficer(ctx, lead.leader, letter);
  if (Uuid(lead.responsible) != Uuid(lead.leader)) outbox::ToOfficer(ctx, lead.responsible, letter);
  WordToResidents(ctx, matter, "led", letter.data);
}

void WordOfStep(Context& ctx, const Matter& matter, const Step& step) {
  outbox::ToOfficer(ctx, step.officer, About(matter, "step", {{"text", step.text}, {"on", FormatDate(step.due)}}));
}

void WordOfLateStep(Context& ctx, const Matter& matter, const Step& step, const std::optional<Lead>& lead) {
  outbox::Letter letter = About(matter, "step_late", {{"text", step.text}, {"on", FormatDate(step.due)},
                                                      {"officer", NameOf(ctx, step.officer)}});
  // Who both leads and does it hears of it once.
  letter.once = "step_late/" + FormatUuid(step.id);
  outbox::ToOfficer(ctx, step.officer, letter);
  if (lead) outbox::ToOfficer(ctx, lead->leader, letter);
  else outbox::ToUnit(ctx, matter.owner_unit, Role::kSupervisor, letter);
}

void WordOfLateLead(Context& ctx, const Matter& matter, const Lead& lead) {
  outbox::Letter letter = About(matter, "lead_late", {{"officer", NameOf(ctx, lead.leader)}, {"on", FormatDate(lead.until)}});
  letter.once = fmt::format("lead_late/{}/{}", FormatUuid(lead.id), lead.until.days);
  outbox::ToOfficer(ctx, lead.leader, letter);
  outbox::ToOfficer(ctx, lead.responsible, letter);
}

void WordOfLeaderLeft(Context& ctx, const Matter& matter, const Lead& lead) {
  const outbox::Letter letter = About(matter, "leader_left", {{"officer", NameOf(ctx, lead.leader)}, {"on", FormatDate(lead.until)}});
  outbox::ToUnit(ctx, matter.owner_unit, Role::kSupervisor, letter);
}

void WordOfMeeting(Context& ctx, const Matter& matter, const Meeting& meeting) {
  std::string paper;
  for (const Agreed& one : meeting.agreed) {
    paper.append(paper.empty() ? "" : "\n");
    paper.append(fmt::format("{}（{}，{}）", one.text, NameOf(ctx, one.officer), FormatDate(one.until)));
  }
  WordToResidents(ctx, matter, "met", {{"at", FormatInstant(meeting.at)}, {"place", meeting.place}}, paper, paper);
}

}  // namespace huiyin::matters
