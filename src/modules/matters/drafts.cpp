// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/drafts.h"

#include "modules/matters/clocks.h"
#include "modules/matters/hands.h"
#include "modules/matters/neighbours.h"
#include "modules/matters/story.h"
#include "modules/matters/word.h"

namespace huiyin::matters {
namespace {

constexpr db::Sql kLive{"drafts.live", R"sql(
  SELECT id, state, unit_id, drafted_by, drafted_at, input, decided_by, decided_at, note FROM answer_drafts
   WHERE county = $1 AND matter_id = $2 AND state IN ('waiting', 'sent_back') ORDER BY drafted_at DESC, id DESC LIMIT 1
)sql"};
constexpr db::Sql kInsert{"drafts.insert", R"sql(
  INSERT INTO answer_drafts (county, matter_id, id, state, unit_id, drafted_by, drafted_at, input)
  VALUES ($1, $2, $3, 'waiting', $4, $5, $6, $7)
)sql"};
constexpr db::Sql kDecide{"drafts.decide", R"sql(
  UPDATE answer_drafts SET state = $4, decided_by = $5, decided_at = $6, note = $7
   WHERE county = $1 AND matter_id = $2 AND id = $3
)sql"};
constexpr db::Sql kReplace{"drafts.replace", R"sql(
  UPDATE answer_drafts SET state = 'replaced' WHERE county = $1 AND matter_id = $2 AND state IN ('waiting', 'sent_back')
)sql"};

Draft ReadDraft(const db::Row& row) {
  return {row.Key(0), row.Text(1), row.Ref<UnitId>(2), row.Ref<OfficerId>(3), row.At(4), ParseAnswer(row.View(5)),
          row.OptRef<OfficerId>(6), row.OptAt(7), row.Text(8)};
}

Actor ActorOf(Context& ctx, const OfficerId& id) {
  Actor actor;
  const auto officer = org::FindOfficer(ctx.tx, ctx.county, id);
  if (!officer || !officer->is_active) return actor;
  actor.kind = Actor::Kind::kOfficer;
  actor.officer = id;
  actor.unit = officer->unit_id;
  for (const auto& row : org::RolesOf(ctx.tx, ctx.county, id)) actor.roles.push_back(row.held);
  return actor;
}

// Whose answer a review looks at: they do not have a say in it.
bool WasAnsweredBy(Context& ctx, const Actor& actor, const Matter& matter) {
  if (matter.state != State::kReview && matter.state != State::kFinalReview) return false;
  const auto answers = AnswersOf(ctx.tx, ctx.county, matter.id);
  return std::any_of(answers.begin(), answers.end(), [&](const Given& answer) {
    return !Same(answer.unit, matter.owner_unit) && actor.BelongsTo(answer.unit);
  });
}

std::string TextIn(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

std::string AnswerJson(const AnswerInput& input) {
  json::array asks;
  for (const AskAnswer& ask : input.asks) {
    json::object one = {{"id", FormatUuid(ask.id)}, {"outcome", ask.outcome}, {"text", ask.text}};
    for (const auto& [name, text] : {std::pair{"rule", &ask.rule}, {"appeal", &ask.appeal},
                                     {"redirected_to", &ask.redirected_to}, {"who_can", &ask.who_can}}) {
      if (!text->empty()) one[name] = *text;
    }
    if (ask.is_beyond) one["beyond"] = true;
    asks.push_back(std::move(one));
  }
  json::array pictures;
  for (const Uuid& id : input.pictures) pictures.emplace_back(FormatUuid(id));
  return json::serialize(json::object{{"text", input.text}, {"asks", std::move(asks)}, {"pictures", std::move(pictures)}});
}

AnswerInput ParseAnswer(std::string_view text) {
  const json::value parsed = json::parse(text);
  const json::object& whole = parsed.as_object();
  AnswerInput input;
  input.text = TextIn(whole, "text");
  for (const json::value& each : whole.at("asks").as_array()) {
    const json::object& one = each.as_object();
    AskAnswer ask;
    ask.id = AskId(ParseUuid(TextIn(one, "id")).value_or(Uuid{}));
    ask.outcome = TextIn(one, "outcome");
    ask.text = TextIn(one, "text");
    ask.rule = TextIn(one, "rule");
    ask.appeal = TextIn(one, "appeal");
    ask.redirected_to = TextIn(one, "redirected_to");
    ask.who_can = TextIn(one, "who_can");
    ask.is_beyond = one.contains("beyond");
    input.asks.push_back(std::move(ask));
  }
  for (const json::value& id : whole.at("pictures").as_array()) {
    if (const auto uuid = ParseUuid(id.as_string())) input.pictures.push_back(*uuid);
  }
  return input;
}

std::optional<Draft> LiveDraft(db::Tx& tx, County county, const Matter& matter) {
  if (!AwaitsAnswer(matter)) return std::nullopt;
  auto draft = tx.One(kLive, ReadDraft, county, matter.id);
  // Its writers do not have the matter any more.
  if (draft && !Same(draft->unit, matter.owner_unit)) return std::nullopt;
  return draft;
}

bool MaySecond(Context& ctx, const Actor& actor, const Matter& matter, const OfficerId& drafter) {
  if (!actor.IsOfficer() || Uuid(actor.officer) == Uuid(drafter)) return false;
  const bool is_own = actor.BelongsTo(matter.owner_unit);
  if (May(actor, Action::kMattersDecide, ResourceOf(matter, is_own)) != Decision::kAllowed) return false;
  return !WasAnsweredBy(ctx, actor, matter);
}

bool NeedsSecond(Context& ctx, const Matter& matter, const OfficerId& drafter) {
  const auto clock = RunningClock(ClocksOf(ctx.tx, ctx.county, matter.id));
  if (!clock) return false;
  const auto held = terms::Of(ctx.tx, ctx.county);
  const terms::Rule* rule = terms::FindRule(held->rules, clock->rule, clock->rule_from);
  if (rule == nullptr || !rule->needs_approval) return false;
  std::vector<OfficerId> people = org::OfficersIn(ctx.tx, ctx.county, matter.owner_unit);
  for (const Role role : {Role::kSupervisor, Role::kLeader, Role::kAuditor}) {
    const auto above = org::OfficersWith(ctx.tx, ctx.county, role, matter.area);
    people.insert(people.end(), above.begin(), above.end());
  }
  return std::any_of(people.begin(), people.end(),
                     [&](const OfficerId& id) { return MaySecond(ctx, ActorOf(ctx, id), matter, drafter); });
}

Done KeepDraft(Context& ctx, Seen seen, const AnswerInput& input) {
  Matter& matter = seen.matter;
  Require(CanHappen(matter.state, Act::kDraftAnswer));
  EndDrafts(ctx.tx, ctx.county, matter.id);
  const Uuid id = ctx.NewId<EventId>();
  ctx.tx.Run(kInsert, ctx.county, matter.id, id, matter.owner_unit, ctx.actor.officer, ctx.now, AnswerJson(input));
  const EventId event = Tell(ctx, matter, "answer_drafted", {{"draft_id", FormatUuid(id)}});
  SaveMatter(ctx.tx, ctx.county, matter);
  WordOfDraft(ctx, matter, id);
  return {std::move(matter), event};
}

Done DecideDraft(Context& ctx, Seen seen, const Uuid& id, bool approved, std::string_view note) {
  Matter& matter = seen.matter;
  Require(CanHappen(matter.state, Act::kDecideDraft));
  const auto draft = LiveDraft(ctx.tx, ctx.county, matter);
  if (!draft || draft->state != "waiting") Conflict("matters.no_draft_waits");
  if (draft->id != id) Conflict("matters.draft_changed");
  if (Uuid(draft->drafted_by) == Uuid(ctx.actor.officer)) Forbidden("matters.own_request");
  if (!MaySecond(ctx, ctx.actor, matter, draft->drafted_by)) Forbidden("matters.own_work");
  if (!approved && note.empty()) Invalid("note", "required", "what is to be put right");
  ctx.tx.Run(kDecide, ctx.county, matter.id, id, approved ? "approved" : "sent_back", ctx.actor.officer, ctx.now, note);
  if (approved) return GiveAnswer(ctx, std::move(seen), draft->input, {draft->drafted_by, ctx.actor.officer});
  const EventId event = Tell(ctx, matter, "answer_sent_back", {{"draft_id", FormatUuid(id)}, {"text", note}});
  SaveMatter(ctx.tx, ctx.county, matter);
  WordOfDraftSentBack(ctx, matter, draft->drafted_by, note);
  return {std::move(matter), event};
}

void EndDrafts(db::Tx& tx, County county, const MatterId& matter) { tx.Run(kReplace, county, matter); }

void WriteDraft(Context& ctx, JsonWriter& w, const Seen& seen) {
  const auto draft = LiveDraft(ctx.tx, ctx.county, seen.matter);
  if (!draft) return;
  if (!seen.ties.owner && !MaySecond(ctx, ctx.actor, seen.matter, draft->drafted_by)) return;
  Names names(ctx);
  w.Key("draft").BeginObject().Field("id", draft->id).Field("state", draft->state).Field("text", draft->input.text);
  w.Field("unit_name", names.Unit(draft->unit)).Field("drafted_by", names.Officer(draft->drafted_by));
  w.Field("drafted_at", draft->drafted_at).Key("asks").BeginArray();
  const auto opt = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) w.Field(name, text);
  };
  for (const AskAnswer& ask : draft->input.asks) {
    w.BeginObject().Field("id", ask.id).Field("outcome", ask.outcome).Field("text", ask.text);
    opt("rule", ask.rule);
    opt("appeal", ask.appeal);
    opt("redirected_to", ask.redirected_to);
    if (ask.is_beyond) w.Field("beyond", true);
    opt("who_can", ask.who_can);
    w.EndObject();
  }
  w.EndArray().Key("attachment_ids").BeginArray();
  for (const Uuid& picture : draft->input.pictures) w.Value(picture);
  w.EndArray();
  if (draft->decided_by) w.Field("decided_by", names.Officer(*draft->decided_by));
  w.OptField("decided_at", draft->decided_at);
  opt("note", draft->note);
  w.EndObject();
}

}  // namespace huiyin::matters
