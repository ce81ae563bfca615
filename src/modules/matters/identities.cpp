// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/identities.h"

#include "modules/matters/neighbours.h"
#include "modules/matters/rules.h"
#include "modules/matters/store_identities.h"
#include "modules/matters/story.h"
#include "modules/matters/word.h"
#include "modules/org/org.h"
#include "modules/terms/due_json.h"
#include "modules/terms/terms.h"

namespace huiyin::matters {
namespace {

constexpr size_t kVillage = 12;
// How long a name stays to be seen where no rule of the county's says so.
constexpr int kFallbackDays = 3;

std::string MarkOf(const Context& ctx, const HouseholdId& household) {
  return Hex(KeyedHash("household:" + FormatUuid(household), ctx.services.field_key));
}

void Keep(Context& ctx, const MatterId& matter, const Identity& identity) {
  json::object plain;
  if (identity.household) plain["household"] = FormatUuid(*identity.household);
  if (identity.resident) plain["resident"] = FormatUuid(*identity.resident);
  if (identity.visit) plain["visit"] = FormatUuid(*identity.visit);
  plain["area"] = identity.area;
  plain["contact"] = identity.contact;
  SealedIdentity sealed{.sealed = Seal(json::serialize(plain), ctx.services.field_key, ctx.random()),
                        .has_contact = !identity.contact.empty()};
  if (identity.household) sealed.household_mark = MarkOf(ctx, *identity.household);
  PutSealed(ctx.tx, ctx.county, matter, sealed);
}

template <class IdType>
std::optional<IdType> IdIn(const json::object& plain, std::string_view name) {
  const json::value* value = plain.if_contains(name);
  const auto id = value == nullptr ? std::nullopt : ParseUuid(value->as_string());
  if (!id) return std::nullopt;
  return IdType(*id);
}

std::optional<Identity> Find(const Context& ctx, const MatterId& matter) {
  const auto sealed = FindSealed(ctx.tx, ctx.county, matter);
  const auto plain = sealed ? Unseal(*sealed, ctx.services.field_key) : std::nullopt;
  if (!plain) return std::nullopt;
  const json::value parsed = json::parse(*plain);
  const json::object& fields = parsed.as_object();
  return Identity{.household = IdIn<HouseholdId>(fields, "household"),
                  .resident = IdIn<ResidentId>(fields, "resident"),
                  .visit = IdIn<VisitId>(fields, "visit"),
                  .area = std::string(fields.at("area").as_string()),
                  .contact = std::string(fields.at("contact").as_string())};
}

bool TookItDown(const Actor& actor, const Matter& matter) {
  return matter.first_officer && Uuid(*matter.first_officer) == Uuid(actor.officer);
}

// The one that lasts, of this officer.
std::optional<Unmasking> OpenOf(const Context& ctx, const Actor& actor, const MatterId& matter) {
  for (Unmasking& one : UnmaskingsOf(ctx.tx, ctx.county, matter)) {
    if (Uuid(one.asked_by) == Uuid(actor.officer) && one.IsOpen(ctx.now)) return std::move(one);
  }
  return std::nullopt;
}

// How long it lasts: the county's rule, or three days.
void SetTerm(Context& ctx, const Matter& matter, Unmasking& unmasking) {
  const auto held = terms::Of(ctx.tx, ctx.county);
  const terms::Rule* rule = terms::Choose(held->rules, {.step = "unmask", .kind = matter.kind, .category = matter.category,
                                                        .channel = matter.channel, .region = matter.area, .on = ctx.Today()});
  if (rule == nullptr) {
    unmasking.until = EndOfDay(ctx.Today() + kFallbackDays, ctx.zone);
    return;
  }
  unmasking.rule = rule->key;
  unmasking.article = rule->article;
  unmasking.until = terms::DueAt(*rule, ctx.now, held->calendar, ctx.zone).due;
}

json::object Told(const Unmasking& unmasking, std::string_view text) {
  return {{"unmasking_id", FormatUuid(unmasking.id)}, {"to_unit_id", FormatUuid(unmasking.asked_by_unit)}, {"text", text}};
}

}  // namespace

std::string_view Unmasking::State(Instant now) const {
  if (!decided_at) return "asked";
  if (!is_granted.value_or(false)) return "refused";
  return IsOpen(now) ? "granted" : "ended";
}

AreaCode ToTheVillage(const AreaCode& area) { return area.substr(0, kVillage); }

void KeepApart(Context& ctx, Matter& matter) {
  Keep(ctx, matter.id, {matter.household, matter.resident, matter.visit, matter.area, matter.contact});
  matter.is_confidential = true;
  matter.household.reset();
  matter.resident.reset();
  matter.visit.reset();
  matter.contact.clear();
  matter.area = ToTheVillage(matter.area);
  UnnameOpener(ctx.tx, ctx.county, matter.id);
}

void PutBack(Context& ctx, Matter& matter) {
  const Identity identity = WhoAsked(ctx, matter);
  matter.household = identity.household;
  matter.resident = identity.resident;
  matter.visit = identity.visit;
  matter.contact = identity.contact;
  if (!identity.area.empty() && IsWithin(identity.area, matter.area)) matter.area = identity.area;
  matter.is_confidential = false;
  DropSealed(ctx.tx, ctx.county, matter.id);
}

Done SetConfidential(Context& ctx, Matter matter, bool is_confidential) {
  if (matter.is_anonymous) Conflict("matters.anonymous");
  if (matter.is_confidential == is_confidential) Conflict(is_confidential ? "identities.already" : "identities.not_confidential");
  if (is_confidential) KeepApart(ctx, matter);
  // Told while it is confidential: the event names nobody either way.
  const EventId event = [&] {
    if (is_confidential) return Tell(ctx, matter, "kept_apart");
    const EventId told = Tell(ctx, matter, "named_again");
    PutBack(ctx, matter);
    return told;
  }();
  SaveMatter(ctx.tx, ctx.county, matter);
  return {std::move(matter), event};
}

Identity WhoAsked(Context& ctx, const Matter& matter) {
  if (matter.is_confidential) return Find(ctx, matter.id).value_or(Identity{.area = matter.area});
  return {matter.household, matter.resident, matter.visit, matter.area, matter.contact};
}

bool IsTheirs(Context& ctx, const Matter& matter, const HouseholdId& household) {
  if (matter.is_confidential) return IsMarked(ctx.tx, ctx.county, matter.id, MarkOf(ctx, household));
  return matter.household && Uuid(*matter.household) == Uuid(household);
}

std::vector<Matter> KeptApartOf(Context& ctx, const HouseholdId& household) {
  return OfMark(ctx.tx, ctx.county, MarkOf(ctx, household));
}

bool MayName(Context& ctx, const Actor& actor, const Matter& matter) {
  const bool is_own = TookItDown(actor, matter) || OpenOf(ctx, actor, matter.id).has_value();
  return May(actor, Action::kIdentitiesRead, ResourceOf(matter, is_own)) == Decision::kAllowed;
}

void ForgetContact(Context& ctx, const MatterId& id) {
  auto matter = FindMatter(ctx.tx, ctx.county, id);
  auto identity = Find(ctx, id);
  if (!matter || !identity) return;
  identity->contact.clear();
  Keep(ctx, id, *identity);
  Tell(ctx, *matter, "contact_erased");
  SaveMatter(ctx.tx, ctx.county, *matter);
}

void ForgetWhy(Context& ctx, const MatterId& id) {
  if (auto identity = Find(ctx, id)) {
    identity->contact.clear();
    Keep(ctx, id, *identity);
  }
  DropReasons(ctx.tx, ctx.county, id);
}

Unmasking AskToUnmask(Context& ctx, Matter& matter, const std::optional<UnmaskingId>& id, std::string_view ground,
                      std::string_view reason) {
  const Sha256Hash hash = Sha256(fmt::format("unmask\n{}\n{}\n{}", FormatUuid(matter.id), ground, reason));
  if (id) {
    if (auto known = FindUnmasking(ctx.tx, ctx.county, *id)) {
      if (known->content_hash != hash || Uuid(known->asked_by) != Uuid(ctx.actor.officer)) Conflict("duplicate_id");
      return *known;
    }
  }
  if (!matter.is_confidential) Conflict("identities.not_confidential");
  if (MayName(ctx, ctx.actor, matter)) Conflict("identities.known");
  for (const Unmasking& one : UnmaskingsOf(ctx.tx, ctx.county, matter.id)) {
    if (!one.decided_at && Uuid(one.asked_by) == Uuid(ctx.actor.officer)) Conflict("identities.already_asked");
  }
  Unmasking unmasking;
  unmasking.id = id.value_or(ctx.NewId<UnmaskingId>());
  unmasking.matter = matter.id;
  unmasking.asked_by = ctx.actor.officer;
  unmasking.asked_by_unit = ctx.actor.unit;
  unmasking.ground = ground;
  unmasking.reason = reason;
  unmasking.asked_at = ctx.now;
  unmasking.content_hash = hash;
  InsertUnmasking(ctx.tx, ctx.county, unmasking);
  Tell(ctx, matter, "unmasking_asked", Told(unmasking, reason));
  SaveMatter(ctx.tx, ctx.county, matter);
  WordOfUnmaskingAsked(ctx, matter, unmasking);
  return unmasking;
}

void DecideUnmasking(Context& ctx, Unmasking& unmasking, bool granted, std::string_view note) {
  if (unmasking.decided_at) Conflict("identities.already_decided");
  if (Uuid(unmasking.asked_by) == Uuid(ctx.actor.officer)) Forbidden("identities.own_request");
  auto matter = FindMatter(ctx.tx, ctx.county, unmasking.matter);
  if (!matter) NotFound();
  if (granted && !matter->is_confidential) Conflict("identities.not_confidential");
  unmasking.decided_by = ctx.actor.officer;
  unmasking.decided_at = ctx.now;
  unmasking.is_granted = granted;
  unmasking.note = note;
  if (granted) SetTerm(ctx, *matter, unmasking);
  SaveUnmasking(ctx.tx, ctx.county, unmasking);
  json::object told = Told(unmasking, granted ? unmasking.reason : std::string(note));
  told["granted"] = granted;
  if (unmasking.until) told["due_at"] = FormatInstant(*unmasking.until);
  Tell(ctx, *matter, "unmasking_decided", told);
  SaveMatter(ctx.tx, ctx.county, *matter);
  if (granted) WordOfUnmasking(ctx, *matter, unmasking.asked_by_unit, unmasking.reason);
  WordOfUnmaskingDecided(ctx, *matter, unmasking);
}

void EndUnmasking(Context& ctx, Unmasking& unmasking) {
  if (!unmasking.IsOpen(ctx.now)) Conflict("identities.not_open");
  unmasking.ended_at = ctx.now;
  SaveUnmasking(ctx.tx, ctx.county, unmasking);
  if (auto matter = FindMatter(ctx.tx, ctx.county, unmasking.matter)) {
    Tell(ctx, *matter, "masked_again", Told(unmasking, ""));
    SaveMatter(ctx.tx, ctx.county, *matter);
  }
}

int MaskAgain(Context& ctx, int limit) {
  const auto over = UnmaskingsOver(ctx.tx, ctx.county, ctx.now, limit);
  for (Unmasking unmasking : over) {
    unmasking.ended_at = unmasking.until;
    SaveUnmasking(ctx.tx, ctx.county, unmasking);
    auto matter = FindMatter(ctx.tx, ctx.county, unmasking.matter);
    if (!matter) continue;
    Tell(ctx, *matter, "masked_again", Told(unmasking, ""));
    SaveMatter(ctx.tx, ctx.county, *matter);
  }
  return static_cast<int>(over.size());
}

void PostponeMasking(Context& ctx) {
  // It cannot be seen any more whatever the scheduler does: only the word of it waits.
  for (const Unmasking& first : UnmaskingsOver(ctx.tx, ctx.county, ctx.now, 1)) {
    PostponeMask(ctx.tx, ctx.county, first.id, ctx.now + kHour);
  }
}

Identity LookAt(Context& ctx, Matter& matter, std::string_view reason) {
  if (!matter.is_confidential) Conflict("identities.not_confidential");
  const auto open = OpenOf(ctx, ctx.actor, matter.id);
  const Look look{ctx.now, ctx.actor.officer, ctx.actor.unit, std::string(reason)};
  InsertLook(ctx.tx, ctx.county, matter.id, ctx.NewId<EventId>(), look, open ? std::optional(open->id) : std::nullopt);
  Tell(ctx, matter, "identity_seen", {{"to_unit_id", FormatUuid(ctx.actor.unit)}, {"text", reason}});
  SaveMatter(ctx.tx, ctx.county, matter);
  // Of what was granted they heard then; whoever wrote it down knew before.
  if (!open && !TookItDown(ctx.actor, matter)) WordOfUnmasking(ctx, matter, ctx.actor.unit, reason);
  return WhoAsked(ctx, matter);
}

void WriteLooks(Context& ctx, JsonWriter& w, const Matter& matter) {
  Names names(ctx);
  w.Key("looks").BeginArray();
  for (const Look& look : LooksOf(ctx.tx, ctx.county, matter.id)) {
    w.BeginObject().Field("at", look.at).Field("officer_name", names.Officer(look.officer));
    w.Field("unit_name", names.Unit(look.unit)).Field("reason", look.reason).EndObject();
  }
  w.EndArray().Key("shown_to").BeginArray();
  for (const Unmasking& one : UnmaskingsOf(ctx.tx, ctx.county, matter.id)) {
    if (!one.is_granted.value_or(false)) continue;
    w.BeginObject().Field("at", *one.decided_at).Field("officer_name", names.Officer(one.asked_by));
    w.Field("unit_name", names.Unit(one.asked_by_unit)).Field("reason", one.reason).Field("ground", one.ground);
    w.OptField("until", one.ended_at ? one.ended_at : one.until).EndObject();
  }
  w.EndArray();
}

void WriteUnmaskings(Context& ctx, JsonWriter& w, const Matter& matter) {
  const auto all = UnmaskingsOf(ctx.tx, ctx.county, matter.id);
  Names names(ctx);
  w.Key("unmaskings").BeginArray();
  for (const Unmasking& one : all) WriteUnmasking(ctx, w, names, matter, one);
  w.EndArray();
}

}  // namespace huiyin::matters
