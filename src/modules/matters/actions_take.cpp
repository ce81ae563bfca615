// SPDX-License-Identifier: EUPL-1.2
#include "modules/identity/identity.h"
#include "modules/matters/actions.h"
#include "modules/matters/clocks.h"
#include "modules/matters/conclusion.h"
#include "modules/matters/duplicates.h"
#include "modules/matters/identities.h"
#include "modules/matters/neighbours.h"
#include "modules/matters/story.h"
#include "modules/matters/word.h"
#include "modules/org/org.h"

namespace huiyin::matters {
namespace {

// What makes two sendings of one id the same matter.
Sha256Hash ContentOf(const Context& ctx, const Input& input) {
  const auto id = [](const auto& value) { return value ? FormatUuid(*value) : std::string(); };
  json::array asks(input.asks.begin(), input.asks.end());
  const json::array content = {
      input.channel,       input.kind,       input.text,          input.title,
      std::move(asks),     input.category,   id(input.household), id(input.resident),
      input.area,          id(input.visit),  input.contact,       input.anonymous,
      id(input.about_officer), id(input.about_unit), input.about_text,
      input.first_words_at ? input.first_words_at->ms : 0};
  // Under the key, so that nobody finds the household by trying them all.
  if (input.confidential) return Sha256(KeyedHash(json::serialize(content), ctx.services.field_key));
  return Sha256(json::serialize(content));
}

AreaCode AreaOf(Context& ctx, const Input& input) {
  if (!input.area.empty()) return input.area;
  if (input.household) {
    if (const auto household = FindHousehold(ctx, *input.household)) return household->area;
  }
  if (ctx.actor.IsOfficer()) {
    if (const auto unit = org::FindUnit(ctx.tx, ctx.county, ctx.actor.unit)) return unit->area_code;
  }
  return FormatCounty(ctx.county);
}

UnitId FirstUnit(Context& ctx, const Matter& matter) {
  if (ctx.actor.IsOfficer()) return ctx.actor.unit;
  const auto unit = org::IntakeUnit(ctx.tx, ctx.county, matter.area);
  if (!unit) throw Problem(503, "matters.no_unit");
  return *unit;
}

// A complaint about an officer or a unit is nobody's but the auditor's from its first
// moment: it is not even recorded as received by the window where it was handed in.
void Protect(Context& ctx, const Input& input, Matter& matter) {
  matter.about_officer = input.about_officer;
  matter.about_unit = input.about_unit;
  if (input.about_officer && !matter.about_unit) {
    const auto officer = org::FindOfficer(ctx.tx, ctx.county, *input.about_officer);
    if (officer) matter.about_unit = officer->unit_id;
  }
  matter.about_text = input.about_text;
  // Praise needs no shelter.
  matter.is_protected = (matter.about_unit || !matter.about_text.empty()) && matter.kind != "praise";
  if (!matter.is_protected) return;
  // Somebody known by words alone may work anywhere: not even where it came in sees it.
  matter.owner_unit = UnitForComplaint(ctx, matter.about_unit.value_or(matter.first_unit), matter.about_officer);
  matter.first_unit = matter.owner_unit;
}

void InsertAsks(Context& ctx, const Matter& matter, const Input& input) {
  int64_t position = 0;
  const auto add = [&](const std::string& text) {
    Ask ask;
    ask.id = ctx.NewId<AskId>();
    ask.text = text;
    InsertAsk(ctx.tx, ctx.county, matter.id, ask, ++position);
  };
  if (input.asks.empty()) add(input.text);
  for (const std::string& text : input.asks) add(text);
}

}  // namespace

std::string NewReceipt(db::Tx& tx, Random& random) {
  for (;;) {
    std::string receipt = identity::NewNumber(random);
    if (!ReceiptExists(tx, receipt)) return receipt;
  }
}

UnitId UnitForComplaint(Context& ctx, const UnitId& about_unit, const std::optional<OfficerId>& about_officer) {
  const auto unit = org::FindUnit(ctx.tx, ctx.county, about_unit);
  const std::string county = FormatCounty(ctx.county);
  const AreaCode own = unit ? unit->area_code : county;
  // The level above the unit's; where the installation knows none above the county, another
  // auditor of the county.
  for (AreaCode area = org::ParentOf(own); area.size() >= 2; area = org::ParentOf(area)) {
    const AreaCode at = area.size() < county.size() ? AreaCode(county) : area;
    for (const OfficerId& id : org::OfficersWith(ctx.tx, ctx.county, Role::kAuditor, at)) {
      const auto officer = org::FindOfficer(ctx.tx, ctx.county, id);
      if (!officer || Uuid(officer->unit_id) == Uuid(about_unit)) continue;
      if (about_officer && Uuid(*about_officer) == Uuid(id)) continue;
      return officer->unit_id;
    }
  }
  // Nobody may see it yet: it waits above them until an auditor elsewhere is named.
  return unit && unit->parent_id ? *unit->parent_id : about_unit;
}

Matter Take(Context& ctx, const Input& input, bool& is_new) {
  const Sha256Hash content = ContentOf(ctx, input);
  is_new = false;
  if (input.id) {
    if (auto known = FindMatter(ctx.tx, ctx.county, *input.id)) {
      if (known->content_hash != content) Conflict("duplicate_id");
      return *known;
    }
  }
  is_new = true;
  Matter matter;
  matter.id = input.id ? *input.id : ctx.NewId<MatterId>();
  matter.content_hash = content;
  matter.channel = input.channel;
  const bool is_about = input.about_officer || input.about_unit || !input.about_text.empty();
  matter.kind = !input.kind.empty() ? input.kind : is_about ? "complaint" : "help";
  matter.category = input.category;
  matter.text = input.text;
  matter.subject = input.title;
  matter.is_anonymous = input.anonymous;
  matter.area = AreaOf(ctx, input);
  matter.visit = input.visit;
  if (!input.anonymous) {
    matter.household = input.household;
    matter.resident = input.resident;
    matter.contact = input.contact;
  }
  if (input.confidential) KeepApart(ctx, matter);
  matter.received_at = input.first_words_at.value_or(ctx.now);
  matter.registered_at = ctx.now;
  matter.first_unit = FirstUnit(ctx, matter);
  if (ctx.actor.IsOfficer()) matter.first_officer = ctx.actor.officer;
  matter.owner_unit = matter.first_unit;
  Protect(ctx, input, matter);
  if (!input.receipt.empty() && ReceiptExists(ctx.tx, input.receipt)) Invalid("receipt", "taken");
  matter.receipt = input.receipt.empty() ? NewReceipt(ctx.tx, ctx.random()) : input.receipt;
  StartClock(ctx, matter, "answer", matter.received_at);
  Tell(ctx, matter, "received",
       {{"channel", matter.channel}, {"to_unit_id", FormatUuid(matter.owner_unit)}});
  InsertMatter(ctx.tx, ctx.county, matter);
  InsertAsks(ctx, matter, input);
  if (input.follows) Follow(ctx, matter.id, *input.follows);
  ChangeHold(ctx, matter.id, matter.owner_unit);
  CountMatter(ctx, matter, "matters.received");
  CompareLater(ctx.tx, ctx.county, matter);
  WordOfReceipt(ctx, matter);
  return matter;
}

Opened Open(Context& ctx, const Input& input) {
  bool is_new = false;
  const Matter matter = Take(ctx, input, is_new);
  return {matter.id, matter.receipt, is_new};
}

}  // namespace huiyin::matters
