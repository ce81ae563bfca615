// SPDX-License-Identifier: EUPL-1.2
// What matters give to modules beside them: pictures that hang on a matter, and the matters
// of an officer who leaves.
#include "modules/matters/leads.h"
#include "modules/matters/matters.h"
#include "modules/matters/store.h"
#include "modules/matters/story.h"
#include "modules/matters/ties.h"
#include "modules/org/org.h"

namespace huiyin::matters {
namespace {

// A complaint's picture is written down under no household.
std::optional<HouseholdId> Nameable(const Matter& matter) {
  return matter.is_protected ? std::nullopt : matter.household;
}

std::optional<HouseholdId> RequirePictureWritable(Context& ctx, const Uuid& id) {
  const Seen seen = GetReadable(ctx, MatterId(id));
  const Decision decision = MayDo(ctx, seen.matter, seen.ties, Verb::kAttachment);
  if (decision == Decision::kHidden) NotFound();
  if (decision != Decision::kAllowed) Forbidden();
  return Nameable(seen.matter);
}

std::optional<HouseholdId> RequirePictureReadable(Context& ctx, const Uuid& id) {
  const MatterBrief matter = RequireReadable(ctx, MatterId(id));
  return matter.is_protected ? std::nullopt : matter.household;
}

void NotePicture(Context& ctx, const Uuid& id, const AttachmentId& picture) {
  auto matter = FindMatter(ctx.tx, ctx.county, MatterId(id));
  Tell(ctx, *matter, "attachment_added", {{"attachment", FormatUuid(picture)}});
  SaveMatter(ctx.tx, ctx.county, *matter);
}

// The heir, when it is somebody of the owner's unit; a complaint stays with the unit, which
// names the next auditor itself.
std::optional<org::Officer> NextOfficer(Context& ctx, const Matter& matter, const pairings::Heir& heir) {
  if (matter.is_protected) return std::nullopt;
  const auto to = heir(matter.household);
  const auto officer = to ? org::FindOfficer(ctx.tx, ctx.county, *to) : std::nullopt;
  const bool fits = officer && officer->is_active && Uuid(officer->unit_id) == Uuid(matter.owner_unit);
  return fits ? officer : std::nullopt;
}

}  // namespace

attachments::Keeper KeepPictures() {
  return {.require_readable = RequirePictureReadable, .require_writable = RequirePictureWritable, .added = NotePicture};
}

int64_t HandOver(Context& ctx, const OfficerId& from, const pairings::Heir& heir) {
  LeaveLeads(ctx, from);
  int64_t handed = 0;
  for (Matter& matter : OpenOfOfficer(ctx.tx, ctx.county, from)) {
    const auto next = NextOfficer(ctx, matter, heir);
    matter.owner_officer.reset();
    if (next) matter.owner_officer = next->id;
    json::object change{{"field", "owner.officer_name"}};
    if (next) change["value"] = next->name;
    Tell(ctx, matter, "updated", {{"changes", json::array{std::move(change)}}, {"revision", matter.revision + 1}});
    SaveMatter(ctx.tx, ctx.county, matter);
    ++handed;
  }
  return handed;
}

}  // namespace huiyin::matters
