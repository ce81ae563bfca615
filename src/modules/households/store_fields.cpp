// SPDX-License-Identifier: EUPL-1.2
#include "modules/households/store.h"

namespace huiyin::households {
namespace {

// Households looked at in one call of the sweep: a tick shares the writer with everybody.
constexpr int kSweep = 500;

constexpr db::Sql kFields{"fields.list", R"sql(
  SELECT id, section, name, label_zh, label_en, type, choices FROM custom_fields
   WHERE county = $1 AND (section = $2 OR $2 = '') AND removed_at IS NULL ORDER BY section, id
)sql"};
constexpr db::Sql kFind{"fields.find", R"sql(
  SELECT id, section, name, label_zh, label_en, type, choices FROM custom_fields
   WHERE county = $1 AND id = $2 AND removed_at IS NULL
)sql"};
constexpr db::Sql kInsert{"fields.insert", R"sql(
  INSERT INTO custom_fields (county, id, section, name, label_zh, label_en, type, choices, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};
constexpr db::Sql kRemove{"fields.remove", R"sql(
  UPDATE custom_fields SET removed_at = $3 WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kRemoved{"fields.removed", R"sql(
  SELECT id, section, name, erased_until FROM custom_fields
   WHERE county = $1 AND removed_at IS NOT NULL ORDER BY id LIMIT 1
)sql"};
constexpr db::Sql kNextHouseholds{"fields.next_households", R"sql(
  SELECT id FROM households WHERE county = $1 AND id > $2 ORDER BY id LIMIT $3
)sql"};
constexpr db::Sql kEraseUntil{"fields.erase_until", R"sql(
  UPDATE custom_fields SET erased_until = $3 WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kForget{"fields.forget", R"sql(
  DELETE FROM custom_fields WHERE county = $1 AND id = $2
)sql"};
constexpr db::Sql kDoc{"fields.doc", R"sql(
  SELECT doc FROM household_sections WHERE county = $1 AND household_id = $2 AND name = $3
)sql"};
constexpr db::Sql kSaveDoc{"fields.save_doc", R"sql(
  UPDATE household_sections SET doc = $4 WHERE county = $1 AND household_id = $2 AND name = $3
)sql"};
constexpr db::Sql kVersions{"fields.versions", R"sql(
  SELECT revision, old_doc, new_doc FROM section_versions WHERE county = $1 AND household_id = $2 AND name = $3
)sql"};
constexpr db::Sql kSaveVersion{"fields.save_version", R"sql(
  UPDATE section_versions SET old_doc = $5, new_doc = $6
   WHERE county = $1 AND household_id = $2 AND name = $3 AND revision = $4
)sql"};

CustomField ReadField(const db::Row& row) {
  return {row.Ref<FieldId>(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Text(6)};
}

// The document without the field; absent when it did not have it.
std::optional<std::string> Without(std::string_view doc, std::string_view field) {
  json::value value = json::parse(doc);
  json::value* custom = value.as_object().if_contains("custom");
  if (custom == nullptr || !custom->is_object() || custom->get_object().erase(field) == 0) return std::nullopt;
  if (custom->get_object().empty()) value.as_object().erase("custom");
  return json::serialize(value);
}

void EraseIn(db::Tx& tx, County county, const HouseholdId& household, std::string_view section,
             std::string_view field) {
  const auto doc = tx.One(kDoc, [](const db::Row& row) { return row.Text(0); }, county, household, section);
  if (!doc) return;
  if (const auto less = Without(*doc, field)) tx.Run(kSaveDoc, county, household, section, *less);
  struct Docs {
    int64_t revision;
    std::string before, after;
  };
  for (const Docs& v : tx.All(kVersions, [](const db::Row& row) { return Docs{row.Int(0), row.Text(1), row.Text(2)}; },
                              county, household, section)) {
    const auto before = Without(v.before, field);
    const auto after = Without(v.after, field);
    if (!before && !after) continue;
    tx.Run(kSaveVersion, county, household, section, v.revision, before.value_or(v.before), after.value_or(v.after));
  }
}

}  // namespace

std::vector<CustomField> CustomFields(db::Tx& tx, County county, std::string_view section) {
  return tx.All(kFields, ReadField, county, section);
}

void InsertCustomField(db::Tx& tx, County county, const CustomField& f, Instant now) {
  tx.Run(kInsert, county, f.id, f.section, f.name, f.label_zh, f.label_en, f.type, f.choices, now);
}

std::optional<CustomField> FindCustomField(db::Tx& tx, County county, const FieldId& id) {
  return tx.One(kFind, ReadField, county, id);
}

void RemoveCustomField(db::Tx& tx, County county, const FieldId& id, Instant now) { tx.Run(kRemove, county, id, now); }

void EraseRemovedFields(db::Tx& tx, County county) {
  struct Removed {
    FieldId id;
    std::string section, name, until;
  };
  const auto removed = tx.One(kRemoved, [](const db::Row& row) {
    return Removed{row.Ref<FieldId>(0), row.Text(1), row.Text(2), row.Text(3)};
  }, county);
  if (!removed) return;
  const std::string from = removed->until.empty() ? std::string(16, '\0') : removed->until;
  const auto next = tx.All(kNextHouseholds, [](const db::Row& row) { return row.Ref<HouseholdId>(0); }, county,
                           db::Blob{from}, kSweep);
  for (const HouseholdId& household : next) EraseIn(tx, county, household, removed->section, removed->name);
  if (next.size() < kSweep) tx.Run(kForget, county, removed->id);
  else tx.Run(kEraseUntil, county, removed->id, next.back());
}

}  // namespace huiyin::households
