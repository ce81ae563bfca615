// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/columns.h"
#include "modules/matters/drafts.h"
#include "modules/matters/views.h"

namespace huiyin::matters {
namespace {

constexpr int kScanned = 200;

constexpr db::Sql kWaiting{"drafts.waiting",
                           "SELECT " HUIYIN_MATTER_COLUMNS
                           ", d.id, d.drafted_by, d.drafted_at, d.unit_id FROM answer_drafts d"
                           " JOIN matters m ON m.county = d.county AND m.id = d.matter_id"
                           " WHERE d.county = $1 AND d.state = 'waiting' AND m.due_at IS NOT NULL"
                           " AND (m.due_at > $2 OR (m.due_at = $2 AND d.id > $3)) ORDER BY m.due_at, d.id LIMIT $4"};

struct Waiting {
  Matter matter;
  Uuid draft;
  OfficerId drafted_by;
  Instant drafted_at;
  UnitId unit;
};

Waiting ReadWaiting(const db::Row& row) {
  return {ReadMatter(row), row.Key(kMatterColumns), row.Ref<OfficerId>(kMatterColumns + 1),
          row.At(kMatterColumns + 2), row.Ref<UnitId>(kMatterColumns + 3)};
}

struct Place {
  Instant due{INT64_MIN};
  Uuid draft;
};

Place ReadPlace(Context& ctx) {
  Place place;
  const auto cursor = ctx.Query("cursor", 500);
  if (!cursor) return place;
  const std::string plain = DecodeCursor(*cursor);
  const size_t space = plain.find(' ');
  const auto id = space == std::string::npos ? std::nullopt : ParseUuid(plain.substr(space + 1));
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), place.due.ms);
  if (error != std::errc() || !id) Invalid("cursor", "not_a_cursor");
  place.draft = *id;
  return place;
}

bool WaitsForMe(Context& ctx, const Waiting& waiting) {
  return AwaitsAnswer(waiting.matter) && Uuid(waiting.unit) == Uuid(waiting.matter.owner_unit) &&
         MayKnow(ctx.actor, waiting.matter) && MaySecond(ctx, ctx.actor, waiting.matter, waiting.drafted_by);
}

// What waits for the word of this officer, the earliest due first.
http::Response ListDrafts(Context& ctx) {
  const auto limit = static_cast<size_t>(ctx.QueryLimit());
  Place place = ReadPlace(ctx);
  std::vector<Waiting> shown;
  for (bool is_end = false; !is_end && shown.size() <= limit;) {
    const auto rows = ctx.tx.All(kWaiting, ReadWaiting, ctx.county, place.due, place.draft, kScanned);
    is_end = rows.size() < kScanned;
    for (const Waiting& row : rows) {
      place = {*row.matter.due_at, row.draft};
      if (shown.size() <= limit && WaitsForMe(ctx, row)) shown.push_back(row);
    }
  }
  const bool is_more = shown.size() > limit;
  if (is_more) shown.resize(limit);
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const Waiting& row : shown) {
    w.BeginObject().Field("id", row.draft).Key("matter");
    WriteBrief(w, row.matter);
    w.Field("unit_name", names.Unit(row.unit)).Field("drafted_by", names.Officer(row.drafted_by));
    w.Field("drafted_at", row.drafted_at).OptField("due_at", row.matter.due_at);
    w.Field("late", row.matter.IsLate(ctx.now)).EndObject();
  }
  w.EndArray().Key("next_cursor");
  if (is_more) w.Value(EncodeCursor(fmt::format("{} {}", shown.back().matter.due_at->ms, FormatUuid(shown.back().draft))));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

http::Response PostDecision(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kAnswerDecision);
  Fields in = ctx.Input();
  const auto draft = in.NeedRef<EventId>("draft_id");
  const auto approved = in.Bool("approved");
  if (!approved && !in.Has("approved")) in.Refuse("approved", "required");
  const auto note = in.Text("note", 4000).value_or("");
  in.Done();
  const Done done = DecideDraft(ctx, std::move(seen), draft, *approved, note);
  return Standing(ctx, done.matter, done.event);
}

}  // namespace

AnswerInput ReadAnswer(Context& ctx) {
  constexpr size_t kMostPictures = 20;
  Fields in = ctx.Input();
  AnswerInput input;
  input.text = in.NeedText("text", 20000);
  if (!in.Has("asks")) in.Refuse("asks", "required");
  in.Each("asks", 50, [&](Fields& ask) {
    AskAnswer answer;
    answer.id = ask.NeedRef<AskId>("id");
    answer.outcome = ask.NeedOneOf("outcome", Outcomes());
    answer.text = ask.NeedText("text", 8000);
    answer.rule = ask.Text("rule", 500).value_or("");
    answer.appeal = ask.Text("appeal", 500).value_or("");
    answer.redirected_to = ask.Text("redirected_to", 200).value_or("");
    answer.is_beyond = ask.Bool("beyond").value_or(false);
    answer.who_can = ask.Text("who_can", 200).value_or("");
    input.asks.push_back(std::move(answer));
  });
  input.pictures = in.References("attachment_ids", kMostPictures);
  in.Done();
  return input;
}

std::vector<Route> DraftRoutes() {
  return {
      {.method = "GET", .pattern = "/api/v1/answer_drafts", .action = Action::kMattersDecide, .handle = ListDrafts},
      {.method = "POST", .pattern = "/api/v1/matters/{id}/answer_decision", .action = Action::kMattersDecide, .handle = PostDecision},
  };
}

}  // namespace huiyin::matters
