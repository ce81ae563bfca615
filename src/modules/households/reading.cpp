// SPDX-License-Identifier: EUPL-1.2
#include "modules/households/reading.h"

#include "core/problem.h"
#include "core/text.h"
#include "modules/households/record.h"

namespace huiyin::households {
namespace {

constexpr size_t kReasonCharacters = 500;

[[noreturn]] void Refuse(Decision decision) {
  switch (decision) {
    case Decision::kNeedsReason: Forbidden("access.reason_needed");
    case Decision::kForbidden: Forbidden();
    default: NotFound();
  }
}

// A purpose that is not the reader's own opens nothing without a reason, even to those
// who may read for another.
Decision ReasonAtLeast(Decision decision) {
  return decision == Decision::kAllowed ? Decision::kNeedsReason : decision;
}

}  // namespace

ReadRuling DecideRead(const Actor& actor, std::string_view area, const ReadRequest& request) {
  const Resource plain{.area = area};
  const Resource own{.area = area, .is_own = request.is_related};
  if (request.purpose == "intake") {
    const Decision decision = May(actor, Action::kHouseholdsIdentify, own);
    if (decision == Decision::kAllowed) return {decision, Opening::kIdentity};
    return {ReasonAtLeast(May(actor, Action::kHouseholdsRead, plain)), Opening::kIdentity};
  }
  if (request.purpose == "audit") {
    const Decision decision = May(actor, Action::kAuditRead, plain);
    if (decision == Decision::kAllowed) return {decision, Opening::kFull};
    return {ReasonAtLeast(May(actor, Action::kHouseholdsRead, plain)), Opening::kFull};
  }
  if (request.purpose == "other") {
    return {May(actor, Action::kHouseholdsRead,
                {.area = area, .is_own = request.is_related, .has_reason = request.has_reason}),
            Opening::kFull};
  }
  if (request.is_related) return {May(actor, Action::kHouseholdsRead, own), Opening::kFull};
  return {ReasonAtLeast(May(actor, Action::kHouseholdsRead, plain)), Opening::kFull};
}

namespace {

Opening Open(Context& ctx, const Household& household, std::string_view purpose, std::string_view reason,
             std::string_view act, bool is_related) {
  // What is out of reach is not there, whatever else is wrong with the question.
  const Resource widest{.area = household.area_code, .is_own = is_related, .has_reason = true};
  if (May(ctx.actor, Action::kHouseholdsRead, widest) == Decision::kHidden) NotFound();
  if (purpose.empty()) Invalid("purpose", "required", "visit matter intake audit other");
  if (std::find(std::begin(kPurposes), std::end(kPurposes), purpose) == std::end(kPurposes)) {
    Invalid("purpose", "unknown_value", "visit matter intake audit other");
  }
  const ReadRuling ruling =
      DecideRead(ctx.actor, household.area_code, {purpose, purpose == "other" && !reason.empty(), is_related});
  if (purpose == "other" && reason.empty()) Invalid("reason", "required");
  if (ruling.decision != Decision::kAllowed) Refuse(ruling.decision);
  ctx.NoteRead({.act = std::string(act), .resource = "household", .resource_id = household.id,
                .household = household.id, .purpose = std::string(purpose), .reason = std::string(reason)});
  return ruling.opening;
}

}  // namespace

Opening RequireRead(Context& ctx, const Household& household, std::string_view purpose,
                    std::string_view reason, std::string_view act) {
  return Open(ctx, household, purpose, reason, act, IsRelated(ctx, household.id));
}

OpenedRecord OpenRecord(Context& ctx, const HouseholdId& id) {
  auto household = FindHousehold(ctx.tx, ctx.county, id);
  if (!household) NotFound();
  const auto purpose = ctx.Query("purpose");
  const auto reason = ctx.Query("reason", kReasonCharacters);
  const bool is_related = IsRelated(ctx, id);
  const Opening opening =
      Open(ctx, *household, purpose.value_or(""), reason.value_or(""), "household.read", is_related);
  return {std::move(*household), opening, is_related};
}

std::pair<Household, Opening> RequireReadFromQuery(Context& ctx, const HouseholdId& id) {
  OpenedRecord record = OpenRecord(ctx, id);
  return {std::move(record.household), record.opening};
}

Household RequireEditEvenClosed(Context& ctx, const HouseholdId& id) {
  auto household = FindHousehold(ctx.tx, ctx.county, id);
  if (!household) NotFound();
  const bool is_related = IsRelated(ctx, id);
  const std::string reason = ctx.Query("reason", kReasonCharacters).value_or("");
  RequireMay(ctx.actor, Action::kHouseholdsEdit,
             {.area = household->area_code, .is_own = is_related, .has_reason = !reason.empty()});
  // Who changes a record sees it; without a relation the household reads why.
  if (!is_related) {
    ctx.NoteRead({.act = "household.read", .resource = "household", .resource_id = household->id,
                  .household = household->id, .purpose = "other", .reason = reason});
  }
  return std::move(*household);
}

Household RequireEdit(Context& ctx, const HouseholdId& id) {
  // Whoever finds it in lists is told that it is closed, not that they may not: it has no officer any more.
  const auto before = FindHousehold(ctx.tx, ctx.county, id);
  if (before && before->state != "living" && May(ctx.actor, Action::kHouseholdsList, {.area = before->area_code}) == Decision::kAllowed) {
    Conflict("households.closed");
  }
  Household household = RequireEditEvenClosed(ctx, id);
  if (household.state != "living") Conflict("households.closed");
  return household;
}

Household RequireVisible(Context& ctx, const HouseholdId& id) {
  auto household = FindHousehold(ctx.tx, ctx.county, id);
  if (!household) NotFound();
  RequireMay(ctx.actor, Action::kHouseholdsList, {.area = household->area_code, .is_own = IsRelated(ctx, id)});
  return std::move(*household);
}

}  // namespace huiyin::households
