// SPDX-License-Identifier: EUPL-1.2
// Joint meetings (联席会议): units of an area meet about what is stuck there. The agenda is made
// by the rule of what is stuck; what is decided is done to the matters by the acts they have
// anyway, one transaction a decision.
#pragma once

#include <string>
#include <vector>

#include "core/crypto.h"
#include "modules/matters/leads.h"

namespace huiyin::matters {

struct JointMeeting {
  MeetingId id;
  AreaCode area;
  Instant at;
  std::string place;
  std::string title;
  OfficerId chair;
  UnitId unit;  // that calls it
  std::vector<UnitId> units;
  std::string state = "planned";  // held, cancelled
  std::string words;              // what was said of the whole
  OfficerId made_by;
  Instant made_at;
  std::optional<Instant> ended_at;
  int64_t revision = 1;
  Sha256Hash content_hash{};
};

struct AgendaItem {
  MatterId matter;
  int64_t position = 0;
  std::vector<std::string> why;     // as WhyStuck says; empty for one added by hand
  std::optional<OfficerId> added_by;
  std::string added_reason;
  std::optional<OfficerId> removed_by;
  std::optional<Instant> removed_at;
  std::string removed_reason;
  std::string decision;  // assign, lead, order, text; empty: none yet
  std::string decision_text;
  std::optional<OfficerId> decided_by;
  std::optional<Instant> decided_at;
};

// --- Rows (store_joint.cpp)
std::optional<JointMeeting> FindJoint(db::Tx& tx, County county, const MeetingId& id);
void InsertJoint(db::Tx& tx, County county, const JointMeeting& meeting);
void SaveJoint(db::Tx& tx, County county, JointMeeting& meeting);  // 409 when somebody was faster
struct JointPlace {
  Instant at;
  Uuid id;
};
// Of an area and below, the latest first.
std::vector<JointMeeting> ListJoint(db::Tx& tx, County county, std::string_view area, const JointPlace& before, int limit);
// That the officer is to chair, the next first.
std::vector<JointMeeting> JointOfChair(db::Tx& tx, County county, const OfficerId& chair, const JointPlace& after, int limit);
std::vector<AgendaItem> AgendaOf(db::Tx& tx, County county, const MeetingId& meeting);
std::optional<AgendaItem> FindItem(db::Tx& tx, County county, const MeetingId& meeting, const MatterId& matter);
void SaveItem(db::Tx& tx, County county, const MeetingId& meeting, const AgendaItem& item);

// --- What is stuck

// Stuck matters of an area by due date (store_joint.cpp).
std::vector<Matter> StuckIn(db::Tx& tx, County county, std::string_view area, Instant now, bool with_protected);
struct Proposed {
  Matter matter;
  std::vector<std::string_view> why;
};
// The stuck matters of an area by due date, at most `limit`. A complaint only when both the
// actor and `chair` may know of it.
std::vector<Proposed> ProposeAgenda(Context& ctx, std::string_view area, const OfficerId& chair, int limit);

// --- Verbs (joint.cpp)

struct JointInput {
  std::optional<MeetingId> id;
  AreaCode area;
  Instant at;
  std::string place;
  std::string title;
  OfficerId chair;
  std::vector<UnitId> units;
};
JointMeeting CallJoint(Context& ctx, const JointInput& input);
void AddItem(Context& ctx, const JointMeeting& meeting, const MatterId& matter, std::string_view reason);
void RemoveItem(Context& ctx, const JointMeeting& meeting, const MatterId& matter, std::string_view reason);
struct Decided {
  std::string kind;  // assign lead order text
  std::string text;
  std::optional<UnitId> unit;
  std::optional<LeadInput> lead;
};
// Does it to the matter and writes it into both stories.
void DecideItem(Context& ctx, const JointMeeting& meeting, const MatterId& matter, const Decided& decided);
// Held, with what was said of the whole; or cancelled with the reason.
void EndJoint(Context& ctx, JointMeeting& meeting, std::string_view state, std::string_view words);

std::vector<Route> JointRoutes();

}  // namespace huiyin::matters
