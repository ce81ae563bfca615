// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/clocks.h"
#include "modules/matters/conclusion.h"
#include "modules/matters/identities.h"
#include "modules/matters/judgements.h"
#include "modules/matters/leads.h"
#include "modules/matters/members.h"
#include "modules/matters/relay.h"
#include "modules/matters/story.h"
#include "modules/matters/views.h"
#include "modules/org/org.h"

namespace huiyin::matters {
namespace {

std::optional<UnitId> UnitIn(const json::object& data, std::string_view name) {
  const json::value* value = data.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  const auto id = ParseUuid(value->get_string());
  if (!id) return std::nullopt;
  return UnitId(*id);
}

// An event as a step of the journey; empty for what is the office's own business.
std::string_view MoveOf(const Told& told) {
  constexpr auto kMoves = std::to_array<std::string_view>({
      "relay_asked", "relay_answered", "kept_apart", "named_again", "identity_seen", "masked_again",
      "received", "assigned", "accepted", "sent_up", "returned", "return_decided", "co_handlers_added", "answered", "judged",
      "silence_passed", "settled", "reopened", "appealed", "withdrawn", "merged", "reminded", "part_answered",
      "recounted", "late", "late_corrected", "passed_up", "judgement_asked", "concluded", "ordered",
      "order_late", "paused", "pause_ended", "unmerged", "led", "lead_changed", "lead_ended", "lead_late", "met",
      "step_done", "step_dropped", "step_late", "joint_decided", "judgement_corrected"});
  if (told.kind == "extension_decided") {
    const json::value* granted = told.data.if_contains("granted");
    return granted != nullptr && granted->is_bool() && granted->get_bool() ? "extended" : "";
  }
  if (told.kind == "unmasking_decided") {
    const json::value* granted = told.data.if_contains("granted");
    return granted != nullptr && granted->is_bool() && granted->get_bool() ? "unmasked" : "";
  }
  const auto found = std::find(kMoves.begin(), kMoves.end(), told.kind);
  return found == kMoves.end() ? std::string_view() : *found;
}

// Reasons are told; what offices write to each other, and what the resident wrote, is not
// repeated on a page that a receipt alone opens.
bool ShowsText(std::string_view move) { return move == "returned" || move == "sent_up" || move == "extended" || move == "return_decided" || move == "paused"; }

// What was agreed is for those it was agreed with, and not for who finds the receipt of a
// complaint.
bool IsOfLead(std::string_view move) { return move == "led" || move == "met" || move == "step_done"; }

// What the others it concerns said or did is theirs.
bool IsOfOthers(std::string_view move) { return move == "received" || move == "judged" || move == "judgement_corrected" || move == "merged" || move == "unmerged"; }

}  // namespace

void WriteMoves(JsonWriter& w, Names& names, const std::vector<Told>& story, std::optional<Instant> shared_since,
                bool shows_leads) {
  for (const Told& told : story) {
    const std::string_view move = MoveOf(told);
    if (move.empty()) continue;
    if (shared_since && (told.event.at < *shared_since || IsOfOthers(move))) continue;
    w.BeginObject().Field("at", told.event.at).Field("kind", move);
    if (const auto unit = UnitIn(told.data, "from_unit_id")) w.Field("from_unit_name", names.Unit(*unit));
    if (const auto unit = UnitIn(told.data, "to_unit_id")) w.Field("to_unit_name", names.Unit(*unit));
    if (const json::value* text = told.data.if_contains("text");
        text != nullptr && ((!shared_since && ShowsText(move)) || (shows_leads && IsOfLead(move))) && !text->get_string().empty()) {
      w.Field("text", *text);
    }
    w.EndObject();
  }
}

namespace {

// What was answered on another matter while this one was merged into it by mistake.
void WriteMeanwhile(Context& ctx, JsonWriter& w, Names& names, const std::vector<Told>& story) {
  const Told* last = nullptr;
  for (const Told& told : story) {
    if (told.kind == "unmerged") last = &told;
  }
  const json::value* from = last == nullptr ? nullptr : last->data.if_contains("answered_by");
  const json::value* number = last == nullptr ? nullptr : last->data.if_contains("answer_number");
  if (from == nullptr || number == nullptr) return;
  const auto id = ParseUuid(from->as_string());
  const auto answers = id ? AnswersOf(ctx.tx, ctx.county, MatterId(*id)) : std::vector<Given>{};
  const auto index = static_cast<size_t>(number->to_number<int64_t>());
  if (index == 0 || index > answers.size()) return;
  const Given& given = answers[index - 1];
  w.Key("answered_meanwhile").BeginObject().Field("at", given.at).Field("text", given.text);
  w.Field("unit_name", names.Unit(given.unit)).EndObject();
}

void WriteMay(JsonWriter& w, const Matter& matter, For whom, bool may_correct) {
  w.Key("may").BeginArray();
  if (CanJudge(matter).allowed()) w.Value("judgement");
  if (may_correct) w.Value("judgement_correction");
  if (CanAppeal(matter).allowed()) w.Value("appeal");
  if (whom == For::kHousehold && CanHappen(matter.state, Act::kWithdraw).allowed()) w.Value("withdrawal");
  w.EndArray();
}

// That the name is kept apart, who was shown it, and what the office asks.
void WriteShelter(Context& ctx, JsonWriter& w, const Matter& matter, For whom) {
  w.Field("confidential", matter.is_confidential);
  w.Field("may_choose_confidential", !matter.is_anonymous && (whom == For::kHousehold || !matter.is_confidential));
  if (whom == For::kHousehold) WriteLooks(ctx, w, matter);
  WriteRelays(ctx, w, matter.id, false);
}

}  // namespace

http::Response Status(Context& ctx, const Matter& matter, For whom, int status) {
  Names names(ctx);
  const Matter followed = RootOf(ctx, matter);
  const auto all = MembersOf(ctx, followed);
  const bool is_shared = all.size() > 1;
  const Member self = OpenerOf(ctx, matter);
  const bool is_own = Uuid(followed.id) == Uuid(matter.id);
  JsonWriter w = ctx.Writer();
  w.BeginObject();
  if (whom == For::kHousehold) w.Field("id", matter.id).Field("channel", matter.channel).Field("text", matter.text);
  w.Field("receipt", matter.receipt).Field("kind", matter.kind);
  if (whom == For::kHousehold || !matter.is_protected) w.Field("title", matter.Title());
  w.Field("state", StateName(self.left_at ? State::kWithdrawn : followed.state));
  w.Field("held_by", names.Unit(followed.owner_unit));
  if (const auto unit = org::FindUnit(ctx.tx, ctx.county, followed.owner_unit); unit && !unit->phone.empty()) {
    w.Field("held_by_phone", unit->phone);
  }
  w.Field("received_at", matter.received_at).Key("due_at").Value(followed.due_at);
  w.Field("late", followed.IsLate(ctx.now)).Field("moves", matter.moves).Field("bounces", matter.bounces);
  const auto story = StoryOf(ctx, matter.id);
  w.Key("journey").BeginArray();
  const bool shows_leads = whom == For::kHousehold || !matter.is_protected;
  WriteMoves(w, names, story, {}, shows_leads);
  if (!is_own) WriteMoves(w, names, StoryOf(ctx, followed.id), matter.closed_at);
  w.EndArray();
  if (const auto clock = RunningClock(ClocksOf(ctx.tx, ctx.county, followed.id))) {
    w.Key("clock");
    WriteClock(w, *clock, ctx.now);
  }
  if (shows_leads && IsOpen(followed.state)) WriteLeadForResident(ctx, w, followed);
  w.Key("asks").BeginArray();
  for (const Ask& ask : AsksOf(ctx.tx, ctx.county, matter.id)) WriteAsk(w, names, ask);
  w.EndArray();
  w.Key("extensions").BeginArray();
  for (const Request& request : RequestsOf(ctx.tx, ctx.county, followed.id)) {
    const bool is_granted = request.is_granted.value_or(false);
    if (request.kind == "extension" && is_granted) WriteExtension(w, names, request, false);
  }
  w.EndArray();
  // Of an answer given to somebody else's matter too only the text is this one's.
  if (const auto answers = AnswersOf(ctx.tx, ctx.county, followed.id); !answers.empty() && followed.answered_at) {
    const Given& last = answers.back();
    w.Key("answer").BeginObject().Field("at", last.at).Field("text", last.text);
    if (whom == For::kHousehold && is_own) WritePictureIds(w, last);
    w.Field("unit_name", names.Unit(last.unit)).RawField("asks", is_own ? std::string_view(last.asks) : "[]").EndObject();
  }
  // Of several each is shown their own word.
  if (is_shared) {
    WriteWordOf(w, self);
  } else {
    for (auto told = story.rbegin(); told != story.rend(); ++told) {
      if (told->kind != "judged" && told->kind != "judgement_corrected") continue;
      w.Key("judgement");
      WriteJudgement(w, *told, JudgementFor::kReader);
      break;
    }
  }
  WriteMeanwhile(ctx, w, names, story);
  WriteConclusion(ctx, w, names, followed, false);
  if (followed.judge_due_at) w.Field("judge_until", LocalDate(*followed.judge_due_at, ctx.zone));
  WriteShelter(ctx, w, matter, whom);
  if (whom == For::kHousehold) {
    WritePictures(ctx, w, "attachments", matter.id);
    // A number passed from hand to hand would say whose matter it is.
    const bool is_open_to_others = !matter.is_protected && !matter.is_confidential && CanHappen(matter.state, Act::kJoin).allowed();
    w.Field("may_open_joining", is_own && !self.left_at && is_open_to_others);
  }
  WriteShared(ctx, w, followed, all, self, whom);
  if (is_shared || !is_own) WriteMayOf(w, followed, self, whom);
  else WriteMay(w, matter, whom, CanCorrect(ctx, matter, story).allowed());
  w.EndObject();
  return JsonReply(status, w);
}

void WriteMySummary(Context& ctx, JsonWriter& w, Names& names, const Matter& own) {
  const Matter matter = RootOf(ctx, own);
  const Member self = OpenerOf(ctx, own);
  w.BeginObject()
      .Field("id", own.id)
      .Field("receipt", own.receipt)
      .Field("kind", own.kind)
      .Field("title", own.Title())
      .Field("state", StateName(self.left_at ? State::kWithdrawn : matter.state))
      .Field("held_by", names.Unit(matter.owner_unit))
      .Field("received_at", own.received_at)
      .OptField("due_at", matter.due_at)
      .Field("late", matter.IsLate(ctx.now))
      .Field("moves", matter.moves);
  if (own.merged_into || self.left_at || self.judged_at) WriteMayOf(w, matter, self, For::kHousehold);
  else WriteMay(w, matter, For::kHousehold, false);
  w.EndObject();
}

}  // namespace huiyin::matters
