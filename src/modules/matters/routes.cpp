// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/actions.h"
#include "modules/matters/alarms.h"
#include "modules/matters/answer_templates.h"
#include "modules/matters/callbacks.h"
#include "modules/matters/categories.h"
#include "modules/matters/causes.h"
#include "modules/matters/clocks.h"
#include "modules/matters/dispatch_list.h"
#include "modules/matters/drafts.h"
#include "modules/matters/duplicates.h"
#include "modules/matters/erase.h"
#include "modules/matters/harm.h"
#include "modules/matters/identities.h"
#include "modules/matters/intake.h"
#include "modules/matters/judgements.h"
#include "modules/matters/joint.h"
#include "modules/matters/leads.h"
#include "modules/matters/open_counts.h"
#include "modules/matters/list.h"
#include "modules/matters/meetings.h"
#include "modules/matters/members.h"
#include "modules/matters/neighbours.h"
#include "modules/matters/orders.h"
#include "modules/matters/pauses.h"
#include "modules/matters/relay.h"
#include "modules/matters/routes_resident.h"
#include "modules/matters/similar.h"
#include "modules/matters/story.h"
#include "modules/matters/views.h"
#include "modules/matters/recount.h"
#include "modules/matters/text_index.h"
#include "modules/matters/wall.h"
#include "modules/matters/word.h"
#include "modules/org/org.h"
#include "platform/attempts.h"

namespace huiyin::matters {
namespace {

// How many matters an address may file in a quiet quarter of an hour before it has to
// slow down: a school or an office shares one.
constexpr int kFreeOfAddress = 30;
constexpr std::array<std::string_view, 5> kAskedBy = {"visit", "counter", "phone", "message", "letter"};

http::Response Create(Context& ctx) {
  if (ctx.actor.IsOfficer()) {
    RequireMay(ctx.actor, Action::kMattersTake, {});
    return OpenAndReply(ctx, ReadOfficersInput(ctx));
  }
  const std::string subject = "addr:matters:" + ctx.request.peer;
  attempts::RequireUnlocked(ctx.tx, ctx.county, subject, ctx.now);
  const Input input = ReadResidentsInput(ctx);
  attempts::Failed(ctx.tx, ctx.county, subject, ctx.now, kFreeOfAddress);
  return OpenAndReply(ctx, input);
}

http::Response Show(Context& ctx) {
  const Seen seen = GetReadable(ctx, ctx.PathId<MatterId>());
  NoteMatterRead(ctx, seen.matter);
  return Story(ctx, seen);
}

http::Response ListEvents(Context& ctx) {
  const Seen seen = GetReadable(ctx, ctx.PathId<MatterId>());
  const auto limit = static_cast<size_t>(ctx.QueryLimit());
  int64_t after = 0;
  if (const auto cursor = ctx.Query("cursor", 500)) {
    const std::string plain = DecodeCursor(*cursor);
    const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), after);
    if (error != std::errc()) Invalid("cursor", "not_a_cursor");
  }
  NoteMatterRead(ctx, seen.matter);
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  const bool shows_grades = SeesGrades(ctx, seen.matter, seen.ties);
  size_t count = 0;
  int64_t last = 0;
  bool is_more = false;
  const bool hides_who = HidesWho(ctx, seen.matter);
  for (const Told& told : StoryOf(ctx, seen.matter.id)) {
    if (told.seq <= after) continue;
    is_more = count == limit;
    if (is_more) break;
    WriteEvent(w, names, told, shows_grades, hides_who);
    last = told.seq;
    ++count;
  }
  w.EndArray().Key("next_cursor");
  if (is_more) w.Value(EncodeCursor(std::to_string(last)));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

http::Response ListAsks(Context& ctx) {
  const Seen seen = GetReadable(ctx, ctx.PathId<MatterId>());
  NoteMatterRead(ctx, seen.matter);
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const Ask& ask : AsksOf(ctx.tx, ctx.county, seen.matter.id)) WriteAsk(w, names, ask);
  w.EndArray().Key("next_cursor").Null().EndObject();
  return JsonReply(200, w);
}

