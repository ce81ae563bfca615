// SPDX-License-Identifier: EUPL-1.2
// Matters as the API shows them: to officers (views.cpp) and to residents
// (views_resident.cpp), who see less of the office and nothing of others.
#pragma once

#include "modules/matters/actions.h"
#include "modules/matters/neighbours.h"
#include "modules/matters/store.h"

namespace huiyin::matters {

void WriteAsk(JsonWriter& w, Names& names, const Ask& ask);
void WriteClock(JsonWriter& w, const Clock& clock, Instant now);
// Where a matter stands after an act.
http::Response Standing(Context& ctx, const Matter& matter, const std::optional<EventId>& event, int status = 201);
// A list's items. `is_taken_along`: by a phone, with the points, the running clock's working and the
// answers, which are read at the door where there is no network.
void WriteSummaries(Context& ctx, JsonWriter& w, Names& names, std::span<const Matter> matters,
                    bool is_taken_along = false);
// One of them, as an object.
void WriteSummaryAlone(Context& ctx, JsonWriter& w, Names& names, const Matter& matter);
http::Response Story(Context& ctx, const Seen& seen, int status = 200);
void WriteBrief(JsonWriter& w, const Matter& matter);

struct Told {  // an event as read, in order
  Event event;
  int64_t seq = 0;
  std::string kind;
  json::object data;
};
std::vector<Told> StoryOf(Context& ctx, const MatterId& matter);
// `shows_grades`: see SeesGrades (judgements.h). `hides_who`: the actor is not to learn who asked.
void WriteEvent(JsonWriter& w, Names& names, const Told& told, bool shows_grades, bool hides_who);
bool HidesWho(Context& ctx, const Matter& matter);

void WriteExtension(JsonWriter& w, Names& names, const Request& request, bool shows_people);
enum class JudgementFor { kReader, kHandler };
void WriteJudgement(JsonWriter& w, const Told& told, JudgementFor whom);
// The ids of those that go with an answer; nothing when there are none.
void WritePictureIds(JsonWriter& w, const Given& answer);
void WritePictures(Context& ctx, JsonWriter& w, std::string_view name, const MatterId& matter);

// --- For residents

enum class For { kReceipt, kHousehold };
http::Response Status(Context& ctx, const Matter& matter, For whom, int status = 200);
// What happened, step by step, into an array that was begun. With `shared_since` it is the
// story of a matter of several as each of them is told it: from then on, without reasons and
// without what the others said.
void WriteMoves(JsonWriter& w, Names& names, const std::vector<Told>& story, std::optional<Instant> shared_since,
                bool shows_leads = true);
void WriteMySummary(Context& ctx, JsonWriter& w, Names& names, const Matter& matter);

}  // namespace huiyin::matters
