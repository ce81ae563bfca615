// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/meetings.h"

#include <cstring>

#include "modules/matters/members.h"
#include "modules/matters/neighbours.h"
#include "modules/matters/story.h"
#include "modules/matters/views.h"
#include "modules/org/org.h"

#define HUIYIN_MEETING_COLUMNS \
  "id, matter_id, at, place, officers, representatives, said, agreed, recorded_by, recorded_at, content_hash "

namespace huiyin::matters {
namespace {

constexpr db::Sql kFind{"meetings.find", "SELECT " HUIYIN_MEETING_COLUMNS
                        "FROM matter_meetings WHERE county = $1 AND matter_id = $2 AND id = $3"};
constexpr db::Sql kOfMatter{"meetings.of_matter", "SELECT " HUIYIN_MEETING_COLUMNS
                            "FROM matter_meetings WHERE county = $1 AND matter_id = $2 ORDER BY at, id"};
constexpr db::Sql kInsert{"meetings.insert", R"sql(
  INSERT INTO matter_meetings (county, matter_id, id, at, place, officers, representatives, said, agreed, recorded_by,
    recorded_at, content_hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
)sql"};

constexpr size_t kMostOfficers = 30;
constexpr size_t kMostAgreed = 20;

template <class IdType>
IdType IdIn(const json::value& value) {
  return IdType(ParseUuid(value.as_string()).value_or(Uuid{}));
}

Meeting ReadMeeting(const db::Row& row) {
  Meeting m;
  m.id = row.Ref<MeetingId>(0);
  m.matter = row.Ref<MatterId>(1);
  m.at = row.At(2);
  m.place = row.Text(3);
  const json::value officers = json::parse(row.View(4));
  for (const json::value& id : officers.as_array()) m.officers.push_back(IdIn<OfficerId>(id));
  const json::value names = json::parse(row.View(5));
  for (const json::value& name : names.as_array()) m.representatives.emplace_back(name.as_string());
  m.said = row.Text(6);
  const json::value agreed = json::parse(row.View(7));
  for (const json::value& one : agreed.as_array()) {
    m.agreed.push_back({std::string(one.at("text").as_string()), IdIn<OfficerId>(one.at("officer_id")),
                        ParseDate(one.at("until").as_string()).value_or(Date{})});
  }
  m.recorded_by = row.Ref<OfficerId>(8);
  m.recorded_at = row.At(9);
  const std::string_view hash = row.View(10);
  std::memcpy(m.content_hash.data(), hash.data(), std::min(hash.size(), m.content_hash.size()));
  return m;
}

std::string JsonOf(const std::vector<OfficerId>& ids) {
  json::array all;
  for (const OfficerId& id : ids) all.emplace_back(FormatUuid(id));
  return json::serialize(all);
}
std::string JsonOf(const std::vector<std::string>& texts) {
  json::array all;
  for (const std::string& text : texts) all.emplace_back(text);
  return json::serialize(all);
}
std::string JsonOf(const std::vector<Agreed>& agreed) {
  json::array all;
  for (const Agreed& one : agreed) {
    all.push_back(json::object{{"text", one.text}, {"officer_id", FormatUuid(one.officer)}, {"until", FormatDate(one.until)}});
  }
  return json::serialize(all);
}

Sha256Hash HashOf(const MatterId& matter, const MeetingInput& input) {
  return Sha256(fmt::format("meeting\n{}\n{}\n{}\n{}\n{}\n{}\n{}", FormatUuid(matter), input.at.ms, input.place,
                            JsonOf(input.officers), JsonOf(input.representatives), input.said, JsonOf(input.agreed)));
}

MeetingInput ReadMeetingInput(Context& ctx) {
  Fields in = ctx.Input();
  MeetingInput input;
  input.id = in.Ref<MeetingId>("id");
  const auto at = in.At("at");
  if (!at && !in.Has("at")) in.Refuse("at", "required");
  input.at = at.value_or(Instant{});
  input.place = in.NeedText("place", 200);
  for (const Uuid& id : in.References("officers", kMostOfficers)) input.officers.emplace_back(id);
  if (input.officers.empty() && !in.Has("officers")) in.Refuse("officers", "required");
  input.representatives = in.Texts("representatives", kMostRepresentatives, 60);
  input.said = in.NeedText("said", 8000);
  in.Each("agreed", kMostAgreed, [&](Fields& one) {
    input.agreed.push_back({one.NeedText("text", 1000), one.NeedRef<OfficerId>("officer_id"), one.NeedDay("until")});
  });
  in.Done();
  return input;
}

http::Response Post(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kMeeting);
  const MeetingInput input = ReadMeetingInput(ctx);
  const Done done = RecordMeeting(ctx, std::move(seen), input);
  return Standing(ctx, done.matter, done.event);
}

}  // namespace

std::optional<Meeting> FindMeeting(db::Tx& tx, County county, const MatterId& matter, const MeetingId& id) {
  return tx.One(kFind, ReadMeeting, county, matter, id);
}

void InsertMeeting(db::Tx& tx, County county, const Meeting& m) {
  tx.Run(kInsert, county, m.matter, m.id, m.at, m.place, JsonOf(m.officers), JsonOf(m.representatives), m.said,
         JsonOf(m.agreed), m.recorded_by, m.recorded_at, db::Blob{AsView(m.content_hash)});
}

std::vector<Meeting> MeetingsOf(db::Tx& tx, County county, const MatterId& matter) {
  return tx.All(kOfMatter, ReadMeeting, county, matter);
}

Done RecordMeeting(Context& ctx, Seen seen, const MeetingInput& input) {
  Matter& matter = seen.matter;
  Require(CanHappen(matter.state, Act::kMeet));
  const Sha256Hash hash = HashOf(matter.id, input);
  if (input.id) {
    if (const auto known = FindMeeting(ctx.tx, ctx.county, matter.id, *input.id)) {
      if (known->content_hash != hash) Conflict("duplicate_id");
      return {std::move(matter), {}};
    }
  }
  if (input.at > ctx.now) Invalid("at", "in_future");
  for (size_t i = 0; i < input.officers.size(); ++i) {
    RequireKnowing(ctx, matter, input.officers[i], fmt::format("officers[{}]", i));
  }
  const Meeting meeting{input.id.value_or(ctx.NewId<MeetingId>()), matter.id, input.at, input.place, input.officers,
                        input.representatives, input.said, input.agreed, ctx.actor.officer, ctx.now, hash};
  InsertMeeting(ctx.tx, ctx.county, meeting);
  std::string agreed;
  for (const Agreed& one : input.agreed) {
    agreed.append(agreed.empty() ? "" : "\n").append(fmt::format("{}（{}）", one.text, FormatDate(one.until)));
  }
  const EventId event = Tell(ctx, matter, "met", {{"meeting_id", FormatUuid(meeting.id)}, {"at", FormatInstant(input.at)},
                                                  {"place", input.place}, {"text", agreed}});
  for (size_t i = 0; i < input.agreed.size(); ++i) {
    const Agreed& one = input.agreed[i];
    AddStep(ctx, matter, {.id = {}, .text = one.text, .due = one.until, .officer = one.officer, .meeting = meeting.id},
            fmt::format("agreed[{}].", i));
  }
  SaveMatter(ctx.tx, ctx.county, matter);
  WordOfMeeting(ctx, matter, meeting);
  return {std::move(matter), event};
}

void WriteMeetings(Context& ctx, JsonWriter& w, const MatterId& matter) {
  Names names(ctx);
  w.Key("meetings").BeginArray();
  for (const Meeting& meeting : MeetingsOf(ctx.tx, ctx.county, matter)) {
    w.BeginObject().Field("id", meeting.id).Field("at", meeting.at).Field("place", meeting.place);
    w.Key("officers").BeginArray();
    for (const OfficerId& id : meeting.officers) w.BeginObject().Field("id", id).Field("name", names.Officer(id)).EndObject();
    w.EndArray().Key("representatives").BeginArray();
    for (const std::string& name : meeting.representatives) w.Value(name);
    w.EndArray().Field("said", meeting.said).Key("agreed").BeginArray();
    for (const Agreed& one : meeting.agreed) {
      w.BeginObject().Field("text", one.text).Field("officer_id", one.officer);
      w.Field("officer_name", names.Officer(one.officer)).Field("until", one.until).EndObject();
    }
    w.EndArray().Field("recorded_by", names.Officer(meeting.recorded_by)).Field("recorded_at", meeting.recorded_at);
    w.EndObject();
  }
  w.EndArray();
}

std::vector<Route> MeetingRoutes() {
  return {{.method = "POST", .pattern = "/api/v1/matters/{id}/meetings", .action = Action::kMattersMeet, .handle = Post}};
}

}  // namespace huiyin::matters
