// SPDX-License-Identifier: EUPL-1.2
// Hard matters (包案): a named lead official answers for one, with four fixed things: the
// leader, the measures, the day, the person responsible. Steps have days of their own and act
// by themselves when one is missed. The matter's own clock is never touched by any of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/crypto.h"
#include "modules/matters/actions.h"
#include "modules/matters/alarms.h"
#include "modules/org/org.h"
#include "platform/module.h"

namespace huiyin::matters {

using StepId = Id<struct StepTag>;
using MeetingId = Id<struct MeetingTag>;

struct Lead {
  Uuid id;  // of its alarm
  MatterId matter;
  OfficerId leader;
  std::vector<std::string> measures;
  Date until;
  OfficerId responsible;
  OfficerId set_by;
  Instant set_at;
  bool was_late = false;
  std::optional<Instant> ended_at;
  int64_t revision = 1;
};

struct Step {
  StepId id;
  MatterId matter;
  std::string text;
  OfficerId officer;  // who is to do it
  Date due;
  std::optional<MeetingId> meeting;  // where it was agreed
  OfficerId made_by;
  Instant made_at;
  bool was_late = false;
  std::optional<Instant> ended_at;
  std::string ending;  // done, dropped, over (the matter ended first); empty while open
  std::optional<OfficerId> ended_by;
  std::string note;
  Sha256Hash content_hash{};
};

// --- Rows (store_leads.cpp)

// The one that holds, if any; with `ended` also one that has ended.
std::optional<Lead> FindLead(db::Tx& tx, County county, const MatterId& matter, bool ended = false);
void SaveLead(db::Tx& tx, County county, const Lead& lead);
struct LeadPlace {
  Date until;
  Uuid matter;
};
// Matters the officer leads, by the day.
std::vector<Lead> LeadsOf(db::Tx& tx, County county, const OfficerId& leader, const LeadPlace& after, int limit);

std::optional<Step> FindStep(db::Tx& tx, County county, const MatterId& matter, const StepId& id);
void InsertStep(db::Tx& tx, County county, const Step& step);
void SaveStep(db::Tx& tx, County county, const Step& step);
std::vector<Step> StepsOf(db::Tx& tx, County county, const MatterId& matter);
struct StepPlace {
  Date due;
  Uuid id;
};
// Open steps the officer is to do, by the day.
std::vector<Step> OpenStepsOf(db::Tx& tx, County county, const OfficerId& officer, const StepPlace& after, int limit);
bool HasOpenStep(db::Tx& tx, County county, const MatterId& matter, const OfficerId& officer);

// --- Who (officials.cpp)

// The officer as somebody who could ask: for what others may know or hold.
Actor ActorOf(Context& ctx, const org::Officer& officer);
// 422 on `field` unless the officer works here and may know of the matter.
org::Officer RequireKnowing(Context& ctx, const Matter& matter, const OfficerId& id, std::string_view field);
// Of a complaint an auditor who may know; otherwise a leader over the matter's area.
org::Officer RequireLeader(Context& ctx, const Matter& matter, const OfficerId& id, std::string_view field);
// Works in the unit that owns the matter.
org::Officer RequireOfOwner(Context& ctx, const Matter& matter, const OfficerId& id, std::string_view field);
bool IsOfOwner(Context& ctx, const Matter& matter, const OfficerId& id);

// --- Verbs (leads.cpp, steps.cpp)

struct StepInput {
  std::optional<StepId> id;
  std::string text;
  Date due;
  std::optional<OfficerId> officer;  // absent: the person responsible
  std::optional<MeetingId> meeting;
};
struct LeadInput {
  OfficerId leader;
  std::vector<std::string> measures;
  Date until;
  OfficerId responsible;
  std::vector<StepInput> steps;
};
// Under a lead official. The same again changes nothing; other content is 409
// matters.already_led.
Done PutUnderLead(Context& ctx, Seen seen, const LeadInput& input);
struct LeadChange {
  std::optional<OfficerId> leader;
  std::optional<std::vector<std::string>> measures;
  std::optional<Date> until;
  std::optional<OfficerId> responsible;
  std::string reason;
};
// What it was before stays in the event.
Done ChangeLead(Context& ctx, Seen seen, Lead lead, const LeadChange& change);
Done ReleaseLead(Context& ctx, Seen seen, std::string_view reason);
// The matter ended: so do its lead and its open steps.
void EndLead(Context& ctx, const Matter& matter);
// Who leads leaves office: nobody leads their matters any more, and the supervisors are told. Returns how many.
int64_t LeaveLeads(Context& ctx, const OfficerId& leader);
// The matter was merged: nothing of its own lead acts, until it is taken apart again.
void RestLead(Context& ctx, const Matter& matter);
void ResumeLead(Context& ctx, const Matter& matter);

// Puts a step on the matter and tells who is to do it. Does not save the matter.
Step AddStep(Context& ctx, Matter& matter, const StepInput& input, std::string_view field);
// Sets its alarm.
void WatchStep(Context& ctx, const Step& step);
Done AddStepTo(Context& ctx, Seen seen, const StepInput& input);
// Done, or dropped with a reason.
Done EndStep(Context& ctx, Seen seen, const StepId& id, std::string_view ending, std::string_view note);

// What alarms do (deeds.cpp).
void DoStepLate(Context& ctx, const Alarm& alarm);
void DoLeadLate(Context& ctx, const Alarm& alarm);

// Word of it (word_leads.cpp).
void WordOfLead(Context& ctx, const Matter& matter, const Lead& lead);
void WordOfStep(Context& ctx, const Matter& matter, const Step& step);
void WordOfLateStep(Context& ctx, const Matter& matter, const Step& step, const std::optional<Lead>& lead);
void WordOfLeaderLeft(Context& ctx, const Matter& matter, const Lead& lead);
void WordOfLateLead(Context& ctx, const Matter& matter, const Lead& lead);

std::vector<Route> LeadRoutes();
// The members `lead` and `steps` of a matter, for officers.
void WriteLead(Context& ctx, JsonWriter& w, const Seen& seen);
// The member `lead` as the resident is shown it.
void WriteLeadForResident(Context& ctx, JsonWriter& w, const Matter& matter);

}  // namespace huiyin::matters
