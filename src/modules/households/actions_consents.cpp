// SPDX-License-Identifier: EUPL-1.2
// Consent to the sections that are not needed to find and help a household. Withdrawn, the
// section is erased with all its versions; that it was there, and when it went, stays.
#include "core/problem.h"
#include "modules/households/actions.h"
#include "modules/org/org.h"

namespace huiyin::households {
namespace {

void RequireOptional(Context& ctx, std::string_view name) {
  const SectionSpec* section = FindSection(name);
  if (section == nullptr) NotFound();
  if (!NeedsConsent(org::KnownSettings(ctx.tx, ctx.county), *section)) Invalid("section", "not_optional");
}

// What the household is told the section is for, in the county's words.
org::SectionPurpose PurposeOf(Context& ctx, std::string_view name) {
  for (org::SectionPurpose& purpose : org::Settings(ctx.tx, ctx.county).purposes) {
    if (purpose.section == name) return std::move(purpose);
  }
  return {std::string(name), true, "", ""};
}

}  // namespace

ConsentRow GiveConsent(Context& ctx, Household household, std::string_view name) {
  RequireOptional(ctx, name);
  constexpr std::string_view kHow[] = {"spoken", "written", "online"};
  Fields input = ctx.Input();
  std::string how = input.OneOf("how", kHow).value_or("spoken");
  const auto resident = input.Ref<ResidentId>("resident_id");
  if (resident && !HasResident(ctx.tx, ctx.county, household.id, *resident)) {
    input.Refuse("resident_id", "unknown_reference");
  }
  input.Done();
  if (ctx.actor.IsResident()) how = "online";

  const auto known = FindConsent(ctx.tx, ctx.county, household.id, name);
  if (known && !known->withdrawn_at) return *known;
  const auto purpose = PurposeOf(ctx, name);
  const ConsentRow consent{std::string(name), purpose.purpose_zh, purpose.purpose_en, how,
                           resident ? ResidentName(ctx.tx, ctx.county, *resident) : household.head_name, ctx.now, {}};
  SaveConsent(ctx.tx, ctx.county, household.id, consent);
  Changed(ctx, household, "household.consent_given",
          {{"section", name}, {"how", how}, {"resident_name", consent.resident_name}});
  return consent;
}

void WithdrawConsent(Context& ctx, Household household, std::string_view name) {
  RequireOptional(ctx, name);
  auto consent = FindConsent(ctx.tx, ctx.county, household.id, name);
  if (consent && consent->withdrawn_at) return;
  // A refusal before anything was asked is kept too, so that it is not asked again and again.
  if (!consent) {
    const auto purpose = PurposeOf(ctx, name);
    consent = ConsentRow{std::string(name), purpose.purpose_zh, purpose.purpose_en,
                         ctx.actor.IsResident() ? "online" : "spoken", household.head_name, ctx.now, {}};
  }
  consent->withdrawn_at = ctx.now;
  SaveConsent(ctx.tx, ctx.county, household.id, *consent);
  EraseSection(ctx.tx, ctx.county, household.id, name);
  Changed(ctx, household, "household.consent_withdrawn", {{"section", name}});
}

}  // namespace huiyin::households
