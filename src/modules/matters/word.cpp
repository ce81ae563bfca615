// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/word.h"

#include "modules/identity/identity.h"
#include "modules/matters/callbacks.h"
#include "modules/matters/harm.h"
#include "modules/matters/identities.h"
#include "modules/matters/matters.h"
#include "modules/matters/members.h"
#include "modules/matters/relay.h"
#include "modules/matters/store.h"
#include "modules/matters/ties.h"
#include "modules/org/org.h"
#include "modules/outbox/outbox.h"

namespace huiyin::matters {
namespace {

// How far word of the matter got, for whoever may read it.
http::Response ListMessages(Context& ctx) {
  const Seen seen = GetReadable(ctx, ctx.PathId<MatterId>());
  JsonWriter w = ctx.Writer();
  w.BeginObject().Key("items");
  outbox::WriteMessagesOf(ctx, seen.matter.id, w);
  w.Key("next_cursor").Null().EndObject();
  return JsonReply(200, w);
}

outbox::Letter About(const Matter& matter, std::string_view kind, json::object data) {
  data["receipt"] = matter.receipt;
  data["title"] = matter.Title();
  return {.kind = "matter." + std::string(kind), .data = std::move(data), .matter = matter.id,
          .is_protected = matter.is_protected, .is_confidential = matter.is_confidential};
}

// How one of them is reached: a name kept apart is opened for sending, and for nothing else.
std::pair<std::optional<HouseholdId>, std::string> Reached(Context& ctx, const Matter& root, const Member& member,
                                                           outbox::Letter& letter) {
  letter.is_confidential = false;
  if (!member.is_opener) return {member.household, member.contact};
  const auto own = Uuid(member.matter) == Uuid(root.id) ? std::optional(root) : FindMatter(ctx.tx, ctx.county, member.matter);
  if (!own || !own->is_confidential) return {member.household, member.contact};
  letter.is_confidential = true;
  const Identity who = WhoAsked(ctx, *own);
  return {who.household, who.contact};
}

// Of several each hears of it by their own way, under their own receipt; `shared` is what of
// `paper` is everybody's.
void ToResident(Context& ctx, const Matter& matter, std::string_view kind, const json::object& data,
                const std::string& paper = "", std::string_view shared = "") {
  for (const Member& member : StillIn(MembersOf(ctx, matter))) {
    outbox::Letter letter = About(matter, kind, data);
    const bool is_its_own = member.is_opener && Uuid(member.matter) == Uuid(matter.id);
    letter.paper = is_its_own ? paper : std::string(shared);
    if (!is_its_own) {
      letter.data["receipt"] = member.receipt;
      letter.data["title"] = TitleOf(matter, member);
    }
    const auto [household, contact] = Reached(ctx, matter, member, letter);
    outbox::ToResident(ctx, {household, contact}, letter);
  }
}

// To whom it is given by name, else to the unit.
void ToHolder(Context& ctx, const Matter& matter, const outbox::Letter& letter) {
  if (matter.owner_officer) outbox::ToOfficer(ctx, *matter.owner_officer, letter);
  else outbox::ToUnit(ctx, matter.owner_unit, Role::kHandler, letter);
}

// Who has it, and by when an answer is owed.
json::object Standing(Context& ctx, const Matter& matter) {
  json::object data = {{"unit", org::UnitName(ctx.tx, ctx.county, matter.owner_unit)}};
  if (matter.due_at) data["due"] = FormatInstant(*matter.due_at);
  return data;
}

// The answer as it is printed or read out: the words of the whole, then ask by ask.
std::string Paper(Context& ctx, const Matter& matter, std::string_view text) {
  std::string paper(text);
  const auto add = [&paper](std::string_view between, const std::string& line) {
    if (!line.empty()) paper.append(paper.empty() ? "" : between).append(line);
  };
  for (const Ask& ask : AsksOf(ctx.tx, ctx.county, matter.id)) {
    add("\n\n", ask.text);
    for (const std::string* line : {&ask.answer, &ask.rule, &ask.appeal}) add("\n", *line);
  }
  return paper;
}

}  // namespace

void WordToResidents(Context& ctx, const Matter& matter, std::string_view kind, const json::object& data,
                     const std::string& paper, std::string_view shared) {
  ToResident(ctx, matter, kind, data, paper, shared);
}

void WordOfReceipt(Context& ctx, const Matter& matter) {
  ToResident(ctx, matter, "received", Standing(ctx, matter));
  // Who took it at the counter knows.
  if (ctx.actor.IsOfficer() && Uuid(ctx.actor.unit) == Uuid(matter.owner_unit)) return;
  outbox::ToUnit(ctx, matter.owner_unit, Role::kClerk, About(matter, "received", Standing(ctx, matter)));
}

void WordOfAssignment(Context& ctx, const Matter& matter, const UnitId& to, std::string_view note) {
  json::object data = Standing(ctx, matter);
  data["unit"] = org::UnitName(ctx.tx, ctx.county, to);
  data["text"] = note;
  outbox::ToUnit(ctx, to, Role::kHandler, About(matter, "assigned", data));
}

void WordOfHandling(Context& ctx, const Matter& matter) { ToHolder(ctx, matter, About(matter, "assigned", Standing(ctx, matter))); }

void WordOfAcceptance(Context& ctx, const Matter& matter) { ToResident(ctx, matter, "accepted", Standing(ctx, matter)); }

void WordOfReturn(Context& ctx, const Matter& matter, const UnitId& by, const UnitId& decider, std::string_view reason) {
  const json::object data = {{"unit", org::UnitName(ctx.tx, ctx.county, by)}, {"reason", reason}};
  outbox::ToUnit(ctx, decider, Role::kHandler, About(matter, "returned", data));
}

void WordOfPassingUp(Context& ctx, const Matter& matter, const UnitId& here, const UnitId& to, std::string_view reason) {
  json::object data = Standing(ctx, matter);
  data["unit"] = org::UnitName(ctx.tx, ctx.county, to);
  data["here"] = org::UnitName(ctx.tx, ctx.county, here);
  ToResident(ctx, matter, "sent_up", data);
  data["reason"] = reason;
  outbox::ToUnit(ctx, to, Role::kHandler, About(matter, "sent_up", std::move(data)));
}

void WordOfExtension(Context& ctx, const Matter& matter, std::string_view article, std::string_view reason) {
  json::object data = Standing(ctx, matter);
  data["rule"] = article;
  data["reason"] = reason;
  ToResident(ctx, matter, "extended", std::move(data));
}

void WordOfAnswer(Context& ctx, const Matter& matter, State before, std::string_view text) {
  json::object data = {{"unit", org::UnitName(ctx.tx, ctx.county, matter.owner_unit)}};
  if (matter.judge_due_at) data["until"] = FormatInstant(*matter.judge_due_at);
  const std::string_view kind = matter.state == State::kConcluded ? "concluded" : before == State::kReview ? "reviewed" : "answered";
  ToResident(ctx, matter, kind, data, Paper(ctx, matter, text), text);
}

void WordOfConclusion(Context& ctx, const Matter& matter) {
  ToResident(ctx, matter, "concluded", {{"unit", org::UnitName(ctx.tx, ctx.county, matter.owner_unit)}});
}

void WordOfDraft(Context& ctx, const Matter& matter, const Uuid& draft) {
  outbox::Letter letter = About(matter, "approval", Standing(ctx, matter));
  letter.once = "approval/" + FormatUuid(draft);
  outbox::ToUnit(ctx, matter.owner_unit, Role::kSupervisor, letter);
}

void WordOfDraftSentBack(Context& ctx, const Matter& matter, const OfficerId& to, std::string_view note) {
  json::object data = Standing(ctx, matter);
  data["unit"] = org::UnitName(ctx.tx, ctx.county, ctx.actor.unit);
  data["text"] = note;
  outbox::ToOfficer(ctx, to, About(matter, "draft_sent_back", std::move(data)));
}

void WordOfReopening(Context& ctx, const Matter& matter) {
  outbox::Letter letter = About(matter, "reopened", Standing(ctx, matter));
  // Who is both hears of it once.
  letter.once = fmt::format("reopened/{}/{}", FormatUuid(matter.id), matter.reopened);
  ToHolder(ctx, matter, letter);
  // Under their eye from now on.
  outbox::ToUnit(ctx, matter.owner_unit, Role::kSupervisor, letter);
}

void WordOfAppeal(Context& ctx, const Matter& matter) {
  ToHolder(ctx, matter, About(matter, "appealed", Standing(ctx, matter)));
  ToResident(ctx, matter, "appealed", Standing(ctx, matter));
}

void WordOfMerge(Context& ctx, const Matter& matter, const Matter& into) {
  // Nothing by which the other one could be opened.
  ToResident(ctx, matter, "merged", Standing(ctx, into));
}

void WordOfUnmerge(Context& ctx, const Matter& matter, std::string_view answer) {
  const json::object data = Standing(ctx, matter);
  ToResident(ctx, matter, "unmerged", data, std::string(answer), answer);
  if (!ctx.actor.IsOfficer() || Uuid(ctx.actor.unit) != Uuid(matter.owner_unit)) ToHolder(ctx, matter, About(matter, "unmerged", data));
}

void WordOfJoining(Context& ctx, const Matter& root, const Member& member) {
  outbox::Letter letter = About(root, "joined", Standing(ctx, root));
  letter.data["receipt"] = member.receipt;
  letter.data["title"] = TitleOf(root, member);
  outbox::ToResident(ctx, {member.household, member.contact}, letter);
}

void WordOfSoon(Context& ctx, const Matter& matter, const Clock& clock) {
  outbox::Letter letter = About(matter, "soon", Standing(ctx, matter));
  letter.once = fmt::format("soon/{}/{}", FormatUuid(clock.id), clock.due_at.ms);
  ToHolder(ctx, matter, letter);
}

void WordOfLateness(Context& ctx, const Matter& matter, const Clock& clock) {
  outbox::Letter letter = About(matter, "late", Standing(ctx, matter));
  // Who handles and supervises hears of it once.
  letter.once = fmt::format("late/{}/{}", FormatUuid(clock.id), clock.due_at.ms);
  ToHolder(ctx, matter, letter);
  outbox::ToUnit(ctx, matter.owner_unit, Role::kSupervisor, letter);
  ToResident(ctx, matter, "late", Standing(ctx, matter));
}

void WordOfJudging(Context& ctx, const Matter& matter, const Clock& clock) {
  // Asked once: who is called gets no message besides.
  if (MembersOf(ctx, matter).size() == 1 && IsAskedByCall(matter)) return AskByCall(ctx, matter, clock.due_at);
  ToResident(ctx, matter, "judge", {{"until", FormatInstant(clock.due_at)}});
}

void WordOfRecount(Context& ctx, const Matter& matter, Instant old_due) {
  if (!matter.due_at) return;
  json::object data = Standing(ctx, matter);
  data["old_due"] = FormatInstant(old_due);
  ToHolder(ctx, matter, About(matter, "recounted", data));
  ToResident(ctx, matter, "recounted", std::move(data));
}

namespace {

// `kind` is made, late or answered. An order on a unit's work as such names no matter: those
// are kinds of their own ("order.late" beside "matter.order_late").
outbox::Letter LetterOf(Context& ctx, const Matter* matter, const Order& order, std::string_view kind,
                        const UnitId& unit, std::string_view text) {
  json::object data = {{"unit", org::UnitName(ctx.tx, ctx.county, unit)}, {"due", FormatInstant(order.due_at)}};
  if (!text.empty()) data["text"] = text;
  if (matter == nullptr) return {.kind = "order." + std::string(kind), .data = std::move(data)};
  return About(*matter, kind == "made" ? "order" : fmt::format("order_{}", kind), std::move(data));
}

}  // namespace

void WordOfOrder(Context& ctx, const Matter* matter, const Order& order) {
  const outbox::Letter letter = LetterOf(ctx, matter, order, "made", order.by_unit, order.text);
  if (matter != nullptr && matter->owner_officer) outbox::ToOfficer(ctx, *matter->owner_officer, letter);
  else outbox::ToUnit(ctx, order.to_unit, Role::kHandler, letter);
}

void WordOfLateOrder(Context& ctx, const Matter* matter, const Order& order, const Order* next) {
  outbox::ToUnit(ctx, order.by_unit, Role::kSupervisor, LetterOf(ctx, matter, order, "late", order.to_unit, ""));
  if (matter == nullptr || next == nullptr) return;
  json::object data = {{"unit", org::UnitName(ctx.tx, ctx.county, next->by_unit)}, {"due", FormatInstant(next->due_at)}};
  ToResident(ctx, *matter, "escalated", std::move(data));
}

void WordOfOrderAnswer(Context& ctx, const Matter* matter, const Order& order) {
  const outbox::Letter letter = LetterOf(ctx, matter, order, "answered", order.to_unit, order.answer);
  if (order.by_officer) outbox::ToOfficer(ctx, *order.by_officer, letter);
  else outbox::ToUnit(ctx, order.by_unit, Role::kSupervisor, letter);
}

namespace {

// Those of the small circle whose office it is.
void ToAuditors(Context& ctx, const Matter& matter, const outbox::Letter& letter) {
  for (const OfficerId& id : org::OfficersWith(ctx.tx, ctx.county, Role::kAuditor, matter.area)) {
    const bool is_own = ctx.actor.IsOfficer() && Uuid(ctx.actor.officer) == Uuid(id);
    if (!is_own) outbox::ToOfficer(ctx, id, letter);
  }
}

json::object By(Context& ctx, const UnitId& unit) { return {{"unit", org::UnitName(ctx.tx, ctx.county, unit)}}; }

// Whose window knows a name kept apart: that of whoever wrote it down, else an auditor's.
std::optional<UnitId> KeepersWindow(Context& ctx, const Matter& matter) {
  const auto prints = [&](const OfficerId& id, std::optional<Role> role) -> std::optional<UnitId> {
    const auto officer = org::FindOfficer(ctx.tx, ctx.county, id);
    if (!officer || !officer->is_active) return std::nullopt;
    for (const auto& row : org::RolesOf(ctx.tx, ctx.county, id)) {
      if (role && row.held.role != *role) continue;
      if (GrantOf(row.held.role, Action::kLettersPrint) != Grant::kNo) return row.held.unit;
    }
    return std::nullopt;
  };
  if (matter.first_officer) {
    if (const auto unit = prints(*matter.first_officer, {})) return unit;
  }
  for (const OfficerId& id : org::OfficersWith(ctx.tx, ctx.county, Role::kAuditor, matter.area)) {
    if (const auto unit = prints(id, Role::kAuditor)) return unit;
  }
  return std::nullopt;
}

Secrecy Of(const Matter& matter) {
  return {matter.is_protected || matter.is_confidential, matter.about_officer, matter.about_unit};
}

}  // namespace

void WordOfQuestion(Context& ctx, const Matter& matter, const Relay& relay) {
  outbox::Letter letter = About(matter, "question", By(ctx, relay.unit));
  letter.paper = relay.question;
  const auto [household, contact] = Reached(ctx, matter, OpenerOf(ctx, matter), letter);
  outbox::ToResident(ctx, {household, contact}, letter);
}

void WordOfRelayAnswer(Context& ctx, const Matter& matter, const Relay& relay) {
  outbox::ToOfficer(ctx, relay.asked_by, About(matter, "relay_answer", {{"text", relay.answer}}));
}

void WordOfUnmaskingAsked(Context& ctx, const Matter& matter, const Unmasking& unmasking) {
  json::object data = By(ctx, unmasking.asked_by_unit);
  data["reason"] = unmasking.reason;
  ToAuditors(ctx, matter, About(matter, "unmasking_asked", std::move(data)));
}

void WordOfUnmaskingDecided(Context& ctx, const Matter& matter, const Unmasking& unmasking) {
  json::object data;
  if (unmasking.until) data["until"] = FormatInstant(*unmasking.until);
  if (!unmasking.note.empty()) data["reason"] = unmasking.note;
  outbox::ToOfficer(ctx, unmasking.asked_by, About(matter, unmasking.is_granted.value_or(false) ? "unmasking_granted" : "unmasking_refused", std::move(data)));
}

void WordOfUnmasking(Context& ctx, const Matter& matter, const UnitId& unit, std::string_view reason) {
  json::object data = By(ctx, unit);
  data["reason"] = reason;
  data["at"] = FormatInstant(ctx.now);
  outbox::Letter letter = About(matter, "unmasked", std::move(data));
  const auto [household, contact] = Reached(ctx, matter, OpenerOf(ctx, matter), letter);
  outbox::ToResident(ctx, {household, contact}, letter);
}

void WordOfHarmReport(Context& ctx, const Matter& matter, const HarmReport& report) {
  json::object data = By(ctx, report.made_by_unit);
  data["rule"] = report.article;
  if (report.due_at) data["due"] = FormatInstant(*report.due_at);
  // To those who must act it says nothing of the matter: the report is what they may read.
  outbox::ToUnit(ctx, report.to_unit, Role::kHandler, {.kind = "harm.report", .data = data});
  json::object note = By(ctx, report.to_unit);
  note["rule"] = report.article;
  ToAuditors(ctx, matter, About(matter, "harm_noted", note));
  if (!report.is_told) return;
  outbox::Letter letter = About(matter, "harm_reported", std::move(note));
  const auto [household, contact] = Reached(ctx, matter, OpenerOf(ctx, matter), letter);
  outbox::ToResident(ctx, {household, contact}, letter);
}

void WordOfHarmTaken(Context& ctx, const Matter& matter, const HarmReport& report) {
  outbox::ToOfficer(ctx, report.made_by, About(matter, "harm_taken", By(ctx, report.to_unit)));
}

bool MayNameFor(Context& ctx, const Actor& actor, const MatterId& id) {
  const auto matter = FindMatter(ctx.tx, ctx.county, id);
  return matter && MayName(ctx, actor, *matter);
}

std::vector<Route> WordRoutes() {
  return {{.method = "GET", .pattern = "/api/v1/matters/{id}/messages", .action = Action::kMattersRead, .handle = ListMessages}};
}

bool MayLearnOf(Context& ctx, const Actor& actor, const MatterId& id) {
  const auto matter = FindMatter(ctx.tx, ctx.county, id);
  return matter && MayKnow(actor, *matter);
}

std::optional<Secrecy> SecrecyOf(Context& ctx, const MatterId& id) {
  const auto matter = FindMatter(ctx.tx, ctx.county, id);
  return matter ? std::optional(Of(*matter)) : std::nullopt;
}

Secrecy SecrecyOf(Context& ctx, const json::object& body) {
  // What cannot be read is kept apart rather than shown.
  const auto says = [&](const char* name) {
    const json::value* value = body.if_contains(name);
    return value != nullptr && !value->is_null() && *value != json::value(false) && *value != json::value("");
  };
  const auto named = [&](const char* name) -> std::optional<Uuid> {
    const json::value* value = body.if_contains(name);
    const auto id = value != nullptr && value->is_string() ? ParseId(value->as_string()) : std::nullopt;
    return id ? std::optional(id->id) : std::nullopt;
  };
  // What follows another matter tells of it; after one that is unknown here it may tell of anything.
  if (says("follows")) {
    const json::value& typed = body.at("follows");
    const auto receipt = typed.is_string() ? identity::ReadNumber(typed.as_string()) : std::nullopt;
    const auto before = receipt ? FindByReceipt(ctx.tx, ctx.county, *receipt) : std::nullopt;
    if (!before) return {.is_protected = true, .about_officer = {}, .about_unit = {}};
    if (const Secrecy secrecy = Of(*before); secrecy.is_protected) return secrecy;
  }
  Secrecy secrecy;
  const json::value* kind = body.if_contains("kind");
  const bool is_praise = kind != nullptr && *kind == json::value("praise");
  const bool is_about = says("about_officer_id") || says("about_unit_id") || says("about_text");
  secrecy.is_protected = (is_about && !is_praise) || says("confidential");
  if (!secrecy.is_protected) return secrecy;
  if (const auto id = named("about_officer_id")) secrecy.about_officer = OfficerId(*id);
  if (const auto id = named("about_unit_id")) secrecy.about_unit = UnitId(*id);
  if (secrecy.about_officer && !secrecy.about_unit) {
    const auto officer = org::FindOfficer(ctx.tx, ctx.county, *secrecy.about_officer);
    if (officer) secrecy.about_unit = officer->unit_id;
  }
  return secrecy;
}

std::optional<UnitId> WindowOf(Context& ctx, const MatterId& id) {
  const auto matter = FindMatter(ctx.tx, ctx.county, id);
  if (!matter) return std::nullopt;
  if (matter->is_confidential && !matter->is_protected) return KeepersWindow(ctx, *matter);
  return matter->is_protected ? matter->owner_unit : org::IntakeUnit(ctx.tx, ctx.county, matter->area);
}

}  // namespace huiyin::matters
