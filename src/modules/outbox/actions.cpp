// SPDX-License-Identifier: EUPL-1.2
#include "modules/outbox/actions.h"

#include <atomic>
#include <stdexcept>

#include "core/log.h"
#include "modules/households/households.h"
#include "modules/org/org.h"
#include "modules/outbox/templates.h"

namespace huiyin::outbox {
namespace {

Neighbours& Known() {
  static Neighbours neighbours;
  return neighbours;
}

// Set again for each database of an installation, also for one that is added while requests are served.
std::atomic<Ways>& Open() {
  static std::atomic<Ways> ways;
  return ways;
}

const Kind& KindOf(const Letter& letter) {
  const Kind* kind = FindKind(letter.kind);
  if (kind == nullptr) throw std::logic_error("there is no kind of message " + letter.kind);
  return *kind;
}

// Only what a template can use is kept.
std::string KeptOf(const Kind& kind, const json::object& data) {
  json::object kept;
  for (const auto& field : data) {
    if (HasField(kind, std::string_view(field.key()))) kept.emplace(field.key(), field.value());
  }
  return json::serialize(kept);
}

Message Begin(Context& ctx, const Letter& letter, std::string_view channel) {
  Message message;
  message.id = ctx.NewId<MessageId>();
  message.kind = letter.kind;
  message.channel = channel;
  message.state = "waiting";
  message.created_at = ctx.now;
  message.matter = letter.matter;
  message.is_protected = letter.is_protected;
  message.is_confidential = letter.is_confidential;
  message.data = KeptOf(KindOf(letter), letter.data);
  message.once = letter.once;
  return message;
}

Actor ActorOf(Context& ctx, const org::Officer& officer) {
  Actor actor;
  actor.kind = Actor::Kind::kOfficer;
  actor.officer = officer.id;
  actor.unit = officer.unit_id;
  for (const auto& row : org::RolesOf(ctx.tx, ctx.county, officer.id)) actor.roles.push_back(row.held);
  return actor;
}

bool MayLearn(Context& ctx, const org::Officer& officer, const Letter& letter) {
  if (!letter.is_protected) return true;
  return letter.matter && Known().may_know && Known().may_know(ctx, ActorOf(ctx, officer), *letter.matter);
}

bool Put(Context& ctx, const OfficerId& to, const Letter& letter) {
  const auto officer = org::FindOfficer(ctx.tx, ctx.county, to);
  if (!officer || !officer->is_active || !MayLearn(ctx, *officer, letter)) return false;
  Message message = Begin(ctx, letter, "inbox");
  message.officer = to;
  message.recipient = "officer:" + FormatUuid(to);
  message.state = "sent";
  message.sent_at = ctx.now;
  Insert(ctx.tx, ctx.county, message);
  return true;
}

// Those who hold the role over exactly this area.
std::vector<OfficerId> Over(Context& ctx, Role role, const AreaCode& area) {
  std::vector<OfficerId> those = org::OfficersWith(ctx.tx, ctx.county, role, area);
  std::erase_if(those, [&](const OfficerId& id) {
    const auto rows = org::RolesOf(ctx.tx, ctx.county, id);
    return std::none_of(rows.begin(), rows.end(), [&](const org::RoleRow& row) {
      return row.held.role == role && row.held.area == area;
    });
  });
  return those;
}

bool PutAll(Context& ctx, const std::vector<OfficerId>& those, const Letter& letter) {
  bool any = false;
  for (const OfficerId& id : those) any = Put(ctx, id, letter) || any;
  return any;
}

// The nearest above the area only: a county's supervisors are not told what a township's are
// there for. The next level is asked where nobody of one can be told.
bool PutNearest(Context& ctx, Role role, const AreaCode& area, const Letter& letter) {
  for (AreaCode at = area; at.size() >= 2; at = org::ParentOf(at)) {
    if (PutAll(ctx, Over(ctx, role, at), letter)) return true;
  }
  return false;
}

bool PutToUnit(Context& ctx, const UnitId& id, Role role, const Letter& letter) {
  const auto unit = org::FindUnit(ctx.tx, ctx.county, id);
  if (!unit) return false;
  if (letter.is_protected) {
    return PutAll(ctx, org::OfficersIn(ctx.tx, ctx.county, id, Role::kAuditor), letter) ||
           PutNearest(ctx, Role::kAuditor, unit->area_code, letter);
  }
  if (PutAll(ctx, org::OfficersIn(ctx.tx, ctx.county, id, role), letter)) return true;
  const bool is_above = role == Role::kSupervisor || role == Role::kLeader;
  if (is_above && PutNearest(ctx, role, unit->area_code, letter)) return true;
  if (!is_above && PutAll(ctx, org::OfficersIn(ctx.tx, ctx.county, id), letter)) return true;
  return PutNearest(ctx, Role::kSupervisor, unit->area_code, letter) ||
         PutNearest(ctx, Role::kLeader, unit->area_code, letter);
}

std::optional<UnitId> WindowOf(Context& ctx, const Resident& to, const Letter& letter) {
  if (letter.matter && Known().window_of) {
    if (auto unit = Known().window_of(ctx, *letter.matter)) return unit;
  }
  // What is protected waits nowhere but with those who handle it, a name kept apart with those who know it.
  if (letter.is_protected || letter.is_confidential) return std::nullopt;
  AreaCode area = FormatCounty(ctx.county);
  if (to.household) {
    if (const auto household = households::FindHousehold(ctx.tx, ctx.county, *to.household)) area = household->area_code;
  }
  return org::IntakeUnit(ctx.tx, ctx.county, area);
}

// Where paper goes and whom to ask for.
std::string PaperAddress(const Contact& contact) {
  return json::serialize(json::object{{"name", contact.name}, {"address", contact.address}, {"phone", contact.phone}});
}

struct Leaving {
  const std::string& recipient;
  const Kind& kind;
  const json::object& data;
  const Contact& contact;
  const std::string& paper;
};

void ByTelephone(Context& ctx, Message& message, const Leaving& out) {
  message.address = Dialable(out.contact.phone);
  message.shown = ShownOf(message.address);
  message.body = SaySms(message.language, out.data);
  message.next_at = out.kind.is_urgent ? ctx.now : AfterQuiet(ctx.now, QuietHoursOf(ctx.tx, ctx.county), ctx.zone);
}

void ByMail(Context& ctx, Message& message, const Leaving& out) {
  message.address = out.contact.email;
  message.shown = ShownOf(message.address);
  const Said said = SayMail(message.language, out.data);
  message.title = said.title;
  message.body = said.text;
  message.next_at = ctx.now;
}

void AtTheWindow(Context& ctx, Message& message, const Leaving& out, const std::optional<UnitId>& unit) {
  message.address = PaperAddress(out.contact);
  message.shown = message.channel == "letter" ? "" : ShownOf(Dialable(out.contact.phone));
  message.unit = unit;
  const Said said = Say(message.language, message.kind, Reader::kResident, out.data, ctx.zone);
  message.title = said.title;
  message.body = out.paper.empty() ? said.text : said.text + "\n\n" + out.paper;
}

void Leave(Context& ctx, const Resident& to, const Letter& letter, const Leaving& out, const std::string& language) {
  const Ways ways = Open().load();
  const Way way = WayTo(out.contact, to.household.has_value(), ways.sms, ways.email);
  if (way == Way::kNone || (way == Way::kWindow && out.kind.is_in_hand)) return;
  constexpr std::string_view kChannels[] = {"", "sms", "email", "letter", "window"};
  Message message = Begin(ctx, letter, kChannels[static_cast<size_t>(way)]);
  message.recipient = out.recipient;
  message.household = to.household;
  message.language = language;
  if (way == Way::kSms) ByTelephone(ctx, message, out);
  else if (way == Way::kEmail) ByMail(ctx, message, out);
  else AtTheWindow(ctx, message, out, WindowOf(ctx, to, letter));
  Insert(ctx.tx, ctx.county, message);
}

}  // namespace

void Connect(Neighbours neighbours) { Known() = std::move(neighbours); }
const Neighbours& TheNeighbours() { return Known(); }
void OpenWays(Ways ways) { Open() = ways; }

QuietHours QuietHoursOf(db::Tx& tx, County county) {
  const org::CountySettings settings = org::Settings(tx, county);
  return {settings.quiet_from, settings.quiet_until};
}

bool MayName(Context& ctx, const Actor& actor, const Message& message) {
  if (!message.is_confidential) return true;
  return message.matter && Known().may_name && Known().may_name(ctx, actor, *message.matter);
}

bool MayKnow(Context& ctx, const Actor& actor, const Message& message) {
  if (!message.is_protected) return true;
  return message.matter && Known().may_know && Known().may_know(ctx, actor, *message.matter);
}

void ToOfficer(Context& ctx, const OfficerId& to, const Letter& letter) {
  KindOf(letter);
  if (!Claim(ctx.tx, ctx.county, letter.once, "officer:" + FormatUuid(to), ctx.now)) return;
  if (Put(ctx, to, letter)) return;
  // Somebody who has left: those who sit where they sat.
  const auto officer = org::FindOfficer(ctx.tx, ctx.county, to);
  if (officer && !officer->is_active) PutToUnit(ctx, officer->unit_id, Role::kHandler, letter);
}

void ToUnit(Context& ctx, const UnitId& unit, Role role, const Letter& letter) {
  KindOf(letter);
  const std::string audience = fmt::format("unit:{}:{}", FormatUuid(unit), RoleName(role));
  if (!Claim(ctx.tx, ctx.county, letter.once, audience, ctx.now)) return;
  if (!PutToUnit(ctx, unit, role, letter)) log::Warn("outbox_nobody_there", {{"kind", letter.kind}});
}

void ToResident(Context& ctx, const Resident& to, const Letter& letter) {
  if (!KindOf(letter).to_residents) throw std::logic_error(letter.kind + " has no words for residents");
  // The members of a collective matter are told one by one.
  const std::string who = "resident:" + (to.household ? FormatUuid(*to.household) : Hex(AsView(Sha256(to.contact))));
  if (!Claim(ctx.tx, ctx.county, letter.once, who, ctx.now)) return;
  const Contact contact = ReadContact(to.contact);
  std::string wanted = contact.language;
  if (wanted.empty() && to.household) wanted = households::LanguageOf(ctx.tx, ctx.county, *to.household);
  const std::string language = LanguageFor(wanted);
  if (to.household) {
    Message message = Begin(ctx, letter, "inbox");
    message.household = to.household;
    message.recipient = who;
    message.language = language;
    message.state = "sent";
    message.sent_at = ctx.now;
    Insert(ctx.tx, ctx.county, message);
  }
  Leave(ctx, to, letter, {who, KindOf(letter), letter.data, contact, letter.paper}, language);
}

bool IsCalled(const Resident& to) {
  const Contact contact = ReadContact(to.contact);
  constexpr std::string_view kMet[] = {"visit", "in_person", "read_out", "none", "web"};
  if (Dialable(contact.phone).empty() || std::find(std::begin(kMet), std::end(kMet), contact.way) != std::end(kMet)) return false;
  const Ways ways = Open().load();
  return WayTo(contact, to.household.has_value(), ways.sms, ways.email) == Way::kWindow;
}

void AskWindow(Context& ctx, const Message& unsent) {
  Message task = unsent;
  task.id = ctx.NewId<MessageId>();
  task.channel = "window";
  task.state = "waiting";
  task.created_at = ctx.now;
  task.next_at.reset();
  task.once = "unsent/" + FormatUuid(unsent.id);
  task.recipient = "resident";
  const bool is_mail = unsent.channel == "email";
  json::object address = {{"name", ""}, {"address", is_mail ? unsent.address : ""}, {"phone", is_mail ? "" : unsent.address}};
  task.address = json::serialize(address);
  task.problem = unsent.channel + "_failed";
  const json::value data = json::parse(unsent.data);
  const Said said = Say(unsent.language, unsent.kind, Reader::kResident, data.as_object(), ctx.zone);
  task.title = said.title;
  task.body = said.text;
  Letter letter;
  letter.kind = unsent.kind;
  letter.matter = unsent.matter;
  letter.is_protected = unsent.is_protected;
  letter.is_confidential = unsent.is_confidential;
  task.unit = WindowOf(ctx, {unsent.household, ""}, letter);
  Insert(ctx.tx, ctx.county, task);
}

}  // namespace huiyin::outbox
