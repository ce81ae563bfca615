// SPDX-License-Identifier: EUPL-1.2
// Meetings on one matter: who came, what was said, what was agreed. What was agreed becomes
// steps with a day and a name, and the resident is told of it. At most five speak for the
// residents (信访工作条例 art. 20: no more than five representatives).
#pragma once

#include <string>
#include <vector>

#include "modules/matters/leads.h"

namespace huiyin::matters {

struct Agreed {
  std::string text;
  OfficerId officer;
  Date until;
};
struct Meeting {
  MeetingId id;
  MatterId matter;
  Instant at;
  std::string place;
  std::vector<OfficerId> officers;
  std::vector<std::string> representatives;  // names, as they gave them
  std::string said;
  std::vector<Agreed> agreed;
  OfficerId recorded_by;
  Instant recorded_at;
  Sha256Hash content_hash{};
};

std::optional<Meeting> FindMeeting(db::Tx& tx, County county, const MatterId& matter, const MeetingId& id);
void InsertMeeting(db::Tx& tx, County county, const Meeting& meeting);
// First to last.
std::vector<Meeting> MeetingsOf(db::Tx& tx, County county, const MatterId& matter);

struct MeetingInput {
  std::optional<MeetingId> id;
  Instant at;
  std::string place;
  std::vector<OfficerId> officers;
  std::vector<std::string> representatives;
  std::string said;
  std::vector<Agreed> agreed;
};
// 422 on `at` when it has not been yet.
Done RecordMeeting(Context& ctx, Seen seen, const MeetingInput& input);

void WordOfMeeting(Context& ctx, const Matter& matter, const Meeting& meeting);
std::vector<Route> MeetingRoutes();
// The member `meetings` of a matter, for officers.
void WriteMeetings(Context& ctx, JsonWriter& w, const MatterId& matter);

}  // namespace huiyin::matters
