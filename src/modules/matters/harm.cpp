// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/harm.h"

#include "modules/matters/identities.h"
#include "modules/matters/store_harm.h"
#include "modules/matters/story.h"
#include "modules/matters/word.h"
#include "modules/org/org.h"
#include "modules/terms/terms.h"

namespace huiyin::matters {
namespace {

constexpr std::array<std::string_view, 2> kGrounds = {"child", "home"};
// Where a county has struck the rule out, the law still stands.
constexpr std::string_view kChildArticle = "《中华人民共和国未成年人保护法》第十一条";
constexpr std::string_view kHomeArticle = "《中华人民共和国反家庭暴力法》第十四条";

void SetTerm(Context& ctx, const Matter& matter, HarmReport& report) {
  const auto held = terms::Of(ctx.tx, ctx.county);
  const std::string step = "report_" + report.ground;
  const terms::Rule* rule = terms::Choose(held->rules, {.step = step, .kind = matter.kind, .category = matter.category,
                                                        .channel = matter.channel, .region = matter.area, .on = ctx.Today()});
  report.article = rule != nullptr ? rule->article : report.ground == "child" ? kChildArticle : kHomeArticle;
  if (rule == nullptr) return;
  report.rule = rule->key;
  report.due_at = terms::DueAt(*rule, ctx.now, held->calendar, ctx.zone).due;
}

bool IsUnits(const Actor& actor, const HarmReport& report) { return actor.BelongsTo(report.to_unit); }

// Of the unit it went to, who made it, or the auditor: for a complaint only one who may know.
bool MayReadReport(Context& ctx, const HarmReport& report, const std::optional<Matter>& matter) {
  const bool is_own = IsUnits(ctx.actor, report) || Uuid(report.made_by) == Uuid(ctx.actor.officer);
  if (is_own) return May(ctx.actor, Action::kReportsRead, {.area = report.area, .is_own = true}) == Decision::kAllowed;
  if (!matter) return false;
  return May(ctx.actor, Action::kReportsRead, ResourceOf(*matter, false)) == Decision::kAllowed;
}

// Those who must act; who passes it on learns no name by doing so.
bool SeesWho(Context& ctx, const HarmReport& report, const Matter& matter) {
  if (matter.is_anonymous) return false;
  if (IsUnits(ctx.actor, report)) return true;
  return matter.is_confidential ? MayName(ctx, ctx.actor, matter) : MayRead(ctx, matter);
}

void WriteWho(Context& ctx, JsonWriter& w, const Matter& matter) {
  const Identity who = WhoAsked(ctx, matter);
  Names names(ctx);
  w.Key("who").BeginObject();
  if (who.household) {
    if (const auto& household = names.Household(*who.household)) {
      w.Field("register_number", household->register_number).Field("head_name", household->head_name);
    }
  }
  if (who.resident) w.Field("resident_name", ResidentName(ctx, *who.resident));
  if (!who.contact.empty()) w.RawField("contact", who.contact);
  if (!who.area.empty()) w.Field("area_name", names.Area(who.area));
  w.EndObject();
}

// `is_whole`: by itself; who asked is shown only where it was opened, which is written down.
void Write(Context& ctx, JsonWriter& w, Names& names, const HarmReport& r, const std::optional<Matter>& matter, bool is_whole, bool shows_who = false) {
  w.BeginObject().Field("id", r.id).Field("state", r.taken_at ? "taken" : "made").Field("ground", r.ground);
  w.Field("article", r.article).Field("area_name", names.Area(r.area)).Field("unit_name", names.Unit(r.to_unit));
  w.Field("made_by", names.Officer(r.made_by)).Field("made_by_unit_name", names.Unit(r.made_by_unit)).Field("made_at", r.made_at);
  w.OptField("due_at", r.due_at).Field("late", r.due_at && !r.taken_at && *r.due_at < ctx.now);
  if (r.taken_by) w.Field("taken_by", names.Officer(*r.taken_by));
  w.OptField("taken_at", r.taken_at).Field("names_who", r.names_who);
  if (is_whole) {
    w.Field("text", r.text);
    if (shows_who && r.names_who && matter && SeesWho(ctx, r, *matter)) WriteWho(ctx, w, *matter);
  }
  if (matter && MayRead(ctx, *matter)) {
    w.Field("matter_id", matter->id).Field("matter_receipt", matter->receipt).Field("told", r.is_told);
    if (!r.not_told_reason.empty()) w.Field("not_told_reason", r.not_told_reason);
  }
  w.Key("may").BeginArray();
  if (!r.taken_at && IsUnits(ctx.actor, r)) w.Value("taken");
  w.EndArray().EndObject();
}

http::Response Reply(Context& ctx, const HarmReport& report, int status, bool shows_who = false) {
  const auto matter = FindMatter(ctx.tx, ctx.county, report.matter);
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  Write(ctx, w, names, report, matter, true, shows_who);
  return JsonReply(status, w);
}

HarmReport Get(Context& ctx) {
  auto report = FindHarmReport(ctx.tx, ctx.county, ctx.PathId<HarmReportId>());
  if (!report) NotFound();
  if (!MayReadReport(ctx, *report, FindMatter(ctx.tx, ctx.county, report->matter))) NotFound();
  return std::move(*report);
}

http::Response PostReport(Context& ctx) {
  Seen seen = GetFor(ctx, Verb::kHarmReport);
  Fields in = ctx.Input();
  HarmInput input;
  input.id = in.Ref<HarmReportId>("id");
  input.ground = in.NeedOneOf("ground", kGrounds);
  input.to_unit = in.NeedRef<UnitId>("unit_id");
  input.text = in.NeedText("text", 4000);
  input.names_who = in.Bool("names_who").value_or(false);
  input.is_told = in.Bool("tell_resident").value_or(true);
  input.not_told_reason = in.Text("not_told_reason", 1000).value_or("");
  if (!input.is_told && input.not_told_reason.empty()) in.Refuse("not_told_reason", "required", "whom telling would endanger");
  if (input.names_who && seen.matter.is_anonymous) in.Refuse("names_who", "anonymous");
  in.Done();
  if (input.is_told) input.not_told_reason.clear();
  return Reply(ctx, ReportHarm(ctx, seen.matter, input), 201);
}

http::Response Show(Context& ctx) {
  const HarmReport report = Get(ctx);
  ctx.NoteRead({.act = "harm_report.read", .resource = "harm_report", .resource_id = report.id, .purpose = "matter"});
  return Reply(ctx, report, 200, true);
}

http::Response PostTaken(Context& ctx) {
  HarmReport report = Get(ctx);
  if (!IsUnits(ctx.actor, report)) Forbidden();
  ctx.Input().Done();
  TakeUp(ctx, report);
  return Reply(ctx, report, 201);
}

http::Response List(Context& ctx) {
  const int limit = ctx.QueryLimit();
  Uuid before;
  before.bytes.fill(0xff);
  if (const auto cursor = ctx.Query("cursor", 500)) {
    const auto id = ParseUuid(DecodeCursor(*cursor));
    if (!id) Invalid("cursor", "not_a_cursor");
    before = *id;
  }
  std::vector<HarmReport> found;
  std::set<Uuid> units = {ctx.actor.unit};
  for (const HeldRole& held : ctx.actor.roles) units.insert(held.unit);
  for (const Uuid& unit : units) {
    for (HarmReport& one : HarmReportsTo(ctx.tx, ctx.county, UnitId(unit), before, limit + 1)) found.push_back(std::move(one));
  }
  for (const AreaCode& area : AreasOf(ctx.actor, Action::kReportsRead)) {
    for (HarmReport& one : HarmReportsIn(ctx.tx, ctx.county, area, before, limit + 1)) found.push_back(std::move(one));
  }
  std::sort(found.begin(), found.end(), [](const HarmReport& a, const HarmReport& b) { return Uuid(b.id) < Uuid(a.id); });
  found.erase(std::unique(found.begin(), found.end(), [](const HarmReport& a, const HarmReport& b) { return Uuid(a.id) == Uuid(b.id); }), found.end());
  const bool is_more = found.size() > static_cast<size_t>(limit);
  if (is_more) found.resize(static_cast<size_t>(limit));
  Names names(ctx);
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items").BeginArray();
  for (const HarmReport& one : found) {
    const auto matter = FindMatter(ctx.tx, ctx.county, one.matter);
    if (MayReadReport(ctx, one, matter)) Write(ctx, w, names, one, matter, false);
  }
  w.EndArray().Key("next_cursor");
  if (is_more) w.Value(EncodeCursor(FormatUuid(found.back().id)));
  else w.Null();
  w.EndObject();
  return JsonReply(200, w);
}

}  // namespace

HarmReport ReportHarm(Context& ctx, Matter& matter, const HarmInput& input) {
  const Sha256Hash hash = Sha256(fmt::format("harm\n{}\n{}\n{}\n{}\n{}\n{}\n{}", FormatUuid(matter.id), input.ground,
                                             FormatUuid(input.to_unit), input.names_who, input.is_told, input.not_told_reason, input.text));
  if (input.id) {
    if (auto known = FindHarmReport(ctx.tx, ctx.county, *input.id)) {
      if (known->content_hash != hash) Conflict("duplicate_id");
      return *known;
    }
  }
  const org::Unit unit = org::RequireUnit(ctx.tx, ctx.county, input.to_unit, "unit_id");
  if (matter.about_unit && Uuid(*matter.about_unit) == Uuid(unit.id)) Invalid("unit_id", "unit_complained_about");
  if (!unit.is_active) Invalid("unit_id", "unit_closed");
  HarmReport report;
  report.id = input.id.value_or(ctx.NewId<HarmReportId>());
  report.matter = matter.id;
  report.ground = input.ground;
  report.area = ToTheVillage(matter.area);
  report.to_unit = unit.id;
  report.text = input.text;
  report.names_who = input.names_who;
  report.is_told = input.is_told;
  report.not_told_reason = input.not_told_reason;
  report.made_by = ctx.actor.officer;
  report.made_by_unit = ctx.actor.unit;
  report.made_at = ctx.now;
  report.content_hash = hash;
  SetTerm(ctx, matter, report);
  InsertHarmReport(ctx.tx, ctx.county, report);
  // The ground and the words are in the report alone: the matter's story says that one was made.
  Tell(ctx, matter, "harm_reported", {{"report_id", FormatUuid(report.id)}, {"to_unit_id", FormatUuid(unit.id)}, {"rule", report.rule}});
  SaveMatter(ctx.tx, ctx.county, matter);
  WordOfHarmReport(ctx, matter, report);
  return report;
}

void TakeUp(Context& ctx, HarmReport& report) {
  if (report.taken_at) return;
  report.taken_by = ctx.actor.officer;
  report.taken_at = ctx.now;
  SaveHarmReport(ctx.tx, ctx.county, report);
  ctx.Record("harm_report.taken", "harm_report", report.id, {});
  if (const auto matter = FindMatter(ctx.tx, ctx.county, report.matter)) WordOfHarmTaken(ctx, *matter, report);
}

void WriteReportsOf(Context& ctx, JsonWriter& w, const Matter& matter) {
  Names names(ctx);
  w.Key("harm_reports").BeginArray();
  for (const HarmReport& one : HarmReportsOf(ctx.tx, ctx.county, matter.id)) {
    if (MayReadReport(ctx, one, matter)) Write(ctx, w, names, one, matter, false);
  }
  w.EndArray();
}

std::vector<Route> HarmRoutes() {
  return {
      {.method = "POST", .pattern = "/api/v1/matters/{id}/harm_reports", .action = Action::kReportsMake, .handle = PostReport},
      {.method = "GET", .pattern = "/api/v1/harm_reports", .action = Action::kReportsRead, .handle = List},
      {.method = "GET", .pattern = "/api/v1/harm_reports/{id}", .action = Action::kReportsRead, .handle = Show},
      {.method = "POST", .pattern = "/api/v1/harm_reports/{id}/taken", .action = Action::kReportsRead, .handle = PostTaken},
  };
}

}  // namespace huiyin::matters