http::Response ListPictures(Context& ctx) {
  const Seen seen = GetReadable(ctx, ctx.PathId<MatterId>());
  NoteMatterRead(ctx, seen.matter);
  JsonWriter w = ctx.Writer();
  w.BeginObject();
  WritePictures(ctx, w, "items", seen.matter.id);
  w.Key("next_cursor").Null().EndObject();
  return JsonReply(200, w);
}

// What was changed since the revision the actor saw: fields edited, and the state.
[[noreturn]] void Stale(Context& ctx, const Matter& matter, int64_t seen_revision) {
  Problem stale(412, "stale");
  json::array changes;
  Names names(ctx);
  for (const Told& told : StoryOf(ctx, matter.id)) {
    const json::value* revision = told.data.if_contains("revision");
    const json::value* fields = told.data.if_contains("changes");
    if (revision == nullptr || fields == nullptr || revision->to_number<int64_t>() <= seen_revision) continue;
    for (const json::value& field : fields->get_array()) {
      json::object change = field.get_object();
      if (HidesWho(ctx, matter)) {
        for (const char* who : {"household_id", "resident_id", "contact", "area_code"}) {
          if (change.at("field").as_string() == who) change.erase("value");
        }
      }
      change["at"] = FormatInstant(told.event.at);
      if (told.event.actor_kind == "officer" && told.event.actor) {
        change["by"] = names.Officer(OfficerId(*told.event.actor));
      }
      changes.push_back(std::move(change));
    }
  }
  changes.push_back(json::object{{"field", "state"}, {"value", StateName(matter.state)}});
  stale.extra["changes"] = std::move(changes);
  stale.extra["revision"] = matter.revision;
  throw stale;
}

Patch ReadPatch(Context& ctx, const Matter& matter) {
  Fields in = ctx.Input();
  Patch patch;
  patch.title = in.Text("title", 100);
  patch.kind = in.OneOf("kind", Kinds());
  if (in.IsNull("category")) patch.category = "";
  if (auto category = in.Text("category", 64)) {
    const auto known = FindCategory(ctx.tx, ctx.county, *category);
    if (!known || !known->is_active) in.Refuse("category", "unknown_category");
    patch.category = std::move(category);
  }
  if (in.Has("area_code")) patch.area = ReadArea(ctx, in, "area_code");
  patch.clears_household = in.IsNull("household_id");
  patch.clears_resident = in.IsNull("resident_id");
  patch.household = in.Ref<HouseholdId>("household_id");
  patch.resident = in.Ref<ResidentId>("resident_id");
  // Who asked not to be named stays unnamed.
  if (matter.is_anonymous || matter.is_confidential) {
    for (const char* name : {"household_id", "resident_id", "contact"}) {
      if (in.Has(name)) in.Refuse(name, matter.is_anonymous ? "anonymous" : "confidential");
    }
    if (matter.is_confidential && patch.area) patch.area = ToTheVillage(*patch.area);
  }
  if (patch.household) {
    const auto household = FindHousehold(ctx, *patch.household);
    if (!household) in.Refuse("household_id", "unknown_reference");
    else RequireHousehold(ctx, *patch.household, "household_id");
  }
  patch.clears_officer = in.IsNull("officer_id");
  patch.officer = in.Ref<OfficerId>("officer_id");
  if (patch.officer) {
    const auto officer = org::FindOfficer(ctx.tx, ctx.county, *patch.officer);
    if (!officer) in.Refuse("officer_id", "unknown_reference");
    else if (Uuid(officer->unit_id) != Uuid(matter.owner_unit)) in.Refuse("officer_id", "not_of_the_unit");
  }
  if (in.Has("contact")) patch.contact = ReadContact(in, "contact");
  if (in.Has("asks")) {
    std::vector<AskEdit> edits;
    in.Each("asks", 50, [&](Fields& ask) { edits.push_back({ask.Ref<AskId>("id"), ask.NeedText("text", 4000)}); });
    patch.asks = std::move(edits);
  }
  in.Done();
  return patch;
}

