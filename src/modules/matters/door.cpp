// SPDX-License-Identifier: EUPL-1.2
#include "modules/matters/categories.h"
#include "modules/matters/actions.h"
#include "modules/matters/alarms.h"
#include "modules/matters/clocks.h"
#include "modules/matters/identities.h"
#include "modules/matters/members.h"
#include "modules/matters/views.h"

namespace huiyin::matters {
namespace {

constexpr int kRead = 60;
constexpr size_t kShownOfClosed = 10;

Place FromTheEnd() {
  Place place{{INT64_MAX}, {}};
  place.id.bytes.fill(0xff);
  return place;
}

bool Shows(Context& ctx, const Matter& matter, bool is_paired) {
  if (!MayKnow(ctx.actor, matter)) return false;
  if (May(ctx.actor, Action::kMattersRead, ResourceOf(matter, is_paired)) == Decision::kAllowed) return true;
  return MayRead(ctx, matter);
}

void WriteRecord(Context& ctx, const households::Opened& record, JsonWriter& w) {
  const HouseholdId& household = record.household.id;
  auto matters = ListOfHousehold(ctx.tx, ctx.county, household, FromTheEnd(), kRead, ctx.actor.Has(Role::kAuditor));
  std::stable_partition(matters.begin(), matters.end(), [](const Matter& matter) { return IsOpen(matter.state); });
  const bool is_paired = record.is_related && !matters.empty() && IsPairedWith(ctx, household);
  size_t closed = 0;
  std::erase_if(matters, [&](const Matter& matter) {
    return !Shows(ctx, matter, is_paired) || (!IsOpen(matter.state) && ++closed > kShownOfClosed);
  });
  if (record.along != nullptr && record.along->is_first && std::erase_if(matters, [](const Matter& matter) { return !IsOpen(matter.state); }) > 0) {
    record.along->is_partial = true;
  }
  Names names(ctx);
  names.Know(record.household);
  w.Key("matters").BeginArray();
  WriteSummaries(ctx, w, names, matters, record.along != nullptr);
  w.EndArray();
  WriteMemberships(ctx, w, household);
}

// A disputed field is a matter with a term.
http::Response OpenCorrection(Context& ctx, const households::Correction& correction) {
  Input input;
  if (correction.id) input.id = MatterId(*correction.id);
  input.channel = "web";
  input.kind = "report";
  input.category = "register.correction";
  input.household = correction.household;
  input.area = correction.area_code;
  input.title = correction.section + (correction.field.empty() ? "" : "." + correction.field);
  input.text = correction.text;
  return OpenAndReply(ctx, input);
}

}  // namespace

http::Response OpenAndReply(Context& ctx, const Input& input) {
  bool is_new = false;
  return Standing(ctx, Take(ctx, input, is_new), {});
}

bool IsHandling(Context& ctx, const HouseholdId& household) {
  if (!ctx.actor.IsOfficer()) return false;
  if (HandlesOpenMatterOf(ctx.tx, ctx.county, household, ctx.actor.unit)) return true;
  return std::any_of(ctx.actor.roles.begin(), ctx.actor.roles.end(), [&](const HeldRole& held) {
    return Uuid(held.unit) != Uuid(ctx.actor.unit) && HandlesOpenMatterOf(ctx.tx, ctx.county, household, held.unit);
  });
}

attachments::WriteOfVisit MattersOfVisits(Context& ctx, std::span<const VisitId> visits) {
  return [matters = ListOfVisits(ctx.tx, ctx.county, visits)](const VisitId& visit, JsonWriter& w) {
    w.BeginArray();
    for (const Matter& matter : matters) {
      if (Uuid(*matter.visit) == Uuid(visit)) WriteBrief(w, matter);
    }
    w.EndArray();
  };
}

households::Neighbours Lend() {
  households::Neighbours lent;
  lent.is_related = IsHandling;
  lent.write_record = WriteRecord;
  lent.fill = [](Context& ctx, const households::Lines& lines) {
    for (const OpenCount& open : OpenMattersOf(ctx.tx, ctx.county, lines.households())) {
      lines.Of(open.household, [&](households::Summary& line) {
        line.open_matters += open.open;
        if (open.next_due_at) line.Due(*open.next_due_at, "matter");
      });
    }
  };
  lent.open_correction = OpenCorrection;
  return lent;
}

bool OwnsOpenMatters(db::Tx& tx, County county, const UnitId& unit) { return HasOpenOf(tx, county, unit); }

bool MayKnowOf(Context& ctx, std::string_view resource, const Uuid& id) {
  const auto behind = MatterBehind(ctx.tx, ctx.county, resource, id);
  const auto matter = behind ? FindMatter(ctx.tx, ctx.county, *behind) : std::nullopt;
  return !matter || MayKnow(ctx.actor, *matter);
}

MatterBrief RequireReadable(Context& ctx, const MatterId& id) {
  if (ctx.actor.IsOfficer()) {
    const Seen seen = GetReadable(ctx, id);
    return {seen.matter.id, seen.matter.household, seen.matter.is_protected, IsOpen(seen.matter.state)};
  }
  const auto matter = FindMatter(ctx.tx, ctx.county, id);
  const bool is_theirs = matter && ctx.actor.IsResident() && IsTheirs(ctx, *matter, ctx.actor.household);
  if (!is_theirs) NotFound();
  return {matter->id, matter->household, matter->is_protected, IsOpen(matter->state)};
}

int64_t ArmClocks(Context& ctx) { return ArmMissing(ctx); }

int ActOnClocks(Context& ctx, int limit) { return RunAlarms(ctx, limit); }

bool IsImported(db::Tx& tx, County county, std::string_view external_number) {
  return HasExternal(tx, county, external_number);
}

bool IsCategory(db::Tx& tx, County county, std::string_view code) {
  const auto category = FindCategory(tx, county, code);
  return category && category->is_active;
}

}  // namespace huiyin::matters
