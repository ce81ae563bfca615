// SPDX-License-Identifier: EUPL-1.2
// The ten sections of a household's record and every field in them: one table. What is
// not in it cannot be sent, except fields of the county's own under `custom`.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "modules/org/org.h"

namespace huiyin::households {

enum class FieldType {
  kText,       // `max` characters
  kPhone,      // likewise; digits and the marks people write between them
  kInt,        // `min` to `max`
  kFen,
  kM2,
  kFlag,
  kChoice,     // one of `choices`
  kChoices,    // any of `choices`, each once
  kMeasures,   // the list of what is done for the household
  kComputed,   // made by the server; refused when sent
};

struct FieldSpec {
  std::string_view name;
  FieldType type;
  int64_t min = 0;
  int64_t max = 0;
  std::string_view choices = {};  // separated by spaces
};

struct SectionSpec {
  std::string_view name;
  std::span<const FieldSpec> fields;
  // Sections beyond what is needed to find and help a household are kept only while it
  // consents; what for, the county's settings say.
  bool needs_consent = false;
};
std::span<const SectionSpec> Sections();
// Whether the county keeps the section only with consent: its settings say so, and the
// program where they are silent.
bool NeedsConsent(const org::CountySettings& settings, const SectionSpec& section);
const SectionSpec* FindSection(std::string_view name);

// A field a county added.
struct CustomField {
  FieldId id;
  std::string section;
  std::string name;
  std::string label_zh;
  std::string label_en;
  std::string type;     // text number boolean date choice
  std::string choices;  // JSON: [{code, zh, en}]
};

// What applying a patch may ask about the world.
struct PatchWorld {
  std::span<const CustomField> custom = {};
  Instant now;
  std::function<Uuid()> new_id;
  // The officer's name; absent when there is no such officer.
  std::function<std::optional<std::string>(const Uuid&)> officer_name;
  // Throws when the name is one of a protected category.
  std::function<void(std::string_view field, std::string_view name)> require_unprotected;
};
// The section after the patch: fields left out stay, null empties. Refusals go into
// `patch`; the result means nothing when there are any.
json::object ApplyPatch(const SectionSpec& section, const json::object& before, Fields& patch,
                        const PatchWorld& world);

// One field that differs; null where it is not there.
struct FieldDiff {
  std::string field;
  json::value before;
  json::value after;
};
// In the order of `after`, then what is gone. Custom fields are named "custom.x".
std::vector<FieldDiff> Differences(const json::object& before, const json::object& after);

}  // namespace huiyin::households