http::Response Change(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kUpdate);
  const int64_t revision = ctx.IfMatch();
  if (revision != seen.matter.revision) Stale(ctx, seen.matter, revision);
  const Patch patch = ReadPatch(ctx, seen.matter);
  const Ties ties = seen.ties;
  Done done = Update(ctx, std::move(seen), patch);
  return Story(ctx, {std::move(done.matter), ties});
}

http::Response Reply(Context& ctx, const Done& done) { return Standing(ctx, done.matter, done.event); }

http::Response PostAssignment(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kAssignment);
  Fields in = ctx.Input();
  const auto unit = in.NeedRef<UnitId>("unit_id");
  const auto note = in.Text("note", 2000).value_or("");
  in.Done();
  return Reply(ctx, Assign(ctx, std::move(seen), unit, note));
}

http::Response PostAcceptance(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kAcceptance);
  Fields in = ctx.Input();
  const auto officer = in.Ref<OfficerId>("officer_id");
  const auto note = in.Text("note", 2000).value_or("");
  in.Done();
  return Reply(ctx, Accept(ctx, std::move(seen), officer, note));
}

http::Response PostReturn(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kReturn);
  Fields in = ctx.Input();
  const auto reason = in.NeedText("reason", 2000);
  in.Done();
  return Reply(ctx, Return(ctx, std::move(seen), reason));
}

http::Response PostReturnDecision(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kReturnDecision);
  Fields in = ctx.Input();
  const auto agreed = in.Bool("agreed");
  if (!agreed && !in.Has("agreed")) in.Refuse("agreed", "required");
  const auto unit = in.Ref<UnitId>("unit_id");
  const auto note = in.Text("note", 2000).value_or("");
  in.Done();
  return Reply(ctx, DecideReturn(ctx, std::move(seen), *agreed, unit, note));
}

http::Response PostPassingUp(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kPassingUp);
  Fields in = ctx.Input();
  const auto unit = in.Ref<UnitId>("unit_id");
  const auto reason = in.NeedText("reason", 2000);
  in.Done();
  return Reply(ctx, PassUp(ctx, std::move(seen), unit, reason));
}

http::Response PostCoHandlers(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kCoHandlers);
  Fields in = ctx.Input();
  const auto unit = in.NeedRef<UnitId>("unit_id");
  if (!in.Has("ask_ids")) in.Refuse("ask_ids", "required");
  const auto asks = in.References("ask_ids", 50);
  const auto note = in.Text("note", 2000).value_or("");
  in.Done();
  return Reply(ctx, AddCoHandlers(ctx, std::move(seen), unit, asks, note));
}

http::Response PostAnswer(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kAnswer);
  const AnswerInput input = ReadAnswer(ctx);
  return Reply(ctx, Answer(ctx, std::move(seen), input));
}

http::Response PostExtension(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kExtension);
  Fields in = ctx.Input();
  const auto rule = in.NeedText("rule", 64);
  const auto days = in.NeedInt("days", 1, 365);
  const auto reason = in.NeedText("reason", 2000);
  in.Done();
  return Reply(ctx, AskExtension(ctx, std::move(seen), rule, days, reason));
}

http::Response PostExtensionDecision(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kExtensionDecision);
  Fields in = ctx.Input();
  const auto granted = in.Bool("granted");
  if (!granted && !in.Has("granted")) in.Refuse("granted", "required");
  const auto note = in.Text("note", 2000).value_or("");
  in.Done();
  return Reply(ctx, DecideExtension(ctx, std::move(seen), *granted, note));
}

