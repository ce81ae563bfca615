// SPDX-License-Identifier: EUPL-1.2
#include "core/problem.h"
#include "modules/households/actions.h"
#include "modules/households/meanwhile.h"
#include "modules/org/org.h"

namespace huiyin::households {
namespace {

PatchWorld WorldOf(Context& ctx, std::span<const CustomField> custom) {
  return {
      .custom = custom,
      .now = ctx.now,
      .new_id = [&ctx] { return NewUuid(ctx.now, ctx.random()); },
      .officer_name = [&ctx](const Uuid& id) -> std::optional<std::string> {
        const auto officer = org::FindOfficer(ctx.tx, ctx.county, OfficerId(id));
        if (!officer || !officer->is_active) return std::nullopt;
        return officer->name;
      },
      .require_unprotected = [&ctx](std::string_view field, std::string_view name) {
        RequireUnprotected(ctx, field, {name});
      },
  };
}

// What is kept beside the document: the columns a household is found by.
void StoreSection(Context& ctx, Household& household, const SectionSpec& section, json::object doc,
                  const std::optional<VisitId>& visit) {
  if (section.name == "residence") {
    const auto take = [&doc](std::string_view name) {
      const json::value* value = doc.if_contains(name);
      std::string text = value != nullptr ? std::string(value->as_string()) : std::string();
      doc.erase(name);
      return text;
    };
    const std::string address = take("address");
    household.phone = take("phone");
    if (address != household.address) {
      DropAddressTerms(ctx.tx, ctx.county, household.id, household.area_code, household.address);
      AddAddressTerms(ctx.tx, ctx.county, household.id, household.area_code, address);
      household.address = address;
    }
    SaveHousehold(ctx.tx, ctx.county, household, ctx.now);
  }
  SaveSection(ctx.tx, ctx.county, household.id, section.name, json::serialize(doc), ctx.now,
              ActorName(ctx, household), visit);
}

}  // namespace

SectionChanged UpdateSection(Context& ctx, const HouseholdId& id, std::string_view name) {
  const SectionSpec* section = FindSection(name);
  if (section == nullptr) NotFound();
  Household household = RequireEdit(ctx, id);
  const int64_t seen = ctx.IfMatch();
  const json::object* base = ctx.body != nullptr ? BaseOf(*ctx.body) : nullptr;
  if (base == nullptr) RequireFresh(ctx, household, seen);
  if (NeedsConsent(org::KnownSettings(ctx.tx, ctx.county), *section)) {
    const auto consent = FindConsent(ctx.tx, ctx.county, id, name);
    if (!consent || consent->withdrawn_at) Conflict("consents.not_given");
  }

  Fields input = ctx.Input();
  const auto visit = input.Ref<VisitId>("visit_id");
  const json::object before = SectionDoc(ctx.tx, ctx.county, household, name);
  const auto custom = input.object().contains("custom") ? CustomFields(ctx.tx, ctx.county, name)
                                                        : std::vector<CustomField>();
  json::object after = ApplyPatch(*section, before, input, WorldOf(ctx, custom));
  input.Done();
  RequireVisit(ctx, id, visit);
  if (base != nullptr && seen != household.revision) {
    if (const auto clashes = Clashes(*ctx.body, *base, before, after); !clashes.empty()) {
      Problem stale = Stale(ctx, household, seen);
      TellClashes(stale, clashes);
      throw stale;
    }
  }

  KeepSection(ctx, household, *section, before, after, visit);
  return {section->name, std::move(after), household.revision};
}

void KeepSection(Context& ctx, Household& household, const SectionSpec& section, const json::object& before,
                 const json::object& after, const std::optional<VisitId>& visit) {
  const auto diffs = Differences(before, after);
  if (diffs.empty()) return;
  StoreSection(ctx, household, section, after, visit);
  json::object data{{"section", section.name}};
  if (visit) data["visit_id"] = FormatId(ctx.county, *visit);
  // The event names the fields; what they held is with the versions, where it can be erased.
  json::array changed;
  for (const FieldDiff& diff : diffs) changed.emplace_back(diff.field);
  data["fields"] = std::move(changed);
  Changed(ctx, household, "household.section_updated", std::move(data));
  AddVersion(ctx.tx, ctx.actor, ctx.county, household.id,
             {.revision = household.revision, .name = std::string(section.name), .old_doc = json::serialize(before),
              .new_doc = json::serialize(after), .at = ctx.now, .visit = visit});
}

std::string ReadSection(Context& ctx, std::string_view name, std::string_view before, Fields& fields) {
  const SectionSpec* section = FindSection(name);
  if (section == nullptr) {
    fields.Refuse(name, "unknown_section");
    return "{}";
  }
  const auto custom = CustomFields(ctx.tx, ctx.county, name);
  const json::value was = json::parse(before.empty() ? std::string_view("{}") : before);
  return json::serialize(ApplyPatch(*section, was.as_object(), fields, WorldOf(ctx, custom)));
}

std::vector<FieldName> SectionFieldNames() {
  std::vector<FieldName> names;
  for (const SectionSpec& section : Sections()) {
    for (const FieldSpec& field : section.fields) {
      switch (field.type) {
        case FieldType::kText: names.push_back({section.name, field.name, "text"}); break;
        case FieldType::kPhone: names.push_back({section.name, field.name, "phone"}); break;
        case FieldType::kInt: names.push_back({section.name, field.name, "number"}); break;
        case FieldType::kFen: names.push_back({section.name, field.name, "fen"}); break;
        case FieldType::kM2: names.push_back({section.name, field.name, "m2"}); break;
        case FieldType::kFlag: names.push_back({section.name, field.name, "flag"}); break;
        case FieldType::kChoice: names.push_back({section.name, field.name, "choice"}); break;
        case FieldType::kChoices: names.push_back({section.name, field.name, "list"}); break;
        case FieldType::kMeasures:
        case FieldType::kComputed: break;
      }
    }
  }
  return names;
}

}  // namespace huiyin::households