Verdict ReadProxyVerdict(Context& ctx) {
  Fields in = ctx.Input();
  Verdict verdict;
  const auto solved = in.Bool("solved");
  if (!solved && !in.Has("solved")) in.Refuse("solved", "required");
  verdict.solved = solved.value_or(false);
  verdict.rating = in.Int("rating", 1, 5);
  verdict.text = in.Text("text", 4000).value_or("");
  verdict.channel = in.NeedOneOf("asked_by_channel", kAskedBy);
  verdict.treated = in.Int("treated", 1, 5);
  in.Done();
  return verdict;
}

http::Response PostJudgement(Context& ctx) {
  const Seen seen = GetFor(ctx, Verb::kJudgement);
  const Verdict verdict = ReadProxyVerdict(ctx);
  Require(CanJudge(seen.matter));
  return Reply(ctx, JudgeAs(ctx, OpenerOf(ctx, seen.matter), verdict));
}

http::Response PostCorrection(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kCorrection);
  return Reply(ctx, CorrectJudgement(ctx, std::move(seen.matter), ReadProxyVerdict(ctx)));
}

http::Response PostAppeal(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kAppeal);
  Fields in = ctx.Input();
  const auto reason = in.NeedText("reason", 8000);
  in.Done();
  return Reply(ctx, Appeal(ctx, std::move(seen.matter), reason));
}

http::Response PostWithdrawal(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kWithdrawal);
  Fields in = ctx.Input();
  const auto reason = in.NeedText("reason", 2000);
  if (in.Bool("by_resident") != true) in.Refuse("by_resident", "required", "only the resident withdraws");
  in.Done();
  Require(CanHappen(seen.matter.state, Act::kWithdraw));
  return Reply(ctx, LeaveAs(ctx, OpenerOf(ctx, seen.matter), reason));
}

http::Response PostReminder(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kReminder);
  Fields in = ctx.Input();
  const auto note = in.NeedText("note", 4000);
  in.Done();
  return Reply(ctx, Remind(ctx, std::move(seen), note));
}

http::Response PostNote(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kNote);
  Fields in = ctx.Input();
  const auto text = in.NeedText("text", 8000);
  const bool is_contact = in.Bool("contact").value_or(false);
  in.Done();
  return Reply(ctx, Note(ctx, std::move(seen), text, is_contact));
}

http::Response PostMerge(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kMerge);
  Fields in = ctx.Input();
  const auto into = in.NeedRef<MatterId>("into_id");
  in.Done();
  return Reply(ctx, Merge(ctx, std::move(seen), into));
}

std::vector<Route> OfficerRoutes() {
  const auto post = [](std::string_view pattern, Action action, http::Response (*handle)(Context&)) {
    return Route{.method = "POST", .pattern = pattern, .action = action, .handle = handle};
  };
  return {
      {.method = "POST", .pattern = "/api/v1/matters", .session = Session::kOptional, .action = Action::kMattersTake, .handle = Create, .may_wait = true},
      {.method = "GET", .pattern = "/api/v1/matters", .action = Action::kMattersRead, .handle = ListMatters},
      {.method = "GET", .pattern = "/api/v1/matters/similar", .action = Action::kMattersTake, .handle = ListSimilar},
      {.method = "GET", .pattern = "/api/v1/matters/{id}", .action = Action::kMattersRead, .handle = Show},
      {.method = "PATCH", .pattern = "/api/v1/matters/{id}", .action = Action::kMattersRoute, .handle = Change},
      {.method = "GET", .pattern = "/api/v1/matters/{id}/events", .action = Action::kMattersRead, .handle = ListEvents},
      {.method = "GET", .pattern = "/api/v1/matters/{id}/asks", .action = Action::kMattersRead, .handle = ListAsks},
      {.method = "GET", .pattern = "/api/v1/matters/{id}/attachments", .action = Action::kMattersRead, .handle = ListPictures},
      post("/api/v1/matters/{id}/assignment", Action::kMattersRoute, PostAssignment),
      post("/api/v1/matters/{id}/acceptance", Action::kMattersHandle, PostAcceptance),
      post("/api/v1/matters/{id}/return", Action::kMattersHandle, PostReturn),
      post("/api/v1/matters/{id}/return_decision", Action::kMattersDecide, PostReturnDecision),
      post("/api/v1/matters/{id}/passing_up", Action::kMattersHandle, PostPassingUp),
      post("/api/v1/matters/{id}/co_handlers", Action::kMattersRoute, PostCoHandlers),
      post("/api/v1/matters/{id}/answer", Action::kMattersHandle, PostAnswer),
      post("/api/v1/matters/{id}/extension", Action::kMattersHandle, PostExtension),
      post("/api/v1/matters/{id}/extension_decision", Action::kMattersDecide, PostExtensionDecision),
      {.method = "POST", .pattern = "/api/v1/matters/{id}/judgement", .action = Action::kMattersJudge, .handle = PostJudgement, .may_wait = true},
      post("/api/v1/matters/{id}/judgement_correction", Action::kMattersJudge, PostCorrection),
      post("/api/v1/matters/{id}/appeal", Action::kMattersTake, PostAppeal),
      post("/api/v1/matters/{id}/withdrawal", Action::kMattersJudge, PostWithdrawal),
      post("/api/v1/matters/{id}/reminder", Action::kMattersSupervise, PostReminder),
      post("/api/v1/matters/{id}/note", Action::kMattersRead, PostNote),
      post("/api/v1/matters/{id}/merge", Action::kMattersRoute, PostMerge),
      {.method = "GET", .pattern = "/api/v1/wall", .action = Action::kWallRead, .handle = ShowWall, .reads = Reads::kMayLag},
      {.method = "GET", .pattern = "/api/v1/indicators", .action = Action::kWallRead, .handle = ListIndicators,
       .reads = Reads::kMayLag},
  };
}

}  // namespace

Module Describe() {
  // Once a process, however often modules are described.
  static const bool listens = (terms::OnCalendarChange(RecountAll), terms::OnRunningAsked(RunningUnder), true);
  (void)listens;
  constexpr int kIndexedATick = 200;
  constexpr int kComparedATick = 5;
  Module module{.name = "matters",
                .routes = OfficerRoutes(),
                .ticks = {[](Context& ctx) { IndexWhatIsMissing(ctx.tx, ctx.county, kIndexedATick); },
                          [](Context& ctx) { CountFirstTime(ctx.tx, ctx.county); },
                          [](Context& ctx) { FoldOpenCounts(ctx.tx, ctx.county, StartOfDay(ctx.Today(), ctx.zone)); },
                          [](Context& ctx) { CompareFirstTime(ctx.tx, ctx.county); },
                          [](Context& ctx) { CountCausesFirstTime(ctx.tx, ctx.county); },
                          [](Context& ctx) { CompareSome(ctx, kComparedATick); }},
                .due = {{RunAlarms, PostponeFirst}, {MaskAgain, PostponeMasking}},
                .nights = {ForgetClosedPairs(), Recount()},
                .retained = KeptForATime()};
  for (auto& routes : {CategoryRoutes(), ResidentRoutes(), OrderRoutes(), PauseRoutes(), WordRoutes(), MemberRoutes(), MembershipRoutes(),
                       DuplicateRoutes(), CauseRoutes(), DraftRoutes(), CallbackRoutes(), JudgementRoutes(),
                       DispatchListRoutes(), IdentityRoutes(), RelayRoutes(), HarmRoutes(), LeadRoutes(),
                       MeetingRoutes(), JointRoutes(), TemplateRoutes()}) {
    module.routes.insert(module.routes.end(), routes.begin(), routes.end());
  }
  return module;
}

}  // namespace huiyin::matters
